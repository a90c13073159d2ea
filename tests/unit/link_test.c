#include "sim/net/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/support.h"

typedef struct received {
    uint64_t subject;
    sy_time at;
} received;

typedef struct end { /* of a link */
    sim_world *world;
    received items[4096];
    size_t count, refused;
} end;

typedef struct fixture {
    sim_world world;
    sim_link link;
    uint32_t phone, server;
    end client_end, server_end;
    uint64_t faults;
    char cause[32], fault[32];
    int changes;
    bool online, metered;
} fixture;

static void end_receive(void *self, sim_message *message)
{
    end *to = self;
    to->items[to->count++] = (received){message->key.subject, to->world->now};
    sim_message_put(&to->world->messages, message);
}

static void end_refused(void *self, sim_message *message)
{
    end *to = self;
    to->refused++;
    sim_message_put(&to->world->messages, message);
}

static const sim_receiver_ops end_ops = {.receive = end_receive, .refused = end_refused};

static void read_fault(void *self, const sim_event *event)
{
    fixture *f = self;
    f->faults++;
    sy_str fault = sy_value_str(&event->fields[2]);
    sy_str cause = sy_value_str(&event->fields[3]);
    (void)snprintf(f->fault, sizeof f->fault, "%.*s", SY_FMT(fault));
    (void)snprintf(f->cause, sizeof f->cause, "%.*s", SY_FMT(cause));
}

static void link_changed(void *self, bool online, bool metered)
{
    fixture *f = self;
    f->changes++;
    f->online = online;
    f->metered = metered;
}

static fixture *fixture_new(uint64_t seed, bool calm)
{
    fixture *f = calloc(1, sizeof *f);
    assert_int_equal(sim_world_init(&f->world, sy_alloc_std(), seed, calm, NULL), SY_OK);
    assert_int_equal(sim_trace_add_host(f->world.trace, "server", &f->server), SY_OK);
    assert_int_equal(sim_trace_add_host(f->world.trace, "phone", &f->phone), SY_OK);
    sim_link_init(&f->link, &f->world, f->phone, "phone");
    f->client_end.world = &f->world;
    f->server_end.world = &f->world;
    f->link.client = (sim_receiver){&end_ops, &f->client_end};
    f->link.server = (sim_receiver){&end_ops, &f->server_end};
    f->link.weather.latency_min_ns = 20 * SY_MS;
    f->link.changed = link_changed;
    f->link.changed_self = f;
    const sy_event_kind *kinds[] = {&sim_event_fault};
    assert_int_equal(sim_trace_read(f->world.trace, read_fault, f, kinds, 1), SY_OK);
    return f;
}

static void fixture_free(fixture *f)
{
    assert_int_equal(f->world.messages.in_use, 0);
    sim_world_deinit(&f->world);
    free(f);
}

static int set_up(void **state)
{
    *state = fixture_new(1, false);
    return 0;
}

static int tear_down(void **state)
{
    fixture_free(*state);
    return 0;
}

static void send(fixture *f, sim_message_what what, uint64_t subject)
{
    sim_message *message = sim_message_get(&f->world.messages);
    assert_non_null(message);
    message->what = what;
    message->from = what == SIM_REQUEST ? f->phone : f->server;
    message->to = what == SIM_REQUEST ? f->server : f->phone;
    message->key = (sy_request_key){.subject = subject, .attempt = 1};
    sim_link_send(&f->link, message);
}

static void run(fixture *f)
{
    while (sim_world_step(&f->world, SY_TIME_MAX)) {
    }
}

static void a_message_arrives_after_the_latency(void **state)
{
    fixture *f = *state;
    send(f, SIM_REQUEST, 1);
    send(f, SIM_RESPONSE, 2);
    run(f);
    assert_int_equal(f->server_end.count, 1);
    assert_int_equal(f->server_end.items[0].at, 20 * SY_MS);
    assert_int_equal(f->client_end.count, 1);
    assert_int_equal(f->client_end.items[0].subject, 2);
    assert_int_equal(sim_trace_count_of(f->world.trace, &sim_event_depart), 2);
    assert_int_equal(sim_trace_count_of(f->world.trace, &sim_event_arrive), 2);
}

static void the_spread_is_drawn_by_the_identity_of_the_message(void **state)
{
    fixture *f = *state;
    fixture *other = fixture_new(1, false);
    f->link.weather.latency_spread_ns = 5 * SY_MS;
    other->link.weather.latency_spread_ns = 5 * SY_MS;
    send(other, SIM_REQUEST, 77); /* one more, before: changes nothing for the others */
    for (uint64_t i = 0; i < 100; i++) {
        send(f, SIM_REQUEST, i);
        send(other, SIM_REQUEST, i);
    }
    run(f);
    run(other);
    sy_time at[100] = {0};
    sy_time least = SY_TIME_MAX;
    sy_time most = 0;
    for (size_t i = 0; i < 100; i++) {
        received got = f->server_end.items[i];
        at[got.subject] = got.at;
        least = got.at < least ? got.at : least;
        most = got.at > most ? got.at : most;
        assert_int_equal(got.at % SY_US, 0);
    }
    assert_in_range(least, 20 * SY_MS, 21 * SY_MS);
    assert_in_range(most, 24 * SY_MS, 25 * SY_MS);
    for (size_t i = 0; i < other->server_end.count; i++) {
        received got = other->server_end.items[i];
        assert_int_equal(got.at, at[got.subject]);
    }
    fixture_free(other);
}

