/* tests core/wire: the exact texts that the SDKs and servers use (protocol.md 2, 3, Appendix A; the
 * recorded traffic of the JavaScript client), URLs, ETags, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/base64.h"
#include "core/wire/json.h"
#include "tests/unit/codec_fixture.h"

#define HOST SY_STR("127.0.0.1:7700")

enum { TEXT = SY_SYSTEM_COUNT, COUNT, PRICE, DONE, DUE };

typedef struct fixture {
    codec_fixture codec;
    sy_query query;
    sy_request request;
    sy_http_request text;
    sy_http_response answer;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f = (fixture){0};
    assert_int_equal(codec_fixture_init(&f.codec, sy_alloc_std(), 1), SY_OK);
    f.query = sy_query_all(f.codec.schema);
    f.request = (sy_request){.table = SY_STR("todoitem"), .since_sequence = -1};
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    codec_fixture_deinit(&((fixture *)*state)->codec);
    return 0;
}

static void assert_text(sy_str actual, const char *expected)
{
    char copy[4096];
    (void)snprintf(copy, sizeof copy, "%.*s", SY_FMT(actual));
    assert_string_equal(copy, expected);
}

static void write_request(fixture *f, const sy_wire_format *format)
{
    assert_int_equal(sy_wire_write_request(format, &f->request, &f->codec.arena, &f->text, NULL),
                     SY_OK);
}

static void assert_header(const sy_header *headers, uint32_t count, const char *name,
                          const char *expected)
{
    bool found = false;
    const sy_str value = sy_http_header(headers, count, sy_str_of(name), &found);
    assert_int_equal(found, expected != NULL);
    if (expected != NULL) {
        assert_text(value, expected);
    }
}

#define REQUEST_HEADER(f, name, expected)                                                          \
    assert_header((f)->text.headers, (f)->text.header_count, name, expected)
#define ANSWER_HEADER(f, name, expected)                                                           \
    assert_header((f)->answer.headers, (f)->answer.header_count, name, expected)

/* updatedAt ge 1969-12-31T00:00:00.000Z, ordered by it. */
static void ask_incrementally(fixture *f, sy_expr_kind kind, sy_time token)
{
    sy_arena *arena = &f->codec.arena;
    f->query.filter = sy_expr_binary(arena, kind, sy_expr_column(arena, SY_COLUMN_UPDATED_AT),
                                     sy_expr_literal(arena, sy_datetime(token)));
    f->query.order_count = 1;
    f->query.order[0] = (sy_order){.column = SY_COLUMN_UPDATED_AT};
    f->request.method = SY_METHOD_QUERY;
    f->request.query = &f->query;
    f->request.include_deleted = true;
}

static void a_pull_of_the_javascript_client_is_as_recorded(void **state)
{
    fixture *f = *state;
    ask_incrementally(f, SY_EXPR_GE, -SY_DAY);
    f->query.top = 50;
    f->request.key.attempt = 1;
    write_request(f, &sy_wire_zumo_js);
    assert_text(f->text.method, "GET");
    assert_text(f->text.target, "/tables/todoitem?$filter=(updatedAt%20ge%20datetimeoffset%27"
                                "1969-12-31T00:00:00.000Z%27)&$orderby=updatedAt&$top=50"
                                "&__includeDeleted=true");
    REQUEST_HEADER(f, "zumo-api-version", "2.0.0");
    REQUEST_HEADER(f, "x-zumo-features", "OL,IP,TR,QS");
    f->query.skip = 1;
    f->request.key.attempt = 3;
    write_request(f, &sy_wire_zumo_js);
    assert_text(f->text.target, "/tables/todoitem?$filter=(updatedAt%20ge%20datetimeoffset%27"
                                "1969-12-31T00:00:00.000Z%27)&$orderby=updatedAt&$skip=1&$top=50"
                                "&__includeDeleted=true");
    REQUEST_HEADER(f, "x-zumo-features", "OL,IP,TR,QS,TR,QS,TR,QS");
}

