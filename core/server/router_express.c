/* The way of a request through the Node server, as it was seen to go (protocol.md 2.3, Appendix A,
 * and what was recorded): Express around the tables.
 *
 *   not below /tables -> 404 page | gate -> 400 | no such table or verb -> 404 page | OPTIONS
 *   | disabled -> 405 text | the item, the query | nobody logged in -> 401 text | HEAD -> 500 */
#include "core/server/router_internal.h"
#include "core/value/odata.h"

#include <string.h>

#define HTML "text/html; charset=utf-8"

#define BODY_SIZE_MAX ((size_t)100 * 1024) /* of the JSON that is read */

/* Text that is no markup, whatever is in it. */
static void add_plain(sy_buf *page, sy_str text)
{
    static const struct {
        char c;
        const char *name;
    } marks[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (size_t i = 0; i < text.size; i++) {
        sy_str shown = {text.data + i, 1};
        for (size_t m = 0; m < sizeof marks / sizeof marks[0]; m++) {
            shown = text.data[i] == marks[m].c ? sy_str_of(marks[m].name) : shown;
        }
        sy_buf_add_str(page, shown);
    }
}

/* Express' own page. */
static sy_rc answer_nothing_here(sy_routing *routing, const sy_url *url, sy_err *err)
{
    sy_buf page;
    sy_buf_init(&page, routing->arena->alloc);
    sy_buf_add_str(&page, SY_STR("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                                 "<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n"
                                 "<body>\n<pre>Cannot "));
    add_plain(&page, routing->http->method);
    sy_buf_add_char(&page, ' ');
    add_plain(&page, url->path);
    sy_buf_add_str(&page, SY_STR("</pre>\n</body>\n</html>\n"));
    sy_str body = page.failed ? (sy_str){0} : sy_arena_copy(routing->arena, sy_buf_str(&page));
    sy_buf_deinit(&page);
    return body.data == NULL ? sy_fail_nomem(err) : sy_routing_text(routing, 404, HTML, body, err);
}

static sy_rc answer_disabled(sy_routing *routing, sy_method method, sy_err *err)
{
    const char *name = method == SY_METHOD_QUERY ? "read" : sy_method_name(method);
    sy_str body = sy_arena_printf(routing->arena, "Method %s is not allowed", name);
    return body.data == NULL ? sy_fail_nomem(err) : sy_routing_text(routing, 405, HTML, body, err);
}

/* -- cross-origin requests: only pages from this machine are let in -- */

static bool is_local(sy_str origin)
{
    static const char *const beginnings[] = {"http://localhost", "https://localhost"};
    for (size_t i = 0; i < 2; i++) {
        sy_str begin = sy_str_of(beginnings[i]);
        if (sy_str_starts_with(origin, begin) &&
            (origin.size == begin.size || origin.data[begin.size] == ':')) {
            return true;
        }
    }
    return false;
}

static sy_rc allow_origin(sy_routing *routing, sy_err *err)
{
    sy_str origin = sy_routing_header(routing, "Origin");
    if (!is_local(origin)) {
        return SY_OK;
    }
    sy_rc rc = sy_routing_add_header(routing, "Access-Control-Allow-Origin", origin, err);
    if (rc == SY_OK && sy_str_equal(routing->http->method, SY_STR("OPTIONS"))) {
        rc = sy_routing_add_header(routing, "Access-Control-Allow-Methods",
                                   SY_STR("GET, PUT, PATCH, POST, DELETE, OPTIONS"), err);
    }
    return rc == SY_OK ? sy_routing_add_header(routing, "Access-Control-Expose-Headers",
                                               SY_STR("Link,Etag"), err)
                       : rc;
}

static sy_rc answer_options(sy_routing *routing, sy_err *err)
{
    sy_str allowed = SY_STR("GET,HEAD,POST,PATCH,DELETE");
    sy_rc rc = sy_routing_text(routing, 200, HTML, allowed, err);
    return rc == SY_OK ? sy_routing_add_header(routing, "Allow", allowed, err) : rc;
}

/* -- the item -- */

static bool contains_nocase(sy_str text, sy_str part)
{
    for (size_t at = 0; at + part.size <= text.size; at++) {
        if (sy_str_equal_nocase((sy_str){text.data + at, part.size}, part)) {
            return true;
        }
    }
    return false;
}

/* "application/json" of "application/json; charset=utf-8" */
static sy_str media_type_of(sy_str header)
{
    size_t size = 0;
    while (size < header.size && header.data[size] != ';') {
        size++;
    }
    while (size > 0 && header.data[size - 1] == ' ') {
        size--;
    }
    return (sy_str){header.data, size};
}

/* What its type makes of the body: 0, or the status of a refusal. `*ignored`: it counts as none. */
static int check_body(const sy_routing *routing, bool *ignored)
{
    sy_str type = sy_routing_header(routing, "Content-Type");
    *ignored = false;
    if (type.size > 0 && !contains_nocase(type, SY_STR("application/json"))) {
        return 500; /* nobody reads it */
    }
    *ignored =
        type.size > 0 && !sy_str_equal_nocase(media_type_of(type), SY_STR("application/json"));
    bool odd = contains_nocase(type, SY_STR("charset=")) &&
               !contains_nocase(type, SY_STR("charset=utf-8")) &&
               !contains_nocase(type, SY_STR("charset=\"utf-8\""));
    bool read = !*ignored && routing->http->body.size > 0;
    return read && (odd || routing->http->body.size > BODY_SIZE_MAX) ? 400 : 0;
}

/* -- who is asking -- */

/* Three parts and no more: whether the signature is right nobody checks here. */
static bool looks_like_token(sy_str token)
{
    size_t dots = 0;
    for (size_t i = 0; i < token.size; i++) {
        dots += token.data[i] == '.';
    }
    return dots == 2;
}

/* *answered: what should say who is asking is no token. */
static sy_rc check_token(sy_routing *routing, bool *answered, sy_err *err)
{
    sy_str token = sy_routing_header(routing, "X-ZUMO-AUTH");
    if (token.size == 0) {
        token = sy_routing_header(routing, "Authorization");
    }
    if (token.size > 7 && sy_str_equal_nocase((sy_str){token.data, 7}, SY_STR("bearer "))) {
        token = (sy_str){token.data + 7, token.size - 7};
    }
    routing->request.user = token;
    *answered = token.size > 0 && !looks_like_token(token);
    return *answered ? sy_routing_text(routing, 401, "application/json; charset=utf-8",
                                       SY_STR("{\"name\":\"JsonWebTokenError\","
                                              "\"message\":\"jwt malformed\"}"),
                                       err)
                     : SY_OK;
}

static bool over_the_cap(const sy_routing *routing)
{
    const sy_query *query = routing->request.query;
    int64_t top_max = routing->table->options.top_max;
    return query != NULL && top_max > 0 && query->top > top_max && query->top != SY_ODATA_TOP_ALL;
}

/* The same of a query that was not read to its end. */
static bool text_is_over_the_cap(const sy_routing *routing)
{
    sy_url url;
    int64_t top_max = routing->table->options.top_max;
    if (top_max <= 0 || sy_url_parse(routing->http->target, routing->arena, &url, NULL) != SY_OK) {
        return false;
    }
    const sy_url_parameter *top = sy_url_find(&url, SY_STR("$top"));
    int64_t value = 0;
    for (size_t i = 0; top != NULL && i < top->value.size && value <= top_max; i++) {
        char digit = top->value.data[i];
        if (digit < '0' || digit > '9') {
            return false;
        }
        value = value * 10 + (digit - '0');
    }
    return value > top_max;
}

/* -- serving -- */

/* A 409 echoes the item as it was sent, also what no column could take. */
static bool echoes(const sy_routing *routing, const sy_response *response)
{
    return routing->request.method == SY_METHOD_INSERT && response->status == 409 &&
           routing->request.if_match.size == 0;
}

static sy_rc answer_nobody(sy_routing *routing, sy_err *err)
{
    return sy_routing_text(routing, 401, HTML,
                           SY_STR("You must be logged in to use this application"), err);
}

static sy_rc serve(sy_routing *routing, sy_err *err)
{
    bool answered = false;
    sy_response response = {0};
    sy_str user = routing->request.user;
    bool nobody = routing->table->options.authorize && user.size == 0;
    bool head = sy_str_equal(routing->http->method, SY_STR("HEAD"));
    if (head && !nobody) {
        return sy_routing_refuse(routing, 500, SY_STR("there is no such operation"), err);
    }
    sy_rc rc = sy_routing_read(routing, &answered, err);
    if (rc == SY_OK && answered && routing->out->status == 200) { /* a column that is not there: */
        if (text_is_over_the_cap(routing)) {                      /* that is seen last */
            return sy_routing_refuse(routing, 400, SY_STR("$top is too large"), err);
        }
        return nobody ? answer_nobody(routing, err) : SY_OK;
    }
    if (rc != SY_OK || answered) {
        return rc;
    }
    routing->request.user = user;
    if (over_the_cap(routing)) {
        return sy_routing_refuse(routing, 400, SY_STR("$top is too large"), err);
    }
    if (nobody && sy_server_access(routing->server, routing->table, &routing->request) == 401) {
        return answer_nobody(routing, err);
    }
    rc = sy_routing_serve(routing, &response, err);
    if (rc == SY_OK && echoes(routing, &response)) {
        return sy_routing_text(routing, 409, "application/json; charset=utf-8", routing->http->body,
                               err);
    }
    return rc == SY_OK ? sy_routing_write(routing, &response, err) : rc;
}

static sy_rc serve_without_body(sy_routing *routing, sy_err *err)
{
    const sy_http_request *whole = routing->http;
    sy_http_request bare = *whole;
    bare.body = (sy_str){0};
    routing->http = &bare;
    sy_rc rc = serve(routing, err);
    routing->http = whole;
    routing->request.http = whole;
    return rc;
}

static sy_rc serve_item(sy_routing *routing, sy_err *err)
{
    bool ignored = false;
    int status = check_body(routing, &ignored);
    if (status != 0) {
        return sy_routing_refuse(routing, status, SY_STR("there is no item"), err);
    }
    return ignored ? serve_without_body(routing, err) : serve(routing, err);
}

/* -- all of it -- */

/* SY_METHOD_COUNT: no route. */
static sy_method method_of(sy_str verb, bool of_row)
{
    static const struct {
        const char *verb;
        sy_method of_table, of_row;
    } routes[] = {{"GET", SY_METHOD_QUERY, SY_METHOD_READ},
                  {"HEAD", SY_METHOD_QUERY, SY_METHOD_READ},
                  {"POST", SY_METHOD_INSERT, SY_METHOD_UNDELETE},
                  {"PATCH", SY_METHOD_UPDATE, SY_METHOD_UPDATE},
                  {"DELETE", SY_METHOD_DELETE, SY_METHOD_DELETE}};
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (sy_str_equal(verb, sy_str_of(routes[i].verb))) {
            return of_row ? routes[i].of_row : routes[i].of_table;
        }
    }
    return SY_METHOD_COUNT;
}

