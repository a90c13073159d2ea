/* Encoding is one pass that stops when the room ends: the caller takes a fresh block and encodes
 * again, which is rarer than measuring first. Every byte written is defined, padding is zero. */
#include "sim/kernel/trace_codec.h"

#include "core/base/check.h"

#include <string.h>

#define HEADER_WORDS 3u
#define NO_SYSTEM    255u
#define NAN_BITS     UINT64_C(0x7ff8000000000000)

/* Every `put` writes between `at` and `end` and returns where it ended; NULL: no room. */

static inline bool has_room(const uint64_t *at, const uint64_t *end, size_t words)
{
    return (size_t)(end - at) >= words;
}

/* Bytes and zeros up to the next word. Short texts are the usual ones: two stores that may overlap.
 */
static inline uint64_t *put_bytes(uint64_t *at, const uint64_t *end, const char *data, size_t size)
{
    size_t words = sim_words_of(size);
    if (!has_room(at, end, words)) {
        return NULL;
    }
    if (words == 0) {
        return at;
    }
    char *to = (char *)at;
    at[words - 1] = 0;
    if (size >= 4 && size <= 8) {
        memcpy(to, data, 4);
        memcpy(to + size - 4, data + size - 4, 4);
    } else if (size >= 8 && size <= 16) {
        memcpy(to, data, 8);
        memcpy(to + size - 8, data + size - 8, 8);
    } else {
        memcpy(to, data, size);
    }
    return at + words;
}

static inline uint64_t real_bits(double real)
{
    uint64_t bits = 0;
    memcpy(&bits, &real, sizeof bits);
    return real == real ? bits : NAN_BITS;
}

/* The content of a cell that is no row; its type and the size of a text stand elsewhere. */
static inline uint64_t *put_content(uint64_t *at, const uint64_t *end, const sy_value *value)
{
    switch ((sy_type)value->type) {
    case SY_TYPE_BOOL:
    case SY_TYPE_INT:
    case SY_TYPE_DATETIME:
        if (at == end) {
            return NULL;
        }
        *at = (uint64_t)value->as.integer;
        return at + 1;
    case SY_TYPE_REAL:
        if (at == end) {
            return NULL;
        }
        *at = real_bits(value->as.real);
        return at + 1;
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        return put_bytes(at, end, value->as.text, value->size);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return at;
}

static bool is_stamp(size_t column)
{
    return column == SY_COLUMN_CREATED_AT || column == SY_COLUMN_UPDATED_AT ||
           column == SY_COLUMN_EDITED_AT;
}

static uint64_t *put_cell(uint64_t *at, const uint64_t *end, const sy_row *row, size_t column)
{
    const sy_value *cell = &row->cells[column];
    bool system = column < SY_SYSTEM_COUNT;
    sy_str name = system ? (sy_str){0} : row->schema->columns[column].name;
    if (at == end) {
        return NULL;
    }
    *at = (uint64_t)cell->type | (uint64_t)(system ? column : NO_SYSTEM) << 8 |
          (uint64_t)name.size << 16 | (uint64_t)cell->size << 32;
    at = put_bytes(at + 1, end, name.data, name.size);
    return at == NULL ? NULL : put_content(at, end, cell);
}

static uint64_t *put_row(uint64_t *at, const uint64_t *end, const sy_row *row, bool outcome)
{
    if (at == end) {
        return NULL;
    }
    uint64_t *head = at++;
    *head = 0;
    if (row == NULL) {
        return at;
    }
    uint64_t cells = 0;
    at = put_bytes(at, end, row->schema->name.data, row->schema->name.size);
    for (size_t i = 0; at != NULL && i < row->schema->column_count; i++) {
        if (row->cells[i].type != SY_TYPE_ABSENT && !(outcome && is_stamp(i))) {
            at = put_cell(at, end, row, i);
            cells++;
        }
    }
    *head = cells | UINT64_C(1) << 32 | (uint64_t)row->schema->name.size << 40;
    return at;
}

static bool is_time(const sy_event_kind *kind, uint32_t field, const sy_value *value)
{
    return value->type == SY_TYPE_DATETIME || strcmp(kind->fields[field], "updated_at") == 0;
}

static inline uint64_t *put_field(uint64_t *at, const uint64_t *end, const sy_value *value,
                                  bool outcome)
{
    if (value->type == SY_TYPE_ROW) {
        return put_row(at, end, value->as.row, outcome);
    }
    if (value->type == SY_TYPE_TEXT || value->type == SY_TYPE_BLOB) {
        if (at == end) {
            return NULL;
        }
        *at++ = value->size;
    }
    return put_content(at, end, value);
}

uint64_t *sim_event_encode(uint64_t *at, const uint64_t *end, const sim_event *event, bool outcome)
{
    const sy_event_kind *kind = event->kind;
    uint64_t *head = at;
    uint64_t types = 0;
    if (!has_room(at, end, HEADER_WORDS)) {
        return NULL;
    }
    at += HEADER_WORDS;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const sy_value *value = &event->fields[i];
        if (outcome && is_time(kind, i, value)) {
            continue;
        }
        types |= (uint64_t)value->type << (4 * i);
        if (value->type == SY_TYPE_INT && at != end) { /* the usual one */
            *at++ = (uint64_t)value->as.integer;
            continue;
        }
        at = put_field(at, end, value, outcome);
        if (at == NULL) {
            return NULL;
        }
    }
    head[0] = outcome ? 0 : (uint64_t)event->time;
    head[1] = (uint64_t)event->host << 32 | (uint64_t)kind->code << 24 | (uint64_t)(at - head);
    head[2] = types;
    return at;
}

