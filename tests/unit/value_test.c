/* Cells: order, equality, hashes, copies, JSON. */
#include "core/value/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/unit/support.h"

#define TWO_TO_53 INT64_C(9007199254740992)

static void types_have_names_that_lead_back(void **state)
{
    (void)state;
    for (int type = SY_TYPE_BOOL; type <= SY_TYPE_BLOB; type++) {
        assert_int_equal(sy_type_from_name(sy_str_of(sy_type_name((sy_type)type))), type);
    }
    assert_int_equal(sy_type_from_name(SY_STR("row")), SY_TYPE_COUNT);
    assert_int_equal(sy_type_from_name(SY_STR("String")), SY_TYPE_COUNT);
}

/* Ascending; equal neighbours are marked by 'same'. */
typedef struct step {
    sy_value value;
    bool same;
} step;

static void every_pair_of_cells_is_ordered(void **state)
{
    (void)state;
    double huge = 1e308 * 10;
    const step steps[] = {
        {{0}, false},
        {SY_NULL, true},
        {sy_bool(false), false},
        {sy_bool(true), false},
        {sy_real(huge - huge), false},
        {sy_real(-huge), false},
        {sy_real(-9223372036854777856.0), false},
        {sy_real(-9223372036854775808.0), false},
        {sy_int(INT64_MIN), true},
        {sy_int(INT64_MIN + 1), false},
        {sy_real(-0.5), false},
        {sy_real(-0.0), false},
        {sy_int(0), true},
        {sy_real(5e-324), false},
        {sy_int(1), false},
        {sy_real(1.5), false},
        {sy_int(2), false},
        {sy_int(TWO_TO_53), false},
        {sy_real(9007199254740992.0), true},
        {sy_int(TWO_TO_53 + 1), false},
        {sy_real(9007199254740994.0), false},
        {sy_int(INT64_MAX - 1), false},
        {sy_int(INT64_MAX), false},
        {sy_real(9223372036854775808.0), false},
        {sy_real(huge), false},
        {sy_datetime(-1), false},
        {sy_datetime(0), false},
        {sy_cstr(""), false},
        {sy_cstr("A"), false},
        {sy_cstr("a"), false},
        {sy_cstr("ab"), false},
        {sy_cstr("\xC3\xA9"), false},
        {sy_blob(SY_STR("")), false},
        {sy_blob(SY_STR("a")), false},
    };
    int count = (int)(sizeof steps / sizeof steps[0]);
    int ranks[sizeof steps / sizeof steps[0]] = {0};
    for (int i = 1; i < count; i++) {
        ranks[i] = ranks[i - 1] + (steps[i].same ? 0 : 1);
    }
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            const sy_value *a = &steps[i].value;
            const sy_value *b = &steps[j].value;
            int order = sy_value_compare(a, b);
            assert_int_equal((order > 0) - (order < 0),
                             (ranks[i] > ranks[j]) - (ranks[i] < ranks[j]));
            bool equal = ranks[i] == ranks[j] && (ranks[i] > 0 || i == j); /* absent is not null */
            assert_int_equal(sy_value_equal(a, b), equal);
            if (equal) {
                assert_int_equal(sy_value_hash(a, 5), sy_value_hash(b, 5));
            } else {
                assert_int_not_equal(sy_value_hash(a, 5), sy_value_hash(b, 5));
            }
        }
    }
}

static void random_numbers_compare_as_their_exact_values(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int i = 0; i < 100000; i++) {
        int64_t integer = (int64_t)(test_random(&seed) >> (test_random(&seed) % 64));
        integer = test_random(&seed) % 2 == 0 ? integer : -integer;
        double real = (double)integer; /* rounded: exactly an integer, perhaps past the range */
        sy_value a = sy_int(integer);
        sy_value b = sy_real(real);
        int expected = 0;
        if (real >= 9223372036854775808.0) {
            expected = -1;
        } else {
            int64_t whole = (int64_t)real;
            expected = (integer > whole) - (integer < whole);
        }
        assert_int_equal(sy_value_compare(&a, &b), expected);
        assert_int_equal(sy_value_compare(&b, &a), -expected);
    }
}

static void a_copy_outlives_its_original(void **state)
{
    (void)state;
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    char text[] = "milk";
    sy_value value = sy_cstr(text);
    sy_value copy = {0};
    assert_int_equal(sy_value_copy(&value, &arena, &copy), SY_OK);
    text[0] = 's';
    assert_true(sy_str_equal(sy_value_str(&copy), SY_STR("milk")));
    value = sy_int(7);
    assert_int_equal(sy_value_copy(&value, &arena, &copy), SY_OK);
    assert_int_equal(copy.as.integer, 7);
    assert_int_equal(sy_value_str(&copy).size, 0);
    sy_arena_deinit(&arena);
}

static void a_copy_without_memory_says_so(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 1);
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&alloc));
    sy_value value = sy_cstr("milk");
    sy_value copy = {0};
    assert_int_equal(sy_value_copy(&value, &arena, &copy), SY_NOMEM);
    sy_arena_deinit(&arena);
}

static void assert_json(sy_value value, const char *expected)
{
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    sy_value_to_json(&value, &buf);
    sy_buf_add_char(&buf, '\0');
    assert_string_equal(buf.data, expected);
    sy_buf_deinit(&buf);
}

static void cells_become_json(void **state)
{
    (void)state;
    double huge = 1e308 * 10;
    assert_json((sy_value){0}, "null");
    assert_json(SY_NULL, "null");
    assert_json(sy_bool(true), "true");
    assert_json(sy_bool(false), "false");
    assert_json(sy_int(INT64_MAX), "9223372036854775807");
    assert_json(sy_int(INT64_MIN), "-9223372036854775808");
    assert_json(sy_real(5), "5.0");
    assert_json(sy_real(0.1), "0.1");
    assert_json(sy_real(huge), "null");
    assert_json(sy_real(huge - huge), "null");
    assert_json(sy_cstr("a\"b"), "\"a\\\"b\"");
    assert_json(sy_datetime(SY_WORLD_EPOCH), "\"2026-01-01T00:00:00.000Z\"");
    assert_json(sy_datetime(SY_WORLD_EPOCH + 1500), "\"2026-01-01T00:00:00.000001500Z\"");
    assert_json(sy_datetime(SY_WORLD_EPOCH + 2000), "\"2026-01-01T00:00:00.000002Z\"");
    assert_json(sy_blob((sy_str){"\x00\xff\x1a", 3}), "\"00ff1a\"");
    assert_json(sy_row_value(NULL), "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_have_names_that_lead_back),
        cmocka_unit_test(every_pair_of_cells_is_ordered),
        cmocka_unit_test(random_numbers_compare_as_their_exact_values),
        cmocka_unit_test(a_copy_outlives_its_original),
        cmocka_unit_test(a_copy_without_memory_says_so),
        cmocka_unit_test(cells_become_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
