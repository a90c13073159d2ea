/* The client: its life, what is fed to it, and the loop that runs its tasks.
 *
 * sy_client_run takes tasks from the run queue, first come first served, and steps each once.
 * Between two steps no transaction is open and the queue's mirror equals the store: what a rollback
 * could not restore (the store failed again, no memory) is tried again before the next step, and a
 * call that has not begun is refused until it worked. */
#include "core/client/client.h"

#include "core/base/check.h"
#include "core/client/inbox.h"
#include "core/client/internal.h"
#include "core/client/pull_time.h"

/* -- life -- */

/* The client and, behind it, what there is of each table. */
static size_t size_of(const sy_client_config *config)
{
    const size_t index = config->dialect->find_row != NULL ? sizeof(sy_id_index) : 0;
    return sizeof(sy_client) +
           config->table_count * (sizeof(sy_client_table) + sizeof(const sy_schema *) + index);
}

sy_rc sy_client_new(const sy_client_config *config, sy_client **out, sy_err *err)
{
    SY_ASSERT(config->dialect != NULL && config->store.ops != NULL && config->clock.ops != NULL);
    const size_t count = config->table_count;
    sy_client *client = sy_alloc_zeroed(config->alloc, size_of(config));
    if (client == NULL) {
        return sy_fail_nomem(err);
    }
    client->config = *config;
    client->tables = (sy_client_table *)(client + 1);
    client->schemas = (const sy_schema **)(client->tables + count);
    client->ids =
        config->dialect->find_row != NULL ? (sy_id_index *)(client->schemas + count) : NULL;
    for (size_t i = 0; i < count; i++) {
        client->tables[i] = config->tables[i];
        if (client->tables[i].policy == NULL) {
            client->tables[i].policy = config->dialect->policy_default;
        }
        client->schemas[i] = config->tables[i].schema;
    }
    client->config.tables = client->tables;
    client->online = true;
    client->send_last = config->send_last;
    if (config->dialect->auto_syncs && config->auto_sync == SY_AUTO_SYNC_OFF) {
        client->config.auto_sync = SY_AUTO_SYNC_ON;
    }
    sy_arena_init(&client->scratch, config->alloc);
    sy_buf_init(&client->text, config->alloc);
    sy_operation_queue_init(&client->queue, config->alloc, config->store, &client->scratch,
                            client->schemas, count);
    client->queue.doubts = config->dialect->operation_keys && !config->dialect->persists_attempted;
    sy_error_list_init(&client->errors, config->store, &client->scratch);
    sy_settings_init(&client->settings, config->store, &client->scratch);
    *out = client;
    return SY_OK;
}

static void free_tasks(sy_client *client)
{
    while (client->tasks != NULL) {
        sy_task *task = client->tasks;
        client->tasks = task->link_next;
        sy_task_free(client, task);
    }
}

void sy_client_free(sy_client *client)
{
    if (client == NULL) {
        return;
    }
    free_tasks(client);
    for (size_t i = 0; i < client->pulled_count; i++) {
        sy_arena_deinit(&client->pulled[i].arena);
    }
    const sy_alloc alloc = client->config.alloc;
    sy_alloc_free(alloc, client->pulled, client->pulled_capacity * sizeof *client->pulled);
    sy_operation_queue_deinit(&client->queue);
    sy_buf_deinit(&client->text);
    sy_arena_deinit(&client->scratch);
    for (uint32_t i = 0; client->ids != NULL && i < client->config.table_count; i++) {
        sy_id_index_free(&client->ids[i], alloc);
    }
    sy_alloc_free(alloc, client, size_of(&client->config));
}

static sy_rc define_tables(sy_client *client, sy_err *err)
{
    const sy_store store = client->config.store;
    sy_rc rc = sy_store_define(store, sy_operation_schema(), err);
    if (rc == SY_OK) {
        rc = sy_store_define(store, sy_settings_schema(), err);
    }
    if (rc == SY_OK && client->config.dialect->errors != SY_ERRORS_NOT_STORED) {
        rc = sy_store_define(store, sy_error_schema(), err);
    }
    if (rc == SY_OK && sy_inbox_exists(client)) {
        rc = sy_store_define(store, sy_inbox_schema(), err);
    }
    if (rc == SY_OK && client->config.dialect->pull_time_table) {
        rc = sy_store_define(store, sy_pull_time_schema(), err);
    }
    for (uint32_t i = 0; i < client->config.table_count && rc == SY_OK; i++) {
        rc = sy_store_define(store, client->schemas[i], err);
    }
    return rc;
}

void sy_initialize_step(sy_client *client, sy_task *task)
{
    if (client->initialized) {
        (void)SY_FAIL(&task->err, SY_STATE, "the context is initialized already");
        sy_task_fail(client, task, SY_STATE, &task->err);
        return;
    }
    sy_rc rc = define_tables(client, &task->err);
    if (rc == SY_OK && client->config.dialect->errors == SY_ERRORS_CONFLICTS_STAY) {
        rc = sy_error_list_clear(&client->errors, (sy_str){NULL, 0}, &task->err); /* 6.5 */
    }
    if (rc == SY_OK) {
        rc = sy_operation_queue_load(&client->queue, &task->err);
    }
    if (rc != SY_OK) {
        sy_task_fail(client, task, rc, &task->err);
        return;
    }
    client->initialized = true;
    sy_task_end(client, task);
}

