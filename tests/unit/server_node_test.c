/* The Node server and the Datasync server, where they differ from the others: protocol.md 2.1, 2.3,
 * Appendix A. */
#include "core/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/server_fixture.h"

/* -- versions -- */

static void each_row_counts_its_own_writes(void **state)
{
    fixture *f = *state;
    assert_text(sy_row_version(insert(f, "a", "milk", 1).row), "MQ==");
    assert_text(sy_row_version(insert(f, "b", "bread", 1).row), "MQ==");
    assert_text(sy_row_version(change(f, "a", "oat milk", NULL).row), "Mg==");
    fixture_restart(f);
    assert_text(sy_row_version(erase(f, "a", NULL).row), "Mw==");
    f->table = "hard";
    insert(f, "a", "milk", 1);
    erase(f, "a", NULL);
    assert_text(sy_row_version(insert(f, "a", "milk", 1).row), "MQ=="); /* edge 61 */
}

static void an_insert_keeps_the_version_that_came_with_it(void **state)
{
    static const struct {
        const char *given, *kept, *next;
    } cases[] = {{"abc", "YWJj", "MQ=="}, {"41", "NDE=", "NDI="}, {"12abc", "MTJhYmM=", "MTM="}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *id = (const char *[]){"a", "b", "c"}[i];
        sy_row *row = make_row(f, id, "milk", 1);
        row->cells[SY_COLUMN_VERSION] = sy_cstr(cases[i].given);
        sy_response got = send_row(f, SY_METHOD_INSERT, NULL, row, NULL);
        assert_text(sy_row_version(got.row), cases[i].kept);
        assert_text(sy_row_version(change(f, id, "x", NULL).row), cases[i].next);
    }
    sy_response got = send_row(f, SY_METHOD_INSERT, NULL, make_row(f, "d", "milk", 1), "NQ==");
    assert_text(sy_row_version(got.row), "TlE9PQ==");
}

static void versions_are_compared_as_bytes(void **state)
{
    static const struct {
        const char *if_match;
        int status;
    } cases[] = {{"MQ==", 200},  {"MQ", 200}, {"'MQ=='", 200}, {"MQ==, Mg==", 200},
                 {"bogus", 412}, {"=", 412},  {"Mg==", 412},   {"Mg==, MQ==", 412}};
    fixture *f = *state;
    f->table = "hard";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        insert(f, "a", "milk", 1);
        assert_int_equal(change(f, "a", "x", cases[i].if_match).status, cases[i].status);
        erase(f, "a", NULL);
    }
}

static void a_version_in_the_body_is_409_and_in_if_match_412(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    change(f, "a", "oat milk", NULL);
    sy_row *row = make_row(f, "a", "soy milk", 1);
    row->cells[SY_COLUMN_VERSION] = sy_cstr("MQ==");
    sy_response got = send_row(f, SY_METHOD_UPDATE, "a", row, NULL);
    assert_int_equal(got.status, 409);
    assert_text(text_of(got.row), "oat milk");
    assert_int_equal(send_row(f, SY_METHOD_UPDATE, "a", row, "MQ==").status, 412);
    assert_int_equal(send_row(f, SY_METHOD_UPDATE, "a", row, "Mg==").status, 200);
}

/* -- rows -- */

static void created_and_updated_are_the_same_at_first(void **state)
{
    fixture *f = *state;
    f->now = SY_WORLD_EPOCH + 1234567;
    const sy_row *row = insert(f, "a", "milk", 1).row;
    assert_int_equal(row->cells[SY_COLUMN_CREATED_AT].as.integer, SY_WORLD_EPOCH + 1 * SY_MS);
    assert_int_equal(sy_row_updated_at(row), SY_WORLD_EPOCH + 1 * SY_MS);
    f->now += SY_SECOND;
    row = change(f, "a", "oat milk", NULL).row;
    assert_int_equal(row->cells[SY_COLUMN_CREATED_AT].as.integer, SY_WORLD_EPOCH + 1 * SY_MS);
    assert_int_equal(sy_row_updated_at(row), SY_WORLD_EPOCH + 1001 * SY_MS);
}

static void a_409_to_an_insert_echoes_the_clients_item(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    sy_response got = insert(f, "a", "dup", 7);
    assert_int_equal(got.status, 409);
    assert_text(text_of(got.row), "dup");
    assert_int_equal(sy_row_version(got.row).size, 0);
    erase(f, "a", NULL);
    got = insert(f, "a", "again", 7);
    assert_int_equal(got.status, 409);
    assert_text(text_of(got.row), "again");
}

