/* `syncsim serve FILE`: the tables that a scenario names, behind a real
 * HTTP port, until a signal. Standard output gets the address on its first line, then a line for
 * each request. */
#define _XOPEN_SOURCE 700
#include "lua/script.h"
#include "sim/cli/cli.h"
#include "sim/serve/table_service.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define PORT_DEFAULT 7700

typedef struct serving {
    const cli_options *options;
    script *owner;
    script_tables tables;
    sim_choice *choice;
    sim_table_service *service;
    sim_http_server *server;
} serving;

static sim_http_server *stopped_by_signals;

static void on_signal(int number)
{
    (void)number;
    sim_http_server_stop(stopped_by_signals);
}

static void catch_signals(sim_http_server *server)
{
    struct sigaction stops = {.sa_handler = on_signal};
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    (void)sigemptyset(&stops.sa_mask);
    (void)sigemptyset(&ignored.sa_mask);
    stopped_by_signals = server;
    (void)sigaction(SIGINT, &stops, NULL);
    (void)sigaction(SIGTERM, &stops, NULL);
    (void)sigaction(SIGPIPE, &ignored, NULL); /* a reader of the log that is gone */
}

static sy_rc open_tables(serving *s, sy_err *err)
{
    const char *path = s->options->operands[0];
    sy_rc rc =
        script_open(sy_alloc_std(), path, &(script_limits){.tables_will_do = true}, &s->owner, err);
    if (rc == SY_OK) {
        rc = script_server(s->owner, s->options->run.server, &s->tables, err);
    }
    return rc;
}

static sy_rc open_service(serving *s, sy_err *err)
{
    const cli_serve_choice *asked = &s->options->serve;
    uint64_t seed = s->options->run.seed != 0 ? s->options->run.seed : 1;
    s->choice = sim_choice_new(sy_alloc_std(), seed, false);
    if (s->choice == NULL) {
        return sy_fail_nomem(err);
    }
    const sim_table_service_config config = {.alloc = sy_alloc_std(),
                                             .dialect = s->tables.dialect,
                                             .tables = s->tables.items,
                                             .table_count = s->tables.count,
                                             .page_size = s->tables.page_size,
                                             .db = asked->db,
                                             .choice = s->choice,
                                             .test_routes = asked->test_routes};
    return sim_table_service_open(&config, &s->service, err);
}

static sy_rc open_port(serving *s, sy_err *err)
{
    const cli_serve_choice *asked = &s->options->serve;
    const sim_http_config config = {
        .alloc = sy_alloc_std(),
        .address = asked->address,
        .any_address = asked->any_address,
        .port = asked->port_given ? asked->port : PORT_DEFAULT,
        .limits = asked->limits,
        .handler = sim_table_service_handler(s->service),
        .weather = asked->weather,
        .calm_prefix = asked->test_routes ? SY_STR(SIM_TEST_ROUTE_PREFIX) : (sy_str){0},
        .choice = s->choice,
        .log = asked->quiet ? NULL : stdout};
    return sim_http_server_open(&config, &s->server, err);
}

static void say_where(const serving *s)
{
    const cli_serve_choice *asked = &s->options->serve;
    (void)printf("listening on %s (%s, %u table%s, %s%s%s)\n", sim_http_server_url(s->server),
                 s->tables.dialect->name, s->tables.count, s->tables.count == 1 ? "" : "s",
                 asked->db != NULL ? asked->db : "in memory",
                 asked->weather != NULL ? ", weather " : "",
                 asked->weather != NULL ? asked->weather->name : "");
    (void)fflush(stdout);
}

static int serve(serving *s)
{
    sy_err err = {0};
    if (open_tables(s, &err) != SY_OK) {
        cli_complain("%s", err.text);
        return err.rc == SY_NOMEM ? CLI_EXIT_HARNESS : CLI_EXIT_BAD_SCENARIO;
    }
    if (open_service(s, &err) != SY_OK) {
        cli_complain("%s", err.text);
        return err.rc == SY_NOMEM ? CLI_EXIT_HARNESS : CLI_EXIT_USAGE;
    }
    sy_rc rc = open_port(s, &err);
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        return rc == SY_NOMEM ? CLI_EXIT_HARNESS : CLI_EXIT_USAGE;
    }
    catch_signals(s->server);
    say_where(s);
    if (sim_http_server_run(s->server, &err) != SY_OK) {
        cli_complain("%s", err.text);
        return CLI_EXIT_HARNESS;
    }
    return CLI_EXIT_OK;
}

int cli_serve(const cli_options *options)
{
    struct stat status;
    if (options->operand_count != 1) {
        cli_complain("serve takes one file: a scenario, or a description of tables");
        return CLI_EXIT_USAGE;
    }
    if (stat(options->operands[0], &status) != 0) {
        cli_complain("%s: %s", options->operands[0], strerror(errno));
        return CLI_EXIT_USAGE;
    }
    if (S_ISDIR(status.st_mode)) {
        cli_complain("%s: is a folder; serve takes one file", options->operands[0]);
        return CLI_EXIT_USAGE;
    }
    serving s = {.options = options};
    int code = serve(&s);
    sim_http_server_close(s.server);
    sim_table_service_close(s.service);
    sim_choice_free(s.choice);
    script_close(s.owner);
    return code;
}
