/* What makes a retried request harmless, and an edit known as ours: numbers that an installation
 * uses once. Dialects with operation_keys only. */
#ifndef SY_CLIENT_OPERATION_KEY_H
#define SY_CLIENT_OPERATION_KEY_H

#include "core/client/internal.h"

/* A number that this installation never used before. Inside a transaction. */
sy_rc sy_operation_key_number(sy_client *client, int64_t *out, sy_err *err);
/* The key of the operation that is queued next, for an edit of this number. */
sy_rc sy_operation_key_make(const sy_client *client, int64_t number, sy_arena *arena, sy_str *out,
                            sy_err *err);
/* The key that is sent for it names its version, too: an operation changes only when it is known
 * that it was not committed, or is gone, and then it is another request. */
sy_rc sy_operation_key_sent(const sy_operation *operation, sy_arena *arena, sy_str *out,
                            sy_err *err);

#endif
