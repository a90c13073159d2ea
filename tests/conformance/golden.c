/* Recorded traffic, replayed: one file is one behaviour, on empty tables. The first line describes
 * it, each other line is an exchange. What is compared is what tells servers apart: status, strong
 * ETag, Link, Location and JSON bodies; of an error's document only its shape. */
#include "tests/conformance/conformance.h"

#include <stdio.h>
#include <string.h>

#include "tests/conformance/peer.h"
#include "tests/conformance/placeholder.h"

#define HEADER_COUNT_MAX 32
#define WEAK             "W/\"$WEAK\""

typedef struct golden_case {
    const conformance_options *options;
    peer peer;
    sy_arena *arena;
    placeholders env;
    sy_str weak;      /* the last weak ETag that came */
    const char *name; /* of the file */
    int number;       /* of the exchange */
    bool failed;
} golden_case;

typedef struct exchange {
    json_t *request, *response; /* as recorded */
    sy_str target;
    sy_http_response got;
    json_t *got_body; /* NULL: no JSON */
} exchange;

static sy_str text_of(const json_t *string)
{
    const char *text = json_string_value(string);
    return (sy_str){text, text != NULL ? json_string_length(string) : 0};
}

static const char *say(golden_case *run, const char *what, sy_str text)
{
    sy_str said = sy_arena_printf(run->arena, "%s: %.*s", what, SY_FMT(text));
    return said.data != NULL ? said.data : "no memory";
}

/* JSON as JavaScript has it: an integer that 64 bits do not hold is a real. */
static json_t *load(const char *text, size_t size, json_error_t *problem)
{
    json_t *document = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, problem);
    return document != NULL
               ? document
               : json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL,
                            problem);
}

/* -- sending -- */

static sy_str request_body(golden_case *run, json_t *request)
{
    json_t *body = json_object_get(request, "body");
    if (body == NULL) {
        return text_of(json_object_get(request, "bodyText"));
    }
    json_t *filled = placeholders_fill_json(&run->env, body);
    size_t size = json_dumpb(filled, NULL, 0, JSON_ENCODE_ANY | JSON_COMPACT);
    char *text = sy_arena_push(run->arena, size + 1);
    if (text != NULL) {
        (void)json_dumpb(filled, text, size, JSON_ENCODE_ANY | JSON_COMPACT);
    }
    json_decref(filled);
    return (sy_str){text, text != NULL ? size : 0};
}

