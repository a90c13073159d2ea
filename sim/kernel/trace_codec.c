/* Encoding is one pass that stops when the room ends: the caller takes a fresh block and encodes
 * again, which is rarer than measuring first. Every byte written is defined, padding is zero. */
#include "sim/kernel/trace_codec.h"

#include "core/base/check.h"
#include "core/base/hash.h"

#include <string.h>

#define HEADER_WORDS   3u
#define WORDS_MASK     UINT64_C(0xffffff)
#define NAN_BITS       UINT64_C(0x7ff8000000000000)
#define TYPES_PER_WORD 16u

#define STAMP_COUNT 3u

/* In which system columns are written: the stamps come first, so that they can be left out. */
static const uint32_t system_order[SY_SYSTEM_COUNT] = {
    SY_COLUMN_CREATED_AT, SY_COLUMN_UPDATED_AT, SY_COLUMN_EDITED_AT, SY_COLUMN_ID,
    SY_COLUMN_VERSION,    SY_COLUMN_DELETED,    SY_COLUMN_SEQUENCE,  SY_COLUMN_EDITED_BY};

static inline bool is_text(uint32_t type)
{
    return type == SY_TYPE_TEXT || type == SY_TYPE_BLOB;
}

/* Words that a text of `size` bytes takes, with its size. */
static inline size_t text_words(size_t size)
{
    return (size + 4 + 7) / 8;
}

static inline size_t type_words(uint32_t columns)
{
    return (columns + TYPES_PER_WORD - 1) / TYPES_PER_WORD;
}

/* -- schemas -- */

void sim_row_schemas_init(sim_row_schemas *schemas, sy_alloc alloc)
{
    *schemas = (sim_row_schemas){0};
    sy_arena_init(&schemas->arena, alloc);
}

void sim_row_schemas_deinit(sim_row_schemas *schemas)
{
    sy_alloc_free(schemas->arena.alloc, (void *)schemas->items,
                  schemas->capacity * sizeof *schemas->items);
    sy_arena_deinit(&schemas->arena);
}

uint32_t sim_row_schemas_find(const sim_row_schemas *schemas, const sy_schema *schema)
{
    uint64_t shape = sy_schema_shape(schema);
    for (size_t i = 0; i < schemas->count; i++) {
        if (schemas->items[i]->shape == shape) {
            return (uint32_t)i + 1;
        }
    }
    return 0;
}

static const sy_schema *copy_schema(sy_arena *arena, const sy_schema *schema)
{
    sy_schema *copy = sy_arena_push(arena, sizeof *copy);
    sy_column *columns = sy_arena_push(arena, schema->column_count * sizeof *columns);
    if (copy == NULL || columns == NULL) {
        return NULL;
    }
    *copy = (sy_schema){.name = sy_arena_copy(arena, schema->name),
                        .column_count = schema->column_count,
                        .system = schema->system,
                        .columns = columns,
                        .shape = sy_schema_shape(schema)};
    for (uint32_t i = 0; i < schema->column_count; i++) {
        columns[i].type = schema->columns[i].type;
        columns[i].name = i < SY_SYSTEM_COUNT ? sy_system_column_name((sy_system_column)i)
                                              : sy_arena_copy(arena, schema->columns[i].name);
        if (columns[i].name.data == NULL) {
            return NULL;
        }
    }
    return copy->name.data == NULL ? NULL : copy;
}

sy_rc sim_row_schemas_add(sim_row_schemas *schemas, const sy_schema *schema)
{
    const sy_schema **items = sy_alloc_grow(schemas->arena.alloc, (void *)schemas->items,
                                            schemas->count, &schemas->capacity, sizeof *items);
    if (items == NULL) {
        return SY_NOMEM;
    }
    schemas->items = items;
    items[schemas->count] = copy_schema(&schemas->arena, schema);
    if (items[schemas->count] == NULL) {
        return SY_NOMEM;
    }
    schemas->count++;
    return SY_OK;
}

/* -- writing -- */

/* `at` may have passed `end`, by less than was kept behind it. */
static inline bool has_room(const uint64_t *at, const uint64_t *end, size_t words)
{
    return end - at >= (ptrdiff_t)words;
}

/* Writes a text; NULL: no room. */
static inline uint64_t *put_text(uint64_t *at, const uint64_t *end, const char *data, uint32_t size)
{
    const size_t words = text_words(size);
    if (!has_room(at, end, words)) {
        return NULL;
    }
    at[words - 1] = 0;
    memcpy(at, &size, sizeof size);
    sy_copy_short((char *)at + sizeof size, data, size);
    return at + words;
}

static inline uint64_t bits_of(const sy_value *value)
{
    const uint64_t bits = (uint64_t)value->as.integer;
    return value->type == SY_TYPE_REAL && value->as.real != value->as.real ? NAN_BITS : bits;
}

