/* An event as words: what is digested and kept. Internal to the trace.
 *
 *   time | host << 32 | code << 24 | words (header included)   | types of the fields, 4 bits each |
 * fields text, blob: size, bytes padded with zeros     integer, real, boolean, datetime: one word
 * absent, null: nothing row: cell count | (1: there is one) << 32 | name size << 40, the table's
 * name padded, the cells that are not absent: type | system column (or 255) << 8 | name size << 16
 * | text size << 32, name padded, the cell as above */
#ifndef SIM_KERNEL_TRACE_CODEC_H
#define SIM_KERNEL_TRACE_CODEC_H

#include "sim/kernel/trace.h"

/* Words that `size` bytes take. */
static inline size_t sim_words_of(size_t size)
{
    return (size + 7) / 8;
}

/* Writes an event between `at` and `end`. Returns where it ended; NULL: no room, what stands there
 * is undefined. `outcome` writes it without times: the event's own, datetime fields, `updated_at`,
 * and the stamps of rows. */
uint64_t *sim_event_encode(uint64_t *at, const uint64_t *end, const sim_event *event, bool outcome);

/* Words of the event at `at`, and its kind's code. */
uint32_t sim_event_words(const uint64_t *at);
uint32_t sim_event_code(const uint64_t *at);
/* Reads one whose kind is known; `fields` has room for SY_EVENT_FIELD_COUNT_MAX. Texts stay where
 * they are, rows are built in `arena`. SY_OK or SY_NOMEM. */
sy_rc sim_event_decode(const uint64_t *at, const sy_event_kind *kind, sy_arena *arena,
                       sy_value *fields, sim_event *out);

#endif
