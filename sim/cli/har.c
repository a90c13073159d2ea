/* `syncsim har FILE.har TABLES.lua`: recorded HTTP traffic, replayed against our server. The
 * requests of the recording go in order to a fresh server with the tables of the Lua file, in this
 * process; the first answer that differs in status or body is shown. */
#include "core/base/hash.h"
#include "core/server/router.h"
#include "core/store/store_memory.h"
#include "lua/script.h"
#include "sim/cli/cli.h"
#include "sim/cli/har_match.h"

#include <inttypes.h>

#define HEADER_COUNT_MAX 64

/* -- the server -- */

typedef struct replay_server {
    script *owner; /* of the tables */
    script_tables tables;
    sy_store_memory *store;
    sy_server *server;
    sy_arena schemas;
    sy_time now; /* when the recorded request was sent, but never twice the same */
} replay_server;

static sy_time clock_now(void *self)
{
    return ((replay_server *)self)->now;
}

static void fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    (void)self;
    out[0] = sy_hash(purpose.data, purpose.size, n);
    out[1] = sy_hash_mix(out[0], n);
}

static sy_rc server_open(replay_server *self, const char *path, const sy_server_dialect *dialect,
                         sy_err *err)
{
    static const sy_clock_ops clock_ops = {.now = clock_now};
    static const sy_identity_ops identity_ops = {fresh};
    sy_rc rc = script_open(sy_alloc_std(), path, &(script_limits){.tables_will_do = true},
                           &self->owner, err);
    if (rc == SY_OK) {
        rc = script_server(self->owner, dialect, &self->tables, err);
    }
    if (rc == SY_OK) {
        rc = sy_store_memory_new(sy_alloc_std(), &self->store, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    const sy_server_config config = {.dialect = self->tables.dialect,
                                     .tables = self->tables.items,
                                     .table_count = self->tables.count,
                                     .page_size = self->tables.page_size,
                                     .schemas = &self->schemas,
                                     .epoch = SY_STR("1"),
                                     .alloc = sy_alloc_std(),
                                     .store = sy_store_memory_port(self->store),
                                     .clock = {&clock_ops, self},
                                     .identity = {&identity_ops, self}};
    return sy_server_open(&config, &self->server, err);
}

static void server_close(replay_server *self)
{
    sy_server_close(self->server);
    sy_store_memory_free(self->store);
    sy_arena_deinit(&self->schemas);
    script_close(self->owner);
}

/* -- the recording -- */

typedef struct replay {
    replay_server server;
    har_match match;
    sy_arena arena; /* of one exchange */
    uint64_t done, passed_over, primed;
} replay;

typedef struct recorded { /* one exchange */
    const sy_json *request, *response;
    sy_str method, target;
    int status;
    har_subject subject;
    sy_header headers[HEADER_COUNT_MAX];
    uint32_t header_count;
} recorded;

/* "/tables/T?q" of an absolute URL. */
static sy_str target_of(sy_str url)
{
    for (size_t i = 0; i + 3 < url.size; i++) {
        if (memcmp(url.data + i, "://", 3) != 0) {
            continue;
        }
        for (i += 3; i < url.size && url.data[i] != '/'; i++) {
        }
        return (sy_str){url.data + i, url.size - i};
    }
    return url;
}

/* What the carrier adds, or HTTP/2 says in place of a first line. */
static bool is_carriers(sy_str name)
{
    static const char *const names[] = {"content-length", "connection", "accept-encoding",
                                        "transfer-encoding", "keep-alive"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (sy_str_equal_nocase(name, sy_str_of(names[i]))) {
            return true;
        }
    }
    return name.size == 0 || name.data[0] == ':';
}

static void read_headers(replay *self, recorded *out)
{
    const sy_json *list = sy_json_get(out->request, SY_STR("headers"));
    for (size_t i = 0; list != NULL && i < sy_json_count(list); i++) {
        const sy_json *header = sy_json_at(list, i);
        const sy_str name = sy_json_get_text(header, SY_STR("name"));
        sy_str value = sy_json_get_text(header, SY_STR("value"));
        if (is_carriers(name) || out->header_count == HEADER_COUNT_MAX) {
            continue;
        }
        if (sy_str_equal_nocase(name, SY_STR("If-Match"))) {
            value = har_fill_if_match(&self->match, &out->subject, value);
        }
        out->headers[out->header_count++] = (sy_header){name, value};
    }
}

/* false: not a request to a table that was answered. */
static bool read_entry(replay *self, const sy_json *entry, recorded *out)
{
    *out = (recorded){.request = sy_json_get(entry, SY_STR("request")),
                      .response = sy_json_get(entry, SY_STR("response"))};
    const sy_json *status = sy_json_get(out->response, SY_STR("status"));
    if (out->request == NULL || status == NULL || sy_json_kind_of(status) != SY_JSON_INT) {
        return false;
    }
    const sy_value number = sy_json_scalar(status);
    sy_url url;
    out->method = sy_json_get_text(out->request, SY_STR("method"));
    out->target = target_of(sy_json_get_text(out->request, SY_STR("url")));
    if (number.as.integer < 100 ||
        sy_url_parse(out->target, &self->match.arena, &url, NULL) != SY_OK ||
        url.segment_count < 2 || !sy_str_equal_nocase(url.segments[0], SY_STR("tables"))) {
        return false;
    }
    out->status = (int)number.as.integer;
    out->subject.table = url.segments[1];
    out->subject.id = url.segment_count > 2 ? url.segments[2] : (sy_str){NULL, 0};
    read_headers(self, out);
    return true;
}

/* The server's clock when the request comes: that of the recording, as long as it goes on. */
static void set_clock(replay *self, const sy_json *entry)
{
    sy_time recorded_at = 0;
    const sy_str text = sy_json_get_text(entry, SY_STR("startedDateTime"));
    self->server.now += SY_MS;
    if (sy_time_parse(text, &recorded_at, NULL) == SY_OK && recorded_at > self->server.now) {
        self->server.now = recorded_at;
    }
}

/* The id that a body names; empty: none. */
static sy_str id_of(replay *self, sy_str body)
{
    sy_json *document = NULL;
    if (body.size == 0 || sy_json_parse(body, &document, NULL) != SY_OK) {
        return (sy_str){NULL, 0};
    }
    const sy_str id = sy_arena_copy(&self->arena, sy_json_get_text(document, SY_STR("id")));
    sy_json_free(document);
    return id;
}

static sy_rc send(replay *self, recorded *item, sy_http_response *out, sy_err *err)
{
    const sy_json *post = sy_json_get(item->request, SY_STR("postData"));
    const sy_str body = post != NULL ? sy_json_get_text(post, SY_STR("text")) : (sy_str){NULL, 0};
    item->subject.sent_id = id_of(self, body);
    item->subject.creates =
        item->subject.id.size == 0 && sy_str_equal(item->method, SY_STR("POST"));
    const sy_http_request request = {.method = item->method,
                                     .target = har_fill_target(&self->match, item->target),
                                     .headers = item->headers,
                                     .header_count = item->header_count,
                                     .body = har_fill_body(&self->match, &item->subject, body)};
    if (self->match.failed) {
        return sy_fail_nomem(err);
    }
    return sy_router_answer(self->server.server, &request, &self->arena, out, err);
}

/* -- comparing -- */

static sy_str content_of(const recorded *item)
{
    return sy_json_get_text(sy_json_get(item->response, SY_STR("content")), SY_STR("text"));
}

/* An error's words are each server's own. */
static bool is_error(int status, const sy_json *body)
{
    return status >= 400 && sy_json_get(body, SY_STR("id")) == NULL;
}

static const char *compare_bodies(replay *self, const recorded *item, const sy_http_response *got)
{
    const sy_str text = content_of(item);
    sy_json *want = NULL;
    sy_json *ours = NULL;
    const char *problem = NULL;
    if (text.size > 0 && sy_json_parse(text, &want, NULL) == SY_OK &&
        !is_error(got->status, want)) {
        (void)sy_json_parse(got->body, &ours, NULL);
        problem = har_compare(&self->match, &item->subject, want, ours);
    } else if (text.size == 0 && got->body.size > 0 && got->status < 400) {
        problem = "body: recorded nothing, here something";
    }
    sy_json_free(want);
    sy_json_free(ours);
    return problem;
}

static const char *compare(replay *self, const recorded *item, const sy_http_response *got)
{
    if (item->status != got->status) {
        sy_str body = got->body;
        body.size = body.size > 160 ? 160 : body.size;
        return sy_arena_printf(&self->match.arena, "status: recorded %d, here %d %.*s",
                               item->status, got->status, SY_FMT(body))
            .data;
    }
    return compare_bodies(self, item, got);
}

/* -- what was there before -- */

/* Rows that were seen, or made, so far: "todoitem/a". */
typedef struct seen_rows {
    sy_map map;
    sy_arena arena;
} seen_rows;

/* false: it was there. */
static bool note_row(replay *self, seen_rows *seen, sy_str table, sy_str id)
{
    const sy_str key = sy_arena_printf(&seen->arena, "%.*s/%.*s", SY_FMT(table), SY_FMT(id));
    if (key.data == NULL || sy_map_find(&seen->map, key) != NULL) {
        self->match.failed = self->match.failed || key.data == NULL;
        return false;
    }
    self->match.failed = self->match.failed || sy_map_set(&seen->map, key, seen) != SY_OK;
    return true;
}

static sy_rc prime_row(replay *self, const recorded *item, const sy_json *json, sy_err *err)
{
    const sy_schema *schema = sy_server_schema(self->server.server, item->subject.table);
    if (schema == NULL) {
        return SY_OK;
    }
    const sy_row *row = NULL;
    sy_rc rc = har_row(schema, json, &self->arena, &row, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_response response;
    sy_request request = {.method = SY_METHOD_INSERT,
                          .table = schema->name,
                          .id = sy_row_id(row),
                          .row = row,
                          .since_sequence = -1};
    self->server.now += SY_MS;
    rc = sy_server_serve(self->server.server, &request, &self->arena, &response, err);
    if (rc == SY_OK && sy_row_deleted(row)) {
        request.method = SY_METHOD_DELETE;
        request.row = NULL;
        self->server.now += SY_MS;
        rc = sy_server_serve(self->server.server, &request, &self->arena, &response, err);
    }
    self->primed++;
    return rc;
}

/* A row of an answer that no request before it made. */
static sy_rc prime_value(replay *self, seen_rows *seen, const recorded *item, const sy_json *json,
                         sy_err *err)
{
    sy_rc rc = SY_OK;
    const sy_json *list = sy_json_get(json, SY_STR("results"));
    list = list != NULL ? list : sy_json_get(json, SY_STR("items"));
    list = list != NULL ? list : json;
    if (sy_json_kind_of(list) == SY_JSON_ARRAY) {
        for (size_t i = 0; rc == SY_OK && i < sy_json_count(list); i++) {
            rc = prime_value(self, seen, item, sy_json_at(list, i), err);
        }
        return rc;
    }
    const sy_str id = sy_json_get_text(json, SY_STR("id"));
    const bool whole = sy_json_get(json, SY_STR("updatedAt")) != NULL;
    if (id.size == 0 || !whole || !note_row(self, seen, item->subject.table, id)) {
        return SY_OK;
    }
    const bool made = sy_str_equal(item->method, SY_STR("POST")) && item->subject.id.size == 0 &&
                      item->status == 201;
    return made ? SY_OK : prime_row(self, item, json, err);
}

static sy_rc prime(replay *self, const sy_json *entries, sy_err *err)
{
    seen_rows seen = {0};
    sy_rc rc = SY_OK;
    sy_arena_init(&seen.arena, sy_alloc_std());
    sy_map_init(&seen.map, sy_alloc_std());
    for (size_t i = 0; rc == SY_OK && i < sy_json_count(entries); i++) {
        recorded item;
        sy_json *body = NULL;
        sy_arena_reset(&self->arena);
        if (!read_entry(self, sy_json_at(entries, i), &item)) {
            continue;
        }
        const sy_str text = content_of(&item);
        if (text.size > 0 && sy_json_parse(text, &body, NULL) == SY_OK) {
            rc = prime_value(self, &seen, &item, body, err);
            sy_json_free(body);
        }
    }
    sy_map_deinit(&seen.map);
    sy_arena_deinit(&seen.arena);
    return rc == SY_OK && self->match.failed ? sy_fail_nomem(err) : rc;
}

/* -- all of it -- */

static sy_rc replay_entries(replay *self, const sy_json *entries, bool *same, sy_err *err)
{
    for (size_t i = 0; i < sy_json_count(entries); i++) {
        const sy_json *entry = sy_json_at(entries, i);
        recorded item;
        sy_http_response got = {.status = 0};
        set_clock(self, entry);
        sy_arena_reset(&self->arena);
        if (!read_entry(self, entry, &item)) {
            self->passed_over++;
            continue;
        }
        sy_rc rc = send(self, &item, &got, err);
        if (rc != SY_OK) {
            return rc;
        }
        const char *problem = compare(self, &item, &got);
        if (self->match.failed) {
            return sy_fail_nomem(err);
        }
        if (problem != NULL) {
            (void)printf("DIFFERENT  entry %zu: %.*s %.*s\n  %s\n", i + 1, SY_FMT(item.method),
                         SY_FMT(item.target), problem);
            *same = false;
            return SY_OK;
        }
        self->done++;
    }
    return SY_OK;
}

static sy_rc replay_text(replay *self, const char *path, sy_str text, bool *same, sy_err *err)
{
    sy_json *document = NULL;
    sy_rc rc = sy_json_parse(text, &document, err);
    if (rc != SY_OK) {
        return sy_err_wrap(err, rc, "%s", path);
    }
    const sy_json *log = sy_json_get(document, SY_STR("log"));
    const sy_json *entries = log != NULL ? sy_json_get(log, SY_STR("entries")) : NULL;
    rc = entries != NULL && sy_json_kind_of(entries) == SY_JSON_ARRAY
             ? prime(self, entries, err)
             : SY_FAIL(err, SY_PARSE, "%s: no HAR: it has no log.entries", path);
    if (rc == SY_OK) {
        rc = replay_entries(self, entries, same, err);
    }
    if (rc == SY_OK && *same && self->done == 0) {
        rc = SY_FAIL(err, SY_PARSE, "%s: it has no request to /tables, nothing was replayed", path);
    }
    sy_json_free(document);
    return rc;
}

int cli_har(const cli_options *options)
{
    if (options->operand_count != 2) {
        cli_complain("har needs a recording and the tables: syncsim har FILE.har TABLES.lua");
        return CLI_EXIT_USAGE;
    }
    replay self = {.server.now = SY_WORLD_EPOCH};
    sy_buf text;
    sy_err err = {.text = ""};
    bool same = true;
    sy_arena_init(&self.arena, sy_alloc_std());
    sy_arena_init(&self.server.schemas, sy_alloc_std());
    har_match_init(&self.match);
    sy_buf_init(&text, sy_alloc_std());
    sy_rc rc = sim_file_read(options->operands[0], CLI_TEXT_SIZE_MAX, &text, &err);
    if (rc == SY_OK) {
        rc = server_open(&self.server, options->operands[1], options->run.server, &err);
    }
    if (rc == SY_OK) {
        rc = replay_text(&self, options->operands[0], sy_buf_str(&text), &same, &err);
    }
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
    } else if (same) {
        (void)printf("the same: %" PRIu64 " requests replayed, %" PRIu64 " passed over, %" PRIu64
                     " rows were there before\n",
                     self.done, self.passed_over, self.primed);
    }
    sy_buf_deinit(&text);
    har_match_deinit(&self.match);
    sy_arena_deinit(&self.arena);
    server_close(&self.server);
    return rc == SY_NOMEM ? CLI_EXIT_HARNESS : rc != SY_OK ? CLI_EXIT_BAD_SCENARIO : same ? 0 : 1;
}
