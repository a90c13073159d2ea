/* The run is held between two events (sim_observer.before) while lines are read. What stands there
 * is a command of the table below, or else a line of Lua with the scenario's verbs. Standard input
 * may be a file or a pipe: then nothing is prompted, and its end ends the shell.
 *
 * What is said is on record as the verbs of the scenario are, so that the run up to here, whatever
 * was changed in it, can be saved as a story. */
#include "sim/cli/shell.h"

#include "lua/script.h"
#include "sim/report/look.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 4096

typedef enum goal { STEPS, TIME, EVENT, LINE, END } goal; /* until when it runs on */

typedef struct shell {
    script *script;
    sim_simulation *simulation;
    goal goal;
    uint64_t steps;
    sy_time until;
    char kind[64]; /* of the event that is waited for */
    bool seen;     /* it came */
    bool shows;    /* events as they happen */
    bool prompts;
    bool left, ended; /* the person, the run */
    sy_buf text;
} shell;

static void print_text(shell *self)
{
    if (self->text.size > 0) {
        (void)fwrite(self->text.data, 1, self->text.size, stdout);
    }
    sy_buf_clear(&self->text);
}

static void print_problem(const sy_err *err)
{
    (void)printf("  %s\n", err->text);
}

static void read_event(void *context, const sim_event *event)
{
    shell *self = context;
    self->seen = self->seen || strcmp(event->kind->name, self->kind) == 0;
    if (self->shows) {
        sim_look_event(sim_simulation_world(self->simulation)->trace, event, &self->text);
        print_text(self);
    }
}

static void show_line(void *context, const char *text)
{
    (void)context;
    (void)printf("  %s\n", text);
}

static void arrived(void *context)
{
    (void)context; /* time is there: that is all */
}

/* -- the commands; true: the run goes on -- */

typedef bool command(shell *self, sy_str rest);

static sy_str take_word(sy_str *rest)
{
    while (rest->size > 0 && rest->data[0] == ' ') {
        *rest = (sy_str){rest->data + 1, rest->size - 1};
    }
    sy_str word = {rest->data, 0};
    while (word.size < rest->size && word.data[word.size] != ' ') {
        word.size++;
    }
    *rest = (sy_str){rest->data + word.size, rest->size - word.size};
    while (rest->size > 0 && rest->data[0] == ' ') {
        *rest = (sy_str){rest->data + 1, rest->size - 1};
    }
    return word;
}

static bool step(shell *self, sy_str rest)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%.*s", SY_FMT(rest));
    self->goal = STEPS;
    self->steps = rest.size > 0 ? strtoull(number, NULL, 10) : 1;
    self->shows = true;
    if (self->steps == 0) {
        (void)printf("  step: how many events? 1 or more\n");
    }
    return self->steps > 0;
}

static bool run_to_time(shell *self, sy_time until)
{
    sim_world *world = sim_simulation_world(self->simulation);
    if (until < world->now) {
        (void)printf("  that is over\n");
        return false;
    }
    self->goal = TIME;
    self->until = until;
    sim_world_at(world, until, arrived, self);
    return true;
}

/* "run", "run 1 s 200 ms", "run until conflict" */
static bool run(shell *self, sy_str rest)
{
    sy_time until = 0;
    sy_err err = {0};
    sy_str other = rest;
    if (sy_str_equal(take_word(&other), SY_STR("until"))) {
        rest = other;
    }
    self->shows = false;
    if (rest.size == 0) {
        self->goal = END;
        script_hold(self->script, false);
        return true;
    }
    if (rest.data[0] >= '0' && rest.data[0] <= '9') {
        if (sy_duration_parse(rest, &until, &err) == SY_OK) {
            return run_to_time(self, until);
        }
        print_problem(&err);
        return false;
    }
    (void)snprintf(self->kind, sizeof self->kind, "%.*s", SY_FMT(rest));
    self->seen = false;
    self->goal = EVENT;
    return true;
}

