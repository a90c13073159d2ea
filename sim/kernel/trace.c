/* Events go as words into blocks of 64 KiB, and every few KiB of them, while they are still in the
 * nearest cache, into the digest. The last 64 full blocks are kept, and when one more is needed the
 * oldest is used again: in steady state an event allocates nothing. When there is no memory for one
 * more block the oldest is used earlier: the tail gets shorter, the digest stays right.
 *
 * Two things alone can fail: a name (said at once), and an event larger than a block
 * (trace->failed, which the world takes as its end). */
#include "sim/kernel/trace.h"

#include "core/base/check.h"
#include "core/base/digest.h"
#include "sim/kernel/trace_codec.h"

#include <string.h>

#define BLOCK_WORDS     (64u * 1024 / 8)
#define BLOCK_COUNT_MAX 65u /* 64 full ones and the one being filled: 4 MiB of tail at least */
#define DIGEST_WORDS    (8u * 1024 / 8)
#define EVENT_WORDS_MAX 0xffffffu

typedef struct block {
    struct block *next;      /* younger */
    uint64_t first_sequence; /* of its first event */
    size_t capacity, size;   /* words */
    uint64_t words[];
} block;

typedef struct reader {  /* of one kind of events */
    struct reader *next; /* in order of registration */
    sim_trace_reader read;
    void *self;
} reader;

typedef struct readers {
    reader *first, *last;
} readers;

typedef struct host_name {
    char *text;
    size_t size; /* with its zero */
} host_name;

struct sim_trace {
    sy_alloc alloc;
    block *oldest, *current;
    uint32_t block_count;
    size_t digested; /* words of `current` */
    sy_digest *digest;
    uint64_t outcome;
    sim_row_schemas schemas;
    bool failed;
    uint64_t count;
    sy_arena reader_arena;
    readers readers[SY_EVENT_CODE_COUNT];
    host_name *hosts;
    size_t host_count, host_capacity;
    const sy_event_kind *kinds[SY_EVENT_CODE_COUNT]; /* as emitted */
    uint64_t counts[SY_EVENT_CODE_COUNT];
};

static size_t block_size(size_t words)
{
    return sizeof(block) + words * sizeof(uint64_t);
}

static block *block_new(sim_trace *trace, size_t words)
{
    block *fresh = sy_alloc_get(trace->alloc, block_size(words));
    if (fresh != NULL) {
        fresh->next = NULL;
        fresh->capacity = words;
        fresh->size = 0;
        fresh->first_sequence = 0;
    }
    return fresh;
}

static void block_free(sim_trace *trace, block *old)
{
    sy_alloc_free(trace->alloc, old, block_size(old->capacity));
}

sim_trace *sim_trace_new(sy_alloc alloc)
{
    sim_trace *trace = sy_alloc_zeroed(alloc, sizeof *trace);
    if (trace == NULL) {
        return NULL;
    }
    trace->alloc = alloc;
    sim_row_schemas_init(&trace->schemas, alloc);
    sy_arena_init(&trace->reader_arena, alloc);
    trace->digest = sy_digest_new();
    trace->oldest = block_new(trace, BLOCK_WORDS);
    trace->current = trace->oldest;
    trace->block_count = trace->current != NULL ? 1 : 0;
    uint32_t world = 0;
    if (trace->digest == NULL || trace->current == NULL ||
        sim_trace_add_host(trace, "world", &world) != SY_OK) {
        sim_trace_free(trace);
        return NULL;
    }
    return trace;
}

void sim_trace_free(sim_trace *trace)
{
    if (trace == NULL) {
        return;
    }
    sy_digest_free(trace->digest);
    for (block *old = trace->oldest, *next = NULL; old != NULL; old = next) {
        next = old->next;
        block_free(trace, old);
    }
    for (size_t i = 0; i < trace->host_count; i++) {
        sy_alloc_free(trace->alloc, trace->hosts[i].text, trace->hosts[i].size);
    }
    sy_alloc_free(trace->alloc, trace->hosts, trace->host_capacity * sizeof *trace->hosts);
    sy_arena_deinit(&trace->reader_arena);
    sim_row_schemas_deinit(&trace->schemas);
    sy_alloc_free(trace->alloc, trace, sizeof *trace);
}

