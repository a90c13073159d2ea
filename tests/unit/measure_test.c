/* Each metric over a history whose sums are done by hand. Events stand at whole milliseconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/measure/measure.h"
#include "tests/unit/checker_support.h"
#include "tests/unit/support.h"

typedef struct fixture {
    history past;
    sim_measure *measure;
    sim_measure_end end;
    sim_metrics metrics;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f = (fixture){.measure = NULL};
    history_open(&f.past, &sim_checker_lost_update);
    assert_int_equal(
        sim_measure_open(sy_alloc_std(), f.past.trace, &f.past.lineage, &f.measure, NULL), SY_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    history_close(&f->past);
    sim_measure_free(f->measure);
    return 0;
}

/* The next event comes at this millisecond. */
static void at(fixture *f, int64_t ms)
{
    f->past.now = (ms - 1) * SY_MS;
}

static void end_at(fixture *f, int64_t ms)
{
    history_end(&f->past);
    f->end.now = ms * SY_MS;
    f->end.findings = &f->past.findings;
    assert_int_equal(sim_measure_sum(f->measure, &f->end, &f->metrics, NULL), SY_OK);
}

static void expect(const fixture *f, sim_metric metric, const char *text)
{
    char room[64] = "";
    sy_buf out;
    sy_buf_init_fixed(&out, room, sizeof room - 1);
    sim_metric_print(metric, f->metrics.values[metric], &out);
    assert_string_equal(room, text);
}

static void pulls(fixture *f, uint32_t host, const char *scope)
{
    EMIT(&f->past, host, &sy_event_pull_begin, sy_int(1), sy_cstr("todoitem"), sy_cstr("all"),
         sy_cstr(scope), sy_int(0));
}

static void link_is(fixture *f, uint32_t host, const char *name, const char *change)
{
    EMIT(&f->past, host, &sim_event_link, sy_cstr(name), sy_cstr(change));
}

static void settles(fixture *f)
{
    EMIT(&f->past, SIM_HOST_WORLD, &sim_event_phase, sy_cstr("settle"));
}

/* The tablet pushes over what the phone pushed, without having seen it. */
static void overwrite(fixture *f, bool decided)
{
    history *past = &f->past;
    history_share(past);
    history_write(past, past->tablet, 1, "update", "milk", "of tablet");
    history_write(past, past->phone, 1, "update", "milk", "of phone");
    history_push(past, past->phone, 1, "milk", "1", "2", "of phone");
    if (decided) {
        history_conflict(past, past->tablet, 1, "milk", "2", "of phone", "send", "client_wins");
    }
    history_push(past, past->tablet, 1, "milk", "2", "3", "of tablet");
}

/* -- what became of edits -- */

static void a_silent_loss_is_counted_with_who_was_told(void **state)
{
    fixture *f = *state;
    overwrite(f, false);
    end_at(f, 100);
    expect(f, SIM_METRIC_LU, "500.000"); /* 1 of 2 */
    expect(f, SIM_METRIC_LU_ACK, "500.000");
    expect(f, SIM_METRIC_LU_UNLICENSED, "500.000");
    expect(f, SIM_METRIC_COLL, "0.000");
    expect(f, SIM_METRIC_INT, "50.000");
    expect(f, SIM_METRIC_INT_WEIGHTED, "52.941"); /* "of tablet" of 9 + 8 bytes */
    expect(f, SIM_METRIC_REJ, "0.000");
}

/* A remote call is no local write: it weighs 1, wherever it stands among writes. */
static void a_remote_call_weighs_one(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_send(past, past->phone, 0, "update", "milk", "1", "by remote call");
    history_serve(past, past->phone, 0, "update", "milk", "1", "2", "by remote call");
    history_write(past, past->tablet, 1, "insert", "eggs", "six");
    end_at(f, 100);
    expect(f, SIM_METRIC_INT, "33.333");          /* the row and its text wait */
    expect(f, SIM_METRIC_INT_WEIGHTED, "20.000"); /* 1 of 1 + 1 + 3 */
}