/* -- calls -- */

sy_rc sy_client_submit(sy_client *client, const sy_call *call, sy_ticket *out, sy_err *err)
{
    sy_task *task = NULL;
    const sy_rc rc = sy_task_new(client, call, &task, err);
    if (rc != SY_OK) {
        return sy_err_wrap(err, rc, "%s", sy_verb_name(call->verb));
    }
    task->internal = false;
    *out = task->ticket;
    sy_client_trace(client, &sy_event_call, sy_int((int64_t)task->ticket),
                    sy_cstr(sy_verb_name(call->verb)), sy_text(task->call.table),
                    sy_text(task->call.id), sy_row_value(task->call.row));
    return SY_OK;
}

bool sy_client_cancel(sy_client *client, sy_ticket ticket)
{
    sy_task *task = client->tasks;
    while (task != NULL && (task->ticket != ticket || (task->push == NULL && task->pull == NULL))) {
        task = task->link_next;
    }
    if (task == NULL) {
        return false;
    }
    task->cancelled = true;
    client->cancels = true;
    for (sy_task *push = task->link_next; push != NULL; push = push->link_next) {
        push->cancelled = push->cancelled || push->parent == task;
    }
    return true;
}

static sy_answer copy_answer(sy_task *task, const sy_answer *answer)
{
    if (answer->rc != SY_OK) {
        return (sy_answer){.rc = answer->rc};
    }
    sy_response *copy = sy_arena_push(&task->work, sizeof *copy);
    if (copy == NULL || sy_response_copy(answer->response, &task->work, copy) != SY_OK) {
        return (sy_answer){.rc = SY_NOMEM};
    }
    return (sy_answer){.rc = SY_OK, .response = copy};
}

void sy_client_answer(sy_client *client, uint64_t send_id, const sy_answer *answer)
{
    sy_task *task = client->tasks;
    while (task != NULL && (send_id == 0 || task->sent.id != send_id)) {
        task = task->link_next;
    }
    if (task == NULL) {
        return;
    }
    const sy_sent *sent = &task->sent;
    sy_client_trace(client, &sy_event_answer, sy_int((int64_t)sent->id),
                    sy_cstr(sy_method_name(sent->method)), sy_text(sent->table),
                    sy_text(sent->item), sy_int(sent->operation), sy_cstr(sy_rc_name(answer->rc)),
                    sy_int(answer->rc == SY_OK ? answer->response->status : 0));
    task->answer = copy_answer(task, answer);
    task->answered = true;
    task->sent = (sy_sent){0};
    sy_task_wake(client, task);
}

/* The push that waits for this decision. */
static sy_task *deciding(const sy_client *client, uint64_t decision_id)
{
    sy_task *task = client->tasks;
    while (task != NULL &&
           (decision_id == 0 || task->push == NULL || task->push->decision_id != decision_id)) {
        task = task->link_next;
    }
    return task;
}

static sy_rc no_decision(uint64_t decision_id, sy_err *err)
{
    return SY_FAIL(err, SY_STATE, "decision %llu is not open", (unsigned long long)decision_id);
}

