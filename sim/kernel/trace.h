/* The trace: one stream of typed events {time, host, kind, fields}. Digests, checkers, terminal,
 * reports read it.
 *
 * Each event is encoded once into a buffer (what the trace digest is taken over, block by block)
 * and handed to the readers that asked for its kind. The last part of the stream is kept encoded,
 * for whoever wants to look back. */
#ifndef SIM_KERNEL_TRACE_H
#define SIM_KERNEL_TRACE_H

#include "core/port/tracer.h"

#define SIM_HOST_WORLD 0u /* the host index of the world itself */

typedef struct sim_event {
    sy_time time;      /* virtual */
    uint32_t host;     /* index; name by sim_trace_host */
    uint64_t sequence; /* the how-manieth event of the run, from 1 */
    const sy_event_kind *kind;
    const sy_value *fields;
} sim_event;

typedef struct sim_trace sim_trace;
typedef void (*sim_trace_reader)(void *self, const sim_event *event);

sim_trace *sim_trace_new(sy_alloc alloc); /* NULL: no memory */
void sim_trace_free(sim_trace *trace);

/* Names are copied. Host 0 is "world". */
sy_rc sim_trace_add_host(sim_trace *trace, const char *name, uint32_t *out);
const char *sim_trace_host(const sim_trace *trace, uint32_t host);
uint32_t sim_trace_host_count(const sim_trace *trace);

/* Asks for kinds by code; none: all. Readers are called in the order they came, from inside emit;
 * they do not emit. */
sy_rc sim_trace_read(sim_trace *trace, sim_trace_reader reader, void *self,
                     const sy_event_kind *const *kinds, size_t kind_count);

/* false: no memory for it, as sim_trace_failed says from then on. */
bool sim_trace_emit(sim_trace *trace, sy_time time, uint32_t host, const sy_event_kind *kind,
                    const sy_value *fields);
/* An event did not fit into memory: the digests are of no use any more. */
bool sim_trace_failed(const sim_trace *trace);
uint64_t sim_trace_count(const sim_trace *trace);
uint64_t sim_trace_count_of(const sim_trace *trace, const sy_event_kind *kind);
/* Over everything so far. */
uint64_t sim_trace_digest(sim_trace *trace);
/* Over values read, results of operations and server commits in order, without times. */
uint64_t sim_trace_outcome_digest(sim_trace *trace);
/* Walks the kept tail (at least the last 4 MiB), oldest first. Fields are valid for the call. Rows
 * come back over a schema of their own with the columns they had. */
sy_rc sim_trace_walk(sim_trace *trace, sim_trace_reader reader, void *self);

/* {"time":1.000000000,"host":"phone","event":"send","send":1,...}: one line, with its newline; the
 * kind, then its fields in order. */
void sim_event_to_json(const sim_trace *trace, const sim_event *event, sy_buf *out);

/* A tracer port that stamps the world's time and this host; storage in the caller's struct. */
struct sim_world;
typedef struct sim_tracer {
    struct sim_world *world;
    uint32_t host;
} sim_tracer;
sy_tracer sim_tracer_port(sim_tracer *tracer);

#endif