static sy_row *row_of(fixture *f, const char *id)
{
    sy_row *row = sy_row_new(&f->codec.arena, f->codec.schema);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[TEXT] = sy_cstr("changed");
    row->cells[DONE] = sy_bool(false);
    row->cells[COUNT] = sy_int(1);
    return row;
}

static void a_push_of_the_javascript_client_is_as_recorded(void **state)
{
    fixture *f = *state;
    f->request.method = SY_METHOD_UPDATE;
    f->request.id = SY_STR("a");
    f->request.if_match = SY_STR("MQ==");
    f->request.row = row_of(f, "a");
    write_request(f, &sy_wire_zumo_js);
    assert_text(f->text.method, "PATCH");
    assert_text(f->text.target, "/tables/todoitem/a");
    assert_text(f->text.body, "{\"id\":\"a\",\"text\":\"changed\",\"count\":1,\"done\":false}");
    REQUEST_HEADER(f, "content-type", "application/json");
    REQUEST_HEADER(f, "if-match", "\"MQ==\"");
    REQUEST_HEADER(f, "x-zumo-features", "OL,OC");
    f->request.method = SY_METHOD_DELETE;
    f->request.row = NULL;
    write_request(f, &sy_wire_zumo_js);
    assert_text(f->text.method, "DELETE");
    REQUEST_HEADER(f, "content-type", NULL);
    assert_int_equal(f->text.body.size, 0);
}

static void the_classic_client_says_seven_digits_and_an_offset(void **state)
{
    fixture *f = *state;
    ask_incrementally(f, SY_EXPR_GE, SY_WORLD_EPOCH + 1234567 * INT64_C(100));
    f->query.skip = 0;
    f->query.top = 50;
    f->request.installation_id = SY_STR("phone");
    write_request(f, &sy_wire_zumo);
    assert_text(f->text.target, "/tables/todoitem?$filter=(updatedAt%20ge%20datetimeoffset'"
                                "2026-01-01T00%3A00%3A00.1234567%2B00%3A00')&$orderby=updatedAt"
                                "&$skip=0&$top=50&__includeDeleted=true");
    REQUEST_HEADER(f, "X-ZUMO-INSTALLATION-ID", "phone");
    REQUEST_HEADER(f, "X-ZUMO-FEATURES", "QS,OL");
    REQUEST_HEADER(f, "Accept", "application/json");
}

static void the_toolkit_casts_its_dates_and_lowers_its_tables(void **state)
{
    fixture *f = *state;
    ask_incrementally(f, SY_EXPR_GT, SY_WORLD_EPOCH);
    f->query.want_total = true;
    f->request.table = SY_STR("TodoItem");
    write_request(f, &sy_wire_toolkit);
    assert_text(f->text.target,
                "/tables/todoitem?$filter=%28updatedAt%20gt%20cast%282026-01-01T00%3A00%3A00.000Z"
                "%2CEdm.DateTimeOffset%29%29&$orderby=updatedAt&$count=true&__includedeleted=true");
    REQUEST_HEADER(f, "ZUMO-API-VERSION", NULL);
    write_request(f, &sy_wire_datasync);
    REQUEST_HEADER(f, "ZUMO-API-VERSION", "3.0.0");
    REQUEST_HEADER(f, "X-ZUMO-Options", "nextLink=path");
}

static void mobile_services_has_its_own_names(void **state)
{
    fixture *f = *state;
    ask_incrementally(f, SY_EXPR_GE, SY_WORLD_EPOCH);
    write_request(f, &sy_wire_mobile_services);
    char target[512];
    (void)snprintf(target, sizeof target, "%.*s", SY_FMT(f->text.target));
    assert_non_null(strstr(target, "__updatedAt%20ge"));
    assert_non_null(strstr(target, "$orderby=__updatedAt"));
    assert_non_null(strstr(target, "&__systemproperties=*"));
    REQUEST_HEADER(f, "ZUMO-API-VERSION", NULL);
}

