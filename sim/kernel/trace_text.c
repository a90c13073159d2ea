/* An event as a line: JSON for programs, a sentence of sorts for people. Integers only; the same
 * bytes everywhere. */
#include "sim/kernel/events.h"
#include "sim/kernel/trace.h"

#include <inttypes.h>
#include <string.h>

#define HOST_WIDTH 10
#define KIND_WIDTH 12

/* `from` and `to` of a message are host indices in the trace and names in a line. */
static bool is_host(const sy_event_kind *kind, uint32_t field)
{
    return (kind == &sim_event_depart || kind == &sim_event_arrive) && (field == 1 || field == 2);
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

/* Says nothing to a person: none, nothing, no row. */
static bool is_silent(const sy_value *value)
{
    return sy_value_missing(value) || (value->type == SY_TYPE_TEXT && value->size == 0) ||
           (value->type == SY_TYPE_ROW && value->as.row == NULL);
}

static bool is_plain(sy_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c <= ' ' || c == '"' || c == ',' || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static void add_text_value(const sim_trace *trace, const sim_event *event, uint32_t field,
                           sy_buf *out)
{
    const sy_value *value = &event->fields[field];
    if (is_host(event->kind, field)) {
        sy_buf_add_str(out, host_name(trace, value));
    } else if (value->type == SY_TYPE_TEXT && is_plain(sy_value_str(value))) {
        sy_buf_add_str(out, sy_value_str(value));
    } else {
        add_json_value(trace, event, field, out);
    }
}

void sim_event_to_text(const sim_trace *trace, const sim_event *event, sy_buf *out)
{
    sy_buf_printf(out, "%6" PRId64 ".%06" PRId64 " s  %-*s %-*s", event->time / SY_SECOND,
                  event->time % SY_SECOND / SY_US, HOST_WIDTH, sim_trace_host(trace, event->host),
                  KIND_WIDTH, event->kind->name);
    const char *separator = " ";
    for (uint32_t i = 0; i < event->kind->field_count; i++) {
        if (is_silent(&event->fields[i])) {
            continue;
        }
        sy_buf_printf(out, "%s%s ", separator, event->kind->fields[i]);
        add_text_value(trace, event, i, out);
        separator = ", ";
    }
    sy_buf_add_char(out, '\n');
}