sy_rc sim_trace_add_host(sim_trace *trace, const char *name, uint32_t *out)
{
    size_t size = strlen(name) + 1;
    if (trace->host_count == trace->host_capacity) {
        host_name *hosts = sy_alloc_grow(trace->alloc, trace->hosts, trace->host_count,
                                         &trace->host_capacity, sizeof *trace->hosts);
        if (hosts == NULL) {
            return SY_NOMEM;
        }
        trace->hosts = hosts;
    }
    char *text = sy_alloc_get(trace->alloc, size);
    if (text == NULL) {
        return SY_NOMEM;
    }
    memcpy(text, name, size);
    *out = (uint32_t)trace->host_count;
    trace->hosts[trace->host_count++] = (host_name){text, size};
    return SY_OK;
}

const char *sim_trace_host(const sim_trace *trace, uint32_t host)
{
    SY_ASSERT(host < trace->host_count);
    return trace->hosts[host].text;
}

uint32_t sim_trace_host_count(const sim_trace *trace)
{
    return (uint32_t)trace->host_count;
}

static sy_rc add_reader(sim_trace *trace, uint32_t code, sim_trace_reader read, void *self)
{
    reader *fresh = sy_arena_push(&trace->reader_arena, sizeof *fresh);
    if (fresh == NULL) {
        return SY_NOMEM;
    }
    *fresh = (reader){.read = read, .self = self};
    readers *of = &trace->readers[code];
    *(of->first == NULL ? &of->first : &of->last->next) = fresh;
    of->last = fresh;
    return SY_OK;
}

sy_rc sim_trace_read(sim_trace *trace, sim_trace_reader read, void *self,
                     const sy_event_kind *const *kinds, size_t kind_count)
{
    const size_t count = kind_count == 0 ? SY_EVENT_CODE_COUNT : kind_count;
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < count && rc == SY_OK; i++) {
        rc = add_reader(trace, kind_count == 0 ? (uint32_t)i : kinds[i]->code, read, self);
    }
    return rc;
}

static void digest_current(sim_trace *trace)
{
    block *current = trace->current;
    sy_digest_add(trace->digest, current->words + trace->digested,
                  (current->size - trace->digested) * sizeof(uint64_t));
    trace->digested = current->size;
}

/* Takes the oldest out of the tail, to be used again or freed. */
static block *take_oldest(sim_trace *trace)
{
    block *old = trace->oldest;
    trace->oldest = old->next;
    trace->block_count--;
    return old;
}

static void append_block(sim_trace *trace, block *fresh)
{
    fresh->next = NULL;
    fresh->size = 0;
    fresh->first_sequence = trace->count;
    if (trace->oldest == NULL) {
        trace->oldest = fresh;
    } else {
        trace->current->next = fresh;
    }
    trace->current = fresh;
    trace->block_count++;
    trace->digested = 0;
}

/* A fresh block of at least `words` as the current one. false: no memory. */
static bool next_block(sim_trace *trace, size_t words)
{
    digest_current(trace);
    block *fresh = NULL;
    if (trace->block_count < BLOCK_COUNT_MAX || words > BLOCK_WORDS) {
        fresh = block_new(trace, words);
    }
    if (fresh == NULL && words > BLOCK_WORDS) {
        return false;
    }
    while (trace->block_count >= BLOCK_COUNT_MAX || (fresh == NULL && trace->block_count > 0)) {
        block *old = take_oldest(trace);
        if (fresh == NULL && old->capacity >= words) {
            fresh = old;
        } else {
            block_free(trace, old);
        }
    }
    SY_ASSERT(fresh != NULL);
    append_block(trace, fresh);
    return true;
}

/* What is written into a block: an event, or (NULL) the definition of the schema that was added
 * last. */
static uint64_t *encode(sim_trace *trace, const sim_event *event)
{
    block *current = trace->current;
    uint64_t *at = current->words + current->size;
    const uint64_t *end = current->words + current->capacity;
    return event != NULL ? sim_event_encode(at, end, event, &trace->schemas)
                         : sim_schema_encode(at, end, &trace->schemas);
}

/* The same where it may not fit into what is left of the current block. NULL: no memory. */
static uint64_t *encode_anywhere(sim_trace *trace, const sim_event *event)
{
    uint64_t *end = encode(trace, event);
    for (size_t words = BLOCK_WORDS; end == NULL && words <= EVENT_WORDS_MAX; words *= 2) {
        if (trace->current->size > 0 || trace->current->capacity < words) {
            if (!next_block(trace, words)) {
                return NULL;
            }
        }
        end = encode(trace, event);
    }
    return end;
}

