/* JSON bodies: parsing goes through Jansson, which is seen nowhere else. */
#ifndef SY_WIRE_JSON_H
#define SY_WIRE_JSON_H

#include "core/wire/format.h"

typedef struct json_t sy_json; /* a parsed document, or a part of one */

typedef enum sy_json_kind {
    SY_JSON_NULL,
    SY_JSON_BOOL,
    SY_JSON_INT, /* fits 64 bits; other integers are reals */
    SY_JSON_REAL,
    SY_JSON_TEXT,
    SY_JSON_ARRAY,
    SY_JSON_OBJECT
} sy_json_kind;

/* The whole text is one value. SY_PARSE says where it is not JSON (RFC 8259, UTF-8; a name twice:
 * the last one counts); SY_NOMEM. */
sy_rc sy_json_parse(sy_str text, sy_json **out, sy_err *err);
void sy_json_free(sy_json *document); /* NULL: nothing */

/* Parts are borrowed from their document. */
sy_json_kind sy_json_kind_of(const sy_json *json);
/* Of an object; NULL: absent. */
const sy_json *sy_json_get(const sy_json *object, sy_str name);
/* Of an array or object, in order; a name for objects. false: no more. *at starts at 0. */
bool sy_json_next(const sy_json *json, size_t *at, sy_str *name, const sy_json **item);
size_t sy_json_count(const sy_json *json); /* of an array or object, else 0 */
/* Anything but arrays and objects, as it stands: INT, REAL, TEXT, BOOL, NULL. Text is borrowed. */
sy_value sy_json_scalar(const sy_json *json);

/* The cell in a column of that type: dates from their text, bytes from base64, a whole real is an
 * integer. false: it does not fit. Decoded bytes live in `arena`; *nomem tells that there was none.
 */
bool sy_json_cell(const sy_json *json, sy_type type, sy_arena *arena, sy_value *out, bool *nomem);

/* {"id":"a","text":"milk"}: cells that are not absent, under the format's names. */
void sy_json_write_row(const sy_wire_format *format, const sy_row *row, sy_buf *out);
void sy_json_write_cell(const sy_wire_format *format, const sy_value *cell, sy_buf *out);
/* `2026-01-01T00:00:00.000Z` as the format prints it, without quotes. */
size_t sy_json_format_time(sy_wire_time form, sy_time time, char out[SY_TIME_TEXT_SIZE]);

/* Padded base64. Reading is as lenient as Node's: other characters are passed over, it ends at `=`.
 */
void sy_base64_write(sy_str bytes, sy_buf *out);
sy_rc sy_base64_read(sy_str text, sy_arena *arena, sy_str *out, sy_err *err);

#endif
