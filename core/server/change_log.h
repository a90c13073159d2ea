/* The last changes of a table in memory, so that a query since a recent sequence reads a few rows
 * and not the table.
 *
 * Invariants: every commit of a sequence above `floor` is in the ring; entries stand in order of
 * commit, which is not always that of the sequences. An entry is stale when its row moved on: the
 * reader compares. */
#ifndef SY_SERVER_CHANGE_LOG_H
#define SY_SERVER_CHANGE_LOG_H

#include "core/base/arena.h"
#include "core/base/err.h"

#include <stdint.h>

#define SY_CHANGE_COUNT_MAX 128
#define SY_CHANGE_ID_SIZE   52

typedef struct sy_change {
    int64_t sequence;
    uint32_t id_size;
    char id[SY_CHANGE_ID_SIZE];
} sy_change;

typedef struct sy_change_log {
    sy_change *ring; /* SY_CHANGE_COUNT_MAX of them */
    uint32_t first, count;
    int64_t floor; /* what happened up to here is not known */
    int64_t last;  /* the highest sequence that a commit had, or floor */
} sy_change_log;

/* The ring lives in `arena`. `floor`: the highest sequence that may be in the table already. */
sy_rc sy_change_log_init(sy_change_log *log, sy_arena *arena, int64_t floor, sy_err *err);
/* Never fails: an id that is too long to be kept raises the floor. */
void sy_change_log_add(sy_change_log *log, int64_t sequence, sy_str id);
/* Changes with after < sequence <= upto in order of sequence, borrowed until the next add. *known
 * false: the log does not reach back that far. SY_OK or SY_NOMEM. */
sy_rc sy_change_log_since(const sy_change_log *log, int64_t after, int64_t upto, sy_arena *arena,
                          bool *known, const sy_change *const **out, size_t *count, sy_err *err);

#endif
