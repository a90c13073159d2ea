/* Rows as JSON objects: the columns of the table's own in their order, system columns under the
 * names that the generation gives them. Reals always have a point or an exponent, so that they come
 * back as reals. */
#include "core/base/base64.h"
#include "core/base/mutant.h"
#include "core/base/time.h"
#include "core/wire/internal.h"

static void add_cell(sy_buf *out, const sy_wire_format *format, const sy_value *cell)
{
    if (cell->type == SY_TYPE_DATETIME) {
        sy_buf_add_char(out, '"');
        sy_wire_add_time(out, format->time,
                         SY_MUTANT(TICKS_CUT) ? sy_time_truncate(cell->as.integer, SY_MS)
                                              : cell->as.integer);
        sy_buf_add_char(out, '"');
    } else if (cell->type == SY_TYPE_BLOB) {
        sy_buf_add_char(out, '"');
        sy_base64_write(sy_value_str(cell), out);
        sy_buf_add_char(out, '"');
    } else {
        sy_value_to_json(cell, out);
    }
}

bool sy_wire_add_member(sy_buf *out, const sy_wire_format *format, const sy_row *row, uint32_t at,
                        char separator)
{
    const sy_str name =
        at >= SY_SYSTEM_COUNT ? row->schema->columns[at].name : sy_str_of(format->system_names[at]);
    if (row->cells[at].type == SY_TYPE_ABSENT || name.size == 0) {
        return false;
    }
    sy_buf_add_char(out, separator);
    sy_buf_add_json_string(out, name);
    sy_buf_add_char(out, ':');
    add_cell(out, format, &row->cells[at]);
    return true;
}

void sy_wire_add_row(sy_buf *out, const sy_wire_format *format, const sy_row *row)
{
    char separator = '{';
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        if (sy_wire_add_member(out, format, row, i, separator)) {
            separator = ',';
        }
    }
    sy_buf_add_str(out, separator == '{' ? SY_STR("{}") : SY_STR("}"));
}