static void a_delete_answers_with_the_row(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    sy_response got = erase(f, "a", NULL);
    assert_int_equal(got.status, 200);
    assert_true(sy_row_deleted(got.row));
    assert_text(sy_row_version(got.row), "Mg==");
    assert_int_equal(erase(f, "a", NULL).status, 404);
    f->table = "hard";
    insert(f, "a", "milk", 1);
    got = erase(f, "a", NULL);
    assert_text(sy_row_version(got.row), "MQ==");
    assert_int_equal(got.row->cells[SY_COLUMN_DELETED].type, SY_TYPE_ABSENT);
    assert_null(stored(f, "a"));
}

static void an_undelete_is_201_and_moves_a_live_row_too(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    sy_response got = send_row(f, SY_METHOD_UNDELETE, "a", NULL, NULL);
    assert_int_equal(got.status, 201);
    assert_text(sy_row_version(got.row), "Mg==");
    erase(f, "a", NULL);
    assert_int_equal(send_row(f, SY_METHOD_UNDELETE, "a", NULL, "MQ==").status, 412);
    got = send_row(f, SY_METHOD_UNDELETE, "a", NULL, "Mw==");
    assert_int_equal(got.status, 201);
    assert_false(sy_row_deleted(got.row));
    assert_int_equal(send_row(f, SY_METHOD_UNDELETE, "zz", NULL, NULL).status, 404);
    f->table = "hard";
    assert_int_equal(send_row(f, SY_METHOD_UNDELETE, "zz", NULL, NULL).status, 500);
}

static void a_tombstone_does_not_exist_for_reads_and_updates(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    erase(f, "a", NULL);
    assert_int_equal(read_row(f, "a", true).status, 404);
    f->include_deleted = true;
    assert_int_equal(change(f, "a", "x", NULL).status, 404);
    assert_int_equal(query_all(f).rows.count, 1);
}

static void an_update_that_sets_nothing_is_500(void **state)
{
    fixture *f = *state;
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    assert_int_equal(send_row(f, SY_METHOD_UPDATE, "a", row, NULL).status, 500);
}

/* -- the collection -- */

static void an_update_of_the_collection_goes_by_the_bodys_id(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    sy_response got = send_row(f, SY_METHOD_UPDATE, NULL, make_row(f, "a", "oat milk", 1), NULL);
    assert_int_equal(got.status, 200);
    assert_text(text_of(stored(f, "a")), "oat milk");
    assert_int_equal(send_row(f, SY_METHOD_UPDATE, NULL, make_row(f, NULL, "x", 1), NULL).status,
                     404);
}

static sy_response erase_where(fixture *f, const char *text, const char *if_match)
{
    sy_query query = sy_query_all(f->schema);
    query.filter = text == NULL ? NULL
                                : sy_expr_binary(&f->arena, SY_EXPR_EQ,
                                                 sy_expr_column(&f->arena, f->text_column),
                                                 sy_expr_literal(&f->arena, sy_cstr(text)));
    sy_request request = request_of(f, SY_METHOD_DELETE, NULL);
    request.query = &query;
    request.if_match = sy_str_of(if_match);
    return serve(f, &request);
}

static void a_delete_of_the_collection_takes_what_the_query_finds(void **state)
{
    fixture *f = *state;
    fill(f, 5);
    uint64_t commits = f->commits;
    sy_response got = erase_where(f, "even", NULL);
    assert_int_equal(got.status, 200);
    assert_int_equal(got.rows.count, 3);
    assert_true(sy_row_deleted(got.rows.items[2]));
    assert_int_equal(f->commits - commits, 3);
    assert_int_equal(erase_where(f, "even", NULL).status, 409); /* several, none of them alive */
    assert_int_equal(erase_where(f, "even", "MQ==").status, 412);
    assert_int_equal(erase_where(f, "none", NULL).status, 404);
    assert_int_equal(erase_where(f, NULL, NULL).status, 500);
    change(f, "r0001", "one", NULL);
    assert_int_equal(erase_where(f, "one", "MQ==").status, 412);
    got = erase_where(f, "one", "Mg==");
    assert_text(sy_row_version(got.row), "Mw==");
    assert_int_equal(erase_where(f, "one", NULL).status, 404);
    assert_int_equal(query_all(f).rows.count, 1);
}

