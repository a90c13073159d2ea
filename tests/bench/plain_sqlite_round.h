/* The SQLite baseline of round_bench: the transactions of a sync round as bare prepared statements,
 * on the same VFS with the same journal mode, without engine, network, ports or trace. */
#ifndef TESTS_BENCH_PLAIN_SQLITE_ROUND_H
#define TESTS_BENCH_PLAIN_SQLITE_ROUND_H

#include "tests/bench/round_trace.h"

/* One connection for each client and one for the server. `trace`: what every round goes into; NULL:
 * bare. Returns a checksum; aborts on any SQLite error. */
uint64_t plain_sqlite_round_run(uint32_t clients, uint32_t rows, uint64_t rounds,
                                round_trace *trace, double *seconds);

#endif
