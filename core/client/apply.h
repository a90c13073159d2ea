/* A row of the server reaches the local store. */
#ifndef SY_CLIENT_APPLY_H
#define SY_CLIENT_APPLY_H

#include "core/client/internal.h"

/* Writes `row` (over the client's schema), or removes the row `id` when it is NULL. */
sy_rc sy_apply_row(sy_client *client, const sy_schema *schema, sy_str id, const sy_row *row,
                   sy_err *err);
/* Says so in the trace; to be called when it is durable. `stamps`: the row with the server's own
 * system columns; may be NULL. */
void sy_apply_trace(sy_client *client, const sy_schema *schema, sy_str id, const sy_row *row,
                    const sy_row *stamps);

#endif
