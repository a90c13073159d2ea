/* A row: one cell for each column of its schema, borrowed text. Rows are built in an arena and
 * never changed once they were handed on. */
#ifndef SY_VALUE_ROW_H
#define SY_VALUE_ROW_H

#include "core/value/schema.h"

typedef struct sy_row {
    const sy_schema *schema;
    sy_value cells[]; /* schema->column_count of them */
} sy_row;

typedef struct sy_rows {
    const sy_row **items;
    size_t count;
    int64_t total; /* matching rows without skip and top, when it was asked for; else -1 */
} sy_rows;

/* All cells absent; NULL when there is no memory. */
sy_row *sy_row_new(sy_arena *arena, const sy_schema *schema);
/* A deep copy; NULL when there is no memory. */
sy_row *sy_row_copy(sy_arena *arena, const sy_row *row);
/* A copy whose cells can be set, texts shared with `row`; NULL when there is no memory. */
sy_row *sy_row_shallow(sy_arena *arena, const sy_row *row);
/* The row as another schema sees it: cells matched by column name, columns that `schema` lacks
 * dropped (or, with `strict`, SY_SCHEMA), those that the row lacks absent. Texts shared. */
sy_rc sy_row_map(sy_arena *arena, const sy_row *row, const sy_schema *schema, bool strict,
                 const sy_row **out, sy_err *err);
/* `base` with every cell that `change` has (not absent) put over it. NULL when there is no memory.
 */
sy_row *sy_row_overlay(sy_arena *arena, const sy_row *base, const sy_row *change);

static inline sy_str sy_row_id(const sy_row *row)
{
    return sy_value_str(&row->cells[SY_COLUMN_ID]);
}

/* Empty when the row has none. */
static inline sy_str sy_row_version(const sy_row *row)
{
    return sy_value_str(&row->cells[SY_COLUMN_VERSION]);
}

static inline bool sy_row_deleted(const sy_row *row)
{
    const sy_value *cell = &row->cells[SY_COLUMN_DELETED];
    return cell->type == SY_TYPE_BOOL && cell->as.integer != 0;
}

/* Leaves the tombstones out. */
static inline void sy_rows_drop_deleted(sy_rows *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (!sy_row_deleted(rows->items[i])) {
            rows->items[kept++] = rows->items[i];
        }
    }
    rows->count = kept;
}

/* 0 when the row has none: 1970 (protocol.md 7.3). */
static inline sy_time sy_row_updated_at(const sy_row *row)
{
    const sy_value *cell = &row->cells[SY_COLUMN_UPDATED_AT];
    return cell->type == SY_TYPE_DATETIME ? cell->as.integer : 0;
}

extern const sy_value sy_null_cell;

/* The cell for a column of another schema; a null where the row has none. */
static inline const sy_value *sy_row_cell(const sy_row *row, const sy_schema *schema,
                                          uint32_t column)
{
    if (column < SY_SYSTEM_COUNT || row->schema == schema) {
        return &row->cells[column];
    }
    int at = sy_schema_match(row->schema, schema, column);
    return at < 0 ? &sy_null_cell : &row->cells[at];
}

/* By column name; NULL when the schema lacks it. */
const sy_value *sy_row_find(const sy_row *row, sy_str column);

/* The columns of the table's own agree (absent and null are the same here); of either NULL: false.
 */
bool sy_row_same_content(const sy_row *a, const sy_row *b);

/* {"id":"a","text":"milk"}: cells that are not absent, in schema order. NULL row: null. */
void sy_row_to_json(const sy_row *row, sy_buf *out);

/* A compact text of bytes for a queue entry: (column name hash, cell) pairs, so that it survives a
 * change of schema. Reading ignores columns that the schema lost. SY_CORRUPT for anything else. */
sy_rc sy_row_encode(const sy_row *row, sy_arena *arena, sy_str *out, sy_err *err);
sy_rc sy_row_decode(sy_str bytes, const sy_schema *schema, sy_arena *arena, const sy_row **out,
                    sy_err *err);
/* Of all that only the version, as text of `bytes`; empty: it has none. */
sy_rc sy_row_decode_version(sy_str bytes, const sy_schema *schema, sy_str *out, sy_err *err);

#endif
