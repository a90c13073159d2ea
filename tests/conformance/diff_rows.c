#include <stdlib.h>
#include <string.h>

#include "tests/conformance/diff.h"

json_t *diff_text(sy_str text)
{
    return json_stringn(text.size > 0 ? text.data : "", text.size);
}

static sy_str text_of(json_t *string)
{
    return (sy_str){json_string_value(string), json_string_length(string)};
}

/* -- into cells -- */

static bool is_whole(json_t *json)
{
    const double value = json_number_value(json);
    const bool fits = value > -1e18 && value < 1e18;
    return json_is_integer(json) || (json_is_real(json) && fits && value == (double)(int64_t)value);
}

/* A text column takes anything, by its JSON. */
static sy_rc text_cell(sy_arena *arena, json_t *json, sy_value *out, sy_err *err)
{
    if (json_is_string(json)) {
        *out = sy_text(text_of(json));
        return SY_OK;
    }
    char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    const sy_str copy = text != NULL ? sy_arena_copy(arena, sy_str_of(text)) : (sy_str){NULL, 0};
    free(text);
    *out = sy_text(copy);
    return copy.data == NULL ? sy_fail_nomem(err) : SY_OK;
}

/* As the SDK's store converts it. */
static sy_rc read_cell(sy_arena *arena, json_t *json, sy_type type, sy_value *out, sy_err *err)
{
    if (json_is_null(json)) {
        *out = SY_NULL;
    } else if (type == SY_TYPE_BOOL && json_is_boolean(json)) {
        *out = sy_bool(json_is_true(json));
    } else if (type == SY_TYPE_BOOL && is_whole(json)) {
        *out = sy_bool(json_number_value(json) != 0);
    } else if (type == SY_TYPE_REAL && json_is_number(json)) {
        *out = sy_real(json_number_value(json));
    } else {
        return text_cell(arena, json, out, err);
    }
    return SY_OK;
}

static int find_column(const sy_schema *schema, const char *name)
{
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if (sy_schema_has_column(schema, i) &&
            sy_str_equal_nocase(schema->columns[i].name, sy_str_of(name))) {
            return (int)i;
        }
    }
    return -1;
}

sy_rc diff_row_read(diff_player *player, const sy_schema *schema, json_t *json, sy_row **out,
                    sy_err *err)
{
    *out = sy_row_new(&player->arena, schema);
    if (*out == NULL) {
        return sy_fail_nomem(err);
    }
    const char *name = NULL;
    json_t *value = NULL;
    sy_rc rc = SY_OK;
    json_object_foreach(json, name, value)
    {
        int column = find_column(schema, name);
        if (column >= 0 && rc == SY_OK) {
            rc = read_cell(&player->arena, value, schema->columns[column].type,
                           &(*out)->cells[column], err);
        }
    }
    return rc;
}

/* -- out of cells -- */

static json_t *cell_json(const sy_row *row, const char *name)
{
    const sy_value *cell = sy_row_find(row, sy_str_of(name));
    if (cell == NULL || sy_value_missing(cell)) {
        return json_null();
    }
    switch (cell->type) {
    case SY_TYPE_BOOL:
        return json_boolean(cell->as.integer != 0);
    case SY_TYPE_INT:
        return json_integer(cell->as.integer);
    case SY_TYPE_REAL:
        return json_real(cell->as.real);
    default:
        return diff_text(sy_value_str(cell));
    }
}

json_t *diff_row_json(const diff_player *player, const sy_row *row)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "id", diff_text(diff_shown(player, sy_row_id(row))),
                     "text", cell_json(row, "text"), "complete", cell_json(row, "complete"),
                     "priority", cell_json(row, "priority"));
}

/* -- queries -- */

/* A literal that compares with the column as SQLite's affinities make it compare. false: it equals
 * no value of that type. */
static sy_rc read_literal(sy_arena *arena, json_t *json, sy_type type, sy_value *out, bool *never,
                          sy_err *err)
{
    *never = false;
    if (json_is_null(json)) {
        *out = SY_NULL;
        return SY_OK;
    }
    if (type == SY_TYPE_BOOL && json_is_number(json)) {
        double value = json_number_value(json);
        *never = value != 0 && value != 1;
        *out = sy_bool(value != 0);
        return SY_OK;
    }
    if (type == SY_TYPE_REAL && json_is_string(json)) {
        char *end = NULL;
        const double value = strtod(json_string_value(json), &end);
        *never = end == json_string_value(json) || *end != '\0';
        *out = sy_real(value);
        return SY_OK;
    }
    if (type == SY_TYPE_REAL && json_is_boolean(json)) {
        *out = sy_real(json_is_true(json) ? 1 : 0);
        return SY_OK;
    }
    if (type == SY_TYPE_TEXT && json_is_boolean(json)) {
        *out = sy_text(json_is_true(json) ? SY_STR("1") : SY_STR("0"));
        return SY_OK;
    }
    sy_rc rc = read_cell(arena, json, type, out, err);
    *never = out->type != (uint32_t)type;
    return rc;
}

sy_rc diff_query_read(diff_player *player, const sy_schema *schema, json_t *where, sy_query *out,
                      const char **unknown, sy_err *err)
{
    sy_arena *arena = &player->arena;
    const sy_expr *none = sy_expr_binary(arena, SY_EXPR_EQ, sy_expr_column(arena, SY_COLUMN_ID),
                                         sy_expr_literal(arena, sy_text(SY_STR(""))));
    const char *name = NULL;
    json_t *value = NULL;
    *out = sy_query_all(schema);
    *unknown = NULL;
    json_object_foreach(where, name, value)
    {
        int column = find_column(schema, name);
        const sy_expr *condition = none; /* a version is compared as bytes with a text: never */
        if (column >= 0) {
            bool never = false;
            sy_value literal;
            sy_rc rc =
                read_literal(arena, value, schema->columns[column].type, &literal, &never, err);
            if (rc != SY_OK) {
                return rc;
            }
            if (!never && !(column == SY_COLUMN_VERSION && literal.type != SY_TYPE_NULL)) {
                condition =
                    sy_expr_binary(arena, SY_EXPR_EQ, sy_expr_column(arena, (uint32_t)column),
                                   sy_expr_literal(arena, literal));
            }
        } else if (*unknown == NULL) {
            *unknown = name;
        }
        if (condition == NULL ||
            sy_expr_and(arena, out->filter, condition, &out->filter) != SY_OK) {
            return sy_fail_nomem(err);
        }
    }
    return SY_OK;
}
