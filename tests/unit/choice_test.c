#include "sim/kernel/census.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/support.h"

static const sim_label lost = {.name = "response-lost",
                               .choice_class = SIM_WEATHER,
                               .bound = 2,
                               .key_parts = {"push", "attempt"}};
static const sim_label latency = {
    .name = "latency", .choice_class = SIM_WEATHER, .key_parts = {"message"}};
static const sim_label row = {
    .name = "row", .choice_class = SIM_WORKLOAD, .key_parts = {"intention"}};

static sim_choice *choice_of(uint64_t seed, bool calm)
{
    sim_choice *choice = sim_choice_new(sy_alloc_std(), seed, calm);
    assert_non_null(choice);
    return choice;
}

static void values_are_spread_evenly(void **state)
{
    (void)state;
    sim_choice *choice = choice_of(1, false);
    sim_stream stream = sim_stream_of(choice, "phone", "user");
    int seen[10] = {0};
    for (uint64_t i = 0; i < 100000; i++) {
        uint64_t value = sim_choose(&stream, &row, SIM_KEY(i), 10);
        assert_true(value < 10);
        seen[value]++;
    }
    for (int i = 0; i < 10; i++) {
        assert_in_range(seen[i], 9600, 10400); /* 4 standard deviations are 380 */
    }
    sim_choice_free(choice);
}

static void every_part_of_the_key_counts(void **state)
{
    (void)state;
    sim_choice *choice = choice_of(1, false);
    sim_stream stream = sim_stream_of(choice, "phone", "user");
    for (size_t part = 0; part < SIM_KEY_PART_COUNT; part++) {
        int same = 0;
        for (uint64_t i = 1; i <= 4000; i++) {
            sim_key key = {{3, 1, 4, 1}};
            uint64_t before = sim_choose(&stream, &row, key, 4);
            key.part[part] += i;
            same += sim_choose(&stream, &row, key, 4) == before;
        }
        assert_in_range(same, 880, 1120);
    }
    sim_choice_free(choice);
}

static void neighbouring_keys_are_independent(void **state)
{
    (void)state;
    sim_choice *choice = choice_of(7, false);
    sim_stream stream = sim_stream_of(choice, "phone", "user");
    int seen[16] = {0};
    for (uint64_t i = 0; i < 64000; i++) {
        uint64_t a = sim_choose(&stream, &row, SIM_KEY(i, 1), 4);
        uint64_t b = sim_choose(&stream, &row, SIM_KEY(i, 2), 4);
        seen[a * 4 + b]++;
    }
    for (int i = 0; i < 16; i++) {
        assert_in_range(seen[i], 3750, 4250);
    }
    sim_choice_free(choice);
}

static void wide_bounds_keep_their_range(void **state)
{
    (void)state;
    sim_choice *choice = choice_of(1, false);
    sim_stream stream = sim_stream_of(choice, "phone", "user");
    uint64_t n = UINT64_C(1) << 62;
    uint64_t low = UINT64_MAX;
    uint64_t high = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t value = sim_choose(&stream, &row, SIM_KEY(i), n);
        assert_true(value < n);
        low = value < low ? value : low;
        high = value > high ? value : high;
        assert_int_equal(sim_choose(&stream, &row, SIM_KEY(i), 1), 0);
        /* The high half of the product, for a bound that is a power of two: a shift. */
        assert_int_equal(value, sim_choose_bits(&stream, &row, SIM_KEY(i)) >> 2);
    }
    assert_true(low < n / 100 && high > n - n / 100);
    sim_choice_free(choice);
}

static void no_draw_shifts_another(void **state)
{
    (void)state;
    sim_choice *one = choice_of(5, false);
    sim_choice *other = choice_of(5, false);
    sim_stream a = sim_stream_of(one, "phone", "link.down");
    sim_stream b = sim_stream_of(other, "phone", "link.down");
    for (uint64_t i = 0; i < 100; i++) {
        (void)sim_choose(&b, &latency, SIM_KEY(i), 1000);
        (void)sim_choose_permille(&b, &lost, SIM_KEY(i, 1), i % 2 ? 500 : 0);
        assert_int_equal(sim_choose(&a, &row, SIM_KEY(i), 1000),
                         sim_choose(&b, &row, SIM_KEY(i), 1000));
    }
    sim_choice_free(one);
    sim_choice_free(other);
}

