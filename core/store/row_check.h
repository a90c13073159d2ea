/* What every store refuses to keep, so that all of them refuse the same. */
#ifndef SY_STORE_ROW_CHECK_H
#define SY_STORE_ROW_CHECK_H

#include "core/value/row.h"

/* The cell is a number that may stand in a column of reals. */
bool sy_fits_real(const sy_value *cell);

/* The id is a text; each cell is absent, null, or of its column's type. An integer may stand in a
 * column of reals, and in a loose schema a text. Not-a-number and infinities are refused. SY_SCHEMA
 * names the column. */
sy_rc sy_row_check(const sy_row *row, sy_err *err);

/* Every column of `schema` is in `table`, with the same type. SY_SCHEMA names the first that is
 * not. */
sy_rc sy_schema_check_within(const sy_schema *schema, const sy_schema *table, sy_err *err);

#endif
