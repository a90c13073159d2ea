/* The start of every pull: the checks of 7.1, the locks, the implicit push of 7.2, the token. */
#include "core/client/pull.h"

#include "core/client/progress.h"
#include "core/client/pull_time.h"

/* -- ends -- */

static void trace_end(sy_client *client, const sy_task *task, sy_rc rc)
{
    if (task->pull->begun) {
        sy_progress_pull(client, task, SY_PROGRESS_ENDED, (sy_str){NULL, 0}, rc == SY_OK);
        sy_client_trace(client, &sy_event_pull_end, sy_int((int64_t)task->ticket),
                        sy_text(task->schema->name), sy_text(task->pull->query_id),
                        sy_cstr(sy_rc_name(rc)), sy_int(task->pull->received));
    }
}

void sy_pull_end(sy_client *client, sy_task *task)
{
    task->rc = SY_OK;
    task->count = task->pull->received;
    trace_end(client, task, SY_OK);
    sy_task_end(client, task);
}

void sy_pull_fail(sy_client *client, sy_task *task, sy_rc rc, const sy_err *err)
{
    if (task->pull->waiting_count > 0) {
        (void)sy_pull_rows_flush(client, task, NULL); /* the call fails either way */
    }
    task->count = task->pull->received;
    trace_end(client, task, rc);
    sy_task_fail(client, task, rc, err);
}

/* -- checks [7.1] -- */

/* ^[^|]{0,255}$ ; blanks are fine [edge 13]. */
static sy_rc check_query_id(sy_str id, sy_err *err)
{
    size_t characters = 0;
    for (size_t i = 0; i < id.size; i++) {
        if (id.data[i] == '|') {
            return SY_FAIL(err, SY_INVALID, "a query id must not contain '|'");
        }
        characters += ((unsigned char)id.data[i] & 0xc0) != 0x80;
    }
    return characters <= 255 ? SY_OK
                             : SY_FAIL(err, SY_INVALID, "a query id has at most 255 characters");
}

static sy_rc check(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    const sy_query *query = task->call.query;
    if (query->select != 0 && dialect->pull_options != SY_OPTIONS_CUT) {
        return SY_FAIL(err, SY_INVALID, "a pull cannot select columns");
    }
    if (task->call.page_size < 0) {
        return SY_FAIL(err, SY_INVALID, "a page has at least one row");
    }
    const bool refuses_all = dialect->pull_options == SY_OPTIONS_REFUSED_ALL;
    if (dialect->pull_options != SY_OPTIONS_REFUSED && !refuses_all) {
        return SY_OK;
    }
    const bool plain = query->order_count == 0 && query->skip < 0 && query->top < 0;
    if (refuses_all && !plain) {
        return SY_FAIL(err, SY_INVALID, "a pull cannot have an order, skip or top of its own");
    }
    if (dialect->query_id_is_id) {
        return task->call.query_id.size > 0 ? dialect->check_id(task->call.query_id, err) : SY_OK;
    }
    if (task->call.query_id.size > 0 && query->order_count > 0) {
        return SY_FAIL(err, SY_INVALID, "an incremental pull cannot have an order of its own");
    }
    if (task->call.query_id.size > 0 && (query->skip >= 0 || query->top >= 0)) {
        return SY_FAIL(err, SY_INVALID, "an incremental pull cannot skip, nor be cut by top");
    }
    return check_query_id(task->call.query_id, err);
}

/* -- the query and its token -- */

/* [7.8]: the table alone when there is no filter; else "q-<table>-" and the id given or a hash of
 * the filter. */
static sy_str type_query_id(const sy_query *query, sy_str given, sy_arena *arena)
{
    const sy_str table = query->schema->name;
    if (query->filter == NULL) {
        return table;
    }
    const unsigned long long hash = sy_query_hash(query);
    return given.size > 0 ? sy_arena_printf(arena, "q-%.*s-%.*s", SY_FMT(table), SY_FMT(given))
                          : sy_arena_printf(arena, "q-%.*s-%016llx", SY_FMT(table), hash);
}

sy_rc sy_pull_query_id(const sy_client *client, const sy_query *query, sy_str given,
                       sy_arena *arena, sy_str *out, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    if (dialect->query_id_rule == SY_QUERY_ID_GIVEN) {
        *out = given;
        return SY_OK;
    }
    sy_query scope = sy_query_all(query->schema);
    scope.filter = query->filter;
    *out = given;
    if (dialect->query_id_rule == SY_QUERY_ID_TYPE) {
        *out = type_query_id(&scope, given, arena);
    } else if (given.size == 0) { /* the table's name is in the hash [7.7 step 1] */
        *out = sy_arena_printf(arena, "%016llx", (unsigned long long)sy_query_hash(&scope));
    }
    return out->data != NULL ? dialect->check_id(*out, err) : sy_fail_nomem(err);
}

