/* The history of a run for Elle, an outside checker (https://github.com/jepsen-io/elle): EDN, one
 * operation a line, as `elle.rw-register` reads them.
 *
 *   {:index 0, :type :invoke, :process 1, :f :txn, :time 1000000, :value [[:w "todoitem/milk.text"
 * 7]]}
 *   {:index 1, :type :ok, ...}
 *
 * A process is a device. A key is "table/id.field"; "table/id" alone is whether the row is there. A
 * written value is the tag of the edit, which no other write has; a read shows the tag of what the
 * app read, nil where nobody knows who wrote it. Local writes and reads are transactions of the
 * device that makes them, of one row each; what the server commits is not a process of its own. */
#ifndef SIM_CHECK_ELLE_H
#define SIM_CHECK_ELLE_H

#include "sim/check/lineage.h"

typedef struct sim_elle sim_elle;

/* Attaches to a trace before its first event. SY_NOMEM. */
sy_rc sim_elle_new(sy_alloc alloc, sim_trace *trace, sim_elle **out, sy_err *err);
/* Valid until sim_elle_free; its `failed` says that memory ran out. */
const sy_buf *sim_elle_text(const sim_elle *elle);
/* After the trace is freed: it goes on calling. */
void sim_elle_free(sim_elle *elle);

#endif
