/* Rows from JSON objects. A name is a column's in any case: no two columns differ by case only.
 * What the table lacks is dropped, or, where the server adds columns as they come, handed on as
 * columns of a schema made for this row. */
#include "core/base/base64.h"
#include "core/base/check.h"
#include "core/wire/internal.h"

/* -- cells -- */

static sy_wire_fit copy_text(sy_str text, sy_arena *arena, sy_value *out)
{
    const sy_str copy = sy_arena_copy(arena, text);
    if (copy.data == NULL) {
        return SY_WIRE_FIT_NO_MEMORY;
    }
    *out = sy_text(copy);
    return SY_WIRE_FITS;
}

static sy_wire_fit read_time(const sy_value *scalar, sy_value *out)
{
    sy_time time = 0;
    if (scalar->type != SY_TYPE_TEXT || sy_time_parse(sy_value_str(scalar), &time, NULL) != SY_OK) {
        return SY_WIRE_UNFIT;
    }
    *out = sy_datetime(time);
    return SY_WIRE_FITS;
}

static sy_wire_fit read_bytes(const sy_value *scalar, sy_arena *arena, sy_value *out)
{
    sy_str bytes;
    if (scalar->type != SY_TYPE_TEXT || !sy_base64_is(sy_value_str(scalar))) {
        return SY_WIRE_UNFIT;
    }
    if (sy_base64_read(sy_value_str(scalar), arena, &bytes, NULL) != SY_OK) {
        return SY_WIRE_FIT_NO_MEMORY;
    }
    *out = sy_blob(bytes);
    return SY_WIRE_FITS;
}

/* A whole real that 64 bits hold. */
static bool whole(double real, int64_t *out)
{
    if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0)) {
        return false;
    }
    *out = (int64_t)real;
    return (double)*out == real;
}

/* An integer may stand among reals: it is the same number [core/store]. */
static sy_wire_fit read_number(const sy_value *scalar, sy_type type, sy_value *out)
{
    int64_t integer = 0;
    if (scalar->type == SY_TYPE_INT || (scalar->type == SY_TYPE_REAL && type == SY_TYPE_REAL)) {
        *out = *scalar;
        return SY_WIRE_FITS;
    }
    if (scalar->type == SY_TYPE_REAL && whole(scalar->as.real, &integer)) {
        *out = sy_int(integer);
        return SY_WIRE_FITS;
    }
    return SY_WIRE_UNFIT;
}

sy_wire_fit sy_wire_read_cell(const sy_json *json, sy_type type, sy_arena *arena, sy_value *out)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind == SY_JSON_ARRAY || kind == SY_JSON_OBJECT) {
        return SY_WIRE_UNFIT;
    }
    const sy_value scalar = sy_json_scalar(json);
    if (kind == SY_JSON_NULL) {
        *out = SY_NULL;
        return SY_WIRE_FITS;
    }
    switch (type) {
    case SY_TYPE_BOOL:
        *out = scalar;
        return kind == SY_JSON_BOOL ? SY_WIRE_FITS : SY_WIRE_UNFIT;
    case SY_TYPE_INT:
    case SY_TYPE_REAL:
        return read_number(&scalar, type, out);
    case SY_TYPE_TEXT:
        return kind == SY_JSON_TEXT ? copy_text(sy_value_str(&scalar), arena, out) : SY_WIRE_UNFIT;
    case SY_TYPE_DATETIME:
        return read_time(&scalar, out);
    case SY_TYPE_BLOB:
        return read_bytes(&scalar, arena, out);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    SY_UNREACHABLE();
}

/* -- columns -- */

