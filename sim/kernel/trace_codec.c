/* Encoding is one pass that stops when the room ends: the caller takes a fresh block and encodes
 * again, which is rarer than measuring first. Every byte written is defined, padding is zero. */
#include "sim/kernel/trace_codec.h"

#include "core/base/check.h"

#include <string.h>

#define HEADER_WORDS 3u
#define NO_SYSTEM    255u
#define NAN_BITS     UINT64_C(0x7ff8000000000000)

typedef struct span { /* where the next word goes, and the end */
    uint64_t *at;
    const uint64_t *end;
} span;

static inline bool has_room(const span *to, size_t words)
{
    return (size_t)(to->end - to->at) >= words;
}

static inline bool put_bytes(span *to, const char *data, size_t size)
{
    size_t words = sim_words_of(size);
    if (!has_room(to, words)) {
        return false;
    }
    if (words > 0) {
        to->at[words - 1] = 0;
        memcpy(to->at, data, size);
        to->at += words;
    }
    return true;
}

static inline uint64_t real_bits(double real)
{
    uint64_t bits = 0;
    memcpy(&bits, &real, sizeof bits);
    return real == real ? bits : NAN_BITS;
}

static bool put_row(span *to, const sy_row *row, bool outcome);

/* The content of a cell; its type and the size of a text stand elsewhere. */
static bool put_content(span *to, const sy_value *value)
{
    switch ((sy_type)value->type) {
    case SY_TYPE_BOOL:
    case SY_TYPE_INT:
    case SY_TYPE_DATETIME:
    case SY_TYPE_REAL:
        if (!has_room(to, 1)) {
            return false;
        }
        *to->at++ =
            value->type == SY_TYPE_REAL ? real_bits(value->as.real) : (uint64_t)value->as.integer;
        return true;
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        return put_bytes(to, value->as.text, value->size);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return true;
}

static bool is_stamp(size_t column)
{
    return column == SY_COLUMN_CREATED_AT || column == SY_COLUMN_UPDATED_AT ||
           column == SY_COLUMN_EDITED_AT;
}

static bool put_cell(span *to, const sy_schema *schema, size_t column, const sy_value *cell)
{
    bool system = column < SY_SYSTEM_COUNT;
    sy_str name = system ? (sy_str){0} : schema->columns[column].name;
    if (!has_room(to, 1)) {
        return false;
    }
    *to->at++ = (uint64_t)cell->type | (uint64_t)(system ? column : NO_SYSTEM) << 8 |
                (uint64_t)name.size << 16 | (uint64_t)cell->size << 32;
    return put_bytes(to, name.data, name.size) && put_content(to, cell);
}

static bool put_row(span *to, const sy_row *row, bool outcome)
{
    if (!has_room(to, 1)) {
        return false;
    }
    uint64_t *head = to->at++;
    *head = 0;
    if (row == NULL) {
        return true;
    }
    uint64_t cells = 0;
    if (!put_bytes(to, row->schema->name.data, row->schema->name.size)) {
        return false;
    }
    for (size_t i = 0; i < row->schema->column_count; i++) {
        if (row->cells[i].type == SY_TYPE_ABSENT || (outcome && is_stamp(i))) {
            continue;
        }
        if (!put_cell(to, row->schema, i, &row->cells[i])) {
            return false;
        }
        cells++;
    }
    *head = cells | UINT64_C(1) << 32 | (uint64_t)row->schema->name.size << 40;
    return true;
}

static inline bool is_time(const sy_event_kind *kind, uint32_t field, const sy_value *value)
{
    return value->type == SY_TYPE_DATETIME || strcmp(kind->fields[field], "updated_at") == 0;
}

static inline bool put_field(span *to, const sy_value *value, bool outcome)
{
    if (value->type == SY_TYPE_INT || value->type == SY_TYPE_BOOL) {
        if (to->at == to->end) {
            return false;
        }
        *to->at++ = (uint64_t)value->as.integer;
        return true;
    }
    if (value->type == SY_TYPE_ROW) {
        return put_row(to, value->as.row, outcome);
    }
    if (value->type == SY_TYPE_TEXT || value->type == SY_TYPE_BLOB) {
        if (to->at == to->end) {
            return false;
        }
        *to->at++ = value->size;
    }
    return put_content(to, value);
}

uint64_t *sim_event_encode(uint64_t *at, const uint64_t *end, const sim_event *event, bool outcome)
{
    const sy_event_kind *kind = event->kind;
    span to = {at, end};
    if (!has_room(&to, HEADER_WORDS)) {
        return NULL;
    }
    to.at += HEADER_WORDS;
    uint64_t types = 0;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const sy_value *value = &event->fields[i];
        if (outcome && is_time(kind, i, value)) {
            continue;
        }
        types |= (uint64_t)value->type << (4 * i);
        if (!put_field(&to, value, outcome)) {
            return NULL;
        }
    }
    at[0] = outcome ? 0 : (uint64_t)event->time;
    at[1] = (uint64_t)event->host << 32 | (uint64_t)kind->code << 24 | (uint64_t)(to.at - at);
    at[2] = types;
    return to.at;
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