/* Anything but a row. There is room for one word behind `end`: only texts ask. NULL: no room. */
static inline uint64_t *put_value(uint64_t *at, const uint64_t *end, const sy_value *value)
{
    if (is_text(value->type)) {
        return put_text(at, end, value->as.text, value->size);
    }
    if (value->type > SY_TYPE_NULL) {
        *at++ = bits_of(value);
    }
    return at;
}

/* The types of up to TYPES_PER_WORD values. */
static inline uint64_t types_of(const sy_value *values, size_t count)
{
    uint64_t types = 0;
    for (size_t i = count; i > 0; i--) {
        types = types << 4 | values[i - 1].type;
    }
    return types;
}

static uint64_t *put_row(uint64_t *at, const uint64_t *end, const sy_row *row, uint32_t number)
{
    const sy_value *cells = row->cells;
    const uint32_t count = row->schema->column_count;
    if (!has_room(at, end, 1 + type_words(count) + count)) {
        return NULL;
    }
    end -= count;
    *at++ = number;
    for (uint32_t i = 0; i < count; i += TYPES_PER_WORD) {
        *at++ = types_of(cells + i, count - i < TYPES_PER_WORD ? count - i : TYPES_PER_WORD);
    }
    for (uint32_t i = 0; i < SY_SYSTEM_COUNT && at != NULL; i++) {
        at = put_value(at, end, &cells[system_order[i]]);
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < count && at != NULL; i++) {
        at = put_value(at, end, &cells[i]);
    }
    return at;
}

static uint64_t *put_row_field(uint64_t *at, const uint64_t *end, const sy_row *row,
                               const sim_row_schemas *schemas)
{
    if (row == NULL) {
        *at = 0;
        return at + 1;
    }
    const uint32_t number = sim_row_schemas_find(schemas, row->schema);
    return number == 0 ? NULL : put_row(at, end, row, number);
}

uint64_t *sim_event_encode(uint64_t *head, const uint64_t *end, const sim_event *event,
                           const sim_row_schemas *schemas)
{
    const uint32_t count = event->kind->field_count;
    if (!has_room(head, end, HEADER_WORDS + count)) {
        return NULL;
    }
    uint64_t *at = head + HEADER_WORDS;
    uint64_t types = 0; /* the last one at the top */
    end -= count;
    for (const sy_value *value = event->fields, *last = value + count; value < last; value++) {
        const uint64_t type = value->type;
        at = type == SY_TYPE_ROW ? put_row_field(at, end, value->as.row, schemas)
                                 : put_value(at, end, value);
        if (at == NULL) {
            return NULL;
        }
        types = types >> 4 | type << 60;
    }
    head[0] = (uint64_t)event->time;
    head[1] =
        (uint64_t)event->host << 32 | (uint64_t)event->kind->code << 24 | (uint64_t)(at - head);
    head[2] = count == 0 ? 0 : types >> (64 - 4 * count);
    return at;
}

uint64_t *sim_schema_encode(uint64_t *at, const uint64_t *end, const sim_row_schemas *schemas)
{
    const sy_schema *schema = schemas->items[schemas->count - 1];
    uint64_t *head = at;
    if (!has_room(at, end, 4)) {
        return NULL;
    }
    at[0] = 0;
    at[2] = schemas->count;
    at[3] = schema->system & SY_SYSTEM_COLUMNS;
    at = put_text(at + 4, end, schema->name.data, (uint32_t)schema->name.size);
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count && at != NULL; i++) {
        const sy_column *column = &schema->columns[i];
        if (at == end) {
            return NULL;
        }
        *at = column->type;
        at = put_text(at + 1, end, column->name.data, (uint32_t)column->name.size);
    }
    if (at != NULL) {
        head[1] = (uint64_t)(at - head);
    }
    return at;
}

/* -- reading -- */

uint32_t sim_event_words(const uint64_t *at)
{
    return (uint32_t)(at[1] & WORDS_MASK);
}

uint32_t sim_event_code(const uint64_t *at)
{
    return (uint32_t)(at[1] >> 24) & 0xff;
}

/* Words of the value of that type, no row, which stands at `at`. */
static size_t value_words(const uint64_t *at, uint32_t type)
{
    if (is_text(type)) {
        uint32_t size = 0;
        memcpy(&size, at, sizeof size);
        return text_words(size);
    }
    return type <= SY_TYPE_NULL ? 0 : 1;
}

static inline uint32_t type_at(const uint64_t *types, uint32_t i)
{
    return (uint32_t)(types[i / TYPES_PER_WORD] >> (4 * (i % TYPES_PER_WORD))) & 0xf;
}