/* -1: the table has none of that name. */
static int find_column(const sy_row_reading *reading, sy_str name)
{
    const sy_schema *schema = reading->schema;
    for (uint32_t i = 0; i < SY_SYSTEM_COUNT; i++) {
        const char *system = reading->format->system_names[i];
        if (system != NULL && sy_str_equal_nocase(sy_str_of(system), name)) {
            return (int)i;
        }
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        if (sy_str_equal_nocase(schema->columns[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

/* The type that a server that adds columns gives to one with this first value. A null gives none:
 * the cell tells. */
static sy_type type_of(const sy_json *value)
{
    switch (sy_json_kind_of(value)) {
    case SY_JSON_BOOL:
        return SY_TYPE_BOOL;
    case SY_JSON_INT:
    case SY_JSON_REAL:
        return SY_TYPE_REAL;
    case SY_JSON_TEXT:
    case SY_JSON_OBJECT:
    case SY_JSON_NULL:
    case SY_JSON_ARRAY:
        break;
    }
    return SY_TYPE_TEXT;
}

static const char *type_name_of(const sy_json *json)
{
    switch (sy_json_kind_of(json)) {
    case SY_JSON_ARRAY:
        return "an array";
    case SY_JSON_OBJECT:
        return "an object";
    case SY_JSON_NULL:
    case SY_JSON_BOOL:
    case SY_JSON_INT:
    case SY_JSON_REAL:
    case SY_JSON_TEXT:
        break;
    }
    const sy_value scalar = sy_json_scalar(json);
    return sy_type_name((sy_type)scalar.type);
}

/* The schema with a column for every member that it lacks; the same when it lacks none. */
static sy_rc widen(const sy_row_reading *reading, const sy_json *object, sy_arena *arena,
                   const sy_schema **out, sy_err *err)
{
    const sy_schema *schema = reading->schema;
    const size_t count_max = schema->column_count + sy_json_count(object);
    sy_column *columns = sy_arena_push(arena, count_max * sizeof *columns);
    if (columns == NULL) {
        return sy_fail_nomem(err);
    }
    uint32_t count = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        columns[count++] = schema->columns[i];
    }
    const uint32_t own_count = count;
    sy_json_member member;
    for (bool more = sy_json_first(object, &member); more; more = sy_json_next(object, &member)) {
        const sy_json_kind kind = sy_json_kind_of(member.value);
        if (find_column(reading, member.name) >= 0 ||
            (reading->drops_null && kind == SY_JSON_NULL)) {
            continue;
        }
        if (kind == SY_JSON_ARRAY || kind == SY_JSON_OBJECT) {
            (void)SY_FAIL(err, SY_INVALID, "column '%.*s': %s has no type", SY_FMT(member.name),
                          type_name_of(member.value));
            return sy_wire_refused_by(reading->format, SY_WIRE_FLAW_COLUMN, arena, reading->refusal,
                                      err);
        }
        columns[count++] = (sy_column){member.name, type_of(member.value)};
    }
    *out = schema;
    if (count == own_count) {
        return SY_OK;
    }
    const sy_rc rc = sy_schema_new(arena, schema->name, schema->system, columns, count, out, err);
    return rc != SY_SCHEMA ? rc
                           : sy_wire_refused_by(reading->format, SY_WIRE_FLAW_COLUMN, arena,
                                                reading->refusal, err);
}

static sy_rc read_member(const sy_row_reading *reading, const sy_json_member *member,
                         sy_arena *arena, sy_row *row, sy_err *err)
{
    const int at = find_column(reading, member->name);
    if (at == SY_COLUMN_ID && reading->loose && !reading->drops_null &&
        !sy_str_equal(member->name, SY_STR("id"))) {
        return SY_OK; /* an update looks for `id` alone, and sets no column of that name */
    }
    if (at < 0 || row->cells[at].type != SY_TYPE_ABSENT) { /* written twice, in another case */
        return SY_OK;
    }
    const sy_column *column = &row->schema->columns[at];
    const sy_wire_fit fits =
        reading->loose ? sy_wire_loose_cell(member->value, at == SY_COLUMN_ID, column->type, arena,
                                            &row->cells[at])
                       : sy_wire_read_cell(member->value, column->type, arena, &row->cells[at]);
    if (fits == SY_WIRE_FIT_NO_MEMORY) {
        return sy_fail_nomem(err);
    }
    if (fits == SY_WIRE_FITS) {
        return SY_OK;
    }
    row->cells[at] = (sy_value){.type = SY_TYPE_ABSENT};
    (void)SY_FAIL(err, SY_INVALID, "table %.*s: column '%.*s' is %s, not %s",
                  SY_FMT(row->schema->name), SY_FMT(column->name), sy_type_name(column->type),
                  type_name_of(member->value));
    return sy_wire_refused_by(reading->format, SY_WIRE_FLAW_VALUE, arena, reading->refusal, err);
}

sy_rc sy_wire_read_row(const sy_row_reading *given, const sy_json *object, sy_arena *arena,
                       const sy_row **out, sy_err *err)
{
    sy_row_reading reading = *given;
    if (reading.keeps_unknown) {
        const sy_rc rc = widen(given, object, arena, &reading.schema, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    sy_row *row = sy_row_new(arena, reading.schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    sy_json_member member;
    for (bool more = sy_json_first(object, &member); more; more = sy_json_next(object, &member)) {
        const sy_rc rc = read_member(&reading, &member, arena, row, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    *out = row;
    return SY_OK;
}
