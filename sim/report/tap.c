/* TAP 14: a line for each case; what a failure says stands below it, as a YAML block of literal
 * lines. */
#include "sim/report/suite.h"

/* A description is one line, and '#' begins a directive. */
static void add_description(sy_buf *out, sy_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '#' || c == '\\') {
            sy_buf_add_char(out, '\\');
        }
        sy_buf_add(out, c == '\n' || c == '\r' ? " " : &text.data[i], 1);
    }
}

static void add_text(sy_buf *out, sy_str text)
{
    while (text.size > 0) {
        sy_str line = sy_str_take_line(&text);
        sy_buf_printf(out, "    %.*s\n", SY_FMT(line));
    }
}

void sim_tap_write(const sim_suite_case *cases, size_t count, sy_buf *out)
{
    sy_buf_printf(out, "TAP version 14\n1..%zu\n", count);
    for (size_t i = 0; i < count; i++) {
        const sim_suite_case *item = &cases[i];
        bool good = item->verdict == SIM_PASSED;
        sy_buf_printf(out, "%s %zu - ", good ? "ok" : "not ok", i + 1);
        add_description(out, item->name);
        sy_buf_add_str(out, item->skipped ? SY_STR(" # SKIP time limit\n") : SY_STR("\n"));
        if (!good) {
            sy_buf_printf(out, "  ---\n  verdict: %s\n  file: ", sim_verdict_name(item->verdict));
            sy_buf_add_json_string(out, item->path);
            sy_buf_add_str(out, SY_STR("\n  text: |\n"));
            add_text(out, item->text);
            sy_buf_add_str(out, SY_STR("  ...\n"));
        }
    }
}
