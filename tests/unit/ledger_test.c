#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/check/blame.h"
#include "sim/check/elle.h"
#include "sim/check/ledger.h"
#include "tests/unit/checker_support.h"

typedef struct fixture {
    history past;
    sim_blame *blame;
    sim_elle *elle;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    history_open(&f.past, &sim_checker_lost_update);
    const sim_blame_options of = {.row = SY_STR("milk"), .field = SY_STR("text")};
    assert_int_equal(sim_blame_new(sy_alloc_std(), f.past.trace, &of, &f.blame, NULL), SY_OK);
    assert_int_equal(sim_elle_new(sy_alloc_std(), f.past.trace, &f.elle, NULL), SY_OK);
    history_serve(&f.past, 0, 0, "insert", "milk", "", "1", "old");
    history_apply(&f.past, f.past.phone, "milk", "1", "old");
    history_apply(&f.past, f.past.tablet, "milk", "1", "old");
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    history_close(&f->past);
    sim_blame_free(f->blame);
    sim_elle_free(f->elle);
    return 0;
}

/* Writes, sends, is committed, is told so. */
static void edit(history *past, uint32_t host, int64_t op, const char *before, const char *after,
                 const char *text)
{
    history_write(past, host, op, "update", "milk", text);
    history_send(past, host, op, "update", "milk", before, text);
    history_serve(past, host, op, "update", "milk", before, after, text);
    history_dequeue(past, host, op, "milk", "pushed");
}

static sim_ledger sum(history *past)
{
    history_end(past);
    sim_ledger ledger;
    sim_ledger_sum(&past->lineage, &ledger);
    return ledger;
}

static void an_edit_that_stands_is_effective(void **state)
{
    fixture *f = *state;
    edit(&f->past, f->past.phone, 1, "1", "2", "of phone");
    const sim_ledger ledger = sum(&f->past);
    assert_int_equal(ledger.edits, 1);
    assert_int_equal(ledger.outcomes[SIM_EFFECTIVE], 1);
}

static void an_edit_that_its_successor_had_seen_is_superseded(void **state)
{
    fixture *f = *state;
    edit(&f->past, f->past.phone, 1, "1", "2", "of phone");
    history_apply(&f->past, f->past.tablet, "milk", "2", "of phone");
    edit(&f->past, f->past.tablet, 1, "2", "3", "of tablet");
    const sim_ledger ledger = sum(&f->past);
    assert_int_equal(ledger.outcomes[SIM_EFFECTIVE], 1);
    assert_int_equal(ledger.outcomes[SIM_SUPERSEDED], 1);
}

static void an_edit_that_was_never_sent_is_collapsed(void **state)
{
    fixture *f = *state;
    history_write(&f->past, f->past.phone, 1, "update", "milk", "first");
    edit(&f->past, f->past.phone, 1, "1", "2", "second");
    const sim_ledger ledger = sum(&f->past);
    assert_int_equal(ledger.outcomes[SIM_EFFECTIVE], 1);
    assert_int_equal(ledger.outcomes[SIM_COLLAPSED], 1);
}

static void an_edit_that_a_decision_gave_up_is_rejected(void **state)
{
    fixture *f = *state;
    history_write(&f->past, f->past.phone, 1, "update", "milk", "of phone");
    history_serve(&f->past, 0, 0, "update", "milk", "1", "2", "of the office");
    history_conflict(&f->past, f->past.phone, 1, "milk", "2", "of the office", "return",
                     "server_wins");
    history_dequeue(&f->past, f->past.phone, 1, "milk", "the server's row was taken");
    const sim_ledger ledger = sum(&f->past);
    assert_int_equal(ledger.outcomes[SIM_REJECTED], 1);
}

