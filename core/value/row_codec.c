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

static void put_u32(unsigned char *out, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (unsigned char)(value >> (8 * i));
    }
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

static void encode_cell(uint32_t column, const sy_value *cell, sy_buf *out)
{
    unsigned char bytes[13];
    uint64_t word = 0;
    put_u32(bytes, column);
    bytes[4] = (unsigned char)cell->type;
    switch ((sy_type)cell->type) {
    case SY_TYPE_NULL:
        sy_buf_add(out, bytes, 5);
        return;
    case SY_TYPE_BOOL:
        bytes[5] = cell->as.integer != 0 ? 1 : 0;
        sy_buf_add(out, bytes, 6);
        return;
    case SY_TYPE_INT:
    case SY_TYPE_DATETIME:
        put_u64(bytes + 5, (uint64_t)cell->as.integer);
        sy_buf_add(out, bytes, 13);
        return;
    case SY_TYPE_REAL:
        memcpy(&word, &cell->as.real, sizeof word);
        put_u64(bytes + 5, word);
        sy_buf_add(out, bytes, 13);
        return;
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        put_u32(bytes + 5, cell->size);
        sy_buf_add(out, bytes, 9);
        sy_buf_add_str(out, sy_value_str(cell));
        return;
    case SY_TYPE_ABSENT:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    SY_UNREACHABLE();
}

void sy_row_encode(const sy_row *row, sy_buf *out)
{
    unsigned char head[HEAD_SIZE] = {MARK};
    size_t start = out->size;
    uint32_t count = 0;
    sy_buf_add(out, head, sizeof head);
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        if (row->cells[i].type != SY_TYPE_ABSENT) {
            encode_cell(row->schema->column_hashes[i], &row->cells[i], out);
            count++;
        }
    }
    if (out->failed) {
        return;
    }
    unsigned char *written = (unsigned char *)out->data + start;
    written[1] = (unsigned char)count;
    put_u32(written + 2, check_of(written + HEAD_SIZE, out->size - start - HEAD_SIZE, count));
}

typedef struct reader {
    const unsigned char *at;
    size_t left;
} reader;

/* The next `size` bytes; NULL when there are fewer. */
static const unsigned char *take(reader *in, size_t size)
{
    if (size > in->left) {
        return NULL;
    }
    const unsigned char *taken = in->at;
    in->at += size;
    in->left -= size;
    return taken;
}

static bool decode_text(reader *in, sy_value *out)
{
    const unsigned char *size = take(in, 4);
    if (size == NULL) {
        return false;
    }
    out->size = get_u32(size);
    out->as.text = (const char *)take(in, out->size);
    return out->as.text != NULL;
}

static bool decode_payload(reader *in, sy_value *out)
{
    const unsigned char *bytes = NULL;
    uint64_t word = 0;
    switch ((sy_type)out->type) {
    case SY_TYPE_NULL:
        return true;
    case SY_TYPE_BOOL:
        bytes = take(in, 1);
        out->as.integer = bytes == NULL ? 0 : bytes[0];
        return bytes != NULL && bytes[0] <= 1;
    case SY_TYPE_INT:
    case SY_TYPE_DATETIME:
        bytes = take(in, 8);
        out->as.integer = bytes == NULL ? 0 : (int64_t)get_u64(bytes);
        return bytes != NULL;
    case SY_TYPE_REAL:
        bytes = take(in, 8);
        word = bytes == NULL ? 0 : get_u64(bytes);
        memcpy(&out->as.real, &word, sizeof word);
        return bytes != NULL;
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        return decode_text(in, out);
    case SY_TYPE_ABSENT:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return false;
}

/* The column of that hash, looked for from `*from` on because cells come in schema order; -1: lost.
 */
static int find_column(const sy_schema *schema, uint32_t hash, uint32_t *from)
{
    for (uint32_t n = 0; n < schema->column_count; n++) {
        uint32_t i = (*from + n) % schema->column_count;
        if (schema->column_hashes[i] == hash) {
            *from = i + 1;
            return (int)i;
        }
    }
    return -1;
}

static bool fits(const sy_value *cell, sy_type type)
{
    bool number = cell->type == SY_TYPE_INT || cell->type == SY_TYPE_REAL;
    return cell->type == SY_TYPE_NULL || cell->type == type ||
           (number && (type == SY_TYPE_INT || type == SY_TYPE_REAL));
}

static sy_rc decode_cells(reader in, uint32_t count, sy_row *row, sy_err *err)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < count; i++) {
        const unsigned char *head = take(&in, 5);
        sy_value cell = {.type = head == NULL ? (uint32_t)SY_TYPE_COUNT : head[4]};
        if (head == NULL || !decode_payload(&in, &cell)) {
            return SY_FAIL(err, SY_CORRUPT, "encoded row: cell %u of %u cannot be read", i + 1,
                           count);
        }
        int at = find_column(row->schema, get_u32(head), &from);
        if (at < 0 || !sy_schema_has_column(row->schema, (uint32_t)at)) {
            continue;
        }
        if (!fits(&cell, row->schema->columns[at].type) || row->cells[at].type != SY_TYPE_ABSENT) {
            return SY_FAIL(err, SY_CORRUPT, "encoded row: column '%.*s' of table %.*s cannot be %s",
                           SY_FMT(row->schema->columns[at].name), SY_FMT(row->schema->name),
                           sy_type_name((sy_type)cell.type));
        }
        row->cells[at] = cell;
    }
    if (in.left != 0) {
        return SY_FAIL(err, SY_CORRUPT, "encoded row: %zu bytes too many", in.left);
    }
    return SY_OK;
}

sy_rc sy_row_decode(sy_str bytes, const sy_schema *schema, sy_arena *arena, const sy_row **out,
                    sy_err *err)
{
    const unsigned char *head = (const unsigned char *)bytes.data;
    if (bytes.size < HEAD_SIZE || head[0] != MARK) {
        return SY_FAIL(err, SY_CORRUPT, "encoded row: %zu bytes that are none", bytes.size);
    }
    size_t size = bytes.size - HEAD_SIZE;
    if (get_u32(head + 2) != check_of(head + HEAD_SIZE, size, head[1])) {
        return SY_FAIL(err, SY_CORRUPT, "encoded row: damaged");
    }
    sy_row *row = sy_row_new(arena, schema);
    unsigned char *copy = sy_arena_push(arena, size); /* the texts point into it */
    if (row == NULL || copy == NULL) {
        return sy_fail_nomem(err);
    }
    if (size > 0) {
        memcpy(copy, head + HEAD_SIZE, size);
    }
    sy_rc rc = decode_cells((reader){copy, size}, head[1], row, err);
    if (rc == SY_OK) {
        *out = row;
    }
    return rc;
}
