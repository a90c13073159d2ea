/* tests core/client/table.c, and through it client.c and task.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/pool.h"
#include "tests/unit/client_fixture.h"
#include "tests/unit/support.h"

static fixture f;

static void start(const sy_dialect *dialect)
{
    sy_err err = {SY_OK, ""};
    fixture_init(&f, dialect);
    assert_int_equal(fixture_start(&f, &err), SY_OK);
    f.trace[0] = '\0';
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static void restart(void)
{
    fixture_crash(&f);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    f.trace[0] = '\0';
}

static sy_operation operation(uint32_t index)
{
    sy_operation out = {0};
    assert_true(sy_client_operation(f.client, index, &out));
    return out;
}

/* The row that an operation carries, as JSON. */
static const char *decoded(sy_str bytes)
{
    static char text[512];
    const sy_row *row = NULL;
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    if (bytes.size > 0) {
        assert_int_equal(sy_row_decode(bytes, f.todo, &f.arena, &row, NULL), SY_OK);
    }
    sy_row_to_json(row, &buf);
    memcpy(text, buf.data, buf.size);
    text[buf.size] = '\0';
    sy_buf_deinit(&buf);
    return text;
}

/* A row as a pull leaves it. */
static void seed(const char *id, const char *version, const char *text)
{
    sy_row *row = sy_row_new(&f.arena, f.todo);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_COLUMN_VERSION] = sy_cstr(version);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    assert_int_equal(sy_store_write(f.store, row, NULL), SY_OK);
}

/* Moves an operation on, as a push would. */
static void set_state(const char *number, sy_operation_state state)
{
    const sy_schema *schema = NULL;
    static const sy_column state_only[] = {{{"state", 5}, SY_TYPE_INT}};
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("__operations"), 1, state_only, 1, &schema, NULL), SY_OK);
    sy_row *row = sy_row_new(&f.arena, schema);
    row->cells[SY_COLUMN_ID] = sy_cstr(number);
    row->cells[SY_SYSTEM_COUNT] = sy_int((int64_t)state);
    assert_int_equal(sy_store_write(f.store, row, NULL), SY_OK);
    restart();
}

static void calls_before_initialize_are_refused_and_those_after_it_wait(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    fixture_stop(&f);
    const sy_call initialize = {.verb = SY_VERB_INITIALIZE};
    const sy_call insert = {
        .verb = SY_VERB_INSERT, .table = f.todo->name, .row = fixture_todo(&f, "a", "x", 1)};
    assert_int_equal(fixture_new(&f, NULL), SY_OK);
    sy_ticket tickets[4] = {0};
    assert_int_equal(sy_client_submit(f.client, &insert, &tickets[0], NULL), SY_OK);
    assert_int_equal(sy_client_submit(f.client, &initialize, &tickets[1], NULL), SY_OK);
    assert_int_equal(sy_client_submit(f.client, &insert, &tickets[2], NULL), SY_OK);
    assert_int_equal(sy_client_submit(f.client, &initialize, &tickets[3], NULL), SY_OK);
    assert_int_equal(f.done_count, 0);
    sy_client_run(f.client);
    assert_int_equal(fixture_outcome(&f, tickets[0])->rc, SY_STATE);
    assert_string_equal(fixture_outcome(&f, tickets[0])->text, "the context is not initialized");
    assert_int_equal(fixture_outcome(&f, tickets[1])->rc, SY_OK);
    assert_int_equal(fixture_outcome(&f, tickets[2])->rc, SY_OK);
    assert_int_equal(fixture_outcome(&f, tickets[3])->rc, SY_STATE);
}