/* A header's value has no blanks around it once it was sent. */
static sy_str trim(sy_str text)
{
    while (text.size > 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    while (text.size > 0 && text.data[0] == ' ') {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    return text;
}

static uint32_t request_headers(golden_case *run, json_t *request, sy_header *out)
{
    uint32_t count = 0;
    const char *name = NULL;
    json_t *value = NULL;
    out[count++] = (sy_header){SY_STR("host"), run->peer.host};
    json_object_foreach(json_object_get(request, "headers"), name, value)
    {
        sy_str text = trim(placeholders_fill(&run->env, text_of(value), false));
        if (strcmp(name, "if-none-match") == 0 && sy_str_equal(text, SY_STR(WEAK))) {
            text = run->weak.size > 0 ? run->weak : SY_STR("W/\"none\"");
        }
        if (count < HEADER_COUNT_MAX) {
            out[count++] = (sy_header){sy_str_of(name), text};
        }
    }
    return count;
}

static sy_str header_of(const exchange *x, const char *name)
{
    return sy_http_header(x->got.headers, x->got.header_count, sy_str_of(name), NULL);
}

static sy_rc send(golden_case *run, exchange *x, sy_err *err)
{
    sy_header headers[HEADER_COUNT_MAX];
    x->target = placeholders_fill(&run->env, text_of(json_object_get(x->request, "path")), true);
    sy_http_request request = {.method = text_of(json_object_get(x->request, "method")),
                               .target = x->target,
                               .headers = headers,
                               .header_count = request_headers(run, x->request, headers),
                               .body = request_body(run, x->request)};
    sy_rc rc = run->peer.ops->send(run->peer.self, &request, run->arena, &x->got, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_str body = x->got.body;
    json_error_t problem;
    x->got_body = body.size == 0 ? NULL : load(body.data, body.size, &problem);
    sy_str etag = header_of(x, "etag");
    if (sy_str_starts_with(etag, SY_STR("W/"))) {
        run->weak = etag;
    }
    return SY_OK;
}

/* -- comparing -- */

/* A real where the answer has an integer that is too large for one. */
static int status_of(const exchange *x)
{
    return (int)json_number_value(json_object_get(x->response, "status"));
}

static const char *compare_status(golden_case *run, const exchange *x)
{
    const int want = status_of(x);
    if (want == x->got.status) {
        return "";
    }
    sy_str body = x->got.body;
    body.size = body.size > 160 ? 160 : body.size;
    return sy_arena_printf(run->arena, "status: expected %d, got %d %.*s", want, x->got.status,
                           SY_FMT(body))
        .data;
}

/* "todoitem" of "/tables/todoitem/r1?x" */
static sy_str table_of(sy_str target)
{
    static const char prefix[] = "/tables/";
    if (!sy_str_starts_with(target, SY_STR(prefix))) {
        return (sy_str){0};
    }
    sy_str table = {target.data + sizeof prefix - 1, 0};
    while (sizeof prefix - 1 + table.size < target.size && table.data[table.size] != '/' &&
           table.data[table.size] != '?') {
        table.size++;
    }
    return table;
}

static const char *compare_body(golden_case *run, exchange *x)
{
    const int status = status_of(x);
    json_t *want = json_object_get(x->response, "body");
    bool strict = run->options->strict;
    if (want == NULL) {
        sy_str text = text_of(json_object_get(x->response, "bodyText"));
        return !strict || sy_str_equal(text, x->got.body)
                   ? ""
                   : say(run, "body: another text", x->got.body);
    }
    if (!strict && status >= 400 && json_is_string(json_object_get(want, "error"))) {
        return json_is_string(json_object_get(x->got_body, "error"))
                   ? ""
                   : say(run, "body: expected an object with \"error\", got", x->got.body);
    }
    if (!strict && status == 401) { /* free text */
        return "";
    }
    const char *problem = placeholders_match(&run->env, want, x->got_body, "body");
    return problem[0] != '\0' ? problem
                              : placeholders_check_versions(&run->env, want, table_of(x->target));
}

static sy_str replace(golden_case *run, sy_str text, const char *from, sy_str to)
{
    const char *at = strstr(text.data, from);
    if (at == NULL) {
        return text;
    }
    return sy_arena_printf(run->arena, "%.*s%.*s%s", (int)(at - text.data), text.data, SY_FMT(to),
                           at + strlen(from));
}

static bool is_quoted(sy_str text)
{
    return text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"';
}

static sy_str unquoted(sy_str text)
{
    return is_quoted(text) ? (sy_str){text.data + 1, text.size - 2} : text;
}

static const char *compare_header(golden_case *run, const exchange *x, const char *name,
                                  sy_str want)
{
    bool tells =
        strcmp(name, "etag") == 0 || strcmp(name, "link") == 0 || strcmp(name, "location") == 0;
    if ((strcmp(name, "etag") == 0 && sy_str_starts_with(want, SY_STR("W/"))) ||
        (!tells && !run->options->headers)) {
        return "";
    }
    sy_str host = run->peer.host;
    const char *colon = memchr(host.data, ':', host.size);
    sy_str name_only = {host.data, colon != NULL ? (size_t)(colon - host.data) : host.size};
    want = replace(run, want, "$BASE", sy_arena_printf(run->arena, "http://%.*s", SY_FMT(host)));
    want =
        replace(run, want, "$HOST", sy_arena_printf(run->arena, "http://%.*s", SY_FMT(name_only)));
    sy_str got = header_of(x, name);
    bool version = is_quoted(want) && sy_str_starts_with(want, SY_STR("\"$VERSION"));
    sy_str where = sy_arena_printf(run->arena, "header %s", name);
    const char *problem = placeholders_match_text(&run->env, version ? unquoted(want) : want,
                                                  version ? unquoted(got) : got, where.data);
    if (problem[0] != '\0') {
        return problem;
    }
    return strcmp(name, "etag") != 0 || is_quoted(got) ? ""
                                                       : say(run, "header etag: not quoted", got);
}

static const char *compare(golden_case *run, exchange *x)
{
    const char *name = NULL;
    json_t *value = NULL;
    const char *problem = compare_status(run, x);
    if (problem[0] == '\0') {
        problem = compare_body(run, x);
    }
    json_object_foreach(json_object_get(x->response, "headers"), name, value)
    {
        if (problem[0] == '\0') {
            problem = compare_header(run, x, name, text_of(value));
        }
    }
    return problem;
}

/* -- cases -- */

static sy_rc replay(golden_case *run, json_t *line, json_t *about, sy_err *err)
{
    exchange x = {.request = json_object_get(line, "request"),
                  .response = json_object_get(line, "response")};
    run->number++;
    sy_rc rc = send(run, &x, err);
    if (rc != SY_OK) {
        return rc;
    }
    const char *problem = compare(run, &x);
    json_decref(x.got_body);
    if (problem[0] == '\0') {
        return SY_OK;
    }
    if (!run->failed) {
        (void)printf("FAIL %s (%.*s)\n", run->name,
                     SY_FMT(text_of(json_object_get(about, "about"))));
    }
    (void)printf("  #%d %s %.*s\n      %s\n", run->number,
                 json_string_value(json_object_get(x.request, "method")), SY_FMT(x.target),
                 problem);
    run->failed = true;
    return SY_OK;
}

/* The next line as JSON, a new reference; NULL: no more, or *err says what is wrong. */
static json_t *next_line(sy_str *text, const char *name, sy_err *err)
{
    while (text->size > 0 && (text->data[0] == '\n' || text->data[0] == '\r')) {
        *text = (sy_str){text->data + 1, text->size - 1};
    }
    if (text->size == 0) {
        return NULL;
    }
    const char *end = memchr(text->data, '\n', text->size);
    size_t size = end != NULL ? (size_t)(end - text->data) : text->size;
    json_error_t problem;
    json_t *line = load(text->data, size, &problem);
    if (line == NULL) {
        (void)SY_FAIL(err, SY_PARSE, "%s: %s", name, problem.text);
    }
    *text = (sy_str){text->data + size, text->size - size};
    return line;
}

static sy_rc replay_all(golden_case *run, json_t *about, sy_str text, const char *name, sy_err *err)
{
    sy_rc rc = run->peer.ops->reset(run->peer.self, err);
    sy_err problem = {0};
    json_t *line = NULL;
    while (rc == SY_OK && (!run->failed || run->options->verbose) &&
           (line = next_line(&text, name, &problem)) != NULL) {
        rc = replay(run, line, about, err);
        json_decref(line);
    }
    return rc == SY_OK && problem.rc != SY_OK ? SY_FAIL(err, problem.rc, "%s", problem.text) : rc;
}

static sy_rc run_case(const conformance_options *options, peer tested, const char *name,
                      conformance_count *count, sy_err *err)
{
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    golden_case run = {.options = options, .peer = tested, .arena = &arena, .name = name};
    placeholders_init(&run.env, &arena);
    sy_str text = {0};
    sy_err problem = {0};
    json_t *about = NULL;
    sy_rc rc = conformance_read(options->folder, name, &arena, &text, err);
    if (rc == SY_OK) {
        about = next_line(&text, name, &problem);
        rc = about != NULL ? SY_OK : SY_FAIL(err, SY_PARSE, "%s: %s", name, problem.text);
    }
    if (rc == SY_OK && json_is_true(json_object_get(about, "artefact")) && !options->artefacts) {
        count->skipped++;
    } else if (rc == SY_OK) {
        rc = replay_all(&run, about, text, name, err);
        count->failed += run.failed;
        count->passed += !run.failed;
    }
    json_decref(about);
    sy_arena_deinit(&arena);
    return rc;
}

static bool wanted(const conformance_options *options, const char *name)
{
    size_t size = options->only != NULL ? strlen(options->only) : 0;
    return options->only == NULL ||
           (strncmp(name, options->only, size) == 0 && strcmp(name + size, ".jsonl") == 0);
}

static sy_rc open_peer(const conformance_options *options, peer *out, sy_err *err)
{
    return options->url != NULL ? peer_http_open(options->url, out, err)
                                : peer_inside_open(options->tables, out, err);
}

sy_rc conformance_golden(const conformance_options *options, conformance_count *count, sy_err *err)
{
    conformance_folder folder;
    peer tested = {0};
    sy_rc rc = conformance_folder_open(options->folder, ".jsonl", &folder, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = open_peer(options, &tested, err);
    for (size_t i = 0; rc == SY_OK && i < folder.count; i++) {
        if (wanted(options, folder.names[i])) {
            rc = run_case(options, tested, folder.names[i], count, err);
        }
    }
    if (tested.ops != NULL) {
        tested.ops->close(tested.self);
    }
    conformance_folder_close(&folder);
    return rc;
}