static sy_rc answer_method(sy_routing *routing, const sy_url *url, sy_method method, sy_err *err)
{
    if (method == SY_METHOD_COUNT) {
        return answer_nothing_here(routing, url, err);
    }
    if ((routing->table->options.disabled & SY_METHOD_BIT(method)) != 0) {
        return answer_disabled(routing, method, err);
    }
    if (method == SY_METHOD_INSERT || method == SY_METHOD_UPDATE) {
        return serve_item(routing, err);
    }
    return method == SY_METHOD_UNDELETE ? serve_without_body(routing, err) : serve(routing, err);
}

/* The stand-in for a notification hub. protocol.md 10. */
static bool is_installation(const sy_routing *routing, const sy_url *url)
{
    sy_str verb = routing->http->method;
    return url->segment_count == 3 && sy_str_equal_nocase(url->segments[0], SY_STR("push")) &&
           sy_str_equal_nocase(url->segments[1], SY_STR("installations")) &&
           (sy_str_equal(verb, SY_STR("PUT")) || sy_str_equal(verb, SY_STR("DELETE")));
}

static sy_rc answer_elsewhere(sy_routing *routing, const sy_url *url, sy_err *err)
{
    if (is_installation(routing, url)) {
        *routing->out = (sy_http_response){.status = 204};
        return sy_routing_add_header(routing, "X-ZUMO-SERVER-VERSION",
                                     sy_str_of(routing->format->server_version), err);
    }
    return answer_nothing_here(routing, url, err);
}

