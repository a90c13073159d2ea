/* HTTP text in, HTTP text out: gates, routes, access and error documents of each server. What the
 * Node server answers in all its detail is in tests/conformance. */
#include "core/server/router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/server_fixture.h"
#include "tests/unit/support.h"

typedef struct answer {
    int status;
    sy_str body;
    sy_http_response whole;
} answer;

/* "GET /tables/todo" with headers "name: value\n..." and a body. */
static answer ask(fixture *f, const char *line, const char *headers, const char *body)
{
    sy_header list[8];
    uint32_t count = 0;
    const char *space = strchr(line, ' ');
    assert_non_null(space);
    for (const char *at = headers; at != NULL && *at != '\0';) {
        const char *colon = strchr(at, ':');
        const char *end = strchr(at, '\n');
        assert_non_null(colon);
        end = end != NULL ? end : at + strlen(at);
        list[count++] =
            (sy_header){{at, (size_t)(colon - at)}, {colon + 2, (size_t)(end - colon - 2)}};
        at = *end == '\n' ? end + 1 : end;
    }
    sy_http_request request = {.method = {line, (size_t)(space - line)},
                               .target = sy_str_of(space + 1),
                               .headers = list,
                               .header_count = count,
                               .body = sy_str_of(body)};
    answer got = {0};
    assert_int_equal(sy_router_answer(f->server, &request, &f->arena, &got.whole, NULL), SY_OK);
    got.status = got.whole.status;
    got.body = got.whole.body;
    return got;
}

static int status_of(fixture *f, const char *line, const char *headers, const char *body)
{
    return ask(f, line, headers, body).status;
}

static bool says(const answer *got, const char *part)
{
    sy_str text = got->body;
    size_t size = strlen(part);
    for (size_t at = 0; at + size <= text.size; at++) {
        if (memcmp(text.data + at, part, size) == 0) {
            return true;
        }
    }
    return false;
}

static sy_str header(const answer *got, const char *name)
{
    return sy_http_header(got->whole.headers, got->whole.header_count, sy_str_of(name), NULL);
}

#define V2   "ZUMO-API-VERSION: 2.0.0"
#define V3   "ZUMO-API-VERSION: 3.0.0"
#define JSON "Content-Type: application/json"

/* -- the gate -- */

