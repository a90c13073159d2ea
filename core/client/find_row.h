/* Strategies: how a row is found by its id. */
#ifndef SY_CLIENT_FIND_ROW_H
#define SY_CLIENT_FIND_ROW_H

#include "core/client/internal.h"

/* By the dialect's strategy; without one: the store's read. */
sy_rc sy_find_row(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                  const sy_row **out, sy_err *err);

/* Letter case aside (ASCII), as the JavaScript client's store does: the id as it is, else the first
 * that is the same but for case. */
sy_rc sy_find_row_nocase(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err);

#endif
