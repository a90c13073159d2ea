/* `syncsim diff A B`: the first event at which two runs part, and what the hosts concerned hold
 * then. Each is a file with what it is run with behind an @: a scenario, a reproduction, or a
 * trace, which stands as it is.
 *
 *   syncsim diff notes.lua@seed=1 notes.lua@seed=2
 *   syncsim diff notes.lua@dialect=sound notes.lua --seed 7
 *   syncsim diff yesterday.jsonl notes.lua@seed=7 */
#include "sim/cli/cli.h"
#include "sim/report/look.h"

#include <inttypes.h>
#include <string.h>

#define SPEC_SIZE 1024

typedef struct side {
    char spec[SPEC_SIZE]; /* cut at its separators */
    const char *name;     /* as it was given */
    cli_subject subject;
    sim_simulation *simulation;
    sy_buf lines; /* of its events */
    sy_str events;
    uint64_t look_at; /* the event behind which its run is looked at; 0: none */
    char host[128];   /* of that event here */
    const struct side *other;
    bool looked;
} side;

/* -- what is asked for -- */

static sy_rc take_setting(cli_options *options, char *setting, sy_err *err)
{
    char argument[SPEC_SIZE];
    (void)snprintf(argument, sizeof argument, "--%s", setting);
    return cli_options_take(options, CLI_DIFF, argument, err);
}

/* "FILE@seed=7,dialect=sound,calm": FILE, with these over the options of both. */
static sy_rc read_side(side *self, const char *spec, const cli_options *options, sy_err *err)
{
    cli_options own = *options;
    self->name = spec;
    const int size = snprintf(self->spec, sizeof self->spec, "%s", spec);
    if (size < 0 || (size_t)size >= sizeof self->spec) {
        return SY_FAIL(err, SY_INVALID, "%s: the name is too long", spec);
    }
    char *at = strrchr(self->spec, '@');
    sy_rc rc = SY_OK;
    while (at != NULL && rc == SY_OK) {
        *at++ = '\0';
        char *comma = strchr(at, ',');
        if (comma != NULL) {
            *comma = '\0';
        }
        rc = take_setting(&own, at, err);
        at = comma;
    }
    if (rc != SY_OK) {
        (void)sy_err_wrap(err, rc, "%s", spec);
        return SY_INVALID;
    }
    return cli_subject_read(self->spec, &own, &self->subject, err);
}

/* -- runs -- */

static void keep_event(void *context, const sim_event *event)
{
    side *self = context;
    sim_event_to_json(sim_simulation_world(self->simulation)->trace, event, &self->lines);
}

static sy_rc observe(void *context, sim_simulation *simulation, sy_err *err)
{
    side *self = context;
    self->simulation = simulation;
    if (self->look_at > 0) {
        return SY_OK;
    }
    return sim_trace_read(sim_simulation_world(simulation)->trace, keep_event, self, NULL, 0) ==
                   SY_OK
               ? SY_OK
               : sy_fail_nomem(err);
}

static void look_at_host(side *self, const char *name)
{
    sy_err err = {0};
    const sy_str host = sy_str_of(name);
    if (strcmp(name, "world") == 0) {
        return;
    }
    (void)printf("%s, %s after it:\n", self->name, name);
    sy_buf_clear(&self->lines);
    sy_rc rc = sim_look_rows(self->simulation, host, (sy_str){0}, &self->lines, &err);
    if (rc == SY_OK && strcmp(name, "server") != 0) {
        rc = sim_look_queue(self->simulation, host, &self->lines, &err);
        rc = rc == SY_OK ? sim_look_tokens(self->simulation, host, &self->lines, &err) : rc;
    }
    if (self->lines.size > 0) {
        (void)fwrite(self->lines.data, 1, self->lines.size, stdout);
    }
    if (rc != SY_OK) {
        (void)printf("  %s\n", err.text);
    }
}

static void look(side *self)
{
    self->looked = true;
    look_at_host(self, self->host);
    if (strcmp(self->host, self->other->host) != 0) {
        look_at_host(self, self->other->host);
    }
}

static bool before(void *context, sim_simulation *simulation)
{
    side *self = context;
    if (self->look_at == 0 ||
        sim_trace_count(sim_simulation_world(simulation)->trace) < self->look_at) {
        return true;
    }
    look(self);
    return false;
}

