/* How a row is found by its id: by the dialect's strategy, and what that needs to know of the rows
 * that are written. */
#ifndef SY_CLIENT_FIND_ROW_H
#define SY_CLIENT_FIND_ROW_H

#include "core/client/internal.h"

/* By the dialect's strategy; without one: the store's read. */
sy_rc sy_find_row(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                  const sy_row **out, sy_err *err);
/* Writes a row of an app's table. */
sy_rc sy_find_write(sy_client *client, const sy_row *row, sy_err *err);

/* The strategy of the JavaScript client's store: letter case aside (ASCII), and of several such
 * rows the one that was made first. */
sy_rc sy_find_row_nocase(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err);

#endif