static void print_or_complain(shell *self, sy_rc rc, const sy_err *err)
{
    print_text(self);
    if (rc != SY_OK) {
        print_problem(err);
    }
}

static bool hosts(shell *self, sy_str rest)
{
    (void)rest;
    sim_look_hosts(self->simulation, &self->text);
    print_text(self);
    return false;
}

static bool rows(shell *self, sy_str rest)
{
    sy_err err = {0};
    const sy_str host = take_word(&rest);
    print_or_complain(self, sim_look_rows(self->simulation, host, rest, &self->text, &err), &err);
    return false;
}

static bool queue(shell *self, sy_str rest)
{
    sy_err err = {0};
    print_or_complain(self, sim_look_queue(self->simulation, rest, &self->text, &err), &err);
    return false;
}

static bool token(shell *self, sy_str rest)
{
    sy_err err = {0};
    print_or_complain(self, sim_look_tokens(self->simulation, rest, &self->text, &err), &err);
    return false;
}

static bool messages(shell *self, sy_str rest)
{
    (void)rest;
    sim_look_coming(self->simulation, true, &self->text);
    print_text(self);
    return false;
}

static bool coming(shell *self, sy_str rest)
{
    (void)rest;
    sim_look_coming(self->simulation, false, &self->text);
    print_text(self);
    return false;
}

static bool save(shell *self, sy_str rest)
{
    char path[LINE_SIZE];
    sy_err err = {0};
    (void)snprintf(path, sizeof path, "%.*s", SY_FMT(rest));
    if (path[0] == '\0') {
        (void)printf("  save: into which file?\n");
    } else if (cli_write_transcript(self->script, sim_simulation_world(self->simulation)->choice,
                                    path, &err) == SY_OK) {
        (void)printf("  wrote %s\n", path);
    } else {
        print_problem(&err);
    }
    return false;
}

static bool leave(shell *self, sy_str rest)
{
    (void)rest;
    self->left = true;
    return false;
}

static command help;

static const struct {
    const char *name, *usage, *what;
    command *take;
} commands[] = {
    {"step", "step [N]", "the next event, or the next N", step},
    {"run", "run [until TIME|EVENT]",
     "to the end, to 1 s 200 ms, or behind the next conflict, push_end...", run},
    {"hosts", "hosts", "who is there, and how", hosts},
    {"rows", "rows HOST [TABLE]", "what a client, or the server, has stored", rows},
    {"queue", "queue CLIENT", "what it has yet to push", queue},
    {"token", "token CLIENT", "its delta tokens", token},
    {"messages", "messages", "what is on its way", messages},
    {"coming", "coming", "all that is to come", coming},
    {"save", "save FILE", "the run up to here as a story", save},
    {"help", "help", "this text", help},
    {"quit", "quit", "leaves the run where it is", leave},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static bool help(shell *self, sy_str rest)
{
    (void)self;
    (void)rest;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        (void)printf("  %-24s %s\n", commands[i].usage, commands[i].what);
    }
    (void)printf("  %-24s %s\n", "phone:push()", "or any other line of Lua: it is done now");
    return false;
}

/* What is no command is Lua, and the run goes on until it is done. */
static bool say(shell *self, const char *line)
{
    sy_err err = {0};
    if (script_say(self->script, line, &err) != SY_OK) {
        print_problem(&err);
        return false;
    }
    self->goal = LINE;
    self->shows = false;
    return script_says(self->script);
}

static bool obey(shell *self, const char *line)
{
    sy_str rest = sy_str_of(line);
    const sy_str word = take_word(&rest);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (sy_str_equal(word, sy_str_of(commands[i].name))) {
            return commands[i].take(self, rest);
        }
    }
    return word.size > 0 && say(self, line);
}

/* -- the run -- */

