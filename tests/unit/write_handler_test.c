/* Inserts, reads of one row, updates, deletes: every row of protocol.md 2.3 that applies to netfx
 * and toolkit, and what `sound` makes of it. */
#include "core/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/server_fixture.h"

/* -- create -- */

static void insert_answers_201_with_the_row(void **state)
{
    fixture *f = *state;
    f->now = SY_WORLD_EPOCH + 1234567;
    sy_response got = insert(f, "a", "milk", 3);
    assert_int_equal(got.status, 201);
    assert_text(sy_row_id(got.row), "a");
    assert_text(text_of(got.row), "milk");
    assert_false(sy_row_deleted(got.row));
    assert_int_equal(sy_row_find(got.row, SY_STR("due"))->type, SY_TYPE_NULL);
    sy_time resolution = f->dialect->time_resolution_ns;
    assert_int_equal(sy_row_updated_at(got.row),
                     sy_time_truncate(SY_WORLD_EPOCH + 1234500, resolution));
}

static void stored_times_keep_100_ns_and_clients_see_ms(void **state)
{
    fixture *f = *state;
    f->now = SY_WORLD_EPOCH + 1234567;
    sy_response got = insert(f, "a", "milk", 3);
    assert_int_equal(sy_row_updated_at(got.row), SY_WORLD_EPOCH + 1000000);
    assert_int_equal(sy_row_updated_at(stored(f, "a")), SY_WORLD_EPOCH + 1234500);
    assert_int_equal(query_all(f).rows.items[0]->cells[SY_COLUMN_UPDATED_AT].as.integer,
                     SY_WORLD_EPOCH + 1000000);
}

static void netfx_versions_count_up_across_tables_and_restarts(void **state)
{
    fixture *f = *state;
    sy_str first = sy_row_version(insert(f, "a", "milk", 3).row);
    assert_text(first, "AAAAAAAAAAE=");
    f->table = "other";
    assert_text(sy_row_version(insert(f, "a", "milk", 3).row), "AAAAAAAAAAI=");
    fixture_restart(f);
    assert_true(
        sy_str_compare(sy_row_version(insert(f, "b", "milk", 3).row), SY_STR("AAAAAAAAAAI=")) > 0);
}

static void toolkit_versions_are_16_fresh_bytes(void **state)
{
    fixture *f = *state;
    sy_str first = sy_row_version(insert(f, "a", "milk", 3).row);
    assert_int_equal(first.size, 24);
    fixture_restart(f);
    sy_str second = sy_row_version(insert(f, "b", "milk", 3).row);
    assert_false(sy_str_equal(first, second));
}

static void an_id_is_made_when_none_is_given(void **state)
{
    fixture *f = *state;
    sy_response a = insert(f, NULL, "milk", 3);
    sy_response b = insert(f, NULL, "milk", 3);
    assert_int_equal(a.status, 201);
    assert_int_equal(sy_row_id(a.row).size, 32);
    assert_false(sy_str_equal(sy_row_id(a.row), sy_row_id(b.row)));
}

static void an_empty_id_is_replaced_by_toolkit_only(void **state)
{
    fixture *f = *state;
    size_t size = sy_row_id(insert(f, "", "milk", 3).row).size;
    assert_int_equal(size, f->dialect->id_replaces_empty ? 32 : 0);
}

static void insert_of_an_id_that_exists_is_409_in_the_form_of_the_dialect(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    sy_response got = insert(f, "a", "dup", 3);
    assert_int_equal(got.status, 409);
    if (f->dialect == &sy_server_dialect_netfx) {
        assert_null(got.row);
        assert_true(got.reason.size > 0);
    } else {
        assert_text(text_of(got.row), "milk");
    }
    assert_text(text_of(stored(f, "a")), "milk");
}

static void insert_over_a_tombstone_is_409_and_does_not_revive(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    erase(f, "a", NULL);
    sy_response got = insert(f, "a", "dup", 3);
    assert_int_equal(got.status, 409);
    assert_true(got.row == NULL || sy_row_deleted(got.row));
    assert_true(sy_row_deleted(stored(f, "a")));
}

static void deleted_in_the_body_of_an_insert_counts_for_toolkit_only(void **state)
{
    fixture *f = *state;
    sy_row *row = make_row(f, "a", "milk", 3);
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    sy_response got = send_row(f, SY_METHOD_INSERT, "a", row, NULL);
    assert_int_equal(got.status, 201);
    assert_int_equal(sy_row_deleted(got.row), f->dialect->body_deleted);
}