/* What the dialect drops of a query without a word [7.1]. */
static void drop_options(const sy_dialect *dialect, bool incremental, sy_query *query)
{
    const bool drops = dialect->pull_options == SY_OPTIONS_DROPPED;
    const bool cuts = dialect->pull_options == SY_OPTIONS_CUT;
    if (drops || (cuts && incremental)) {
        query->order_count = 0;
        query->skip = -1;
    }
    if (drops) {
        query->top = -1;
    }
    if (cuts) {
        query->select = 0;
    }
}

/* Rows asked for with each page. With `page_size_max` $top is a wish for the page, not a limit; a
 * query that says nothing at all gets the largest page [7.5]. */
static int64_t page_size_of(const sy_dialect *dialect, const sy_call *call, sy_query *query)
{
    const int64_t max = dialect->page_size_max;
    int64_t size = call->page_size > 0 ? call->page_size : dialect->page_size;
    if (max == 0) {
        return size;
    }
    const bool bare = query->filter == NULL && query->order_count == 0 && query->top < 0 &&
                      query->skip < 0 && call->query_id.size == 0 && call->page_size == 0;
    size = query->top >= 0 ? query->top : bare ? max : size;
    query->top = -1;
    return size < 1 ? 1 : size > max ? max : size;
}

static sy_rc set_query(sy_client *client, sy_task *task, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    const sy_dialect *dialect = client->config.dialect;
    pull->base = *task->call.query;
    pull->base.want_total = dialect->pull_counts;
    pull->total = -1;
    pull->write_interval =
        task->call.write_interval > 0 ? task->call.write_interval : dialect->pull_write_interval;
    drop_options(dialect, task->call.query_id.size > 0, &pull->base);
    pull->page_size = page_size_of(dialect, &task->call, &pull->base);
    sy_rc rc = sy_pull_query_id(client, &pull->base, task->call.query_id, &task->arena,
                                &pull->query_id, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (pull->query_id.size == 0 && pull->base.order_count == 0 && dialect->pull_orders_by_id) {
        pull->base.order_count = 1;
        pull->base.order[0] = (sy_order){.column = SY_COLUMN_ID};
    }
    pull->page = pull->base;
    pull->remaining = pull->base.top >= 0 ? pull->base.top : INT64_MAX;
    if (pull->query_id.size > 0) {
        pull->token_key = sy_settings_token_key(&task->arena, task->schema->name, pull->query_id);
        if (pull->token_key.data == NULL) {
            return sy_fail_nomem(err);
        }
    }
    return SY_OK;
}

static void trace_begin(sy_client *client, const sy_task *task)
{
    if (client->config.tracer.ops == NULL) {
        return;
    }
    const sy_pull_run *pull = task->pull;
    sy_query scope = sy_query_all(task->schema);
    scope.filter = pull->base.filter;
    sy_buf_clear(&client->text);
    if (scope.filter != NULL) {
        sy_query_to_text(&scope, &client->text);
    }
    const sy_str text = client->text.failed ? SY_STR("?") : sy_buf_str(&client->text);
    sy_client_trace(client, &sy_event_pull_begin, sy_int((int64_t)task->ticket),
                    sy_text(task->schema->name), sy_text(pull->query_id), sy_text(text),
                    sy_int(pull->token));
}

/* 31 December 1969, where the JavaScript client begins: `new Date(1970, 0, 0)` [edge 25]. */
#define PULL_TIME_FIRST (-SY_DAY)

static sy_rc load_token(sy_client *client, sy_pull_run *pull, sy_err *err)
{
    if (!client->config.dialect->pull_time_table) {
        return pull->token_key.size == 0
                   ? SY_OK
                   : sy_settings_token(&client->settings, pull->token_key, 0, &pull->token, err);
    }
    pull->token = PULL_TIME_FIRST;
    return pull->query_id.size == 0
               ? SY_OK
               : sy_pull_time_get(client->config.store, pull->query_id, PULL_TIME_FIRST,
                                  &client->scratch, &pull->token, err);
}

static void begin(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    sy_err err;
    sy_pulled *record = NULL;
    sy_rc rc = set_query(client, task, &err);
    if (rc == SY_OK) {
        rc = load_token(client, pull, &err);
    }
    if (rc == SY_OK) {
        rc = sy_pulled_note(client, task->call.query, task->call.query_id, &record, &err);
    }
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
        return;
    }
    pull->round = ++record->rounds;
    pull->token_max = pull->token;
    pull->held = INT64_MAX;
    trace_begin(client, task);
    sy_progress_pull(client, task, SY_PROGRESS_STARTED, (sy_str){NULL, 0}, true);
    pull->begun = true;
    task->state = SY_PULL_REQUEST;
    task->step = client->config.dialect->pull_step;
    task->step(client, task);
}

/* -- the implicit push [7.2] -- */

/* The table lock is given back meanwhile, so edits may slip in [edge 79]; the pull gets in line
 * again after the push. */