static void node_looks_at_the_header_first(void **state)
{
    fixture *f = *state;
    assert_int_equal(status_of(f, "GET /tables/todo", NULL, NULL), 400);
    assert_int_equal(status_of(f, "GET /tables/todo", V2, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo", V3, NULL), 400);
    assert_int_equal(status_of(f, "GET /tables/todo", "ZUMO-API-VERSION: 2.0", NULL), 400);
    assert_int_equal(status_of(f, "GET /tables/todo?zumo-api-version=2.0.7", NULL, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo?ZUMO-API-VERSION=2.0.0", V3, NULL), 400);
}

static void netfx_looks_at_the_query_first(void **state)
{
    fixture *f = *state;
    assert_int_equal(status_of(f, "GET /tables/todo", NULL, NULL), 400);
    assert_int_equal(status_of(f, "GET /tables/todo", V2, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo?zumo-api-version=2.0.0", V3, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo?zumo-api-version=3.0.0", V2, NULL), 400);
}

static void datasync_speaks_2_and_3(void **state)
{
    fixture *f = *state;
    assert_int_equal(status_of(f, "GET /tables/todo", NULL, NULL), 400);
    assert_int_equal(status_of(f, "GET /tables/todo", "ZUMO-API-VERSION: 2.0", NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo", V3, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo", "ZUMO-API-VERSION: 4.0.0", NULL), 400);
    assert_int_equal(status_of(f, "GET /tables/todo?ZUMO-API-VERSION=3.0", V2, NULL), 200);
}

static void toolkit_has_no_gate(void **state)
{
    fixture *f = *state;
    assert_int_equal(status_of(f, "GET /tables/todo", NULL, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo", "ZUMO-API-VERSION: junk", NULL), 200);
}

/* -- pages -- */

static void pages_have_the_shape_of_the_generation(void **state)
{
    fixture *f = *state;
    fill(f, 101);
    bool toolkit = f->dialect == &sy_server_dialect_toolkit;
    answer got = ask(f, "GET /tables/todo?$count=true", V3 "\nHost: example.org:80", NULL);
    assert_int_equal(got.status, 200);
    assert_true(says(&got, "{\"items\":[{"));
    assert_true(says(&got, "\"count\":101"));
    assert_true(says(&got, toolkit ? "\"nextLink\":\"$" : "\"nextLink\":\"http://example.org:80/"));
}

static void a_classic_client_gets_bare_pages_from_datasync(void **state)
{
    fixture *f = *state;
    fill(f, 101);
    answer got = ask(f, "GET /tables/todo", V2, NULL);
    assert_int_equal(got.status, 200);
    assert_true(got.body.size > 0 && got.body.data[0] == '[');
    assert_int_equal(header(&got, "Link").size, 0);
    got = ask(f, "GET /tables/todo?$inlinecount=allpages&$top=1", V2, NULL);
    assert_true(says(&got, "{\"results\":[{") && says(&got, "\"count\":101"));
    got = ask(f, "GET /tables/todo?$filter=updatedAt%20gt%20datetimeoffset'2001-01-01T00:00:00Z'",
              V2, NULL);
    assert_int_equal(got.status, 200);
}

static void netfx_links_to_the_next_page(void **state)
{
    fixture *f = *state;
    fill(f, 51);
    answer got = ask(f, "GET /tables/todo", V2 "\nHost: example.org", NULL);
    sy_str link = header(&got, "Link");
    assert_true(sy_str_starts_with(link, SY_STR("<http://example.org/tables/todo?")));
    char line[256];
    (void)snprintf(line, sizeof line, "GET %.*s",
                   (int)(link.size - sizeof "<http://example.org>; rel=next" + 1),
                   link.data + sizeof "<http://example.org" - 1);
    got = ask(f, line, V2, NULL);
    assert_int_equal(got.status, 200);
    assert_true(says(&got, "r0050") && !says(&got, "r0049"));
}

static void what_is_not_selected_does_not_come(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    answer got = ask(f, "GET /tables/todo?$select=text", V2, NULL);
    assert_int_equal(got.status, 200);
    assert_true(says(&got, "\"text\":\"milk\"") && !says(&got, "\"id\"") && !says(&got, "qty"));
}

static void a_plus_is_a_space(void **state)
{
    fixture *f = *state;
    insert(f, "a", "oat milk", 1);
    answer got = ask(f, "GET /tables/todo?$filter=text+eq+'oat+milk'", V2, NULL);
    assert_int_equal(got.status, 200);
    assert_true(says(&got, "oat milk"));
}

/* -- writes -- */

static void a_row_goes_in_and_comes_out(void **state)
{
    fixture *f = *state;
    const char *version = f->dialect == &sy_server_dialect_toolkit ? V3 "\n" JSON : V2 "\n" JSON;
    answer got =
        ask(f, "POST /tables/todo", version, "{\"id\":\"a b\",\"text\":\"milk\",\"qty\":5}");
    assert_int_equal(got.status, 201);
    sy_str etag = header(&got, "ETag");
    assert_true(etag.size > 2 && etag.data[0] == '"');
    got = ask(f, "GET /tables/todo/a%20b", version, NULL);
    assert_int_equal(got.status, 200);
    assert_true(says(&got, "\"qty\":5"));
    bool puts = f->dialect == &sy_server_dialect_toolkit;
    char headers[256];
    (void)snprintf(headers, sizeof headers, "%s\nIf-Match: %.*s", version, SY_FMT(etag));
    const char *line = puts ? "PUT /tables/todo/a%20b" : "PATCH /tables/todo/a%20b";
    assert_int_equal(status_of(f, line, headers, "{\"id\":\"a b\",\"text\":\"x\"}"), 200);
    assert_int_equal(status_of(f, line, headers, "{\"id\":\"a b\",\"text\":\"y\"}"), 412);
    assert_int_equal(status_of(f, "DELETE /tables/todo/a%20b", version, NULL),
                     f->dialect->status_delete_ok);
    assert_int_equal(status_of(f, "GET /tables/todo/a%20b", version, NULL),
                     f->dialect->status_deleted);
}

static void what_is_no_json_is_400(void **state)
{
    fixture *f = *state;
    static const char *const bodies[] = {"{", "{\"id\":}", "nonsense", "{\"id\":\"a\"} x",
                                         "5", "\"x\""};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(status_of(f, "POST /tables/todo", V2 "\n" JSON, bodies[i]), 400);
    }
    assert_int_equal(query_all(f).rows.count, 0);
}

/* -- conditional headers -- */

static void conditional_headers_are_looked_at(void **state)
{
    fixture *f = *state;
    bool toolkit = f->dialect == &sy_server_dialect_toolkit; /* the same second is later there */
    insert(f, "a", "milk", 1);                               /* at SY_WORLD_EPOCH: 2026-01-01 */
    char same[256];
    char other[256];
    const char *version = version_of(f, stored(f, "a"));
    (void)snprintf(same, sizeof same, V3 "\nIf-None-Match: W/\"x\", \"%s\"", version);
    (void)snprintf(other, sizeof other, V3 "\nIf-None-Match: \"%sx\"", version);
    answer got = ask(f, "GET /tables/todo/a", same, NULL);
    assert_int_equal(got.status, 304);
    assert_int_equal(got.body.size, 0);
    assert_true(header(&got, "ETag").size > 0);
    assert_int_equal(status_of(f, "GET /tables/todo/a", other, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo/a", V3 "\nIf-None-Match: *", NULL), 304);
    got = ask(f, "DELETE /tables/todo/a", same, NULL);
    assert_int_equal(got.status, 412);
    assert_true(says(&got, "milk"));
    assert_int_equal(status_of(f, "GET /tables/todo/a", V3 "\nIf-Match: \"x\"", NULL), 412);
    static const char since[] = V3 "\nIf-Modified-Since: ";
    static const char unless[] = V3 "\nIf-Unmodified-Since: ";
    static const struct {
        const char *date;
        int compared; /* with the row's time */
    } cases[] = {{"Wed, 31 Dec 2025 23:59:59 GMT", -1},
                 {"Thu, 01 Jan 2026 00:00:00 GMT", 0},
                 {"Thu, 01 Jan 2026 00:00:01 GMT", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool later = cases[i].compared < 0 || (cases[i].compared == 0 && toolkit);
        char headers[128];
        (void)snprintf(headers, sizeof headers, "%s%s", since, cases[i].date);
        assert_int_equal(status_of(f, "GET /tables/todo/a", headers, NULL), later ? 200 : 304);
        (void)snprintf(headers, sizeof headers, "%s%s", unless, cases[i].date);
        assert_int_equal(status_of(f, "GET /tables/todo/a", headers, NULL), later ? 412 : 200);
    }
    (void)snprintf(same, sizeof same, "%sjunk", since);
    assert_int_equal(status_of(f, "GET /tables/todo/a", same, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo/zz", V3 "\nIf-None-Match: *", NULL), 404);
}

/* -- routes and access -- */

static void there_is_nothing_beside_the_tables(void **state)
{
    fixture *f = *state;
    static const char *const lines[] = {
        "GET /",     "GET /tables", "GET /tables/none", "POST /tables/none", "GET /tables/todo/a/b",
        "GET /other"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_int_equal(status_of(f, lines[i], V2, NULL), 404);
    }
    assert_int_equal(status_of(f, "PROPFIND /tables/todo", V2, NULL),
                     f->dialect->express ? 404 : 405);
}

static void the_node_server_answers_around_its_tables(void **state)
{
    fixture *f = *state;
    answer got = ask(f, "PUT /tables/todo/a", V2 "\n" JSON, "{}");
    assert_int_equal(got.status, 404);
    assert_true(says(&got, "Cannot PUT /tables/todo/a"));
    got = ask(f, "OPTIONS /tables/todo", "Origin: http://localhost:8000", NULL);
    assert_int_equal(got.status, 200);
    assert_text(header(&got, "Allow"), "GET,HEAD,POST,PATCH,DELETE");
    assert_text(header(&got, "Access-Control-Allow-Origin"), "http://localhost:8000");
    got = ask(f, "GET /tables/todo", V2 "\nOrigin: http://evil.example", NULL);
    assert_int_equal(header(&got, "Access-Control-Allow-Origin").size, 0);
    assert_int_equal(status_of(f, "HEAD /tables/todo", V2, NULL), 500);
    assert_int_equal(status_of(f, "PUT /push/installations/x", NULL, "{}"), 204);
    assert_int_equal(status_of(f, "GET //tables/todo", V2, NULL), 404);
    got = ask(f, "GET /<script>&'\"", V2, NULL);
    assert_true(says(&got, "Cannot GET /&lt;script&gt;&amp;&#39;&quot;"));
}

static void what_cannot_be_decoded_is_refused_or_stands_for_itself(void **state)
{
    fixture *f = *state;
    bool express = f->dialect->express;
    assert_int_equal(status_of(f, "GET /tables/todo/%zz", V2, NULL), express ? 500 : 400);
    assert_int_equal(status_of(f, "GET /%zz", V2, NULL), express ? 404 : 400);
    assert_int_equal(status_of(f, "GET /tables/todo?x=%zz", V2, NULL), 200);
    assert_int_equal(status_of(f, "GET /tables/todo?x=\xff", V2, NULL), 400);
}

static void node_wants_a_token_that_looks_like_one(void **state)
{
    fixture *f = *state;
    f->tables[0].authorize = true;
    f->tables[1].disabled = SY_METHOD_BIT(SY_METHOD_INSERT);
    fixture_restart(f);
    answer got = ask(f, "GET /tables/todo", V2, NULL);
    assert_int_equal(got.status, 401);
    assert_text(got.body, "You must be logged in to use this application");
    assert_int_equal(status_of(f, "GET /tables/todo", V2 "\nX-ZUMO-AUTH: junk", NULL), 401);
    assert_int_equal(status_of(f, "GET /tables/hard", V2 "\nX-ZUMO-AUTH: junk", NULL), 401);
    assert_int_equal(status_of(f, "GET /tables/todo", V2 "\nX-ZUMO-AUTH: a.b.c", NULL), 200);
    assert_int_equal(status_of(f, "POST /tables/todo", V2 "\n" JSON, "{"), 400); /* read first */
    assert_int_equal(status_of(f, "GET /tables/todo?$top=1001", V2, NULL), 400);
    got = ask(f, "POST /tables/other", V2 "\n" JSON, "{");
    assert_int_equal(got.status, 405);
    assert_text(got.body, "Method insert is not allowed");
}

static void a_409_of_node_echoes_what_was_sent(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    const char *item = "{\"id\":\"a\",\"text\":{\"b\":[1]}}";
    answer got = ask(f, "POST /tables/todo", V2 "\n" JSON, item);
    assert_int_equal(got.status, 409);
    assert_text(got.body, item);
}

static void an_option_that_stands_there_twice_breaks_node(void **state)
{
    fixture *f = *state;
    fill(f, 3);
    assert_int_equal(status_of(f, "GET /tables/todo?$filter=true&%24filter=true", V2, NULL), 500);
    answer got = ask(f, "GET /tables/todo?$top=1&$top=2", V2 "\nHost: h", NULL);
    assert_int_equal(got.status, 200);
    assert_text(header(&got, "Link"), "http://h/?%24top=1&%24skip=1; rel=next");
}

/* -- memory -- */

static void an_answer_survives_every_allocation_that_fails(void **state)
{
    fixture *f = *state;
    static const sy_header headers[] = {{{"ZUMO-API-VERSION", 16}, {"2.0.0", 5}},
                                        {{"Content-Type", 12}, {"application/json", 16}}};
    sy_http_request requests[] = {
        {.method = SY_STR("GET"), .target = SY_STR("/tables/todo?$filter=text+eq+'a'&$top=1")},
        {.method = SY_STR("GET"), .target = SY_STR("/nothing")},
        {.method = SY_STR("PATCH"),
         .target = SY_STR("/tables/todo/a"),
         .body = SY_STR("{\"qty\":2}")},
    };
    insert(f, "a", "a", 1);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        requests[i].headers = headers;
        requests[i].header_count = 2;
        bool failed = true;
        for (uint64_t n = 1; failed; n++) {
            test_alloc counted;
            sy_arena arena;
            sy_http_response out;
            test_alloc_init(&counted, 0);
            sy_arena_init(&arena, test_alloc_port(&counted));
            counted.fail_at = n;
            sy_rc rc = sy_router_answer(f->server, &requests[i], &arena, &out, NULL);
            failed = test_alloc_failed(&counted);
            assert_true(rc == SY_OK || (failed && rc == SY_NOMEM));
            sy_arena_deinit(&arena);
            assert_int_equal(test_alloc_live(&counted), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE(node_looks_at_the_header_first),
        NETFX(netfx_looks_at_the_query_first),
        DATASYNC(datasync_speaks_2_and_3),
        TOOLKIT(toolkit_has_no_gate),
        DATASYNC(pages_have_the_shape_of_the_generation),
        TOOLKIT(pages_have_the_shape_of_the_generation),
        DATASYNC(a_classic_client_gets_bare_pages_from_datasync),
        NETFX(netfx_links_to_the_next_page),
        NODE(what_is_not_selected_does_not_come),
        NETFX(what_is_not_selected_does_not_come),
        NODE(a_plus_is_a_space),
        NETFX(a_plus_is_a_space),
        NODE(a_row_goes_in_and_comes_out),
        NETFX(a_row_goes_in_and_comes_out),
        DATASYNC(a_row_goes_in_and_comes_out),
        TOOLKIT(a_row_goes_in_and_comes_out),
        NODE(what_is_no_json_is_400),
        NETFX(what_is_no_json_is_400),
        DATASYNC(what_is_no_json_is_400),
        TOOLKIT(what_is_no_json_is_400),
        DATASYNC(conditional_headers_are_looked_at),
        TOOLKIT(conditional_headers_are_looked_at),
        NODE(there_is_nothing_beside_the_tables),
        NETFX(there_is_nothing_beside_the_tables),
        TOOLKIT(there_is_nothing_beside_the_tables),
        NODE(the_node_server_answers_around_its_tables),
        NODE(what_cannot_be_decoded_is_refused_or_stands_for_itself),
        NETFX(what_cannot_be_decoded_is_refused_or_stands_for_itself),
        NODE(node_wants_a_token_that_looks_like_one),
        NODE(a_409_of_node_echoes_what_was_sent),
        NODE(an_option_that_stands_there_twice_breaks_node),
        NODE(an_answer_survives_every_allocation_that_fails),
        TOOLKIT(an_answer_survives_every_allocation_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
