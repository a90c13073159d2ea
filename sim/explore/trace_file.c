/* Only the first and the last line are read as JSON: events are compared as they stand, and the sum
 * over them says whether they are still what was written. */
#include "sim/explore/trace_file.h"

#include "core/base/hash.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define HEAD "{\"trace\":"
#define TAIL "{\"events\":"

void sim_trace_sum_add(sim_trace_sum *sum, sy_str line)
{
    sum->events++;
    sum->hash = sy_hash(line.data, line.size, sum->hash);
}

void sim_trace_head_write(const sim_reproduction *of, sy_buf *out)
{
    sy_buf text;
    sy_buf_init(&text, out->alloc);
    sim_reproduction_write(of, &text);
    sy_buf_add_str(out, SY_STR(HEAD "1,\"of\":"));
    sy_buf_add_json_string(out, sy_buf_str(&text));
    sy_buf_add_str(out, SY_STR("}\n"));
    out->failed = out->failed || text.failed;
    sy_buf_deinit(&text);
}

void sim_trace_tail_write(const sim_trace_sum *sum, bool whole, sy_buf *out)
{
    sy_buf_printf(out, TAIL "%" PRIu64 ",\"sum\":\"%016" PRIx64 "\",\"whole\":%s}\n", sum->events,
                  sum->hash, whole ? "true" : "false");
}

bool sim_is_trace(sy_str text)
{
    return sy_str_starts_with(text, SY_STR(HEAD));
}

void sim_trace_file_deinit(sim_trace_file *file)
{
    sim_reproduction_deinit(&file->of);
}

static sy_rc read_head(sy_str line, sy_alloc alloc, sim_trace_file *out, sy_err *err)
{
    json_t *head = json_loadb(line.data, line.size, 0, NULL);
    const char *of = json_string_value(json_object_get(head, "of"));
    sy_rc rc = SY_OK;
    if (json_integer_value(json_object_get(head, "trace")) != 1 || of == NULL) {
        rc = SY_FAIL(err, SY_PARSE, "line 1: not the head of a trace of this version");
    } else {
        rc = sim_reproduction_read(sy_str_of(of), alloc, &out->of, err);
        rc = rc == SY_OK ? rc : sy_err_wrap(err, rc, "line 1");
    }
    json_decref(head);
    return rc;
}

/* What the last line says must be so. */
static sy_rc read_tail(sy_str line, const sim_trace_sum *sum, sim_trace_file *out, sy_err *err)
{
    json_t *tail = json_loadb(line.data, line.size, 0, NULL);
    const char *said = json_string_value(json_object_get(tail, "sum"));
    const json_int_t events = json_integer_value(json_object_get(tail, "events"));
    char own[24];
    (void)snprintf(own, sizeof own, "%016" PRIx64, sum->hash);
    sy_rc rc = SY_OK;
    if (said == NULL) {
        rc = SY_FAIL(err, SY_PARSE, "line %" PRIu64 ": not the end of a trace", sum->events + 2);
    } else if ((uint64_t)events != sum->events || strcmp(own, said) != 0) {
        rc = SY_FAIL(err, SY_PARSE,
                     "the trace was changed: its end tells of %" PRId64
                     " other events than the %" PRIu64 " that stand before it",
                     (int64_t)events, sum->events);
    }
    out->whole = json_is_true(json_object_get(tail, "whole"));
    json_decref(tail);
    return rc;
}

sy_rc sim_trace_file_read(sy_str text, sy_alloc alloc, sim_trace_file *out, sy_err *err)
{
    *out = (sim_trace_file){.whole = false};
    const bool ends = text.size > 0 && text.data[text.size - 1] == '\n';
    sy_rc rc = read_head(sy_str_take_line(&text), alloc, out, err);
    sim_trace_sum sum = {0};
    out->events = (sy_str){text.data, 0};
    while (rc == SY_OK && text.size > 0) {
        const char *begin = text.data;
        const sy_str line = sy_str_take_line(&text);
        if (!ends && text.size == 0) {
            break;
        }
        if (sy_str_starts_with(line, SY_STR(TAIL)) && text.size == 0) {
            out->event_count = sum.events;
            return read_tail(line, &sum, out, err);
        }
        if (!sy_str_starts_with(line, SY_STR("{\"time\":"))) {
            return SY_FAIL(err, SY_PARSE, "line %" PRIu64 ": not an event of a trace",
                           sum.events + 2);
        }
        out->events.size += (size_t)(text.data - begin);
        sim_trace_sum_add(&sum, (sy_str){begin, (size_t)(text.data - begin)});
    }
    return rc != SY_OK
               ? rc
               : SY_FAIL(err, SY_PARSE, "the trace has no end: it was cut off after event %" PRIu64,
                         sum.events);
}
