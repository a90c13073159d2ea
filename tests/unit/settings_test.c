/* tests core/client/settings.c */
#include "core/client/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/store/store_memory.h"

typedef struct settings_fixture {
    sy_arena scratch;
    sy_store_memory *memory;
    sy_settings settings;
} settings_fixture;

static int setup(void **state)
{
    static settings_fixture f;
    sy_arena_init(&f.scratch, sy_alloc_std());
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &f.memory, NULL), SY_OK);
    const sy_store store = sy_store_memory_port(f.memory);
    assert_int_equal(sy_store_define(store, sy_settings_schema(), NULL), SY_OK);
    sy_settings_init(&f.settings, store, &f.scratch);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    settings_fixture *f = *state;
    sy_arena_deinit(&f->scratch);
    sy_store_memory_free(f->memory);
    return 0;
}

static int64_t token(settings_fixture *f, const char *key)
{
    int64_t value = 0;
    assert_int_equal(sy_settings_token(&f->settings, sy_str_of(key), -1, &value, NULL), SY_OK);
    return value;
}

static void tokens_are_kept_exactly(void **state)
{
    settings_fixture *f = *state;
    const int64_t values[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1767225600123456789};
    assert_int_equal(token(f, "t"), -1);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        assert_int_equal(sy_settings_set_token(&f->settings, SY_STR("t"), values[i], NULL), SY_OK);
        assert_true(token(f, "t") == values[i]);
    }
}

static void a_text_that_is_no_number_is_corrupt_as_a_token(void **state)
{
    settings_fixture *f = *state;
    const char *const texts[] = {
        "x", "-", "12x", "9223372036854775808", "-9223372036854775809", "99999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t value = 0;
        sy_err err;
        assert_int_equal(sy_settings_set_text(&f->settings, SY_STR("t"), sy_str_of(texts[i]), NULL),
                         SY_OK);
        assert_int_equal(sy_settings_token(&f->settings, SY_STR("t"), 0, &value, &err), SY_CORRUPT);
    }
}

static void texts_are_kept_and_missing_ones_are_empty(void **state)
{
    settings_fixture *f = *state;
    sy_str text = SY_STR("?");
    assert_int_equal(sy_settings_text(&f->settings, SY_STR("epoch"), &f->scratch, &text, NULL),
                     SY_OK);
    assert_int_equal(text.size, 0);
    assert_int_equal(sy_settings_set_text(&f->settings, SY_STR("epoch"), SY_STR("e1"), NULL),
                     SY_OK);
    assert_int_equal(sy_settings_text(&f->settings, SY_STR("epoch"), &f->scratch, &text, NULL),
                     SY_OK);
    assert_true(sy_str_equal(text, SY_STR("e1")));
}

static void a_prefix_removes_what_begins_with_it_and_nothing_else(void **state)
{
    settings_fixture *f = *state;
    const char *const keys[] = {"deltaToken|todo|a", "deltaToken|todo|b", "deltaToken|todos|a",
                                "x"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(sy_settings_set_token(&f->settings, sy_str_of(keys[i]), 5, NULL), SY_OK);
    }
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    const sy_str prefix = sy_settings_token_key(&arena, SY_STR("todo"), SY_STR(""));
    assert_int_equal(sy_settings_remove_prefix(&f->settings, prefix, NULL), SY_OK);
    sy_arena_deinit(&arena);
    assert_int_equal(token(f, keys[0]), -1);
    assert_int_equal(token(f, keys[1]), -1);
    assert_int_equal(token(f, keys[2]), 5);
    assert_int_equal(sy_settings_remove(&f->settings, SY_STR("x"), NULL), SY_OK);
    assert_int_equal(token(f, "x"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tokens_are_kept_exactly, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_that_is_no_number_is_corrupt_as_a_token, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(texts_are_kept_and_missing_ones_are_empty, setup, teardown),
        cmocka_unit_test_setup_teardown(a_prefix_removes_what_begins_with_it_and_nothing_else,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