/* A decision sends something else in place of the phone's text; `kept`: which is made of it. */
static sim_ledger merge(fixture *f, bool kept)
{
    history *past = &f->past;
    history_write(past, past->phone, 1, "update", "milk", "of phone");
    history_serve(past, 0, 0, "update", "milk", "1", "2", "of the office");
    history_conflict(past, past->phone, 1, "milk", "2", "of the office", "send", "field_merge");
    EMIT(past, past->phone, &sy_event_decision, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("send"), sy_cstr("field_merge"),
         sy_row_value(history_row(past, "milk", "of both", false)));
    EMIT(past, past->phone, &sy_event_loss, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_row_value(kept ? NULL : history_row(past, "milk", "of phone", false)),
         sy_row_value(NULL));
    history_send(past, past->phone, 1, "update", "milk", "2", "of both");
    history_serve(past, past->phone, 1, "update", "milk", "2", "3", "of both");
    history_dequeue(past, past->phone, 1, "milk", "pushed");
    return sum(past);
}

static void a_value_that_a_merge_drops_is_rejected_one_that_lives_on_is_merged(void **state)
{
    assert_int_equal(merge(*state, false).outcomes[SIM_REJECTED], 1);
    (void)tear_down(state);
    (void)set_up(state);
    assert_int_equal(merge(*state, true).outcomes[SIM_MERGED], 1);
}

static void a_row_that_is_kept_elsewhere_is_parked(void **state)
{
    fixture *f = *state;
    history_write(&f->past, f->past.phone, 1, "update", "milk", "of phone");
    history_serve(&f->past, 0, 0, "update", "milk", "1", "2", "of the office");
    history_conflict(&f->past, f->past.phone, 1, "milk", "2", "of the office", "park", "park");
    history_dequeue(&f->past, f->past.phone, 1, "milk", "the server's row was taken");
    assert_int_equal(sum(&f->past).outcomes[SIM_PARKED], 1);
}

static void an_edit_that_failed_and_waits_is_parked(void **state)
{
    fixture *f = *state;
    history_write(&f->past, f->past.phone, 1, "update", "milk", "of phone");
    history_write(&f->past, f->past.tablet, 1, "update", "milk", "of tablet");
    EMIT(&f->past, f->past.phone, &sy_event_op_failed, sy_int(1), sy_cstr("update"),
         sy_cstr("todoitem"), sy_cstr("milk"), sy_int(412), sy_cstr("conflict"));
    const sim_ledger ledger = sum(&f->past);
    assert_int_equal(ledger.outcomes[SIM_PARKED], 1);
    assert_int_equal(ledger.outcomes[SIM_WAITING], 1);
}

/* The tablet pushes over the phone's edit: knowing of it by a decision, or not at all. */
static sim_ledger overwrite(fixture *f, bool decided, const char *if_match)
{
    history_write(&f->past, f->past.tablet, 1, "update", "milk", "of tablet");
    edit(&f->past, f->past.phone, 1, "1", "2", "of phone");
    if (decided) {
        history_conflict(&f->past, f->past.tablet, 1, "milk", "2", "of phone", "send",
                         "client_wins");
    }
    history_send(&f->past, f->past.tablet, 1, "update", "milk", if_match, "of tablet");
    history_serve(&f->past, f->past.tablet, 1, "update", "milk", "2", "3", "of tablet");
    return sum(&f->past);
}

static void an_edit_that_a_decision_overruled_is_a_licensed_loss(void **state)
{
    fixture *f = *state;
    const sim_ledger ledger = overwrite(f, true, "2");
    assert_int_equal(ledger.outcomes[SIM_OVERWRITTEN], 1);
    assert_int_equal(ledger.licensed, 1);
    assert_int_equal(ledger.acknowledged, 1);
    assert_int_equal(ledger.collateral, 0);
}

static void an_edit_that_nobody_had_seen_is_a_loss_without_licence(void **state)
{
    fixture *f = *state;
    const sim_ledger ledger = overwrite(f, false, "2");
    assert_int_equal(ledger.outcomes[SIM_OVERWRITTEN], 1);
    assert_int_equal(ledger.licensed, 0);
}

