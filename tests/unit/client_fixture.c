#include "tests/unit/client_fixture.h"

#include <stdio.h>
#include <string.h>

#include "core/base/check.h"

static sy_time clock_now(void *self)
{
    return ((fixture *)self)->now;
}

static void identity_fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    (void)self;
    out[0] = purpose.size;
    out[1] = n;
}

static void copy_text(char *out, size_t size, sy_str text)
{
    (void)snprintf(out, size, "%.*s", SY_FMT(text));
}

static void copy_row(char *out, size_t size, const sy_row *row)
{
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    sy_row_to_json(row, &buf);
    copy_text(out, size, sy_buf_str(&buf));
    sy_buf_deinit(&buf);
}

static void describe_query(fixture *f, const sy_request *request)
{
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    if (request->query != NULL) {
        sy_query shown = *request->query;
        shown.skip = -1;
        shown.top = -1;
        sy_query_to_text(&shown, &buf);
    }
    const sy_query *query = request->query;
    (void)snprintf(f->asked, sizeof f->asked, "%.*s|skip %lld top %lld|%.*s|since %lld %.*s",
                   SY_FMT(sy_buf_str(&buf)), (long long)(query != NULL ? query->skip : -1),
                   (long long)(query != NULL ? query->top : -1), SY_FMT(request->continuation),
                   (long long)request->since_sequence, SY_FMT(request->epoch));
    sy_buf_deinit(&buf);
}

static sy_rc transport_send(void *self, uint64_t send_id, const sy_request *request, sy_err *err)
{
    fixture *f = self;
    (void)err;
    f->send_id = send_id;
    f->method = request->method;
    f->send_count++;
    copy_row(f->sent, sizeof f->sent, request->row);
    copy_text(f->if_match, sizeof f->if_match, request->if_match);
    copy_text(f->sent_id, sizeof f->sent_id, request->id);
    copy_text(f->sent_table, sizeof f->sent_table, request->table);
    copy_text(f->key, sizeof f->key, request->operation_key);
    f->about = request->key;
    describe_query(f, request);
    return SY_OK;
}

static void tracer_emit(void *self, const sy_event_kind *kind, const sy_value *fields)
{
    fixture *f = self;
    (void)fields;
    const size_t used = strlen(f->trace);
    (void)snprintf(f->trace + used, sizeof f->trace - used, "%s ", kind->name);
}

static void listener_done(void *self, const sy_outcome *outcome)
{
    fixture *f = self;
    SY_ASSERT(f->done_count < FIXTURE_DONE_MAX);
    fixture_done *done = &f->done[f->done_count++];
    *done = (fixture_done){.ticket = outcome->ticket,
                           .rc = outcome->rc,
                           .status = outcome->status,
                           .count = outcome->count};
    if (outcome->push != NULL) {
        done->has_push = true;
        done->push_status = outcome->push->status;
        done->completed = outcome->push->completed;
        done->error_count = outcome->push->error_count;
    }
    if (done->error_count > 0) {
        done->error_operation = outcome->push->errors[0].operation;
        done->error_version = outcome->push->errors[0].operation_version;
        done->error_status = outcome->push->errors[0].status;
        copy_row(done->error_item, sizeof done->error_item, outcome->push->errors[0].item);
        copy_row(done->error_server, sizeof done->error_server, outcome->push->errors[0].server);
    }
    if (outcome->err != NULL) {
        (void)snprintf(done->text, sizeof done->text, "%s", outcome->err->text);
    }
    for (size_t i = 0; i < outcome->rows.count; i++) {
        const size_t used = strlen(done->rows);
        copy_row(done->rows + used, sizeof done->rows - used, outcome->rows.items[i]);
    }
}

