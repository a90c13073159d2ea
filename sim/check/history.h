/* What checkers remember: fields of events, an index of small records by (host, text, text,
 * number), and records by number alone. */
#ifndef SIM_CHECK_HISTORY_H
#define SIM_CHECK_HISTORY_H

#include "core/base/map.h"
#include "sim/kernel/trace.h"

static inline sy_str sim_field_text(const sim_event *event, uint32_t field)
{
    return sy_value_str(&event->fields[field]);
}
static inline int64_t sim_field_int(const sim_event *event, uint32_t field)
{
    return event->fields[field].as.integer;
}
/* NULL: none. */
const sy_row *sim_field_row(const sim_event *event, uint32_t field);
/* Equal to a literal. */
bool sim_field_is(const sim_event *event, uint32_t field, const char *text);

/* The host that a simulator's event is about: by the name in its first field; its own host when
 * there is none of that name. */
uint32_t sim_event_device(const sim_trace *trace, const sim_event *event);
static inline sy_str sim_host_name(const sim_trace *trace, uint32_t host)
{
    return sy_str_of(sim_trace_host(trace, host));
}

/* Every record of an index begins with this. */
typedef struct sim_record {
    char *key;
    size_t key_size, key_capacity;
    struct sim_record *spare;
} sim_record;

typedef struct sim_index { /* records stay where they are until they are removed */
    sy_arena arena;
    sy_map map;
    char *key; /* the one looked for last */
    size_t key_capacity;
    sim_record *spare;
    size_t record_size;
    bool failed; /* an allocation failed: something was not remembered */
} sim_index;

void sim_index_init(sim_index *index, sy_alloc alloc, size_t record_size);
/* Sets *failed when something was not remembered for want of memory; else leaves it. */
void sim_index_deinit(sim_index *index, bool *failed);
/* NULL: not there. */
void *sim_index_find(sim_index *index, uint32_t host, sy_str a, sy_str b, int64_t number);
/* Made, all zero, when it is not there; NULL: no memory. */
void *sim_index_get(sim_index *index, uint32_t host, sy_str a, sy_str b, int64_t number);
void sim_index_remove(sim_index *index, sim_record *record);
/* In order of insertion: for (size_t at = 0; (record = sim_index_next(index, &at)) != NULL;) */
void *sim_index_next(const sim_index *index, size_t *at);
/* The parts of a record's key; borrowed. */
uint32_t sim_record_host(const sim_record *record);
sy_str sim_record_a(const sim_record *record);
sy_str sim_record_b(const sim_record *record);
int64_t sim_record_number(const sim_record *record);

/* Records by a number from 0, all zero at first: for what others have numbered densely (hosts, the
 * lineage's rows and copies). */
typedef struct sim_numbered {
    sy_alloc alloc;
    char *items;
    size_t count, record_size;
    bool failed; /* an allocation failed: something was not remembered */
} sim_numbered;

void sim_numbered_init(sim_numbered *numbered, sy_alloc alloc, size_t record_size);
/* Sets *failed when something was not remembered for want of memory; else leaves it. */
void sim_numbered_deinit(sim_numbered *numbered, bool *failed);
void *sim_numbered_reach(sim_numbered *numbered, size_t number); /* what _at does beyond the end */
/* Valid until the next call. NULL: no memory. */
static inline void *sim_numbered_at(sim_numbered *numbered, size_t number)
{
    return number < numbered->count ? numbered->items + number * numbered->record_size
                                    : sim_numbered_reach(numbered, number);
}

#endif
