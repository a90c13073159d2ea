#include "sim/run/weather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/unit/support.h"

static void every_knob_has_a_name_of_its_own_and_a_range(void **state)
{
    (void)state;
    const sim_knob *knob = NULL;
    for (size_t i = 0; (knob = sim_weather_knob(i)) != NULL; i++) {
        sy_err err;
        assert_int_equal(strspn(knob->name, "abcdefghijklmnopqrstuvwxyz-."), strlen(knob->name));
        assert_non_null(strchr(knob->name, '.'));
        assert_null(strchr(strchr(knob->name, '.') + 1, '.'));
        assert_true(knob->what[0] != '\0');
        assert_true(knob->strong_min <= knob->strong_max);
        assert_int_equal(sim_knob_check(knob, knob->strong_min, &err), SY_OK);
        assert_int_equal(sim_knob_check(knob, knob->strong_max, &err), SY_OK);
        size_t found = SIZE_MAX;
        assert_int_equal(sim_weather_find(sy_str_of(knob->name), &found, &err), SY_OK);
        assert_int_equal(found, i);
    }
}

static void a_dial_is_set_by_name_and_printed_as_it_is_read(void **state)
{
    (void)state;
    sim_weather weather = {0};
    sim_weather again = {0};
    sy_err err;
    const sim_knob *knob = NULL;
    for (size_t i = 0; (knob = sim_weather_knob(i)) != NULL; i++) {
        sim_weather_put(&weather, i, knob->unit == SIM_UNIT_NS ? 90 * SY_SECOND : 7);
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_weather_print(&weather, "\n", &text);
    sy_str rest = sy_buf_str(&text);
    while (rest.size > 0) {
        assert_int_equal(sim_weather_set_line(&again, sy_str_take_line(&rest), &err), SY_OK);
    }
    assert_memory_equal(&weather, &again, sizeof weather);
    sy_buf_deinit(&text);
}

static void what_is_no_dial_or_no_value_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *text;
    } cases[] = {
        {"net.requst-lost=3", "unknown knob 'net.requst-lost'; did you mean 'net.request-lost'?"},
        {"net.request-lost=1001", "net.request-lost: is in thousandths, 0 to 1000"},
        {"net.request-lost=", "net.request-lost: is in thousandths, 0 to 1000"},
        {"net.request-lost=-1", "net.request-lost: is in thousandths, 0 to 1000"},
        {"net.latency=5", "net.latency: is a time like 250ms, from 0 to 100 years"},
        {"net.latency=-5ms", "net.latency: is a time like 250ms, from 0 to 100 years"},
        {"net.latency", "'net.latency' is not like net.request-lost=30"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sim_weather weather = {0};
        sim_weather calm = {0};
        sy_err err;
        assert_int_not_equal(sim_weather_set_line(&weather, sy_str_of(cases[i].line), &err), SY_OK);
        assert_string_equal(err.text, cases[i].text);
        assert_memory_equal(&weather, &calm, sizeof weather);
    }
}

static void every_profile_is_made_of_dials(void **state)
{
    (void)state;
    const sim_weather_profile *profile = NULL;
    for (size_t i = 0; (profile = sim_weather_profile_at(i)) != NULL; i++) {
        sim_weather weather = {0};
        sim_weather_profile_apply(profile, &weather); /* asserts that each line is one */
        assert_ptr_equal(sim_weather_profile_find(sy_str_of(profile->name)), profile);
    }
}

static void ask(sim_weather_asked *asked, uint64_t seed, sim_weather *weather)
{
    sim_choice *choice = sim_choice_new(sy_alloc_std(), seed, false);
    sim_weather_answer(asked, choice, weather);
    sim_choice_free(choice);
}

static void what_is_set_wins_over_swarm_and_leaves_the_rest(void **state)
{
    (void)state;
    sy_err err;
    size_t lost = 0;
    size_t on = 0;
    sim_weather_asked asked = {0};
    sim_weather_asked set = {0};
    assert_int_equal(sim_weather_ask(&asked, SY_STR("swarm"), &err), SY_OK);
    set = asked;
    assert_int_equal(sim_weather_ask_set(&set, SY_STR("net.request-lost=0"), &err), SY_OK);
    assert_int_equal(sim_weather_find(SY_STR("net.request-lost"), &lost, &err), SY_OK);
    for (uint64_t seed = 1; seed <= 100; seed++) {
        sim_weather all = {0};
        sim_weather again = {0};
        sim_weather without = {0};
        ask(&asked, seed, &all);
        ask(&asked, seed, &again);
        ask(&set, seed, &without);
        assert_memory_equal(&all, &again, sizeof all);
        on += sim_weather_get(&all, lost) != 0 ? 1 : 0;
        assert_int_equal(sim_weather_get(&without, lost), 0);
        sim_weather_put(&without, lost, sim_weather_get(&all, lost));
        assert_memory_equal(&all, &without, sizeof all);
    }
    assert_true(on > 15 && on < 60);
}

static void swarm_draws_inside_the_range_and_no_breach_unless_asked(void **state)
{
    (void)state;
    sim_weather_asked asked = {.swarm = true};
    const sim_knob *knob = NULL;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        sim_weather weather = {0};
        ask(&asked, seed, &weather);
        for (size_t i = 0; (knob = sim_weather_knob(i)) != NULL; i++) {
            const int64_t value = sim_weather_get(&weather, i);
            assert_true(value == 0 || (value >= knob->strong_min && value <= knob->strong_max));
            assert_true(value == 0 || !knob->breach);
        }
    }
}

static void what_was_asked_for_is_printed_as_it_is_typed(void **state)
{
    (void)state;
    sim_weather_asked asked = {0};
    sy_err err;
    char text[200] = {0};
    sy_buf out;
    sy_buf_init_fixed(&out, text, sizeof text - 1);
    assert_int_equal(sim_weather_ask(&asked, SY_STR("lte"), &err), SY_OK);
    assert_int_equal(
        sim_weather_ask_set(&asked, SY_STR("net.latency=20 ms,net.request-lost=0"), &err), SY_OK);
    sim_weather_asked_print(&asked, &out);
    assert_string_equal(text, " --weather lte --set net.latency=20ms --set net.request-lost=0");
    assert_int_equal(sim_weather_ask(&asked, SY_STR("swam"), &err), SY_NOT_FOUND);
    assert_string_equal(err.text, "unknown weather 'swam'; did you mean 'swarm'?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_knob_has_a_name_of_its_own_and_a_range),
        cmocka_unit_test(a_dial_is_set_by_name_and_printed_as_it_is_read),
        cmocka_unit_test(what_is_no_dial_or_no_value_is_refused),
        cmocka_unit_test(every_profile_is_made_of_dials),
        cmocka_unit_test(what_is_set_wins_over_swarm_and_leaves_the_rest),
        cmocka_unit_test(swarm_draws_inside_the_range_and_no_breach_unless_asked),
        cmocka_unit_test(what_was_asked_for_is_printed_as_it_is_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
