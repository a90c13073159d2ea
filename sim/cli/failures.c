/* Of the failures of a search the first of each kind, with the choices that lead to it. */
#include "sim/cli/cli.h"

#include <string.h>

void cli_failures_add(cli_failures *failures, const sim_choice_list *choices,
                      const sim_result *result)
{
    sim_signature signature = sim_signature_of(result);
    for (size_t i = 0; i < failures->count; i++) {
        if (strcmp(failures->items[i].signature.text, signature.text) == 0) {
            failures->items[i].runs++;
            return;
        }
    }
    if (failures->count < CLI_FAILURE_COUNT_MAX) {
        cli_failure *made = &failures->items[failures->count++];
        *made = (cli_failure){.signature = signature, .runs = 1};
        sy_buf_init(&made->choices, sy_alloc_std());
        sim_choice_list_write(choices, &made->choices);
    }
}

void cli_failures_print(const cli_failures *failures)
{
    for (size_t i = 0; i < failures->count; i++) {
        (void)printf("%s\n", failures->items[i].signature.text);
        sy_str rest = sy_buf_str(&failures->items[i].choices);
        while (rest.size > 0) {
            sy_str line = sy_str_take_line(&rest);
            (void)printf("    %.*s\n", SY_FMT(line));
        }
    }
}

sy_rc cli_failures_write_first(const cli_failures *failures, const cli_options *options,
                               cli_case *subject, sy_err *err)
{
    sim_choice_list choices;
    sim_reproduction reproduction = {.signature = failures->items[0].signature};
    (void)snprintf(reproduction.scenario, sizeof reproduction.scenario, "%s", subject->path);
    reproduction.options = subject->options;
    subject->options.record_offers = false;
    subject->limits = NULL;
    sim_case port = cli_case_port(subject);
    sim_choice_list_init(&choices, sy_alloc_std());
    sim_choice_list_init(&reproduction.list, sy_alloc_std());
    sy_rc rc = SY_OK;
    sy_str rest = sy_buf_str(&failures->items[0].choices);
    while (rest.size > 0 && rc == SY_OK) {
        rc = sim_choice_list_read_line(&choices, sy_str_take_line(&rest), err);
    }
    if (rc == SY_OK) {
        sim_result result;
        rc = port.ops->run(port.self, &choices, &reproduction.list, &result, err);
        sim_result_deinit(&result);
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_reproduction_write(&reproduction, &text);
    if (rc == SY_OK) {
        rc = text.failed ? sy_fail_nomem(err)
                         : cli_write_file(options->output, sy_buf_str(&text), err);
    }
    if (rc == SY_OK) {
        (void)printf("wrote %s; make it small with: %s shrink %s\n", options->output,
                     options->program, options->output);
    }
    sy_buf_deinit(&text);
    sim_choice_list_deinit(&choices);
    sim_choice_list_deinit(&reproduction.list);
    return rc;
}

void cli_failures_deinit(cli_failures *failures)
{
    for (size_t i = 0; i < failures->count; i++) {
        sy_buf_deinit(&failures->items[i].choices);
    }
    failures->count = 0;
}