static void seed_stream_and_label_each_matter(void **state)
{
    (void)state;
    sim_choice *one = choice_of(1, false);
    sim_choice *two = choice_of(2, false);
    sim_stream phone = sim_stream_of(one, "phone", "user");
    uint64_t value = sim_choose_bits(&phone, &row, SIM_KEY(1));
    sim_stream others[] = {sim_stream_of(two, "phone", "user"),
                           sim_stream_of(one, "tablet", "user"),
                           sim_stream_of(one, "phone", "link.up")};
    for (size_t i = 0; i < 3; i++) {
        assert_int_not_equal(sim_choose_bits(&others[i], &row, SIM_KEY(1)), value);
    }
    assert_int_not_equal(sim_choose_bits(&phone, &lost, SIM_KEY(1)), value);
    sim_choice_free(one);
    sim_choice_free(two);
}

static void calm_is_zero_weather_and_the_same_workload(void **state)
{
    (void)state;
    sim_choice *wild = choice_of(3, false);
    sim_choice *calm = choice_of(3, true);
    sim_stream a = sim_stream_of(wild, "phone", "user");
    sim_stream b = sim_stream_of(calm, "phone", "user");
    int fired = 0;
    for (uint64_t i = 0; i < 100; i++) {
        fired += sim_choose_permille(&a, &lost, SIM_KEY(i, 1), 300);
        assert_false(sim_choose_permille(&b, &lost, SIM_KEY(i, 1), 300));
        assert_int_equal(sim_choose(&b, &latency, SIM_KEY(i), 1000), 0);
        assert_int_equal(sim_choose(&a, &row, SIM_KEY(i), 8), sim_choose(&b, &row, SIM_KEY(i), 8));
        assert_int_equal(sim_choose_bits(&a, &lost, SIM_KEY(i)),
                         sim_choose_bits(&b, &lost, SIM_KEY(i)));
    }
    assert_in_range(fired, 15, 45);
    assert_int_equal(sim_choice_digest(wild, SIM_WORKLOAD), sim_choice_digest(calm, SIM_WORKLOAD));
    assert_int_not_equal(sim_choice_digest(wild, SIM_WEATHER),
                         sim_choice_digest(calm, SIM_WEATHER));
    sim_choice_free(wild);
    sim_choice_free(calm);
}

static void a_higher_rate_keeps_the_faults_of_a_lower_one(void **state)
{
    (void)state;
    sim_choice *choice = choice_of(1, false);
    sim_stream stream = sim_stream_of(choice, "phone", "link.down");
    int low = 0;
    for (uint64_t i = 0; i < 10000; i++) {
        if (sim_choose_permille(&stream, &lost, SIM_KEY(i, 1), 20)) {
            low++;
            assert_true(sim_choose_permille(&stream, &lost, SIM_KEY(i, 1), 40));
        }
    }
    assert_in_range(low, 150, 250);
    sim_choice_free(choice);
}

static void the_digest_does_not_depend_on_the_order_of_draws(void **state)
{
    (void)state;
    sim_choice *up = choice_of(1, false);
    sim_choice *down = choice_of(1, false);
    sim_stream a = sim_stream_of(up, "phone", "user");
    sim_stream b = sim_stream_of(down, "phone", "user");
    for (uint64_t i = 0; i < 50; i++) {
        (void)sim_choose(&a, &row, SIM_KEY(i), 8);
        (void)sim_choose(&b, &row, SIM_KEY(49 - i), 8);
    }
    assert_int_equal(sim_choice_digest(up, SIM_WORKLOAD), sim_choice_digest(down, SIM_WORKLOAD));
    (void)sim_choose(&a, &row, SIM_KEY(50), 8);
    assert_int_not_equal(sim_choice_digest(up, SIM_WORKLOAD),
                         sim_choice_digest(down, SIM_WORKLOAD));
    sim_choice_free(up);
    sim_choice_free(down);
}

static void forced_values_win_over_calm_and_over_a_label_that_is_off(void **state)
{
    (void)state;
    sim_choice *choice = choice_of(1, true);
    sim_chosen first = {"phone", "link.down", &lost, SIM_KEY(2, 1), 2, 1};
    sim_chosen second = {"phone", "link.down", &latency, SIM_KEY(9), 1000, 700};
    assert_int_equal(sim_choice_force(choice, &first, NULL), SY_OK);
    assert_int_equal(sim_choice_force(choice, &second, NULL), SY_OK);
    sim_stream stream = sim_stream_of(choice, "phone", "link.down");
    assert_true(sim_choose_permille(&stream, &lost, SIM_KEY(2, 1), 0));
    assert_false(sim_choose_permille(&stream, &lost, SIM_KEY(2, 2), 500));
    assert_int_equal(sim_choose(&stream, &latency, SIM_KEY(9), 1000), 700);
    assert_int_equal(sim_choose(&stream, &latency, SIM_KEY(9), 500), 499);
    sim_stream other = sim_stream_of(choice, "tablet", "link.down");
    assert_false(sim_choose_permille(&other, &lost, SIM_KEY(2, 1), 0));
    second.value = 3;
    assert_int_equal(sim_choice_force(choice, &second, NULL), SY_OK);
    assert_int_equal(sim_choose(&stream, &latency, SIM_KEY(9), 1000), 3);
    sim_choice_free(choice);
}

