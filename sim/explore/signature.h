/* What two failures have in common: the checker and its sentence without the names and numbers of
 * this one run. A sweep groups by it, a shrinker keeps it, a baseline lists it.
 *
 *   convergence: row HOST/ROW differs from the server's
 *   expectation: app.lua:14: expected # but got #
 */
#ifndef SIM_EXPLORE_SIGNATURE_H
#define SIM_EXPLORE_SIGNATURE_H

#include "sim/run/run.h"

#define SIM_SIGNATURE_SIZE 256

typedef struct sim_signature {
    char text[SIM_SIGNATURE_SIZE]; /* "": nothing failed */
} sim_signature;

sim_signature sim_signature_of_finding(const sim_finding *finding);
/* Of a run: its first finding, unless all were declared; else what its verdict and reason say. */
sim_signature sim_signature_of(const sim_result *result);
/* The run failed in that way, among others perhaps. */
bool sim_signature_shown(const sim_signature *signature, const sim_result *result);

#endif
