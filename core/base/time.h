/* Time: signed 64-bit nanoseconds. A *virtual* time counts from the start of the run; a *calendar*
 * time counts from 1970-01-01T00:00:00Z and is what a host's clock shows and what datetime cells
 * hold. */
#ifndef SY_BASE_TIME_H
#define SY_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

typedef int64_t sy_time;

#define SY_US       INT64_C(1000)
#define SY_MS       INT64_C(1000000)
#define SY_SECOND   INT64_C(1000000000)
#define SY_MINUTE   (60 * SY_SECOND)
#define SY_HOUR     (60 * SY_MINUTE)
#define SY_DAY      (24 * SY_HOUR)
#define SY_TIME_MAX INT64_MAX

/* 2026-01-01T00:00:00Z: the calendar time at virtual time 0. */
#define SY_WORLD_EPOCH (INT64_C(1767225600) * SY_SECOND)

#define SY_TIME_TEXT_SIZE 40

/* "2026-01-01T00:00:00.000Z" with `digits` (0..9) of the fraction, truncated. Returns bytes
 * written. */
size_t sy_time_format(sy_time calendar, int digits, char out[SY_TIME_TEXT_SIZE]);
/* Reads that form with any number of fraction digits up to 9, `Z` or an offset. */
sy_rc sy_time_parse(sy_str text, sy_time *out, sy_err *err);
/* A calendar time taken apart; and put together again, cut to the first or last time that there is.
 * Fields are in their ranges; a day that the month has not is one of
 * the next month, hour 24 one of the next day. */
typedef struct sy_civil {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
    int hour;
    int minute;
    int second;
    int ns;
} sy_civil;

sy_civil sy_civil_of_time(sy_time calendar);
sy_time sy_time_of_civil(const sy_civil *taken_apart);
int sy_days_in_month(int year, int month);
/* Rounds towards the past to a multiple of `resolution` (>= 1). */
sy_time sy_time_truncate(sy_time time, sy_time resolution);
/* "340 ms", "12.4 s", "2 h 5 min": for people. */
size_t sy_duration_format(sy_time duration, char out[SY_TIME_TEXT_SIZE]);
/* "250 ms", "1.5s", "1 h 30 min": one or more parts, each with its unit (ns us ms s min h d), at
 * most 100 years in all. SY_PARSE for anything else. */
sy_rc sy_duration_parse(sy_str text, sy_time *out, sy_err *err);

#endif
