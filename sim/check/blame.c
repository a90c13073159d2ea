/* Reads the trace beside a lineage of its own and says a sentence for each event that is about the
 * cell. */
#include "sim/check/blame.h"

#include "core/port/events.h"
#include "sim/check/fields.h"
#include "sim/check/ledger.h"
#include "sim/kernel/events.h"

#include <inttypes.h>

struct sim_blame {
    sy_alloc alloc;
    const sim_trace *trace;
    sim_lineage lineage;
    sim_blame_options of;
    sy_buf text;
    uint64_t lines;
};

/* -- which events -- */

static const sim_line *line_of(const sim_blame *blame)
{
    const sim_line *line = blame->lineage.now.line;
    return line != NULL && sy_str_equal(sim_line_id(line), blame->of.row) ? line : NULL;
}

/* The cell's number in its row; SIM_CELL_COUNT_MAX: the table has no such column yet. */
static uint32_t column_in(const sim_blame *blame, const sim_line *line)
{
    if (blame->of.field.size == 0) {
        return SIM_ALIVE;
    }
    for (uint32_t i = 1; i < line->columns->count; i++) {
        if (sy_str_equal(line->columns->names[i], blame->of.field)) {
            return i;
        }
    }
    return SIM_CELL_COUNT_MAX;
}

static bool is_asked(const sim_blame *blame, uint32_t host)
{
    const sy_str name = sim_host_name(blame->trace, host);
    return blame->of.host.size == 0 || sy_str_equal(name, blame->of.host);
}

/* -- sentences -- */

static void say_head(sim_blame *blame, const sim_event *event, sy_str who)
{
    blame->lines++;
    sy_buf_printf(&blame->text, "%9" PRId64 ".%03" PRId64 " s  %-10.*s ", event->time / SY_SECOND,
                  event->time % SY_SECOND / SY_MS, SY_FMT(who));
}

static void add_value(sim_blame *blame, const sy_row *row)
{
    if (blame->of.field.size == 0) {
        sy_buf_add_str(&blame->text, row != NULL ? SY_STR("the row") : SY_STR("no row"));
        return;
    }
    const sy_value *value = row != NULL ? sy_row_find(row, blame->of.field) : NULL;
    if (row == NULL) {
        sy_buf_add_str(&blame->text, SY_STR("no row"));
    } else {
        sy_value_to_json(value != NULL ? value : &SY_NULL, &blame->text);
    }
}

static void add_edit(sim_blame *blame, uint32_t tag)
{
    const sim_edit *edit = sim_edit_of(&blame->lineage, tag);
    const sy_str host =
        edit->host == 0 ? SY_STR("the back office") : sim_host_name(blame->trace, edit->host);
    sy_buf_printf(&blame->text, "edit %" PRIu32 " (%.*s)", tag, SY_FMT(host));
}

static void end_line(sim_blame *blame)
{
    sy_buf_add_char(&blame->text, '\n');
}

static void say_write(sim_blame *blame, const sim_event *event, uint32_t column)
{
    const sim_moment *now = &blame->lineage.now;
    for (uint32_t tag = now->edit_first > 0 ? now->edit_first : 1; tag < now->edit_end; tag++) {
        const sim_edit *edit = sim_edit_of(&blame->lineage, tag);
        if (edit->column != column) {
            continue;
        }
        say_head(blame, event, sim_host_name(blame->trace, event->host));
        sy_buf_printf(&blame->text, "writes ");
        add_value(blame, sim_field_row(event, WRITE_ROW));
        sy_buf_printf(&blame->text, ": edit %" PRIu32, tag);
        if (edit->prior != 0) {
            sy_buf_printf(&blame->text, ", over ");
            add_edit(blame, edit->prior);
        }
        end_line(blame);
    }
}

