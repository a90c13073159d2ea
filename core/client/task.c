/* Tasks: made from calls, stepped by sy_client_run, waiting for a lock, an answer, a decision or
 * another task.
 *
 * Invariants:
 * - every task is in the list of all tasks from sy_task_new to sy_task_end, oldest first;
 * - a task in the run queue is in it once;
 * - a task that ends waits for nothing. */

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/client/inbox.h"

static sy_task_step step_of(sy_verb verb)
{
    switch (verb) {
    case SY_VERB_INITIALIZE:
        return sy_initialize_step;
    case SY_VERB_INSERT:
    case SY_VERB_UPDATE:
    case SY_VERB_DELETE:
        return sy_local_write_step;
    case SY_VERB_LOOKUP:
    case SY_VERB_QUERY:
        return sy_local_read_step;
    case SY_VERB_PUSH:
        return sy_push_start_step;
    case SY_VERB_PULL:
        return sy_pull_start_step;
    case SY_VERB_PURGE:
        return sy_purge_step;
    case SY_VERB_RESOLVE:
        return sy_resolve_step;
    case SY_VERB_DISMISS:
        return sy_inbox_dismiss_step;
    case SY_VERB_REMOTE:
        return sy_remote_step;
    case SY_VERB_COUNT:
        break;
    }
    SY_UNREACHABLE();
}

/* -- memory -- */

static sy_task *task_get(sy_client *client)
{
    sy_task *task = sy_alloc_zeroed(client->config.alloc, sizeof *task);
    if (task != NULL) {
        sy_arena_init(&task->arena, client->config.alloc);
        sy_arena_init(&task->work, client->config.alloc);
        sy_arena_reserve(&task->arena, SY_TASK_ARENA_SIZE);
    }
    return task;
}

void sy_task_free(sy_client *client, sy_task *task)
{
    sy_arena_deinit(&task->arena);
    sy_arena_deinit(&task->work);
    sy_alloc_free(client->config.alloc, task, sizeof *task);
}

/* -- making one -- */

/* A text of the call in the task's arena; an empty one stays empty. */
static bool copy_text(sy_arena *arena, sy_str *text)
{
    if (text->size > 0) {
        *text = sy_arena_copy(arena, *text);
    }
    return text->size == 0 || text->data != NULL;
}

static sy_rc unknown_table(sy_str name, sy_err *err)
{
    return SY_FAIL(err, SY_SCHEMA, "there is no table '%.*s'", SY_FMT(name));
}

/* The table of the call, and the names of a push. */
static sy_rc resolve_tables(const sy_client *client, sy_task *task, sy_err *err)
{
    sy_call *call = &task->call;
    if (call->table.size == 0 && call->query != NULL) {
        call->table = call->query->schema->name;
    }
    if (call->table.size > 0 || (call->verb != SY_VERB_INITIALIZE && call->verb != SY_VERB_PUSH &&
                                 call->verb != SY_VERB_RESOLVE)) {
        task->schema = sy_client_schema(client, call->table);
        if (task->schema == NULL) {
            return unknown_table(call->table, err);
        }
        call->table = task->schema->name;
    }
    if (call->table_count > SY_PUSH_TABLE_COUNT_MAX) {
        return SY_FAIL(err, SY_INVALID, "a push names at most %d tables", SY_PUSH_TABLE_COUNT_MAX);
    }
    for (uint32_t i = 0; i < call->table_count; i++) {
        const sy_schema *schema = sy_client_schema(client, call->tables[i]);
        if (schema == NULL) {
            return unknown_table(call->tables[i], err);
        }
        call->tables[i] = schema->name;
    }
    return SY_OK;
}

