/* JSON documents, read. Parsing goes through Jansson, which is seen in json.c and nowhere else.
 * Jansson allocates with the C library: its hook for another allocator is global, and core has no
 * globals. A document that finds no memory leaves nothing behind. (Jansson 2.14 takes it for
 * granted, though, that the buffer of its lexer can grow to the longest text of a document.) */
#ifndef SY_WIRE_JSON_H
#define SY_WIRE_JSON_H

#include "core/value/value.h"

typedef struct json_t sy_json; /* a document, or a part of one, which the document owns */

typedef enum sy_json_kind {
    SY_JSON_NULL,
    SY_JSON_BOOL,
    SY_JSON_INT, /* fits 64 bits; any other integer is a real */
    SY_JSON_REAL,
    SY_JSON_TEXT,
    SY_JSON_ARRAY,
    SY_JSON_OBJECT
} sy_json_kind;

/* The whole text is one value. SY_PARSE says where it is not JSON (RFC 8259, UTF-8; of a name that
 * stands twice the last counts; at most 2,048 levels); SY_NOMEM. */
sy_rc sy_json_parse(sy_str text, sy_json **out, sy_err *err);
void sy_json_free(sy_json *document); /* NULL: nothing */

sy_json_kind sy_json_kind_of(const sy_json *json);
/* Of an object; NULL: absent. */
const sy_json *sy_json_get(const sy_json *object, sy_str name);
/* A text of an object; empty when there is none of that name or it is no text. */
sy_str sy_json_get_text(const sy_json *object, sy_str name);
/* Of an array or object: how many. 0 for others. */
size_t sy_json_count(const sy_json *json);
const sy_json *sy_json_at(const sy_json *array, size_t index);

/* Members of an object, in order: NULL iterator: no more. */
typedef struct sy_json_member {
    sy_str name;
    const sy_json *value;
    void *iterator;
} sy_json_member;
bool sy_json_first(const sy_json *object, sy_json_member *out);
bool sy_json_next(const sy_json *object, sy_json_member *member);

/* Anything but arrays and objects, as it stands: an integer, a real, a text, a boolean, null. Text
 * is borrowed. */
sy_value sy_json_scalar(const sy_json *json);

#endif