static void a_loss_that_a_decision_made_is_licensed(void **state)
{
    fixture *f = *state;
    overwrite(f, true);
    end_at(f, 100);
    expect(f, SIM_METRIC_LU, "500.000");
    expect(f, SIM_METRIC_LU_UNLICENSED, "0.000");
}

static void an_edit_that_was_given_up_is_rejected(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_write(past, past->phone, 1, "update", "milk", "of phone");
    history_serve(past, 0, 0, "update", "milk", "1", "2", "of the office");
    history_conflict(past, past->phone, 1, "milk", "2", "of the office", "return", "server_wins");
    history_dequeue(past, past->phone, 1, "milk", "returned");
    end_at(f, 100);
    expect(f, SIM_METRIC_REJ, "1000.000");
    expect(f, SIM_METRIC_LU, "0.000");
    expect(f, SIM_METRIC_COLL, "-");
    expect(f, SIM_METRIC_INT, "0.000");
}

static void a_loss_to_another_field_is_collateral(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_write(past, past->phone, 1, "update", "milk", "of phone");
    history_push(past, past->phone, 1, "milk", "1", "2", "of phone");
    sy_row *row = sy_row_shallow(&past->arena, history_row(past, "milk", "old", false));
    row->cells[SY_SYSTEM_COUNT + 1] = sy_int(7);
    EMIT(past, past->tablet, &sy_event_enqueue, sy_int(1), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr("milk"));
    EMIT(past, past->tablet, &sy_event_write, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("update"), sy_int(1), sy_row_value(row));
    EMIT(past, past->tablet, &sy_event_send, sy_int(1), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(1), sy_int(1), sy_cstr(""), sy_row_value(row));
    history_serve(past, past->tablet, 1, "update", "milk", "2", "3", "old");
    end_at(f, 100);
    expect(f, SIM_METRIC_COLL, "100.000");
}

static void what_a_person_has_to_decide_is_counted(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_write(past, past->phone, 1, "update", "milk", "of phone");
    history_write(past, past->tablet, 1, "update", "milk", "of tablet");
    EMIT(past, past->phone, &sy_event_op_failed, sy_int(1), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(412), sy_cstr("conflict"));
    EMIT(past, past->tablet, &sy_event_resolve, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("cancel"));
    history_write(past, past->phone, 2, "insert", "tea", NULL);
    history_conflict(past, past->phone, 2, "tea", "1", "other", "fork", "keep_both");
    history_conflict(past, past->phone, 2, "tea", "1", "other", "send", "client_wins");
    end_at(f, 100);
    expect(f, SIM_METRIC_MAN, "1500.000"); /* one resolved, a copy, one that waits; 2 edits */
    expect(f, SIM_METRIC_MAN_T, "3000.000");
}

static void an_edit_that_became_two_rows_is_a_duplicate(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_write(past, past->phone, 1, "insert", "", "new"); /* an id that the server gives */
    history_send(past, past->phone, 1, "insert", "", "", "new");
    history_serve(past, past->phone, 1, "insert", "a", "", "1", "new");
    history_serve(past, past->phone, 1, "insert", "b", "", "2", "new");
    end_at(f, 100);
    expect(f, SIM_METRIC_DUP, "1000.000"); /* that the row is there, and its text */
}

/* The phone deletes; the tablet writes the row anew, and knows of that or not. */
static void bring_back(fixture *f, bool knows)
{
    history *past = &f->past;
    history_share(past);
    history_write(past, past->tablet, 1, "update", "milk", "of tablet");
    history_write(past, past->phone, 1, "delete", "milk", NULL);
    history_send(past, past->phone, 1, "delete", "milk", "1", NULL);
    history_serve(past, past->phone, 1, "delete", "milk", "1", "2", NULL);
    history_dequeue(past, past->phone, 1, "milk", "pushed");
    if (knows) {
        history_apply(past, past->tablet, "milk", "2", NULL);
        history_write(past, past->tablet, 2, "insert", "milk", "again");
        history_push(past, past->tablet, 2, "milk", "2", "3", "again");
    } else {
        history_push(past, past->tablet, 1, "milk", "2", "3", "of tablet");
    }
    end_at(f, 100);
}

