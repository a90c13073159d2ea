/* The baseline of round_bench: the same sync rounds as a plain program with an event heap,
 * operation queues and hash tables, without engine and ports; bare, or through the trace and choice
 * that scenarios use. */
#ifndef TESTS_BENCH_PLAIN_ROUND_H
#define TESTS_BENCH_PLAIN_ROUND_H

#include "tests/bench/round_trace.h"

/* `clients` of them, `rows` rows each, until `rounds` rounds were done. `seconds`: CPU time of the
 * rounds, without the set-up. `trace`: what every round goes into; NULL: bare. Returns a checksum
 * over versions, so that nothing is optimised away. Aborts when memory runs out. */
uint64_t plain_round_run(uint32_t clients, uint32_t rows, uint64_t rounds, round_trace *trace,
                         double *seconds);

#endif
