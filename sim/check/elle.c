/* Writes and reads of rows, as transactions on registers whose values are tags. */
#include "sim/check/elle.h"

#include "core/port/events.h"

#include <inttypes.h>

struct sim_elle {
    sy_alloc alloc;
    sim_lineage lineage;
    sy_buf text;
    sy_buf value; /* of the operation at hand */
    uint64_t index;
};

static void add_key(sy_buf *out, const sim_line *line, uint32_t column)
{
    sy_buf key;
    sy_buf_init(&key, out->alloc);
    sy_buf_printf(&key, "%.*s/%.*s", SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)));
    if (column != SIM_ALIVE) {
        sy_buf_printf(&key, ".%.*s", SY_FMT(sim_column_name(line, column)));
    }
    sy_buf_add_json_string(out, sy_buf_str(&key)); /* EDN takes the escapes that JSON has */
    out->failed = out->failed || key.failed;
    sy_buf_deinit(&key);
}

static void add_operation(sim_elle *elle, const sim_event *event, const char *type)
{
    sy_buf_printf(&elle->text,
                  "{:index %" PRIu64 ", :type :%s, :process %" PRIu32 ", :f :txn, :time %" PRId64
                  ", :value [%.*s]}\n",
                  elle->index++, type, event->host, event->time, SY_FMT(sy_buf_str(&elle->value)));
}

static void add_writes(sim_elle *elle)
{
    const sim_moment *now = &elle->lineage.now;
    for (uint32_t tag = now->edit_first > 0 ? now->edit_first : 1; tag < now->edit_end; tag++) {
        const sim_edit *edit = sim_edit_of(&elle->lineage, tag);
        sy_buf_printf(&elle->value, "%s[:w ", elle->value.size > 0 ? " " : "");
        add_key(&elle->value, edit->line, edit->column);
        sy_buf_printf(&elle->value, " %" PRIu32 "]", tag);
    }
}

static void add_reads(sim_elle *elle, bool known)
{
    const sim_copy *copy = elle->lineage.now.copy;
    for (uint32_t i = 0; copy != NULL && i < copy->cells.count; i++) {
        sy_buf_printf(&elle->value, "%s[:r ", elle->value.size > 0 ? " " : "");
        add_key(&elle->value, copy->line, i);
        if (known && copy->cells.items[i].tag != 0) {
            sy_buf_printf(&elle->value, " %" PRIu32 "]", copy->cells.items[i].tag);
        } else {
            sy_buf_printf(&elle->value, " nil]");
        }
    }
}

static void read_event(void *self, const sim_event *event)
{
    sim_elle *elle = self;
    const bool writes = event->kind == &sy_event_write;
    sy_buf_clear(&elle->value);
    if (writes) {
        add_writes(elle);
    } else {
        add_reads(elle, false);
    }
    if (elle->value.size == 0) {
        return;
    }
    add_operation(elle, event, "invoke");
    if (!writes) {
        sy_buf_clear(&elle->value);
        add_reads(elle, true);
    }
    add_operation(elle, event, "ok");
    elle->text.failed = elle->text.failed || elle->value.failed;
}

sy_rc sim_elle_new(sy_alloc alloc, sim_trace *trace, sim_elle **out, sy_err *err)
{
    static const sy_event_kind *const kinds[] = {&sy_event_write, &sy_event_read};
    sim_elle *elle = sy_alloc_zeroed(alloc, sizeof *elle);
    *out = elle;
    if (elle == NULL) {
        return sy_fail_nomem(err);
    }
    elle->alloc = alloc;
    sim_lineage_init(&elle->lineage, alloc, trace);
    sy_buf_init(&elle->text, alloc);
    sy_buf_init(&elle->value, alloc);
    if (sim_trace_read(trace, sim_lineage_read, &elle->lineage, sim_lineage_kinds,
                       SIM_LINEAGE_KIND_COUNT) != SY_OK ||
        sim_trace_read(trace, read_event, elle, kinds, 2) != SY_OK) {
        return sy_fail_nomem(err);
    }
    return SY_OK;
}

const sy_buf *sim_elle_text(const sim_elle *elle)
{
    return &elle->text;
}

void sim_elle_free(sim_elle *elle)
{
    if (elle == NULL) {
        return;
    }
    sy_buf_deinit(&elle->text);
    sy_buf_deinit(&elle->value);
    sim_lineage_deinit(&elle->lineage);
    sy_alloc_free(elle->alloc, elle, sizeof *elle);
}
