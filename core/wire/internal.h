/* What the files of this folder share and show to nobody else. */
#ifndef SY_WIRE_INTERNAL_H
#define SY_WIRE_INTERNAL_H

#include "core/wire/codec.h"
#include "core/wire/json.h"
#include "core/wire/place.h"

#define SY_JSON_TYPE SY_STR("application/json")

/* -- building a message: everything once to count, once to write (message_text.c) -- */

#define SY_MESSAGE_HEADER_COUNT_MAX 16

/* One text that holds target, header values and body one after the other. A part is what was added
 * between its begin and its end. */
typedef struct sy_message_text {
    sy_buf text;
    size_t begin; /* of the part in work */
    sy_str target;
    sy_str body;
    sy_header headers[SY_MESSAGE_HEADER_COUNT_MAX];
    uint32_t header_count;
} sy_message_text;

void sy_message_begin(sy_message_text *message);
void sy_message_end_target(sy_message_text *message);
void sy_message_end_body(sy_message_text *message);
void sy_message_end_header(sy_message_text *message, const char *name);
/* A header whose value is a constant. */
void sy_message_header(sy_message_text *message, const char *name, const char *value);

/* Runs `build` twice, and gives its headers memory of their own. SY_NOMEM. */
typedef void sy_message_build(const void *what, sy_message_text *message);
sy_rc sy_message_make(sy_message_build *build, const void *what, sy_arena *arena,
                      sy_message_text *out, const sy_header **headers, sy_err *err);

/* -- pieces of text -- */

void sy_wire_add_int(sy_buf *out, int64_t number);
/* "2026-01-01T00:00:00.000Z", without quotes. */
void sy_wire_add_time(sy_buf *out, sy_wire_time form, sy_time time);
/* {"id":"a","text":"milk"}: cells that are not absent, under the format's names. */
void sy_wire_add_row(sy_buf *out, const sy_wire_format *format, const sy_row *row);
/* One member of it behind the separator; false, and nothing, when there is none. */
bool sy_wire_add_member(sy_buf *out, const sy_wire_format *format, const sy_row *row, uint32_t at,
                        char separator);

/* -- cells from JSON (row_reader.c, and as Node takes them: loose.c) -- */

typedef enum sy_wire_fit { SY_WIRE_FITS, SY_WIRE_UNFIT, SY_WIRE_FIT_NO_MEMORY } sy_wire_fit;

sy_wire_fit sy_wire_read_cell(const sy_json *json, sy_type type, sy_arena *arena, sy_value *out);
/* The value is made to fit, as SQLite's affinities have it. `id`: what JavaScript takes for false
 * is an empty one. */
sy_wire_fit sy_wire_loose_cell(const sy_json *json, bool id, sy_type type, sy_arena *arena,
                               sy_value *out);

/* -- rows from JSON (row_reader.c) -- */

/* How a row is read: by servers, from a request, and by clients. */
typedef struct sy_row_reading {
    const sy_wire_format *format;
    const sy_schema *schema;
    bool loose;         /* values are made to fit */
    bool keeps_unknown; /* columns that the schema lacks are added to one of the row's own */
    bool drops_null;    /* but those that are null: an insert leaves them out */
    sy_wire_refusal *refusal;
} sy_row_reading;

/* `object` is an object. SY_OK; SY_INVALID: refused; SY_NOMEM. */
sy_rc sy_wire_read_row(const sy_row_reading *given, const sy_json *object, sy_arena *arena,
                       const sy_row **out, sy_err *err);

/* Fills the refusal from the format; returns SY_INVALID. */
sy_rc sy_wire_refused(const sy_wire_format *format, sy_wire_flaw flaw, sy_str reason,
                      sy_wire_refusal *refusal, sy_err *err);
/* The reason is a copy of err's text. */
sy_rc sy_wire_refused_by(const sy_wire_format *format, sy_wire_flaw flaw, sy_arena *arena,
                         sy_wire_refusal *refusal, sy_err *err);

/* The parameter that asks for tombstones. */
bool sy_wire_includes_deleted(const sy_wire_format *format, const sy_url *url);

/* Names that only `sound` has. */
#define SY_SYNC_OPERATION_KEY SY_STR("X-Sync-Operation-Key")
#define SY_SYNC_EDITED_AT     SY_STR("X-Sync-Edited-At")
#define SY_SYNC_EDIT          SY_STR("X-Sync-Edit")
#define SY_SYNC_REASON        SY_STR("X-Sync-Reason")
#define SY_INSTALLATION_ID    SY_STR("X-ZUMO-INSTALLATION-ID")
#define SY_USER               SY_STR("X-ZUMO-AUTH")

#endif
