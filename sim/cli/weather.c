/* `syncsim weather`: what can be asked for from outside. Without names a line for each weather and
 * for each knob; with names the dials that each of them has, those of swarm with the seed given. */
#include "sim/cli/cli.h"

#include <inttypes.h>
#include <string.h>

#define NAME_WIDTH  27
#define UNIT_WIDTH  11
#define RANGE_WIDTH 15
#define SWARM_WIDTH 17

void cli_add_dials(const sim_weather_asked *asked, sim_choice *choice, const char *between,
                   sy_buf *out)
{
    sim_weather weather = {0};
    if (asked->swarm || asked->profile != NULL) {
        sim_weather_answer(asked, choice, &weather);
        sim_weather_print(&weather, between, out);
    }
}

/* As people set it; its unit stands in a column of its own. */
static void add_value(const sim_knob *knob, int64_t value, sy_buf *out)
{
    if (knob->unit == SIM_UNIT_NS) {
        sim_knob_print(knob, value, out);
    } else {
        sy_buf_printf(out, "%" PRId64, value);
    }
}

static void add_range(const sim_knob *knob, int64_t min, int64_t max, size_t width, sy_buf *out)
{
    const size_t begun = out->size;
    add_value(knob, min, out);
    sy_buf_add_str(out, SY_STR(".."));
    add_value(knob, max, out);
    do {
        sy_buf_add_char(out, ' ');
    } while (out->size - begun < width);
}

static void add_knob(const sim_knob *knob, sy_buf *out)
{
    sy_buf_printf(out, "  %-*s%-*s", NAME_WIDTH, knob->name, UNIT_WIDTH, sim_unit_name(knob->unit));
    add_range(knob, 0, sim_knob_max(knob), RANGE_WIDTH, out);
    if (knob->strong_max > 0) {
        add_range(knob, knob->strong_min, knob->strong_max, SWARM_WIDTH, out);
    } else {
        sy_buf_printf(out, "%-*s", SWARM_WIDTH, "-");
    }
    sy_buf_printf(out, "%-10s %s\n", knob->breach ? "breach" : "tolerated", knob->what);
}

static void add_lists(sy_buf *out)
{
    sy_buf_add_str(out, SY_STR("weathers (--weather NAME; in a scenario: weather = \"NAME\")\n"));
    const sim_weather_profile *profile = NULL;
    for (size_t i = 0; (profile = sim_weather_profile_at(i)) != NULL; i++) {
        sy_buf_printf(out, "  %-*s%s\n", NAME_WIDTH, profile->name, profile->what);
    }
    sy_buf_printf(out, "  %-*s%s\n", NAME_WIDTH, "swarm",
                  "from outside only: each seed turns on a random part of the knobs below, with "
                  "random strengths");
    sy_buf_add_str(out, SY_STR("\nknobs (--set KNOB=VALUE; in a scenario: weather = { net_latency "
                               "= \"20 ms\" })\n"));
    sy_buf_printf(out, "  %-*s%-*s%-*s%-*s%-10s %s\n", NAME_WIDTH, "KNOB", UNIT_WIDTH, "UNIT",
                  RANGE_WIDTH, "RANGE", SWARM_WIDTH, "SWARM", "CLASS", "WHAT");
    const sim_knob *knob = NULL;
    for (size_t i = 0; (knob = sim_weather_knob(i)) != NULL; i++) {
        add_knob(knob, out);
    }
    sy_buf_add_str(out, SY_STR("\nSWARM: what it draws from; those of class breach with --breaches "
                               "only. 0 is calm.\n"));
}

static sy_rc add_dials_of(const cli_options *options, const char *name, sy_buf *out, sy_err *err)
{
    sim_weather_asked asked = options->run.weather;
    const uint64_t seed = options->run.seed != 0 ? options->run.seed : 1;
    sy_rc rc = sim_weather_ask(&asked, sy_str_of(name), err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_choice *choice = sim_choice_new(sy_alloc_std(), seed, false);
    if (choice == NULL) {
        return sy_fail_nomem(err);
    }
    if (asked.swarm) {
        sy_buf_printf(out, "%s, seed %" PRIu64 "\n  ", name, seed);
    } else {
        sy_buf_printf(out, "%s: %s\n  ", name, asked.profile->what);
    }
    const size_t before = out->size;
    cli_add_dials(&asked, choice, "\n  ", out);
    sy_buf_add_str(out, out->size == before ? SY_STR("nothing is on\n") : SY_STR("\n"));
    sim_choice_free(choice);
    return SY_OK;
}

int cli_weather(const cli_options *options)
{
    sy_buf text;
    sy_err err = {0};
    sy_rc rc = SY_OK;
    sy_buf_init(&text, sy_alloc_std());
    if (options->operand_count == 0) {
        add_lists(&text);
    }
    for (int i = 0; i < options->operand_count && rc == SY_OK; i++) {
        rc = add_dials_of(options, options->operands[i], &text, &err);
    }
    if (rc == SY_OK && text.failed) {
        rc = sy_fail_nomem(&err);
    }
    if (rc == SY_OK) {
        (void)fwrite(text.data, 1, text.size, stdout);
    } else {
        cli_complain("%s", err.text);
    }
    sy_buf_deinit(&text);
    return rc == SY_OK ? CLI_EXIT_OK : rc == SY_NOMEM ? CLI_EXIT_HARNESS : CLI_EXIT_USAGE;
}
