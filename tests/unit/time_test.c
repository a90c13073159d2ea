/* Times and durations as text. */
#include "core/base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "tests/unit/support.h"

static void assert_format(sy_time time, int digits, const char *expected)
{
    char text[SY_TIME_TEXT_SIZE];
    size_t size = sy_time_format(time, digits, text);
    assert_string_equal(text, expected);
    assert_int_equal(size, strlen(expected));
}

static void times_are_written_in_utc_and_cut_to_the_digits_wanted(void **state)
{
    (void)state;
    assert_format(0, 0, "1970-01-01T00:00:00Z");
    assert_format(SY_WORLD_EPOCH, 3, "2026-01-01T00:00:00.000Z");
    assert_format(SY_WORLD_EPOCH - 1, 3, "2025-12-31T23:59:59.999Z");
    assert_format(SY_WORLD_EPOCH + 123456789, 7, "2026-01-01T00:00:00.1234567Z");
    assert_format(-1, 9, "1969-12-31T23:59:59.999999999Z");
    assert_format(INT64_C(951782400) * SY_SECOND, 0, "2000-02-29T00:00:00Z");
    assert_format(INT64_MAX, 9, "2262-04-11T23:47:16.854775807Z");
    assert_format(INT64_MIN, 9, "1677-09-21T00:12:43.145224192Z");
}

static void assert_parse(const char *text, sy_time expected)
{
    sy_time time = 0;
    assert_int_equal(sy_time_parse(sy_str_of(text), &time, NULL), SY_OK);
    assert_int_equal(time, expected);
}

static void times_are_read_with_fractions_and_offsets(void **state)
{
    (void)state;
    assert_parse("2026-01-01T00:00:00Z", SY_WORLD_EPOCH);
    assert_parse("2026-01-01T00:00:00.5Z", SY_WORLD_EPOCH + SY_SECOND / 2);
    assert_parse("2026-01-01T00:00:00.0000001Z", SY_WORLD_EPOCH + 100);
    assert_parse("2026-01-01T01:30:00+01:30", SY_WORLD_EPOCH);
    assert_parse("2025-12-31T19:00:00.000-05:00", SY_WORLD_EPOCH);
    assert_parse("1969-12-31T23:59:59.999999999Z", -1);
    assert_parse("2262-04-11T23:47:16.854775807Z", INT64_MAX);
    assert_parse("1677-09-21T00:12:43.145224192Z", INT64_MIN);
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "2026",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.0000000001Z",
        "2026-01-01T00:00:00Zx",
        "2026-01-01T00:00:00+1:00",
        "2026-01-01T00:00:00+24:00",
        "-026-01-01T00:00:00Z",
        "2262-04-11T23:47:16.854775808Z",
        "1677-09-21T00:12:43.145224191Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sy_time time = 42;
        sy_err err = {0};
        assert_int_equal(sy_time_parse(sy_str_of(texts[i]), &time, &err), SY_PARSE);
        assert_int_equal(time, 42);
        assert_true(strlen(err.text) > 0);
    }
}

static void any_time_reads_back_and_agrees_with_the_c_library(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 20000; i++) {
        sy_time time = (sy_time)test_random(&seed);
        char text[SY_TIME_TEXT_SIZE];
        sy_str all = {text, sy_time_format(time, 9, text)};
        sy_time back = 0;
        assert_int_equal(sy_time_parse(all, &back, NULL), SY_OK);
        assert_int_equal(back, time);
        time_t seconds = (time_t)(time / SY_SECOND);
        if (time < 0) {
            continue; /* the C library's view is compared after 1970 */
        }
        const struct tm *parts = gmtime(&seconds);
        char expected[SY_TIME_TEXT_SIZE];
        (void)strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S", parts);
        assert_memory_equal(text, expected, 19);
    }
}

static void truncating_goes_towards_the_past(void **state)
{
    (void)state;
    assert_int_equal(sy_time_truncate(1999999, SY_MS), SY_MS);
    assert_int_equal(sy_time_truncate(-1, SY_MS), -SY_MS);
    assert_int_equal(sy_time_truncate(-SY_MS, SY_MS), -SY_MS);
    assert_int_equal(sy_time_truncate(7, 1), 7);
    assert_int_equal(sy_time_truncate(INT64_MIN, SY_DAY), INT64_MIN);
}

static void assert_duration(sy_time duration, const char *expected)
{
    char text[SY_TIME_TEXT_SIZE];
    assert_int_equal(sy_duration_format(duration, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void durations_are_short(void **state)
{
    (void)state;
    assert_duration(0, "0 ns");
    assert_duration(999, "999 ns");
    assert_duration(1500, "1.5 us");
    assert_duration(340 * SY_MS, "340 ms");
    assert_duration(340 * SY_MS + 999999, "340 ms");
    assert_duration(12400 * SY_MS, "12.4 s");
    assert_duration(59 * SY_SECOND + 999 * SY_MS, "59.9 s");
    assert_duration(SY_MINUTE, "1 min");
    assert_duration(SY_MINUTE + 5 * SY_SECOND, "1 min 5 s");
    assert_duration(125 * SY_MINUTE, "2 h 5 min");
    assert_duration(50 * SY_HOUR, "2 d 2 h");
    assert_duration(-125 * SY_MINUTE, "-2 h 5 min");
    assert_duration(INT64_MIN, "-106751 d 23 h");
}

static void durations_are_read_with_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sy_time ns;
    } good[] = {{"250 ms", 250 * SY_MS},
                {"1.5s", 1500 * SY_MS},
                {"0 ns", 0},
                {"1 h 30 min", 90 * SY_MINUTE},
                {" 2 d ", 2 * SY_DAY},
                {"0.25 d", 6 * SY_HOUR},
                {"7us", 7 * SY_US}};
    static const char *const bad[] = {"",    "5",     "ms",         "-1 s",         "1 m",
                                      "1.s", "1e3 s", "40000000 d", "1234567890 s", "1 s x"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        sy_time ns = -1;
        sy_err err;
        assert_int_equal(sy_duration_parse(sy_str_of(good[i].text), &ns, &err), SY_OK);
        assert_int_equal(ns, good[i].ns);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_time ns = -1;
        sy_err err;
        assert_int_equal(sy_duration_parse(sy_str_of(bad[i]), &ns, &err), SY_PARSE);
        assert_int_equal(ns, -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_with_their_units),
        cmocka_unit_test(times_are_written_in_utc_and_cut_to_the_digits_wanted),
        cmocka_unit_test(times_are_read_with_fractions_and_offsets),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(any_time_reads_back_and_agrees_with_the_c_library),
        cmocka_unit_test(truncating_goes_towards_the_past),
        cmocka_unit_test(durations_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