static sy_rc answer(sy_routing *routing, sy_err *err)
{
    sy_url url;
    bool answered = false;
    sy_routing_flaws flaws;
    sy_rc rc = sy_routing_tidy_url(routing, true, &flaws, err);
    if (rc == SY_OK) {
        rc = sy_url_parse(routing->http->target, routing->arena, &url, err);
    }
    if (rc == SY_PARSE) {
        return sy_routing_refuse(routing, 400, SY_STR("the URL is not UTF-8"), err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    rc = check_token(routing, &answered, err);
    if (rc != SY_OK || answered) {
        return rc;
    }
    bool doubled = sy_str_starts_with(url.path, SY_STR("//"));
    if (doubled || url.segment_count == 0 ||
        !sy_str_equal_nocase(url.segments[0], SY_STR("tables"))) {
        return answer_elsewhere(routing, &url, err);
    }
    bool options = sy_str_equal(routing->http->method, SY_STR("OPTIONS"));
    if (!options && !sy_routing_gate(routing, &url)) {
        return sy_routing_refuse(routing, 400,
                                 SY_STR("an invalid api version: this server speaks 2.0.0"), err);
    }
    routing->table = url.segment_count == 2 || url.segment_count == 3
                         ? sy_server_table_find(routing->server, url.segments[1])
                         : NULL;
    if (routing->table == NULL) {
        return answer_nothing_here(routing, &url, err);
    }
    if (options) {
        return answer_options(routing, err);
    }
    if (flaws.path_undecoded) {
        return sy_routing_refuse(routing, 500, SY_STR("the id cannot be decoded"), err);
    }
    if (flaws.option_broken && url.segment_count == 2) {
        return sy_routing_refuse(routing, 500, SY_STR("an option of the query is a list"), err);
    }
    return answer_method(routing, &url, method_of(routing->http->method, url.segment_count == 3),
                         err);
}

sy_rc sy_express_answer(sy_routing *routing, sy_err *err)
{
    sy_rc rc = answer(routing, err);
    return rc == SY_OK ? allow_origin(routing, err) : rc;
}
