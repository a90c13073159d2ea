/* Runs one script and holds it to what it says of itself:
 *
 *     print(1 + 1)            -- expect: 2
 *     error "no"              -- error: no
 *     -- end: state
 *
 * Everything printed must stand behind an `expect`, in order; an `error` must be how the script
 * ended, blamed on that very line; `end` names how it ended otherwise ("ok" unless said). Limits:
 * `-- instructions: N`, `-- memory: MIB`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lua/script.h"

typedef struct lines {
    sy_buf text; /* one line each */
} lines;

typedef struct claims {
    lines expected;
    char error[512];
    int error_line;
    char end[32];
    script_limits limits;
} claims;

static void add_line(lines *to, const char *text, size_t size)
{
    sy_buf_add(&to->text, text, size);
    sy_buf_add_char(&to->text, '\n');
}

static void print(void *self, const char *text)
{
    add_line(self, text, strlen(text));
}

static const char *claim(const char *line, const char *name)
{
    const char *at = strstr(line, name);
    return at == NULL ? NULL : at + strlen(name);
}

static void read_claim(claims *out, const char *line, int number)
{
    const char *text = NULL;
    if ((text = claim(line, "-- expect: ")) != NULL) {
        add_line(&out->expected, text, strlen(text));
    } else if ((text = claim(line, "-- error: ")) != NULL) {
        (void)snprintf(out->error, sizeof out->error, "%s", text);
        out->error_line = number;
        if (out->end[0] == '\0') {
            (void)snprintf(out->end, sizeof out->end, "parse");
        }
    } else if ((text = claim(line, "-- end: ")) != NULL) {
        (void)snprintf(out->end, sizeof out->end, "%s", text);
    } else if ((text = claim(line, "-- instructions: ")) != NULL) {
        out->limits.instruction_count_max = strtoll(text, NULL, 10);
    } else if ((text = claim(line, "-- memory: ")) != NULL) {
        out->limits.memory_size_max = (size_t)strtoull(text, NULL, 10) << 20;
    }
}

static bool read_claims(const char *path, claims *out)
{
    FILE *file = fopen(path, "rb");
    char line[1024];
    if (file == NULL) {
        return false;
    }
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        line[strcspn(line, "\r\n")] = '\0';
        read_claim(out, line, number);
    }
    (void)fclose(file);
    return true;
}

/* Steps the world until the drivers are done; how that ended. */
static sy_rc drive(script *opened, sim_simulation *simulation, char *text, size_t size)
{
    sim_scenario scenario = script_scenario(opened);
    sy_err err = {0};
    sy_rc rc = scenario.ops->start(scenario.self, simulation, &err);
    while (rc == SY_OK && !scenario.ops->done(scenario.self) &&
           sim_world_step(sim_simulation_world(simulation), SY_TIME_MAX)) {
    }
    if (rc == SY_OK) {
        rc = scenario.ops->finish(scenario.self, &err);
        const char *whole = scenario.ops->text(scenario.self);
        (void)snprintf(text, size, "%s", whole[0] != '\0' ? whole : err.text);
    }
    return rc;
}

static sy_rc run(const char *path, const script_limits *limits, char *text, size_t size)
{
    script *opened = NULL;
    sim_simulation *simulation = NULL;
    sy_err err = {0};
    sim_options options = {.seed = 1};
    sy_rc rc = script_open(sy_alloc_std(), path, limits, &opened, &err);
    if (rc == SY_OK) {
        rc = sim_simulation_new(sy_alloc_std(), &options, &simulation, &err);
    }
    if (rc == SY_OK) {
        rc = drive(opened, simulation, text, size);
    } else {
        (void)snprintf(text, size, "%s", err.text);
    }
    sim_simulation_free(simulation);
    script_close(opened);
    return rc;
}

static int compare(const claims *claimed, const lines *printed, sy_rc rc, const char *text)
{
    int failures = 0;
    const char *end = claimed->end[0] != '\0' ? claimed->end : "ok";
    if (strcmp(end, sy_rc_name(rc)) != 0) {
        (void)printf("ended with %s (%s), not with %s\n", sy_rc_name(rc), text, end);
        failures++;
    }
    char place[32];
    (void)snprintf(place, sizeof place, ":%d: ", claimed->error_line);
    if (claimed->error_line > 0 &&
        (strstr(text, place) == NULL || strstr(text, claimed->error) == NULL)) {
        (void)printf("expected the error '%s%s', got '%s'\n", place, claimed->error, text);
        failures++;
    }
    if (!sy_str_equal(sy_buf_str(&claimed->expected.text), sy_buf_str(&printed->text))) {
        (void)printf("expected the output\n%.*sgot\n%.*s",
                     SY_FMT(sy_buf_str(&claimed->expected.text)),
                     SY_FMT(sy_buf_str(&printed->text)));
        failures++;
    }
    return failures;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        (void)fprintf(stderr, "usage: script_runner FILE\n");
        return 64;
    }
    claims claimed = {0};
    lines printed = {0};
    sy_buf_init(&claimed.expected.text, sy_alloc_std());
    sy_buf_init(&printed.text, sy_alloc_std());
    int failures = 1;
    if (read_claims(arguments[1], &claimed)) {
        char text[2048] = "";
        claimed.limits.print = print;
        claimed.limits.print_self = &printed;
        sy_rc rc = run(arguments[1], &claimed.limits, text, sizeof text);
        failures = compare(&claimed, &printed, rc, text);
    } else {
        (void)printf("%s can't be read\n", arguments[1]);
    }
    sy_buf_deinit(&claimed.expected.text);
    sy_buf_deinit(&printed.text);
    return failures == 0 ? 0 : 1;
}
