/* The form that is taken for a date is `YYYY-MM-DDTHH:MM:SS[.digits]Z`, of a moment that there is;
 * its fraction is rounded to milliseconds. */
#include "core/client/json_copy.h"

#include <stdio.h>
#include <string.h>

static bool has_form(sy_str text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    const size_t size = sizeof form - 1;
    if (text.size <= size || text.data[text.size - 1] != 'Z') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        const char c = text.data[i];
        if (form[i] == 'd' ? c < '0' || c > '9' : c != form[i]) {
            return false;
        }
    }
    if (text.size > size + 1 && text.data[size] != '.') {
        return false;
    }
    for (size_t i = size + 1; i + 1 < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return true;
}

/* Milliseconds of the fraction that begins at `digits`, rounded half up. */
static int64_t fraction_ms(sy_str digits)
{
    int64_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        value = value * 10 + (i < digits.size ? digits.data[i] - '0' : 0);
    }
    return (value + 5) / 10;
}

/* Any year, by one of the same calendar that a sy_time can hold, `later` years before it. Years
 * before 100 mean 1950 to 2049. */
static bool read_date(sy_str text, int *later, sy_time *out)
{
    static const size_t whole = sizeof "dddd-dd-ddTdd:dd:dd" - 1;
    char shown[sizeof "dddd-dd-ddTdd:dd:ddZ"];
    if (!has_form(text)) {
        return false;
    }
    int year = 0;
    for (size_t i = 0; i < 4; i++) {
        year = year * 10 + (text.data[i] - '0');
    }
    year += year < 50 ? 2000 : year < 100 ? 1900 : 0;
    const int shown_year = 1700 + (year + 300) % 400;
    *later = year - shown_year;
    const int64_t day = (text.data[8] - '0') * 10 + (text.data[9] - '0');
    if (day < 1 || day > 31) {
        return false;
    }
    (void)snprintf(shown, sizeof shown, "%d", shown_year);
    memcpy(shown + 4, text.data + 4, whole - 4);
    memcpy(shown + 8, "01", 2); /* 31 February is 3 March, or 2 */
    const bool midnight = memcmp(shown + 11, "24:00:00", 8) == 0;
    if (midnight) {
        memcpy(shown + 11, "00", 2);
    }
    shown[whole] = 'Z';
    if (sy_time_parse((sy_str){shown, whole + 1}, out, NULL) != SY_OK) {
        return false;
    }
    *out += (day - 1 + midnight) * SY_DAY;
    if (text.size > whole + 2) {
        const sy_str digits = {text.data + whole + 1, text.size - whole - 2};
        *out += fraction_ms(digits) * SY_MS;
    }
    return true;
}

/* Writes JSON's text of a cell that is a date, or a text that is taken for one. 0: it is none. */
static size_t print_date(const sy_value *cell, char out[SY_TIME_TEXT_SIZE])
{
    if (cell->type == SY_TYPE_DATETIME) {
        return sy_time_format(cell->as.integer, 3, out);
    }
    int later = 0;
    sy_time date = 0;
    if (!read_date(sy_value_str(cell), &later, &date)) {
        return 0;
    }
    const size_t size = sy_time_format(date, 3, out);
    int year = later;
    for (size_t i = 0, unit = 1000; i < 4; i++, unit /= 10) {
        year += (out[i] - '0') * (int)unit;
    }
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%04d", year);
    memcpy(out, digits, 4);
    return size;
}

static sy_rc write_cell(sy_arena *arena, sy_str date, bool quoted, sy_value *cell, sy_err *err)
{
    const char *quote = quoted ? "\"" : "";
    const sy_str text = sy_arena_printf(arena, "%s%.*s%s", quote, SY_FMT(date), quote);
    *cell = sy_text(text);
    return text.data == NULL ? sy_fail_nomem(err) : SY_OK;
}

/* The row with its cells of these types (bits) written as JSON's dates, where they are dates. */
static sy_rc rewrite(sy_arena *arena, const sy_row *row, uint32_t types, bool quoted,
                     const sy_row **out, sy_err *err)
{
    sy_row *written = NULL;
    *out = row;
    for (uint32_t i = SY_COLUMN_ID + 1; i < row->schema->column_count; i++) {
        char date[SY_TIME_TEXT_SIZE];
        const bool counts = ((types >> row->cells[i].type) & 1) != 0;
        const size_t size = counts ? print_date(&row->cells[i], date) : 0;
        if (size == 0) {
            continue;
        }
        written = written != NULL ? written : sy_row_shallow(arena, row);
        if (written == NULL) {
            return sy_fail_nomem(err);
        }
        const sy_rc rc = write_cell(arena, (sy_str){date, size}, quoted, &written->cells[i], err);
        if (rc != SY_OK) {
            return rc;
        }
        *out = written;
    }
    return SY_OK;
}

sy_rc sy_json_stored(sy_arena *arena, const sy_row *row, const sy_row **out, sy_err *err)
{
    return rewrite(arena, row, 1u << SY_TYPE_TEXT, true, out, err);
}

sy_rc sy_json_copied(sy_arena *arena, const sy_row *row, bool answered, const sy_row **out,
                     sy_err *err)
{
    const uint32_t dates = 1u << SY_TYPE_DATETIME;
    return rewrite(arena, row, answered ? dates | 1u << SY_TYPE_TEXT : dates, false, out, err);
}
