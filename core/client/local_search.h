/* A search of a local store that puts texts into LIKE patterns as they are [edge 20]: `%` and `_`
 * in them are wildcards, and the case of A to Z does not matter. */
#ifndef SY_CLIENT_LOCAL_SEARCH_H
#define SY_CLIENT_LOCAL_SEARCH_H

#include "core/port/store.h"
#include "core/value/query.h"

/* Does the filter look for a part of a column's text? Other queries are the store's own. */
bool sy_local_search_applies(const sy_expr *filter);
/* As sy_store_query, where a part is found by a pattern. */
sy_rc sy_local_search(sy_store store, const sy_query *query, sy_arena *arena, sy_rows *out,
                      sy_err *err);

#endif