static void an_undelete_is_asked_for_as_the_generation_does(void **state)
{
    fixture *f = *state;
    f->request.method = SY_METHOD_UNDELETE;
    f->request.id = SY_STR("x/y");
    write_request(f, &sy_wire_zumo);
    assert_text(f->text.method, "POST");
    assert_text(f->text.target, "/tables/todoitem/x%2Fy");
    assert_int_equal(f->text.body.size, 0);
    write_request(f, &sy_wire_datasync);
    assert_text(f->text.method, "PATCH");
    assert_text(f->text.body, "{\"deleted\":false}");
    write_request(f, &sy_wire_toolkit);
    assert_text(f->text.method, "PUT");
    assert_text(f->text.target, "/tables/todoitem/x%2Fy?__includedeleted=true");
}

static void sound_says_what_makes_a_request_safe_to_repeat(void **state)
{
    fixture *f = *state;
    f->request.method = SY_METHOD_INSERT;
    f->request.row = row_of(f, "a");
    f->request.operation_key = SY_STR("phone:1:2.1");
    f->request.edited_at = SY_WORLD_EPOCH + 1;
    f->request.edit_sequence = 7;
    write_request(f, &sy_wire_sound);
    REQUEST_HEADER(f, "X-Sync-Operation-Key", "phone%3A1%3A2.1");
    REQUEST_HEADER(f, "X-Sync-Edited-At", "1767225600000000001");
    REQUEST_HEADER(f, "X-Sync-Edit", "7");
    f->request = (sy_request){.method = SY_METHOD_QUERY,
                              .table = SY_STR("todoitem"),
                              .query = &f->query,
                              .since_sequence = 12,
                              .epoch = SY_STR("1"),
                              .page_size_max = 50,
                              .continuation = SY_STR("$after=20")};
    write_request(f, &sy_wire_sound);
    assert_text(f->text.target,
                "/tables/todoitem?__since=12&__epoch=1&__page=50&__place=%24after%3D20");
}

/* -- answers -- */

static void answer(fixture *f, const sy_wire_format *format, const sy_response *response)
{
    assert_int_equal(sy_wire_write_response(format, &f->request, response, HOST, &f->codec.arena,
                                            &f->answer, NULL),
                     SY_OK);
}

static void times_are_printed_as_each_server_does(void **state)
{
    fixture *f = *state;
    sy_row *row = sy_row_new(&f->codec.arena, f->codec.schema);
    const struct {
        const sy_wire_format *format;
        sy_time time;
        const char *body;
    } cases[] = {
        {&sy_wire_node, 120 * SY_MS, "{\"due\":\"2026-01-01T00:00:00.120Z\"}"},
        {&sy_wire_netfx, 120 * SY_MS, "{\"due\":\"2026-01-01T00:00:00.12Z\"}"},
        {&sy_wire_netfx, 0, "{\"due\":\"2026-01-01T00:00:00Z\"}"},
        {&sy_wire_netfx, 10 * SY_SECOND, "{\"due\":\"2026-01-01T00:00:10Z\"}"},
        {&sy_wire_datasync, 123999999, "{\"due\":\"2026-01-01T00:00:00.123Z\"}"},
        {&sy_wire_toolkit, 123999999, "{\"due\":\"2026-01-01T00:00:00.123Z\"}"},
        {&sy_wire_sound, 123456789, "{\"due\":\"2026-01-01T00:00:00.123456789Z\"}"},
    };
    f->request.method = SY_METHOD_READ;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        row->cells[DUE] = sy_datetime(SY_WORLD_EPOCH + cases[i].time);
        answer(f, cases[i].format, &(sy_response){.status = 200, .row = row});
        assert_text(f->answer.body, cases[i].body);
    }
}