static void a_hard_delete_of_the_collection_answers_with_what_was_there(void **state)
{
    fixture *f = *state;
    f->table = "hard";
    fill(f, 4);
    sy_response got = erase_where(f, "odd", NULL);
    assert_int_equal(got.rows.count, 2);
    assert_text(sy_row_version(got.rows.items[0]), "MQ==");
    assert_int_equal(query_all(f).rows.count, 2);
}

/* -- queries -- */

static void top_takes_the_place_of_the_page(void **state)
{
    fixture *f = *state;
    fill(f, 60);
    assert_int_equal(query_all(f).rows.count, 50);
    f->query.top = 55;
    assert_int_equal(query_all(f).rows.count, 55);
    f->query.top = 0;
    assert_int_equal(query_all(f).rows.count, 50);
    f->query.top = 1000;
    assert_int_equal(query_all(f).next.size, 0);
    f->query.top = 1001;
    assert_int_equal(query_all(f).status, 400);
}

static void a_full_page_has_a_link_that_leads_nowhere(void **state)
{
    fixture *f = *state;
    fill(f, 4);
    f->query.top = 2;
    sy_response got = query_all(f);
    assert_text(got.next, "$skip=2&$top=2");
    assert_int_equal(query_next(f, got.next).status, 404);
    f->config.next_is_mended = true;
    fixture_restart(f);
    got = query_next(f, got.next);
    assert_int_equal(got.rows.count, 2);
    assert_true(got.next.size > 0); /* full, though it is the last */
    assert_int_equal(query_next(f, got.next).rows.count, 0);
}

static void rows_without_an_order_come_as_they_were_inserted(void **state)
{
    static const char *const ids[] = {"c", "a", "b"};
    fixture *f = *state;
    for (size_t i = 0; i < 3; i++) {
        f->now += SY_SECOND;
        insert(f, ids[i], "milk", 1);
    }
    change(f, "c", "milk", NULL);
    sy_response got = query_all(f);
    for (size_t i = 0; i < 3; i++) {
        assert_text(sy_row_id(got.rows.items[i]), ids[i]);
    }
}

/* -- dynamic schema -- */

/* A row with a column of its own. */
static sy_row *odd_row(fixture *f, const char *id, const char *column, sy_value value)
{
    const sy_schema *schema = NULL;
    sy_column columns[] = {
        {sy_str_of(column), value.type == SY_TYPE_NULL ? SY_TYPE_TEXT : (sy_type)value.type}};
    assert_int_equal(
        sy_schema_new(&f->schemas, SY_STR("todo"), SY_SYSTEM_CLASSIC, columns, 1, &schema, NULL),
        SY_OK);
    sy_row *row = sy_row_new(&f->arena, schema);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_SYSTEM_COUNT] = value;
    return row;
}

static const sy_value *note_of(const sy_row *row)
{
    assert_non_null(row);
    const sy_value *note = sy_row_find(row, SY_STR("note"));
    assert_non_null(note);
    return note;
}

static void an_unknown_column_is_added_and_null_in_older_rows(void **state)
{
    fixture *f = *state;
    insert(f, "old", "milk", 1);
    f->now += SY_SECOND;
    sy_row *row = odd_row(f, "new", "note", sy_cstr("hello"));
    sy_response got = send_row(f, SY_METHOD_INSERT, NULL, row, NULL);
    assert_int_equal(got.status, 201);
    assert_text(sy_value_str(note_of(got.row)), "hello");
    assert_int_equal(note_of(read_row(f, "old", false).row)->type, SY_TYPE_NULL);
    got = query_all(f);
    assert_int_equal(note_of(got.rows.items[0])->type, SY_TYPE_NULL);
    f->now += SY_SECOND;
    got = send_row(f, SY_METHOD_UPDATE, "old", odd_row(f, "old", "stars", sy_real(4.5)), NULL);
    assert_true(sy_row_find(got.row, SY_STR("stars"))->as.real == 4.5);
}

