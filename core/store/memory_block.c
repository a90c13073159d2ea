/* Building and reading packed rows. A row is looked at twice: what it takes, then it is written in
 * one go, so that its size is exact. */
#include "core/store/memory_block.h"

#include <string.h>

#include "core/store/row_check.h"

#define LONG_TEXT      255u
#define BLOCK_SIZE_MAX ((uint64_t)UINT32_MAX - 4096)

static bool is_text(sy_type type)
{
    return type == SY_TYPE_TEXT || type == SY_TYPE_BLOB;
}

static size_t allocated(uint32_t size)
{
    return offsetof(sy_block, values) + size;
}

/* Of texts and blobs without their bytes. */
static const unsigned char cell_sizes[SY_TYPE_COUNT] = {
    [SY_TYPE_BOOL] = 1, [SY_TYPE_INT] = 8,      [SY_TYPE_REAL] = 9,
    [SY_TYPE_TEXT] = 1, [SY_TYPE_DATETIME] = 8, [SY_TYPE_BLOB] = 1,
};

/* -- building -- */

/* What a row comes to. */
typedef struct plan {
    uint64_t present, absent; /* bits of columns: with a value; not there at all */
    uint64_t size;
    uint32_t odd; /* 0: every cell may stand in its column */
} plan;

static plan plan_row(const sy_schema *schema, const sy_value *cells, uint32_t count)
{
    plan all = {.size = 0};
    const sy_column *is = schema->columns;
    uint64_t bit = 1;
    for (const sy_value *cell = cells; cell < cells + count; cell++, is++, bit += bit) {
        if (cell->type <= SY_TYPE_NULL) {
            all.absent |= cell->type == SY_TYPE_ABSENT ? bit : 0;
            continue;
        }
        all.present |= bit;
        all.odd |= is->type == SY_TYPE_REAL ? !sy_fits_real(cell) : cell->type ^ (uint32_t)is->type;
        all.size += cell_sizes[is->type];
        if (is_text((sy_type)cell->type)) { /* among reals: a type, then the text */
            all.size -= is->type == SY_TYPE_REAL ? 7 : 0;
            all.size += cell->size + (cell->size < LONG_TEXT ? 0 : sizeof cell->size);
        }
    }
    return all;
}

static unsigned char *put(unsigned char *to, const void *from, size_t size)
{
    memcpy(to, from, size);
    return to + size;
}

static inline unsigned char *put_text(unsigned char *to, const sy_value *cell)
{
    const uint32_t size = cell->size;
    *to++ = size < LONG_TEXT ? (unsigned char)size : LONG_TEXT;
    if (size >= LONG_TEXT) {
        to = put(to, &size, sizeof size);
    }
    sy_copy_short(to, cell->as.text, size);
    return to + size;
}

static inline unsigned char *put_cell(unsigned char *to, sy_type type, const sy_value *cell)
{
    if (is_text(type)) {
        return put_text(to, cell);
    }
    if (type == SY_TYPE_BOOL) {
        *to = cell->as.integer != 0;
        return to + 1;
    }
    if (type == SY_TYPE_REAL) {
        *to++ = (unsigned char)cell->type;
        if (cell->type == SY_TYPE_TEXT) {
            return put_text(to, cell);
        }
    }
    return put(to, &cell->as, 8);
}

/* `row` over what stands in `old`: every cell of `schema`. */
static void merge(const sy_schema *schema, const sy_row *row, const sy_block *old, sy_value *out)
{
    sy_block_view(old, schema, out);
    for (uint32_t column = 0; column < row->schema->column_count; column++) {
        if (row->cells[column].type != SY_TYPE_ABSENT) {
            out[column] = row->cells[column];
        }
    }
}