static void system_cells_of_a_body_are_overwritten(void **state)
{
    fixture *f = *state;
    sy_row *row = make_row(f, "a", "milk", 3);
    row->cells[SY_COLUMN_VERSION] = sy_cstr("mine");
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(5);
    sy_response got = send_row(f, SY_METHOD_INSERT, "a", row, NULL);
    assert_false(sy_str_equal(sy_row_version(got.row), SY_STR("mine")));
    assert_int_equal(sy_row_updated_at(got.row), SY_WORLD_EPOCH);
}

static void an_insert_without_a_body_or_of_a_wrong_type_is_400(void **state)
{
    fixture *f = *state;
    assert_int_equal(send_row(f, SY_METHOD_INSERT, "a", NULL, NULL).status, 400);
    sy_column column = {SY_STR("text"), SY_TYPE_INT};
    const sy_schema *schema = NULL;
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, &column, 1, &schema, NULL),
        SY_OK);
    sy_row *row = sy_row_new(&f->arena, schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_SYSTEM_COUNT] = sy_int(5);
    sy_response got = send_row(f, SY_METHOD_INSERT, "a", row, NULL);
    assert_int_equal(got.status, 400);
    assert_true(got.reason.size > 0);
    assert_null(stored(f, "a"));
}

static void an_unknown_column_is_ignored_and_an_unknown_table_is_404(void **state)
{
    fixture *f = *state;
    sy_column columns[] = {{SY_STR("colour"), SY_TYPE_TEXT}, {SY_STR("text"), SY_TYPE_TEXT}};
    const sy_schema *schema = NULL;
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, columns, 2, &schema, NULL),
        SY_OK);
    sy_row *row = sy_row_new(&f->arena, schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("red");
    row->cells[SY_SYSTEM_COUNT + 1] = sy_cstr("milk");
    sy_response got = send_row(f, SY_METHOD_INSERT, "a", row, NULL);
    assert_int_equal(got.status, 201);
    assert_text(text_of(got.row), "milk");
    assert_int_equal(sy_row_find(got.row, SY_STR("qty"))->type, SY_TYPE_NULL);
    f->table = "nowhere";
    assert_int_equal(insert(f, "b", "milk", 3).status, 404);
}

static void a_table_is_found_whatever_the_letter_case(void **state)
{
    fixture *f = *state;
    f->table = "ToDo";
    assert_int_equal(insert(f, "a", "milk", 3).status, 201);
}

/* -- read one -- */

static void read_answers_200_404_and_the_dialects_status_for_a_tombstone(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    assert_int_equal(read_row(f, "a", false).status, 200);
    assert_int_equal(read_row(f, "zz", false).status, 404);
    erase(f, "a", NULL);
    assert_int_equal(read_row(f, "a", false).status,
                     f->dialect == &sy_server_dialect_netfx ? 404 : 410);
    sy_response got = read_row(f, "a", true);
    assert_int_equal(got.status, 200);
    assert_true(sy_row_deleted(got.row));
}

/* -- update -- */

static void patch_changes_the_given_cells(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    f->now += SY_SECOND;
    sy_row *row = make_row(f, "a", NULL, 4);
    sy_response got = send_row(f, SY_METHOD_UPDATE, "a", row, NULL);
    assert_int_equal(got.status, 200);
    assert_text(text_of(got.row), "milk");
    assert_int_equal(qty_of(got.row), 4);
    assert_int_equal(sy_row_updated_at(got.row), SY_WORLD_EPOCH + SY_SECOND);
    assert_int_equal(got.row->cells[SY_COLUMN_CREATED_AT].as.integer, SY_WORLD_EPOCH);
}

static void put_replaces_all_cells_and_absent_becomes_null(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    sy_row *row = make_row(f, "a", NULL, 4);
    sy_response got = send_row(f, SY_METHOD_REPLACE, "a", row, NULL);
    assert_int_equal(got.status, 200);
    assert_int_equal(sy_row_find(got.row, SY_STR("text"))->type, SY_TYPE_NULL);
    assert_int_equal(qty_of(stored(f, "a")), 4);
    assert_int_equal(sy_row_find(stored(f, "a"), SY_STR("text"))->type, SY_TYPE_NULL);
}

static void the_other_update_method_is_405_over_the_wire(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    bool patches = f->dialect == &sy_server_dialect_netfx;
    sy_method method = patches ? SY_METHOD_REPLACE : SY_METHOD_UPDATE;
    sy_request request = request_of(f, method, "a");
    request.row = make_row(f, "a", "x", 1);
    sy_server_transaction *transaction = NULL;
    sy_response got;
    assert_int_equal(sy_server_begin(f->server, &request, &transaction, NULL), SY_OK);
    assert_int_equal(sy_server_end(f->server, transaction, &f->arena, &got, NULL), SY_OK);
    assert_int_equal(got.status, 405);
    assert_text(text_of(stored(f, "a")), "milk");
    assert_int_equal(serve(f, &request).status, 200); /* the server's own code has both */
    assert_text(text_of(stored(f, "a")), "x");
}