static void an_insert_writes_row_and_operation(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    const fixture_done *done = fixture_insert(&f, "a", "milk", 2);
    assert_int_equal(done->rc, SY_OK);
    assert_string_equal(done->rows, "{\"id\":\"a\",\"text\":\"milk\",\"qty\":2}");
    assert_non_null(strstr(fixture_local(&f, "a"), "\"milk\""));
    assert_int_equal(sy_client_pending(f.client, SY_STR("todo")), 1);
    assert_int_equal(sy_client_pending(f.client, SY_STR("list")), 0);
    const sy_operation op = operation(0);
    assert_int_equal(op.kind, SY_OPERATION_INSERT);
    assert_int_equal(op.sequence, 1);
    assert_int_equal(op.version, 1);
    assert_int_equal(op.item.size, 0);
    assert_string_equal(f.trace, "call enqueue write done ");
}

static void an_insert_without_an_id_gets_one(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    const fixture_done *done = fixture_insert(&f, NULL, "milk", 2);
    assert_int_equal(done->rc, SY_OK);
    assert_non_null(strstr(done->rows, "\"id\":\"00000000000000030000000000000001\""));
    restart(); /* the identities begin again; the row is there */
    done = fixture_insert(&f, NULL, "milk", 2);
    assert_int_equal(done->rc, SY_OK);
    assert_non_null(strstr(done->rows, "\"id\":\"00000000000000030000000000000002\""));
}

static void an_insert_over_an_existing_row_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    seed("a", "v1", "theirs");
    assert_int_equal(fixture_insert(&f, "a", "mine", 1)->rc, SY_EXISTS);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
    assert_non_null(strstr(fixture_local(&f, "a"), "theirs"));
    assert_string_equal(f.trace, "call done ");
}

static void bad_ids_and_unknown_tables_are_refused(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    assert_int_equal(fixture_insert(&f, "a/b", "x", 1)->rc, SY_INVALID);
    assert_int_equal(fixture_update(&f, NULL, "x", 1)->rc, SY_INVALID);
    const sy_call call = {
        .verb = SY_VERB_INSERT, .table = SY_STR("nope"), .row = fixture_todo(&f, "a", "x", 1)};
    const fixture_done *done = fixture_call(&f, &call);
    assert_int_equal(done->rc, SY_SCHEMA);
    assert_string_equal(done->text, "insert: there is no table 'nope'");
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
}

static void what_an_app_must_not_write_is_stripped_but_the_version(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    sy_row *row = sy_row_new(&f.arena, f.todo);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_COLUMN_VERSION] = sy_cstr("v7");
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(5);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("x");
    const sy_call call = {.verb = SY_VERB_UPDATE, .table = f.todo->name, .row = row};
    const fixture_done *done = fixture_call(&f, &call);
    assert_int_equal(done->rc, SY_OK);
    assert_string_equal(done->rows, "{\"id\":\"a\",\"version\":\"v7\",\"text\":\"x\"}");
}

static void an_update_of_an_unknown_row_is_the_dialects_affair(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    assert_int_equal(fixture_update(&f, "a", "x", 1)->rc, SY_OK);
    assert_int_equal(operation(0).kind, SY_OPERATION_UPDATE);
    (void)teardown(NULL);
    start(&sy_dialect_sound);
    assert_int_equal(fixture_update(&f, "a", "x", 1)->rc, SY_NOT_FOUND);
    assert_int_equal(fixture_delete(&f, "a")->rc, SY_NOT_FOUND);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
}

static void an_update_changes_only_the_cells_that_it_has(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "milk", 2);
    const fixture_done *done = fixture_update(&f, "a", NULL, 3);
    assert_non_null(strstr(done->rows, "\"milk\""));
    assert_non_null(strstr(done->rows, "\"qty\":3"));
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 1);
    assert_int_equal(operation(0).kind, SY_OPERATION_INSERT);
    assert_int_equal(operation(0).version, 2);
}

static void delete_after_insert_leaves_nothing(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "milk", 2);
    f.trace[0] = '\0';
    assert_int_equal(fixture_delete(&f, "a")->rc, SY_OK);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
    assert_string_equal(fixture_local(&f, "a"), "null");
    assert_string_equal(f.trace, "call collapse dequeue write done ");
}

