/* A conflict as a policy sees it: what the row was, what this device wants, what the server has
 * (policies.md 1.1, 1.2). Everything is borrowed; a policy looks at nothing else: no clock, no
 * store, no random source. */
#ifndef SY_POLICY_CONFLICT_H
#define SY_POLICY_CONFLICT_H

#include "core/value/row.h"

typedef enum sy_conflict_kind {
    SY_CONFLICT_UU, /* changed here and there */
    SY_CONFLICT_UD, /* changed here, deleted there */
    SY_CONFLICT_DU, /* deleted here, changed there */
    SY_CONFLICT_II, /* inserted here and there under one id */
    SY_CONFLICT_ID, /* inserted here; there the id is that of a row that was deleted */
    SY_CONFLICT_UX, /* changed here; the server does not know the row any more */
    SY_CONFLICT_UQ, /* another row of the server has what must be unique */
    SY_CONFLICT_FK, /* what the row refers to is not there */
    SY_CONFLICT_KIND_COUNT
} sy_conflict_kind;

const char *sy_conflict_kind_name(sy_conflict_kind kind); /* "UU" */

/* Whose edit it is and when it was made. Rows carry one stamp: that of a field is its row's. */
typedef struct sy_edit_stamp {
    bool known; /* it is said who made it; else `at` alone counts, and stands against equals */
    sy_time at; /* by the author's clock, of whatever kind the table stamps with */
    sy_str author;
    int64_t number; /* of the author's edits */
} sy_edit_stamp;

typedef struct sy_conflict {
    sy_str id;            /* of the row that was pushed */
    const sy_row *base;   /* before the first edit; NULL: it never was */
    const sy_row *local;  /* what is wanted; NULL: that it goes */
    const sy_row *server; /* a tombstone is a row that says `deleted`; NULL: there is none */
    sy_edit_stamp edit;   /* of `local` */
    sy_edit_stamp served; /* of `server` */
    sy_time updated_at;   /* of the server's row, by the server's clock */
    int status;           /* 404, 409, 410, 412, 422 */
    uint32_t rounds;      /* conflicts of this operation that were judged before, in this push */
} sy_conflict;

sy_conflict_kind sy_conflict_kind_of(const sy_conflict *conflict);
/* Is the row there, as against a tombstone or nothing? */
static inline bool sy_conflict_alive(const sy_row *row)
{
    return row != NULL && !sy_row_deleted(row);
}

/* < 0: `a` is the earlier. Equal times: the lower author, then the lower number. Where one of them
 * does not say who made it, it counts as the later of equals: nobody can prove the contrary. */
int sy_edit_stamp_compare(const sy_edit_stamp *a, const sy_edit_stamp *b);

/* The stamp that a row of the server carries: "author:number" and a time; without a time, its
 * updatedAt. `row` may be NULL: at 0, by nobody. */
sy_edit_stamp sy_edit_stamp_of(const sy_row *row);
/* Do the server's stamps say that this edit of this author wrote the row, whenever it was? */
bool sy_edit_stamp_by(const sy_row *stamps, sy_str author, int64_t number);

#endif
