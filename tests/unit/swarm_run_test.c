/* Whole runs under swarm: what one knob, or the policy, changes and what it does not. */
#include "lua/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/hash.h"
#include "core/base/map.h"
#include "sim/kernel/events.h"
#include "sim/run/run.h"

#define SEED_COUNT 12

static const char world_path[] = SYNCSIM_SOURCE_DIR "/scenarios/worlds/notices_wake_the_others.lua";

typedef struct seen {
    sim_choice_list drawn; /* every draw of weather */
    uint64_t intentions;   /* sum over who meant to do what */
    uint64_t intention_count;
    uint64_t outages; /* hash over when links went down and came back, until a time */
    uint64_t outage_count;
    sy_time until;
    sy_time settled_at;
} seen;

static void look(void *self, const sim_event *event)
{
    seen *into = self;
    if (event->kind == &sim_event_intention) {
        uint64_t one = 0;
        for (size_t i = 0; i < 5; i++) { /* user, number, verb, table, id; not: did it apply */
            one = sy_value_hash(&event->fields[i], one);
        }
        into->intentions += one; /* in whatever order users come to them */
        into->intention_count++;
    } else if (event->kind == &sim_event_phase) {
        into->settled_at = into->settled_at == 0 ? event->time : into->settled_at;
    } else if (event->time < into->until && into->settled_at == 0) {
        const sy_str change = sy_value_str(&event->fields[1]);
        if (sy_str_equal(change, SY_STR("outage")) || sy_str_equal(change, SY_STR("outage over"))) {
            into->outages = sy_hash_mix(into->outages, (uint64_t)event->time);
            into->outages = sy_hash_mix(into->outages, event->host);
            into->outage_count++;
        }
    }
}

static sy_rc observe(void *self, sim_simulation *simulation, sy_err *err)
{
    static const sy_event_kind *const kinds[] = {&sim_event_intention, &sim_event_link,
                                                 &sim_event_phase};
    (void)err;
    return sim_trace_read(sim_simulation_world(simulation)->trace, look, self, kinds, 3);
}

static void run(const sim_options *options, sy_time until, seen *into)
{
    script *opened = NULL;
    sy_err err = {0};
    sim_result result;
    sim_options own = *options;
    *into = (seen){.until = until};
    sim_choice_list_init(&into->drawn, sy_alloc_std());
    own.record = &into->drawn;
    own.record_offers = true;
    assert_int_equal(script_open(sy_alloc_std(), world_path, NULL, &opened, &err), SY_OK);
    const sim_scenario scenario = script_scenario(opened);
    const sim_observer observer = {.observe = observe, .self = into};
    assert_int_equal(sim_run(&scenario, &own, NULL, &observer, &result, &err), SY_OK);
    sim_result_deinit(&result);
    script_close(opened);
}

static sy_str identity_of(const sim_chosen *chosen, sy_buf *text)
{
    sim_chosen nameless = *chosen;
    nameless.value = 0;
    sy_buf_clear(text);
    sim_chosen_to_text(&nameless, text);
    return sy_buf_str(text);
}

static void index_of(const sim_choice_list *list, sy_arena *arena, sy_map *map)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    for (size_t i = 0; i < list->count; i++) {
        const sy_str key = sy_arena_copy(arena, identity_of(&list->items[i], &text));
        assert_int_equal(sy_map_set(map, key, &list->items[i]), SY_OK);
    }
    sy_buf_deinit(&text);
}

/* Draws that both made, but for those of one label: each with the same value. */
static size_t same_draws(const sim_choice_list *a, const sim_choice_list *b, const char *but)
{
    sy_arena arena;
    sy_map of_a;
    sy_buf text;
    size_t same = 0;
    sy_arena_init(&arena, sy_alloc_std());
    sy_map_init(&of_a, sy_alloc_std());
    sy_buf_init(&text, sy_alloc_std());
    index_of(a, &arena, &of_a);
    for (size_t i = 0; i < b->count; i++) {
        const sim_chosen *there = &b->items[i];
        const sim_chosen *here = sy_map_find(&of_a, identity_of(there, &text));
        if (here != NULL && strcmp(there->label->name, but) != 0) {
            assert_int_equal(here->value, there->value);
            same++;
        }
    }
    sy_buf_deinit(&text);
    sy_map_deinit(&of_a);
    sy_arena_deinit(&arena);
    return same;
}

static void a_knob_that_is_set_changes_no_other_draw(void **state)
{
    (void)state;
    size_t differ = 0;
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
        seen with;
        seen without;
        sim_options options = {.seed = seed, .weather = {.swarm = true}};
        assert_int_equal(
            sim_weather_ask_set(&options.weather, SY_STR("net.request-lost=200"), NULL), SY_OK);
        run(&options, SY_TIME_MAX, &with);
        assert_int_equal(sim_weather_ask_set(&options.weather, SY_STR("net.request-lost=0"), NULL),
                         SY_OK);
        run(&options, SY_TIME_MAX, &without);
        assert_true(same_draws(&with.drawn, &without.drawn, "request-lost") > 100);
        differ += with.drawn.count != without.drawn.count ? 1 : 0;
        assert_int_equal(with.intentions, without.intentions);
        sim_choice_list_deinit(&with.drawn);
        sim_choice_list_deinit(&without.drawn);
    }
    assert_true(differ > SEED_COUNT / 2); /* or nothing was compared */
}

static sy_time least(sy_time a, sy_time b)
{
    return a < b ? a : b;
}

static void two_policies_see_the_same_users_and_outages(void **state)
{
    (void)state;
    uint64_t outages = 0;
    size_t differ = 0;
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
        seen first;
        seen second;
        sim_options client_wins = {.seed = seed,
                                   .weather = {.swarm = true},
                                   .policy = sy_policy_find(SY_STR("client_wins"))};
        assert_int_equal(
            sim_weather_ask_set(&client_wins.weather, SY_STR("net.outage-every=2min"), NULL),
            SY_OK);
        sim_options server_wins = client_wins;
        server_wins.policy = sy_policy_find(SY_STR("server_wins"));
        run(&client_wins, SY_TIME_MAX, &first);
        run(&server_wins, SY_TIME_MAX, &second);
        differ += first.drawn.count != second.drawn.count ? 1 : 0;
        const sy_time both = least(first.settled_at, second.settled_at);
        sim_choice_list_deinit(&first.drawn);
        sim_choice_list_deinit(&second.drawn);
        run(&client_wins, both, &first); /* how far they can be compared is known by now */
        run(&server_wins, both, &second);
        assert_int_equal(first.intention_count, second.intention_count);
        assert_int_equal(first.intentions, second.intentions);
        assert_int_equal(first.outage_count, second.outage_count);
        assert_int_equal(first.outages, second.outages);
        outages += first.outage_count;
        sim_choice_list_deinit(&first.drawn);
        sim_choice_list_deinit(&second.drawn);
    }
    assert_true(outages > 20);
    assert_true(differ > 0); /* or the policy changed nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_knob_that_is_set_changes_no_other_draw),
        cmocka_unit_test(two_policies_see_the_same_users_and_outages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