static void a_row_that_comes_back_unknowingly_is_a_zombie(void **state)
{
    fixture *f = *state;
    bring_back(f, false);
    expect(f, SIM_METRIC_ZOMB, "500.000"); /* 1 row, 2 edits */
}

static void a_row_that_is_written_anew_is_no_zombie(void **state)
{
    fixture *f = *state;
    bring_back(f, true);
    expect(f, SIM_METRIC_ZOMB, "0.000");
}

static void an_own_value_that_goes_and_comes_back_flaps(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_write(past, past->phone, 1, "update", "milk", "mine");
    history_serve(past, 0, 0, "update", "milk", "1", "2", "other");
    history_serve(past, 0, 0, "update", "milk", "2", "3", "mine");
    history_apply(past, past->phone, "milk", "2", "other");
    history_apply(past, past->phone, "milk", "3", "mine");
    history_apply(past, past->phone, "milk", "3", "mine");
    end_at(f, 100);
    expect(f, SIM_METRIC_FLAP, "1000.000");
}

/* -- conflicts -- */

static void conflicts_are_counted_for_pushes_and_for_edits(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    overwrite(f, true);
    history_write(past, past->tablet, 2, "update", "milk", "same");
    history_conflict(past, past->tablet, 2, "milk", "3", "same", "return", "same content");
    EMIT(past, past->tablet, &sy_event_push_begin, sy_int(1), sy_cstr("all"), sy_int(2));
    EMIT(past, past->tablet, &sy_event_push_begin, sy_int(2), sy_cstr("all"), sy_int(0));
    EMIT(past, past->tablet, &sy_event_push_begin, sy_int(3), sy_cstr("all"), sy_int(1));
    EMIT(past, past->phone, &sy_event_push_begin, sy_int(4), sy_cstr("all"), sy_int(1));
    EMIT(past, past->phone, &sy_event_push_begin, sy_int(5), sy_cstr("all"), sy_int(1));
    end_at(f, 100);
    expect(f, SIM_METRIC_CR_PUSH, "50.000"); /* 2 of 4 that had something to push */
    expect(f, SIM_METRIC_CR_EDIT, "666.666");
    expect(f, SIM_METRIC_FC, "333.333");
}

/* -- how fast it spreads -- */

/* milk is committed at 10 by the phone's edit of 4, at 20 by the office; the tablet has the first
 * at 40 and the second at 60, the phone the second at 30. */
static void spread(fixture *f)
{
    history *past = &f->past;
    pulls(f, past->phone, "");
    pulls(f, past->tablet, "");
    at(f, 3);
    history_write(past, past->phone, 1, "insert", "milk", "new");
    at(f, 9);
    history_send(past, past->phone, 1, "insert", "milk", "", "new");
    history_serve(past, past->phone, 1, "insert", "milk", "", "1", "new");
    at(f, 20);
    history_serve(past, 0, 0, "update", "milk", "1", "2", "newer");
    at(f, 30);
    history_apply(past, past->phone, "milk", "2", "newer");
    at(f, 40);
    history_apply(past, past->tablet, "milk", "1", "new");
}

static void a_commit_is_timed_to_its_last_device(void **state)
{
    fixture *f = *state;
    spread(f);
    at(f, 60);
    history_apply(&f->past, f->past.tablet, "milk", "2", "newer");
    end_at(f, 100);
    expect(f, SIM_METRIC_CONV_MEAN, "0.035"); /* 30 and 40 */
    expect(f, SIM_METRIC_CONV_MAX, "0.040");
    expect(f, SIM_METRIC_CONV_P50, "-"); /* of two */
    expect(f, SIM_METRIC_CONV_HEALED, "0.000");
    expect(f, SIM_METRIC_E2E_MEAN, "0.036"); /* 4 to 40; the office's has no local edit */
    expect(f, SIM_METRIC_E2E_MAX, "0.036");
    expect(f, SIM_METRIC_FAIR_CONV, "0.764"); /* phone 10, tablet 35: 45^2 / (2 (10^2 + 35^2)) */
}

