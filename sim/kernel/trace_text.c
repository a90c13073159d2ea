/* An event as a line of JSON, for programs; for people there is sim/report/chart. Integers only;
 * the same bytes everywhere. */
#include "core/port/events.h"
#include "sim/kernel/events.h"
#include "sim/kernel/trace.h"

#include <inttypes.h>

/* `from` and `to` of a message and the `sender` of what was committed are host indices in the trace
 * and names in a line. */
static bool is_host(const sy_event_kind *kind, uint32_t field)
{
    return ((kind == &sim_event_depart || kind == &sim_event_arrive) &&
            (field == 1 || field == 2)) ||
           (kind == &sy_event_commit && field == 10);
}

static sy_str host_name(const sim_trace *trace, const sy_value *value)
{
    uint64_t host = (uint64_t)value->as.integer;
    bool known = host < sim_trace_host_count(trace);
    return sy_str_of(known ? sim_trace_host(trace, (uint32_t)host) : "?");
}

static void add_json_value(const sim_trace *trace, const sim_event *event, uint32_t field,
                           sy_buf *out)
{
    const sy_value *value = &event->fields[field];
    if (value->type == SY_TYPE_ROW) {
        sy_row_to_json(value->as.row, out);
    } else if (is_host(event->kind, field)) {
        sy_buf_add_json_string(out, host_name(trace, value));
    } else {
        sy_value_to_json(value, out);
    }
}

void sim_event_to_json(const sim_trace *trace, const sim_event *event, sy_buf *out)
{
    sy_buf_printf(out, "{\"time\":%" PRId64 ".%09" PRId64 ",\"host\":", event->time / SY_SECOND,
                  event->time % SY_SECOND);
    sy_buf_add_json_string(out, sy_str_of(sim_trace_host(trace, event->host)));
    sy_buf_printf(out, ",\"event\":\"%s\"", event->kind->name);
    for (uint32_t i = 0; i < event->kind->field_count; i++) {
        sy_buf_add_char(out, ',');
        sy_buf_add_json_string(out, sy_str_of(event->kind->fields[i]));
        sy_buf_add_char(out, ':');
        add_json_value(trace, event, i, out);
    }
    sy_buf_add_str(out, SY_STR("}\n"));
}
