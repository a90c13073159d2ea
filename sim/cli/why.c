/* `syncsim why FILE --seed N`: the failing run made small, then each of its choices removed and
 * moved, then the policy and the dialect swapped: what the failure needs, in words. */
#include "sim/explore/why.h"
#include "sim/cli/cli.h"

#include <inttypes.h>
#include <string.h>

static void print_reasons(const sim_choice_list *list, const sim_reason *reasons, size_t asked)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    (void)printf(list->count > 0 ? "it needs\n"
                                 : "it needs no choice at all: the scenario does it\n");
    for (size_t i = 0; i < asked; i++) {
        const sim_reason *reason = &reasons[i];
        sy_buf_clear(&text);
        sim_chosen_to_text(&list->items[i], &text);
        (void)printf("  %.*s", SY_FMT(sy_buf_str(&text)));
        if (!reason->needed) {
            (void)printf("   (also without it)");
        } else if (reason->least == reason->most) {
            (void)printf("   and no other value");
        } else {
            (void)printf("   from %" PRIu64 " to %" PRIu64, reason->least, reason->most);
        }
        if (list->items[i].bound > 2) {
            (void)printf(" of 0 to %" PRIu64, list->items[i].bound - 1);
        }
        (void)printf("\n");
    }
    sy_buf_deinit(&text);
}

/* The same choices under other options. */
static sy_rc print_swapped(const sim_options *options, const cli_case *subject,
                           const sim_shrunk *shrunk, const char *what, sy_err *err)
{
    cli_case swapped = *subject;
    swapped.options = *options;
    const sim_case port = cli_case_port(&swapped);
    sim_choice_list made;
    sim_result result;
    sim_choice_list_init(&made, sy_alloc_std());
    sy_rc rc = port.ops->run(port.self, &shrunk->list, &made, &result, err);
    const bool shown = rc == SY_OK && sim_signature_shown(&shrunk->signature, &result);
    const char *outcome = shown                          ? "fails in the same way"
                          : result.verdict == SIM_PASSED ? "does not fail"
                                                         : "fails in another way";
    (void)printf("  with %-38s %s\n", what, outcome);
    sim_result_deinit(&result);
    sim_choice_list_deinit(&made);
    return rc;
}

/* With each policy for every table of every client, in place of their own. */
static sy_rc print_policies(const cli_case *subject, const sim_shrunk *shrunk, sy_err *err)
{
    const sy_policy *policy = NULL;
    sy_rc rc = SY_OK;
    for (size_t i = 0; (policy = sy_policy_at(i)) != NULL && rc == SY_OK; i++) {
        char what[64];
        sim_options options = subject->options;
        options.policy = policy;
        (void)snprintf(what, sizeof what, "policy %s", policy->name);
        rc = print_swapped(&options, subject, shrunk, what, err);
    }
    return rc;
}

/* Under each dialect with the server that goes with it. */
static sy_rc print_dialects(const cli_case *subject, const sim_shrunk *shrunk, sy_err *err)
{
    const sy_dialect *dialect = NULL;
    sy_rc rc = SY_OK;
    for (size_t i = 0; (dialect = sy_dialect_at(i)) != NULL && rc == SY_OK; i++) {
        char what[64];
        sim_options options = subject->options;
        options.dialect = dialect;
        options.server = NULL;
        (void)snprintf(what, sizeof what, "--dialect %s", dialect->name);
        rc = print_swapped(&options, subject, shrunk, what, err);
    }
    return rc;
}

static bool goes_on(void *self)
{
    return !cli_case_over(self);
}

static sy_rc explain(const cli_options *options, const cli_case *subject, const sim_shrunk *shrunk,
                     sy_err *err)
{
    (void)options;
    size_t size = (shrunk->list.count + 1) * sizeof(sim_reason);
    sim_reason *reasons = sy_alloc_zeroed(sy_alloc_std(), size);
    if (reasons == NULL) {
        return sy_fail_nomem(err);
    }
    cli_case own = *subject;
    const sim_case port = cli_case_port(&own);
    const sim_question question = {.subject = &port,
                                   .list = &shrunk->list,
                                   .signature = &shrunk->signature,
                                   .goes_on = goes_on,
                                   .self = &own};
    size_t asked = 0;
    sy_rc rc = sim_why(&question, sy_alloc_std(), reasons, &asked, err);
    if (rc == SY_OK) {
        (void)printf("%s\n", shrunk->signature.text);
        print_reasons(&shrunk->list, reasons, asked);
    }
    if (rc == SY_OK && asked < shrunk->list.count) {
        (void)printf(
            "stopped: %zu choices more were not asked about, nor other policies and dialects\n",
            shrunk->list.count - asked);
    } else if (rc == SY_OK) {
        (void)printf("the other %zu choices of the run do not matter\n",
                     shrunk->choices_before - shrunk->list.count);
        rc = print_policies(subject, shrunk, err);
        rc = rc == SY_OK ? print_dialects(subject, shrunk, err) : rc;
    }
    sy_alloc_free(sy_alloc_std(), reasons, size);
    return rc;
}

int cli_why(const cli_options *options)
{
    return cli_shrink_then(options, "why", explain);
}