uint32_t sim_event_words(const uint64_t *at)
{
    return (uint32_t)(at[1] & 0xffffff);
}

uint32_t sim_event_code(const uint64_t *at)
{
    return (uint32_t)(at[1] >> 24) & 0xff;
}

/* Reads the content of a cell whose type and size are known; returns what comes after it. */
static const uint64_t *take_content(const uint64_t *at, uint32_t type, uint32_t size, sy_value *out)
{
    *out = (sy_value){.type = type, .size = size};
    switch ((sy_type)type) {
    case SY_TYPE_BOOL:
    case SY_TYPE_INT:
    case SY_TYPE_DATETIME:
        out->as.integer = (int64_t)*at;
        return at + 1;
    case SY_TYPE_REAL:
        memcpy(&out->as.real, at, sizeof out->as.real);
        return at + 1;
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        out->as.text = (const char *)at;
        return at + sim_words_of(size);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return at;
}

/* A schema of the row's own: the system columns at their places, then the others in the order in
 * which they came. */
typedef struct decoded_row {
    sy_schema *schema;
    sy_column *columns;
    sy_row *row;
} decoded_row;

static bool new_row(decoded_row *out, size_t cells, sy_arena *arena)
{
    size_t count = SY_SYSTEM_COUNT + cells;
    out->schema = sy_arena_push_zeroed(arena, sizeof *out->schema);
    out->columns = sy_arena_push_zeroed(arena, count * sizeof *out->columns);
    out->row = sy_arena_push_zeroed(arena, sizeof *out->row + count * sizeof out->row->cells[0]);
    if (out->schema == NULL || out->columns == NULL || out->row == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < SY_SYSTEM_COUNT; i++) {
        out->columns[i].name = sy_system_column_name((sy_system_column)i);
    }
    out->schema->columns = out->columns;
    out->schema->column_count = SY_SYSTEM_COUNT;
    out->row->schema = out->schema;
    return true;
}

static const uint64_t *take_cell(const uint64_t *at, decoded_row *into)
{
    uint64_t head = *at++;
    uint32_t type = (uint32_t)head & 0xff;
    uint32_t column = (uint32_t)(head >> 8) & 0xff;
    size_t name_size = (size_t)(head >> 16) & 0xffff;
    if (column == NO_SYSTEM) {
        column = into->schema->column_count++;
        into->columns[column].name = (sy_str){(const char *)at, name_size};
    } else {
        into->schema->system |= SY_SYSTEM_BIT(column);
    }
    at += sim_words_of(name_size);
    into->columns[column].type = (sy_type)type;
    return take_content(at, type, (uint32_t)(head >> 32), &into->row->cells[column]);
}

static const uint64_t *take_row(const uint64_t *at, sy_arena *arena, sy_value *out)
{
    uint64_t head = *at++;
    *out = (sy_value){.type = SY_TYPE_ROW};
    if ((head >> 32 & 1) == 0) {
        return at;
    }
    decoded_row into = {0};
    size_t cells = (size_t)(head & UINT32_MAX);
    if (!new_row(&into, cells, arena)) {
        return NULL;
    }
    size_t name_size = (size_t)(head >> 40);
    into.schema->name = (sy_str){(const char *)at, name_size};
    at += sim_words_of(name_size);
    for (size_t i = 0; i < cells; i++) {
        at = take_cell(at, &into);
    }
    out->as.row = into.row;
    return at;
}

sy_rc sim_event_decode(const uint64_t *at, const sy_event_kind *kind, sy_arena *arena,
                       sy_value *fields, sim_event *out)
{
    *out = (sim_event){
        .time = (sy_time)at[0], .host = (uint32_t)(at[1] >> 32), .kind = kind, .fields = fields};
    const uint64_t *end = at + sim_event_words(at);
    uint64_t types = at[2];
    at += HEADER_WORDS;
    for (uint32_t i = 0; i < kind->field_count; i++, types >>= 4) {
        uint32_t type = (uint32_t)types & 0xf;
        if (type == SY_TYPE_ROW) {
            at = take_row(at, arena, &fields[i]);
            if (at == NULL) {
                return SY_NOMEM;
            }
            continue;
        }
        bool sized = type == SY_TYPE_TEXT || type == SY_TYPE_BLOB;
        uint32_t size = sized ? (uint32_t)*at++ : 0;
        at = take_content(at, type, size, &fields[i]);
    }
    SY_ASSERT(at == end);
    return SY_OK;
}
