/* What a push sends. Three rules differ by dialect: whose copy of the row goes out (the snapshot in
 * the queue, or the row as it is now), which version it is conditional on, and what a resolved
 * conflict changes. protocol.md 6.2, 6.8, 9.3. */
#include "core/base/mutant.h"
#include "core/client/operation_key.h"
#include "core/client/push.h"

/* An encoded row; an empty text is no row. */
static sy_rc decode(sy_str bytes, const sy_schema *schema, sy_arena *arena, const sy_row **out,
                    sy_err *err)
{
    if (bytes.size == 0) {
        *out = NULL;
        return SY_OK;
    }
    return sy_row_decode(bytes, schema, arena, out, err);
}

static sy_str version_of(const sy_row *row)
{
    return row != NULL ? sy_row_version(row) : (sy_str){NULL, 0};
}

/* Without what the server keeps itself; the version stays [6.2 step 4]. */
static sy_rc strip(sy_task *task, const sy_row **row, sy_err *err)
{
    sy_row *copy = sy_row_shallow(&task->work, *row);
    if (copy == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_COLUMN_VERSION + 1; i < SY_SYSTEM_COUNT; i++) {
        copy->cells[i].type = SY_TYPE_ABSENT;
    }
    *row = copy;
    return SY_OK;
}

/* The version of the base. An edit of a row that the server is not known to have had names one that
 * no server gives: it meets what is there as a conflict. */
static sy_rc load_condition(sy_push_run *push, sy_err *err)
{
    sy_rc rc = sy_row_decode_version(push->base_bytes, push->schema, &push->if_match, err);
    if (rc == SY_OK && push->if_match.size == 0 &&
        (push->schema->system & SY_SYSTEM_BIT(SY_COLUMN_VERSION)) != 0) {
        push->if_match = SY_STR("none");
    }
    return rc;
}