static void a_row_has_its_version_as_etag_and_what_else_the_server_says(void **state)
{
    fixture *f = *state;
    sy_row *row = row_of(f, "x/y");
    row->cells[SY_COLUMN_VERSION] = sy_cstr("q\"q");
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(SY_WORLD_EPOCH + 999 * SY_MS);
    f->request.method = SY_METHOD_INSERT;
    answer(f, &sy_wire_node, &(sy_response){.status = 201, .row = row});
    ANSWER_HEADER(f, "ETag", "\"q\\\"q\"");
    ANSWER_HEADER(f, "Content-Type", "application/json; charset=utf-8");
    ANSWER_HEADER(f, "Cache-Control", "no-cache");
    ANSWER_HEADER(f, "x-zumo-server-version", "node-4.0.2");
    ANSWER_HEADER(f, "Location", NULL);
    answer(f, &sy_wire_node, &(sy_response){.status = 409, .row = row});
    ANSWER_HEADER(f, "Cache-Control", NULL);
    answer(f, &sy_wire_toolkit, &(sy_response){.status = 201, .row = row});
    ANSWER_HEADER(f, "Location", "http://127.0.0.1:7700/tables/todoitem/x%2Fy");
    ANSWER_HEADER(f, "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
}

static void errors_are_documents_of_the_generation(void **state)
{
    fixture *f = *state;
    const sy_response response = {.status = 404, .reason = SY_STR("no such row")};
    answer(f, &sy_wire_node, &response);
    assert_text(f->answer.body, "{\"error\":\"no such row\"}");
    answer(f, &sy_wire_netfx, &response);
    assert_text(f->answer.body, "{\"message\":\"no such row\"}");
    answer(f, &sy_wire_datasync, &response);
    assert_text(f->answer.body,
                "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"no such row\"}");
    ANSWER_HEADER(f, "Content-Type", "application/problem+json; charset=utf-8");
}

/* Appendix A 37; 2.3 Query. */
static void a_next_page_is_linked_as_each_server_does(void **state)
{
    fixture *f = *state;
    const sy_http_request came = {
        .target = SY_STR("/tables/todoitem?foo=b%20r&$top=2&%24orderby=id&$filter=id%20ne%20'a'")};
    const sy_response page = {
        .status = 200, .next = SY_STR("$skip=2&$top=2"), .rows = {.total = -1}};
    f->request.method = SY_METHOD_QUERY;
    f->request.query = &f->query;
    f->request.http = &came;
    answer(f, &sy_wire_node, &page);
    ANSWER_HEADER(f, "Link",
                  "http://127.0.0.1/?foo=b%20r&%24top=2&%24orderby=id&%24filter=id%20ne%20'a'"
                  "&%24skip=2; rel=next");
    assert_text(f->answer.body, "[]");
    answer(f, &sy_wire_netfx, &page);
    ANSWER_HEADER(f, "Link",
                  "<http://127.0.0.1:7700/tables/todoitem?foo=b%20r&$top=2&%24orderby=id"
                  "&$filter=id%20ne%20'a'&$skip=2>; rel=next");
    answer(f, &sy_wire_toolkit, &page);
    ANSWER_HEADER(f, "Link", NULL);
    assert_text(f->answer.body, "{\"items\":[],\"nextLink\":\"foo=b%20r&$top=2&%24orderby=id"
                                "&$filter=id%20ne%20'a'&$skip=2\"}");
    answer(f, &sy_wire_datasync, &page);
    assert_text(f->answer.body,
                "{\"items\":[],\"nextLink\":\"http://127.0.0.1:7700/tables/todoitem?foo=b%20r"
                "&$top=2&%24orderby=id&$filter=id%20ne%20'a'&$skip=2\"}");
    answer(f, &sy_wire_datasync_v2, &page);
    ANSWER_HEADER(f, "Link", NULL);
    assert_text(f->answer.body, "[]");
}

static void a_count_makes_an_object_of_a_list(void **state)
{
    fixture *f = *state;
    f->request.method = SY_METHOD_QUERY;
    const sy_response page = {.status = 200, .rows = {.total = 3}};
    answer(f, &sy_wire_node, &page);
    assert_text(f->answer.body, "{\"results\":[],\"count\":3}");
    answer(f, &sy_wire_toolkit, &page);
    assert_text(f->answer.body, "{\"items\":[],\"count\":3}");
}

/* -- what servers refuse -- */

static sy_rc read_as(fixture *f, const sy_wire_format *format, const char *method,
                     const char *target, const char *body, sy_request *out,
                     sy_wire_refusal *refusal)
{
    static const sy_header headers[] = {{{"Content-Type", 12}, {"application/json", 16}}};
    static sy_http_request text;
    text = (sy_http_request){.method = sy_str_of(method),
                             .target = sy_str_of(target),
                             .headers = headers,
                             .header_count = 1,
                             .body = sy_str_of(body)};
    return sy_wire_read_request(format, &text, codec_tables(&f->codec), &f->codec.arena, out,
                                refusal, NULL);
}

static void what_cannot_be_read_is_refused_with_the_servers_status(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *method, *target, *body;
        sy_wire_flaw flaw;
        int node, netfx, toolkit, sound;
    } cases[] = {
        {"GET", "/", "", SY_WIRE_FLAW_ROUTE, 404, 404, 404, 404},
        {"GET", "/tables", "", SY_WIRE_FLAW_ROUTE, 404, 404, 404, 404},
        {"GET", "/tables/todoitem/a/b", "", SY_WIRE_FLAW_ROUTE, 404, 404, 404, 404},
        {"GET", "/tables/nothere", "", SY_WIRE_FLAW_TABLE, 404, 404, 404, 404},
        {"BREW", "/tables/todoitem", "", SY_WIRE_FLAW_METHOD, 404, 405, 405, 405},
        {"GET", "/tables/todoitem/%4", "", SY_WIRE_FLAW_URL, 400, 400, 400, 400},
        {"GET", "/tables/todoitem/%ff", "", SY_WIRE_FLAW_URL, 400, 400, 400, 400},
        {"POST", "/tables/todoitem", "{", SY_WIRE_FLAW_JSON, 400, 400, 400, 400},
        {"POST", "/tables/todoitem", "\"text\"", SY_WIRE_FLAW_JSON, 400, 400, 400, 400},
        {"POST", "/tables/todoitem", "null", SY_WIRE_FLAW_JSON, 400, 400, 400, 400},
        {"POST", "/tables/todoitem", "{\"count\":{}}", SY_WIRE_FLAW_VALUE, 500, 400, 400, 400},
        {"POST", "/tables/todoitem", "{\"due\":\"x\"}", SY_WIRE_FLAW_VALUE, 500, 400, 400, 400},
        {"GET", "/tables/todoitem?$filter=(", "", SY_WIRE_FLAW_QUERY, 500, 400, 400, 400},
    };
    const sy_wire_format *formats[] = {&sy_wire_node, &sy_wire_netfx, &sy_wire_toolkit,
                                       &sy_wire_sound};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int expected[] = {cases[i].node, cases[i].netfx, cases[i].toolkit, cases[i].sound};
        for (size_t k = 0; k < 4; k++) {
            sy_request request;
            sy_wire_refusal refusal = {.status = 0};
            assert_int_equal(read_as(f, formats[k], cases[i].method, cases[i].target, cases[i].body,
                                     &request, &refusal),
                             SY_INVALID);
            assert_int_equal(refusal.flaw, cases[i].flaw);
            assert_int_equal(refusal.status, expected[k]);
            assert_true(refusal.reason.size > 0);
            assert_int_equal(sy_wire_refuse(&refusal).status, expected[k]);
        }
    }
}

