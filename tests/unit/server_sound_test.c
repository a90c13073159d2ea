/* core/server as `sound`: commit sequences, the horizon, epochs, operation keys, edit stamps. */
#include "core/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/store/store_memory.h"
#include "tests/unit/server_fixture.h"

static sy_response since(fixture *f, int64_t sequence, sy_str continuation)
{
    f->since = sequence;
    sy_response got = query_next(f, continuation);
    f->since = -1;
    return got;
}

static void commits_are_numbered_and_pulled_in_that_order(void **state)
{
    fixture *f = *state;
    fill(f, 3);
    change(f, "r0000", "moved", NULL);
    sy_response got = since(f, 0, (sy_str){0});
    assert_int_equal(got.status, 200);
    assert_int_equal(got.rows.count, 3);
    assert_text(sy_row_id(got.rows.items[2]), "r0000");
    assert_int_equal(sequence_of(got.rows.items[2]), 4);
    assert_int_equal(got.horizon, 4);
    assert_text(got.epoch, "one");
    got = since(f, 3, (sy_str){0});
    assert_int_equal(got.rows.count, 1);
    assert_int_equal(since(f, 4, (sy_str){0}).rows.count, 0);
}

static void a_late_commit_cannot_fall_behind_the_horizon(void **state)
{
    fixture *f = *state;
    sy_request late = request_of(f, SY_METHOD_INSERT, "late");
    late.row = make_row(f, "late", "milk", 3);
    sy_server_transaction *transaction = NULL;
    fill(f, 1);
    assert_int_equal(sy_server_begin(f->server, &late, &transaction, NULL), SY_OK);
    fill(f, 0);
    insert(f, "early", "milk", 3);
    sy_response got = since(f, 0, (sy_str){0});
    assert_int_equal(got.rows.count, 1);
    assert_int_equal(got.horizon, 1);
    sy_response done;
    assert_int_equal(sy_server_end(f->server, transaction, &f->arena, &done, NULL), SY_OK);
    got = since(f, got.horizon, (sy_str){0});
    assert_int_equal(got.rows.count, 2);
    assert_text(sy_row_id(got.rows.items[0]), "late");
    assert_int_equal(got.horizon, 3);
}

static void pages_by_sequence_miss_nothing_that_moves(void **state)
{
    fixture *f = *state;
    f->config.page_size = 2;
    fixture_restart(f);
    fill(f, 4);
    sy_response got = since(f, 0, (sy_str){0});
    assert_int_equal(got.rows.count, 2);
    assert_int_equal(got.horizon, 2); /* it vouches for its own rows only */
    change(f, "r0000", "moved", NULL);
    got = since(f, 0, got.next);
    assert_text(sy_row_id(got.rows.items[0]), "r0002");
    assert_int_equal(got.rows.count, 2);
    got = since(f, 0, got.next);
    assert_text(sy_row_id(got.rows.items[0]), "r0000");
    assert_int_equal(got.next.size, 0);
    assert_int_equal(got.horizon, 5);
}

static void the_first_pull_filters_and_later_ones_send_what_left_the_filter(void **state)
{
    fixture *f = *state;
    fill(f, 4);
    f->query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_EQ, sy_expr_column(&f->arena, f->text_column),
                       sy_expr_literal(&f->arena, sy_cstr("even")));
    sy_response got = since(f, 0, (sy_str){0});
    assert_int_equal(got.rows.count, 2);
    change(f, "r0000", "left", NULL);
    erase(f, "r0002", NULL);
    got = since(f, 4, (sy_str){0});
    assert_int_equal(got.rows.count, 2);
    assert_text(text_of(got.rows.items[0]), "left");
    assert_true(sy_row_deleted(got.rows.items[1]));
}

