/* `__pulltime`: where the JavaScript client keeps how far a query was pulled, by the query's id
 * alone; the table is a column beside it, so that two tables with one id share a token. protocol.md
 * 4.3, 7.4, edge 25. */
#ifndef SY_CLIENT_PULL_TIME_H
#define SY_CLIENT_PULL_TIME_H

#include "core/base/arena.h"
#include "core/port/store.h"

const sy_schema *sy_pull_time_schema(void);
/* `missing` when there is none. The letter case of an id does not matter here, */
sy_rc sy_pull_time_get(sy_store store, sy_str query_id, sy_time missing, sy_arena *scratch,
                       sy_time *out, sy_err *err);
/* but here it does. */
sy_rc sy_pull_time_set(sy_store store, sy_str query_id, sy_str table, sy_time value,
                       sy_arena *scratch, sy_err *err);
/* Those whose table is this one: that of the last pull with the id. */
sy_rc sy_pull_time_remove(sy_store store, sy_str table, sy_arena *scratch, sy_err *err);

#endif
