/* The shortest text of a double, against the C library's reading and a search over its precisions;
 * and the double of a text. */
#include "core/value/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/support.h"

#define RANDOM_COUNT 1000000

static double double_of(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void assert_text(double value, const char *expected)
{
    char text[SY_REAL_TEXT_SIZE];
    assert_int_equal(sy_real_format(value, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void well_known_values_have_their_text(void **state)
{
    (void)state;
    assert_text(0.0, "0.0");
    assert_text(-0.0, "-0.0");
    assert_text(5, "5.0");
    assert_text(-1.5, "-1.5");
    assert_text(0.1, "0.1");
    assert_text(0.1 + 0.2, "0.30000000000000004");
    assert_text(1e300, "1e+300");
    assert_text(-1.25e-7, "-1.25e-7");
    assert_text(1e23, "1e+23");
    assert_text(9e-5, "0.00009");
    assert_text(9e-6, "9e-6");
    assert_text(1e15, "1000000000000000.0");
    assert_text(1e16, "1e+16");
    assert_text(123456789012345678.0, "1.2345678901234568e+17");
    assert_text(9007199254740993.0, "9007199254740992.0");
    assert_text(5e-324, "5e-324");
    assert_text(2.2250738585072014e-308, "2.2250738585072014e-308");
    assert_text(1.7976931348623157e308, "1.7976931348623157e+308");
    assert_text(5.684341886080802e-14, "5.684341886080802e-14");
}

/* The digits alone, without zeros at either end. */
static int digits_of(const char *text, char out[18])
{
    int count = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9' && (count > 0 || *text != '0')) {
            assert_true(count < 17);
            out[count++] = *text;
        }
    }
    while (count > 0 && out[count - 1] == '0') {
        count--;
    }
    out[count] = '\0';
    return count;
}

static int digit_count(const char *text)
{
    char digits[18];
    return digits_of(text, digits);
}

/* The fewest digits with which the C library's own rounding reads back. */
static int search_digit_count(double value, char out[64])
{
    for (int precision = 0; precision < 17; precision++) {
        (void)snprintf(out, 64, "%.*e", precision, value);
        if (strtod(out, NULL) == value) {
            return digit_count(out);
        }
    }
    return 18;
}

static void assert_shortest(double value)
{
    char text[SY_REAL_TEXT_SIZE];
    char found[64];
    size_t size = sy_real_format(value, text);
    assert_int_equal(size, strlen(text));
    assert_true(size < SY_REAL_TEXT_SIZE);
    double back = strtod(text, NULL);
    assert_memory_equal(&back, &value, sizeof value);
    assert_non_null(strpbrk(text, ".e"));
    int searched = search_digit_count(value, found);
    assert_true(digit_count(text) <= searched);
    if (digit_count(text) == searched) {
        char ours[18];
        char theirs[18];
        digits_of(text, ours);
        digits_of(found, theirs);
        assert_string_equal(ours, theirs); /* of all texts so short the nearest one */
    }
}

static void random_bit_patterns_read_back_and_are_shortest(void **state)
{
    (void)state;
    uint64_t seed = 2026;
    for (int i = 0; i < RANDOM_COUNT; i++) {
        double value = double_of(test_random(&seed));
        if (value - value == 0.0) {
            char text[SY_REAL_TEXT_SIZE];
            (void)sy_real_format(value, text);
            double back = strtod(text, NULL);
            assert_memory_equal(&back, &value, sizeof value);
            if (i % 10 == 0) {
                assert_shortest(value);
            }
        }
    }
}

static void decimals_and_integers_read_back_and_are_shortest(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 50000; i++) {
        double integer = (double)(int64_t)(test_random(&seed) >> (test_random(&seed) % 64));
        assert_shortest(integer);
        assert_shortest(integer / 100);
        assert_shortest(-integer / 1000000);
    }
}

static void every_power_of_two_and_its_neighbours_are_shortest(void **state)
{
    (void)state;
    for (uint64_t exponent = 0; exponent < 2047; exponent++) {
        uint64_t bits = exponent << 52;
        assert_shortest(double_of(bits));
        assert_shortest(double_of(bits + 1));
        assert_shortest(double_of(bits + ((UINT64_C(1) << 52) - 1)));
    }
    for (int bit = 0; bit < 52; bit++) {
        assert_shortest(double_of(UINT64_C(1) << bit));
    }
}

/* Against the C library, which rounds right in the "C" locale. */
static void assert_parsed(const char *text)
{
    double ours = 0;
    double theirs = strtod(text, NULL);
    bool finite = theirs - theirs == 0.0;
    if (sy_real_parse(sy_str_of(text), &ours) != finite) {
        fail_msg("%s: a finite number or not", text);
    }
    if (finite) {
        assert_memory_equal(&ours, &theirs, sizeof ours);
    }
}

static void hard_texts_are_read_to_the_nearest_double(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "0.0e5",
        "1",
        "-1.5",
        "0.1",
        "1e22",
        "1e23",
        "9007199254740993",
        "9007199254740992.99999999999999999999",
        "9007199254740993.00000000000000000001",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1e-400",
        "1e-99999999999",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e309",
        "1e99999999999",
        "0e99999999999",
        "123456789012345678901234567890",
        "+7",
        "8.5e-1",
        "0.000000000000000000000000000000000000000000000000000000000001",
        "179769313486231580793728971405301e276",
        "6.6312368714697e-323",
        "1E5",
        "00012.500"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_parsed(texts[i]);
    }
    char text[2048];
    for (int zeros = 1; zeros < 900; zeros += 37) { /* a tie, decided by a digit far behind */
        int size = snprintf(text, sizeof text, "9007199254740993.%0*d1e0", zeros, 0);
        assert_parsed(text);
        text[size - 3] = '0';
        assert_parsed(text);
    }
    double none = 0;
    static const char *const bad[] = {"",   "-",  ".5",  "5.",  "1e",  "1e+", "1x",
                                      " 1", "1 ", "0x1", "inf", "nan", "--1", "1.5.5"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(sy_real_parse(sy_str_of(bad[i]), &none));
    }
}

static void random_texts_are_read_to_the_nearest_double(void **state)
{
    (void)state;
    uint64_t seed = 77;
    char text[128];
    for (int i = 0; i < 200000; i++) {
        double value = double_of(test_random(&seed));
        if (value - value == 0.0) {
            (void)snprintf(text, sizeof text, "%.*e", (int)(test_random(&seed) % 40), value);
            assert_parsed(text);
        }
        (void)snprintf(text, sizeof text, "%llu.%llue%d",
                       (unsigned long long)test_random(&seed) >> (test_random(&seed) % 64),
                       (unsigned long long)test_random(&seed),
                       (int)(test_random(&seed) % 700) - 350);
        assert_parsed(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_known_values_have_their_text),
        cmocka_unit_test(random_bit_patterns_read_back_and_are_shortest),
        cmocka_unit_test(decimals_and_integers_read_back_and_are_shortest),
        cmocka_unit_test(hard_texts_are_read_to_the_nearest_double),
        cmocka_unit_test(random_texts_are_read_to_the_nearest_double),
        cmocka_unit_test(every_power_of_two_and_its_neighbours_are_shortest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
