/* Locks inside one client: named, first come first served, held by tasks. protocol.md 4.5, 5.3. */
#ifndef SY_CLIENT_LOCK_H
#define SY_CLIENT_LOCK_H

#include "core/client/dialect.h"

typedef struct sy_lock sy_lock;

typedef struct sy_lock_set { /* what one task holds */
    uint32_t mask;           /* sy_lock_kind bits */
} sy_lock_set;

typedef struct sy_lock_table {
    sy_alloc alloc;
    sy_lock *active; /* held or waited for */
    sy_lock *spare;
} sy_lock_table;

#endif
