/* What a user means to do, drawn before anything runs, in streams that look at nothing else: two
 * runs that differ in policy, dialect or weather have the same users. design.md, idea 2;
 * policies.md 4.2.
 *
 * The universe is fixed: rows 1 to `rows` of each table. Even ones are on the server from the
 * start; odd ones are made by one user each, once, since the ids of a real app's inserts are new.
 */
#ifndef SIM_HOST_INTENTION_H
#define SIM_HOST_INTENTION_H

#include "core/value/schema.h"
#include "sim/kernel/choice.h"

typedef enum sim_edit {
    SIM_EDIT_INSERT,
    SIM_EDIT_UPDATE,
    SIM_EDIT_DELETE,
    SIM_EDIT_SYNC,
    SIM_EDIT_UNDO,    /* the cell that an update changed gets back what it had */
    SIM_EDIT_OFFLINE, /* a session without a connection begins */
    SIM_EDIT_ONLINE,  /* and ends */
    SIM_EDIT_COUNT
} sim_edit;

const char *sim_edit_name(sim_edit edit); /* "insert" */

/* How the rows of a table are edited. */
typedef enum sim_edit_kind {
    SIM_KIND_INDEPENDENT, /* one field gets a new value */
    SIM_KIND_CHECK_LIST,  /* as a rule a boolean is turned over */
    SIM_KIND_COUNTER,     /* an integer goes up or down from what the user sees */
    SIM_KIND_FORM,        /* several fields at once */
    SIM_KIND_NOTES,       /* a text gets longer */
    SIM_KIND_CHILD, /* rows name a parent (column orders_id or order_id of table orders), which is
                       made first */
    SIM_KIND_COUNT
} sim_edit_kind;

const char *sim_edit_kind_name(sim_edit_kind kind); /* "check-list" */

typedef struct sim_user_table {
    sy_str name;
    const sy_column *columns; /* the table's own */
    const uint32_t *weights;  /* how often each is edited; NULL: all alike */
    uint32_t column_count;
    sim_edit_kind kind;
} sim_user_table;

/* Visits to the app: a Poisson process whose rate follows the hours of a day (peak at 18), times a
 * lognormal factor of each user (sigma 1); a length that is lognormal (sigma 1), a number of edits
 * that is geometric to within 1 %. */
typedef struct sim_user_sessions {
    uint32_t per_day; /* of a median user; 0: no sessions, edits are spread evenly */
    uint32_t hour;    /* of the day, when the world begins; 0..23 */
    sy_time length;   /* mean */
    uint32_t edits;   /* mean, at least 1 */
    uint32_t offline; /* per mille of the sessions have no connection */
} sim_user_sessions;

typedef struct sim_user_plan { /* borrowed */
    const sim_user_table *tables;
    uint32_t table_count;
    uint32_t rows;     /* of each table, at least two for each user */
    uint32_t per_user; /* intentions; of no effect with sessions */
    sy_time within;
    uint32_t mix[SIM_EDIT_SYNC + 1]; /* weights; not all 0 */
    sim_user_sessions sessions;
    uint32_t zipf;  /* exponent in thousandths, of which rows are edited; 0: all alike */
    uint32_t own;   /* per mille of the edits are of the user's own rows */
    uint32_t burst; /* per mille of the updates go on, a few times in seconds, in the same field */
    uint32_t undo;  /* per mille of the updates are taken back soon after */
    uint32_t user_count;
} sim_user_plan;

typedef struct sim_intention {
    sy_time time;    /* since the users began */
    uint64_t number; /* who it is: the same in every run that has it */
    sim_edit edit;
    uint32_t table;
    uint32_t row;    /* 1..rows */
    uint32_t column; /* of an update, of the table's own */
    uint64_t of;     /* undo: the number of what it takes back */
} sim_intention;

/* The chance of each row, as sums of weights: what draw_row looks in. Lives in the arena. */
typedef struct sim_row_chances {
    const uint64_t *sums; /* NULL: all alike */
    uint32_t count;
} sim_row_chances;
sy_rc sim_row_chances_of(const sim_user_plan *plan, sy_arena *arena, sim_row_chances *out);

/* Everything that user `index` (from 0) intends, by time, ties by number; in the arena. SY_OK or
 * SY_NOMEM. */
sy_rc sim_intentions_draw(const sim_user_plan *plan, const sim_row_chances *chances,
                          const sim_stream *stream, uint32_t index, sy_arena *arena,
                          const sim_intention **out, size_t *count);

/* What is written by an intention in a column: the same whatever the user sees. In the arena;
 * absent: no memory. */
sy_value sim_intention_value(const sim_stream *stream, const sim_intention *intention,
                             const sim_user_table *table, uint32_t column, const char *who,
                             sy_arena *arena);
/* By how much a counter changes: -3..5, never 0. */
int64_t sim_intention_step(const sim_stream *stream, const sim_intention *intention);
/* Whether a form sets this field too. */
bool sim_intention_sets(const sim_stream *stream, const sim_intention *intention, uint32_t column);

#endif
