/* An operation of the queue. protocol.md 4.3, 5.1. */
#ifndef SY_CLIENT_OPERATION_H
#define SY_CLIENT_OPERATION_H

#include "core/port/handler.h"

typedef enum sy_operation_state {
    SY_STATE_PENDING,
    SY_STATE_ATTEMPTED, /* was sent, or is about to be; survives a restart */
    SY_STATE_FAILED,
    SY_STATE_COUNT
} sy_operation_state;

const char *sy_operation_state_name(sy_operation_state state);

/* The status of a failed operation that a policy holds for a person: no HTTP status. */
#define SY_STATUS_HELD 1

typedef struct sy_operation {
    int64_t sequence; /* its number and its place; starts after the highest in the store [5.1] */
    int64_t version;  /* moves with every collapse; a stale holder finds out by it */
    sy_operation_kind kind;
    sy_operation_state state;
    bool in_flight;    /* sent, not yet decided; not stored */
    uint32_t sendings; /* so far, over all pushes of this process; not stored */
    const sy_schema *schema;
    sy_str id;   /* the item's */
    sy_str item; /* encoded row (sy_row_encode), or empty: deletes; inserts and updates where the
                    dialect keeps snapshots */
    sy_str base; /* encoded row before the first edit; empty: none */
    sy_str key;  /* operation key; empty: none */
    sy_time edited_at; /* of the last edit, by the host's clock */
    int64_t edit_sequence;
    int status; /* of the last failure; 0: none */
} sy_operation;

#endif