static bool is_reached(shell *self, const sim_world *world)
{
    const sim_entry *next = sim_event_queue_first(&world->queue);
    switch (self->goal) {
    case STEPS:
        return self->steps-- == 0 || next == NULL;
    case TIME:
        return next == NULL || next->time > self->until;
    case EVENT:
        return self->seen || next == NULL;
    case LINE:
        return !script_says(self->script) || next == NULL;
    case END:
    default:
        return false;
    }
}

static void print_place(const shell *self, const sim_world *world)
{
    char now[SY_TIME_TEXT_SIZE];
    (void)sy_duration_format(world->now, now);
    (void)printf("at %s, %" PRIu64 " events%s\n", now, sim_trace_count(world->trace),
                 sim_event_queue_first(&world->queue) == NULL ? ", nothing is to come" : "");
    if (self->goal == EVENT && !self->seen) {
        (void)printf("  there was no %s\n", self->kind);
    }
}

/* Reads lines until one lets the run go on. false: there are no more. */
static bool ask(shell *self)
{
    char line[LINE_SIZE];
    for (;;) {
        if (self->prompts) {
            (void)fputs("> ", stdout);
        }
        (void)fflush(stdout);
        self->left = self->left || fgets(line, sizeof line, stdin) == NULL;
        if (self->left) {
            return false;
        }
        line[strcspn(line, "\r\n")] = '\0';
        if (obey(self, line)) {
            return true;
        }
    }
}

static bool before(void *context, sim_simulation *simulation)
{
    shell *self = context;
    sim_world *world = sim_simulation_world(simulation);
    if (!is_reached(self, world)) {
        return true;
    }
    print_place(self, world);
    return ask(self);
}

static sy_rc observe(void *context, sim_simulation *simulation, sy_err *err)
{
    shell *self = context;
    sim_world *world = sim_simulation_world(simulation);
    self->simulation = simulation;
    script_hold(self->script, true);
    sim_world_at(world, self->until, arrived, self);
    return sim_trace_read(world->trace, read_event, self, NULL, 0) == SY_OK ? SY_OK
                                                                            : sy_fail_nomem(err);
}

static void inspect(void *context, sim_simulation *simulation, const sim_result *result)
{
    shell *self = context;
    self->ended = !self->left;
    if (self->ended) {
        (void)printf("%s%s%s\n", sim_verdict_name(result->verdict),
                     result->reason[0] != '\0' ? ": " : "", result->reason);
        for (size_t i = 0; i < result->findings.count; i++) {
            (void)printf("  %s: %s\n", result->findings.items[i].checker,
                         result->findings.items[i].text);
        }
        print_place(self, sim_simulation_world(simulation));
        (void)ask(self); /* to look at it, and to save it */
    }
}

int cli_shell(const cli_options *options, const cli_subject *subject)
{
    shell self = {.goal = TIME, .until = options->at_ns};
    self.prompts = isatty(STDIN_FILENO) == 1;
    sy_buf_init(&self.text, sy_alloc_std());
    script_limits limits = {.transcript = true, .print = show_line};
    sy_err err = {0};
    sy_rc rc = script_open(sy_alloc_std(), subject->trace.of.scenario, &limits, &self.script, &err);
    int code = CLI_EXIT_OK;
    if (rc == SY_OK) {
        sim_scenario scenario = script_scenario(self.script);
        sim_scenario_info info = *scenario.info;
        sim_options run_options = cli_subject_options(subject);
        (void)cli_combine(options, 0, &run_options, &info);
        scenario.info = &info;
        sim_choice_list record;
        sim_choice_list_init(&record, sy_alloc_std());
        run_options.record = &record;
        const sim_observer observer = {
            .observe = observe, .before = before, .inspect = inspect, .self = &self};
        sim_result result;
        rc = sim_run(&scenario, &run_options, NULL, &observer, &result, &err);
        code = self.ended ? sim_verdict_exit_code(result.verdict) : CLI_EXIT_OK;
        sim_result_deinit(&result);
        sim_choice_list_deinit(&record);
    }
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        code = cli_exit_code_of(rc);
    }
    script_close(self.script);
    sy_buf_deinit(&self.text);
    return code;
}