sy_rc sy_client_decide(sy_client *client, uint64_t decision_id, const sy_decision *decision,
                       sy_err *err)
{
    sy_task *task = deciding(client, decision_id);
    if (task == NULL) {
        return no_decision(decision_id, err);
    }
    const sy_row *row = NULL;
    if (decision->row != NULL) {
        const sy_rc rc =
            sy_row_map(&task->work, decision->row, task->push->schema, false, &row, err);
        if (rc != SY_OK) {
            return rc;
        }
        row = sy_row_copy(&task->work, row);
        if (row == NULL) {
            return sy_fail_nomem(err);
        }
    }
    const sy_dialect *dialect = client->config.dialect;
    if (decision->changes_action && !dialect->errors_change_action) {
        return SY_FAIL(err, SY_INVALID, "the dialect %s cannot change the action of an operation",
                       dialect->name);
    }
    if (dialect->check_decision != NULL) {
        sy_decision mapped = *decision;
        mapped.row = row;
        const sy_rc rc = dialect->check_decision(task, &mapped, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    task->push->changes_action = decision->changes_action;
    task->push->action = decision->action;
    task->push->decision = decision->kind;
    task->push->decision_row = row;
    task->push->decision_delete = decision->delete_row;
    task->push->decision_id = 0;
    task->decided = true;
    sy_task_wake(client, task);
    return SY_OK;
}

sy_rc sy_client_push_completed(sy_client *client, uint64_t decision_id, sy_rc rc, sy_err *err)
{
    sy_task *task = deciding(client, decision_id);
    if (task == NULL) {
        return no_decision(decision_id, err);
    }
    task->push->completed_rc = rc;
    task->push->decision_id = 0;
    task->decided = true;
    sy_task_wake(client, task);
    return SY_OK;
}

void sy_client_connectivity(sy_client *client, bool online, bool metered)
{
    sy_auto_sync_connectivity(client, online, metered);
    client->online = online;
    client->metered = metered;
}

void sy_client_notice(sy_client *client, const sy_notice *notice)
{
    sy_auto_sync_notice(client, notice);
}

/* -- running -- */

static sy_task *run_pop(sy_client *client)
{
    sy_task *task = client->run_first;
    if (task != NULL) {
        client->run_first = task->next;
        client->run_last = client->run_first == NULL ? NULL : client->run_last;
        task->next = NULL;
        task->queued = false;
    }
    return task;
}

/* May this task be stepped now? Otherwise why not. */
static sy_rc may_step(sy_client *client, const sy_task *task, sy_err *err)
{
    if (task->call.verb == SY_VERB_INITIALIZE) {
        return SY_OK;
    }
    if (!client->initialized) {
        return SY_FAIL(err, SY_STATE, "the context is not initialized");
    }
    const sy_rc rc = sy_client_restore(client, err);
    return task->state == 0 ? rc : SY_OK;
}

void sy_client_run(sy_client *client)
{
    if (client->running) {
        return;
    }
    client->running = true;
    sy_task_report_cancelled(client);
    for (sy_task *task = run_pop(client); task != NULL; task = run_pop(client)) {
        sy_err err; /* filled when it is needed: it is large */
        const sy_rc rc = may_step(client, task, &err);
        if (rc == SY_OK) {
            task->step(client, task);
        } else {
            sy_task_fail(client, task, rc, &err);
        }
        sy_task_report_cancelled(client);
    }
    client->running = false;
    if (client->tasks == NULL) { /* an idle client keeps no scratch memory */
        sy_arena_deinit(&client->scratch);
    }
}

bool sy_client_idle(const sy_client *client)
{
    return client->tasks == NULL;
}

/* -- transactions -- */

sy_rc sy_client_writable(const sy_client *client, sy_err *err)
{
    return client->stuck ? SY_FAIL(err, SY_STORE, "a transaction was left open in the local store")
                         : SY_OK;
}

sy_rc sy_client_begin(sy_client *client, sy_err *err)
{
    sy_rc rc = sy_client_writable(client, err);
    if (rc == SY_OK) {
        rc = sy_client_restore(client, err);
    }
    if (rc == SY_OK) {
        rc = sy_store_transact(client->config.store, SY_BEGIN, err);
        client->in_transaction = rc == SY_OK;
    }
    return rc;
}

sy_rc sy_client_commit(sy_client *client, sy_err *err)
{
    const sy_rc rc = sy_store_transact(client->config.store, SY_COMMIT, err);
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    client->in_transaction = false;
    return SY_OK;
}

sy_rc sy_client_restore(sy_client *client, sy_err *err)
{
    sy_rc rc = SY_OK;
    if (client->in_transaction) {
        rc = sy_store_transact(client->config.store, SY_ROLLBACK, err);
        client->in_transaction = rc != SY_OK;
    }
    if (rc == SY_OK && client->queue.stale) {
        rc = sy_operation_queue_load(&client->queue, err);
    }
    return rc;
}

void sy_client_rollback(sy_client *client)
{
    client->queue.stale = true;
    client->key_next = client->key_end; /* a reservation may be undone */
    (void)sy_client_restore(client, NULL);
}

/* -- looking -- */

const sy_client_table *sy_client_table_of(const sy_client *client, const sy_schema *schema)
{
    for (uint32_t i = 0; i < client->config.table_count; i++) {
        if (client->tables[i].schema == schema) {
            return &client->tables[i];
        }
    }
    return NULL;
}

const sy_schema *sy_client_schema(const sy_client *client, sy_str table)
{
    for (uint32_t i = 0; i < client->config.table_count; i++) {
        if (sy_str_equal(client->schemas[i]->name, table)) {
            return client->schemas[i];
        }
    }
    return NULL;
}

const sy_dialect *sy_client_dialect(const sy_client *client)
{
    return client->config.dialect;
}

uint32_t sy_client_pending(const sy_client *client, sy_str table)
{
    if (table.size == 0) {
        return sy_operation_queue_count(&client->queue, NULL);
    }
    const sy_schema *schema = sy_client_schema(client, table);
    return schema == NULL ? 0 : sy_operation_queue_count(&client->queue, schema);
}

bool sy_client_operation(const sy_client *client, uint32_t index, sy_operation *out)
{
    const sy_operation *operation = sy_operation_queue_at(&client->queue, index);
    if (operation == NULL) {
        return false;
    }
    *out = *operation;
    return true;
}

bool sy_client_pulled(const sy_client *client, uint32_t index, const sy_query **query,
                      sy_str *query_id)
{
    if (index >= client->pulled_count) {
        return false;
    }
    *query = &client->pulled[index].query;
    *query_id = client->pulled[index].query_id;
    return true;
}