void fixture_init(fixture *f, const sy_dialect *dialect)
{
    static const sy_column todo[] = {{{"text", 4}, SY_TYPE_TEXT}, {{"qty", 3}, SY_TYPE_INT}};
    static const sy_column list[] = {{{"name", 4}, SY_TYPE_TEXT}};
    *f = (fixture){.dialect = dialect, .now = 1000 * SY_SECOND, .alloc = sy_alloc_std()};
    sy_arena_init(&f->arena, sy_alloc_std());
    sy_rc rc = sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, todo, 2, &f->todo, NULL);
    SY_ASSERT(rc == SY_OK);
    rc = sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_BIT(SY_SYSTEM_COUNT) - 1u, todo, 2,
                       &f->served, NULL);
    SY_ASSERT(rc == SY_OK);
    rc = sy_schema_new(&f->arena, SY_STR("list"), SY_SYSTEM_CLASSIC, list, 1, &f->list, NULL);
    SY_ASSERT(rc == SY_OK);
    rc = sy_store_memory_new(sy_alloc_std(), &f->memory, NULL);
    SY_ASSERT(rc == SY_OK);
    f->store = sy_store_memory_port(f->memory);
}

sy_rc fixture_new(fixture *f, sy_err *err)
{
    static const sy_clock_ops clock_ops = {.now = clock_now};
    static const sy_identity_ops identity_ops = {identity_fresh};
    static const sy_transport_ops transport_ops = {transport_send};
    static const sy_tracer_ops tracer_ops = {tracer_emit};
    static const sy_listener_ops listener_ops = {listener_done};
    const sy_client_table tables[] = {{f->list, NULL}, {f->todo, f->policy}};
    const sy_client_config config = {.dialect = f->dialect,
                                     .client_id = SY_STR("phone"),
                                     .installation_id = SY_STR("inst"),
                                     .tables = tables,
                                     .table_count = f->no_tables ? 1 : 2,
                                     .auto_sync = f->auto_sync,
                                     .stamp = f->stamp,
                                     .pull_on_notice = f->pull_on_notice,
                                     .handler = f->handler,
                                     .alloc = f->alloc,
                                     .store = f->store,
                                     .transport = {&transport_ops, f},
                                     .clock = {&clock_ops, f},
                                     .identity = {&identity_ops, f},
                                     .tracer = {&tracer_ops, f},
                                     .listener = {&listener_ops, f}};
    return sy_client_new(&config, &f->client, err);
}

sy_rc fixture_start(fixture *f, sy_err *err)
{
    sy_rc rc = fixture_new(f, err);
    if (rc != SY_OK) {
        return rc;
    }
    const sy_call call = {.verb = SY_VERB_INITIALIZE};
    sy_ticket ticket = 0;
    rc = sy_client_submit(f->client, &call, &ticket, err);
    if (rc == SY_OK) {
        f->done_count = 0;
        sy_client_run(f->client);
        rc = f->done[0].rc;
    }
    if (rc != SY_OK) {
        fixture_stop(f);
    }
    return rc;
}

void fixture_stop(fixture *f)
{
    sy_client_free(f->client);
    f->client = NULL;
    f->done_count = 0;
    f->send_id = 0;
}

void fixture_crash(fixture *f)
{
    fixture_stop(f);
    sy_store_memory_crash(f->memory);
}

/* Of a fixture that was never made, too. */
void fixture_deinit(fixture *f)
{
    fixture_stop(f);
    sy_arena_deinit(&f->arena);
    sy_store_memory_free(f->memory);
    f->memory = NULL;
}

const sy_row *fixture_todo(fixture *f, const char *id, const char *text, int qty)
{
    sy_row *row = sy_row_new(&f->arena, f->todo);
    SY_ASSERT(row != NULL);
    if (id != NULL) {
        row->cells[SY_COLUMN_ID] = sy_cstr(id);
    }
    if (text != NULL) {
        row->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    }
    if (qty >= 0) {
        row->cells[SY_SYSTEM_COUNT + 1] = sy_int(qty);
    }
    return row;
}

const fixture_done *fixture_outcome(const fixture *f, sy_ticket ticket)
{
    for (size_t i = 0; i < f->done_count; i++) {
        if (f->done[i].ticket == ticket) {
            return &f->done[i];
        }
    }
    return NULL;
}

