/* The trace of a run as a file of lines (`run --trace jsonl`): what was run, its events, one a
 * line, and how many they were. Line n + 1 is event n.
 *
 *   {"trace":1,"of":"syncsim reproduction 1\nscenario notes.lua\nseed 7\ndrawn\n"}
 *   {"time":0.000000000,"host":"phone","event":"host",...}
 *   {"events":812,"sum":"5e0c...","whole":true} */
#ifndef SIM_EXPLORE_TRACE_FILE_H
#define SIM_EXPLORE_TRACE_FILE_H

#include "sim/explore/reproduction.h"

typedef struct sim_trace_sum { /* of the lines of events; zeroed: none yet */
    uint64_t events, hash;
} sim_trace_sum;

/* A line with its newline. */
void sim_trace_sum_add(sim_trace_sum *sum, sy_str line);
void sim_trace_head_write(const sim_reproduction *of, sy_buf *out);
/* `whole`: the run came to its end. */
void sim_trace_tail_write(const sim_trace_sum *sum, bool whole, sy_buf *out);

typedef struct sim_trace_file {
    sim_reproduction of;
    sy_str events; /* its lines, in the text that was read */
    uint64_t event_count;
    bool whole;
} sim_trace_file;

bool sim_is_trace(sy_str text);
/* `text` is borrowed as long as the file is used; `out` must be ended with sim_trace_file_deinit
 * whatever comes back. SY_PARSE: the line, and what is wrong with it; an end that is missing and
 * lines that were changed are noticed. */
sy_rc sim_trace_file_read(sy_str text, sy_alloc alloc, sim_trace_file *out, sy_err *err);
void sim_trace_file_deinit(sim_trace_file *file);

#endif
