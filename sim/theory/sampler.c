#include "sim/theory/sampler.h"

static const sim_label dice_label = {.name = "law", .choice_class = SIM_WORKLOAD};

int64_t sim_law_units(double value)
{
    return (int64_t)(value * (double)SIM_LAW_UNIT);
}

double sim_law_of_units(sy_time time)
{
    return (double)time / (double)SIM_LAW_UNIT;
}

sim_distribution sim_law_exponential(double mean_units)
{
    return (sim_distribution){.kind = SIM_EXPONENTIAL, .scale = sim_law_units(mean_units)};
}

sy_rc sim_law_sample_rigs(sim_law_run *run, const sim_rig_options *options, uint32_t per_rig,
                          sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint64_t i = 0; rc == SY_OK && run->tally.y < (double)run->samples; i++) {
        sim_rig_options own = *options;
        own.seed = sim_law_seed(run, i);
        sim_rig *rig = sim_rig_open(&own, err);
        if (rig == NULL) {
            return err->rc;
        }
        for (uint32_t k = 0; k < options->devices && options->rows > 0; k++) {
            sim_rig_pull(rig, k);
        }
        for (uint64_t sample = 0; sample < per_rig && !sim_rig_failed(rig); sample++) {
            run->law->once(rig, run, sample);
        }
        rc = sim_rig_close(rig, err);
    }
    return rc;
}

uint64_t sim_law_roll(const sim_stream *dice, uint64_t n, sim_key key)
{
    return sim_choose(dice, &dice_label, key, n);
}

int64_t sim_law_draw(const sim_stream *dice, const sim_distribution *distribution, sim_key key)
{
    return sim_distribution_draw(distribution, dice, &dice_label, key);
}

sy_rc sim_law_sample_dice(sim_law_run *run, sy_err *err)
{
    sim_choice *choice = sim_choice_new(sy_alloc_std(), sim_law_seed(run, 0), false);
    if (choice == NULL) {
        return sy_fail_nomem(err);
    }
    const sim_stream dice = sim_stream_of(choice, "world", "law");
    for (uint64_t i = 0; i < run->samples; i++) {
        sim_law_tally_add(&run->tally, run->law->roll(&dice, run, i), 1);
    }
    sim_choice_free(choice);
    return SY_OK;
}
