/* What stands for values that every recording has others of: $VERSIONn, $TIMEn, $GUIDn. A
 * placeholder is bound by the first answer that has it and holds from then on, in requests too. */
#ifndef TESTS_CONFORMANCE_PLACEHOLDER_H
#define TESTS_CONFORMANCE_PLACEHOLDER_H

#include <jansson.h>

#include "core/base/arena.h"

#define PLACEHOLDER_COUNT_MAX 4096

typedef struct placeholder {
    sy_str name; /* "$VERSION1" */
    sy_str value;
} placeholder;

typedef struct placeholder_row { /* a version that a row had */
    sy_str row;                  /* "todoitem/r1" */
    sy_str name;
} placeholder_row;

typedef struct placeholders {
    sy_arena *arena;
    placeholder *items;
    size_t count;
    placeholder_row *versions;
    size_t version_count;
} placeholders;

/* In `arena`; dies when there is no memory, as all of this does. */
void placeholders_init(placeholders *env, sy_arena *arena);

/* The text with every bound placeholder replaced; percent-encoded for a URL. */
sy_str placeholders_fill(const placeholders *env, sy_str text, bool in_url);
/* The same in all texts of a document; a new reference. */
json_t *placeholders_fill_json(const placeholders *env, json_t *document);

/* Compares what was recorded with what came, binding placeholders; "" or what differs and where, in
 * the arena. `got` NULL: nothing came. `where` stands before it. */
const char *placeholders_match(placeholders *env, json_t *want, json_t *got, const char *where);
const char *placeholders_match_text(placeholders *env, sy_str want, sy_str got, const char *where);

/* Two placeholders for versions of one row must stand for different values: "" or what is wrong
 * with the rows of this recorded body. */
const char *placeholders_check_versions(placeholders *env, json_t *body, sy_str table);

#endif