static void say_send(sim_blame *blame, const sim_event *event, uint32_t column)
{
    const sim_sending *sending = blame->lineage.now.sending;
    if (sending == NULL || (column != SIM_ALIVE && (sending->present >> column & 1) == 0)) {
        return;
    }
    const sy_str match = sim_field_text(event, SEND_IF_MATCH);
    say_head(blame, event, sim_host_name(blame->trace, event->host));
    sy_buf_printf(&blame->text, "sends %.*s with ", SY_FMT(sim_field_text(event, SEND_METHOD)));
    add_value(blame, sim_field_row(event, SEND_ROW));
    sy_buf_printf(&blame->text,
                  match.size > 0 ? " if the version is %.*s" : " whatever is there%.*s",
                  SY_FMT(match));
    if (sim_field_int(event, SEND_ATTEMPT) > 1) {
        sy_buf_printf(&blame->text, ", attempt %" PRId64, sim_field_int(event, SEND_ATTEMPT));
    }
    end_line(blame);
}

static const char *how_lost(const sim_edit *edit)
{
    switch (edit->loss) {
    case SIM_KNOWN:
        return ", whose author had seen it";
    case SIM_DECIDED:
        return ", as a decision had it that had seen it";
    case SIM_DIRECT:
        return ", past the sync engine";
    case SIM_UNCONDITIONAL:
        return ", which nobody had seen: the write asked for no version";
    case SIM_BLIND:
        return ", which nobody had seen";
    case SIM_NOT_LOST:
        break;
    }
    return "";
}

static void say_commit(sim_blame *blame, const sim_event *event, uint32_t column)
{
    const sim_commit *commit = blame->lineage.now.commit;
    const sim_cell cell = sim_cell_at(&commit->cells, column);
    const sim_cell before =
        commit->older != NULL ? sim_cell_at(&commit->older->cells, column) : (sim_cell){0};
    if (cell.tag == before.tag && cell.hash == before.hash) {
        return;
    }
    say_head(blame, event, sim_host_name(blame->trace, event->host));
    sy_buf_printf(&blame->text, "commits version %.*s with ",
                  SY_FMT(sim_field_text(event, COMMIT_AFTER)));
    add_value(blame, commit->alive ? sim_field_row(event, COMMIT_ROW) : NULL);
    if (cell.tag != 0) {
        sy_buf_printf(&blame->text, ": ");
        add_edit(blame, cell.tag);
    }
    if (before.tag != 0) {
        sy_buf_printf(&blame->text, " in place of ");
        add_edit(blame, before.tag);
        sy_buf_printf(&blame->text, "%s", how_lost(sim_edit_of(&blame->lineage, before.tag)));
    }
    end_line(blame);
}

static void say_apply(sim_blame *blame, const sim_event *event, uint32_t column)
{
    const sim_cell cell = sim_cell_at(&blame->lineage.now.copy->cells, column);
    say_head(blame, event, sim_host_name(blame->trace, event->host));
    sy_buf_printf(&blame->text, "takes version %.*s and shows ",
                  SY_FMT(sim_field_text(event, APPLY_VERSION)));
    add_value(blame, sim_field_row(event, APPLY_ROW));
    if (cell.tag != 0) {
        sy_buf_printf(&blame->text, ": ");
        add_edit(blame, cell.tag);
    }
    end_line(blame);
}

static void say_rest(sim_blame *blame, const sim_event *event)
{
    say_head(blame, event, sim_host_name(blame->trace, event->host));
    if (event->kind == &sy_event_conflict) {
        sy_buf_printf(&blame->text, "is told of a conflict (%" PRId64 "): the server has ",
                      sim_field_int(event, CONFLICT_STATUS));
        add_value(blame, sim_field_row(event, CONFLICT_SERVER));
    } else if (event->kind == &sy_event_decision) {
        sy_buf_printf(&blame->text, "decides \"%.*s\" by %.*s",
                      SY_FMT(sim_field_text(event, DECISION_DECISION)),
                      SY_FMT(sim_field_text(event, DECISION_BY)));
    } else if (event->kind == &sy_event_dequeue) {
        sy_buf_printf(&blame->text, "has operation %" PRId64 " no longer in the queue: %.*s",
                      sim_field_int(event, DEQUEUE_OP),
                      SY_FMT(sim_field_text(event, DEQUEUE_REASON)));
    } else {
        sy_buf_printf(&blame->text, "is told that the operation failed (%" PRId64 "): %.*s",
                      sim_field_int(event, FAILED_STATUS),
                      SY_FMT(sim_field_text(event, FAILED_DETAIL)));
    }
    end_line(blame);
}

