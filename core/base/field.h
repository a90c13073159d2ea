/* What the fields of a struct that is data mean to people: for each its name, its place, the
 * section of protocol.md behind it, and how its values are said. A printer and a test read the same
 * list, and the test fails when a field of the struct is not in it. */
#ifndef SY_BASE_FIELD_H
#define SY_BASE_FIELD_H

#include "core/base/str.h"

#include <stdint.h>

typedef enum sy_field_kind {
    SY_FIELD_TEXT,     /* const char * */
    SY_FIELD_BOOL,     /* yes, - */
    SY_FIELD_NUMBER,   /* int, uint32_t, int64_t, by its size */
    SY_FIELD_DURATION, /* nanoseconds */
    SY_FIELD_NAMED,    /* an enum: `names` of its values */
    SY_FIELD_BITS,     /* uint32_t: `names` of its bits */
    SY_FIELD_LINES     /* a table, or a pointer: `line_count` lines, said by `label` and `say` */
} sy_field_kind;

typedef struct sy_field {
    const char *name;
    const char *section; /* "4.5"; "": our own */
    size_t offset, size;
    sy_field_kind kind;
    const char *const *names;
    uint32_t name_count;
    uint32_t line_count;
    void (*label)(uint32_t line, sy_buf *out); /* NULL: none, one line */
    void (*say)(const void *value, uint32_t line, sy_buf *out);
} sy_field;

#define SY_FIELD(type, member, of_section, of_kind)                                                \
    {                                                                                              \
        .name = #member, .section = (of_section), .offset = offsetof(type, member),                \
        .size = sizeof(((type *)NULL)->member), .kind = (of_kind), .line_count = 1                 \
    }
#define SY_FIELD_OF(type, member, of_section, of_kind, of_names)                                   \
    {                                                                                              \
        .name = #member, .section = (of_section), .offset = offsetof(type, member),                \
        .size = sizeof(((type *)NULL)->member), .kind = (of_kind), .names = (of_names),            \
        .name_count = (uint32_t)(sizeof(of_names) / sizeof((of_names)[0])), .line_count = 1        \
    }
#define SY_FIELD_SAID(type, member, of_section, lines, of_label, of_say)                           \
    {                                                                                              \
        .name = #member, .section = (of_section), .offset = offsetof(type, member),                \
        .size = sizeof(((type *)NULL)->member), .kind = SY_FIELD_LINES, .line_count = (lines),     \
        .label = (of_label), .say = (of_say)                                                       \
    }

/* "collapse: insert pending + delete", or the name alone. */
void sy_field_label(const sy_field *field, uint32_t line, sy_buf *out);
/* What `object`, a struct that the field is of, has there. */
void sy_field_say(const sy_field *field, const void *object, uint32_t line, sy_buf *out);

#endif
