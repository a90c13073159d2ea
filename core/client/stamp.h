/* When an edit was made: what its operation carries, and what `latest_wins` compares. */
#ifndef SY_CLIENT_STAMP_H
#define SY_CLIENT_STAMP_H

#include "core/client/internal.h"

/* The stamp of an edit of the table that is made now. Inside the transaction of the edit, where
 * there is one. */
sy_rc sy_stamp_next(sy_client *client, const sy_schema *schema, sy_time *out, sy_err *err);
/* A row of the server comes into the local store: a clock that follows does not fall behind its
 * stamp. Inside the transaction that stores it. `row` may be NULL. */
sy_rc sy_stamp_see(sy_client *client, const sy_schema *schema, const sy_row *row, sy_err *err);

#endif
