/* C1. settle() compares each client with the server inside the scopes that it pulled, once
 * everything was healed and came to rest (sim/run/settle.c); this checker turns each difference
 * that it saw into a finding. */
#include "sim/check/checker.h"
#include "sim/check/history.h"
#include "sim/kernel/events.h"

enum { HOST, TABLE, ID, CLIENT_ROW, SERVER_ROW, REASON, DIAGNOSIS };

typedef struct convergence {
    sim_checking in;
    sy_buf text;
} convergence;

static void convergence_open(void *self)
{
    convergence *state = self;
    sy_buf_init(&state->text, state->in.alloc);
}

static const sy_row *row_of(const sy_value *value)
{
    return value->type == SY_TYPE_ROW ? value->as.row : NULL;
}

static bool is_stamp(uint32_t column)
{
    return column == SY_COLUMN_CREATED_AT || column == SY_COLUMN_UPDATED_AT ||
           (column >= SY_COLUMN_SEQUENCE && column < SY_SYSTEM_COUNT);
}

/* The cells in which two rows differ, stamps left out: they follow from the version. */
static void add_difference(sy_buf *text, const sy_row *client, const sy_row *server)
{
    const char *separator = "; ";
    for (uint32_t i = 0; i < client->schema->column_count; i++) {
        sy_str name = client->schema->columns[i].name;
        const sy_value *here = &client->cells[i];
        const sy_value *there = sy_row_find(server, name);
        bool same = there == NULL ? sy_value_missing(here)
                                  : sy_value_equal(here, there) ||
                                        (sy_value_missing(here) && sy_value_missing(there));
        if (same || is_stamp(i)) {
            continue;
        }
        sy_buf_printf(text, "%s%.*s is ", separator, SY_FMT(name));
        sy_value_to_json(here, text);
        sy_buf_add_str(text, SY_STR(" on the client, "));
        sy_value_to_json(there != NULL ? there : &SY_NULL, text);
        sy_buf_add_str(text, SY_STR(" on the server"));
        separator = ", ";
    }
}

static void add_sides(sy_buf *text, const sy_row *client, const sy_row *server)
{
    if (client != NULL && server != NULL) {
        add_difference(text, client, server);
    } else if (client != NULL || server != NULL) {
        sy_buf_add_str(text,
                       client != NULL ? SY_STR("; the client has ") : SY_STR("; the server has "));
        sy_row_to_json(client != NULL ? client : server, text);
    }
}

static void convergence_read(void *self, const sim_event *event)
{
    convergence *state = self;
    sy_str host = sim_field_text(event, HOST);
    sy_str table = sim_field_text(event, TABLE);
    sy_str id = sim_field_text(event, ID);
    sy_str reason = sim_field_text(event, REASON);
    sy_str diagnosis = sim_field_text(event, DIAGNOSIS);
    sy_buf_clear(&state->text);
    sy_buf_printf(&state->text, "%.*s after everything was healed", SY_FMT(host));
    if (id.size > 0) {
        sy_buf_printf(&state->text, ", %.*s/%.*s", SY_FMT(table), SY_FMT(id));
    }
    sy_buf_printf(&state->text, ": %.*s (%.*s)", SY_FMT(reason), SY_FMT(diagnosis));
    if (id.size > 0) {
        add_sides(&state->text, row_of(&event->fields[CLIENT_ROW]),
                  row_of(&event->fields[SERVER_ROW]));
    }
    sim_finding finding = sim_finding_of(sim_checker_convergence.name, event, host, table, id);
    sim_finding_say(&finding, "%.*s", SY_FMT(sy_buf_str(&state->text)));
    state->in.findings->failed = state->in.findings->failed || state->text.failed;
    (void)sim_findings_add(state->in.findings, &finding);
}

static void convergence_close(void *self)
{
    convergence *state = self;
    sy_buf_deinit(&state->text);
}

static const sy_event_kind *const convergence_kinds[] = {&sim_event_divergence, NULL};

const sim_checker sim_checker_convergence = {
    .name = "convergence",
    .claim = "after everything was healed, each client holds what the server holds, in the scopes "
             "that it pulled",
    .kinds = convergence_kinds,
    .state_size = sizeof(convergence),
    .open = convergence_open,
    .read = convergence_read,
    .close = convergence_close,
};
