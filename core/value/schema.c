/* Schemas: what makes a name a good one, and where the columns stand. */
#include "core/value/schema.h"

#include "core/base/check.h"
#include "core/base/hash.h"

static const sy_column system_columns[SY_SYSTEM_COUNT] = {
    [SY_COLUMN_ID] = {{"id", 2}, SY_TYPE_TEXT},
    [SY_COLUMN_VERSION] = {{"version", 7}, SY_TYPE_TEXT},
    [SY_COLUMN_CREATED_AT] = {{"createdAt", 9}, SY_TYPE_DATETIME},
    [SY_COLUMN_UPDATED_AT] = {{"updatedAt", 9}, SY_TYPE_DATETIME},
    [SY_COLUMN_DELETED] = {{"deleted", 7}, SY_TYPE_BOOL},
    [SY_COLUMN_SEQUENCE] = {{"__sequence", 10}, SY_TYPE_INT},
    [SY_COLUMN_EDITED_AT] = {{"__editedAt", 10}, SY_TYPE_DATETIME},
    [SY_COLUMN_EDITED_BY] = {{"__editedBy", 10}, SY_TYPE_TEXT},
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(sy_str name)
{
    if (name.size == 0 || name.size > SY_NAME_SIZE_MAX || !is_letter(name.data[0])) {
        return false;
    }
    for (size_t i = 1; i < name.size; i++) {
        char c = name.data[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9')) {
            return false;
        }
    }
    return true;
}

/* One column of the table's own against the system columns and those before it. Names that differ
 * by case only cannot stand side by side in SQLite; hashes name columns in encoded rows
 * (row_codec.c). */
static sy_rc check_column(sy_str table, const sy_column *columns, const uint32_t *hashes,
                          uint32_t index, sy_err *err)
{
    sy_str name = columns[index].name;
    if (!is_name(name)) {
        return SY_FAIL(err, SY_SCHEMA,
                       "table %.*s: '%.*s' is no column name: a letter or _ first, then letters, "
                       "digits or _, at most %d",
                       SY_FMT(table), SY_FMT(name), SY_NAME_SIZE_MAX);
    }
    if (columns[index].type < SY_TYPE_BOOL || columns[index].type > SY_TYPE_BLOB) {
        return SY_FAIL(err, SY_SCHEMA, "table %.*s: column %.*s has no type", SY_FMT(table),
                       SY_FMT(name));
    }
    for (uint32_t i = 0; i < index; i++) {
        if (sy_str_equal_nocase(name, columns[i].name)) {
            return SY_FAIL(err, SY_SCHEMA, "table %.*s: column %.*s %s", SY_FMT(table),
                           SY_FMT(name),
                           i < SY_SYSTEM_COUNT ? "is a system column" : "is there twice");
        }
        if (hashes[i] == hashes[index]) {
            return SY_FAIL(err, SY_SCHEMA,
                           "table %.*s: columns %.*s and %.*s share a hash; rename one",
                           SY_FMT(table), SY_FMT(columns[i].name), SY_FMT(name));
        }
    }
    return SY_OK;
}

sy_rc sy_schema_new(sy_arena *arena, sy_str name, uint32_t system, const sy_column *user,
                    uint32_t user_count, const sy_schema **out, sy_err *err)
{
    if (!is_name(name)) {
        return SY_FAIL(err, SY_SCHEMA,
                       "'%.*s' is no table name: a letter or _ first, then letters, digits or _, "
                       "at most %d",
                       SY_FMT(name), SY_NAME_SIZE_MAX);
    }
    if (user_count > SY_COLUMN_COUNT_MAX - SY_SYSTEM_COUNT) {
        return SY_FAIL(err, SY_SCHEMA, "table %.*s: %u columns, at most %d are possible",
                       SY_FMT(name), user_count, SY_COLUMN_COUNT_MAX - SY_SYSTEM_COUNT);
    }
    uint32_t count = SY_SYSTEM_COUNT + user_count;
    sy_schema *schema = sy_arena_push(arena, sizeof *schema);
    sy_column *columns = sy_arena_push(arena, count * sizeof *columns);
    uint32_t *hashes = sy_arena_push(arena, count * sizeof *hashes);
    sy_str own_name = sy_arena_copy(arena, name);
    if (schema == NULL || columns == NULL || hashes == NULL || own_name.data == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < count; i++) {
        columns[i] = i < SY_SYSTEM_COUNT ? system_columns[i] : user[i - SY_SYSTEM_COUNT];
        hashes[i] = (uint32_t)sy_hash(columns[i].name.data, columns[i].name.size, 0);
        if (i < SY_SYSTEM_COUNT) {
            continue;
        }
        sy_rc rc = check_column(name, columns, hashes, i, err);
        if (rc != SY_OK) {
            return rc;
        }
        columns[i].name = sy_arena_copy(arena, columns[i].name);
        if (columns[i].name.data == NULL) {
            return sy_fail_nomem(err);
        }
    }
    *schema = (sy_schema){
        .name = own_name,
        .column_count = count,
        .system = system | SY_SYSTEM_BIT(SY_COLUMN_ID),
        .columns = columns,
        .column_hashes = hashes,
    };
    schema->shape = sy_schema_shape(schema);
    *out = schema;
    return SY_OK;
}

sy_rc sy_schema_with_initials(sy_arena *arena, const sy_schema *schema, const sy_value *initials,
                              const sy_schema **out, sy_err *err)
{
    *out = schema;
    if (initials == NULL) {
        return SY_OK;
    }
    sy_schema *made = sy_arena_push(arena, sizeof *made);
    sy_value *values = sy_arena_push_zeroed(arena, schema->column_count * sizeof *values);
    if (made == NULL || values == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        if (sy_value_copy(&initials[i - SY_SYSTEM_COUNT], arena, &values[i]) != SY_OK) {
            return sy_fail_nomem(err);
        }
    }
    *made = *schema;
    made->initials = values;
    *out = made;
    return SY_OK;
}

const sy_schema *sy_schema_copy(sy_arena *arena, const sy_schema *schema)
{
    const uint32_t count = schema->column_count;
    sy_schema *copy = sy_arena_push(arena, sizeof *copy);
    sy_column *columns = sy_arena_push(arena, count * sizeof *columns);
    uint32_t *hashes = sy_arena_push(arena, count * sizeof *hashes);
    if (copy == NULL || columns == NULL || hashes == NULL) {
        return NULL;
    }
    *copy = *schema;
    copy->name = sy_arena_copy(arena, schema->name);
    copy->columns = columns;
    copy->column_hashes = hashes;
    copy->initials = NULL;
    for (uint32_t i = 0; i < count; i++) {
        sy_str name = sy_arena_copy(arena, schema->columns[i].name);
        if (name.data == NULL) {
            return NULL;
        }
        columns[i] = (sy_column){.name = name, .type = schema->columns[i].type};
        hashes[i] = (uint32_t)sy_hash(name.data, name.size, 0);
    }
    return copy->name.data != NULL ? copy : NULL;
}

int sy_schema_find(const sy_schema *schema, sy_str column)
{
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if (sy_str_equal(schema->columns[i].name, column)) {
            return sy_schema_has_column(schema, i) ? (int)i : -1;
        }
    }
    return -1;
}

int sy_schema_match(const sy_schema *schema, const sy_schema *other, uint32_t index)
{
    if (index < SY_SYSTEM_COUNT || sy_schema_same(schema, other)) {
        return (int)index;
    }
    sy_str name = other->columns[index].name;
    if (index < schema->column_count && sy_str_equal(schema->columns[index].name, name)) {
        return (int)index;
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        if (sy_str_equal(schema->columns[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

uint64_t sy_schema_shape(const sy_schema *schema)
{
    if (schema->shape != 0) {
        return schema->shape;
    }
    uint64_t hash =
        sy_hash(schema->name.data, schema->name.size, schema->system & ~SY_SCHEMA_LOOSE);
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        const sy_column *column = &schema->columns[i];
        hash = sy_hash(column->name.data, column->name.size, sy_hash_mix(hash, column->type));
    }
    return hash != 0 ? hash : 1;
}

sy_str sy_system_column_name(sy_system_column column)
{
    SY_ASSERT(column < SY_SYSTEM_COUNT);
    return system_columns[column].name;
}