static void added_columns_survive_a_restart(void **state)
{
    fixture *f = *state;
    send_row(f, SY_METHOD_INSERT, NULL, odd_row(f, "a", "note", sy_cstr("hello")), NULL);
    send_row(f, SY_METHOD_INSERT, NULL, odd_row(f, "b", "hot", sy_bool(true)), NULL);
    fixture_restart(f);
    sy_response got = read_row(f, "a", false);
    assert_text(sy_value_str(note_of(got.row)), "hello");
    got = read_row(f, "b", false);
    assert_int_equal(sy_row_find(got.row, SY_STR("hot"))->as.integer, 1);
    assert_int_equal(note_of(got.row)->type, SY_TYPE_NULL);
}

static void a_null_adds_no_column(void **state)
{
    fixture *f = *state;
    sy_response got = send_row(f, SY_METHOD_INSERT, NULL, odd_row(f, "a", "note", SY_NULL), NULL);
    assert_int_equal(got.status, 201);
    assert_null(sy_row_find(got.row, SY_STR("note")));
    got = send_row(f, SY_METHOD_UPDATE, "a", odd_row(f, "a", "note", SY_NULL), NULL);
    assert_int_equal(got.status, 500);
}

static void a_refused_write_adds_its_column_all_the_same(void **state)
{
    fixture *f = *state;
    sy_response got =
        send_row(f, SY_METHOD_UPDATE, "zz", odd_row(f, "zz", "note", sy_cstr("x")), NULL);
    assert_int_equal(got.status, 404);
    insert(f, "a", "milk", 1);
    assert_int_equal(note_of(read_row(f, "a", false).row)->type, SY_TYPE_NULL);
}

static void without_dynamic_schema_an_unknown_column_is_500(void **state)
{
    fixture *f = *state;
    f->tables[0].dynamic_schema = false;
    fixture_restart(f);
    sy_row *row = odd_row(f, "a", "note", sy_cstr("x"));
    assert_int_equal(send_row(f, SY_METHOD_INSERT, NULL, row, NULL).status, 500);
    assert_null(stored(f, "a"));
}

static void a_query_of_an_unknown_column_finds_nothing(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    const sy_row *row = odd_row(f, "x", "note", sy_cstr("x"));
    f->query = sy_query_all(row->schema);
    f->query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_EQ, sy_expr_column(&f->arena, SY_SYSTEM_COUNT),
                       sy_expr_literal(&f->arena, sy_cstr("x")));
    sy_response got = query_all(f);
    assert_int_equal(got.status, 200);
    assert_int_equal(got.rows.count, 0);
    f->tables[0].dynamic_schema = false;
    fixture_restart(f);
    assert_int_equal(query_all(f).status, 500); /* as recorded */
}

/* -- options of a table -- */

static void a_disabled_method_is_405_and_nobody_401(void **state)
{
    fixture *f = *state;
    f->tables[0].disabled = SY_METHOD_BIT(SY_METHOD_INSERT);
    f->tables[1].authorize = true;
    fixture_restart(f);
    sy_server_transaction *transaction = NULL;
    sy_response got;
    sy_request request = request_of(f, SY_METHOD_INSERT, NULL);
    request.row = make_row(f, "a", "milk", 1);
    for (int i = 0; i < 3; i++) {
        request.table = i == 0 ? SY_STR("todo") : SY_STR("other");
        request.user = i == 2 ? SY_STR("ann") : (sy_str){0};
        assert_int_equal(sy_server_begin(f->server, &request, &transaction, NULL), SY_OK);
        assert_int_equal(sy_server_end(f->server, transaction, &f->arena, &got, NULL), SY_OK);
        assert_int_equal(got.status, i == 0 ? 405 : i == 1 ? 401 : 201);
    }
    assert_int_equal(insert(f, "b", "milk", 1).status, 201); /* the server's own code */
}

static void a_table_has_a_page_size_and_a_cap_of_its_own(void **state)
{
    fixture *f = *state;
    f->tables[0].page_size = 3;
    f->tables[0].top_max = 5;
    fixture_restart(f);
    fill(f, 8);
    assert_int_equal(query_all(f).rows.count, 3);
    f->query.top = 5;
    assert_int_equal(query_all(f).status, 200);
    f->query.top = 6;
    assert_int_equal(query_all(f).status, 400);
}

/* -- datasync -- */

static void datasync_takes_put_and_patch(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[f->qty_column] = sy_int(5);
    sy_response got = send_row(f, SY_METHOD_UPDATE, "a", row, NULL);
    assert_text(text_of(got.row), "milk");
    assert_int_equal(qty_of(got.row), 5);
    got = send_row(f, SY_METHOD_REPLACE, "a", row, NULL);
    assert_int_equal(sy_row_find(got.row, SY_STR("text"))->type, SY_TYPE_NULL);
}