sy_rc sy_block_build(sy_alloc alloc, const sy_schema *schema, const sy_row *row,
                     const sy_block *old, sy_block **out, sy_err *err)
{
    sy_value merged[SY_COLUMN_COUNT_MAX];
    const sy_value *cell = row->cells;
    const uint32_t count = row->schema->column_count;
    plan all = plan_row(schema, cell, count);
    /* Does `old` have a value where `row` leaves what is there? */
    if (old != NULL && ((all.absent | ~UINT64_C(0) << count) & old->present) != 0) {
        merge(schema, row, old, merged);
        cell = merged;
        all = plan_row(schema, cell, schema->column_count);
    }
    const uint64_t system = (UINT64_C(1) << SY_SYSTEM_COUNT) - 1;
    if (all.odd != 0 || (all.present & 1) == 0 ||
        (all.present & system & ~(uint64_t)row->schema->system) != 0) {
        sy_rc rc = sy_row_check(row, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (all.size > BLOCK_SIZE_MAX) {
        return SY_FAIL(err, SY_LIMIT, "a row of table %.*s is too large", SY_FMT(schema->name));
    }
    sy_block *block = sy_alloc_get(alloc, allocated((uint32_t)all.size));
    if (block == NULL) {
        return sy_fail_nomem(err);
    }
    block->present = all.present;
    block->size = (uint32_t)all.size;
    unsigned char *to = block->values;
    const sy_column *is = schema->columns;
    for (uint64_t left = all.present; left != 0; left >>= 1, cell++, is++) {
        if ((left & 1) != 0) {
            to = put_cell(to, is->type, cell);
        }
    }
    *out = block;
    return SY_OK;
}

sy_block *sy_block_copy(sy_alloc alloc, const sy_block *block)
{
    sy_block *copy = sy_alloc_get(alloc, allocated(block->size));
    if (copy != NULL) {
        *copy = (sy_block){.present = block->present, .size = block->size};
        memcpy(copy->values, block->values, block->size);
    }
    return copy;
}

void sy_block_free(sy_alloc alloc, sy_block *block)
{
    if (block != NULL) {
        sy_alloc_free(alloc, block, allocated(block->size));
    }
}

/* -- reading -- */

static inline const unsigned char *take(const unsigned char *from, void *to, size_t size)
{
    memcpy(to, from, size);
    return from + size;
}

static inline const unsigned char *take_text(const unsigned char *from, sy_value *out)
{
    out->size = *from++;
    if (out->size == LONG_TEXT) {
        from = take(from, &out->size, sizeof out->size);
    }
    out->as.text = (const char *)from;
    return from + out->size;
}

static inline const unsigned char *take_cell(const unsigned char *from, sy_type type, sy_value *out)
{
    out->type = (uint32_t)type;
    if (is_text(type)) {
        return take_text(from, out);
    }
    out->size = 0;
    if (type == SY_TYPE_BOOL) {
        out->as.integer = *from;
        return from + 1;
    }
    if (type == SY_TYPE_REAL) {
        out->type = *from++;
        if (out->type == SY_TYPE_TEXT) {
            return take_text(from, out);
        }
    }
    return take(from, &out->as, 8);
}

/* The id is the first column. */
sy_str sy_block_id(const sy_block *block)
{
    sy_value id;
    (void)take_text(block->values, &id);
    return (sy_str){id.as.text, id.size};
}

static const unsigned char *pass_cell(const unsigned char *from, sy_type type)
{
    sy_value cell;
    const bool any_size = is_text(type) || type == SY_TYPE_REAL;
    return any_size ? take_cell(from, type, &cell) : from + cell_sizes[type];
}

bool sy_block_integer(const sy_block *block, const sy_schema *schema, uint32_t column, int64_t *out)
{
    if ((block->present >> column & 1) == 0) {
        return false;
    }
    const unsigned char *from = block->values;
    for (uint32_t i = 0; i < column; i++) {
        if ((block->present >> i & 1) != 0) {
            from = pass_cell(from, schema->columns[i].type);
        }
    }
    (void)take(from, out, sizeof *out);
    return true;
}

static void view(uint64_t present, const unsigned char *from, const sy_schema *schema,
                 sy_value *cells)
{
    for (uint32_t column = 0; column < schema->column_count; column++, present >>= 1) {
        if ((present & 1) != 0) {
            from = take_cell(from, schema->columns[column].type, &cells[column]);
        } else {
            bool has = sy_schema_has_column(schema, column);
            cells[column] = (sy_value){.type = has ? SY_TYPE_NULL : SY_TYPE_ABSENT};
        }
    }
}

void sy_block_view(const sy_block *block, const sy_schema *schema, sy_value *cells)
{
    view(block->present, block->values, schema, cells);
}

const sy_row *sy_block_row(const sy_block *block, const sy_schema *schema, sy_arena *arena)
{
    size_t size = sizeof(sy_row) + schema->column_count * sizeof(sy_value);
    sy_row *row = sy_arena_push(arena, size + block->size);
    if (row != NULL) {
        unsigned char *values = put((unsigned char *)row + size, block->values, block->size);
        row->schema = schema;
        view(block->present, values - block->size, schema, row->cells);
    }
    return row;
}