static void no_weather_is_forced_once_it_is_over(void **state)
{
    (void)state;
    sim_choice *choice = choice_of(1, true);
    sim_chosen forced = {"phone", "link.down", &lost, SIM_KEY(2, 1), 2, 1};
    assert_int_equal(sim_choice_force(choice, &forced, NULL), SY_OK);
    assert_int_equal(sim_choice_unasked(choice), 1);
    sim_stream stream = sim_stream_of(choice, "phone", "link.down");
    assert_true(sim_choose_permille(&stream, &lost, SIM_KEY(2, 1), 0));
    assert_int_equal(sim_choice_unasked(choice), 0);
    sim_choice_calm_down(choice);
    assert_false(sim_choose_permille(&stream, &lost, SIM_KEY(2, 1), 0));
    sim_choice_free(choice);
}

static void what_was_recorded_repeats_the_run(void **state)
{
    (void)state;
    sim_choice *wild = choice_of(4, false);
    sim_choice *again = choice_of(4, true);
    sim_choice_record(wild);
    sim_stream a = sim_stream_of(wild, "phone", "link.down");
    uint64_t values[100];
    for (uint64_t i = 0; i < 100; i++) {
        values[i] = sim_choose_permille(&a, &lost, SIM_KEY(i, 1), 300) ? 1 : 0;
        values[i] += sim_choose(&a, &latency, SIM_KEY(i), 4) * 2;
    }
    const sim_chosen *chosen = NULL;
    size_t count = sim_choice_recorded(wild, &chosen);
    assert_in_range(count, 60, 140);
    assert_true(sim_choice_record_complete(wild));
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(chosen[i].value, 0);
        assert_int_equal(sim_choice_force(again, &chosen[i], NULL), SY_OK);
    }
    sim_stream b = sim_stream_of(again, "phone", "link.down");
    for (uint64_t i = 0; i < 100; i++) {
        uint64_t value = sim_choose_permille(&b, &lost, SIM_KEY(i, 1), 0) ? 1 : 0;
        assert_int_equal(value + sim_choose(&b, &latency, SIM_KEY(i), 4) * 2, values[i]);
    }
    sim_choice_free(wild);
    sim_choice_free(again);
}

static void a_choice_says_itself_in_words(void **state)
{
    (void)state;
    sim_chosen chosen = {"phone", "link.down", &lost, SIM_KEY(2, 1), 2, 1};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_chosen_to_text(&chosen, &text);
    assert_true(sy_str_equal(sy_buf_str(&text),
                             SY_STR("phone/link.down response-lost(push 2, attempt 1) = 1")));
    sy_buf_deinit(&text);
}

static void a_census_counts_what_could_come_and_what_came(void **state)
{
    (void)state;
    static const sim_label fault = {.name = "lost", .fault = "net.lost", .bound = 2};
    sim_choice *choice = choice_of(4, false);
    sim_census census;
    sim_census_init(&census, sy_alloc_std());
    sim_choice_count(choice, &census);
    sim_stream stream = sim_stream_of(choice, "phone", "link.down");
    uint64_t fired = 0;
    bool last = false;
    for (uint64_t i = 0; i < 100; i++) {
        last = sim_choose_permille(&stream, &fault, SIM_KEY(i, 1), 300);
        fired += last ? 1 : 0;
        (void)sim_choose_permille(&stream, &fault, SIM_KEY(i, 2), 0); /* off: was never offered */
        (void)sim_choose(&stream, &latency, SIM_KEY(i), 4);           /* no fault of its own */
    }
    assert_int_equal(census.count, 1);
    assert_string_equal(census.rows[0].fault, "net.lost");
    assert_int_equal(census.rows[0].offered, 100);
    assert_int_equal(census.rows[0].fired, fired);
    assert_int_equal(census.rows[0].sample.count, 1);
    const sim_chosen *sample = &census.rows[0].sample.items[0];
    assert_true(sim_choose_permille(&stream, &fault, sample->key, 300));
    assert_int_equal(sample->value, 1);
    sim_choice_calm_down(choice);
    assert_false(sim_choose_permille(&stream, &fault, SIM_KEY(1, 3), 1000));
    assert_int_equal(census.rows[0].offered, 101);
    sim_census_deinit(&census);
    sim_choice_free(choice);
}