/* By the log, and after a restart by the table. */
static void a_row_that_leaves_the_filter_between_two_pages_comes_again(void **state)
{
    fixture *f = *state;
    f->config.page_size = 1;
    fixture_restart(f);
    fill(f, 4);
    f->query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_EQ, sy_expr_column(&f->arena, f->text_column),
                       sy_expr_literal(&f->arena, sy_cstr("even")));
    for (int round = 0; round < 2; round++) {
        sy_response got = since(f, 0, (sy_str){0});
        assert_text(sy_row_id(got.rows.items[0]), "r0000");
        change(f, "r0000", round == 0 ? "left" : "left again", NULL);
        const sy_str second = got.next;
        if (round == 1) {
            fixture_restart(f);
        }
        got = since(f, 0, second);
        assert_text(sy_row_id(got.rows.items[0]), "r0002");
        got = since(f, 0, got.next);
        assert_text(sy_row_id(got.rows.items[0]), "r0000");
        assert_int_equal(got.next.size, 0);
        change(f, "r0000", "even", NULL);
        change(f, "r0002", "even", NULL); /* behind r0000 again */
    }
}

static void another_epoch_is_answered_from_the_beginning(void **state)
{
    fixture *f = *state;
    fill(f, 3);
    f->epoch = "two";
    sy_response got = since(f, 3, (sy_str){0});
    assert_int_equal(got.status, 200);
    assert_int_equal(got.rows.count, 3);
    assert_text(got.epoch, "one");
    f->epoch = "one";
    assert_int_equal(since(f, 3, (sy_str){0}).rows.count, 0);
}

/* Both ways to find changes: the log in memory, and, after a restart or many changes, the table. */
static void many_changes_are_found_by_the_log_and_by_the_table_alike(void **state)
{
    fixture *f = *state;
    f->config.page_size = 1000;
    fixture_restart(f);
    fill(f, 150);
    for (int i = 0; i < 60; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "r%04d", i * 2);
        change(f, id, "moved", NULL);
    }
    int64_t from[] = {0, 50, 81, 82, 83, 149, 150, 151, 180, 209, 210};
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
        size_t expected = 0;
        for (int row = 0; row < 150; row++) {
            int64_t sequence = row % 2 == 0 && row < 120 ? 151 + row / 2 : row + 1;
            expected += sequence > from[i];
        }
        sy_response got = since(f, from[i], (sy_str){0});
        assert_int_equal(got.rows.count, expected);
        for (size_t row = 1; row < got.rows.count; row++) {
            assert_true(sequence_of(got.rows.items[row - 1]) < sequence_of(got.rows.items[row]));
        }
    }
    fixture_restart(f);
    assert_int_equal(since(f, 180, (sy_str){0}).rows.count, 30);
}

static void a_known_operation_key_is_answered_as_done(void **state)
{
    fixture *f = *state;
    f->key = "k1";
    assert_int_equal(insert(f, "a", "milk", 3).status, 201);
    f->key = NULL;
    const char *version = version_of(f, change(f, "a", "changed", NULL).row);
    f->key = "k1";
    f->commits = 0;
    sy_response got = insert(f, "a", "milk", 3);
    assert_int_equal(got.status, 201);
    assert_text(text_of(got.row), "changed");
    f->key = "k2";
    assert_int_equal(change(f, "a", "mine", version).status, 200);
    fixture_restart(f);
    got = change(f, "a", "mine", version);
    assert_int_equal(got.status, 200);
    assert_text(text_of(got.row), "mine");
    f->key = "k3";
    assert_int_equal(erase(f, "a", NULL).status, 204);
    assert_int_equal(erase(f, "a", NULL).status, 204);
    assert_int_equal(f->commits, 2);
    assert_int_equal(erase(f, "b", NULL).status, SY_STATUS_KEY_REUSED);
}

static void a_request_that_failed_does_not_use_up_its_key(void **state)
{
    fixture *f = *state;
    const char *version = version_of(f, insert(f, "a", "milk", 3).row);
    change(f, "a", "theirs", NULL);
    f->key = "k1";
    sy_response got = change(f, "a", "mine", version);
    assert_int_equal(got.status, 412);
    got = change(f, "a", "mine", version_of(f, got.row));
    assert_int_equal(got.status, 200);
    assert_text(text_of(got.row), "mine");
}

