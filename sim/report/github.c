/* Workflow commands of GitHub Actions: a page shows ten of them, so the ten worst are written. */
#include "sim/report/suite.h"

#include <string.h>

#define ANNOTATION_COUNT_MAX 10u
#define TEXT_SIZE_MAX        2000u

/* `property`: a part before the message, in which ':' and ',' mean something too. */
static void add_escaped(sy_buf *out, sy_str text, bool property)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool special = c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ','));
        if (special) {
            sy_buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
        } else {
            sy_buf_add_char(out, c);
        }
    }
}

static void add_annotation(sy_buf *out, const sim_suite_case *item)
{
    sy_str text = {item->text.data,
                   item->text.size < TEXT_SIZE_MAX ? item->text.size : TEXT_SIZE_MAX};
    sy_buf_add_str(out, SY_STR("::error file="));
    add_escaped(out, item->path, true);
    sy_buf_add_str(out, SY_STR(",line=1,title="));
    add_escaped(out, item->name, true);
    sy_buf_add_str(out, SY_STR("::"));
    add_escaped(out, text, false);
    sy_buf_add_char(out, '\n');
}

void sim_github_write(const sim_suite_case *cases, size_t count, sy_buf *out)
{
    size_t written = 0;
    for (int verdict = SIM_VERDICT_COUNT - 1; verdict > SIM_PASSED; verdict--) {
        for (size_t i = 0; i < count && written < ANNOTATION_COUNT_MAX; i++) {
            if ((int)cases[i].verdict == verdict) {
                add_annotation(out, &cases[i]);
                written++;
            }
        }
    }
}
