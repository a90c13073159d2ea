/* Cells as JSON. */
#include "core/value/value.h"

#include <inttypes.h>

#include "core/base/check.h"
#include "core/value/row.h"

static void add_datetime(sy_time time, sy_buf *out)
{
    char text[SY_TIME_TEXT_SIZE];
    int digits = time % SY_MS == 0 ? 3 : time % SY_US == 0 ? 6 : 9;
    size_t size = sy_time_format(time, digits, text);
    sy_buf_add_char(out, '"');
    sy_buf_add(out, text, size);
    sy_buf_add_char(out, '"');
}

static void add_hex(sy_str bytes, sy_buf *out)
{
    static const char digits[] = "0123456789abcdef";
    sy_buf_add_char(out, '"');
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        sy_buf_add_char(out, digits[byte >> 4]);
        sy_buf_add_char(out, digits[byte & 15]);
    }
    sy_buf_add_char(out, '"');
}

/* JSON has no word for NaN and the infinities. */
static void add_real(double real, sy_buf *out)
{
    char text[SY_REAL_TEXT_SIZE];
    if (real - real != 0.0) {
        sy_buf_add_str(out, SY_STR("null"));
        return;
    }
    size_t size = sy_real_format(real, text);
    sy_buf_add(out, text, size);
}

void sy_value_to_json(const sy_value *value, sy_buf *out)
{
    switch ((sy_type)value->type) {
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
        sy_buf_add_str(out, SY_STR("null"));
        return;
    case SY_TYPE_BOOL:
        sy_buf_add_str(out, value->as.integer != 0 ? SY_STR("true") : SY_STR("false"));
        return;
    case SY_TYPE_INT:
        sy_buf_printf(out, "%" PRId64, value->as.integer);
        return;
    case SY_TYPE_REAL:
        add_real(value->as.real, out);
        return;
    case SY_TYPE_TEXT:
        sy_buf_add_json_string(out, sy_value_str(value));
        return;
    case SY_TYPE_DATETIME:
        add_datetime(value->as.integer, out);
        return;
    case SY_TYPE_BLOB:
        add_hex(sy_value_str(value), out);
        return;
    case SY_TYPE_ROW:
        sy_row_to_json(value->as.row, out);
        return;
    case SY_TYPE_COUNT:
        break;
    }
    SY_UNREACHABLE();
}
