/* The real port with a handler that says what it was asked, in a thread of its own. */
#define _POSIX_C_SOURCE 200809L
#include "sim/serve/http_server.h"
#include "tests/conformance/http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BIG_SIZE 300000

typedef struct fixture {
    sim_choice *choice;
    sim_http_server *server;
    http_client client;
    pthread_t thread;
    sy_arena arena;
    sy_rc ran;
    int executed; /* requests that the handler saw; read when no request is on its way */
    FILE *log;
    char *log_text;
    size_t log_size;
} fixture;

static sy_rc answer(void *self, const sy_http_request *request, sy_arena *arena,
                    sy_http_response *out, sy_err *err)
{
    fixture *f = self;
    static const sy_header headers[] = {{{"ETag", 4}, {"\"v1\"", 4}},
                                        {{"Content-Length", 14}, {"77777", 5}}};
    f->executed++;
    *out = (sy_http_response){.status = 200, .headers = headers, .header_count = 2};
    if (sy_str_equal(request->target, SY_STR("/big"))) {
        char *body = sy_arena_push(arena, BIG_SIZE);
        if (body == NULL) {
            return sy_fail_nomem(err);
        }
        memset(body, 'x', BIG_SIZE);
        out->body = (sy_str){body, BIG_SIZE};
        return SY_OK;
    }
    if (sy_str_equal(request->target, SY_STR("/nothing"))) {
        out->status = 204;
        return SY_OK;
    }
    if (sy_str_starts_with(request->target, SY_STR("/count/"))) {
        out->body = sy_arena_printf(arena, "%d", f->executed);
        return SY_OK;
    }
    if (sy_str_equal(request->target, SY_STR("/memory"))) {
        return sy_fail_nomem(err);
    }
    sy_str mark = sy_http_header(request->headers, request->header_count, SY_STR("x-mark"), NULL);
    out->body = sy_arena_printf(arena, "%.*s %.*s [%.*s] %.*s", SY_FMT(request->method),
                                SY_FMT(request->target), SY_FMT(mark), SY_FMT(request->body));
    return SY_OK;
}

static const sim_http_handler_ops handler_ops = {answer};

static void *run(void *self)
{
    fixture *f = self;
    sy_err err = {0};
    f->ran = sim_http_server_run(f->server, &err);
    return NULL;
}

static void start(fixture *f, sim_http_limits limits, const sim_answer_weather *weather)
{
    *f = (fixture){0};
    sy_arena_init(&f->arena, sy_alloc_std());
    f->choice = sim_choice_new(sy_alloc_std(), 7, false);
    f->log = open_memstream(&f->log_text, &f->log_size);
    sim_http_config config = {.alloc = sy_alloc_std(),
                              .limits = limits,
                              .handler = {&handler_ops, f},
                              .weather = weather,
                              .calm_prefix = SY_STR("/calm/"),
                              .choice = f->choice,
                              .log = f->log};
    sy_err err = {0};
    assert_int_equal(sim_http_server_open(&config, &f->server, &err), SY_OK);
    assert_int_equal(http_client_open(&f->client, sim_http_server_url(f->server), &err), SY_OK);
    f->client.timeout_ms = 5000;
    assert_int_equal(pthread_create(&f->thread, NULL, run, f), 0);
}

static void stop(fixture *f)
{
    sim_http_server_stop(f->server);
    assert_int_equal(pthread_join(f->thread, NULL), 0);
    assert_int_equal(f->ran, SY_OK);
}

static void end(fixture *f)
{
    http_client_close(&f->client);
    sim_http_server_close(f->server);
    sim_choice_free(f->choice);
    sy_arena_deinit(&f->arena);
    (void)fclose(f->log);
    free(f->log_text);
}

static sy_rc ask(fixture *f, const char *method, const char *target, sy_str body,
                 sy_http_response *out)
{
    static const sy_header headers[] = {{{"X-Mark", 6}, {"here", 4}}};
    sy_http_request request = {.method = sy_str_of(method),
                               .target = sy_str_of(target),
                               .headers = headers,
                               .header_count = 1,
                               .body = body};
    sy_err err = {0};
    return http_client_send(&f->client, &request, &f->arena, out, &err);
}

static void assert_body(const sy_http_response *response, const char *text)
{
    assert_true(sy_str_equal(response->body, sy_str_of(text)));
}

