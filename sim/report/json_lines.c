/* A JSON line for each case, for programs. */
#include "sim/report/suite.h"

#include <inttypes.h>

static void add_text(sy_buf *out, const char *name, sy_str text)
{
    sy_buf_printf(out, ",\"%s\":", name);
    sy_buf_add_json_string(out, text);
}

void sim_json_lines_write(const sim_suite_case *cases, size_t count, sy_buf *out)
{
    for (size_t i = 0; i < count; i++) {
        const sim_suite_case *item = &cases[i];
        sy_buf_printf(out, "{\"number\":%zu", i + 1);
        add_text(out, "name", item->name);
        add_text(out, "path", item->path);
        add_text(out, "verdict",
                 item->skipped ? SY_STR("skipped") : sy_str_of(sim_verdict_name(item->verdict)));
        sy_buf_printf(out, ",\"wall_ns\":%" PRId64, item->wall_ns);
        add_text(out, "text", item->text);
        sy_buf_add_str(out, SY_STR("}\n"));
    }
}
