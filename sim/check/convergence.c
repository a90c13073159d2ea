/* C1. settle() compares each client with the server inside the scopes that it pulled, once
 * everything was healed and came to rest (sim/run/settle.c); this checker turns each difference
 * that it saw into a finding. */
#include "sim/check/checker.h"
#include "sim/check/history.h"
#include "sim/kernel/events.h"

enum { HOST, TABLE, ID, CLIENT_ROW, SERVER_ROW, REASON };

typedef struct convergence {
    sy_alloc alloc;
    sim_findings *findings;
    sy_buf text;
} convergence;

static sy_rc convergence_open(const sim_checker *checker, sy_alloc alloc, const sim_trace *trace,
                              sim_findings *findings, void **self)
{
    (void)checker;
    (void)trace;
    convergence *state = sy_alloc_zeroed(alloc, sizeof *state);
    if (state == NULL) {
        return SY_NOMEM;
    }
    state->alloc = alloc;
    state->findings = findings;
    sy_buf_init(&state->text, alloc);
    *self = state;
    return SY_OK;
}

static void add_side(sy_buf *text, const char *side, const sy_value *value)
{
    if (value->type == SY_TYPE_ROW && value->as.row != NULL) {
        sy_buf_printf(text, "; %s has ", side);
        sy_row_to_json(value->as.row, text);
    } else {
        sy_buf_printf(text, "; %s has none", side);
    }
}

static void convergence_read(void *self, const sim_event *event)
{
    convergence *state = self;
    sy_str host = sim_field_text(event, HOST);
    sy_str table = sim_field_text(event, TABLE);
    sy_str id = sim_field_text(event, ID);
    sy_str reason = sim_field_text(event, REASON);
    sy_buf_clear(&state->text);
    sy_buf_printf(&state->text, "%.*s after everything was healed", SY_FMT(host));
    if (id.size > 0) {
        sy_buf_printf(&state->text, ", %.*s/%.*s", SY_FMT(table), SY_FMT(id));
    }
    sy_buf_printf(&state->text, ": %.*s", SY_FMT(reason));
    if (id.size > 0) {
        add_side(&state->text, "the client", &event->fields[CLIENT_ROW]);
        add_side(&state->text, "the server", &event->fields[SERVER_ROW]);
    }
    sim_finding finding = sim_finding_of(sim_checker_convergence.name, event, host, table, id);
    sim_finding_say(&finding, "%.*s", SY_FMT(sy_buf_str(&state->text)));
    state->findings->failed = state->findings->failed || state->text.failed;
    (void)sim_findings_add(state->findings, &finding);
}

static void convergence_close(void *self)
{
    convergence *state = self;
    sy_buf_deinit(&state->text);
    sy_alloc_free(state->alloc, state, sizeof *state);
}

static const sy_event_kind *const convergence_kinds[] = {&sim_event_divergence, NULL};

const sim_checker sim_checker_convergence = {
    .name = "convergence",
    .claim = "after everything was healed, each client holds what the server holds, in the scopes "
             "that it pulled",
    .kinds = convergence_kinds,
    .open = convergence_open,
    .read = convergence_read,
    .close = convergence_close,
};