/* The status of the next answer to bytes put on a fresh connection; 0: closed without one. */
static int status_of(fixture *f, const char *bytes)
{
    sy_err err = {0};
    sy_http_response response;
    assert_int_equal(http_client_connect(&f->client, &err), SY_OK);
    (void)http_client_write(&f->client, sy_str_of(bytes), &err);
    sy_rc rc = http_client_read(&f->client, false, &f->arena, &response, &err);
    assert_int_not_equal(rc, SY_TIMEOUT);
    return rc == SY_OK ? response.status : 0;
}

static bool logged(fixture *f, const char *text)
{
    (void)fflush(f->log);
    return strstr(f->log_text, text) != NULL;
}

/* -- tests -- */

static void the_handler_gets_the_request_as_it_was_sent(void **state)
{
    (void)state;
    fixture f;
    start(&f, (sim_http_limits){0}, NULL);
    sy_http_response response;
    assert_int_equal(ask(&f, "PATCH", "/a%2Fb?$top=1&c=%20+d", SY_STR("{}"), &response), SY_OK);
    assert_int_equal(response.status, 200);
    assert_body(&response, "PATCH /a%2Fb?$top=1&c=%20+d [here] {}");
    assert_true(
        sy_str_equal(sy_http_header(response.headers, response.header_count, SY_STR("ETag"), NULL),
                     SY_STR("\"v1\"")));
    assert_int_equal(ask(&f, "HEAD", "/head", SY_STR(""), &response), SY_OK);
    assert_int_equal(response.body.size, 0);
    assert_int_equal(ask(&f, "GET", "/nothing", SY_STR(""), &response), SY_OK);
    assert_int_equal(response.status, 204);
    assert_int_equal(ask(&f, "GET", "/big", SY_STR(""), &response), SY_OK);
    assert_int_equal(response.body.size, BIG_SIZE);
    assert_int_equal(ask(&f, "GET", "/memory", SY_STR(""), &response), SY_OK);
    assert_int_equal(response.status, 503);
    stop(&f);
    assert_true(logged(&f, " PATCH /a%2Fb?$top=1&c=%20+d 200 37 "));
    end(&f);
}

