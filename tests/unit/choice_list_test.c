#include "sim/kernel/choice_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/support.h"

static const sim_label lost = {.name = "response-lost",
                               .choice_class = SIM_WEATHER,
                               .bound = 2,
                               .key_parts = {"push", "attempt"}};
static const sim_label odd = {.name = "a b%/(=", .choice_class = SIM_WORKLOAD};

static const sim_chosen examples[] = {
    {"phone", "link.down", &lost, {{2, 1, 0, 0}}, 2, 1},
    {"user 1/x", "\xc3\xa9", &odd, {{0, 0, 0, UINT64_MAX}}, 9, 8},
    {"w", "p", &odd, {{0, 0, 0, 0}}, 9, UINT64_MAX},
};

#define EXAMPLE_COUNT (sizeof examples / sizeof examples[0])

static void add_examples(sim_choice_list *list)
{
    sim_choice_list_init(list, sy_alloc_std());
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        assert_int_equal(sim_choice_list_add(list, &examples[i]), SY_OK);
    }
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    sim_choice_list written;
    sim_choice_list read;
    sy_buf text;
    sy_buf again;
    add_examples(&written);
    sim_choice_list_init(&read, sy_alloc_std());
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_init(&again, sy_alloc_std());
    sim_choice_list_write(&written, &text);
    for (const char *at = text.data, *end = text.data + text.size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        assert_non_null(stop);
        sy_str line = {at, (size_t)(stop - at)};
        assert_int_equal(sim_choice_list_read_line(&read, line, NULL), SY_OK);
        at = stop + 1;
    }
    assert_int_equal(read.count, EXAMPLE_COUNT);
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        assert_string_equal(read.items[i].host, examples[i].host);
        assert_string_equal(read.items[i].purpose, examples[i].purpose);
        assert_string_equal(read.items[i].label->name, examples[i].label->name);
        assert_memory_equal(&read.items[i].key, &examples[i].key, sizeof(sim_key));
        assert_int_equal(read.items[i].value, examples[i].value);
    }
    sim_choice_list_write(&read, &again);
    assert_true(sy_str_equal(sy_buf_str(&text), sy_buf_str(&again)));
    sim_choice_list_deinit(&written);
    sim_choice_list_deinit(&read);
    sy_buf_deinit(&text);
    sy_buf_deinit(&again);
}

static void a_line_that_is_no_choice_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *line, *where;
    } bad[] = {
        {"", "column 1:"},
        {"phone link(a 1) = 1", "column 6:"},
        {"phone/link lost(a 1) = ", "column 24:"},
        {"phone/link lost(a 1) = 1 ", "column 25:"},
        {"phone/link lost(a 99999999999999999999) = 1", "column"},
        {"phone/link lost(a 1, b 2, c 3, d 4, e 5) = 1", "column"},
        {"phone/link lo%zzst(a 1) = 1", "column"},
        {"phone/link lo%00st(a 1) = 1", "column"},
    };
    sim_choice_list list;
    sim_choice_list_init(&list, sy_alloc_std());
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_err err = {0};
        sy_rc rc = sim_choice_list_read_line(&list, sy_str_of(bad[i].line), &err);
        assert_int_equal(rc, SY_PARSE);
        assert_non_null(strstr(err.text, bad[i].where));
    }
    assert_int_equal(list.count, 0);
    sim_choice_list_deinit(&list);
}

/* Every draw of a small run, in order. */
static void draw(sim_choice *choice, uint64_t values[40])
{
    static const sim_label row = {.name = "row", .choice_class = SIM_WORKLOAD, .key_parts = {"n"}};
    sim_stream down = sim_stream_of(choice, "phone", "link.down");
    sim_stream user = sim_stream_of(choice, "phone", "user");
    for (uint64_t i = 0; i < 20; i++) {
        values[i] = sim_choose_permille(&down, &lost, SIM_KEY(i, 1), 300) ? 1 : 0;
        values[20 + i] = sim_choose(&user, &row, SIM_KEY(i), 3);
    }
}

static void a_list_alone_makes_the_same_run(void **state)
{
    (void)state;
    uint64_t wild[40];
    uint64_t again[40];
    sim_choice *first = sim_choice_new(sy_alloc_std(), 5, false);
    sim_choice *second = sim_choice_new(sy_alloc_std(), 6, false);
    sim_choice_list list;
    sim_choice_list_init(&list, sy_alloc_std());
    sim_choice_record(first);
    draw(first, wild);
    assert_int_equal(sim_choice_list_take(&list, first), SY_OK);
    assert_in_range(list.count, 10, 35);
    sim_choice_draw_nothing(second);
    assert_int_equal(sim_choice_list_force(&list, second, NULL), SY_OK);
    draw(second, again);
    for (size_t i = 0; i < 40; i++) { /* though the seed is another */
        assert_int_equal(again[i], wild[i]);
    }
    sim_choice_free(first);
    sim_choice_free(second);
    sim_choice_list_deinit(&list);
}

static void copies_survive_the_n_th_allocation_that_fails(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sim_choice_list list;
        sim_choice_list_init(&list, test_alloc_port(&alloc));
        sy_rc rc = sim_choice_list_add(&list, &examples[0]);
        assert_int_equal(rc, test_alloc_failed(&alloc) ? SY_NOMEM : SY_OK);
        sim_choice_list_deinit(&list);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (rc == SY_OK) {
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_line_that_is_no_choice_says_where),
        cmocka_unit_test(a_list_alone_makes_the_same_run),
        cmocka_unit_test(copies_survive_the_n_th_allocation_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
