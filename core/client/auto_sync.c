/* Synchronisation that nobody asked for: when a connection comes back, and when the server says
 * that something changed (protocol.md 9.1 SEED, 10).
 *
 * One synchronisation is a task that does one thing after the other: push everything, then pull
 * each query that was ever pulled, or each whole table if there was none. What fails is left for
 * the next time; the app is not told. A notice is a hint: it leads to a pull of the table's
 * queries, and a pull that is queued already and has asked for nothing yet answers it as well. */
#include "core/client/internal.h"

/* -- when a connection comes back -- */

/* The n-th pull of a synchronisation; false past the last. */
static bool pull_of(const sy_client *client, bool whole_tables, uint32_t number, sy_call *out,
                    sy_query *whole)
{
    *out = (sy_call){.verb = SY_VERB_PULL};
    if (whole_tables) {
        if (number >= client->config.table_count) {
            return false;
        }
        *whole = sy_query_all(client->schemas[number]);
        out->query = whole;
        return true;
    }
    if (number >= client->pulled_count) {
        return false;
    }
    out->query = &client->pulled[number].query;
    out->query_id = client->pulled[number].query_id;
    return true;
}

/* task->state: 0 before the push, then the number of the next pull + 1. */
static void synchronise(sy_client *client, sy_task *task, bool whole_tables)
{
    if (task->children > 0) {
        return;
    }
    sy_query whole;
    sy_call call = {.verb = SY_VERB_PUSH};
    sy_task *child;
    if (task->state > 0 &&
        !pull_of(client, whole_tables, (uint32_t)task->state - 1, &call, &whole)) {
        sy_task_end(client, task);
        return;
    }
    task->state++;
    sy_rc rc = sy_task_new(client, &call, &child, &task->err);
    if (rc != SY_OK) {
        sy_task_fail(client, task, rc, &task->err);
        return;
    }
    sy_task_adopt(task, child);
}

static void sync_queries_step(sy_client *client, sy_task *task)
{
    synchronise(client, task, false);
}

static void sync_tables_step(sy_client *client, sy_task *task)
{
    synchronise(client, task, true);
}

static bool is_wanted(const sy_client *client, bool online, bool metered)
{
    switch (client->config.auto_sync) {
    case SY_AUTO_SYNC_ON:
        return online;
    case SY_AUTO_SYNC_UNMETERED:
        return online && !metered;
    case SY_AUTO_SYNC_OFF:
        break;
    }
    return false;
}

static bool is_queued(const sy_client *client)
{
    for (const sy_task *task = client->tasks; task != NULL; task = task->link_next) {
        if (task->state == 0 &&
            (task->step == sync_queries_step || task->step == sync_tables_step)) {
            return true;
        }
    }
    return false;
}

void sy_auto_sync_connectivity(sy_client *client, bool online, bool metered)
{
    const bool before = is_wanted(client, client->online, client->metered);
    if (!client->initialized || before || !is_wanted(client, online, metered) ||
        is_queued(client)) {
        return;
    }
    const sy_call call = {.verb = SY_VERB_PUSH};
    sy_task *task;
    if (sy_task_new(client, &call, &task, NULL) == SY_OK) { /* no memory: the next connection */
        task->step = client->pulled_count > 0 ? sync_queries_step : sync_tables_step;
    }
}

/* -- after a write [9.1] -- */

/* task->state: 1 before the push, 2 before the pull, 3 after it. The pull is of the whole table,
 * under the id "all" and its name; a push that failed skips it. */
static void write_sync_step(sy_client *client, sy_task *task)
{
    if (task->children > 0) {
        return;
    }
    const bool failed = task->state > 1 && task->child_rc != SY_OK;
    const sy_query whole = sy_query_all(task->schema);
    sy_call call = {.verb = SY_VERB_PUSH};
    if (task->state == 2) {
        call = (sy_call){.verb = SY_VERB_PULL, .query = &whole};
        call.query_id = sy_arena_printf(&task->arena, "all%.*s", SY_FMT(task->schema->name));
    }
    sy_task *child;
    if (failed || task->state == 3 || sy_task_new(client, &call, &child, NULL) != SY_OK) {
        sy_task_end(client, task);
        return;
    }
    task->state++;
    sy_task_adopt(task, child);
}

void sy_auto_sync_after_write(sy_client *client, sy_task *task)
{
    task->state = client->online ? 1 : 3;
    task->step = write_sync_step;
    task->step(client, task);
}

/* -- when the server says so -- */

/* Does a pull of this query wait that has asked for nothing yet? */
static bool is_pull_waiting(const sy_client *client, const sy_call *call)
{
    const uint64_t hash = sy_query_hash(call->query);
    for (const sy_task *task = client->tasks; task != NULL; task = task->link_next) {
        if (task->pull != NULL && task->pull->page_number == 0 && !task->cancelled &&
            task->schema == call->query->schema &&
            sy_str_equal(task->call.query_id, call->query_id) &&
            sy_query_hash(task->call.query) == hash) {
            return true;
        }
    }
    return false;
}

static const char *pull_query(sy_client *client, const sy_query *query, sy_str query_id)
{
    const sy_call call = {.verb = SY_VERB_PULL, .query = query, .query_id = query_id};
    if (is_pull_waiting(client, &call)) {
        return "coalesced";
    }
    sy_task *task;
    return sy_task_new(client, &call, &task, NULL) == SY_OK ? "pull" : "no memory";
}

static const char *pull_table(sy_client *client, const sy_schema *schema)
{
    const char *reaction = NULL;
    for (size_t i = 0; i < client->pulled_count; i++) {
        const sy_pulled *pulled = &client->pulled[i];
        if (pulled->query.schema == schema) {
            const char *one = pull_query(client, &pulled->query, pulled->query_id);
            reaction = reaction == NULL || one[0] == 'p' ? one : reaction;
        }
    }
    if (reaction != NULL) {
        return reaction;
    }
    const sy_query whole = sy_query_all(schema);
    return pull_query(client, &whole, (sy_str){NULL, 0});
}

void sy_auto_sync_notice(sy_client *client, const sy_notice *notice)
{
    const sy_schema *schema = sy_client_schema(client, notice->table);
    const char *reaction = "ignored";
    if (client->config.pull_on_notice && client->initialized) {
        if (sy_str_equal(notice->originator, client->config.installation_id)) {
            reaction = "own change";
        } else if (schema == NULL) {
            reaction = "unknown table";
        } else {
            reaction = pull_table(client, schema);
        }
    }
    sy_client_trace(client, &sy_event_notice, sy_text(notice->table), sy_text(notice->id),
                    sy_text(notice->originator), sy_cstr(reaction));
}