static void what_is_too_large_is_refused_with_its_status(void **state)
{
    (void)state;
    fixture f;
    start(&f,
          (sim_http_limits){.body_size_max = 1000, .header_size_max = 2000, .target_size_max = 500},
          NULL);
    char *text = sy_arena_push(&f.arena, 100001);
    memset(text, 'a', 100000);
    text[100000] = '\0';
    text[0] = '/';
    sy_http_response response;
    assert_int_equal(ask(&f, "POST", "/", (sy_str){text, 1000}, &response), SY_OK);
    assert_int_equal(response.status, 200);
    assert_int_equal(ask(&f, "POST", "/", (sy_str){text, 1001}, &response), SY_OK);
    assert_int_equal(response.status, 413);
    assert_int_equal(
        status_of(&f, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\n"), 413);
    assert_int_equal(status_of(&f, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                                   "Content-Length: 1001\r\n\r\n"),
                     413);
    text[501] = '\0';
    assert_int_equal(ask(&f, "GET", text, SY_STR(""), &response), SY_OK);
    assert_int_equal(response.status, 414);
    text[501] = 'a';
    const size_t sizes[] = {3000, 100000};
    for (size_t i = 0; i < 2; i++) {
        sy_buf bytes;
        sy_buf_init(&bytes, sy_alloc_std());
        sy_buf_printf(&bytes, "GET / HTTP/1.1\r\nHost: a\r\nX-A: %.*s\r\n\r\n", (int)sizes[i],
                      text);
        sy_buf_add_char(&bytes, '\0');
        assert_int_equal(status_of(&f, bytes.data), 431);
        sy_buf_deinit(&bytes);
    }
    assert_int_equal(f.executed, 1);
    stop(&f);
    end(&f);
}

static void a_slow_request_is_told_408_and_an_idle_connection_is_closed(void **state)
{
    (void)state;
    fixture f;
    start(&f, (sim_http_limits){.request_timeout_ms = 300, .idle_timeout_ms = 600}, NULL);
    assert_int_equal(status_of(&f, ""), 408);
    assert_int_equal(status_of(&f, "GET / HT"), 408);
    assert_int_equal(status_of(&f, "GET / HTTP/1.1\r\nHost: a\r\nX-"), 408);
    assert_int_equal(status_of(&f, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"),
                     408);
    sy_http_response response;
    sy_err err = {0};
    assert_int_equal(ask(&f, "GET", "/", SY_STR(""), &response), SY_OK);
    assert_int_equal(http_client_read(&f.client, false, &f.arena, &response, &err), SY_NETWORK);
    assert_int_equal(ask(&f, "GET", "/", SY_STR(""), &response), SY_OK);
    stop(&f);
    assert_true(logged(&f, "[408, too slow]"));
    end(&f);
}

static void one_connection_too_many_is_told_503(void **state)
{
    (void)state;
    fixture f;
    start(&f, (sim_http_limits){.connection_count_max = 2}, NULL);
    http_client more[2];
    sy_http_response response;
    sy_err err = {0};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(http_client_open(&more[i], sim_http_server_url(f.server), &err), SY_OK);
        sy_http_request request = {.method = SY_STR("GET"), .target = SY_STR("/")};
        assert_int_equal(http_client_send(&more[i], &request, &f.arena, &response, &err), SY_OK);
        assert_int_equal(response.status, 200);
    }
    assert_int_equal(ask(&f, "GET", "/", SY_STR(""), &response), SY_OK);
    assert_int_equal(response.status, 503);
    http_client_close(&more[0]);
    http_client_close(&more[1]);
    do { /* until the server has seen them go */
        http_client_close(&f.client);
        assert_int_equal(ask(&f, "GET", "/", SY_STR(""), &response), SY_OK);
    } while (response.status == 503);
    assert_int_equal(response.status, 200);
    stop(&f);
    end(&f);
}

static void malformed_requests_get_400_or_a_closed_connection(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x16\x03\x01\x02\x01\r\n\r\n",
        "GET\r\n\r\n",
        "G\xc3\xa4T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n: no name\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    };
    fixture f;
    start(&f, (sim_http_limits){.request_timeout_ms = 500}, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int status = status_of(&f, bad[i]);
        if (status != 0 && (status < 400 || status > 499)) {
            fail_msg("request %zu got %d", i, status);
        }
    }
    sy_http_response response;
    assert_int_equal(f.executed, 0);
    assert_int_equal(ask(&f, "GET", "/alive", SY_STR(""), &response), SY_OK);
    stop(&f);
    end(&f);
}

static void requests_in_a_row_are_answered_in_order(void **state)
{
    (void)state;
    fixture f;
    start(&f, (sim_http_limits){0}, NULL);
    sy_err err = {0};
    assert_int_equal(http_client_connect(&f.client, &err), SY_OK);
    assert_int_equal(
        http_client_write(&f.client,
                          SY_STR("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                                 "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
                                 "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n"),
                          &err),
        SY_OK);
    http_client_half_close(&f.client);
    static const char *const bodies[] = {"GET /1 [] ", "POST /2 [] abcde", "GET /3 [] "};
    for (size_t i = 0; i < 3; i++) {
        sy_http_response response;
        assert_int_equal(http_client_read(&f.client, false, &f.arena, &response, &err), SY_OK);
        assert_body(&response, bodies[i]);
    }
    sy_http_response none; /* and then, since no more can come, it is closed */
    assert_int_equal(http_client_read(&f.client, false, &f.arena, &none, &err), SY_NETWORK);
    stop(&f);
    end(&f);
}

/* GET /n on a fresh connection. */
static sy_rc once(fixture *f, int n, sy_http_response *response)
{
    char target[24];
    (void)snprintf(target, sizeof target, "/%d", n);
    http_client_close(&f->client);
    return ask(f, "GET", target, SY_STR(""), response);
}

static void a_lost_request_is_not_executed_and_a_lost_answer_is(void **state)
{
    (void)state;
    static const sim_answer_weather requests = {.request_lost = 1000};
    static const sim_answer_weather responses = {.response_lost = 1000};
    fixture f;
    sy_http_response response;
    start(&f, (sim_http_limits){0}, &requests);
    assert_int_equal(once(&f, 1, &response), SY_NETWORK);
    assert_int_equal(f.executed, 0);
    assert_int_equal(ask(&f, "GET", "/calm/1", SY_STR(""), &response), SY_OK);
    stop(&f);
    assert_true(logged(&f, " GET /1 0 0 "));
    assert_true(logged(&f, "[request-lost]"));
    end(&f);
    start(&f, (sim_http_limits){0}, &responses);
    assert_int_equal(once(&f, 1, &response), SY_NETWORK);
    assert_int_equal(f.executed, 1);
    stop(&f);
    end(&f);
}

static void a_duplicated_request_is_executed_twice_and_answered_once(void **state)
{
    (void)state;
    static const sim_answer_weather weather = {.duplicated = 1000};
    fixture f;
    int answers[2] = {0};
    start(&f, (sim_http_limits){0}, &weather);
    for (int i = 0; i < 20; i++) {
        char target[24];
        sy_http_response response;
        (void)snprintf(target, sizeof target, "/count/%d", i);
        http_client_close(&f.client);
        assert_int_equal(ask(&f, "GET", target, SY_STR(""), &response), SY_OK);
        assert_int_equal(f.executed, 2 * (i + 1));
        const bool second =
            sy_str_equal(response.body, sy_arena_printf(&f.arena, "%d", 2 * (i + 1)));
        assert_true(second ||
                    sy_str_equal(response.body, sy_arena_printf(&f.arena, "%d", 2 * i + 1)));
        answers[second]++;
    }
    assert_true(answers[0] > 0 && answers[1] > 0); /* the first's and the second's */
    stop(&f);
    assert_true(logged(&f, "[request-duplicated]"));
    end(&f);
}

static void a_truncated_body_ends_before_its_length(void **state)
{
    (void)state;
    static const sim_answer_weather weather = {.truncated = 1000};
    fixture f;
    start(&f, (sim_http_limits){0}, &weather);
    for (int i = 0; i < 20; i++) {
        sy_http_response response;
        assert_int_equal(once(&f, i, &response), SY_PARSE);
        assert_int_equal(response.status, 200);
        assert_true(response.body.size < strlen("GET /1 [here] "));
    }
    assert_int_equal(f.executed, 20);
    stop(&f);
    end(&f);
}

static void errors_of_the_weather_have_their_status(void **state)
{
    (void)state;
    static const sim_answer_weather throttled = {.throttled = 1000, .retry_after_s = 3};
    static const sim_answer_weather denied = {.unauthorized = 1000};
    static const sim_answer_weather portal = {.portal = 1000};
    static const sim_answer_weather failing = {.server_error = 1000};
    fixture f;
    sy_http_response response;
    start(&f, (sim_http_limits){0}, &throttled);
    assert_int_equal(once(&f, 1, &response), SY_OK);
    assert_int_equal(response.status, 429);
    assert_true(sy_str_equal(
        sy_http_header(response.headers, response.header_count, SY_STR("Retry-After"), NULL),
        SY_STR("3")));
    assert_int_equal(f.executed, 0);
    stop(&f);
    end(&f);
    start(&f, (sim_http_limits){0}, &denied);
    assert_int_equal(once(&f, 1, &response), SY_OK);
    assert_int_equal(response.status, 401);
    assert_int_equal(f.executed, 0);
    stop(&f);
    end(&f);
    start(&f, (sim_http_limits){0}, &portal);
    assert_int_equal(once(&f, 1, &response), SY_OK);
    assert_int_equal(response.status, 511);
    assert_int_equal(f.executed, 0);
    stop(&f);
    end(&f);
    start(&f, (sim_http_limits){0}, &failing);
    bool seen[5] = {false};
    for (int i = 0; i < 100; i++) {
        assert_int_equal(once(&f, i, &response), SY_OK);
        assert_in_range(response.status, 500, 504);
        seen[response.status - 500] = true;
    }
    assert_true(seen[0] && !seen[1] && seen[2] && seen[3] && seen[4]);
    assert_in_range(f.executed, 20, 80); /* before and after the server's work */
    stop(&f);
    end(&f);
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_delay_holds_up_its_own_request_only(void **state)
{
    (void)state;
    static const sim_answer_weather slow = {.latency_min_ns = 200 * SY_MS};
    fixture f;
    start(&f, (sim_http_limits){0}, &slow);
    http_client others[4];
    sy_err err = {0};
    sy_http_response response;
    int64_t begin = now_ms();
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(http_client_open(&others[i], sim_http_server_url(f.server), &err), SY_OK);
        assert_int_equal(http_client_connect(&others[i], &err), SY_OK);
        assert_int_equal(
            http_client_write(&others[i], SY_STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), &err),
            SY_OK);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(http_client_read(&others[i], false, &f.arena, &response, &err), SY_OK);
        assert_int_equal(response.status, 200);
        http_client_close(&others[i]);
    }
    int64_t took = now_ms() - begin;
    assert_true(took >= 400 && took < 1200);
    stop(&f);
    end(&f);
}

static void a_stop_answers_what_was_begun(void **state)
{
    (void)state;
    static const sim_answer_weather slow = {.latency_min_ns = 150 * SY_MS};
    static const sim_answer_weather endless = {.latency_min_ns = 1000 * SY_SECOND};
    fixture f;
    sy_err err = {0};
    sy_http_response response;
    const sy_str request = SY_STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const struct timespec pause = {.tv_nsec = 50000000};
    start(&f, (sim_http_limits){0}, &slow);
    assert_int_equal(http_client_connect(&f.client, &err), SY_OK);
    assert_int_equal(http_client_write(&f.client, request, &err), SY_OK);
    (void)nanosleep(&pause, NULL);
    stop(&f);
    assert_int_equal(http_client_read(&f.client, false, &f.arena, &response, &err), SY_OK);
    assert_int_equal(response.status, 200);
    assert_int_equal(http_client_connect(&f.client, &err), SY_NETWORK);
    end(&f);
    start(&f, (sim_http_limits){0}, &endless); /* and gives up on what takes too long */
    assert_int_equal(http_client_connect(&f.client, &err), SY_OK);
    assert_int_equal(http_client_write(&f.client, request, &err), SY_OK);
    (void)nanosleep(&pause, NULL);
    stop(&f);
    end(&f);
}

static void an_answer_that_is_held_up_is_executed_and_comes_later(void **state)
{
    (void)state;
    static const sim_answer_weather clogged = {
        .latency_min_ns = 20 * SY_MS, .held_up = 1000, .held_up_ns = 2 * SY_SECOND};
    static sim_answer_draws draws;
    sim_choice *choice = sim_choice_new(sy_alloc_std(), 1, false);
    const sy_http_request request = {.method = SY_STR("GET"), .target = SY_STR("/tables/a")};
    sim_answer_draws_init(&draws, &clogged, choice);
    const sim_fate fate = sim_answer_draw(&draws, &request);
    assert_int_equal(fate.kind, SIM_FATE_ANSWERED);
    assert_true(fate.executes);
    assert_string_equal(fate.label, "held-up");
    assert_int_equal(fate.up_ns, 20 * SY_MS);
    assert_int_equal(fate.down_ns, 20 * SY_MS + 2 * SY_SECOND);
    sim_choice_free(choice);
}

static void an_address_that_others_can_reach_is_refused(void **state)
{
    (void)state;
    sim_choice *choice = sim_choice_new(sy_alloc_std(), 1, false);
    sim_http_config config = {.alloc = sy_alloc_std(), .choice = choice, .address = "0.0.0.0"};
    sim_http_server *server = NULL;
    sy_err err = {0};
    assert_int_equal(sim_http_server_open(&config, &server, &err), SY_INVALID);
    assert_non_null(strstr(err.text, "--unsafe-bind 0.0.0.0"));
    config.address = "::";
    assert_int_equal(sim_http_server_open(&config, &server, &err), SY_INVALID);
    config.address = "localhost.example";
    assert_int_equal(sim_http_server_open(&config, &server, &err), SY_INVALID);
    config.address = "0.0.0.0";
    config.any_address = true;
    assert_int_equal(sim_http_server_open(&config, &server, &err), SY_OK);
    sim_http_server_close(server);
    sim_choice_free(choice);
}

static void a_port_that_is_taken_is_an_error(void **state)
{
    (void)state;
    sim_choice *choice = sim_choice_new(sy_alloc_std(), 1, false);
    sim_http_config config = {.alloc = sy_alloc_std(), .choice = choice};
    sim_http_server *first = NULL;
    sim_http_server *second = NULL;
    sy_err err = {0};
    assert_int_equal(sim_http_server_open(&config, &first, &err), SY_OK);
    config.port = (uint16_t)strtoul(strrchr(sim_http_server_url(first), ':') + 1, NULL, 10);
    assert_int_equal(sim_http_server_open(&config, &second, &err), SY_NETWORK);
    assert_non_null(strstr(err.text, "in use"));
    sim_http_server_close(first);
    sim_choice_free(choice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_handler_gets_the_request_as_it_was_sent),
        cmocka_unit_test(what_is_too_large_is_refused_with_its_status),
        cmocka_unit_test(a_slow_request_is_told_408_and_an_idle_connection_is_closed),
        cmocka_unit_test(one_connection_too_many_is_told_503),
        cmocka_unit_test(malformed_requests_get_400_or_a_closed_connection),
        cmocka_unit_test(requests_in_a_row_are_answered_in_order),
        cmocka_unit_test(a_lost_request_is_not_executed_and_a_lost_answer_is),
        cmocka_unit_test(a_duplicated_request_is_executed_twice_and_answered_once),
        cmocka_unit_test(a_truncated_body_ends_before_its_length),
        cmocka_unit_test(errors_of_the_weather_have_their_status),
        cmocka_unit_test(a_delay_holds_up_its_own_request_only),
        cmocka_unit_test(a_stop_answers_what_was_begun),
        cmocka_unit_test(an_answer_that_is_held_up_is_executed_and_comes_later),
        cmocka_unit_test(an_address_that_others_can_reach_is_refused),
        cmocka_unit_test(a_port_that_is_taken_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