static void the_node_server_is_loose_about_bodies(void **state)
{
    fixture *f = *state;
    sy_request request;
    sy_wire_refusal refusal;
    assert_int_equal(read_as(f, &sy_wire_node, "POST", "/tables/todoitem",
                             "{\"id\":7,\"text\":{\"deep\":1},\"count\":true,\"done\":1}", &request,
                             &refusal),
                     SY_OK);
    assert_text(request.id, "7");
    assert_text(sy_value_str(&request.row->cells[TEXT]), "[object Object]");
    assert_int_equal(request.row->cells[COUNT].as.integer, 1);
    assert_int_equal(request.row->cells[DONE].type, SY_TYPE_BOOL);
    assert_int_equal(
        read_as(f, &sy_wire_node, "PATCH", "/tables/todoitem/a", "", &request, &refusal), SY_OK);
    assert_non_null(request.row);
    assert_int_equal(
        read_as(f, &sy_wire_node, "POST", "/tables/todoitem", "[{}]", &request, &refusal),
        SY_INVALID);
    assert_int_equal(refusal.status, 500);
    assert_int_equal(read_as(f, &sy_wire_node, "PATCH", "/tables/todoitem/a",
                             "{\"UpdatedAT\":null}", &request, &refusal),
                     SY_INVALID);
    assert_int_equal(refusal.flaw, SY_WIRE_FLAW_RESERVED);
    assert_int_equal(refusal.status, 400);
    assert_int_equal(read_as(f, &sy_wire_node, "GET", "/tables/todoitem?$filter=nope%20eq%201", "",
                             &request, &refusal),
                     SY_INVALID);
    assert_int_equal(sy_wire_refuse(&refusal).status, 200);
}

