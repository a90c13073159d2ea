/* Rows: building, copying, comparing. Nothing here changes a row that was handed in. */
#include "core/value/row.h"

#include <string.h>

#include "core/base/check.h"

const sy_value sy_null_cell = {.type = SY_TYPE_NULL};

static size_t row_size(const sy_schema *schema)
{
    return sizeof(sy_row) + schema->column_count * sizeof(sy_value);
}

sy_row *sy_row_new(sy_arena *arena, const sy_schema *schema)
{
    sy_row *row = sy_arena_push_zeroed(arena, row_size(schema)); /* zero is SY_TYPE_ABSENT */
    if (row != NULL) {
        row->schema = schema;
    }
    return row;
}

sy_row *sy_row_shallow(sy_arena *arena, const sy_row *row)
{
    sy_row *copy = sy_arena_push(arena, row_size(row->schema));
    if (copy != NULL) {
        memcpy(copy, row, row_size(row->schema));
    }
    return copy;
}

sy_row *sy_row_copy(sy_arena *arena, const sy_row *row)
{
    size_t size = row_size(row->schema);
    size_t text_size = 0;
    uint64_t texts = 0; /* bits of columns */
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        if (sy_value_has_text(&row->cells[i])) {
            texts |= UINT64_C(1) << i;
            text_size += row->cells[i].size;
        }
    }
    sy_row *copy =
        sy_arena_push(arena, size + text_size); /* one piece: the texts behind the cells */
    if (copy == NULL) {
        return NULL;
    }
    memcpy(copy, row, size);
    char *text = (char *)copy + size;
    for (sy_value *cell = copy->cells; texts != 0; cell++, texts >>= 1) {
        if ((texts & 1) == 0) {
            continue;
        }
        sy_copy_short(text, cell->as.text, cell->size);
        cell->as.text = text; /* an empty one, too, points at what is ours */
        text += cell->size;
    }
    return copy;
}

/* A number whose value the other numeric type has exactly may change its type; nothing else may. */
static bool convert(sy_value *cell, sy_type type)
{
    if (sy_value_missing(cell) || cell->type == type) {
        return true;
    }
    sy_value other = {0};
    if (cell->type == SY_TYPE_INT && type == SY_TYPE_REAL) {
        other = sy_real((double)cell->as.integer);
    } else if (cell->type == SY_TYPE_REAL && type == SY_TYPE_INT &&
               cell->as.real >= -9223372036854775808.0 && cell->as.real < 9223372036854775808.0) {
        other = sy_int((int64_t)cell->as.real);
    } else {
        return false;
    }
    if (sy_value_compare(&other, cell) != 0) {
        return false;
    }
    *cell = other;
    return true;
}

sy_rc sy_row_map(sy_arena *arena, const sy_row *row, const sy_schema *schema, bool strict,
                 const sy_row **out, sy_err *err)
{
    if (row->schema == schema) {
        *out = row;
        return SY_OK;
    }
    if (sy_schema_same(row->schema, schema)) {
        sy_row *same = sy_row_shallow(arena, row);
        if (same == NULL) {
            return sy_fail_nomem(err);
        }
        same->schema = schema;
        *out = same;
        return SY_OK;
    }
    sy_row *mapped = sy_row_new(arena, schema);
    if (mapped == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        if (row->cells[i].type == SY_TYPE_ABSENT) {
            continue;
        }
        int at = sy_schema_match(schema, row->schema, i);
        if (at < 0 || !sy_schema_has_column(schema, (uint32_t)at)) {
            if (strict) {
                return SY_FAIL(err, SY_SCHEMA, "table %.*s has no column '%.*s'",
                               SY_FMT(schema->name), SY_FMT(row->schema->columns[i].name));
            }
            continue;
        }
        mapped->cells[at] = row->cells[i];
        const sy_type type = schema->columns[at].type;
        const bool loose = row->cells[i].type == SY_TYPE_TEXT && sy_schema_takes_text(schema, type);
        if (!loose && !convert(&mapped->cells[at], type)) {
            return SY_FAIL(err, SY_SCHEMA, "table %.*s: column '%.*s' is %s, not %s",
                           SY_FMT(schema->name), SY_FMT(schema->columns[at].name),
                           sy_type_name(schema->columns[at].type),
                           sy_type_name((sy_type)row->cells[i].type));
        }
    }
    *out = mapped;
    return SY_OK;
}

sy_row *sy_row_overlay(sy_arena *arena, const sy_row *base, const sy_row *change)
{
    sy_row *result = sy_row_shallow(arena, base);
    if (result == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < change->schema->column_count; i++) {
        if (change->cells[i].type == SY_TYPE_ABSENT) {
            continue;
        }
        int at = sy_schema_match(base->schema, change->schema, i);
        if (at >= 0 && sy_schema_has_column(base->schema, (uint32_t)at)) {
            result->cells[at] = change->cells[i];
        }
    }
    return result;
}

const sy_value *sy_row_find(const sy_row *row, sy_str column)
{
    int at = sy_schema_find(row->schema, column);
    return at < 0 ? NULL : &row->cells[at];
}

static bool same_cell(const sy_value *a, const sy_value *b)
{
    return sy_value_compare(a, b) == 0; /* absent and null are one there */
}

/* Every own cell of `a` agrees with `b`'s of that name; a column that `b` lacks is missing there.
 */
static bool covered_by(const sy_row *a, const sy_row *b)
{
    for (uint32_t i = SY_SYSTEM_COUNT; i < a->schema->column_count; i++) {
        int at = sy_schema_match(b->schema, a->schema, i);
        if (!same_cell(&a->cells[i], at < 0 ? &SY_NULL : &b->cells[at])) {
            return false;
        }
    }
    return true;
}

bool sy_row_same_content(const sy_row *a, const sy_row *b)
{
    if (a == NULL || b == NULL) {
        return false;
    }
    return covered_by(a, b) && (a->schema == b->schema || covered_by(b, a));
}

void sy_row_to_json(const sy_row *row, sy_buf *out)
{
    if (row == NULL) {
        sy_buf_add_str(out, SY_STR("null"));
        return;
    }
    char separator = '{';
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        if (row->cells[i].type == SY_TYPE_ABSENT) {
            continue;
        }
        sy_buf_add_char(out, separator);
        sy_buf_add_json_string(out, row->schema->columns[i].name);
        sy_buf_add_char(out, ':');
        sy_value_to_json(&row->cells[i], out);
        separator = ',';
    }
    sy_buf_add_str(out, separator == '{' ? SY_STR("{}") : SY_STR("}"));
}