static void what_settle_has_to_bring_is_told_apart(void **state)
{
    fixture *f = *state;
    spread(f);
    settles(f);
    at(f, 60);
    history_apply(&f->past, f->past.tablet, "milk", "2", "newer");
    end_at(f, 100);
    expect(f, SIM_METRIC_CONV_HEALED, "50.000");
    expect(f, SIM_METRIC_CONV_MAX, "0.040");
}

static void what_never_gets_everywhere_has_no_time(void **state)
{
    fixture *f = *state;
    spread(f);
    end_at(f, 100);
    expect(f, SIM_METRIC_CONV_HEALED, "50.000");
    expect(f, SIM_METRIC_CONV_MAX, "0.030");
}

static void who_pulls_a_part_waits_for_no_other_rows(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    pulls(f, past->phone, "");
    pulls(f, past->tablet, "text eq 'x'");
    at(f, 10);
    history_serve(past, 0, 0, "insert", "milk", "", "1", "new");
    at(f, 25);
    history_apply(past, past->phone, "milk", "1", "new");
    end_at(f, 100);
    expect(f, SIM_METRIC_CONV_MAX, "0.015");
    expect(f, SIM_METRIC_CONV_HEALED, "0.000");
}

/* -- what apps read -- */

static void reads_are_held_against_the_server(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_read(past, past->phone, "milk", "old");
    at(f, 10);
    history_serve(past, 0, 0, "update", "milk", "1", "2", "a");
    at(f, 20);
    history_serve(past, 0, 0, "update", "milk", "2", "3", "b");
    at(f, 40);
    history_read(past, past->phone, "milk", "old");
    settles(f);
    history_read(past, past->phone, "milk", "old"); /* nobody's */
    end_at(f, 100);
    expect(f, SIM_METRIC_STALE, "50.000");
    expect(f, SIM_METRIC_AOI_MEAN, "0.015"); /* 0, and out of date since 10 */
    expect(f, SIM_METRIC_AOI_P99, "-");
    expect(f, SIM_METRIC_BEHIND_MEAN, "1.000"); /* 0 and 2 */
    expect(f, SIM_METRIC_BEHIND_MAX, "2.000");
}

static void replicas_that_differ_open_a_window(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    at(f, 9);
    history_write(past, past->phone, 1, "update", "milk", "of phone"); /* 10: against two */
    at(f, 20);
    history_serve(past, past->phone, 0, "update", "milk", "1", "2", "of phone");
    at(f, 30);
    history_apply(past, past->tablet, "milk", "2", "of phone"); /* all alike */
    at(f, 39);
    history_write(past, past->tablet, 1, "update", "milk", "of tablet"); /* 40 */
    at(f, 50);
    link_is(f, past->tablet, "tablet", "offline"); /* nobody sees it */
    at(f, 60);
    link_is(f, past->tablet, "tablet", "online");
    at(f, 65);
    settles(f);
    end_at(f, 100);
    expect(f, SIM_METRIC_DIVW_MAX, "0.020");
    expect(f, SIM_METRIC_DIVW_MEAN, "0.011");  /* 20, 10, 5 */
    expect(f, SIM_METRIC_DIVW_TOTAL, "0.017"); /* for each of 2 edits */
}

static void a_device_that_is_down_is_no_replica(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_crash(past, past->tablet, "tablet");
    history_crash(past, past->phone, "phone");
    at(f, 10);
    history_serve(past, 0, 0, "update", "milk", "1", "2", "a");
    at(f, 30);
    EMIT(past, past->phone, &sim_event_host, sy_cstr("phone"), sy_cstr("restarted"));
    end_at(f, 100);
    expect(f, SIM_METRIC_DIVW_MAX, "0.070");
}

/* -- traffic -- */

