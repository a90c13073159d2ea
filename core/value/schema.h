/* What a table looks like. Every table has the system columns at fixed places (a table that lacks
 * one leaves its cell absent), then the columns of its own. protocol.md 2.1. */
#ifndef SY_VALUE_SCHEMA_H
#define SY_VALUE_SCHEMA_H

#include "core/value/value.h"

typedef enum sy_system_column {
    SY_COLUMN_ID = 0,
    SY_COLUMN_VERSION,
    SY_COLUMN_CREATED_AT,
    SY_COLUMN_UPDATED_AT,
    SY_COLUMN_DELETED,
    SY_COLUMN_SEQUENCE,  /* `sound` only: the server's commit sequence */
    SY_COLUMN_EDITED_AT, /* `sound` only: when the winning edit was made, by its author's clock */
    SY_COLUMN_EDITED_BY, /* `sound` only: "<client id>:<operation sequence>" of that edit */
    SY_SYSTEM_COUNT
} sy_system_column;

#define SY_SYSTEM_BIT(column) (1u << (column))
#define SY_SYSTEM_CLASSIC                                                                          \
    (SY_SYSTEM_BIT(SY_COLUMN_ID) | SY_SYSTEM_BIT(SY_COLUMN_VERSION) |                              \
     SY_SYSTEM_BIT(SY_COLUMN_CREATED_AT) | SY_SYSTEM_BIT(SY_COLUMN_UPDATED_AT) |                   \
     SY_SYSTEM_BIT(SY_COLUMN_DELETED))

/* Among the system bits, and no column: texts may stand in columns of reals, as in SQLite's. No
 * part of the shape. */
#define SY_SCHEMA_LOOSE   (UINT32_C(1) << 31)
#define SY_SYSTEM_COLUMNS (SY_SYSTEM_BIT(SY_SYSTEM_COUNT) - 1)

#define SY_COLUMN_COUNT_MAX 63
#define SY_NAME_SIZE_MAX    128

typedef struct sy_column {
    sy_str name;
    sy_type type;
} sy_column;

typedef struct sy_schema {
    sy_str name;
    uint32_t column_count; /* system columns included */
    uint32_t system;       /* SY_SYSTEM_BIT of those that the table has; SY_SCHEMA_LOOSE */
    const sy_column *columns;
    const uint32_t *column_hashes; /* of the names; no two are the same */
    const sy_value *initials; /* what a new object of the app's class has, by column; absent cells,
                                 or NULL: nothing is said */
    uint64_t
        shape; /* hash of all of the above: schemas of one shape are the same. 0: made by hand */
} sy_schema;

/* Builds a schema in `arena` (it lives as long): `user` columns after the system ones. Errors:
 * SY_SCHEMA for a bad or doubled name (letter or `_` first, then letters, digits, `_`; at most
 * SY_NAME_SIZE_MAX; not a system column's; case does not make two), too many columns; SY_NOMEM.
 * protocol.md 4.2. */
sy_rc sy_schema_new(sy_arena *arena, sy_str name, uint32_t system, const sy_column *user,
                    uint32_t user_count, const sy_schema **out, sy_err *err);

/* The same schema with `initials` (one for each column of the table's own, copied; NULL: none).
 * SY_OK or SY_NOMEM. */
sy_rc sy_schema_with_initials(sy_arena *arena, const sy_schema *schema, const sy_value *initials,
                              const sy_schema **out, sy_err *err);

/* A copy in `arena` that shares nothing; without initials. NULL: no memory. */
const sy_schema *sy_schema_copy(sy_arena *arena, const sy_schema *schema);

/* -1 when there is none. Column names are compared as they are. A system column that the table
 * lacks is not found. */
int sy_schema_find(const sy_schema *schema, sy_str column);
static inline bool sy_schema_has(const sy_schema *schema, sy_system_column column)
{
    return (schema->system & SY_SYSTEM_BIT(column)) != 0;
}

/* May a text stand in a column of this type? */
static inline bool sy_schema_takes_text(const sy_schema *schema, sy_type type)
{
    return type == SY_TYPE_REAL && (schema->system & SY_SCHEMA_LOOSE) != 0;
}

/* The same for any column index: true for all columns of the table's own. */
static inline bool sy_schema_has_column(const sy_schema *schema, uint32_t index)
{
    return index >= SY_SYSTEM_COUNT || (schema->system & SY_SYSTEM_BIT(index)) != 0;
}

/* The same name, columns and types, wherever they were made. */
static inline bool sy_schema_same(const sy_schema *a, const sy_schema *b)
{
    return a == b || (a->shape != 0 && a->shape == b->shape);
}

/* Where `schema` has the column that stands at `index` in `other` (a system column: at the same
 * place, whether the table has it or not); -1: nowhere. */
int sy_schema_match(const sy_schema *schema, const sy_schema *other, uint32_t index);
/* schema->shape, also of one that was made by hand; never 0. */
uint64_t sy_schema_shape(const sy_schema *schema);
sy_str sy_system_column_name(sy_system_column column);

#endif