sy_rc sy_push_load_item(sy_client *client, sy_task *task, const sy_operation *operation,
                        sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_dialect *dialect = client->config.dialect;
    sy_rc rc = SY_OK;
    if (dialect->keeps_item || push->kind == SY_OPERATION_DELETE) {
        rc = decode(operation->item, push->schema, &task->work, &push->snapshot, err);
    } else {
        rc = sy_store_read(client->config.store, push->schema, push->id, &task->work,
                           &push->snapshot, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    push->item = push->wanted = push->snapshot;
    if (push->item != NULL && !dialect->keeps_item) {
        rc = strip(task, &push->item, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (operation->base.size > 0) {
        push->base_bytes = sy_arena_copy(&task->work, operation->base);
        if (push->base_bytes.data == NULL) {
            return sy_fail_nomem(err);
        }
    }
    if (push->kind == SY_OPERATION_INSERT ||
        (SY_MUTANT(DELETE_UNCONDITIONAL) && push->kind == SY_OPERATION_DELETE) ||
        (SY_MUTANT(UPDATE_UNCONDITIONAL) && push->kind == SY_OPERATION_UPDATE)) {
        return SY_OK;
    }
    if (dialect->keeps_base && push->base_bytes.size > 0) {
        return load_condition(push, err);
    }
    push->if_match = version_of(push->item);
    return SY_OK;
}

sy_rc sy_push_load_base(sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    return push->base != NULL
               ? SY_OK
               : decode(push->base_bytes, push->schema, &task->work, &push->base, err);
}

/* An update says null for each cell that its base has and its item lacks. */
static sy_rc say_removed(sy_task *task, sy_row *row, sy_err *err)
{
    const sy_push_run *push = task->push;
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        if (row->cells[i].type != SY_TYPE_ABSENT) {
            continue;
        }
        sy_rc rc = sy_push_load_base(task, err);
        if (rc != SY_OK) {
            return rc;
        }
        if (push->base != NULL && !sy_value_missing(&push->base->cells[i])) {
            row->cells[i] = SY_NULL;
        }
    }
    return SY_OK;
}

/* What a serializer that leaves out default values leaves out. */
static bool is_default(const sy_value *cell, const sy_schema *schema, uint32_t column)
{
    const bool in_class =
        schema->initials != NULL && schema->initials[column].type != SY_TYPE_ABSENT;
    switch (cell->type) {
    case SY_TYPE_NULL:
        return true;
    case SY_TYPE_BOOL:
    case SY_TYPE_INT:
        return in_class && cell->as.integer == 0;
    case SY_TYPE_REAL:
        return in_class && cell->as.real == 0;
    default:
        return false;
    }
}

static void omit_defaults(sy_row *row)
{
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        if (is_default(&row->cells[i], row->schema, i)) {
            row->cells[i].type = SY_TYPE_ABSENT;
        }
    }
}

/* The body: system properties stay here, `id` goes [6.2]. A cell that an update took away is said
 * to be null. */
static sy_rc build_row(sy_client *client, sy_task *task, const sy_row **out, sy_err *err)
{
    const sy_push_run *push = task->push;
    sy_row *row = sy_row_shallow(&task->work, push->item);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_COLUMN_ID + 1; i < SY_SYSTEM_COUNT; i++) {
        row->cells[i].type = SY_TYPE_ABSENT;
    }
    for (uint32_t i = SY_SYSTEM_COUNT;
         client->config.dialect->sends_nulls && i < row->schema->column_count; i++) {
        if (row->cells[i].type == SY_TYPE_ABSENT) {
            row->cells[i] = SY_NULL;
        }
    }
    const sy_dialect *dialect = client->config.dialect;
    if (dialect->keeps_base && push->base_bytes.size > 0 && push->kind == SY_OPERATION_UPDATE) {
        sy_rc rc = say_removed(task, row, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (dialect->omits_defaults) {
        omit_defaults(row);
    }
    *out = row;
    return SY_OK;
}

sy_rc sy_push_build_request(sy_client *client, sy_task *task, sy_request *out, sy_err *err)
{
    const sy_push_run *push = task->push;
    *out = (sy_request){
        .method = push->method,
        .table = push->schema->name,
        .id = push->id,
        .if_match = push->if_match,
        .operation_key = push->key,
        .since_sequence = -1,
        .edited_at = push->edited_at,
        .edit_sequence = push->edit_sequence,
    };
    return push->method == SY_METHOD_DELETE ? SY_OK : build_row(client, task, &out->row, err);
}

/* The row with this version, and this id; system properties are stripped later anyway. */
static sy_rc with_version(sy_task *task, const sy_row *row, sy_str version, const sy_row **out,
                          sy_err *err)
{
    sy_row *copy = row != NULL ? sy_row_shallow(&task->work, row)
                               : sy_row_new(&task->work, task->push->schema);
    if (copy == NULL) {
        return sy_fail_nomem(err);
    }
    copy->cells[SY_COLUMN_ID] = sy_text(task->push->id);
    copy->cells[SY_COLUMN_VERSION] = version.size > 0 ? sy_text(version) : SY_NULL;
    *out = copy;
    return SY_OK;
}

/* Another request than the one that the server has done: another version, and with it another key.
 */
static sy_rc renew_key(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_operation changed = *sy_operation_queue_get(&client->queue, push->sequence);
    changed.version++;
    sy_rc rc = sy_client_writable(client, err);
    if (rc == SY_OK) {
        rc = sy_operation_queue_change(&client->queue, &changed, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    push->version = changed.version;
    return sy_operation_key_sent(&changed, &task->work, &push->key, err);
}

bool sy_push_row_is_gone(const sy_client *client, const sy_push_run *push)
{
    return client->config.dialect->operation_keys && push->answer_status == 410 &&
           push->server == NULL;
}

sy_rc sy_push_retarget(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_dialect *dialect = client->config.dialect;
    if (dialect->policy_resend_unconditional) {
        push->if_match = (sy_str){NULL, 0};
        if (push->method == SY_METHOD_INSERT) {
            push->method = SY_METHOD_REPLACE;
        }
        push->retargeted = true;
        return with_version(task, push->item, push->if_match, &push->item, err);
    }
    push->if_match = SY_MUTANT(RESENT_UNCONDITIONALLY) ? (sy_str){NULL, 0}
                     : SY_MUTANT(RESENT_UNCHANGED)     ? push->if_match
                                                       : version_of(push->stamps);
    if (dialect->keeps_base && push->method != SY_METHOD_DELETE &&
        !SY_MUTANT(INSERT_STAYS_INSERT)) {
        /* A tombstone is brought back by an update that names its version; what is not there at all
         * is inserted. */
        push->method = push->server == NULL ? SY_METHOD_INSERT : dialect->update_method;
    }
    if (sy_push_row_is_gone(client, push)) {
        sy_rc rc = renew_key(client, task, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    return with_version(task, push->item, push->if_match, &push->item, err);
}

sy_rc sy_push_replace_item(sy_client *client, sy_task *task, const sy_row *row, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_dialect *dialect = client->config.dialect;
    sy_str version = sy_row_version(row);
    /* Where the engine knows the base, the version that the item had all along is not one that the
     * handler chose. */
    bool chosen = !dialect->keeps_base ||
                  (version.size > 0 && !sy_str_equal(version, version_of(push->item)));
    const bool over_conflict = push->phase == SY_PHASE_ANSWERED && push->answer_rc == SY_CONFLICT;
    if (over_conflict && (dialect->keeps_base || dialect->policy_resend_unconditional)) {
        sy_rc rc = sy_push_retarget(client, task, err);
        if (rc != SY_OK) {
            return rc;
        }
        chosen = chosen && !dialect->policy_resend_unconditional;
    }
    version = chosen ? version : push->if_match;
    if (push->method != SY_METHOD_INSERT) {
        push->if_match = version;
    }
    const sy_rc rc = with_version(task, row, version, &push->item, err);
    push->wanted = push->item;
    return rc;
}