static void columns_that_the_table_lacks_are_kept_for_node_only(void **state)
{
    fixture *f = *state;
    sy_request request;
    sy_wire_refusal refusal;
    const char *body = "{\"id\":\"n\",\"note\":\"hello\",\"stars\":4,\"hot\":true,\"gone\":null}";
    assert_int_equal(
        read_as(f, &sy_wire_netfx, "POST", "/tables/todoitem", body, &request, &refusal), SY_OK);
    assert_ptr_equal(request.row->schema, f->codec.schema);
    assert_int_equal(
        read_as(f, &sy_wire_node, "POST", "/tables/todoitem", body, &request, &refusal), SY_OK);
    assert_text(sy_value_str(sy_row_find(request.row, SY_STR("note"))), "hello");
    assert_int_equal(sy_row_find(request.row, SY_STR("hot"))->type, SY_TYPE_BOOL);
    assert_null(sy_row_find(request.row, SY_STR("gone")));
    assert_int_equal(
        read_as(f, &sy_wire_node, "PATCH", "/tables/todoitem/n", body, &request, &refusal), SY_OK);
    assert_int_equal(sy_row_find(request.row, SY_STR("gone"))->type, SY_TYPE_NULL);
    assert_int_equal(
        read_as(f, &sy_wire_node, "POST", "/tables/todoitem", "{\"a b\":1}", &request, &refusal),
        SY_INVALID);
    assert_int_equal(refusal.flaw, SY_WIRE_FLAW_COLUMN);
}

/* Appendix A 25, 26; edge 60. */
static void tombstones_are_asked_for_by_each_servers_rule(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *target;
        bool node, toolkit;
    } cases[] = {
        {"/tables/todoitem?__includeDeleted=true", true, true},
        {"/tables/todoitem?__includeDeleted=false", true, false},
        {"/tables/todoitem?__includedeleted=true", false, true},
        {"/tables/todoitem?__includeDeleted=", false, false},
        {"/tables/todoitem", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sy_request request;
        sy_wire_refusal refusal;
        assert_int_equal(read_as(f, &sy_wire_node, "GET", cases[i].target, "", &request, &refusal),
                         SY_OK);
        assert_int_equal(request.include_deleted, cases[i].node);
        assert_int_equal(
            read_as(f, &sy_wire_toolkit, "GET", cases[i].target, "", &request, &refusal), SY_OK);
        assert_int_equal(request.include_deleted, cases[i].toolkit);
    }
}

