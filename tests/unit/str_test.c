/* Strings, the growing text, errors. */
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/base/err.h"
#include "tests/unit/support.h"

static void comparison_is_by_bytes_and_a_prefix_comes_first(void **state)
{
    (void)state;
    assert_true(sy_str_compare(SY_STR("a"), SY_STR("ab")) < 0);
    assert_true(sy_str_compare(SY_STR("b"), SY_STR("ab")) > 0);
    assert_true(sy_str_compare(SY_STR("Z"), SY_STR("a")) < 0);
    assert_true(sy_str_compare(SY_STR("z"), SY_STR("\xC3\xA9")) < 0);
    assert_int_equal(sy_str_compare((sy_str){NULL, 0}, SY_STR("")), 0);
    assert_true(sy_str_equal((sy_str){NULL, 0}, SY_STR("")));
    assert_false(sy_str_equal(SY_STR("a"), SY_STR("A")));
    assert_true(sy_str_equal_nocase(SY_STR("aZ_9"), SY_STR("Az_9")));
    assert_false(sy_str_equal_nocase(SY_STR("["), SY_STR("{")));
    assert_true(sy_str_starts_with(SY_STR("milk"), SY_STR("")));
    assert_true(sy_str_starts_with(SY_STR("milk"), SY_STR("mil")));
    assert_false(sy_str_starts_with(SY_STR("mil"), SY_STR("milk")));
}

static void assert_json(sy_str text, const char *expected)
{
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    sy_buf_add_json_string(&buf, text);
    sy_buf_add_char(&buf, '\0');
    assert_string_equal(buf.data, expected);
    sy_buf_deinit(&buf);
}

static void json_strings_are_escaped_and_always_utf8(void **state)
{
    (void)state;
    assert_json(SY_STR(""), "\"\"");
    assert_json(SY_STR("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
    assert_json(SY_STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
    assert_json((sy_str){"\0\x1f\x7f", 3}, "\"\\u0000\\u001f\x7f\"");
    assert_json(SY_STR("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8D\x8E"),
                "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8D\x8E\"");
    assert_json(SY_STR("x\xFFy"), "\"x\xEF\xBF\xBDy\"");
    assert_json(SY_STR("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_json(SY_STR("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_json(SY_STR("\xF4\x90\x80\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_json(SY_STR("a\xE2\x82"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void a_buffer_grows_and_keeps_what_it_has(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_buf buf;
    sy_buf_init(&buf, test_alloc_port(&alloc));
    for (int i = 0; i < 1000; i++) {
        sy_buf_printf(&buf, "%d,", i);
        sy_buf_add_str(&buf, SY_STR("x"));
        sy_buf_add_char(&buf, ';');
    }
    assert_false(buf.failed);
    assert_int_equal(buf.size, 10 * 4 + 90 * 5 + 900 * 6);
    assert_memory_equal(buf.data + buf.size - 6, "999,x;", 6);
    sy_buf_clear(&buf);
    assert_int_equal(sy_buf_str(&buf).size, 0);
    sy_buf_deinit(&buf);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void a_failed_append_sticks_until_the_buffer_is_cleared(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 2);
    sy_buf buf;
    sy_buf_init(&buf, test_alloc_port(&alloc));
    sy_buf_add_str(&buf, SY_STR("milk"));
    char large[200];
    memset(large, 'x', sizeof large);
    sy_buf_add(&buf, large, sizeof large);
    assert_true(buf.failed);
    sy_buf_add_str(&buf, SY_STR("more"));
    assert_int_equal(buf.size, 4);
    sy_buf_clear(&buf);
    sy_buf_add(&buf, large, sizeof large);
    assert_false(buf.failed);
    assert_int_equal(buf.size, sizeof large);
    sy_buf_deinit(&buf);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void every_code_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int rc = 0; rc < SY_RC_COUNT; rc++) {
        for (int other = 0; other < rc; other++) {
            assert_string_not_equal(sy_rc_name((sy_rc)other), sy_rc_name((sy_rc)rc));
        }
    }
    assert_string_equal(sy_rc_name(SY_PUSH_FAILED), "push_failed");
}

static void an_error_is_wrapped_from_the_inside_out(void **state)
{
    (void)state;
    sy_err err = {0};
    assert_int_equal(SY_FAIL(&err, SY_NETWORK, "link %s is down", "phone"), SY_NETWORK);
    assert_int_equal(sy_err_wrap(&err, SY_NETWORK, "push %s/%d", "orders", 7), SY_NETWORK);
    assert_string_equal(err.text, "push orders/7: link phone is down");
    assert_int_equal(err.rc, SY_NETWORK);
    assert_int_equal(SY_FAIL(NULL, SY_IO, "x"), SY_IO);
    assert_int_equal(sy_err_wrap(NULL, SY_IO, "x"), SY_IO);
    for (int i = 0; i < 50; i++) {
        (void)sy_err_wrap(&err, SY_NETWORK, "deeper");
    }
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void lines_are_taken_one_by_one(void **state)
{
    (void)state;
    sy_str rest = SY_STR("one\n\nthree");
    assert_true(sy_str_equal(sy_str_take_line(&rest), SY_STR("one")));
    assert_true(sy_str_equal(sy_str_take_line(&rest), SY_STR("")));
    assert_true(sy_str_equal(sy_str_take_line(&rest), SY_STR("three")));
    assert_int_equal(rest.size, 0);
    assert_int_equal(sy_str_take_line(&rest).size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_taken_one_by_one),
        cmocka_unit_test(comparison_is_by_bytes_and_a_prefix_comes_first),
        cmocka_unit_test(json_strings_are_escaped_and_always_utf8),
        cmocka_unit_test(a_buffer_grows_and_keeps_what_it_has),
        cmocka_unit_test(a_failed_append_sticks_until_the_buffer_is_cleared),
        cmocka_unit_test(every_code_has_a_name_of_its_own),
        cmocka_unit_test(an_error_is_wrapped_from_the_inside_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