static sy_rc copy_row(sy_task *task, sy_err *err)
{
    const sy_row *row = task->call.row;
    if (task->schema != NULL && row->schema != task->schema) {
        const sy_rc rc = sy_row_map(&task->arena, row, task->schema, true, &row, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    task->call.row = sy_row_copy(&task->arena, row);
    if (task->call.row == NULL) {
        return sy_fail_nomem(err);
    }
    if (task->call.id.size == 0) {
        task->call.id = sy_row_id(task->call.row);
    }
    return SY_OK;
}

static sy_rc copy_query(sy_task *task, sy_err *err)
{
    sy_query *copy = sy_arena_push_zeroed(&task->arena, sizeof *copy);
    if (copy == NULL) {
        return sy_fail_nomem(err);
    }
    sy_query mapped = *task->call.query;
    if (task->schema != NULL && mapped.schema != task->schema) {
        const sy_rc rc = sy_query_map(task->call.query, task->schema, &task->arena, &mapped, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    sy_rc rc = sy_query_check(&mapped, err);
    if (rc == SY_OK) {
        rc = sy_query_copy(&mapped, &task->arena, copy);
        rc = rc == SY_OK ? rc : sy_fail_nomem(err);
    }
    task->call.query = copy;
    return rc;
}

static sy_rc check_form(const sy_call *call, sy_err *err)
{
    const bool needs_row = call->verb == SY_VERB_INSERT || call->verb == SY_VERB_UPDATE;
    const bool needs_query =
        call->verb == SY_VERB_QUERY || call->verb == SY_VERB_PULL || call->verb == SY_VERB_PURGE;
    if (needs_row && call->row == NULL) {
        return SY_FAIL(err, SY_INVALID, "%s needs a row", sy_verb_name(call->verb));
    }
    if (needs_query && call->query == NULL) {
        return SY_FAIL(err, SY_INVALID, "%s needs a query", sy_verb_name(call->verb));
    }
    return SY_OK;
}

/* task->call, all of it in the arena; push and pull get their state. */
static sy_rc fill(const sy_client *client, sy_task *task, const sy_call *call, sy_err *err)
{
    task->call = *call;
    sy_rc rc = check_form(call, err);
    if (rc == SY_OK) {
        rc = resolve_tables(client, task, err);
    }
    if (rc == SY_OK && (!copy_text(&task->arena, &task->call.id) ||
                        !copy_text(&task->arena, &task->call.query_id))) {
        rc = sy_fail_nomem(err);
    }
    if (rc == SY_OK && call->row != NULL) {
        rc = copy_row(task, err);
    }
    if (rc == SY_OK && call->query != NULL) {
        rc = copy_query(task, err);
    }
    if (rc == SY_OK && call->verb == SY_VERB_PUSH) {
        task->push = sy_arena_push_zeroed(&task->arena, sizeof *task->push);
        rc = task->push == NULL ? sy_fail_nomem(err) : SY_OK;
    }
    if (rc == SY_OK && call->verb == SY_VERB_PULL) {
        task->pull = sy_arena_push_zeroed(&task->arena, sizeof *task->pull);
        rc = task->pull == NULL ? sy_fail_nomem(err) : SY_OK;
    }
    return rc;
}

sy_rc sy_task_new(sy_client *client, const sy_call *call, sy_task **out, sy_err *err)
{
    sy_task *task = task_get(client);
    if (task == NULL) {
        return sy_fail_nomem(err);
    }
    const sy_rc rc = fill(client, task, call, err);
    if (rc != SY_OK) {
        sy_task_free(client, task);
        return rc;
    }
    task->step = step_of(call->verb);
    task->internal = true;
    task->ticket = ++client->ticket_last;
    task->link_previous = client->tasks_last;
    if (client->tasks_last != NULL) {
        client->tasks_last->link_next = task;
    } else {
        client->tasks = task;
    }
    client->tasks_last = task;
    sy_task_wake(client, task);
    *out = task;
    return SY_OK;
}

void sy_task_adopt(sy_task *parent, sy_task *child)
{
    SY_ASSERT(child->parent == NULL);
    child->parent = parent;
    parent->children++;
}

void sy_task_wake(sy_client *client, sy_task *task)
{
    if (task->queued) {
        return;
    }
    task->queued = true;
    task->next = NULL;
    if (client->run_last != NULL) {
        client->run_last->next = task;
    } else {
        client->run_first = task;
    }
    client->run_last = task;
}

/* -- ending one -- */

static sy_push_error copy_push_error(sy_arena *arena, const sy_push_error *from)
{
    sy_push_error copy = *from;
    copy.id = sy_arena_copy(arena, from->id);
    copy.id = copy.id.data == NULL ? (sy_str){NULL, 0} : copy.id;
    copy.item = from->item == NULL ? NULL : sy_row_copy(arena, from->item);
    copy.server = from->server == NULL ? NULL : sy_row_copy(arena, from->server);
    return copy;
}

/* What a push came to, for whoever waited for it. Without memory the errors are left out. */
static const sy_push_result *copy_push_result(sy_arena *arena, const sy_push_result *from)
{
    sy_push_result *copy = sy_arena_push(arena, sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *from;
    copy->errors = NULL;
    copy->error_count = 0;
    sy_push_error *errors =
        from->error_count == 0 ? NULL : sy_arena_push(arena, from->error_count * sizeof *errors);
    if (errors != NULL) {
        for (uint32_t i = 0; i < from->error_count; i++) {
            errors[i] = copy_push_error(arena, &from->errors[i]);
        }
        copy->errors = errors;
        copy->error_count = from->error_count;
    }
    return copy;
}

static void tell_parent(sy_client *client, const sy_task *task)
{
    sy_task *parent = task->parent;
    if (parent == NULL) {
        return;
    }
    SY_ASSERT(parent->children > 0);
    parent->children--;
    parent->child_rc = task->rc;
    if (task->rc != SY_OK) {
        parent->err = task->err;
        if (task->push_result != NULL) {
            parent->push_result = copy_push_result(&parent->arena, task->push_result);
        }
    }
    sy_task_wake(client, parent);
}

/* The event and the listener's call. */
static void report(sy_client *client, const sy_task *task, sy_rc rc, const sy_err *err)
{
    const char *text = rc == SY_OK ? "" : err->text;
    const int64_t count = task->rows.count > 0 ? (int64_t)task->rows.count : task->count;
    sy_client_trace(client, &sy_event_done, sy_int((int64_t)task->ticket),
                    sy_cstr(sy_verb_name(task->call.verb)), sy_cstr(sy_rc_name(rc)), sy_cstr(text),
                    sy_int(count));
    if (client->config.listener.ops == NULL) {
        return;
    }
    const sy_outcome outcome = {.ticket = task->ticket,
                                .verb = task->call.verb,
                                .rc = rc,
                                .err = rc == SY_OK ? NULL : err,
                                .status = task->status,
                                .rows = task->rows,
                                .count = count,
                                .push = task->push_result};
    client->config.listener.ops->done(client->config.listener.self, &outcome);
}

static void unlink_task(sy_client *client, sy_task *task)
{
    if (task->link_previous != NULL) {
        task->link_previous->link_next = task->link_next;
    } else {
        client->tasks = task->link_next;
    }
    if (task->link_next != NULL) {
        task->link_next->link_previous = task->link_previous;
    } else {
        client->tasks_last = task->link_previous;
    }
}

void sy_task_end(sy_client *client, sy_task *task)
{
    SY_ASSERT(!task->queued && task->children == 0 && task->locks.waiting == 0);
    sy_task_unlock(client, task, task->locks.held);
    if (task->push != NULL) {
        task->push_result = &task->push->result;
    }
    tell_parent(client, task);
    unlink_task(client, task);
    if (!task->internal && !task->reported) {
        report(client, task, task->rc, &task->err);
    }
    sy_task_free(client, task);
}

void sy_task_fail(sy_client *client, sy_task *task, sy_rc rc, const sy_err *err)
{
    SY_ASSERT(rc != SY_OK);
    task->rc = rc;
    if (err != NULL && err != &task->err) {
        task->err = *err;
    } else if (err == NULL) {
        (void)SY_FAIL(&task->err, rc, "%s", sy_rc_name(rc));
    }
    sy_task_end(client, task);
}

void sy_task_report_cancelled(sy_client *client)
{
    while (client->cancels) {
        sy_err err;
        (void)SY_FAIL(&err, SY_CANCELLED, "cancelled by the caller");
        client->cancels = false;
        for (sy_task *task = client->tasks; task != NULL; task = task->link_next) {
            if (task->cancelled && !task->reported && !task->internal &&
                client->config.dialect->cancel_ends_at_once) {
                task->reported = true;
                report(client, task, SY_CANCELLED, &err);
            }
        }
    }
}

/* -- locks -- */

bool sy_task_lock(sy_client *client, sy_task *task, uint32_t mask, const sy_schema *schema,
                  sy_str id)
{
    for (uint32_t bit = 1; bit <= mask; bit <<= 1) {
        if ((mask & bit) == 0 || (task->locks.held & bit) != 0) {
            continue;
        }
        const sy_lock_kind kind = (sy_lock_kind)bit;
        if (!sy_lock_acquire(&client->locks, &task->locks, task, kind, schema, id)) {
            const sy_schema *about = schema != NULL ? schema : task->schema;
            sy_client_trace(client, &sy_event_wait, sy_int((int64_t)task->ticket),
                            sy_cstr(sy_verb_name(task->call.verb)),
                            sy_cstr(sy_lock_kind_name(kind)),
                            sy_text(about != NULL ? about->name : SY_STR("")), sy_text(id));
            return false;
        }
    }
    return true;
}

void sy_task_unlock(sy_client *client, sy_task *task, uint32_t mask)
{
    for (uint32_t bit = 1; bit <= mask; bit <<= 1) {
        if ((mask & task->locks.held & bit) != 0) {
            sy_task *next = sy_lock_release(&client->locks, &task->locks, (sy_lock_kind)bit);
            if (next != NULL) {
                sy_task_wake(client, next);
            }
        }
    }
}

/* -- requests -- */

static void fill_key(sy_client *client, const sy_task *task, sy_request *request, int64_t operation)
{
    sy_request_key *key = &request->key;
    sy_operation *sent = sy_operation_queue_get(&client->queue, operation);
    const uint32_t sendings = sent == NULL ? 0 : ++sent->sendings;
    if (key->subject != 0) {
        return;
    }
    const sy_str about = task->pull != NULL ? task->call.query_id : request->id;
    key->subject = sy_hash(request->table.data, request->table.size, 0);
    key->subject = sy_hash(about.data, about.size, key->subject);
    if (operation != 0) {
        key->subject = sy_hash_mix(key->subject, (uint64_t)operation);
        key->attempt = sendings;
    } else if (task->pull != NULL) {
        key->round = task->pull->round;
        key->attempt = task->pull->page_number;
    } else {
        key->round = ++client->remote_count;
        key->attempt = 1;
    }
}

sy_rc sy_task_send(sy_client *client, sy_task *task, sy_request *request, int64_t operation,
                   sy_err *err)
{
    SY_ASSERT(task->sent.id == 0);
    if (request->table.size == 0) {
        request->table = task->schema->name;
    }
    if (request->installation_id.size == 0) {
        request->installation_id = client->config.installation_id;
    }
    request->api_version = client->config.dialect->wire->api_major;
    fill_key(client, task, request, operation);
    task->answered = false;
    task->sent = (sy_sent){.id = ++client->send_last,
                           .method = request->method,
                           .table = request->table,
                           .item = request->id,
                           .operation = operation};
    sy_client_trace(client, &sy_event_send, sy_int((int64_t)task->sent.id),
                    sy_cstr(sy_method_name(request->method)), sy_text(request->table),
                    sy_text(request->id), sy_int(operation), sy_int(request->key.attempt),
                    sy_text(request->if_match), sy_row_value(request->row));
    const sy_transport transport = client->config.transport;
    const sy_rc rc = transport.ops->send(transport.self, task->sent.id, request, err);
    if (rc != SY_OK) {
        task->sent.id = 0;
    }
    return rc;
}
