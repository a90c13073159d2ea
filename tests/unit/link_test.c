#include "sim/net/link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/support.h"

typedef struct received {
    uint64_t subject;
    sy_time at;
    int status; /* of a response */
} received;

typedef struct end { /* of a link */
    sim_world *world;
    received items[4096];
    size_t count, refused;
    sy_time refused_at;
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
    to->items[to->count++] =
        (received){message->key.subject, to->world->now,
                   message->what == SIM_RESPONSE ? message->response.status : 0};
    sim_message_put(&to->world->messages, message);
}

static void end_refused(void *self, sim_message *message)
{
    end *to = self;
    to->refused++;
    to->refused_at = to->world->now;
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
    sim_link_init(&f->link, &f->world, f->phone, "phone", NULL);
    f->client_end.world = &f->world;
    f->server_end.world = &f->world;
    f->link.client = (sim_receiver){&end_ops, &f->client_end};
    f->link.server = (sim_receiver){&end_ops, &f->server_end};
    f->link.weather.latency_min_ns = 20 * SY_MS;
    f->link.healed_latency_ns = 20 * SY_MS;
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

/* What was set in its weather counts from now on. */
static void set_weather(fixture *f)
{
    const sim_link_weather weather = f->link.weather;
    sim_link_set_weather(&f->link, &weather);
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
    if (what == SIM_REQUEST) {
        message->request = (sy_request){.method = SY_METHOD_READ};
    } else if (what == SIM_RESPONSE) {
        message->response = (sy_response){.status = 200};
    } else {
        message->notice = (sy_notice){
            .table = SY_STR("todoitem"), .id = SY_STR("milk"), .originator = SY_STR("tablet")};
    }
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
    sim_link_fail_next(&f->link, SIM_LINK_RESPONSE_LOST, 2);
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
    set_weather(f);
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
    f->link.weather = (sim_link_weather){.latency_min_ns = SY_MS,
                                         .latency_spread_ns = SY_SECOND,
                                         .request_lost = 500,
                                         .response_lost = 500,
                                         .notice_lost = 500};
    set_weather(f);
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
    set_weather(f);
    sim_link_fail_next(&f->link, SIM_LINK_REQUEST_LOST, 5);
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

/* -- scripted faults, at exact times -- */

static void gateways_answer_in_the_servers_place(void **state)
{
    static const struct {
        sim_link_fault fault;
        int status;
    } gateways[] = {{SIM_LINK_UNAUTHORIZED, 401},
                    {SIM_LINK_PORTAL, 511},
                    {SIM_LINK_THROTTLED, 429},
                    {SIM_LINK_UNAVAILABLE, 503},
                    {SIM_LINK_FAILED, 500}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof gateways / sizeof gateways[0]; i++) {
        sim_link_fail_next(&f->link, gateways[i].fault, 1);
        send(f, SIM_REQUEST, i);
        assert_string_equal(f->fault, sim_link_fault_name(gateways[i].fault));
        run(f);
        assert_int_equal(f->server_end.count, 0);
        assert_int_equal(f->client_end.count, i + 1);
        assert_int_equal(f->client_end.items[i].status, gateways[i].status);
        assert_int_equal(f->client_end.items[i].at, (sy_time)(i + 1) * 20 * SY_MS);
    }
}

static void a_refused_request_is_told_at_once_and_a_reset_one_after_the_answers_way(void **state)
{
    fixture *f = *state;
    sim_link_fail_next(&f->link, SIM_LINK_REQUEST_REFUSED, 1);
    send(f, SIM_REQUEST, 1);
    run(f);
    assert_int_equal(f->server_end.count, 0);
    assert_int_equal(f->client_end.refused, 1);
    assert_int_equal(f->client_end.refused_at, 0);
    sim_link_fail_next(&f->link, SIM_LINK_RESPONSE_RESET, 1);
    sim_link_fail_next(&f->link, SIM_LINK_RESPONSE_TRUNCATED, 1);
    send(f, SIM_RESPONSE, 2);
    send(f, SIM_RESPONSE, 3);
    run(f);
    assert_int_equal(f->client_end.count, 0);
    assert_int_equal(f->client_end.refused, 3);
    assert_int_equal(f->client_end.refused_at, 20 * SY_MS);
}

static void a_duplicated_request_comes_twice(void **state)
{
    fixture *f = *state;
    f->link.weather.late_ns = SY_SECOND;
    sim_link_fail_next(&f->link, SIM_LINK_REQUEST_DUPLICATED, 1);
    sim_link_fail_next(&f->link, SIM_LINK_NOTICE_DOUBLED, 1);
    send(f, SIM_REQUEST, 1);
    send(f, SIM_NOTICE, 2);
    run(f);
    assert_int_equal(f->server_end.count, 2);
    assert_int_equal(f->server_end.items[0].at, 20 * SY_MS);
    assert_in_range(f->server_end.items[1].at, 21 * SY_MS, 1021 * SY_MS);
    assert_int_equal(f->server_end.items[1].subject, 1);
    assert_int_equal(f->client_end.count, 2);
}

static void what_is_late_is_late_by_the_dial(void **state)
{
    fixture *f = *state;
    f->link.weather.late_ns = SY_MINUTE;
    f->link.weather.request_late = 1000;
    f->link.weather.response_late = 1000;
    set_weather(f);
    for (uint64_t i = 0; i < 100; i++) {
        send(f, SIM_REQUEST, i);
        send(f, SIM_RESPONSE, i);
    }
    run(f);
    assert_int_equal(f->server_end.count, 100);
    assert_int_equal(f->client_end.count, 100);
    assert_true(f->server_end.items[0].at < 10 * SY_SECOND);
    assert_in_range(f->server_end.items[99].at, 50 * SY_SECOND, 61 * SY_SECOND);
}

static void an_answer_can_fail_on_its_way(void **state)
{
    fixture *f = *state;
    sim_link_fail_next(&f->link, SIM_LINK_RESPONSE_FAILED, 1);
    send(f, SIM_RESPONSE, 1);
    run(f);
    assert_int_equal(f->client_end.items[0].status, 502);
}

static void a_narrow_link_sends_one_after_the_other(void **state)
{
    fixture *f = *state;
    f->link.weather.up_rate = 3000; /* a request that nobody measured counts 300 bytes: 100 ms */
    set_weather(f);
    for (uint64_t i = 0; i < 3; i++) {
        send(f, SIM_REQUEST, i);
        send(f, SIM_RESPONSE, i);
    }
    run(f);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(f->server_end.items[i].at, (sy_time)(100 * (i + 1) + 20) * SY_MS);
        assert_int_equal(f->client_end.items[i].at, 20 * SY_MS);
    }
}

static void a_radio_that_was_idle_takes_its_time(void **state)
{
    fixture *f = *state;
    f->link.weather.promotion_ns = 260 * SY_MS;
    set_weather(f);
    send(f, SIM_REQUEST, 1);
    run(f);
    send(f, SIM_REQUEST, 2);
    run(f);
    assert_int_equal(f->server_end.items[0].at, 280 * SY_MS);
    assert_int_equal(f->server_end.items[1].at, 300 * SY_MS);
}

static void a_partition_may_be_asymmetric(void **state)
{
    fixture *f = *state;
    sim_link_block(&f->link, false, true);
    send(f, SIM_REQUEST, 1);
    send(f, SIM_RESPONSE, 2);
    run(f);
    assert_int_equal(f->server_end.count, 1);
    assert_int_equal(f->client_end.count, 0);
    assert_string_equal(f->cause, "partition");
    sim_link_heal(&f->link);
    send(f, SIM_RESPONSE, 3);
    run(f);
    assert_int_equal(f->client_end.count, 1);
}

static void a_clogged_link_keeps_everything_until_then(void **state)
{
    fixture *f = *state;
    sim_link_clog(&f->link, 5 * SY_SECOND);
    send(f, SIM_REQUEST, 1);
    send(f, SIM_REQUEST, 2);
    run(f);
    assert_int_equal(f->server_end.items[0].at, 5 * SY_SECOND);
    assert_int_equal(f->server_end.items[1].subject, 2);
}

/* -- outages -- */

/* Whether it is out, second by second. */
static void record_outages(fixture *f, sim_link *link, char *out, size_t seconds)
{
    for (size_t i = 0; i < seconds; i++) {
        while (sim_world_step(&f->world, (sy_time)i * SY_SECOND)) {
        }
        out[i] = sim_link_is_up(link) ? '-' : 'o';
    }
    out[seconds] = '\0';
}

static const sim_link_weather rainy = {.outage_every_ns = 30 * SY_SECOND,
                                       .outage_lasting_ns = 10 * SY_SECOND};

static void a_group_is_out_at_the_same_times(void **state)
{
    (void)state;
    char lines[3][601];
    static const char *const names[] = {"phone", "tablet", "laptop"};
    for (size_t i = 0; i < 3; i++) {
        fixture *f = fixture_new(3, false);
        sim_link_init(&f->link, &f->world, f->phone, names[i], i < 2 ? "train" : NULL);
        sim_link_set_weather(&f->link, &rainy);
        record_outages(f, &f->link, lines[i], 600);
        sim_link_heal(&f->link);
        run(f);
        fixture_free(f);
    }
    assert_string_equal(lines[0], lines[1]);
    assert_string_not_equal(lines[0], lines[2]);
    size_t out = 0;
    for (size_t i = 0; i < 600; i++) {
        out += lines[0][i] == 'o';
    }
    assert_in_range(out, 60, 300); /* a quarter of the time */
}

static void outages_lie_where_they_lie_whenever_the_weather_begins(void **state)
{
    fixture *f = *state;
    char whole[601];
    char late[601];
    sim_link_set_weather(&f->link, &rainy);
    record_outages(f, &f->link, whole, 600);
    fixture *other = fixture_new(1, false);
    record_outages(other, &other->link, late, 200);
    sim_link_set_weather(&other->link, &rainy);
    record_outages(other, &other->link, late, 600);
    assert_string_equal(whole + 200, late + 200);
    sim_link_heal(&other->link);
    run(other);
    fixture_free(other);
    sim_link_heal(&f->link);
    run(f);
}

/* A request each second for ten minutes, until all have come or are lost. */
static void send_each_second(fixture *f)
{
    for (uint64_t i = 0; i < 600; i++) {
        while (sim_world_step(&f->world, (sy_time)i * SY_SECOND)) {
        }
        f->world.now = (sy_time)i * SY_SECOND;
        send(f, SIM_REQUEST, i);
    }
    sim_link_heal(&f->link);
    run(f);
}

static void what_is_sent_in_a_clog_arrives_at_its_end_in_order(void **state)
{
    fixture *f = *state;
    f->link.weather.clog_every_ns = 30 * SY_SECOND;
    f->link.weather.clog_lasting_ns = 10 * SY_SECOND;
    set_weather(f);
    send_each_second(f);
    assert_int_equal(f->server_end.count, 600);
    assert_int_equal(f->faults, 0);
    size_t late = 0;
    size_t together = 0;
    for (uint64_t i = 0; i < 600; i++) {
        assert_int_equal(f->server_end.items[i].subject, i);
        late += f->server_end.items[i].at > (sy_time)i * SY_SECOND + 20 * SY_MS ? 1 : 0;
        together += i > 0 && f->server_end.items[i].at == f->server_end.items[i - 1].at ? 1 : 0;
    }
    assert_in_range(late, 60, 300); /* a quarter of the time */
    assert_in_range(together, 40, late);
}

static void a_handover_holds_messages_up_for_a_moment(void **state)
{
    fixture *f = *state;
    f->link.weather.handover_every_ns = 5 * SY_SECOND;
    set_weather(f);
    send_each_second(f);
    size_t late = 0;
    for (uint64_t i = 0; i < 600; i++) {
        const sy_time took = f->server_end.items[i].at - (sy_time)i * SY_SECOND;
        late += took > 20 * SY_MS ? 1 : 0;
        assert_true(took < 4 * SY_SECOND);
    }
    assert_in_range(late, 5, 120); /* a twentieth of the time */
}

static void a_drawn_partition_takes_one_way_or_both_and_ends(void **state)
{
    fixture *f = *state;
    f->link.weather.partition_every_ns = 30 * SY_SECOND;
    f->link.weather.partition_lasting_ns = 10 * SY_SECOND;
    set_weather(f);
    send_each_second(f);
    assert_string_equal(f->cause, "partition");
    assert_in_range(f->server_end.count, 400, 560); /* of three in four, two lose what is sent */
    assert_int_equal(f->server_end.count + f->faults, 600);
    assert_int_equal(f->link.blocked_up, 0);
}

static void a_scripted_block_outlives_a_drawn_partition(void **state)
{
    fixture *f = *state;
    sim_link_block(&f->link, true, false);
    f->link.weather.partition_every_ns = 30 * SY_SECOND;
    f->link.weather.partition_lasting_ns = SY_SECOND;
    set_weather(f);
    while (sim_world_step(&f->world, 10 * SY_MINUTE)) {
    }
    assert_int_not_equal(f->link.blocked_up, 0);
    sim_link_heal(&f->link);
    assert_int_equal(f->link.blocked_up, 0);
    run(f);
}

static void a_calm_world_has_no_outage_and_a_healed_link_none_more(void **state)
{
    fixture *f = *state;
    char line[601];
    sim_link_set_weather(&f->link, &rainy);
    sim_link_heal(&f->link);
    record_outages(f, &f->link, line, 600);
    assert_null(strchr(line, 'o'));
    fixture *calm = fixture_new(1, true);
    sim_link_set_weather(&calm->link, &rainy);
    record_outages(calm, &calm->link, line, 600);
    assert_null(strchr(line, 'o'));
    sim_link_heal(&calm->link);
    run(calm);
    fixture_free(calm);
}

static void bursts_lose_many_messages_in_a_row(void **state)
{
    fixture *f = *state;
    sim_link_set_weather(&f->link, &(sim_link_weather){.burst_every_ns = 10 * SY_SECOND,
                                                       .burst_lasting_ns = 10 * SY_SECOND,
                                                       .burst_lost = 1000});
    size_t changes = 0;
    uint64_t before = 0;
    bool was_lost = false;
    for (uint64_t i = 0; i < 600; i++) {
        while (sim_world_step(&f->world, (sy_time)i * SY_SECOND)) {
        }
        send(f, SIM_REQUEST, i);
        const bool lost = f->link.lost[SIM_REQUEST] > before;
        changes += lost != was_lost;
        was_lost = lost;
        before = f->link.lost[SIM_REQUEST];
    }
    assert_in_range(before, 150, 450);
    assert_in_range(changes, 20, 120); /* half of 600 independent ones would change 300 times */
    sim_link_heal(&f->link);
    run(f);
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
        cmocka_unit_test_setup_teardown(gateways_answer_in_the_servers_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_refused_request_is_told_at_once_and_a_reset_one_after_the_answers_way, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(a_duplicated_request_comes_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_late_is_late_by_the_dial, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_can_fail_on_its_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_narrow_link_sends_one_after_the_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_radio_that_was_idle_takes_its_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_partition_may_be_asymmetric, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clogged_link_keeps_everything_until_then, set_up,
                                        tear_down),
        cmocka_unit_test(a_group_is_out_at_the_same_times),
        cmocka_unit_test_setup_teardown(outages_lie_where_they_lie_whenever_the_weather_begins,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_sent_in_a_clog_arrives_at_its_end_in_order, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_handover_holds_messages_up_for_a_moment, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_drawn_partition_takes_one_way_or_both_and_ends, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_scripted_block_outlives_a_drawn_partition, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_calm_world_has_no_outage_and_a_healed_link_none_more,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(bursts_lose_many_messages_in_a_row, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
