/* The options of `syncsim serve` alone. */
#include "sim/cli/options_internal.h"

#define SIZE_LIMIT_MAX    ((uint64_t)1 << 30)
#define TIMEOUT_S_MAX     86400
#define WEATHER_COUNT_MAX 32

static sy_rc take_port(cli_options *options, const char *value, sy_err *err)
{
    uint64_t port = 0;
    sy_rc rc = cli_read_number(value, UINT16_MAX, &port, err);
    options->serve.port = (uint16_t)port;
    options->serve.port_given = true;
    return rc;
}

static sy_rc take_bind(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->serve.address = value;
    options->serve.any_address = false;
    return SY_OK;
}

static sy_rc take_unsafe_bind(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->serve.address = value;
    options->serve.any_address = true;
    return SY_OK;
}

static sy_rc take_weather(cli_options *options, const char *value, sy_err *err)
{
    options->serve.weather = sim_answer_weather_find(sy_str_of(value));
    if (options->serve.weather != NULL) {
        return SY_OK;
    }
    const char *names[WEATHER_COUNT_MAX] = {NULL};
    const sim_answer_weather *one = NULL;
    for (size_t i = 0; i + 1 < WEATHER_COUNT_MAX && (one = sim_answer_weather_at(i)) != NULL; i++) {
        names[i] = one->name;
    }
    return cli_fail_unknown("weather", value, names, err);
}

static sy_rc take_db(cli_options *options, const char *value, sy_err *err)
{
    if (value[0] == '\0') {
        return SY_FAIL(err, SY_INVALID, "needs the name of a file");
    }
    options->serve.db = value;
    return SY_OK;
}

static sy_rc take_test_routes(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->serve.test_routes = true;
    return SY_OK;
}

static sy_rc take_quiet(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->serve.quiet = true;
    return SY_OK;
}

static sy_rc take_size(const char *value, size_t *out, sy_err *err)
{
    uint64_t size = 0;
    sy_rc rc = cli_read_positive(value, SIZE_LIMIT_MAX, &size, err);
    *out = (size_t)size;
    return rc;
}

static sy_rc take_max_body(cli_options *options, const char *value, sy_err *err)
{
    return take_size(value, &options->serve.limits.body_size_max, err);
}

static sy_rc take_max_headers(cli_options *options, const char *value, sy_err *err)
{
    return take_size(value, &options->serve.limits.header_size_max, err);
}

static sy_rc take_max_url(cli_options *options, const char *value, sy_err *err)
{
    return take_size(value, &options->serve.limits.target_size_max, err);
}

static sy_rc take_max_connections(cli_options *options, const char *value, sy_err *err)
{
    uint64_t count = 0;
    sy_rc rc = cli_read_positive(value, 100000, &count, err);
    options->serve.limits.connection_count_max = (uint32_t)count;
    return rc;
}

static sy_rc take_seconds(const char *value, int64_t *out_ms, sy_err *err)
{
    uint64_t seconds = 0;
    sy_rc rc = cli_read_positive(value, TIMEOUT_S_MAX, &seconds, err);
    *out_ms = (int64_t)seconds * 1000;
    return rc;
}

static sy_rc take_request_timeout(cli_options *options, const char *value, sy_err *err)
{
    return take_seconds(value, &options->serve.limits.request_timeout_ms, err);
}

static sy_rc take_idle_timeout(cli_options *options, const char *value, sy_err *err)
{
    return take_seconds(value, &options->serve.limits.idle_timeout_ms, err);
}

const cli_option cli_serve_options[] = {
    {"--port", NULL, "N", "of the server; 7700 when not given, 0: any free one", CLI_SERVE,
     take_port},
    {"--weather", NULL, "NAME", "faults of requests and answers, drawn from the seed; calm",
     CLI_SERVE, take_weather},
    {"--db", NULL, "FILE", "a SQLite file for the rows, made where there is none; else in memory",
     CLI_SERVE, take_db},
    {"--test-routes", NULL, NULL, "also POST /__admin/reset: every table empty and as described",
     CLI_SERVE, take_test_routes},
    {"--quiet", NULL, NULL, "no line for each request", CLI_SERVE, take_quiet},
    {"--bind", NULL, "ADDRESS", "another loopback address than 127.0.0.1", CLI_SERVE, take_bind},
    {"--unsafe-bind", NULL, "ADDRESS", "any address: whoever reaches it may read and write",
     CLI_SERVE, take_unsafe_bind},
    {"--max-body", NULL, "BYTES", "of a request, else 413; 1048576", CLI_SERVE, take_max_body},
    {"--max-headers", NULL, "BYTES", "of a request, else 431; 32768", CLI_SERVE, take_max_headers},
    {"--max-url", NULL, "BYTES", "of a request, else 414; 16384", CLI_SERVE, take_max_url},
    {"--max-connections", NULL, "N", "at a time, else 503; 256", CLI_SERVE, take_max_connections},
    {"--request-timeout", NULL, "SECONDS", "for a request to arrive as a whole, else 408; 10",
     CLI_SERVE, take_request_timeout},
    {"--idle-timeout", NULL, "SECONDS", "until an idle connection is closed; 60", CLI_SERVE,
     take_idle_timeout},
    {NULL, NULL, NULL, NULL, 0, NULL},
};