static void append(sim_trace *trace, const uint64_t *end)
{
    block *current = trace->current;
    if (current->size == 0) {
        current->first_sequence = trace->count;
    }
    current->size = (size_t)(end - current->words);
}

/* The event did not fit, or has rows of schemas that nobody heard of yet. */
static uint64_t *encode_with_schemas(sim_trace *trace, const sim_event *event)
{
    for (uint32_t i = 0; i < event->kind->field_count; i++) {
        const sy_value *value = &event->fields[i];
        if (value->type != SY_TYPE_ROW || value->as.row == NULL ||
            sim_row_schemas_find(&trace->schemas, value->as.row->schema) != 0) {
            continue;
        }
        if (sim_row_schemas_add(&trace->schemas, value->as.row->schema) != SY_OK) {
            return NULL;
        }
        const uint64_t *end = encode_anywhere(trace, NULL);
        if (end == NULL) {
            return NULL;
        }
        append(trace, end);
    }
    return encode_anywhere(trace, event);
}

/* What not every event needs: room and schemas (end: NULL), the first place in a block, the outcome
 * digest, readers. */
static bool emit_fully(sim_trace *trace, const sim_event *event, const uint64_t *end)
{
    if (end == NULL) {
        end = encode_with_schemas(trace, event);
        if (end == NULL) {
            trace->failed = true;
            return false;
        }
    }
    const uint64_t *at = trace->current->words + trace->current->size;
    append(trace, end);
    if (event->kind->outcome) {
        trace->outcome = sim_event_fold(at, event->kind, &trace->schemas, trace->outcome);
    }
    for (const reader *to = trace->readers[event->kind->code].first; to != NULL; to = to->next) {
        to->read(to->self, event);
    }
    return !trace->failed;
}

bool sim_trace_emit(sim_trace *trace, sy_time time, uint32_t host, const sy_event_kind *kind,
                    const sy_value *fields)
{
    const uint32_t code = kind->code;
    SY_ASSERT(code < SY_EVENT_CODE_COUNT);
    const sim_event event = {time, host, ++trace->count, kind, fields};
    trace->kinds[code] = kind;
    trace->counts[code]++;
    const uint64_t *end = encode(trace, &event);
    block *current = trace->current;
    if (end == NULL || current->size == 0 || kind->outcome || trace->readers[code].first != NULL) {
        return emit_fully(trace, &event, end);
    }
    current->size = (size_t)(end - current->words);
    if (current->size - trace->digested >= DIGEST_WORDS) {
        digest_current(trace);
    }
    return !trace->failed;
}

bool sim_trace_failed(const sim_trace *trace)
{
    return trace->failed;
}

uint64_t sim_trace_count(const sim_trace *trace)
{
    return trace->count;
}

uint64_t sim_trace_count_of(const sim_trace *trace, const sy_event_kind *kind)
{
    return trace->counts[kind->code];
}

uint64_t sim_trace_digest(sim_trace *trace)
{
    digest_current(trace);
    return sy_digest_get(trace->digest);
}

uint64_t sim_trace_outcome_digest(sim_trace *trace)
{
    return trace->outcome;
}

static sy_rc walk_block(const sim_trace *trace, const block *from, sy_arena *arena,
                        sim_trace_reader read, void *self)
{
    sy_value fields[SY_EVENT_FIELD_COUNT_MAX] = {{0}};
    uint64_t sequence = from->first_sequence;
    for (size_t at = 0; at < from->size; at += sim_event_words(from->words + at)) {
        const uint64_t *words = from->words + at;
        uint32_t code = sim_event_code(words);
        if (code == 0) {
            continue; /* a schema */
        }
        sim_event event;
        sy_arena_reset(arena);
        sy_rc rc =
            sim_event_decode(words, trace->kinds[code], &trace->schemas, arena, fields, &event);
        if (rc != SY_OK) {
            return rc;
        }
        event.sequence = sequence++;
        read(self, &event);
    }
    return SY_OK;
}

sy_rc sim_trace_walk(sim_trace *trace, sim_trace_reader read, void *self)
{
    sy_arena arena;
    sy_arena_init(&arena, trace->alloc);
    sy_rc rc = SY_OK;
    for (const block *from = trace->oldest; from != NULL && rc == SY_OK; from = from->next) {
        rc = walk_block(trace, from, &arena, read, self);
    }
    sy_arena_deinit(&arena);
    return rc;
}