static void requests_and_radios_are_counted(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_write(past, past->phone, 1, "update", "milk", "x");
    at(f, 1000);
    history_send(past, past->phone, 1, "update", "milk", "1", "x");
    at(f, 3000);
    EMIT(past, past->phone, &sy_event_answer, sy_int(1), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(1), sy_cstr("timeout"), sy_int(0));
    at(f, 20000); /* the radio slept since 14000 */
    history_send(past, past->phone, 1, "update", "milk", "1", "x");
    f->end.sized = true;
    f->end.bytes_up = 300;
    f->end.bytes_down = 50;
    end_at(f, 30000);
    expect(f, SIM_METRIC_REQUESTS, "2.000");
    expect(f, SIM_METRIC_RTT, "1.000");
    expect(f, SIM_METRIC_RETRY, "1.000");
    expect(f, SIM_METRIC_WAKEUPS, "2.000");
    expect(f, SIM_METRIC_RADIO, "24.000"); /* 2 + 11, and 11 */
    expect(f, SIM_METRIC_BYTES_UP, "300.000");
    expect(f, SIM_METRIC_BYTES_DOWN, "50.000");
}

static void bytes_that_nobody_counted_have_no_value(void **state)
{
    fixture *f = *state;
    overwrite(f, false);
    end_at(f, 100);
    expect(f, SIM_METRIC_BYTES_UP, "-");
}

static void rows_that_come_again_unchanged_are_waste(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    history_apply(past, past->phone, "milk", "1", "old");
    EMIT(past, past->phone, &sy_event_page, sy_int(1), sy_cstr("todoitem"), sy_cstr("all"),
         sy_int(1), sy_int(4), sy_cstr(""), sy_int(0));
    end_at(f, 100);
    expect(f, SIM_METRIC_WASTE, "25.000");
}

/* -- the queue -- */

static void queues_are_deep_for_a_time(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_write(past, past->phone, 1, "insert", "milk", "x"); /* at 1: depth 1 */
    at(f, 21);
    history_write(past, past->phone, 2, "insert", "tea", "x"); /* 2 */
    at(f, 31);
    history_dequeue(past, past->phone, 1, "milk", "pushed"); /* 1 */
    at(f, 51);
    settles(f);
    end_at(f, 1000);
    expect(f, SIM_METRIC_QD_MEAN, "1.200"); /* 20 x 1 + 10 x 2 + 20 x 1 over 50 */
    expect(f, SIM_METRIC_QD_P99, "2.000");
    expect(f, SIM_METRIC_QD_MAX, "2.000");
    expect(f, SIM_METRIC_AGE_MEAN, "0.030"); /* 30; the other one waits, 30 so far */
    expect(f, SIM_METRIC_AGE_P99, "-");
}

static void a_crash_leaves_what_the_store_had(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_write(past, past->phone, 1, "insert", "milk", "x");
    history_write(past, past->phone, 2, "insert", "tea", "x");
    at(f, 10);
    history_crash(past, past->phone, "phone");
    EMIT(past, past->phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(0), sy_int(0));
    settles(f);
    end_at(f, 1000);
    expect(f, SIM_METRIC_QD_MAX, "2.000");
    expect(f, SIM_METRIC_AGE_MEAN, "-"); /* they never came to an end */
}