static void an_edit_under_an_old_value_is_collateral(void **state)
{
    fixture *f = *state;
    edit(&f->past, f->past.phone, 1, "1", "2", "of phone");
    /* the tablet changes another cell, and sends the whole row as it knows it */
    EMIT(&f->past, f->past.tablet, &sy_event_enqueue, sy_int(1), sy_cstr("update"),
         sy_cstr("todoitem"), sy_cstr("milk"));
    sy_row *row = sy_row_shallow(&f->past.arena, history_row(&f->past, "milk", "old", false));
    row->cells[SY_SYSTEM_COUNT + 1] = sy_int(7);
    EMIT(&f->past, f->past.tablet, &sy_event_write, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("update"), sy_int(1), sy_row_value(row));
    EMIT(&f->past, f->past.tablet, &sy_event_send, sy_int(1), sy_cstr("update"),
         sy_cstr("todoitem"), sy_cstr("milk"), sy_int(1), sy_int(1), sy_cstr(""),
         sy_row_value(row));
    history_serve(&f->past, f->past.tablet, 1, "update", "milk", "2", "3", "old");
    const sim_ledger ledger = sum(&f->past);
    assert_int_equal(ledger.outcomes[SIM_OVERWRITTEN], 1);
    assert_int_equal(ledger.collateral, 1);
}

static void the_ledger_is_a_line(void **state)
{
    fixture *f = *state;
    const sim_ledger ledger = overwrite(f, true, "2");
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_ledger_to_text(&ledger, &text);
    assert_true(sy_str_equal(sy_buf_str(&text),
                             SY_STR("2 edits: 1 effective, 1 overwritten (0 collateral, 1 "
                                    "licensed, 1 acknowledged)")));
    sy_buf_deinit(&text);
}

static void blame_tells_the_life_of_a_cell(void **state)
{
    fixture *f = *state;
    (void)overwrite(f, true, "2");
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    assert_true(sim_blame_to_text(f->blame, &text));
    sy_buf_add_char(&text, '\0');
    assert_non_null(strstr(text.data, "phone      writes \"of phone\""));
    assert_non_null(strstr(text.data, "tablet     decides \"send\" by client_wins"));
    assert_non_null(strstr(text.data, "(phone), as a decision had it that had seen it"));
    assert_non_null(
        strstr(text.data, "of phone: overwritten, licensed, after it was acknowledged"));
    sy_buf_deinit(&text);
}

static void a_history_for_elle_has_writes_and_reads_by_tag(void **state)
{
    fixture *f = *state;
    edit(&f->past, f->past.phone, 1, "1", "2", "of phone");
    history_read(&f->past, f->past.tablet, "milk", "old");
    history_end(&f->past);
    const sy_buf *text = sim_elle_text(f->elle);
    static const char expected[] =
        "{:index 0, :type :invoke, :process 2, :f :txn, :time 5000000, "
        ":value [[:w \"todoitem/milk.text\" 3]]}\n"
        "{:index 1, :type :ok, :process 2, :f :txn, :time 5000000, "
        ":value [[:w \"todoitem/milk.text\" 3]]}\n"
        "{:index 2, :type :invoke, :process 3, :f :txn, :time 9000000, "
        ":value [[:r \"todoitem/milk\" nil] [:r \"todoitem/milk.text\" nil] "
        "[:r \"todoitem/milk.qty\" nil]]}\n"
        "{:index 3, :type :ok, :process 3, :f :txn, :time 9000000, "
        ":value [[:r \"todoitem/milk\" 1] [:r \"todoitem/milk.text\" 2] "
        "[:r \"todoitem/milk.qty\" nil]]}\n";
    assert_true(sy_str_equal(sy_buf_str(text), sy_str_of(expected)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_edit_that_stands_is_effective, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_its_successor_had_seen_is_superseded, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_was_never_sent_is_collapsed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_a_decision_gave_up_is_rejected, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_value_that_a_merge_drops_is_rejected_one_that_lives_on_is_merged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_is_kept_elsewhere_is_parked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_failed_and_waits_is_parked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_a_decision_overruled_is_a_licensed_loss,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_nobody_had_seen_is_a_loss_without_licence,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_under_an_old_value_is_collateral, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_ledger_is_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(blame_tells_the_life_of_a_cell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_history_for_elle_has_writes_and_reads_by_tag, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