const fixture_done *fixture_call(fixture *f, const sy_call *call)
{
    static fixture_done refused;
    sy_ticket ticket = 0;
    sy_err err = {SY_OK, ""};
    if (f->done_count > FIXTURE_DONE_MAX / 2) {
        f->done_count = 0;
    }
    const sy_rc rc = sy_client_submit(f->client, call, &ticket, &err);
    if (rc != SY_OK) {
        refused = (fixture_done){.rc = rc};
        memcpy(refused.text, err.text, sizeof refused.text);
        return &refused;
    }
    sy_client_run(f->client);
    return fixture_outcome(f, ticket);
}

static const fixture_done *write_row(fixture *f, sy_verb verb, const sy_row *row)
{
    const sy_call call = {.verb = verb, .table = f->todo->name, .row = row};
    return fixture_call(f, &call);
}

const fixture_done *fixture_insert(fixture *f, const char *id, const char *text, int qty)
{
    return write_row(f, SY_VERB_INSERT, fixture_todo(f, id, text, qty));
}

const fixture_done *fixture_update(fixture *f, const char *id, const char *text, int qty)
{
    return write_row(f, SY_VERB_UPDATE, fixture_todo(f, id, text, qty));
}

const fixture_done *fixture_delete(fixture *f, const char *id)
{
    const sy_call call = {.verb = SY_VERB_DELETE, .table = f->todo->name, .id = sy_str_of(id)};
    return fixture_call(f, &call);
}

const char *fixture_local(fixture *f, const char *id)
{
    static char text[1024];
    const sy_row *row = NULL;
    const sy_rc rc = sy_store_read(f->store, f->todo, sy_str_of(id), &f->arena, &row, NULL);
    SY_ASSERT(rc == SY_OK);
    copy_row(text, sizeof text, row);
    return text;
}

void fixture_answer(fixture *f, sy_rc rc, const sy_response *response)
{
    const sy_answer answer = {.rc = rc, .response = response};
    sy_client_answer(f->client, f->send_id, &answer);
    sy_client_run(f->client);
}

sy_row *fixture_served(fixture *f, const char *id, const char *text, const char *version,
                       sy_time updated_at, bool deleted, int64_t sequence)
{
    sy_row *row = sy_row_new(&f->arena, f->served);
    SY_ASSERT(row != NULL);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_COLUMN_VERSION] = sy_cstr(version);
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(updated_at);
    row->cells[SY_COLUMN_DELETED] = sy_bool(deleted);
    row->cells[SY_COLUMN_SEQUENCE] = sy_int(sequence);
    row->cells[SY_SYSTEM_COUNT] = text != NULL ? sy_cstr(text) : SY_NULL;
    row->cells[SY_SYSTEM_COUNT + 1] = SY_NULL;
    return row;
}

const fixture_done *fixture_push(fixture *f)
{
    const sy_call call = {.verb = SY_VERB_PUSH};
    return fixture_call(f, &call);
}

const fixture_done *fixture_pull(fixture *f, const char *query_id, const sy_query *query)
{
    const sy_query all = sy_query_all(f->todo);
    const sy_call call = {.verb = SY_VERB_PULL,
                          .query = query != NULL ? query : &all,
                          .query_id = sy_str_of(query_id)};
    return fixture_call(f, &call);
}

const fixture_done *fixture_last(const fixture *f)
{
    return f->done_count > 0 ? &f->done[f->done_count - 1] : NULL;
}

const fixture_done *fixture_reply(fixture *f, int status, const sy_row *row)
{
    const sy_response response = {.status = status, .row = row, .rows = {.total = -1}};
    f->done_count = 0;
    fixture_answer(f, SY_OK, &response);
    return fixture_last(f);
}

const fixture_done *fixture_reply_page(fixture *f, const sy_row **rows, size_t count,
                                       const char *next, int64_t horizon, const char *epoch)
{
    const sy_response response = {.status = 200,
                                  .rows = {.items = rows, .count = count, .total = -1},
                                  .next = next != NULL ? sy_str_of(next) : (sy_str){NULL, 0},
                                  .horizon = horizon,
                                  .epoch = epoch != NULL ? sy_str_of(epoch) : (sy_str){NULL, 0}};
    f->done_count = 0;
    fixture_answer(f, SY_OK, &response);
    return fixture_last(f);
}