static void if_match_holds_for_the_version_and_for_a_star(void **state)
{
    fixture *f = *state;
    const char *version = version_of(f, insert(f, "a", "milk", 3).row);
    sy_response got = change(f, "a", "one", version);
    assert_int_equal(got.status, 200);
    assert_string_not_equal(version_of(f, got.row), version);
    assert_int_equal(change(f, "a", "two", "*").status, 200);
    assert_int_equal(change(f, "a", "three", NULL).status, 200);
    assert_text(text_of(stored(f, "a")), "three");
}

static void if_match_of_another_version_is_412_with_the_row(void **state)
{
    fixture *f = *state;
    const char *version = version_of(f, insert(f, "a", "milk", 3).row);
    change(f, "a", "theirs", NULL);
    sy_response got = change(f, "a", "mine", version);
    assert_int_equal(got.status, 412);
    assert_text(text_of(got.row), "theirs");
    assert_text(text_of(stored(f, "a")), "theirs");
    got = erase(f, "a", version);
    assert_int_equal(got.status, 412);
    assert_text(text_of(got.row), "theirs");
    assert_int_equal(change(f, "a", "again", version_of(f, got.row)).status, 200);
}

static void another_version_in_the_body_without_if_match_is_409_for_netfx(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    sy_row *row = make_row(f, "a", "mine", 3);
    row->cells[SY_COLUMN_VERSION] = sy_cstr("AAAA");
    bool checks = f->dialect == &sy_server_dialect_netfx;
    sy_response got = send_row(f, update_method(f), "a", row, NULL);
    assert_int_equal(got.status, checks ? 409 : 200);
    assert_text(text_of(got.row), checks ? "milk" : "mine");
}

static void update_of_a_missing_row_is_404(void **state)
{
    fixture *f = *state;
    assert_int_equal(change(f, "a", "x", NULL).status, 404);
    assert_int_equal(change(f, "a", "x", "AAAA").status, 404);
    assert_int_equal(erase(f, "a", NULL).status, 404);
}

static void update_and_delete_of_a_tombstone_get_the_dialects_status(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    erase(f, "a", NULL);
    int status = f->dialect == &sy_server_dialect_netfx ? 404 : 410;
    sy_response got = change(f, "a", "x", NULL);
    assert_int_equal(got.status, status);
    assert_null(got.row);
    assert_int_equal(change(f, "a", "x", "AAAA").status, status);
    assert_int_equal(erase(f, "a", NULL).status, status);
}

static void an_id_in_the_body_other_than_in_the_url_is_400(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    sy_row *row = make_row(f, "b", "x", 3);
    assert_int_equal(send_row(f, update_method(f), "a", row, NULL).status, 400);
}

static void an_empty_patch_changes_nothing(void **state)
{
    fixture *f = *state;
    const char *version = version_of(f, insert(f, "a", "milk", 3).row);
    f->commits = 0;
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    sy_response got = send_row(f, SY_METHOD_UPDATE, "a", row, NULL);
    assert_int_equal(got.status, 200);
    assert_text(sy_row_version(got.row), version);
    assert_int_equal(f->commits, 0);
}

static void put_with_deleted_true_deletes(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    sy_row *row = make_row(f, "a", "milk", 3);
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    sy_response got = send_row(f, SY_METHOD_REPLACE, "a", row, NULL);
    assert_int_equal(got.status, 200);
    assert_true(sy_row_deleted(got.row));
    assert_int_equal(read_row(f, "a", false).status, 410);
}

static void without_a_version_column_the_last_write_wins(void **state)
{
    fixture *f = *state;
    f->table = "blind";
    assert_int_equal(sy_row_version(insert(f, "a", "milk", 3).row).size, 0);
    sy_response got = change(f, "a", "theirs", NULL);
    assert_int_equal(got.status, 200);
    got = change(f, "a", "mine", NULL);
    assert_int_equal(got.status, 200);
    assert_int_equal(sy_row_version(got.row).size, 0);
    assert_text(text_of(stored(f, "a")), "mine");
}

/* -- delete, undelete -- */

