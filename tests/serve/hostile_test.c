/* Many connections at a time say something hostile each; then every answer is read to its end. */
#define _POSIX_C_SOURCE 200809L
#include "tests/conformance/http_client.h"
#include "tests/serve/hostile.h"
#include "tests/serve/serve_process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CORPORA       SYNCSIM_SOURCE_DIR "/tests/fuzz"
#define REQUEST_COUNT 10000
#define BATCH         64
#define HANG_MS       8000 /* the server gives up on a request after one second */

static const char tables[] = SYNCSIM_SOURCE_DIR "/tests/conformance/tables.lua";

typedef struct siege {
    serve_process process;
    hostile_corpus corpus;
    const char *excuse; /* a 500 that says this is what the real server would say; NULL: none is */
    unsigned statuses[600];
    unsigned silent; /* connections that were closed without an answer */
} siege;

static hostile_end end_of(uint64_t number)
{
    if (number / BATCH % 10 == 3) { /* whole batches that wait: they wait together */
        return HOSTILE_WAITS;
    }
    return number % 17 == 0 ? HOSTILE_GOES : HOSTILE_HALF_CLOSES;
}

/* Closing with this set resets the connection. */
static void reset_connection(const http_client *client)
{
    const struct linger linger = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void begin(siege *s, http_client *client, uint64_t number)
{
    sy_err err = {0};
    sy_buf bytes;
    sy_buf_init(&bytes, sy_alloc_std());
    hostile_make(&s->corpus, number, &bytes);
    assert_int_equal(http_client_open(client, s->process.url, &err), SY_OK);
    client->timeout_ms = HANG_MS;
    assert_int_equal(http_client_connect(client, &err), SY_OK);
    (void)http_client_write(client, sy_buf_str(&bytes), &err); /* it may be refused half-way */
    if (end_of(number) == HOSTILE_HALF_CLOSES) {
        http_client_half_close(client);
    } else if (end_of(number) == HOSTILE_GOES) {
        reset_connection(client);
        http_client_close(client);
    }
    sy_buf_deinit(&bytes);
}

static bool allowed(const siege *s, int status, const char *answer)
{
    return (status >= 100 && status < 500) || status == 501 || status == 505 ||
           (status == 500 && s->excuse != NULL && strstr(answer, s->excuse) != NULL);
}

/* Every status line in what came back. */
static void judge(siege *s, sy_buf *answer, uint64_t number)
{
    static const char mark[] = "HTTP/1.1 ";
    unsigned seen = 0;
    sy_buf_add_char(answer, '\0');
    for (const char *at = answer->data; (at = strstr(at, mark)) != NULL; at++) {
        int status = (int)strtol(at + sizeof mark - 1, NULL, 10);
        if (!allowed(s, status, at)) {
            fail_msg("request %llu was answered:\n%s", (unsigned long long)number, answer->data);
        }
        s->statuses[status]++;
        seen++;
    }
    s->silent += seen == 0;
}

static void end(siege *s, http_client *client, uint64_t number)
{
    if (end_of(number) == HOSTILE_GOES) {
        return;
    }
    sy_buf answer;
    sy_buf_init(&answer, sy_alloc_std());
    char block[8192];
    ssize_t got = 0;
    while ((got = recv(client->fd, block, sizeof block, 0)) > 0) {
        sy_buf_add(&answer, block, (size_t)got);
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        fail_msg("request %llu was neither answered nor closed", (unsigned long long)number);
    }
    judge(s, &answer, number);
    sy_buf_deinit(&answer);
    http_client_close(client);
}

static void assert_alive(siege *s)
{
    http_client client;
    sy_err err = {0};
    sy_arena arena;
    sy_http_response response;
    const sy_header version = {SY_STR("ZUMO-API-VERSION"), SY_STR("2.0.0")};
    const sy_http_request request = {.method = SY_STR("GET"),
                                     .target = SY_STR("/tables/harditem/nothing"),
                                     .headers = &version,
                                     .header_count = 1};
    sy_arena_init(&arena, sy_alloc_std());
    assert_int_equal(http_client_open(&client, s->process.url, &err), SY_OK);
    assert_int_equal(http_client_send(&client, &request, &arena, &response, &err), SY_OK);
    assert_int_equal(response.status, 404);
    http_client_close(&client);
    sy_arena_deinit(&arena);
}

static void attack(siege *s, uint64_t first)
{
    http_client clients[BATCH];
    for (uint64_t i = 0; i < BATCH; i++) {
        begin(s, &clients[i], first + i);
    }
    for (uint64_t i = 0; i < BATCH; i++) {
        end(s, &clients[i], first + i);
    }
    assert_alive(s);
}

static void besiege(const char *dialect, const char *excuse, uint64_t from, uint64_t to)
{
    static siege s;
    s = (siege){.excuse = excuse};
    hostile_corpus_open(&s.corpus, CORPORA);
    serve_process_start(&s.process,
                        (const char *const[]){tables, "--server", dialect, "--request-timeout", "1",
                                              "--idle-timeout", "1", NULL});
    assert_alive(&s);
    sleep(2); /* until the connection of that question is gone */
    int descriptors = serve_process_descriptors(&s.process);
    for (uint64_t i = from; i < to; i += BATCH) {
        attack(&s, i);
    }
    sleep(2);
    assert_int_equal(serve_process_descriptors(&s.process), descriptors);
    assert_int_equal(serve_process_end(&s.process, SIGTERM, 0), 0);
    print_message("%s: %zu texts;", dialect, s.corpus.count);
    for (size_t i = 0; i < sizeof s.statuses / sizeof s.statuses[0]; i++) {
        if (s.statuses[i] > 0) {
            print_message(" %zu: %u", i, s.statuses[i]);
        }
    }
    print_message(", closed without an answer: %u\n", s.silent);
    assert_true(s.statuses[200] > 0 && s.statuses[400] > 0);
    hostile_corpus_close(&s.corpus);
}

/* -- tests -- */

static void ten_thousand_hostile_requests_leave_the_server_standing(void **state)
{
    (void)state;
    besiege("node", "node-4.0.2", 0, REQUEST_COUNT); /* 500: a bad filter, among others */
}

static void the_other_dialects_stand_too(void **state)
{
    (void)state;
    static const char *const dialects[][2] = {
        {"netfx", NULL}, {"datasync", "If-Match"}, {"toolkit", "If-Match"}, {"sound", NULL}};
    for (uint64_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
        uint64_t first = REQUEST_COUNT + i * 1000;
        besiege(dialects[i][0], dialects[i][1], first, first + 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_hostile_requests_leave_the_server_standing),
        cmocka_unit_test(the_other_dialects_stand_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
