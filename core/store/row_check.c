/* Checks at the door of a store. A cell whose column the table lacks must be absent or null. */
#include "core/store/row_check.h"

#include <string.h>

#define REAL_EXPONENT UINT64_C(0x7ff0000000000000)

static bool is_finite(double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    return (bits & REAL_EXPONENT) != REAL_EXPONENT;
}

bool sy_fits_real(const sy_value *cell)
{
    return cell->type == SY_TYPE_REAL ? is_finite(cell->as.real) : cell->type == SY_TYPE_INT;
}

static sy_rc refuse_cell(const sy_schema *schema, uint32_t column, const sy_value *cell,
                         sy_err *err)
{
    const sy_column *is = &schema->columns[column];
    if (!sy_schema_has_column(schema, column)) {
        return SY_FAIL(err, SY_SCHEMA, "table %.*s has no column '%.*s'", SY_FMT(schema->name),
                       SY_FMT(sy_system_column_name((sy_system_column)column)));
    }
    if (cell->type == SY_TYPE_REAL && is->type == SY_TYPE_REAL) {
        return SY_FAIL(err, SY_SCHEMA, "column %.*s.%.*s: the number is not finite",
                       SY_FMT(schema->name), SY_FMT(is->name));
    }
    return SY_FAIL(err, SY_SCHEMA, "column %.*s.%.*s is %s, the value is %s", SY_FMT(schema->name),
                   SY_FMT(is->name), sy_type_name(is->type), sy_type_name((sy_type)cell->type));
}

sy_rc sy_row_check(const sy_row *row, sy_err *err)
{
    const sy_schema *schema = row->schema;
    if (row->cells[SY_COLUMN_ID].type != SY_TYPE_TEXT) {
        return SY_FAIL(err, SY_SCHEMA, "a row of table %.*s has no id", SY_FMT(schema->name));
    }
    for (uint32_t column = 1; column < schema->column_count; column++) {
        const sy_value *cell = &row->cells[column];
        if (cell->type <= SY_TYPE_NULL) {
            continue;
        }
        sy_type want = schema->columns[column].type;
        bool fits = want == SY_TYPE_REAL ? sy_fits_real(cell) : cell->type == (uint32_t)want;
        fits = fits || (cell->type == SY_TYPE_TEXT && sy_schema_takes_text(schema, want));
        bool has = column >= SY_SYSTEM_COUNT || ((schema->system >> column) & 1) != 0;
        if (!fits || !has) {
            return refuse_cell(schema, column, cell, err);
        }
    }
    return SY_OK;
}

sy_rc sy_schema_check_within(const sy_schema *schema, const sy_schema *table, sy_err *err)
{
    for (uint32_t column = 0; column < schema->column_count; column++) {
        if (!sy_schema_has_column(schema, column)) {
            continue;
        }
        const sy_column *is = &schema->columns[column];
        int at = sy_schema_find(table, is->name);
        if (at < 0) {
            return SY_FAIL(err, SY_SCHEMA, "table %.*s has no column '%.*s'", SY_FMT(table->name),
                           SY_FMT(is->name));
        }
        if (table->columns[at].type != is->type) {
            return SY_FAIL(err, SY_SCHEMA, "column %.*s.%.*s is %s, not %s", SY_FMT(table->name),
                           SY_FMT(is->name), sy_type_name(table->columns[at].type),
                           sy_type_name(is->type));
        }
    }
    return SY_OK;
}