static void the_time_in_failed_ends_with_the_next_attempt(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_write(past, past->phone, 1, "insert", "milk", "x");
    at(f, 10);
    EMIT(past, past->phone, &sy_event_op_failed, sy_int(1), sy_cstr("insert"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(500), sy_cstr("no"));
    at(f, 25);
    history_send(past, past->phone, 1, "insert", "milk", "", "x");
    at(f, 40);
    history_dequeue(past, past->phone, 1, "milk", "pushed");
    end_at(f, 100);
    expect(f, SIM_METRIC_FAILED_T, "0.015");
}

/* -- who bears it -- */

static void losses_are_held_against_the_connection(void **state)
{
    fixture *f = *state;
    history *past = &f->past;
    history_share(past);
    link_is(f, past->phone, "phone", "offline"); /* the phone is connected least */
    history_write(past, past->tablet, 1, "update", "milk", "a");
    history_push(past, past->tablet, 1, "milk", "1", "2", "a");
    history_write(past, past->tablet, 2, "update", "milk", "b");
    history_write(past, past->phone, 1, "update", "milk", "c");
    history_push(past, past->phone, 1, "milk", "2", "3", "c");  /* a is lost */
    history_push(past, past->tablet, 2, "milk", "3", "4", "b"); /* c is lost */
    end_at(f, 100);
    expect(f, SIM_METRIC_LU, "666.666");
    expect(f, SIM_METRIC_LOSS_RATIO, "2.000"); /* 1 of 1 over 1 of 2 */
    expect(f, SIM_METRIC_FAIR_WIN, "0.500");   /* all of it is the tablet's */
}

static void findings_are_counted_by_checker(void **state)
{
    fixture *f = *state;
    sim_finding finding = {.checker = sim_checker_lost_update.name, .time = 7 * SY_MS};
    assert_int_equal(sim_findings_add(&f->past.findings, &finding), SY_OK);
    (void)strcpy(finding.row, "milk");
    finding.time = 5 * SY_MS;
    assert_int_equal(sim_findings_add(&f->past.findings, &finding), SY_OK);
    end_at(f, 100);
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_metrics_to_text(&f->metrics, &text);
    sy_buf_add_char(&text, '\0');
    assert_non_null(strstr(text.data, "anomaly: lost_update, 2 times, first at 0.005 s"));
    sy_buf_deinit(&text);
}

/* -- memory -- */

/* Many rows, so that everything grows. SY_NOMEM: it was said that something failed. */
static sy_rc measure_with(sy_alloc alloc)
{
    history past;
    sim_measure *measure = NULL;
    sim_metrics metrics;
    history_open(&past, &sim_checker_lost_update);
    sy_rc rc = sim_measure_open(alloc, past.trace, &past.lineage, &measure, NULL);
    for (int i = 0; rc == SY_OK && i < 40; i++) {
        const char id[3] = {(char)('a' + i % 26), (char)('a' + i / 26), '\0'};
        EMIT(&past, past.tablet, &sy_event_pull_begin, sy_int(1), sy_cstr("todoitem"),
             sy_cstr("all"), sy_cstr(""), sy_int(0));
        history_insert(&past, past.phone, i + 1, id);
        history_apply(&past, past.tablet, id, "1", "new");
        history_read(&past, past.tablet, id, "new");
    }
    history_end(&past);
    const sim_measure_end end = {.now = past.now};
    rc = rc == SY_OK ? sim_measure_sum(measure, &end, &metrics, NULL) : rc;
    history_close(&past);
    sim_measure_free(measure);
    return rc;
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        const sy_rc rc = measure_with(test_alloc_port(&alloc));
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_int_equal(rc, SY_OK);
            assert_true(n > 20);
            break;
        }
        assert_int_equal(rc, SY_NOMEM);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_silent_loss_is_counted_with_who_was_told),
        TEST(a_remote_call_weighs_one),
        TEST(a_loss_that_a_decision_made_is_licensed),
        TEST(an_edit_that_was_given_up_is_rejected),
        TEST(a_loss_to_another_field_is_collateral),
        TEST(what_a_person_has_to_decide_is_counted),
        TEST(an_edit_that_became_two_rows_is_a_duplicate),
        TEST(a_row_that_comes_back_unknowingly_is_a_zombie),
        TEST(a_row_that_is_written_anew_is_no_zombie),
        TEST(an_own_value_that_goes_and_comes_back_flaps),
        TEST(conflicts_are_counted_for_pushes_and_for_edits),
        TEST(a_commit_is_timed_to_its_last_device),
        TEST(what_settle_has_to_bring_is_told_apart),
        TEST(what_never_gets_everywhere_has_no_time),
        TEST(who_pulls_a_part_waits_for_no_other_rows),
        TEST(reads_are_held_against_the_server),
        TEST(replicas_that_differ_open_a_window),
        TEST(a_device_that_is_down_is_no_replica),
        TEST(requests_and_radios_are_counted),
        TEST(bytes_that_nobody_counted_have_no_value),
        TEST(rows_that_come_again_unchanged_are_waste),
        TEST(queues_are_deep_for_a_time),
        TEST(a_crash_leaves_what_the_store_had),
        TEST(the_time_in_failed_ends_with_the_next_attempt),
        TEST(losses_are_held_against_the_connection),
        TEST(findings_are_counted_by_checker),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
