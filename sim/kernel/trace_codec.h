/* An event as words: what is digested and kept. Internal to the trace.
 *
 *   event:    time | host << 32 | code << 24 | words (header included) | types of the fields, 4
 * bits each | fields field:    text, blob: size in 4 bytes, bytes, zeros up to the next word
 *             integer, real, boolean, datetime: one word
 *             absent, null: nothing
 *             row: number of its schema (0: there is no row) | types of the cells, 4 bits each, in
 *             as many words as needed | cells as fields above: first the stamps (createdAt,
 *             updatedAt, __editedAt), then the other system columns, then the table's own
 *   schema:   stands once, before the first event that has a row of it: 0 | words (code 0) |
 *             number | system columns | name as a text | type, name of each column of its own
 *
 * Schemas are numbered in order of their first appearance; those of one shape are one. */
#ifndef SIM_KERNEL_TRACE_CODEC_H
#define SIM_KERNEL_TRACE_CODEC_H

#include "sim/kernel/trace.h"

/* The schemas of rows that were emitted, as copies: rows of the kept tail are read over them. */
typedef struct sim_row_schemas {
    sy_arena arena;
    const sy_schema **items; /* number - 1 */
    size_t count, capacity;
} sim_row_schemas;

void sim_row_schemas_init(sim_row_schemas *schemas, sy_alloc alloc);
void sim_row_schemas_deinit(sim_row_schemas *schemas);
/* 0: not known yet. */
uint32_t sim_row_schemas_find(const sim_row_schemas *schemas, const sy_schema *schema);
/* Gives it the next number. SY_OK or SY_NOMEM. */
sy_rc sim_row_schemas_add(sim_row_schemas *schemas, const sy_schema *schema);

/* Writes an event between `head` and `end`. Returns where it ended; NULL: no room, or a row of a
 * schema that is not known; what stands there is undefined. */
uint64_t *sim_event_encode(uint64_t *head, const uint64_t *end, const sim_event *event,
                           const sim_row_schemas *schemas);
/* Folds an encoded event into a hash, without times: its own, datetime fields, `updated_at`, the
 * stamps of rows; and with the shapes of schemas instead of their numbers. */
uint64_t sim_event_fold(const uint64_t *at, const sy_event_kind *kind,
                        const sim_row_schemas *schemas, uint64_t hash);
/* Writes the definition of the schema that was added last. NULL: no room. */
uint64_t *sim_schema_encode(uint64_t *at, const uint64_t *end, const sim_row_schemas *schemas);

/* Words of what stands at `at`; its kind's code, 0: a schema. */
uint32_t sim_event_words(const uint64_t *at);
uint32_t sim_event_code(const uint64_t *at);
/* Reads one whose kind is known; `fields` has room for SY_EVENT_FIELD_COUNT_MAX. Texts stay where
 * they are, rows are built in `arena`. SY_OK or SY_NOMEM. */
sy_rc sim_event_decode(const uint64_t *at, const sy_event_kind *kind,
                       const sim_row_schemas *schemas, sy_arena *arena, sy_value *fields,
                       sim_event *out);

#endif