static void push_first(sy_client *client, sy_task *task)
{
    sy_call call = {.verb = SY_VERB_PUSH};
    const sy_push_scope scope = task->call.push_scope != SY_PUSH_BY_DIALECT
                                    ? task->call.push_scope
                                    : client->config.dialect->implicit_push_scope;
    if (scope == SY_PUSH_THIS_TABLE) {
        call.tables[call.table_count++] = task->schema->name;
    }
    sy_err err;
    sy_task *push;
    sy_rc rc = sy_task_new(client, &call, &push, &err);
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
        return;
    }
    sy_task_adopt(task, push);
    sy_task_unlock(client, task, task->locks.held);
    task->pull->pushed = true;
    task->state = SY_PULL_PUSHING;
}

/* The push has ended. true: the pull may go on. */
static bool after_push(sy_client *client, sy_task *task)
{
    const sy_push_result *result = task->push_result;
    const bool only_errors =
        task->child_rc == SY_PUSH_FAILED && result != NULL && result->status == SY_PUSH_COMPLETE;
    if (task->child_rc != SY_OK &&
        !(only_errors && client->config.dialect->implicit_push == SY_IMPLICIT_PUSH_ONCE)) {
        sy_pull_fail(client, task, task->child_rc, &task->err);
        return false;
    }
    task->push_result = NULL;
    return true;
}

/* Does a dirty table have to be pushed now? */
static bool wants_push(const sy_dialect *dialect, const sy_task *task)
{
    switch (dialect->implicit_push) {
    case SY_IMPLICIT_PUSH_DIRTY:
        return true;
    case SY_IMPLICIT_PUSH_ONCE:
    case SY_IMPLICIT_PUSH_PRECEDES:
    case SY_IMPLICIT_PUSH_CLEANS:
        return !task->pull->pushed;
    case SY_IMPLICIT_PUSH_NEVER:
    case SY_IMPLICIT_PUSH_REFUSE:
        break;
    }
    return false;
}

static void lock_and_begin(sy_client *client, sy_task *task)
{
    const sy_dialect *dialect = client->config.dialect;
    if (!sy_task_lock(client, task, dialect->lock_pull, task->schema, (sy_str){NULL, 0})) {
        return;
    }
    sy_err err;
    if (task->cancelled) {
        sy_rc rc = SY_FAIL(&err, SY_CANCELLED, "the pull was cancelled");
        sy_pull_fail(client, task, rc, &err);
        return;
    }
    const bool dirty = sy_operation_queue_count(&client->queue, task->schema) > 0;
    if (dialect->implicit_push == SY_IMPLICIT_PUSH_REFUSE) {
        sy_task_unlock(client, task, task->locks.held); /* P-CT: a save waited for it, the pull goes
                                                           without [5.3, 7.8] */
    }
    if (dirty && wants_push(dialect, task)) {
        push_first(client, task);
    } else if (dirty && (dialect->implicit_push == SY_IMPLICIT_PUSH_REFUSE ||
                         dialect->implicit_push == SY_IMPLICIT_PUSH_CLEANS)) {
        sy_rc rc = SY_FAIL(&err, SY_STATE, "table '%.*s' has pending operations: push them first",
                           SY_FMT(task->schema->name));
        sy_pull_fail(client, task, rc, &err);
    } else {
        begin(client, task);
    }
}

void sy_pull_start_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PULL_CHECKING) {
        sy_err err;
        sy_rc rc = check(client, task, &err);
        if (rc != SY_OK) {
            sy_pull_fail(client, task, rc, &err);
            return;
        }
        task->state = SY_PULL_LOCKING;
    }
    if (task->state == SY_PULL_PUSHING) {
        if (task->children > 0 || !after_push(client, task)) {
            return;
        }
        task->state = SY_PULL_LOCKING;
    }
    lock_and_begin(client, task);
}

/* -- what was pulled -- */

static sy_pulled *find_pulled(const sy_client *client, const sy_query *query, sy_str query_id)
{
    const uint64_t hash = sy_query_hash(query);
    for (size_t i = 0; i < client->pulled_count; i++) {
        sy_pulled *pulled = &client->pulled[i];
        if (pulled->query.schema == query->schema && sy_str_equal(pulled->query_id, query_id) &&
            sy_query_hash(&pulled->query) == hash) {
            return pulled;
        }
    }
    return NULL;
}

sy_rc sy_pulled_note(sy_client *client, const sy_query *query, sy_str query_id, sy_pulled **out,
                     sy_err *err)
{
    *out = find_pulled(client, query, query_id);
    if (*out != NULL) {
        return SY_OK;
    }
    sy_pulled *grown = sy_alloc_grow(client->config.alloc, client->pulled, client->pulled_count,
                                     &client->pulled_capacity, sizeof *grown);
    if (grown == NULL) {
        return sy_fail_nomem(err);
    }
    client->pulled = grown;
    sy_pulled *pulled = &grown[client->pulled_count];
    *pulled = (sy_pulled){0};
    sy_arena_init(&pulled->arena, client->config.alloc);
    pulled->query_id = sy_arena_copy(&pulled->arena, query_id);
    if (pulled->query_id.data == NULL ||
        sy_query_copy(query, &pulled->arena, &pulled->query) != SY_OK) {
        sy_arena_deinit(&pulled->arena);
        return sy_fail_nomem(err);
    }
    client->pulled_count++;
    *out = pulled;
    return SY_OK;
}
