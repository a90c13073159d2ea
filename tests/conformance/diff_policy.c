/* What the scenarios' policies do about a failed operation, by the decisions of our engine; the
 * methods that the SDK's push error has for it are in diff/README.md. */
#include <string.h>

#include "tests/conformance/diff.h"

typedef struct answer {
    sy_decision decision;
    const char *threw; /* the code of what the handler itself raised; NULL: nothing */
} answer;

static const char *const conflict_names[] = {"none",  "client-wins",     "server-wins",
                                             "merge", "cancel",          "cancelAndDiscard",
                                             "throw", "cancelAndUpdate", "mark-handled"};
static const char *const error_names[] = {"none", "cancel", "cancelAndDiscard", "mark-handled"};

static const char *name_of(json_t *step, const char *key)
{
    const char *name = json_string_value(json_object_get(step, key));
    return name != NULL && name[0] != '\0' ? name : "none";
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool diff_policy_known(json_t *step)
{
    return is_among(name_of(step, "onConflict"), conflict_names,
                    sizeof conflict_names / sizeof conflict_names[0]) &&
           is_among(name_of(step, "onError"), error_names,
                    sizeof error_names / sizeof error_names[0]);
}

/* -- pieces -- */

static answer decide(sy_decision_kind kind)
{
    return (answer){.decision = {.kind = kind}};
}

static answer threw(const char *code)
{
    return (answer){.decision = {.kind = SY_DECIDE_FAIL}, .threw = code};
}

static answer change_action(sy_operation_kind action, const sy_row *row)
{
    return (answer){
        .decision = {.kind = SY_DECIDE_SEND, .row = row, .changes_action = true, .action = action}};
}

static answer discard(void)
{
    return (answer){.decision = {.kind = SY_DECIDE_RETURN, .delete_row = true}};
}

static answer update(const sy_row *row)
{
    return (answer){.decision = {.kind = SY_DECIDE_SEND, .row = row}};
}

static answer cancel_and_update(const sy_row *row)
{
    return (answer){.decision = {.kind = SY_DECIDE_RETURN, .row = row}};
}

/* Ours with the server's version. */
static sy_row *over(diff_client *client, const sy_attempt *attempt)
{
    sy_row *row = sy_row_shallow(&client->player->arena, attempt->item);
    if (row != NULL) {
        row->cells[SY_COLUMN_VERSION] = attempt->server->cells[SY_COLUMN_VERSION];
    }
    return row;
}

static sy_value *cell_of(sy_row *row, const char *name)
{
    int column = sy_schema_find(row->schema, sy_str_of(name));
    return &row->cells[column];
}

static sy_str string_of(const sy_value *cell)
{
    return sy_value_missing(cell) ? SY_STR("null") : sy_value_str(cell);
}

static double number_of(const sy_value *cell)
{
    return cell->type == SY_TYPE_REAL  ? cell->as.real
           : cell->type == SY_TYPE_INT ? (double)cell->as.integer
                                       : 0;
}

static answer merge(diff_client *client, const sy_attempt *attempt)
{
    sy_row *mine = over(client, attempt);
    if (mine == NULL) {
        return decide(SY_DECIDE_FAIL);
    }
    sy_value *text = cell_of(mine, "text");
    sy_value *priority = cell_of(mine, "priority");
    const sy_str theirs = string_of(sy_row_find(attempt->server, SY_STR("text")));
    const double number = number_of(sy_row_find(attempt->server, SY_STR("priority")));
    *text = sy_text(sy_arena_printf(&client->player->arena, "%.*s+%.*s", SY_FMT(string_of(text)),
                                    SY_FMT(theirs)));
    *priority = sy_real(number_of(priority) > number ? number_of(priority) : number);
    return update(mine);
}

/* -- conflicts -- */

static answer client_wins(diff_client *client, const sy_attempt *attempt)
{
    if (attempt->kind == SY_OPERATION_INSERT) {
        return change_action(SY_OPERATION_UPDATE, NULL);
    }
    const bool is_update = attempt->kind == SY_OPERATION_UPDATE;
    if (attempt->server == NULL) {
        return threw(is_update ? "Other: Cannot read properties of undefined (reading 'version')"
                               : "Other: Cannot read properties of undefined (reading 'id')");
    }
    return is_update ? update(over(client, attempt))
                     : change_action(SY_OPERATION_DELETE, attempt->server);
}

static answer server_wins(const sy_attempt *attempt)
{
    switch (attempt->kind) {
    case SY_OPERATION_INSERT:
        return discard();
    case SY_OPERATION_UPDATE:
        return attempt->server != NULL ? cancel_and_update(attempt->server)
                                       : threw("HandlerNeedsRecord");
    case SY_OPERATION_DELETE:
    case SY_OPERATION_KIND_COUNT:
        break;
    }
    return decide(SY_DECIDE_RETURN);
}

static answer on_conflict(diff_client *client, const char *name, const sy_attempt *attempt)
{
    const bool is_delete = attempt->kind == SY_OPERATION_DELETE;
    if (strcmp(name, "client-wins") == 0) {
        return client_wins(client, attempt);
    }
    if (strcmp(name, "server-wins") == 0) {
        return server_wins(attempt);
    }
    if (strcmp(name, "merge") == 0) {
        return attempt->kind == SY_OPERATION_INSERT ? change_action(SY_OPERATION_UPDATE, NULL)
               : is_delete                          ? decide(SY_DECIDE_RETURN)
                                                    : merge(client, attempt);
    }
    if (strcmp(name, "cancelAndUpdate") == 0) {
        const sy_row *row = attempt->server != NULL ? attempt->server : attempt->item;
        return row == NULL ? threw("HandlerDeletedRecord") : cancel_and_update(row);
    }
    if (strcmp(name, "throw") == 0) {
        return threw("HandlerThrew");
    }
    return decide(SY_DECIDE_FAIL);
}

static answer on_failure(diff_client *client, const sy_attempt *attempt)
{
    json_t *step = client->player->step;
    const bool conflict = attempt->rc == SY_CONFLICT;
    const char *name = name_of(step, conflict ? "onConflict" : "onError");
    if (strcmp(name, "cancel") == 0) {
        return decide(SY_DECIDE_RETURN);
    }
    if (strcmp(name, "cancelAndDiscard") == 0) {
        return discard();
    }
    if (strcmp(name, "mark-handled") == 0) {
        return decide(SY_DECIDE_SEND);
    }
    return conflict ? on_conflict(client, name, attempt) : decide(SY_DECIDE_FAIL);
}

/* What the SDK's method throws when it refuses. */
static const char *code_of(sy_rc rc)
{
    return rc == SY_STATE     ? "HandlerDeletedRecord"
           : rc == SY_SCHEMA  ? "StoreTypeMismatch"
           : rc == SY_INVALID ? "HandlerNeedsRecord"
                              : "Other: refused";
}

static void handle(void *self, const sy_attempt *attempt)
{
    diff_client *client = self;
    diff_player *player = client->player;
    sim_client_host *host = sim_device_host(client->device);
    answer given = on_failure(client, attempt);
    sy_rc rc = sim_client_host_decide(host, attempt->decision_id, &given.decision, NULL);
    const char *code = given.threw;
    if (rc != SY_OK) {
        code = code_of(rc);
        rc = sim_client_host_decide(host, attempt->decision_id,
                                    &(sy_decision){.kind = SY_DECIDE_FAIL}, NULL);
    }
    if (code != NULL) {
        (void)json_array_append_new(player->handler_errors, json_string(code));
    }
    if (rc != SY_OK) {
        player->world->broken = rc;
    }
}

sy_handler diff_handler(diff_client *client)
{
    static const sy_handler_ops ops = {.decide = handle};
    return (sy_handler){.ops = &ops, .self = client, .wants_errors = true};
}
