/* Rows as bytes, for the queue's entries.
 *
 *     row  = mark(1) count(1) check(4) cell*count
 *     cell = column(4) type(1) payload
 *     payload of null: nothing; boolean: 1 byte; integer, real, datetime: 8; text, bytes: size(4)
 * and bytes
 *
 * All numbers are little-endian. `column` is the hash of the column's name, so an entry that was
 * written before a table got or lost a column still reads. `check` covers everything behind it and
 * the count: what was damaged is refused, and the reader still trusts no size that it finds. */
#include "core/value/row.h"

#include <string.h>

#include "core/base/check.h"
#include "core/base/hash.h"

#define MARK      0xC1
#define HEAD_SIZE 6
#define CELL_SIZE 13 /* at most, its text apart */
#define NOT_THERE 0xFF

/* Bytes of the payload of each type that has a place here; of text and bytes: of their size. */
static const unsigned char payload_sizes[SY_TYPE_COUNT] = {
    [SY_TYPE_ABSENT] = NOT_THERE, [SY_TYPE_NULL] = 0, [SY_TYPE_BOOL] = 1,     [SY_TYPE_INT] = 8,
    [SY_TYPE_REAL] = 8,           [SY_TYPE_TEXT] = 4, [SY_TYPE_DATETIME] = 8, [SY_TYPE_BLOB] = 4,
    [SY_TYPE_ROW] = NOT_THERE,
};

static void put_u32(unsigned char *out, uint32_t value)
{
    out[0] = (unsigned char)value;
    out[1] = (unsigned char)(value >> 8);
    out[2] = (unsigned char)(value >> 16);
    out[3] = (unsigned char)(value >> 24);
}

static void put_u64(unsigned char *out, uint64_t value)
{
    put_u32(out, (uint32_t)value);
    put_u32(out + 4, (uint32_t)(value >> 32));
}

static uint32_t get_u32(const unsigned char *in)
{
    return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
}

static uint64_t get_u64(const unsigned char *in)
{
    return (uint64_t)get_u32(in) | (uint64_t)get_u32(in + 4) << 32;
}

static uint32_t check_of(const void *cells, size_t size, uint32_t count)
{
    return (uint32_t)sy_hash(cells, size, count);
}

/* -- writing -- */

/* Returns the end of what it wrote. */
static unsigned char *encode_cell(uint32_t column, const sy_value *cell, unsigned char *out)
{
    put_u32(out, column);
    out[4] = (unsigned char)cell->type;
    out += 5;
    switch (payload_sizes[cell->type]) {
    case 0:
        return out;
    case 1:
        *out = cell->as.integer != 0 ? 1 : 0;
        return out + 1;
    case 4:
        put_u32(out, cell->size);
        sy_copy_short(out + 4, cell->as.text, cell->size);
        return out + 4 + cell->size;
    case 8: {
        uint64_t word = 0;
        memcpy(&word, &cell->as, sizeof word);
        put_u64(out, word);
        return out + 8;
    }
    default:
        SY_UNREACHABLE();
    }
}

sy_rc sy_row_encode(const sy_row *row, sy_arena *arena, sy_str *out, sy_err *err)
{
    const uint32_t column_count = row->schema->column_count;
    size_t size_max = HEAD_SIZE + (size_t)column_count * CELL_SIZE;
    for (uint32_t i = 0; i < column_count; i++) {
        size_max += sy_value_has_text(&row->cells[i]) ? row->cells[i].size : 0;
    }
    unsigned char *bytes = sy_arena_push(arena, size_max);
    if (bytes == NULL) {
        return sy_fail_nomem(err);
    }
    unsigned char *end = bytes + HEAD_SIZE;
    uint32_t count = 0;
    for (uint32_t i = 0; i < column_count; i++) {
        if (row->cells[i].type != SY_TYPE_ABSENT) {
            end = encode_cell(row->schema->column_hashes[i], &row->cells[i], end);
            count++;
        }
    }
    const size_t size = (size_t)(end - bytes);
    bytes[0] = MARK;
    bytes[1] = (unsigned char)count;
    put_u32(bytes + 2, check_of(bytes + HEAD_SIZE, size - HEAD_SIZE, count));
    *out = (sy_str){(const char *)bytes, size};
    return SY_OK;
}

/* -- reading -- */

/* Reads the cell at `at` and the hash of its column. Returns where the next one begins; NULL: this
 * is none. */
static const unsigned char *decode_cell(const unsigned char *at, const unsigned char *end,
                                        uint32_t *column, sy_value *out)
{
    if (end - at < 5 || at[4] >= SY_TYPE_COUNT || end - at - 5 < payload_sizes[at[4]]) {
        return NULL;
    }
    *column = get_u32(at);
    *out = (sy_value){.type = at[4]};
    at += 5;
    switch (payload_sizes[out->type]) {
    case 0:
        return at;
    case 1:
        out->as.integer = at[0];
        return at[0] <= 1 ? at + 1 : NULL;
    case 4:
        out->size = get_u32(at);
        out->as.text = (const char *)at + 4;
        return (size_t)(end - at - 4) >= out->size ? at + 4 + out->size : NULL;
    case 8: {
        const uint64_t word = get_u64(at);
        memcpy(&out->as, &word, sizeof word);
        return at + 8;
    }
    default: /* NOT_THERE */
        return NULL;
    }
}

