#include "sim/theory/law.h"

#include <math.h>

#include "core/base/hash.h"

extern const sim_law sim_law_conflicts[], sim_law_collisions[], sim_law_staleness[],
    sim_law_queues[], sim_law_losses[], sim_law_crashes[], sim_law_links[];

const sim_law *const sim_law_groups[] = {
    sim_law_conflicts, sim_law_collisions, sim_law_staleness, sim_law_queues,
    sim_law_losses,    sim_law_crashes,    sim_law_links,     NULL};

uint64_t sim_law_seed(const sim_law_run *run, uint64_t repetition)
{
    return sy_hash_mix(run->seed, repetition) | 1;
}

static sy_rc check_set(const sim_law *law, const double *set, sy_err *err)
{
    for (size_t i = 0; i < SIM_LAW_PARAMETER_COUNT_MAX && law->parameters[i].name != NULL; i++) {
        const sim_law_parameter *parameter = &law->parameters[i];
        if (!(set[i] >= parameter->min && set[i] <= parameter->max)) {
            return SY_FAIL(err, SY_INVALID, "%s: %s is between %g and %g, not %g", law->form,
                           parameter->name, parameter->min, parameter->max, set[i]);
        }
    }
    return SY_OK;
}

sy_rc sim_law_evaluate(const sim_law *law, sim_law_run *run, sim_law_result *out, sy_err *err)
{
    sy_rc rc = check_set(law, run->set, err);
    if (rc != SY_OK) {
        return rc;
    }
    run->law = law;
    run->tally = (sim_law_tally){0};
    rc = law->sample(run, err);
    if (rc != SY_OK) {
        return rc;
    }
    *out = (sim_law_result){.simulated = sim_law_tally_ratio(&run->tally),
                            .error = sim_law_tally_error(&run->tally),
                            .closed = law->closed(run->set),
                            .repetitions = run->tally.count};
    const double distance = out->simulated - out->closed;
    out->z = out->error > 0 ? distance / out->error : distance == 0 ? 0 : INFINITY;
    out->off = out->closed != 0 ? fabs(distance / out->closed) : fabs(distance);
    out->held = law->tolerance > 0 ? out->off <= law->tolerance : fabs(out->z) < SIM_LAW_Z_MAX;
    return SY_OK;
}
