/* Well-formed whatever is in the texts: the five special characters become entities, everything
 * that XML 1.0 does not allow (control characters, bytes that are not UTF-8) becomes a question
 * mark. */
#include "sim/report/suite.h"

#include <inttypes.h>

/* Bytes of the UTF-8 sequence at `at`; 0: none that XML allows. */
static size_t sequence_size(sy_str text, size_t at)
{
    unsigned char first = (unsigned char)text.data[at];
    if (first < 0x80) {
        return first >= 0x20 || first == '\n' || first == '\t' ? 1 : 0;
    }
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + size > text.size) {
        return 0;
    }
    uint32_t code = first & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        unsigned char next = (unsigned char)text.data[at + i];
        if ((next & 0xc0u) != 0x80) {
            return 0;
        }
        code = code << 6 | (next & 0x3fu);
    }
    bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    bool refused =
        (code >= 0xd800 && code < 0xe000) || code == 0xfffe || code == 0xffff || code > 0x10ffff;
    return overlong || refused ? 0 : size;
}

static void add_escaped(sy_buf *out, sy_str text)
{
    for (size_t at = 0; at < text.size;) {
        size_t size = sequence_size(text, at);
        char c = text.data[at];
        if (size == 0) {
            sy_buf_add_char(out, '?');
        } else if (c == '&') {
            sy_buf_add_str(out, SY_STR("&amp;"));
        } else if (c == '<') {
            sy_buf_add_str(out, SY_STR("&lt;"));
        } else if (c == '>') {
            sy_buf_add_str(out, SY_STR("&gt;"));
        } else if (c == '"') {
            sy_buf_add_str(out, SY_STR("&quot;"));
        } else if (c == '\'') {
            sy_buf_add_str(out, SY_STR("&apos;"));
        } else {
            sy_buf_add(out, text.data + at, size);
        }
        at += size == 0 ? 1 : size;
    }
}

static void add_attribute(sy_buf *out, const char *name, sy_str value)
{
    sy_buf_printf(out, " %s=\"", name);
    add_escaped(out, value);
    sy_buf_add_char(out, '"');
}

static void add_seconds(sy_buf *out, int64_t ns)
{
    sy_buf_printf(out, " time=\"%" PRId64 ".%06" PRId64 "\"", ns / SY_SECOND,
                  ns % SY_SECOND / SY_US);
}

/* Our own fault, or a scenario that can't be read: an error, as against a failure of what is
 * tested. */
static bool is_error(const sim_suite_case *item)
{
    return item->verdict >= SIM_BAD_SCENARIO;
}

static void add_case(sy_buf *out, const sim_suite_case *item)
{
    sy_buf_add_str(out, SY_STR("  <testcase"));
    add_attribute(out, "classname", item->path);
    add_attribute(out, "name", item->name);
    add_seconds(out, item->wall_ns);
    if (item->skipped) {
        sy_buf_add_str(out, SY_STR(">\n    <skipped/>\n  </testcase>\n"));
        return;
    }
    if (item->verdict == SIM_PASSED) {
        sy_buf_add_str(out, SY_STR("/>\n"));
        return;
    }
    const char *element = is_error(item) ? "error" : "failure";
    sy_buf_printf(out, ">\n    <%s", element);
    add_attribute(out, "message", sy_str_of(sim_verdict_name(item->verdict)));
    sy_buf_add_char(out, '>');
    add_escaped(out, item->text);
    sy_buf_printf(out, "</%s>\n  </testcase>\n", element);
}

void sim_junit_write(const sim_suite_case *cases, size_t count, sy_buf *out)
{
    uint64_t failures = 0;
    uint64_t errors = 0;
    uint64_t skipped = 0;
    int64_t wall_ns = 0;
    for (size_t i = 0; i < count; i++) {
        bool failed = !cases[i].skipped && cases[i].verdict != SIM_PASSED;
        skipped += cases[i].skipped ? 1u : 0u;
        errors += failed && is_error(&cases[i]) ? 1u : 0u;
        failures += failed && !is_error(&cases[i]) ? 1u : 0u;
        wall_ns += cases[i].wall_ns;
    }
    sy_buf_add_str(out, SY_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    sy_buf_printf(out,
                  "<testsuite name=\"syncsim\" tests=\"%" PRIu64 "\" failures=\"%" PRIu64
                  "\" errors=\"%" PRIu64 "\" skipped=\"%" PRIu64 "\"",
                  (uint64_t)count, failures, errors, skipped);
    add_seconds(out, wall_ns);
    sy_buf_add_str(out, SY_STR(">\n"));
    for (size_t i = 0; i < count; i++) {
        add_case(out, &cases[i]);
    }
    sy_buf_add_str(out, SY_STR("</testsuite>\n"));
}