static void a_patch_of_datasync_may_not_change_the_version(void **state)
{
    fixture *f = *state;
    const sy_row *stored_row = insert(f, "a", "milk", 1).row;
    sy_row *row = make_row(f, "a", "oat milk", 1);
    row->cells[SY_COLUMN_VERSION] = sy_text(sy_row_version(stored_row));
    sy_request request = request_of(f, SY_METHOD_UPDATE, "a");
    request.row = row;
    for (int i = 0; i < 2; i++) {
        sy_server_transaction *transaction = NULL;
        sy_response got;
        assert_int_equal(sy_server_begin(f->server, &request, &transaction, NULL), SY_OK);
        assert_int_equal(sy_server_end(f->server, transaction, &f->arena, &got, NULL), SY_OK);
        assert_int_equal(got.status, i == 0 ? 200 : 400); /* by then it is an old one */
    }
    request.method = SY_METHOD_REPLACE;
    assert_int_equal(serve(f, &request).status, 200); /* ignored */
}

static void a_patch_of_datasync_that_clears_deleted_is_an_undelete(void **state)
{
    fixture *f = *state;
    insert(f, "a", "milk", 1);
    erase(f, "a", NULL);
    sy_row *row = make_row(f, "a", "back", 1);
    assert_int_equal(send_row(f, SY_METHOD_UPDATE, "a", row, NULL).status, 410);
    f->include_deleted = true;
    assert_int_equal(send_row(f, SY_METHOD_REPLACE, "a", row, NULL).status, 410);
    f->include_deleted = false;
    row->cells[SY_COLUMN_DELETED] = sy_bool(false);
    sy_response got = send_row(f, SY_METHOD_UPDATE, "a", row, NULL);
    assert_int_equal(got.status, 200);
    assert_false(sy_row_deleted(got.row));
    assert_int_equal(read_row(f, "a", false).status, 200);
}

static void datasync_gives_version_2_no_link(void **state)
{
    fixture *f = *state;
    fill(f, 101);
    sy_request request = request_of(f, SY_METHOD_QUERY, NULL);
    for (uint32_t version = 2; version <= 3; version++) {
        request.api_version = version;
        sy_response got = serve(f, &request);
        assert_int_equal(got.rows.count, 100);
        assert_int_equal(got.next.size > 0, version == 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE(each_row_counts_its_own_writes),
        NODE(an_insert_keeps_the_version_that_came_with_it),
        NODE(versions_are_compared_as_bytes),
        NODE(a_version_in_the_body_is_409_and_in_if_match_412),
        NODE(created_and_updated_are_the_same_at_first),
        NODE(a_409_to_an_insert_echoes_the_clients_item),
        NODE(a_delete_answers_with_the_row),
        NODE(an_undelete_is_201_and_moves_a_live_row_too),
        NODE(a_tombstone_does_not_exist_for_reads_and_updates),
        NODE(an_update_that_sets_nothing_is_500),
        NODE(an_update_of_the_collection_goes_by_the_bodys_id),
        NODE(a_delete_of_the_collection_takes_what_the_query_finds),
        NODE(a_hard_delete_of_the_collection_answers_with_what_was_there),
        NODE(top_takes_the_place_of_the_page),
        NODE(a_full_page_has_a_link_that_leads_nowhere),
        NODE(rows_without_an_order_come_as_they_were_inserted),
        NODE(an_unknown_column_is_added_and_null_in_older_rows),
        NODE(added_columns_survive_a_restart),
        NODE(a_null_adds_no_column),
        NODE(a_refused_write_adds_its_column_all_the_same),
        NODE(without_dynamic_schema_an_unknown_column_is_500),
        NODE(a_query_of_an_unknown_column_finds_nothing),
        NODE(a_disabled_method_is_405_and_nobody_401),
        NODE(a_table_has_a_page_size_and_a_cap_of_its_own),
        DATASYNC(datasync_takes_put_and_patch),
        DATASYNC(a_patch_of_datasync_may_not_change_the_version),
        DATASYNC(a_patch_of_datasync_that_clears_deleted_is_an_undelete),
        DATASYNC(datasync_gives_version_2_no_link),
        DATASYNC(a_disabled_method_is_405_and_nobody_401),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