static void a_soft_delete_is_204_and_moves_version_and_time(void **state)
{
    fixture *f = *state;
    const char *version = version_of(f, insert(f, "a", "milk", 3).row);
    f->now += SY_SECOND;
    sy_response got = erase(f, "a", version);
    assert_int_equal(got.status, 204);
    assert_null(got.row);
    const sy_row *row = stored(f, "a");
    assert_true(sy_row_deleted(row));
    assert_string_not_equal(version_of(f, row), version);
    assert_int_equal(sy_row_updated_at(row), SY_WORLD_EPOCH + SY_SECOND);
}

static void a_hard_delete_removes_the_row(void **state)
{
    fixture *f = *state;
    f->table = "hard";
    insert(f, "a", "milk", 3);
    assert_int_equal(erase(f, "a", NULL).status, 204);
    assert_null(stored(f, "a"));
    assert_int_equal(erase(f, "a", NULL).status, 404);
    assert_int_equal(insert(f, "a", "milk", 3).status, 201);
}

static void undelete_brings_a_row_back(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    const char *old = version_of(f, stored(f, "a"));
    erase(f, "a", NULL);
    sy_response got = send_row(f, SY_METHOD_UNDELETE, "a", NULL, old);
    assert_int_equal(got.status, 412);
    assert_true(sy_row_deleted(got.row));
    got = send_row(f, SY_METHOD_UNDELETE, "a", NULL, version_of(f, got.row));
    assert_int_equal(got.status, 200);
    assert_false(sy_row_deleted(got.row));
    assert_text(text_of(got.row), "milk");
    assert_int_equal(read_row(f, "a", false).status, 200);
    assert_int_equal(send_row(f, SY_METHOD_UNDELETE, "zz", NULL, NULL).status, 404);
}

static void put_with_include_deleted_is_the_undelete_of_toolkit(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    erase(f, "a", NULL);
    f->include_deleted = true;
    sy_response got = change(f, "a", "back", NULL);
    assert_int_equal(got.status, 200);
    assert_false(sy_row_deleted(got.row));
}

static void patch_with_include_deleted_reaches_a_tombstone_and_leaves_it_one(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 3);
    erase(f, "a", NULL);
    f->include_deleted = true;
    sy_response got = change(f, "a", "back", NULL);
    assert_int_equal(got.status, 200);
    assert_true(sy_row_deleted(got.row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(insert_answers_201_with_the_row),
        CLASSIC(stored_times_keep_100_ns_and_clients_see_ms),
        NETFX(netfx_versions_count_up_across_tables_and_restarts),
        TOOLKIT(toolkit_versions_are_16_fresh_bytes),
        EVERY(an_id_is_made_when_none_is_given),
        EVERY(an_empty_id_is_replaced_by_toolkit_only),
        EVERY(insert_of_an_id_that_exists_is_409_in_the_form_of_the_dialect),
        EVERY(insert_over_a_tombstone_is_409_and_does_not_revive),
        EVERY(deleted_in_the_body_of_an_insert_counts_for_toolkit_only),
        EVERY(system_cells_of_a_body_are_overwritten),
        EVERY(an_insert_without_a_body_or_of_a_wrong_type_is_400),
        EVERY(an_unknown_column_is_ignored_and_an_unknown_table_is_404),
        EVERY(a_table_is_found_whatever_the_letter_case),
        EVERY(read_answers_200_404_and_the_dialects_status_for_a_tombstone),
        NETFX(patch_changes_the_given_cells),
        SOUND(patch_changes_the_given_cells),
        TOOLKIT(put_replaces_all_cells_and_absent_becomes_null),
        SOUND(put_replaces_all_cells_and_absent_becomes_null),
        CLASSIC(the_other_update_method_is_405_over_the_wire),
        EVERY(if_match_holds_for_the_version_and_for_a_star),
        EVERY(if_match_of_another_version_is_412_with_the_row),
        EVERY(another_version_in_the_body_without_if_match_is_409_for_netfx),
        EVERY(without_a_version_column_the_last_write_wins),
        EVERY(update_of_a_missing_row_is_404),
        CLASSIC(update_and_delete_of_a_tombstone_get_the_dialects_status),
        EVERY(an_id_in_the_body_other_than_in_the_url_is_400),
        NETFX(an_empty_patch_changes_nothing),
        SOUND(an_empty_patch_changes_nothing),
        TOOLKIT(put_with_deleted_true_deletes),
        EVERY(a_soft_delete_is_204_and_moves_version_and_time),
        EVERY(a_hard_delete_removes_the_row),
        EVERY(undelete_brings_a_row_back),
        TOOLKIT(put_with_include_deleted_is_the_undelete_of_toolkit),
        NETFX(patch_with_include_deleted_reaches_a_tombstone_and_leaves_it_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