static void messages_of_equal_arrival_keep_their_order(void **state)
{
    fixture *f = *state;
    for (uint64_t i = 0; i < 50; i++) {
        send(f, SIM_REQUEST, i);
    }
    run(f);
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(f->server_end.items[i].subject, i);
    }
}

static void dropped_messages_are_lost_and_said_so(void **state)
{
    fixture *f = *state;
    sim_link_drop_next(&f->link, SIM_RESPONSE, 2);
    for (uint64_t i = 0; i < 3; i++) {
        send(f, SIM_REQUEST, i);
        send(f, SIM_RESPONSE, i);
    }
    run(f);
    assert_int_equal(f->server_end.count, 3);
    assert_int_equal(f->client_end.count, 1);
    assert_int_equal(f->client_end.items[0].subject, 2);
    assert_int_equal(f->faults, 2);
    assert_string_equal(f->fault, "lost");
    assert_string_equal(f->cause, "drop_next");
    assert_int_equal(f->link.lost[SIM_RESPONSE], 2);
}

static void a_request_without_a_connection_is_refused_at_once_but_not_from_inside(void **state)
{
    fixture *f = *state;
    sim_link_set(&f->link, false, false);
    send(f, SIM_REQUEST, 1);
    assert_int_equal(f->client_end.refused, 0);
    assert_string_equal(f->fault, "refused");
    run(f);
    assert_int_equal(f->client_end.refused, 1);
    assert_int_equal(f->world.now, 0);
    assert_int_equal(f->server_end.count, 0);
}

static void answers_and_notices_towards_an_offline_client_are_lost(void **state)
{
    fixture *f = *state;
    send(f, SIM_RESPONSE, 1);
    sim_link_set(&f->link, false, false);
    send(f, SIM_NOTICE, 2);
    assert_int_equal(f->faults, 1);
    run(f);
    assert_int_equal(f->client_end.count, 0);
    assert_int_equal(f->faults, 2);
    assert_string_equal(f->cause, "offline");
}

static void weather_hits_what_it_is_meant_for(void **state)
{
    fixture *f = *state;
    f->link.weather.request_lost = 100;
    for (uint64_t i = 0; i < 2000; i++) {
        send(f, SIM_REQUEST, i);
        send(f, SIM_RESPONSE, i);
    }
    run(f);
    assert_in_range(f->link.lost[SIM_REQUEST], 140, 260);
    assert_int_equal(f->server_end.count, 2000 - f->link.lost[SIM_REQUEST]);
    assert_int_equal(f->client_end.count, 2000);
    assert_string_equal(f->cause, "weather");
}

static void a_calm_link_loses_nothing(void **state)
{
    (void)state;
    fixture *f = fixture_new(1, true);
    f->link.weather = (sim_link_weather){SY_MS, SY_SECOND, 500, 500, 500};
    for (uint64_t i = 0; i < 100; i++) {
        send(f, SIM_REQUEST, i);
    }
    run(f);
    assert_int_equal(f->server_end.count, 100);
    assert_int_equal(f->world.now, SY_MS);
    fixture_free(f);
}

static void healing_ends_weather_drops_and_outage(void **state)
{
    fixture *f = *state;
    f->link.weather.request_lost = 1000;
    f->link.weather.latency_spread_ns = SY_SECOND;
    sim_link_drop_next(&f->link, SIM_REQUEST, 5);
    sim_link_set(&f->link, false, true);
    assert_int_equal(f->changes, 1);
    sim_link_heal(&f->link);
    assert_int_equal(f->changes, 2);
    assert_true(f->online && f->metered);
    send(f, SIM_REQUEST, 1);
    run(f);
    assert_int_equal(f->server_end.count, 1);
    assert_int_equal(f->world.now, 20 * SY_MS);
}

static void setting_a_link_to_what_it_is_changes_nothing(void **state)
{
    fixture *f = *state;
    sim_link_set(&f->link, true, false);
    assert_int_equal(f->changes, 0);
    assert_int_equal(sim_trace_count(f->world.trace), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_arrives_after_the_latency, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_spread_is_drawn_by_the_identity_of_the_message, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(messages_of_equal_arrival_keep_their_order, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(dropped_messages_are_lost_and_said_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_request_without_a_connection_is_refused_at_once_but_not_from_inside, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(answers_and_notices_towards_an_offline_client_are_lost,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(weather_hits_what_it_is_meant_for, set_up, tear_down),
        cmocka_unit_test(a_calm_link_loses_nothing),
        cmocka_unit_test_setup_teardown(healing_ends_weather_drops_and_outage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(setting_a_link_to_what_it_is_changes_nothing, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
