/* The identity port: fresh identities, the one thing that an engine would ask of a random source.
 */
#ifndef SY_PORT_IDENTITY_H
#define SY_PORT_IDENTITY_H

#include "core/base/str.h"

#include <stdint.h>

typedef struct sy_identity_ops {
    /* 128 bits for the n-th identity of this purpose ("row", "operation", "version"...). The same
     * (purpose, n) always gives the same bits: the caller counts. */
    void (*fresh)(void *self, sy_str purpose, uint64_t n, uint64_t out[2]);
} sy_identity_ops;

typedef struct sy_identity {
    const sy_identity_ops *ops;
    void *self;
} sy_identity;

/* 32 lower-case hex digits and a zero: the SDKs' Guid "N" (protocol.md 4.4). */
#define SY_GUID_SIZE 33
void sy_identity_guid(sy_identity identity, sy_str purpose, uint64_t n, char out[SY_GUID_SIZE]);

#endif