static void a_sample_is_no_more_likely_small_than_great(void **state)
{
    (void)state;
    static const sim_label much = {.name = "much", .fault = "net.much"};
    size_t great = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        sim_choice *choice = choice_of(seed, false);
        sim_census census;
        sim_census_init(&census, sy_alloc_std());
        sim_choice_count(choice, &census);
        sim_stream stream = sim_stream_of(choice, "phone", "host");
        for (uint64_t i = 0; i < 10; i++) {
            (void)sim_choose(&stream, &much, SIM_KEY(i), 1000);
        }
        great += census.rows[0].sample.items[0].value >= 500 ? 1 : 0;
        sim_census_deinit(&census);
        sim_choice_free(choice);
    }
    assert_in_range(great, 70, 130);
}

static void a_record_without_memory_says_so(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 2; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sim_choice *choice = sim_choice_new(test_alloc_port(&alloc), 1, false);
        assert_int_equal(choice == NULL, n == 1);
        if (choice != NULL) {
            sim_choice_record(choice);
            sim_stream stream = sim_stream_of(choice, "phone", "user");
            for (uint64_t i = 0; i < 10; i++) {
                (void)sim_choose(&stream, &row, SIM_KEY(i), 1000000);
            }
            assert_false(sim_choice_record_complete(choice));
        }
        sim_choice_free(choice);
        assert_int_equal(test_alloc_live(&alloc), 0);
    }
}

static void forcing_without_memory_changes_nothing(void **state)
{
    (void)state;
    sim_chosen chosen = {"phone", "link.down", &lost, SIM_KEY(2, 1), 2, 1};
    for (uint64_t n = 2;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sim_choice *choice = sim_choice_new(test_alloc_port(&alloc), 1, true);
        assert_non_null(choice);
        sy_rc rc = sim_choice_force(choice, &chosen, NULL);
        assert_int_equal(rc, test_alloc_failed(&alloc) ? SY_NOMEM : SY_OK);
        sim_stream stream = sim_stream_of(choice, "phone", "link.down");
        assert_int_equal(sim_choose(&stream, &lost, SIM_KEY(2, 1), 2), rc == SY_OK ? 1 : 0);
        sim_choice_free(choice);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (rc == SY_OK) {
            break;
        }
    }
}

static void another_sky_changes_weather_alone(void **state)
{
    (void)state;
    static const sim_label rain = {.name = "rain", .choice_class = SIM_WEATHER};
    static const sim_label wish = {.name = "wish", .choice_class = SIM_WORKLOAD};
    sim_choice *own = sim_choice_new(sy_alloc_std(), 7, false);
    sim_choice *other = sim_choice_new(sy_alloc_std(), 7, false);
    sim_choice_set_sky(other, 1);
    const sim_stream a = sim_stream_of(own, "phone", "x");
    const sim_stream b = sim_stream_of(other, "phone", "x");
    uint32_t same = 0;
    for (uint64_t i = 0; i < 100; i++) {
        same += sim_choose(&a, &rain, SIM_KEY(i), 1000) == sim_choose(&b, &rain, SIM_KEY(i), 1000);
        assert_int_equal(sim_choose(&a, &wish, SIM_KEY(i), 1000),
                         sim_choose(&b, &wish, SIM_KEY(i), 1000));
    }
    assert_true(same < 5);
    sim_choice_free(own);
    sim_choice_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_sky_changes_weather_alone),
        cmocka_unit_test(values_are_spread_evenly),
        cmocka_unit_test(every_part_of_the_key_counts),
        cmocka_unit_test(neighbouring_keys_are_independent),
        cmocka_unit_test(wide_bounds_keep_their_range),
        cmocka_unit_test(no_draw_shifts_another),
        cmocka_unit_test(seed_stream_and_label_each_matter),
        cmocka_unit_test(calm_is_zero_weather_and_the_same_workload),
        cmocka_unit_test(a_higher_rate_keeps_the_faults_of_a_lower_one),
        cmocka_unit_test(the_digest_does_not_depend_on_the_order_of_draws),
        cmocka_unit_test(forced_values_win_over_calm_and_over_a_label_that_is_off),
        cmocka_unit_test(no_weather_is_forced_once_it_is_over),
        cmocka_unit_test(what_was_recorded_repeats_the_run),
        cmocka_unit_test(a_choice_says_itself_in_words),
        cmocka_unit_test(a_census_counts_what_could_come_and_what_came),
        cmocka_unit_test(a_sample_is_no_more_likely_small_than_great),
        cmocka_unit_test(a_record_without_memory_says_so),
        cmocka_unit_test(forcing_without_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
