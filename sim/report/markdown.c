/* A summary that a page of a CI run shows: what passed is a number, what failed a section to
 * unfold. */
#include "sim/report/suite.h"

#include <inttypes.h>
#include <string.h>

#define FAILURE_COUNT_MAX 50u /* a summary has a limit of size */

static void add_escaped(sy_buf *out, sy_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '<') {
            sy_buf_add_str(out, SY_STR("&lt;"));
        } else if (c == '&') {
            sy_buf_add_str(out, SY_STR("&amp;"));
        } else {
            sy_buf_add(out, c == '\r' ? " " : &text.data[i], 1);
        }
    }
}

static void add_failure(sy_buf *out, const sim_suite_case *item)
{
    sy_buf_add_str(out, SY_STR("\n<details><summary><b>"));
    add_escaped(out, item->name);
    sy_buf_printf(out, "</b> (%s, ", sim_verdict_name(item->verdict));
    add_escaped(out, item->path);
    sy_buf_add_str(out, SY_STR(")</summary>\n<pre>\n"));
    add_escaped(out, item->text);
    sy_buf_add_str(out, SY_STR("</pre>\n</details>\n"));
}

void sim_markdown_write(const sim_suite_case *cases, size_t count, sy_buf *out)
{
    size_t failed = 0;
    size_t skipped = 0;
    for (size_t i = 0; i < count; i++) {
        failed += cases[i].verdict != SIM_PASSED ? 1 : 0;
        skipped += cases[i].skipped ? 1 : 0;
    }
    sy_buf_printf(
        out,
        "### syncsim: %s\n\n| passed | failed | skipped |\n|---:|---:|---:|\n| %zu | %zu | %zu |\n",
        failed > 0 ? "failures" : "all good", count - failed - skipped, failed, skipped);
    size_t shown = 0;
    for (size_t i = 0; i < count && shown < FAILURE_COUNT_MAX; i++) {
        if (cases[i].verdict != SIM_PASSED) {
            add_failure(out, &cases[i]);
            shown++;
        }
    }
    if (failed > shown) {
        sy_buf_printf(out, "\nand %zu more\n", failed - shown);
    }
}