static void delete_after_an_attempted_insert_is_refused(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "milk", 2);
    set_state("00000000000000000001", SY_STATE_ATTEMPTED);
    const fixture_done *done = fixture_delete(&f, "a");
    assert_int_equal(done->rc, SY_STATE);
    assert_non_null(strstr(done->text, "push first"));
    assert_non_null(strstr(fixture_local(&f, "a"), "milk"));
    assert_int_equal(fixture_update(&f, "a", "more milk", 1)->rc, SY_OK);
    assert_int_equal(operation(0).state,
                     SY_STATE_ATTEMPTED); /* 5.1: a collapse does not reset it */
}

static void delete_after_update_goes_to_the_end_with_the_row(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    seed("a", "v1", "milk");
    (void)fixture_update(&f, "a", "cream", 1);
    (void)fixture_insert(&f, "b", "bread", 1);
    assert_int_equal(fixture_delete(&f, "a")->rc, SY_OK);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 2);
    const sy_operation last = operation(1);
    assert_int_equal(last.kind, SY_OPERATION_DELETE);
    assert_int_equal(last.sequence, 3);
    assert_int_equal(last.version, 2);
    assert_non_null(strstr(decoded(last.item), "\"version\":\"v1\""));
    assert_string_equal(fixture_local(&f, "a"), "null");
    assert_int_equal(fixture_insert(&f, "a", "again", 1)->rc, SY_STATE);
    assert_int_equal(fixture_delete(&f, "a")->rc, SY_STATE);
}

static void snapshots_keep_the_version_they_were_made_on(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit);
    seed("a", "v1", "milk");
    (void)fixture_update(&f, "a", "cream", 1);
    sy_row *row = sy_row_new(&f.arena, f.todo);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_COLUMN_VERSION] = sy_cstr("v9");
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("butter");
    const sy_call call = {.verb = SY_VERB_UPDATE, .table = f.todo->name, .row = row};
    assert_int_equal(fixture_call(&f, &call)->rc, SY_OK);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 1);
    assert_non_null(strstr(decoded(operation(0).item), "\"version\":\"v1\""));
    assert_non_null(strstr(decoded(operation(0).item), "\"text\":\"butter\",\"qty\":1}"));
    assert_int_equal(fixture_delete(&f, "a")->rc, SY_OK);
    assert_int_equal(operation(0).sequence, 1);
    assert_int_equal(operation(0).kind, SY_OPERATION_DELETE);
    assert_non_null(strstr(decoded(operation(0).item), "butter"));
    assert_int_equal(fixture_insert(&f, "a", "new", 4)->rc, SY_OK);
    assert_int_equal(operation(0).kind, SY_OPERATION_UPDATE);
    assert_non_null(strstr(decoded(operation(0).item), "\"version\":\"v1\""));
    assert_non_null(strstr(decoded(operation(0).item), "\"text\":\"new\""));
}

static void sound_keeps_the_base_of_the_first_pending_edit(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    seed("a", "v1", "milk");
    f.now = 7;
    (void)fixture_update(&f, "a", "cream", 1);
    f.now = 9;
    (void)fixture_update(&f, "a", "butter", 2);
    sy_operation op = operation(0);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 1);
    assert_non_null(strstr(decoded(op.base), "\"milk\""));
    assert_non_null(strstr(decoded(op.item), "\"butter\""));
    assert_int_equal(op.edited_at, 9);
    assert_int_equal(op.edit_sequence, 2);
    assert_true(op.key.size > 0);
    (void)fixture_delete(&f, "a");
    op = operation(0);
    assert_int_equal(op.kind, SY_OPERATION_DELETE);
    assert_non_null(strstr(decoded(op.base), "\"milk\""));
}