static void an_insert_without_an_id_is_done_once_by_its_key(void **state)
{
    fixture *f = *state;
    f->key = "k1";
    sy_str id = sy_row_id(insert(f, NULL, "milk", 3).row);
    assert_text(sy_row_id(insert(f, NULL, "milk", 3).row), id.data);
    assert_int_equal(query_all(f).rows.count, 1);
}

static void edits_are_stamped_with_time_and_author(void **state)
{
    fixture *f = *state;
    f->installation = "phone";
    f->edited_at = 12345;
    f->edit_sequence = 7;
    sy_response got = insert(f, "a", "milk", 3);
    assert_int_equal(got.row->cells[SY_COLUMN_EDITED_AT].as.integer, 12345);
    assert_text(sy_value_str(&got.row->cells[SY_COLUMN_EDITED_BY]), "phone:7");
    f->edited_at = 0;
    got = change(f, "a", "x", NULL);
    assert_int_equal(got.row->cells[SY_COLUMN_EDITED_AT].as.integer, SY_WORLD_EPOCH);
}

static void an_update_that_names_the_tombstone_revives_it(void **state)
{
    fixture *f = *state;
    const char *version = version_of(f, insert(f, "a", "milk", 3).row);
    erase(f, "a", NULL);
    sy_response got = change(f, "a", "mine", NULL);
    assert_int_equal(got.status, 410);
    assert_true(sy_row_deleted(got.row));
    assert_int_equal(change(f, "a", "mine", "*").status, 410);
    got = change(f, "a", "mine", version);
    assert_int_equal(got.status, 412);
    assert_true(sy_row_deleted(got.row));
    got = change(f, "a", "mine", version_of(f, got.row));
    assert_int_equal(got.status, 200);
    assert_false(sy_row_deleted(got.row));
}

static void sequences_are_never_given_again_after_a_crash(void **state)
{
    fixture *f = *state;
    fill(f, 2);
    sy_request request = request_of(f, SY_METHOD_INSERT, "x");
    request.row = make_row(f, "x", "milk", 3);
    sy_server_transaction *transaction = NULL;
    assert_int_equal(sy_server_begin(f->server, &request, &transaction, NULL), SY_OK);
    sy_server_abort(f->server, transaction);
    int64_t horizon = since(f, 0, (sy_str){0}).horizon;
    assert_int_equal(horizon, 3);
    fixture_restart(f);
    sy_response got = insert(f, "y", "milk", 3);
    assert_true(sequence_of(got.row) > horizon);
    got = since(f, horizon, (sy_str){0});
    assert_int_equal(got.rows.count, 1);
    assert_text(sy_row_id(got.rows.items[0]), "y");
}

static void a_sequence_that_no_store_knows_of_is_not_vouched_for(void **state)
{
    fixture *f = *state;
    sy_request request = request_of(f, SY_METHOD_INSERT, "x");
    request.row = make_row(f, "x", "milk", 3);
    sy_server_transaction *transaction = NULL;
    assert_int_equal(sy_server_begin(f->server, &request, &transaction, NULL), SY_OK);
    sy_server_abort(f->server, transaction);
    assert_int_equal(sy_server_horizon(f->server), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SOUND(commits_are_numbered_and_pulled_in_that_order),
        SOUND(a_late_commit_cannot_fall_behind_the_horizon),
        SOUND(pages_by_sequence_miss_nothing_that_moves),
        SOUND(the_first_pull_filters_and_later_ones_send_what_left_the_filter),
        SOUND(a_row_that_leaves_the_filter_between_two_pages_comes_again),
        SOUND(another_epoch_is_answered_from_the_beginning),
        SOUND(many_changes_are_found_by_the_log_and_by_the_table_alike),
        SOUND(a_known_operation_key_is_answered_as_done),
        SOUND(a_request_that_failed_does_not_use_up_its_key),
        SOUND(an_insert_without_an_id_is_done_once_by_its_key),
        SOUND(edits_are_stamped_with_time_and_author),
        SOUND(an_update_that_names_the_tombstone_revives_it),
        SOUND(sequences_are_never_given_again_after_a_crash),
        SOUND(a_sequence_that_no_store_knows_of_is_not_vouched_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
