/* Calendar times as text, and durations for people. Proleptic Gregorian calendar, no leap seconds,
 * no time zone but UTC. */
#include "core/base/time.h"

#include <stdio.h>

#include "core/base/check.h"

#define DAYS_PER_ERA  INT64_C(146097) /* 400 years */
#define DURATION_MAX  (36500 * SY_DAY)
#define DAYS_TO_EPOCH INT64_C(719468) /* from 0000-03-01 to 1970-01-01 */

typedef struct civil {
    int64_t year;
    int64_t month; /* 1..12 */
    int64_t day;   /* 1..31 */
} civil;

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/* Years are counted from March here, so that the leap day is the last of its year. */
static civil civil_of_days(int64_t days)
{
    int64_t shifted = days + DAYS_TO_EPOCH;
    int64_t era = floor_div(shifted, DAYS_PER_ERA);
    int64_t day_of_era = shifted - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
    return (civil){
        .year = year,
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
}

static int64_t days_of_civil(civil date)
{
    int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

sy_civil sy_civil_of_time(sy_time calendar)
{
    int64_t rest = calendar % SY_DAY + (calendar % SY_DAY < 0 ? SY_DAY : 0);
    civil date = civil_of_days(floor_div(calendar, SY_DAY));
    return (sy_civil){
        .year = (int)date.year,
        .month = (int)date.month,
        .day = (int)date.day,
        .hour = (int)(rest / SY_HOUR),
        .minute = (int)(rest / SY_MINUTE % 60),
        .second = (int)(rest / SY_SECOND % 60),
        .ns = (int)(rest % SY_SECOND),
    };
}

/* The sum of seconds and nanoseconds (0..999999999); false: there is no such time. */
static bool join(int64_t seconds, int64_t ns, sy_time *out)
{
    if (seconds < 0) { /* so that the sum below passes nothing but the result */
        seconds++;
        ns -= SY_SECOND;
    }
    if (seconds < INT64_MIN / SY_SECOND || seconds > INT64_MAX / SY_SECOND ||
        (ns < 0 && seconds * SY_SECOND < INT64_MIN - ns) ||
        (ns > 0 && seconds * SY_SECOND > INT64_MAX - ns)) {
        return false;
    }
    *out = seconds * SY_SECOND + ns;
    return true;
}

sy_time sy_time_of_civil(const sy_civil *taken_apart)
{
    int64_t days = days_of_civil((civil){taken_apart->year, taken_apart->month, taken_apart->day});
    int64_t seconds =
        ((days * 24 + taken_apart->hour) * 60 + taken_apart->minute) * 60 + taken_apart->second;
    sy_time time = 0;
    if (join(seconds, taken_apart->ns, &time)) {
        return time;
    }
    return seconds < 0 ? INT64_MIN : INT64_MAX;
}

/* The last `digits` digits of a number, and what separates it from the next; returns the place
 * after that. */
static char *put_digits(char *at, int value, int digits, char separator)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10) {
        at[i] = (char)('0' + value % 10);
    }
    at[digits] = separator;
    return at + digits + 1;
}

size_t sy_time_format(sy_time calendar, int digits, char out[SY_TIME_TEXT_SIZE])
{
    SY_ASSERT(digits >= 0 && digits <= 9);
    sy_civil at = sy_civil_of_time(calendar);
    char *end = put_digits(out, at.year, 4, '-'); /* 64 bits reach from 1677 to 2262 */
    end = put_digits(end, at.month, 2, '-');
    end = put_digits(end, at.day, 2, 'T');
    end = put_digits(end, at.hour, 2, ':');
    end = put_digits(end, at.minute, 2, ':');
    end = put_digits(end, at.second, 2, digits > 0 ? '.' : 'Z');
    if (digits > 0) {
        for (int unit = (int)(SY_SECOND / 10); digits > 0; digits--, unit /= 10) {
            *end++ = (char)('0' + at.ns / unit % 10);
        }
        *end++ = 'Z';
    }
    *end = '\0';
    return (size_t)(end - out);
}