static void sound_queues_behind_what_may_have_been_sent(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    seed("a", "v1", "milk");
    (void)fixture_update(&f, "a", "cream", 1);
    set_state("00000000000000000001", SY_STATE_ATTEMPTED);
    (void)fixture_update(&f, "a", "butter", 2);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 2);
    assert_non_null(strstr(decoded(operation(0).item), "cream"));
    assert_non_null(strstr(decoded(operation(1).base), "cream"));
    assert_non_null(strstr(decoded(operation(1).item), "butter"));
}

static void operation_keys_never_come_back(void **state)
{
    (void)state;
    char keys[6][64];
    start(&sy_dialect_sound);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(fixture_insert(&f, "a", "milk", 1)->rc, SY_OK);
        const sy_operation op = operation(0);
        assert_true(op.key.size < sizeof keys[i]);
        memcpy(keys[i], op.key.data, op.key.size);
        keys[i][op.key.size] = '\0';
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(keys[i], keys[j]);
        }
        assert_int_equal(fixture_delete(&f, "a")->rc, SY_OK);
        if (i % 2 == 1) {
            restart();
        }
    }
    assert_string_equal(keys[0], "inst:1:1");
    assert_string_equal(keys[2], "inst:1:1025");
}

static void reads_find_rows_and_tell_of_them(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "milk", 2);
    (void)fixture_insert(&f, "b", "bread", 1);
    f.trace[0] = '\0';
    sy_call call = {.verb = SY_VERB_LOOKUP, .table = f.todo->name, .id = SY_STR("a")};
    assert_non_null(strstr(fixture_call(&f, &call)->rows, "milk"));
    call.id = SY_STR("zz");
    const fixture_done *done = fixture_call(&f, &call);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->count, 0);
    const sy_query query = sy_query_all(f.todo);
    call = (sy_call){.verb = SY_VERB_QUERY, .query = &query};
    assert_int_equal(fixture_call(&f, &call)->count, 2);
    assert_string_equal(f.trace, "call read done call done call read read done ");
}

static void a_row_over_another_schema_is_mapped_or_refused(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    static const sy_column text[] = {{{"text", 4}, SY_TYPE_TEXT}};
    static const sy_column other[] = {{{"other", 5}, SY_TYPE_TEXT}};
    const sy_schema *schema = NULL;
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, text, 1, &schema, NULL), SY_OK);
    sy_row *row = sy_row_new(&f.arena, schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("milk");
    sy_call call = {.verb = SY_VERB_INSERT, .table = f.todo->name, .row = row};
    assert_string_equal(fixture_call(&f, &call)->rows, "{\"id\":\"a\",\"text\":\"milk\"}");
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, other, 1, &schema, NULL), SY_OK);
    row = sy_row_new(&f.arena, schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("b");
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("milk");
    call.row = row;
    assert_int_equal(fixture_call(&f, &call)->rc, SY_SCHEMA);
}

static void the_queue_is_there_after_a_restart(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "milk", 2);
    (void)fixture_insert(&f, "b", "bread", 1);
    restart();
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 2);
    assert_true(sy_client_idle(f.client));
}

/* Each write of an edit fails in turn: what is left of it, by dialect. */
static void check_failing_writes(const sy_dialect *dialect, bool together)
{
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        start(dialect);
        test_store faulty;
        fixture_stop(&f);
        test_store_init(&faulty, sy_store_memory_port(f.memory), 0);
        f.store = test_store_port(&faulty);
        assert_int_equal(fixture_start(&f, NULL), SY_OK);
        assert_int_equal(fixture_insert(&f, "a", "milk", 1)->rc, SY_OK);
        test_store_init(&faulty, sy_store_memory_port(f.memory), n);
        const sy_rc rc = fixture_insert(&f, "b", "bread", 1)->rc;
        done = !test_store_failed(&faulty);
        assert_int_equal(rc, done ? SY_OK : SY_STORE);
        const bool row = strcmp(fixture_local(&f, "b"), "null") != 0;
        const bool queued = sy_client_pending(f.client, SY_STR("")) == 2;
        if (together) {
            assert_int_equal(row, done);
        }
        assert_int_equal(queued, done);
        test_store_init(&faulty, sy_store_memory_port(f.memory), 0);
        assert_int_equal(fixture_insert(&f, "c", "cheese", 1)->rc, SY_OK);
        const uint32_t pending = sy_client_pending(f.client, SY_STR(""));
        restart();
        assert_int_equal(sy_client_pending(f.client, SY_STR("")), pending);
        (void)teardown(NULL);
        assert_true(n < 20);
    }
}