/* -- ETags, 2.2 and 2.3 -- */

static void if_match_is_read_by_each_servers_rule(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *header;
        const char *node, *netfx, *toolkit; /* NULL: refused */
    } cases[] = {
        {"\"MQ==\"", "MQ==", "MQ==", "MQ=="},
        {"MQ==", "MQ==", NULL, NULL},
        {"MQ", "MQ==", NULL, NULL},
        {"*", "=", "", "*"},
        {"\"\"", "", "=", "="},
        {"W/\"MQ==\"", "W/\"MQ==\"", NULL, "="},
        {"\"MQ==\", \"zzz\"", "MQ==\", \"zzz", NULL, NULL},
        {"\"q\\\"q\"", "q\"q", "q\"q", "q\"q"},
        {"bogus", "bogus", NULL, NULL},
        {",", ",", NULL, NULL},
    };
    static const sy_if_match_rule rules[] = {SY_IF_MATCH_BYTES, SY_IF_MATCH_SINGLE,
                                             SY_IF_MATCH_STRONG};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *expected[] = {cases[i].node, cases[i].netfx, cases[i].toolkit};
        for (size_t k = 0; k < 3; k++) {
            sy_str version;
            const sy_rc rc = sy_etag_read_if_match(sy_str_of(cases[i].header), rules[k], true,
                                                   &f->codec.arena, &version, NULL);
            assert_int_equal(rc, expected[k] != NULL ? SY_OK : SY_INVALID);
            if (expected[k] != NULL) {
                assert_text(version, expected[k]);
            }
        }
    }
}

static void an_empty_if_match_of_a_delete_matches_nothing_in_node(void **state)
{
    fixture *f = *state;
    sy_str version;
    assert_int_equal(sy_etag_read_if_match(SY_STR("\"\""), SY_IF_MATCH_BYTES, false,
                                           &f->codec.arena, &version, NULL),
                     SY_OK);
    assert_true(sy_str_equal(version, SY_VERSION_NONE));
}

/* -- URLs -- */

static void a_target_is_taken_apart_and_decoded(void **state)
{
    fixture *f = *state;
    sy_url url;
    assert_int_equal(sy_url_parse(SY_STR("http://h:1/tables//a%2Fb/?%24top=1&x&y=a+b%2B&=z#f"),
                                  &f->codec.arena, &url, NULL),
                     SY_OK);
    assert_int_equal(url.segment_count, 2);
    assert_text(url.segments[1], "a/b");
    assert_int_equal(url.parameter_count, 4);
    assert_text(sy_url_find(&url, SY_STR("$top"))->value, "1");
    assert_text(sy_url_find_nocase(&url, SY_STR("Y"))->value, "a+b+");
    assert_null(sy_url_find(&url, SY_STR("Y")));
    assert_int_equal(sy_url_parse(SY_STR("/a?b=%zz"), &f->codec.arena, &url, NULL), SY_PARSE);
    assert_int_equal(sy_url_parse(SY_STR("/%c3%28"), &f->codec.arena, &url, NULL), SY_PARSE);
}

/* -- JSON -- */