/* Words between `from` and `to`. */
static uint64_t fold_words(const uint64_t *from, const uint64_t *to, uint64_t hash)
{
    return from == to ? hash : sy_hash(from, (size_t)(to - from) * sizeof *from, hash);
}

static const uint64_t *fold_row(const uint64_t *at, const sim_row_schemas *schemas, uint64_t *hash)
{
    uint64_t number = *at++;
    if (number == 0) {
        *hash = sy_hash_mix(*hash, 0);
        return at;
    }
    const sy_schema *schema = schemas->items[number - 1];
    const uint64_t *types = at;
    at += type_words(schema->column_count);
    for (uint32_t i = 0; i < STAMP_COUNT; i++) {
        at += value_words(at, type_at(types, system_order[i]));
    }
    const uint64_t *from = at;
    for (uint32_t i = STAMP_COUNT; i < schema->column_count; i++) {
        uint32_t column = i < SY_SYSTEM_COUNT ? system_order[i] : i;
        at += value_words(at, type_at(types, column));
    }
    *hash = sy_hash_mix(*hash, schema->shape);
    *hash = fold_words(types, types + type_words(schema->column_count), *hash);
    *hash = fold_words(from, at, *hash);
    return at;
}

/* A time, or which of several attempts it was. */
static bool is_left_out(const sy_event_kind *kind, uint32_t field, uint32_t type)
{
    const char *name = kind->fields[field];
    return type == SY_TYPE_DATETIME || (name[0] == 'u' && strcmp(name, "updated_at") == 0) ||
           (name[0] == 's' && (strcmp(name, "sender") == 0 || strcmp(name, "send") == 0));
}

uint64_t sim_event_fold(const uint64_t *at, const sy_event_kind *kind,
                        const sim_row_schemas *schemas, uint64_t hash)
{
    const uint64_t types = at[2];
    const uint64_t *from = at + 2; /* of what is not folded yet */
    hash = sy_hash_mix(hash, at[1] & ~WORDS_MASK);
    at += HEADER_WORDS;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        uint32_t type = (uint32_t)(types >> (4 * i)) & 0xf;
        bool is_row = type == SY_TYPE_ROW;
        if (!is_row && !is_left_out(kind, i, type)) {
            at += value_words(at, type);
            continue;
        }
        hash = fold_words(from, at, hash);
        at = is_row ? fold_row(at, schemas, &hash) : at + value_words(at, type);
        from = at;
    }
    return fold_words(from, at, hash);
}

/* Reads a value of a known type; returns what comes after it. */
static const uint64_t *take_value(const uint64_t *at, uint32_t type, sy_value *out)
{
    *out = (sy_value){.type = type};
    if (type <= SY_TYPE_NULL) {
        return at;
    }
    if (is_text(type)) {
        memcpy(&out->size, at, sizeof out->size);
        out->as.text = (const char *)at + sizeof out->size;
        return at + text_words(out->size);
    }
    memcpy(&out->as, at, sizeof out->as);
    return at + 1;
}

/* NULL: no memory. */
static const uint64_t *take_row(const uint64_t *at, const sim_row_schemas *schemas, sy_arena *arena,
                                sy_value *out)
{
    uint64_t number = *at++;
    *out = (sy_value){.type = SY_TYPE_ROW};
    if (number == 0) {
        return at;
    }
    const sy_schema *schema = schemas->items[number - 1];
    sy_row *row = sy_row_new(arena, schema);
    if (row == NULL) {
        return NULL;
    }
    out->as.row = row;
    const uint64_t *types = at;
    at += type_words(schema->column_count);
    for (uint32_t i = 0; i < schema->column_count; i++) {
        uint32_t column = i < SY_SYSTEM_COUNT ? system_order[i] : i;
        at = take_value(at, type_at(types, column), &row->cells[column]);
    }
    return at;
}

sy_rc sim_event_decode(const uint64_t *at, const sy_event_kind *kind,
                       const sim_row_schemas *schemas, sy_arena *arena, sy_value *fields,
                       sim_event *out)
{
    *out = (sim_event){
        .time = (sy_time)at[0], .host = (uint32_t)(at[1] >> 32), .kind = kind, .fields = fields};
    const uint64_t *end = at + sim_event_words(at);
    uint64_t types = at[2];
    at += HEADER_WORDS;
    for (uint32_t i = 0; i < kind->field_count; i++, types >>= 4) {
        uint32_t type = (uint32_t)types & 0xf;
        at = type == SY_TYPE_ROW ? take_row(at, schemas, arena, &fields[i])
                                 : take_value(at, type, &fields[i]);
        if (at == NULL) {
            return SY_NOMEM;
        }
    }
    SY_ASSERT(at == end);
    return SY_OK;
}
