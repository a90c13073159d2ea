/* tests core/wire/codec.h: what is written and read is the same message, in every format; how long
 * it is; and what happens when there is no memory for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "core/wire/json.h"
#include "tests/unit/codec_fixture.h"
#include "tests/unit/support.h"

#define ROUND_COUNT 300
#define HOST        SY_STR("server:8080")

static void print_request(const codec_pair *pair, const sy_http_request *text, uint64_t seed)
{
    print_error("%s -> %s, seed %llu: %.*s %.*s\n", pair->client->name, pair->server->name,
                (unsigned long long)seed, SY_FMT(text->method), SY_FMT(text->target));
    for (uint32_t i = 0; i < text->header_count; i++) {
        print_error("%.*s: %.*s\n", SY_FMT(text->headers[i].name), SY_FMT(text->headers[i].value));
    }
    print_error("%.*s\n", SY_FMT(text->body));
}

static bool speaks(const codec_pair *pair, sy_method method)
{
    return method != SY_METHOD_UNDELETE || pair->client->undelete == pair->server->undelete;
}

static void check_request(const codec_pair *pair, sy_method method, uint64_t seed)
{
    codec_fixture f;
    sy_request request, read;
    sy_http_request text;
    sy_wire_refusal refusal;
    sy_err err = {.text = ""};
    assert_int_equal(codec_fixture_init(&f, sy_alloc_std(), seed), SY_OK);
    assert_int_equal(codec_request(&f, pair->client, method, &request), SY_OK);
    assert_int_equal(sy_wire_write_request(pair->client, &request, &f.arena, &text, &err), SY_OK);
    const sy_rc rc = sy_wire_read_request(pair->server, &text, codec_tables(&f), &f.arena, &read,
                                          &refusal, &err);
    if (rc == SY_OK) { /* a client's version is not its server's where the families differ */
        read.api_version = pair->client->api_major == 2 ? 2 : read.api_version;
    }
    if (rc != SY_OK || !codec_same_request(pair->client, &request, &read)) {
        print_request(pair, &text, seed);
        fail_msg("%s", rc != SY_OK ? err.text : "another request");
    }
    assert_int_equal(sy_wire_request_size(pair->client, &request, HOST),
                     sy_http_request_head_size(&text, HOST) + text.body.size);
    codec_fixture_deinit(&f);
}

static void a_request_stays_what_it_is_in_every_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_pair_count; i++) {
        for (int method = 0; method < SY_METHOD_COUNT; method++) {
            for (uint64_t round = 1;
                 round <= ROUND_COUNT && speaks(&codec_pairs[i], (sy_method)method); round++) {
                check_request(&codec_pairs[i], (sy_method)method, round * 1000 + (uint64_t)method);
            }
        }
    }
}

static void check_response(const codec_pair *pair, sy_method method, uint64_t seed)
{
    codec_fixture f;
    sy_request request;
    sy_response response, read;
    sy_http_response text;
    sy_err err = {.text = ""};
    assert_int_equal(codec_fixture_init(&f, sy_alloc_std(), seed), SY_OK);
    assert_int_equal(codec_request(&f, pair->client, method, &request), SY_OK);
    assert_int_equal(codec_response(&f, pair->server, &request, &response), SY_OK);
    assert_int_equal(
        sy_wire_write_response(pair->server, &request, &response, HOST, &f.arena, &text, &err),
        SY_OK);
    const sy_rc rc =
        sy_wire_read_response(pair->client, &request, &text, f.schema, &f.arena, &read, &err);
    if (rc != SY_OK || !codec_same_response(pair->client, &request, &response, &read)) {
        print_error("%s <- %s, seed %llu: %d %.*s\n", pair->client->name, pair->server->name,
                    (unsigned long long)seed, text.status, SY_FMT(text.body));
        for (uint32_t i = 0; i < text.header_count; i++) {
            print_error("%.*s: %.*s\n", SY_FMT(text.headers[i].name),
                        SY_FMT(text.headers[i].value));
        }
        fail_msg("%s", rc != SY_OK ? err.text : "another response");
    }
    assert_int_equal(sy_wire_response_size(pair->server, &request, &response, HOST),
                     sy_http_response_head_size(&text) + text.body.size);
    codec_fixture_deinit(&f);
}

static void an_answer_stays_what_it_is_in_every_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_pair_count; i++) {
        for (int method = 0; method < SY_METHOD_COUNT; method++) {
            for (uint64_t round = 1; round <= ROUND_COUNT; round++) {
                check_response(&codec_pairs[i], (sy_method)method, round * 7 + (uint64_t)method);
            }
        }
    }
}

