/* Locks inside one client: named, first come first served, held by tasks. protocol.md 4.5, 5.3.
 *
 * A lock is nothing but the requests for it, which stand in one list in the order in which they
 * came; they live in the tasks, so that taking a lock can't fail. Invariants:
 * - of the requests with the same name the first of the list is held, all others wait;
 * - a task has at most one request of each kind, and waits for at most one. */
#ifndef SY_CLIENT_LOCK_H
#define SY_CLIENT_LOCK_H

#include "core/client/dialect.h"

#define SY_LOCK_KIND_COUNT 5

typedef struct sy_lock { /* one request */
    struct sy_lock *next, *previous;
    struct sy_lock_set *set; /* that it is part of */
    struct sy_task *task;    /* whoever asked */
    const sy_schema *schema; /* part of the name: TABLE, ITEM; else NULL */
    sy_str id;               /* part of the name: ITEM, ITEM_ID; else empty. Borrowed */
    uint32_t kind;           /* a sy_lock_kind */
} sy_lock;

typedef struct sy_lock_set { /* what one task holds; zeroed: nothing */
    uint32_t held;           /* sy_lock_kind bits */
    uint32_t waiting;        /* the one waited for; 0: none */
    sy_lock requests[SY_LOCK_KIND_COUNT];
} sy_lock_set;

typedef struct sy_lock_table { /* zeroed: nothing is locked */
    sy_lock *first, *last;
} sy_lock_table;

const char *sy_lock_kind_name(sy_lock_kind kind); /* "action", "item"... */

/* Asks for one lock. true: held now; false: `task` waits until sy_lock_release names it. `id` stays
 * where it is until the release. Not to be called for a kind that the set holds or waits for. */
bool sy_lock_acquire(sy_lock_table *table, sy_lock_set *set, struct sy_task *task,
                     sy_lock_kind kind, const sy_schema *schema, sy_str id);
/* Gives back a lock that is held. Returns the task that holds it now and must be woken; NULL:
 * nobody waited. */
struct sy_task *sy_lock_release(sy_lock_table *table, sy_lock_set *set, sy_lock_kind kind);

#endif
