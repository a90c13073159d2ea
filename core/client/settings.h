/* `__config`: delta tokens and what else is small. Keys as the SDK has them:
 * "deltaToken|<table>|<query id>". protocol.md 4.3. */
#ifndef SY_CLIENT_SETTINGS_H
#define SY_CLIENT_SETTINGS_H

#include "core/base/arena.h"
#include "core/port/store.h"

typedef struct sy_settings {
    sy_store store;
    sy_arena *scratch; /* borrowed; used inside one call only */
} sy_settings;

const sy_schema *sy_settings_schema(void);
void sy_settings_init(sy_settings *settings, sy_store store, sy_arena *scratch);

/* "deltaToken|<table>|<query id>"; data NULL when there is no memory. */
sy_str sy_settings_token_key(sy_arena *arena, sy_str table, sy_str query_id);
/* Beside the token: the epoch of the server that it was given in. */
sy_str sy_settings_epoch_key(sy_arena *arena, sy_str table, sy_str query_id);

/* A token as an integer (nanoseconds of calendar time, or a sequence); `missing` when there is
 * none. */
sy_rc sy_settings_token(sy_settings *settings, sy_str key, int64_t missing, int64_t *out,
                        sy_err *err);
sy_rc sy_settings_set_token(sy_settings *settings, sy_str key, int64_t token, sy_err *err);
/* Empty when there is none. */
sy_rc sy_settings_text(sy_settings *settings, sy_str key, sy_arena *arena, sy_str *out,
                       sy_err *err);
sy_rc sy_settings_set_text(sy_settings *settings, sy_str key, sy_str text, sy_err *err);
/* One key, or every key that begins with `prefix`. */
sy_rc sy_settings_remove(sy_settings *settings, sy_str key, sy_err *err);
sy_rc sy_settings_remove_prefix(sy_settings *settings, sy_str prefix, sy_err *err);
/* The tokens of a table; `dotted`: also those whose query id has a dot. */
sy_rc sy_settings_remove_tokens(sy_settings *settings, sy_str table, bool dotted, sy_err *err);

#endif