/* The client asks for the link that the server gave it, word for word. */
static void a_link_to_the_next_page_is_what_the_client_asks_for(void **state)
{
    (void)state;
    static const codec_pair pairs[] = {{&sy_wire_datasync, &sy_wire_datasync},
                                       {&sy_wire_toolkit, &sy_wire_toolkit}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        for (uint64_t seed = 1; seed < 200; seed++) {
            codec_fixture f;
            sy_request request, read;
            sy_http_request text, next_text;
            sy_wire_refusal refusal;
            sy_response response = {.status = 200, .next = SY_STR("$skip=50"), .rows.total = -1};
            sy_http_response answer;
            assert_int_equal(codec_fixture_init(&f, sy_alloc_std(), seed), SY_OK);
            assert_int_equal(codec_request(&f, pairs[i].client, SY_METHOD_QUERY, &request), SY_OK);
            sy_query from_the_second = *request.query;
            from_the_second.skip = 1;
            from_the_second.top = -1;
            request.query = &from_the_second;
            request.continuation = (sy_str){NULL, 0};
            assert_int_equal(
                sy_wire_write_request(pairs[i].client, &request, &f.arena, &text, NULL), SY_OK);
            assert_int_equal(sy_wire_read_request(pairs[i].server, &text, codec_tables(&f),
                                                  &f.arena, &read, &refusal, NULL),
                             SY_OK);
            assert_int_equal(sy_wire_write_response(pairs[i].server, &read, &response, HOST,
                                                    &f.arena, &answer, NULL),
                             SY_OK);
            request.continuation = response.next;
            assert_int_equal(
                sy_wire_write_request(pairs[i].client, &request, &f.arena, &next_text, NULL),
                SY_OK);
            char body[8192], link[8192];
            (void)snprintf(body, sizeof body, "%.*s", SY_FMT(answer.body));
            const char *query = memchr(next_text.target.data, '?', next_text.target.size);
            const size_t size = next_text.target.size - (size_t)(query - next_text.target.data);
            (void)snprintf(link, sizeof link, "%.*s", (int)size - 1, query + 1);
            assert_non_null(strstr(body, link));
            codec_fixture_deinit(&f);
        }
    }
}

/* -- no memory -- */

static uint64_t jansson_fail_at, jansson_count;

static void *failing_malloc(size_t size)
{
    return ++jansson_count == jansson_fail_at ? NULL : malloc(size);
}

/* Both ways of both messages; every failure is SY_NOMEM. */
static sy_rc round_trip(const codec_pair *pair, sy_method method, sy_alloc alloc)
{
    codec_fixture f;
    sy_request request, read;
    sy_response response, read_response;
    sy_http_request text;
    sy_http_response answer;
    sy_wire_refusal refusal;
    sy_err err;
    sy_rc rc = codec_fixture_init(&f, alloc, 5);
    rc = rc == SY_OK ? codec_request(&f, pair->client, method, &request) : rc;
    rc = rc == SY_OK ? sy_wire_write_request(pair->client, &request, &f.arena, &text, &err) : rc;
    rc = rc == SY_OK ? sy_wire_read_request(pair->server, &text, codec_tables(&f), &f.arena, &read,
                                            &refusal, &err)
                     : rc;
    rc = rc == SY_OK ? codec_response(&f, pair->server, &request, &response) : rc;
    rc = rc == SY_OK
             ? sy_wire_write_response(pair->server, &read, &response, HOST, &f.arena, &answer, &err)
             : rc;
    rc = rc == SY_OK ? sy_wire_read_response(pair->client, &request, &answer, f.schema, &f.arena,
                                             &read_response, &err)
                     : rc;
    codec_fixture_deinit(&f);
    return rc;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < codec_pair_count; i++) {
        for (int method = 0; method < SY_METHOD_COUNT; method++) {
            for (uint64_t n = 1; speaks(&codec_pairs[i], (sy_method)method); n++) {
                test_alloc alloc;
                test_alloc_init(&alloc, n);
                const sy_rc rc =
                    round_trip(&codec_pairs[i], (sy_method)method, test_alloc_port(&alloc));
                assert_int_equal(test_alloc_live(&alloc), 0);
                assert_int_equal(rc, test_alloc_failed(&alloc) ? SY_NOMEM : SY_OK);
                if (rc == SY_OK) {
                    break;
                }
            }
        }
    }
}

/* Jansson allocates with a function of its own, for the whole program: this test is one. It
 * does not always tell an error of memory from one in the text. Texts are short here: where its
 * lexer cannot grow, Jansson 2.14 reads past its buffer. */
static void every_allocation_of_the_json_library_may_fail(void **state)
{
    (void)state;
    const sy_str text = SY_STR("{\"id\":\"a\",\"n\":[1,2.5,true,null,\"b\"],\"o\":{\"x\":{}}}");
    sy_rc rc = SY_NOMEM;
    json_set_alloc_funcs(failing_malloc, free);
    for (jansson_fail_at = 1; rc != SY_OK; jansson_fail_at++) {
        sy_json *document = NULL;
        jansson_count = 0;
        rc = sy_json_parse(text, &document, NULL);
        assert_int_equal(rc == SY_OK, jansson_count < jansson_fail_at);
        sy_json_free(document);
    }
    assert_true(jansson_fail_at > 10);
    json_set_alloc_funcs(malloc, free);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_stays_what_it_is_in_every_format),
        cmocka_unit_test(an_answer_stays_what_it_is_in_every_format),
        cmocka_unit_test(a_link_to_the_next_page_is_what_the_client_asks_for),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_allocation_of_the_json_library_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