static void say(void *self, const sim_event *event)
{
    sim_blame *blame = self;
    const sim_line *line = line_of(blame);
    if (line == NULL || (event->kind != &sy_event_commit && !is_asked(blame, event->host))) {
        return;
    }
    const uint32_t column = column_in(blame, line);
    if (column == SIM_CELL_COUNT_MAX) {
        return;
    }
    if (event->kind == &sy_event_write) {
        say_write(blame, event, column);
    } else if (event->kind == &sy_event_send) {
        say_send(blame, event, column);
    } else if (event->kind == &sy_event_commit) {
        say_commit(blame, event, column);
    } else if (event->kind == &sy_event_apply) {
        say_apply(blame, event, column);
    } else {
        say_rest(blame, event);
    }
}

/* -- the whole -- */

static const sy_event_kind *const kinds[] = {
    &sy_event_write,    &sy_event_send,     &sy_event_commit,  &sy_event_apply,
    &sy_event_conflict, &sy_event_decision, &sy_event_dequeue, &sy_event_op_failed};

sy_rc sim_blame_new(sy_alloc alloc, sim_trace *trace, const sim_blame_options *options,
                    sim_blame **out, sy_err *err)
{
    sim_blame *blame = sy_alloc_zeroed(alloc, sizeof *blame);
    *out = blame;
    if (blame == NULL) {
        return sy_fail_nomem(err);
    }
    blame->alloc = alloc;
    blame->trace = trace;
    blame->of = *options;
    sim_lineage_init(&blame->lineage, alloc, trace);
    sy_buf_init(&blame->text, alloc);
    if (sim_trace_read(trace, sim_lineage_read, &blame->lineage, sim_lineage_kinds,
                       SIM_LINEAGE_KIND_COUNT) != SY_OK ||
        sim_trace_read(trace, say, blame, kinds, sizeof kinds / sizeof kinds[0]) != SY_OK) {
        return sy_fail_nomem(err);
    }
    return SY_OK;
}

static void add_outcome(const sim_blame *blame, uint32_t tag, sy_buf *out)
{
    const sim_edit *edit = sim_edit_of(&blame->lineage, tag);
    const sim_verdict_of_edit verdict = sim_ledger_judge(&blame->lineage, tag);
    sy_buf_printf(out, "edit %" PRIu32 " of %.*s: %s", tag,
                  SY_FMT(sim_host_name(blame->trace, edit->host)),
                  sim_outcome_name(verdict.outcome));
    if (verdict.outcome == SIM_OVERWRITTEN) {
        sy_buf_printf(out, "%s%s%s", verdict.collateral ? ", collateral" : "",
                      verdict.licensed ? ", licensed" : ", not licensed",
                      verdict.acknowledged ? ", after it was acknowledged" : "");
    }
    if (verdict.decision != 0) {
        sy_buf_printf(out, ", by the decision of event %" PRIu64, verdict.decision);
    }
    sy_buf_add_char(out, '\n');
}

bool sim_blame_to_text(const sim_blame *blame, sy_buf *out)
{
    sy_buf_add_str(out, sy_buf_str(&blame->text));
    for (uint32_t tag = 1; tag < blame->lineage.edit_count; tag++) {
        const sim_edit *edit = sim_edit_of(&blame->lineage, tag);
        if (sim_ledger_counts(edit) && sy_str_equal(sim_line_id(edit->line), blame->of.row) &&
            column_in(blame, edit->line) == edit->column && is_asked(blame, edit->host)) {
            add_outcome(blame, tag, out);
        }
    }
    return blame->lines > 0;
}

void sim_blame_free(sim_blame *blame)
{
    if (blame == NULL) {
        return;
    }
    sy_buf_deinit(&blame->text);
    sim_lineage_deinit(&blame->lineage);
    sy_alloc_free(blame->alloc, blame, sizeof *blame);
}
