/* Runs as tables of a SQLite database, for whoever asks in SQL: runs, events, edits, conflicts,
 * findings, metrics; README.md has the columns. A database takes many runs, of several processes at
 * once; a run that it has already is replaced.
 *
 * Nothing is written before the run is over: SQLite's source of chance is one for the process, and
 * the simulated stores draw from it. */
#ifndef SIM_REPORT_SQLITE_EXPORT_H
#define SIM_REPORT_SQLITE_EXPORT_H

#include "sim/measure/metric.h"
#include "sim/run/run.h"

typedef struct sim_exported {                        /* which run it is; borrowed */
    const char *scenario;                            /* its file */
    const char *dialect, *server, *policy, *weather; /* as they were asked for; "": nobody did */
    bool calm;
    uint64_t seed;
} sim_exported;

typedef struct sim_export sim_export; /* what is kept of one run */

/* Makes the database, or looks whether it is one of ours. SY_IO: it can't be opened; SY_INVALID: it
 * is something else. */
sy_rc sim_export_prepare(const char *path, sy_err *err);
/* Attaches to a run before its first event. SY_NOMEM: *out may be set. */
sy_rc sim_export_new(sy_alloc alloc, sim_simulation *simulation, sim_export **out, sy_err *err);
/* When it is over. SY_IO, SY_NOMEM. */
sy_rc sim_export_write(sim_export *kept, const char *path, const sim_exported *of,
                       const sim_result *result, const sim_metrics *metrics, sy_err *err);
/* After the trace has ended: it goes on calling. */
void sim_export_free(sim_export *kept);

#endif