/* Reads exactly `count` digits. */
static bool read_digits(sy_str text, size_t *at, size_t count, int64_t *out)
{
    int64_t value = 0;
    if (count > text.size - *at) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char c = text.data[*at + i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    *at += count;
    *out = value;
    return true;
}

static bool read_char(sy_str text, size_t *at, char c)
{
    if (*at >= text.size || text.data[*at] != c) {
        return false;
    }
    (*at)++;
    return true;
}

int sy_days_in_month(int year, int month)
{
    civil first = {year, month, 1};
    civil after = {month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1};
    return (int)(days_of_civil(after) - days_of_civil(first));
}

/* "2026-01-01T00:00:00" as seconds since 1970. */
static bool read_date_and_time(sy_str text, size_t *at, int64_t *seconds)
{
    civil date = {0};
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    bool read = read_digits(text, at, 4, &date.year) && read_char(text, at, '-') &&
                read_digits(text, at, 2, &date.month) && read_char(text, at, '-') &&
                read_digits(text, at, 2, &date.day) && read_char(text, at, 'T') &&
                read_digits(text, at, 2, &hour) && read_char(text, at, ':') &&
                read_digits(text, at, 2, &minute) && read_char(text, at, ':') &&
                read_digits(text, at, 2, &second);
    if (!read || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > sy_days_in_month((int)date.year, (int)date.month) || hour > 23 || minute > 59 ||
        second > 59) {
        return false;
    }
    *seconds = days_of_civil(date) * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}

/* ".5", up to nine digits, or nothing, as nanoseconds. */
static bool read_fraction(sy_str text, size_t *at, int64_t *ns)
{
    *ns = 0;
    if (!read_char(text, at, '.')) {
        return true;
    }
    int64_t unit = SY_SECOND;
    int64_t digit = 0;
    size_t count = 0;
    while (count < 9 && read_digits(text, at, 1, &digit)) {
        unit /= 10;
        *ns += digit * unit;
        count++;
    }
    return count > 0;
}

/* "Z" or "+01:30", as seconds to take away. */
static bool read_zone(sy_str text, size_t *at, int64_t *seconds)
{
    *seconds = 0;
    if (read_char(text, at, 'Z')) {
        return true;
    }
    bool east = read_char(text, at, '+');
    int64_t hours = 0;
    int64_t minutes = 0;
    if ((!east && !read_char(text, at, '-')) || !read_digits(text, at, 2, &hours) ||
        !read_char(text, at, ':') || !read_digits(text, at, 2, &minutes) || hours > 23 ||
        minutes > 59) {
        return false;
    }
    *seconds = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
    return true;
}

sy_rc sy_time_parse(sy_str text, sy_time *out, sy_err *err)
{
    size_t at = 0;
    int64_t seconds = 0;
    int64_t ns = 0;
    int64_t zone = 0;
    if (!read_date_and_time(text, &at, &seconds) || !read_fraction(text, &at, &ns) ||
        !read_zone(text, &at, &zone) || at != text.size) {
        return SY_FAIL(err, SY_PARSE, "'%.*s' is not a time like 2026-01-01T00:00:00.000Z",
                       SY_FMT(text));
    }
    if (!join(seconds - zone, ns, out)) {
        return SY_FAIL(err, SY_PARSE, "'%.*s' is out of range: the years 1678 to 2261",
                       SY_FMT(text));
    }
    return SY_OK;
}

sy_time sy_time_truncate(sy_time time, sy_time resolution)
{
    SY_ASSERT(resolution >= 1);
    int64_t quotient = floor_div(time, resolution);
    if (quotient < INT64_MIN / resolution) {
        return INT64_MIN; /* the multiple below is out of range */
    }
    return quotient * resolution;
}

/* "12.4 s": a unit with one digit of its fraction, cut; without it from 100 on and when it is 0. */
static int format_unit(char *out, const char *sign, uint64_t ns, uint64_t unit, const char *name)
{
    uint64_t whole = ns / unit;
    uint64_t tenth = ns % unit * 10 / unit;
    if (whole >= 100 || tenth == 0) {
        return snprintf(out, SY_TIME_TEXT_SIZE, "%s%llu %s", sign, (unsigned long long)whole, name);
    }
    return snprintf(out, SY_TIME_TEXT_SIZE, "%s%llu.%llu %s", sign, (unsigned long long)whole,
                    (unsigned long long)tenth, name);
}

/* "2 h 5 min": two units, the second left out when it is 0. */
static int format_pair(char *out, const char *sign, uint64_t count, uint64_t per,
                       const char *const names[2])
{
    unsigned long long whole = count / per;
    unsigned long long rest = count % per;
    if (rest == 0) {
        return snprintf(out, SY_TIME_TEXT_SIZE, "%s%llu %s", sign, whole, names[0]);
    }
    return snprintf(out, SY_TIME_TEXT_SIZE, "%s%llu %s %llu %s", sign, whole, names[0], rest,
                    names[1]);
}

size_t sy_duration_format(sy_time duration, char out[SY_TIME_TEXT_SIZE])
{
    const char *sign = duration < 0 ? "-" : "";
    uint64_t ns = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
    int size = 0;
    if (ns < (uint64_t)SY_US) {
        size = format_unit(out, sign, ns, 1, "ns");
    } else if (ns < (uint64_t)SY_MS) {
        size = format_unit(out, sign, ns, (uint64_t)SY_US, "us");
    } else if (ns < (uint64_t)SY_SECOND) {
        size = format_unit(out, sign, ns, (uint64_t)SY_MS, "ms");
    } else if (ns < (uint64_t)SY_MINUTE) {
        size = format_unit(out, sign, ns, (uint64_t)SY_SECOND, "s");
    } else if (ns < (uint64_t)SY_HOUR) {
        size =
            format_pair(out, sign, ns / (uint64_t)SY_SECOND, 60, (const char *const[]){"min", "s"});
    } else if (ns < (uint64_t)SY_DAY) {
        size =
            format_pair(out, sign, ns / (uint64_t)SY_MINUTE, 60, (const char *const[]){"h", "min"});
    } else {
        size = format_pair(out, sign, ns / (uint64_t)SY_HOUR, 24, (const char *const[]){"d", "h"});
    }
    return (size_t)size;
}

static void skip_blanks(sy_str text, size_t *at)
{
    while (*at < text.size && text.data[*at] == ' ') {
        (*at)++;
    }
}

/* The unit that stands at `at`; 0: none. */
static sy_time read_unit(sy_str text, size_t *at)
{
    static const struct {
        sy_str name;
        sy_time ns;
    } units[] = {{{"ns", 2}, 1},          {{"us", 2}, SY_US},    {{"ms", 2}, SY_MS},
                 {{"min", 3}, SY_MINUTE}, {{"s", 1}, SY_SECOND}, {{"h", 1}, SY_HOUR},
                 {{"d", 1}, SY_DAY}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const sy_str rest = {text.data + *at, text.size - *at};
        if (sy_str_starts_with(rest, units[i].name)) {
            *at += units[i].name.size;
            return units[i].ns;
        }
    }
    return 0;
}

/* "1.5 s", up to nine digits before the point and after it. */
static bool read_part(sy_str text, size_t *at, sy_time *out)
{
    int64_t whole = 0;
    int64_t digit = 0;
    int64_t billionths = 0;
    size_t count = 0;
    for (; count <= 9 && read_digits(text, at, 1, &digit); count++) {
        whole = whole * 10 + digit;
    }
    if (count == 0 || count > 9 || !read_fraction(text, at, &billionths)) {
        return false;
    }
    skip_blanks(text, at);
    const sy_time unit = read_unit(text, at);
    if (unit == 0 || whole > DURATION_MAX / unit) {
        return false;
    }
    *out = whole * unit + unit / SY_SECOND * billionths + unit % SY_SECOND * billionths / SY_SECOND;
    return true;
}

sy_rc sy_duration_parse(sy_str text, sy_time *out, sy_err *err)
{
    sy_time total = 0;
    size_t at = 0;
    bool good = true;
    skip_blanks(text, &at);
    do {
        sy_time part = 0;
        good = read_part(text, &at, &part) && part <= DURATION_MAX - total;
        total += good ? part : 0;
        skip_blanks(text, &at);
    } while (good && at < text.size);
    if (!good) {
        return SY_FAIL(err, SY_PARSE, "'%.*s' is not a time like 250 ms", SY_FMT(text));
    }
    *out = total;
    return SY_OK;
}
