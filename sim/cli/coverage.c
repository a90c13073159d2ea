/* --coverage: the faults of a run, and whether they mattered. Of each kind that fired one choice is
 * taken back, and the run is run again with everything else as it was: it mattered when the values
 * read, the results of operations or the server's commits are others then. */
#include "sim/cli/cli.h"

#include <stdio.h>
#include <string.h>

/* false: the run did not come to its end. */
static bool runs_otherwise(cli_case *subject, const sim_choice_list *without, uint64_t outcome,
                           bool *otherwise)
{
    const sim_case port = cli_case_port(subject);
    sim_result result;
    sy_err err = {0};
    const sy_rc rc = port.ops->run(port.self, without, NULL, &result, &err);
    *otherwise = result.outcome_digest != outcome;
    sim_result_deinit(&result);
    return rc == SY_OK && !cli_case_over(subject);
}

/* The choice as calm as it can be, every other one as it is drawn. */
static sy_rc take_back(const sim_choice_list *sample, sim_choice_list *without)
{
    sim_chosen calm = sample->items[0];
    calm.value = 0;
    sim_choice_list_clear(without);
    return sim_choice_list_add(without, &calm);
}

sy_rc cli_take_faults(cli_case *subject, const sim_census *census, uint64_t outcome,
                      sim_fault_table *out)
{
    sim_choice_list without;
    sim_choice_list_init(&without, sy_alloc_std());
    sy_rc rc = census->failed ? SY_NOMEM : SY_OK;
    for (size_t i = 0; i < census->count && rc == SY_OK; i++) {
        const sim_census_row *counted = &census->rows[i];
        sim_fault_row row = {.offered = counted->offered, .fired = counted->fired};
        (void)snprintf(row.name, sizeof row.name, "%s", counted->fault);
        bool otherwise = false;
        if (counted->fired > 0 && !cli_case_over(subject)) {
            rc = take_back(&counted->sample, &without);
            if (rc == SY_OK && runs_otherwise(subject, &without, outcome, &otherwise)) {
                row.tried = 1;
                row.mattered = otherwise ? 1 : 0;
            }
        }
        rc = rc == SY_OK ? sim_fault_table_add(out, &row) : rc;
    }
    sim_choice_list_deinit(&without);
    return rc;
}

void cli_print_faults(const cli_options *options, sim_fault_table *faults, FILE *out)
{
    if (!options->coverage) {
        return;
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    if (sim_fault_table_add_knobs(faults) == SY_OK) {
        sim_fault_table_print(faults, &text);
    }
    (void)fwrite(text.data, 1, text.size, out);
    sy_buf_deinit(&text);
}
