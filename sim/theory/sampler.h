/* How laws are sampled: from rigs, many samples of each, or from draws alone. One unit of time is
 * an hour. */
#ifndef SIM_THEORY_SAMPLER_H
#define SIM_THEORY_SAMPLER_H

#include "sim/theory/law.h"
#include "sim/theory/rig.h"

#define SIM_LAW_UNIT SY_HOUR

int64_t sim_law_units(double value);
double sim_law_of_units(sy_time time);
sim_distribution sim_law_exponential(double mean_units);

/* By the law's `once`, until the tally has what the run asks for (of a rig that adds nothing there
 * may be many); each device of a new rig pulls its rows first. */
sy_rc sim_law_sample_rigs(sim_law_run *run, const sim_rig_options *options, uint32_t per_rig,
                          sy_err *err);

/* The same without an engine. */
uint64_t sim_law_roll(const sim_stream *dice, uint64_t n, sim_key key);
int64_t sim_law_draw(const sim_stream *dice, const sim_distribution *distribution, sim_key key);
/* By the law's `roll`. */
sy_rc sim_law_sample_dice(sim_law_run *run, sy_err *err);

#endif
