/* Promises of `syncsim serve` that only a process can break. */
#define _POSIX_C_SOURCE 200809L
#include "tests/conformance/http_client.h"
#include "tests/serve/serve_process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char tables[] = SYNCSIM_SOURCE_DIR "/tests/conformance/tables.lua";

typedef struct fixture {
    serve_process process;
    http_client client;
    sy_arena arena;
    char folder[40];
    char db[60];
} fixture;

static void begin(fixture *f)
{
    *f = (fixture){0};
    sy_arena_init(&f->arena, sy_alloc_std());
    (void)snprintf(f->folder, sizeof f->folder, TEMPORARY("syncsim_db"));
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->db, sizeof f->db, "%s/rows.db", f->folder);
}

static void end(fixture *f)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < 4; i++) {
        char path[80];
        (void)snprintf(path, sizeof path, "%s%s", f->db, endings[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->folder);
    sy_arena_deinit(&f->arena);
}

static void serve(fixture *f, const char *const *arguments)
{
    sy_err err = {0};
    serve_process_start(&f->process, arguments);
    assert_int_equal(http_client_open(&f->client, f->process.url, &err), SY_OK);
}

static void serve_db(fixture *f)
{
    serve(f, (const char *const[]){tables, "--server", "node", "--db", f->db, "--test-routes",
                                   "--quiet", NULL});
}

static void finish(fixture *f, int signal, int code)
{
    http_client_close(&f->client);
    assert_int_equal(serve_process_end(&f->process, signal, code), code);
}

/* The status; 0: no whole answer. Fresh connections where `fresh`. */
static int ask(fixture *f, const char *method, const char *target, const char *body,
               sy_http_response *out)
{
    static const sy_header headers[] = {{{"ZUMO-API-VERSION", 16}, {"2.0.0", 5}},
                                        {{"Content-Type", 12}, {"application/json", 16}}};
    const sy_http_request request = {.method = sy_str_of(method),
                                     .target = sy_str_of(target),
                                     .headers = headers,
                                     .header_count = 2,
                                     .body = sy_str_of(body)};
    sy_err err = {0};
    return http_client_send(&f->client, &request, &f->arena, out, &err) == SY_OK ? out->status : 0;
}

static int insert(fixture *f, int number)
{
    char body[80];
    sy_http_response response;
    (void)snprintf(body, sizeof body, "{\"id\":\"r%d\",\"text\":\"row %d\"}", number, number);
    int status = ask(f, "POST", "/tables/todoitem", body, &response);
    sy_arena_reset(&f->arena);
    return status;
}

static bool has_row(fixture *f, int number)
{
    char target[60];
    char text[60];
    sy_http_response response;
    (void)snprintf(target, sizeof target, "/tables/todoitem/r%d", number);
    (void)snprintf(text, sizeof text, "\"row %d\"", number);
    bool there = ask(f, "GET", target, "", &response) == 200 &&
                 strstr(response.body.data, text) != NULL; /* zero-terminated in the arena */
    sy_arena_reset(&f->arena);
    return there;
}

/* -- tests -- */

/* Writes as fast as they are acknowledged until the process is gone. Returns the count. */
static int write_until_killed(fixture *f, int first, long after_ms)
{
    struct timespec start;
    struct timespec now;
    bool killed = false;
    int number = first;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    while (!killed || insert(f, number) == 201) {
        if (!killed) {
            if (insert(f, number) != 201) {
                fail_msg("row %d was not taken", number);
            }
            (void)clock_gettime(CLOCK_MONOTONIC, &now);
            long ms =
                (long)(now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
            if (ms >= after_ms) {
                killed = true;
                assert_int_equal(kill(f->process.pid, SIGKILL), 0);
            }
        }
        number++;
    }
    return number - first;
}

static void an_acknowledged_write_survives_a_kill(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    int count = 0;
    for (int round = 0; round < 4; round++) {
        serve_db(&f);
        for (int i = 0; i < count; i++) {
            if (!has_row(&f, i)) {
                fail_msg("row %d of %d is lost after %d kills", i, count, round);
            }
        }
        count += write_until_killed(&f, count, 150 + 70 * round);
        finish(&f, SIGKILL, 1000 + SIGKILL);
    }
    assert_true(count > 20);
    end(&f);
}

static void a_file_goes_on_where_it_was(void **state)
{
    (void)state;
    fixture f;
    sy_http_response response;
    begin(&f);
    serve_db(&f);
    assert_int_equal(
        ask(&f, "POST", "/tables/todoitem", "{\"id\":\"a\",\"colour\":\"red\"}", &response), 201);
    finish(&f, SIGTERM, 0);
    serve_db(&f);
    assert_int_equal(ask(&f, "GET", "/tables/todoitem/a", "", &response), 200);
    assert_non_null(strstr(response.body.data, "\"colour\":\"red\""));
    assert_int_equal(ask(&f, "POST", "/tables/todoitem", "{\"id\":\"a\"}", &response), 409);
    assert_int_equal(ask(&f, "PATCH", "/tables/todoitem/a", "{\"colour\":\"blue\"}", &response),
                     200);
    finish(&f, SIGINT, 0);
    end(&f);
}

static void a_reset_leaves_empty_tables_as_they_were_described(void **state)
{
    (void)state;
    fixture f;
    sy_http_response response;
    begin(&f);
    const char *const memory[] = {tables, "--server", "node", "--test-routes", NULL};
    for (int with_db = 0; with_db < 2; with_db++) {
        if (with_db == 1) {
            serve_db(&f);
        } else {
            serve(&f, memory);
        }
        const char *body = "{\"id\":\"a\",\"colour\":\"red\"}";
        assert_int_equal(ask(&f, "POST", "/tables/todoitem", body, &response), 201);
        assert_int_equal(ask(&f, "GET", "/__admin/reset", "", &response), 405);
        assert_int_equal(ask(&f, "POST", "/__admin/else", "", &response), 404);
        assert_int_equal(ask(&f, "POST", "/__admin/reset", "", &response), 204);
        assert_int_equal(ask(&f, "GET", "/tables/todoitem/a", "", &response), 404);
        assert_int_equal(ask(&f, "POST", "/tables/todoitem", "{\"id\":\"b\"}", &response), 201);
        assert_null(strstr(response.body.data, "colour"));
        finish(&f, SIGTERM, 0);
    }
    serve(&f, (const char *const[]){tables, "--server", "node", NULL});
    assert_int_equal(ask(&f, "POST", "/__admin/reset", "", &response), 404);
    finish(&f, SIGTERM, 0);
    end(&f);
}

/* What became of 150 inserts, each on a connection of its own; the fault sets of this seed. */
static void storm(fixture *f, const char *seed, int statuses[150])
{
    serve(f, (const char *const[]){tables, "--server", "node", "--weather", "stormy", "--seed",
                                   seed, "--test-routes", NULL});
    for (int i = 0; i < 150; i++) {
        http_client_close(&f->client);
        statuses[i] = insert(f, i);
    }
    for (int i = 0; i < 150; i++) { /* what was acknowledged is there: no fault takes it back */
        bool there = false;
        bool answered = false;
        for (int attempt = 0; attempt < 50 && !answered; attempt++) {
            sy_http_response response;
            char target[60];
            (void)snprintf(target, sizeof target, "/tables/todoitem/r%d", i);
            http_client_close(&f->client);
            int status = ask(f, "GET", target, "", &response);
            there = status == 200;
            answered = status == 200 || status == 404;
            sy_arena_reset(&f->arena);
        }
        assert_true(answered);
        assert_true(there || statuses[i] != 201);
    }
    finish(f, SIGTERM, 0);
}

static void the_weather_is_the_seeds(void **state)
{
    (void)state;
    fixture f;
    int first[150];
    int second[150];
    int other[150];
    begin(&f);
    storm(&f, "5", first);
    storm(&f, "5", second);
    storm(&f, "6", other);
    assert_memory_equal(first, second, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
    int acknowledged = 0;
    for (int i = 0; i < 150; i++) {
        acknowledged += first[i] == 201;
    }
    assert_in_range(acknowledged, 75, 140);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_acknowledged_write_survives_a_kill),
        cmocka_unit_test(a_file_goes_on_where_it_was),
        cmocka_unit_test(a_reset_leaves_empty_tables_as_they_were_described),
        cmocka_unit_test(the_weather_is_the_seeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