/* The column of that hash, looked for from `from` on because cells come in schema order;
 * column_count: lost. */
static uint32_t find_column(const sy_schema *schema, uint32_t hash, uint32_t from)
{
    const uint32_t *hashes = schema->column_hashes;
    const uint32_t count = schema->column_count;
    uint32_t i = from;
    while (i < count && hashes[i] != hash) {
        i++;
    }
    if (i == count) {
        i = 0;
        while (i < from && hashes[i] != hash) {
            i++;
        }
        i = i < from ? i : count;
    }
    return i;
}

static bool is_number(uint32_t type)
{
    return type == SY_TYPE_INT || type == SY_TYPE_REAL;
}

static bool fits(const sy_value *cell, sy_type type)
{
    return cell->type == type || cell->type == SY_TYPE_NULL ||
           (is_number(cell->type) && is_number(type));
}

static sy_rc decode_cells(const unsigned char *at, const unsigned char *end, uint32_t count,
                          sy_row *row, sy_err *err)
{
    const sy_schema *schema = row->schema;
    const uint64_t columns =
        schema->system | ~(uint64_t)(SY_SYSTEM_BIT(SY_SYSTEM_COUNT) - 1); /* that it has, as bits */
    uint32_t from = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t hash;
        sy_value cell;
        at = decode_cell(at, end, &hash, &cell);
        if (at == NULL) {
            return SY_FAIL(err, SY_CORRUPT, "encoded row: cell %u of %u cannot be read", i + 1,
                           count);
        }
        const uint32_t column = find_column(schema, hash, from);
        if (column == schema->column_count) {
            continue;
        }
        from = column + 1;
        if ((columns >> column & 1) == 0) {
            continue;
        }
        if (!fits(&cell, schema->columns[column].type) ||
            row->cells[column].type != SY_TYPE_ABSENT) {
            return SY_FAIL(err, SY_CORRUPT, "encoded row: column '%.*s' of table %.*s cannot be %s",
                           SY_FMT(schema->columns[column].name), SY_FMT(schema->name),
                           sy_type_name((sy_type)cell.type));
        }
        row->cells[column] = cell;
    }
    if (at != end) {
        return SY_FAIL(err, SY_CORRUPT, "encoded row: %zu bytes too many", (size_t)(end - at));
    }
    return SY_OK;
}

/* Are these bytes a row, and undamaged? */
static sy_rc check_head(sy_str bytes, sy_err *err)
{
    const unsigned char *head = (const unsigned char *)bytes.data;
    if (bytes.size < HEAD_SIZE || head[0] != MARK) {
        return SY_FAIL(err, SY_CORRUPT, "encoded row: %zu bytes that are none", bytes.size);
    }
    if (get_u32(head + 2) != check_of(head + HEAD_SIZE, bytes.size - HEAD_SIZE, head[1])) {
        return SY_FAIL(err, SY_CORRUPT, "encoded row: damaged");
    }
    return SY_OK;
}

sy_rc sy_row_decode(sy_str bytes, const sy_schema *schema, sy_arena *arena, const sy_row **out,
                    sy_err *err)
{
    sy_rc rc = check_head(bytes, err);
    if (rc != SY_OK) {
        return rc;
    }
    const unsigned char *head = (const unsigned char *)bytes.data;
    const size_t size = bytes.size - HEAD_SIZE;
    sy_row *row = sy_row_new(arena, schema);
    unsigned char *copy = sy_arena_push(arena, size); /* the texts point into it */
    if (row == NULL || copy == NULL) {
        return sy_fail_nomem(err);
    }
    if (size > 0) {
        memcpy(copy, head + HEAD_SIZE, size);
    }
    rc = decode_cells(copy, copy + size, head[1], row, err);
    if (rc == SY_OK) {
        *out = row;
    }
    return rc;
}

sy_rc sy_row_decode_version(sy_str bytes, const sy_schema *schema, sy_str *out, sy_err *err)
{
    *out = (sy_str){NULL, 0};
    sy_rc rc = check_head(bytes, err);
    if (rc != SY_OK) {
        return rc;
    }
    const unsigned char *at = (const unsigned char *)bytes.data + HEAD_SIZE;
    const unsigned char *end = (const unsigned char *)bytes.data + bytes.size;
    const uint32_t count = (unsigned char)bytes.data[1];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t hash;
        sy_value cell;
        at = decode_cell(at, end, &hash, &cell);
        if (at == NULL) {
            return SY_FAIL(err, SY_CORRUPT, "encoded row: cell %u of %u cannot be read", i + 1,
                           count);
        }
        if (hash == schema->column_hashes[SY_COLUMN_VERSION]) {
            *out = sy_schema_has(schema, SY_COLUMN_VERSION) ? sy_value_str(&cell) : *out;
            return SY_OK;
        }
    }
    return SY_OK;
}
