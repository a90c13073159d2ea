#include "tests/fuzz/http_input.h"

#include <stdlib.h>

static sy_str cut(sy_str *rest, char c)
{
    const char *at = rest->size > 0 ? memchr(rest->data, c, rest->size) : NULL;
    const sy_str piece = {rest->data, at != NULL ? (size_t)(at - rest->data) : rest->size};
    const size_t used = piece.size + (at != NULL);
    *rest = (sy_str){used > 0 ? rest->data + used : rest->data, rest->size - used};
    return piece;
}

void http_input_read(const uint8_t *data, size_t size, http_input *out)
{
    *out = (http_input){0};
    sy_str rest = {(const char *)data, size};
    sy_str line = cut(&rest, '\n');
    out->first = cut(&line, ' ');
    out->second = line;
    while (rest.size > 0) {
        line = cut(&rest, '\n');
        if (line.size == 0) {
            out->body = rest;
            return;
        }
        if (out->header_count < HTTP_INPUT_HEADER_COUNT_MAX) {
            const sy_str name = cut(&line, ':');
            if (line.size > 0 && line.data[0] == ' ') {
                line = (sy_str){line.data + 1, line.size - 1};
            }
            out->headers[out->header_count++] = (sy_header){name, line};
        }
    }
}

const sy_schema *http_input_schema(void)
{
    static const sy_column columns[] = {
        {{"text", 4}, SY_TYPE_TEXT}, {{"count", 5}, SY_TYPE_INT},    {{"price", 5}, SY_TYPE_REAL},
        {{"done", 4}, SY_TYPE_BOOL}, {{"due", 3}, SY_TYPE_DATETIME}, {{"bytes", 5}, SY_TYPE_BLOB},
    };
    static sy_arena arena;
    static const sy_schema *schema;
    if (schema == NULL) {
        sy_arena_init(&arena, sy_alloc_std());
        if (sy_schema_new(&arena, SY_STR("todoitem"), SY_SYSTEM_BIT(SY_SYSTEM_COUNT) - 1u, columns,
                          sizeof columns / sizeof *columns, &schema, NULL) != SY_OK) {
            abort();
        }
    }
    return schema;
}

static const sy_schema *find_schema(const void *self, sy_str name)
{
    (void)self;
    return sy_str_equal_nocase(name, SY_STR("todoitem")) ? http_input_schema() : NULL;
}

sy_wire_tables http_input_tables(void)
{
    static const sy_wire_tables_ops ops = {.schema = find_schema};
    return (sy_wire_tables){&ops, NULL};
}

void http_input_same_text(sy_str a, sy_str b)
{
    if (!sy_str_equal(a, b)) {
        abort();
    }
}

void http_input_same_row(const sy_row *a, const sy_row *b)
{
    if ((a == NULL) != (b == NULL)) {
        abort();
    }
    if (a == NULL || a->schema != http_input_schema() || b->schema != http_input_schema()) {
        return;
    }
    for (uint32_t i = 0; i < a->schema->column_count; i++) {
        if (a->cells[i].type != b->cells[i].type ||
            (!sy_value_missing(&a->cells[i]) && !sy_value_equal(&a->cells[i], &b->cells[i]))) {
            abort();
        }
    }
}