static void integers_are_exact_and_larger_ones_are_reals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sy_json_kind kind;
        int64_t integer;
    } cases[] = {
        {"9223372036854775807", SY_JSON_INT, INT64_MAX},
        {"-9223372036854775808", SY_JSON_INT, INT64_MIN},
        {"9007199254740993", SY_JSON_INT, INT64_C(9007199254740993)},
        {"9223372036854775808", SY_JSON_REAL, 0},
        {"-9223372036854775809", SY_JSON_REAL, 0},
        {"123456789012345678901234567890", SY_JSON_REAL, 0},
        {"1e21", SY_JSON_REAL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        sy_json *document = NULL;
        (void)snprintf(text, sizeof text, "{\"12345678901234567890\":[%s]}", cases[i].text);
        assert_int_equal(sy_json_parse(sy_str_of(text), &document, NULL), SY_OK);
        const sy_json *list = sy_json_get(document, SY_STR("12345678901234567890"));
        assert_int_equal(sy_json_kind_of(sy_json_at(list, 0)), cases[i].kind);
        const sy_value value = sy_json_scalar(sy_json_at(list, 0));
        if (cases[i].kind == SY_JSON_INT) {
            assert_int_equal(value.as.integer, cases[i].integer);
        }
        sy_json_free(document);
    }
}

static void what_is_not_json_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",    "{",        "{'a':1}", "[1,]",    "01",          "\"\\x\"", "nul",
        "1 2", "\"\xff\"", "1e999",   "{\"a\"}", "\"\\ud800\"", "[1e]",    "99999999999999999999e",
        "\"\\"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sy_json *document = NULL;
        sy_err err;
        assert_int_equal(sy_json_parse(sy_str_of(texts[i]), &document, &err), SY_PARSE);
        assert_non_null(strstr(err.text, "not JSON"));
    }
}

static void base64_is_written_padded_and_read_leniently(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *bytes, *text;
    } cases[] = {{"", ""}, {"1", "MQ=="}, {"12", "MTI="}, {"123", "MTIz"}, {"abc?>", "YWJjPz4="}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sy_buf buf;
        sy_str bytes;
        sy_buf_init(&buf, sy_alloc_std());
        sy_base64_write(sy_str_of(cases[i].bytes), &buf);
        assert_text(sy_buf_str(&buf), cases[i].text);
        assert_true(sy_base64_is(sy_buf_str(&buf)));
        assert_int_equal(sy_base64_read(sy_buf_str(&buf), &f->codec.arena, &bytes, NULL), SY_OK);
        assert_text(bytes, cases[i].bytes);
        sy_buf_deinit(&buf);
    }
    assert_false(sy_base64_is(SY_STR("MQ=")));
    assert_false(sy_base64_is(SY_STR("MR==")));
    assert_false(sy_base64_is(SY_STR("M===")));
}

#define EVERY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(a_pull_of_the_javascript_client_is_as_recorded),
        EVERY(a_push_of_the_javascript_client_is_as_recorded),
        EVERY(the_classic_client_says_seven_digits_and_an_offset),
        EVERY(the_toolkit_casts_its_dates_and_lowers_its_tables),
        EVERY(mobile_services_has_its_own_names),
        EVERY(an_undelete_is_asked_for_as_the_generation_does),
        EVERY(sound_says_what_makes_a_request_safe_to_repeat),
        EVERY(times_are_printed_as_each_server_does),
        EVERY(a_row_has_its_version_as_etag_and_what_else_the_server_says),
        EVERY(errors_are_documents_of_the_generation),
        EVERY(a_next_page_is_linked_as_each_server_does),
        EVERY(a_count_makes_an_object_of_a_list),
        EVERY(what_cannot_be_read_is_refused_with_the_servers_status),
        EVERY(the_node_server_is_loose_about_bodies),
        EVERY(columns_that_the_table_lacks_are_kept_for_node_only),
        EVERY(tombstones_are_asked_for_by_each_servers_rule),
        EVERY(if_match_is_read_by_each_servers_rule),
        EVERY(an_empty_if_match_of_a_delete_matches_nothing_in_node),
        EVERY(a_target_is_taken_apart_and_decoded),
        EVERY(integers_are_exact_and_larger_ones_are_reals),
        EVERY(what_is_not_json_is_refused),
        EVERY(base64_is_written_padded_and_read_leniently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