static void a_failing_write_leaves_row_and_queue_together_in_sound(void **state)
{
    (void)state;
    check_failing_writes(&sy_dialect_sound, true);
}

static void a_failing_write_never_leaves_a_half_queue_in_mobile_apps(void **state)
{
    (void)state;
    check_failing_writes(&sy_dialect_mobile_apps, false);
}

static void local_writes_in_steady_state_need_no_memory_but_a_pools(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_pool pool;
    sy_pool_init(&pool, test_alloc_port(&alloc));
    pool.size_max = 2048;
    fixture_stop(&f);
    f.alloc = sy_pool_port(&pool);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    uint64_t count = 0;
    for (int i = 0; i < 40; i++) {
        if (i == 20) {
            count = alloc.count;
        }
        assert_int_equal(fixture_insert(&f, "a", "milk", 1)->rc, SY_OK);
        assert_int_equal(fixture_update(&f, "a", "cream", i)->rc, SY_OK);
        assert_int_equal(fixture_delete(&f, "a")->rc, SY_OK);
    }
    assert_int_equal(alloc.count, count);
    fixture_stop(&f);
    sy_pool_deinit(&pool);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(calls_before_initialize_are_refused_and_those_after_it_wait,
                                  teardown),
        cmocka_unit_test_teardown(an_insert_writes_row_and_operation, teardown),
        cmocka_unit_test_teardown(an_insert_without_an_id_gets_one, teardown),
        cmocka_unit_test_teardown(an_insert_over_an_existing_row_is_refused_and_changes_nothing,
                                  teardown),
        cmocka_unit_test_teardown(bad_ids_and_unknown_tables_are_refused, teardown),
        cmocka_unit_test_teardown(what_an_app_must_not_write_is_stripped_but_the_version, teardown),
        cmocka_unit_test_teardown(an_update_of_an_unknown_row_is_the_dialects_affair, teardown),
        cmocka_unit_test_teardown(an_update_changes_only_the_cells_that_it_has, teardown),
        cmocka_unit_test_teardown(delete_after_insert_leaves_nothing, teardown),
        cmocka_unit_test_teardown(delete_after_an_attempted_insert_is_refused, teardown),
        cmocka_unit_test_teardown(delete_after_update_goes_to_the_end_with_the_row, teardown),
        cmocka_unit_test_teardown(snapshots_keep_the_version_they_were_made_on, teardown),
        cmocka_unit_test_teardown(sound_keeps_the_base_of_the_first_pending_edit, teardown),
        cmocka_unit_test_teardown(sound_queues_behind_what_may_have_been_sent, teardown),
        cmocka_unit_test_teardown(operation_keys_never_come_back, teardown),
        cmocka_unit_test_teardown(reads_find_rows_and_tell_of_them, teardown),
        cmocka_unit_test_teardown(a_row_over_another_schema_is_mapped_or_refused, teardown),
        cmocka_unit_test_teardown(the_queue_is_there_after_a_restart, teardown),
        cmocka_unit_test_teardown(a_failing_write_leaves_row_and_queue_together_in_sound, teardown),
        cmocka_unit_test_teardown(a_failing_write_never_leaves_a_half_queue_in_mobile_apps,
                                  teardown),
        cmocka_unit_test_teardown(local_writes_in_steady_state_need_no_memory_but_a_pools,
                                  teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
