/* Verdicts, their names, exit codes and rank. The enum is in order of rank. */
#include "sim/run/run.h"

static const struct {
    const char *name;
    int exit_code;
} verdicts[SIM_VERDICT_COUNT] = {
    [SIM_PASSED] = {"passed", 0},
    [SIM_UNDECIDED] = {"undecided", 5},
    [SIM_NOT_COVERED] = {"not covered", 6},
    [SIM_NOT_CONVERGED] = {"not converged", 2},
    [SIM_FOUND] = {"failed", 1},
    [SIM_NOT_DETERMINISTIC] = {"not deterministic", 3},
    [SIM_CODE_CRASHED] = {"code under test crashed", 4},
    [SIM_BAD_SCENARIO] = {"bad scenario", 65},
    [SIM_HARNESS] = {"harness failed", 70},
};

int sim_verdict_exit_code(sim_verdict verdict)
{
    return verdicts[verdict].exit_code;
}

const char *sim_verdict_name(sim_verdict verdict)
{
    return verdicts[verdict].name;
}

sim_verdict sim_verdict_worse(sim_verdict a, sim_verdict b)
{
    return a > b ? a : b;
}
