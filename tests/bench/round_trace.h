/* What a sync round leaves in the trace, and what it draws, for the plain programs of round_bench:
 * the same events with the same fields, the same draws, as the engine, the server and the link
 * make. */
#ifndef TESTS_BENCH_ROUND_TRACE_H
#define TESTS_BENCH_ROUND_TRACE_H

#include "sim/kernel/world.h"

typedef struct round_trace {
    sim_world world;
    sy_arena arena;
    sy_row *row; /* filled for each event */
    sim_stream link;
    uint64_t messages;
} round_trace;

typedef struct round_item { /* one row as a plain program has it */
    const char *id, *title, *owner;
    uint64_t version;
    sy_time updated_at;
    int64_t quantity;
} round_item;

void round_trace_init(round_trace *trace, uint32_t clients);
void round_trace_deinit(round_trace *trace);
/* 10 ms and a draw of up to 5 ms, keyed as a link keys it. */
sy_time round_trace_latency(round_trace *trace, uint32_t client, uint64_t operation, bool response);
/* The three moments of a round. */
void round_trace_written(round_trace *trace, uint32_t client, uint64_t operation,
                         const round_item *item, sy_time arrives);
void round_trace_served(round_trace *trace, uint32_t client, uint64_t operation,
                        const round_item *item, sy_time arrives);
void round_trace_finished(round_trace *trace, uint32_t client, uint64_t operation,
                          const round_item *item);

#endif
