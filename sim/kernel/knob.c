#include "sim/kernel/knob.h"

#include "core/base/time.h"

#include <inttypes.h>

static const struct {
    const char *name;
    const char *suffix; /* may be left out; NULL: a duration */
    int64_t max;
    const char *what;
} units[] = {
    [SIM_UNIT_PER_MILLE] = {"per mille", " per mille", 1000, "in thousandths, 0 to 1000"},
    [SIM_UNIT_NS] = {"time", NULL, 36500 * SY_DAY, "a time like 250ms, from 0 to 100 years"},
    [SIM_UNIT_TIMES] = {"number", "", 1000000000, "a whole number, 0 to 1000000000"},
    [SIM_UNIT_PPM] = {"ppm", " ppm", 1000000, "in millionths, 0 to 1000000"},
};

const char *sim_unit_name(sim_unit unit)
{
    return units[unit].name;
}

int64_t sim_knob_max(const sim_knob *knob)
{
    return units[knob->unit].max;
}

sy_rc sim_knob_check(const sim_knob *knob, int64_t value, sy_err *err)
{
    if (value < 0 || value > sim_knob_max(knob)) {
        return SY_FAIL(err, SY_INVALID, "%s: is %s", knob->name, units[knob->unit].what);
    }
    return SY_OK;
}

/* Digits and nothing else, at most nine and a half of them: -1 for anything else. */
static int64_t read_number(sy_str text)
{
    int64_t value = text.size > 0 && text.size <= 10 ? 0 : -1;
    for (size_t i = 0; i < text.size && value >= 0; i++) {
        const char c = text.data[i];
        value = c >= '0' && c <= '9' ? value * 10 + (c - '0') : -1;
    }
    return value;
}

sy_rc sim_knob_parse(const sim_knob *knob, sy_str text, int64_t *out, sy_err *err)
{
    int64_t value = -1;
    if (knob->unit == SIM_UNIT_NS) {
        sy_err ignored = {0};
        if (sy_str_equal(text, SY_STR("0"))) {
            value = 0;
        } else if (sy_duration_parse(text, &value, &ignored) != SY_OK) {
            value = -1;
        }
    } else {
        const sy_str suffix = sy_str_of(units[knob->unit].suffix);
        if (text.size > suffix.size &&
            sy_str_equal((sy_str){text.data + text.size - suffix.size, suffix.size}, suffix)) {
            text.size -= suffix.size;
        }
        value = read_number(text);
    }
    const sy_rc rc = sim_knob_check(knob, value, err);
    if (rc == SY_OK) {
        *out = value;
    }
    return rc;
}

static void print_duration(int64_t ns, sy_buf *out)
{
    static const struct {
        int64_t ns;
        const char *name;
    } scale[] = {{SY_DAY, "d"}, {SY_HOUR, "h"}, {SY_MINUTE, "min"}, {SY_SECOND, "s"},
                 {SY_MS, "ms"}, {SY_US, "us"},  {1, "ns"}};
    size_t i = 0;
    while (ns % scale[i].ns != 0) {
        i++;
    }
    sy_buf_printf(out, "%" PRId64 " %s", ns / scale[i].ns, scale[i].name);
}

void sim_knob_print(const sim_knob *knob, int64_t value, sy_buf *out)
{
    if (value == 0) {
        sy_buf_add_char(out, '0');
    } else if (knob->unit == SIM_UNIT_NS) {
        print_duration(value, out);
    } else {
        sy_buf_printf(out, "%" PRId64 "%s", value, units[knob->unit].suffix);
    }
}