/* It ended before, or with, the event in question. */
static void inspect(void *context, sim_simulation *simulation, const sim_result *result)
{
    (void)simulation;
    (void)result;
    side *self = context;
    if (self->look_at > 0 && !self->looked) {
        look(self);
    }
}

static sy_rc run_side(side *self, sy_err *err)
{
    const sim_observer watcher = {
        .observe = observe, .before = before, .inspect = inspect, .self = self};
    sim_options run = cli_subject_options(&self->subject);
    cli_case subject = {.path = self->subject.trace.of.scenario,
                        .options = run,
                        .draws = !run.draws_nothing,
                        .watcher = &watcher};
    const sim_case port = cli_case_port(&subject);
    sim_result result;
    sy_rc rc = port.ops->run(port.self, run.choices, NULL, &result, err);
    sim_result_deinit(&result);
    return rc;
}

static sy_rc events_of(side *self, sy_err *err)
{
    if (self->subject.kind == CLI_TRACE) {
        self->events = self->subject.trace.events;
        return SY_OK;
    }
    sy_rc rc = run_side(self, err);
    self->events = sy_buf_str(&self->lines);
    return rc == SY_OK && self->lines.failed ? sy_fail_nomem(err) : rc;
}

/* -- the difference -- */

static void print_event(const side *self, sy_str line)
{
    (void)printf("  %s\n    %.*s\n", self->name,
                 SY_FMT(line.size > 0 ? line : SY_STR("(no more events)")));
}

/* The host of an event's line: the second field. */
static void take_host(side *self, sy_str line)
{
    static const char mark[] = "\"host\":\"";
    (void)snprintf(self->host, sizeof self->host, "world");
    char text[SPEC_SIZE];
    (void)snprintf(text, sizeof text, "%.*s", SY_FMT(line));
    const char *at = strstr(text, mark);
    if (at != NULL) {
        at += strlen(mark);
        (void)snprintf(self->host, sizeof self->host, "%.*s", (int)strcspn(at, "\""), at);
    }
}

/* Runs it once more, up to that event. */
static sy_rc look_behind(side *self, uint64_t number, sy_err *err)
{
    self->look_at = number;
    return self->subject.kind == CLI_TRACE ? SY_OK : run_side(self, err);
}

/* Compares the events; *code becomes how the command ends. */
static sy_rc compare(side sides[2], int *code, sy_err *err)
{
    sy_str rest[2] = {sides[0].events, sides[1].events};
    sy_str line[2] = {{0}};
    uint64_t number = 0;
    bool same = true;
    while (same && (rest[0].size > 0 || rest[1].size > 0)) {
        number++;
        line[0] = sy_str_take_line(&rest[0]);
        line[1] = sy_str_take_line(&rest[1]);
        same = sy_str_equal(line[0], line[1]);
    }
    *code = same ? CLI_EXIT_OK : sim_verdict_exit_code(SIM_FOUND);
    if (same) {
        (void)printf("the same %" PRIu64 " events\n", number);
        return SY_OK;
    }
    (void)printf("they part at event %" PRIu64 "\n", number);
    print_event(&sides[0], line[0]);
    print_event(&sides[1], line[1]);
    take_host(&sides[0], line[0]);
    take_host(&sides[1], line[1]);
    sy_rc rc = look_behind(&sides[0], number, err);
    return rc == SY_OK ? look_behind(&sides[1], number, err) : rc;
}

int cli_diff(const cli_options *options)
{
    if (options->operand_count != 2) {
        cli_complain("diff takes two runs, as in: diff notes.lua@seed=1 notes.lua@seed=2");
        return CLI_EXIT_USAGE;
    }
    side sides[2] = {{.other = &sides[1]}, {.other = &sides[0]}};
    sy_err err = {0};
    int code = CLI_EXIT_OK;
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < 2 && rc == SY_OK; i++) {
        sy_buf_init(&sides[i].lines, sy_alloc_std());
        rc = read_side(&sides[i], options->operands[i], options, &err);
    }
    for (size_t i = 0; i < 2 && rc == SY_OK; i++) {
        rc = events_of(&sides[i], &err);
    }
    rc = rc == SY_OK ? compare(sides, &code, &err) : rc;
    for (size_t i = 0; i < 2; i++) {
        cli_subject_deinit(&sides[i].subject);
        sy_buf_deinit(&sides[i].lines);
    }
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        code = cli_exit_code_of(rc);
    }
    return code;
}
