/* tests core/client/operation_queue.c */
#include "core/client/operation_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/client/system_table.h"
#include "core/store/store_memory.h"
#include "tests/unit/support.h"

typedef struct queue_fixture {
    sy_arena arena;
    sy_arena scratch;
    const sy_schema *tables[2];
    sy_store_memory *memory;
    sy_operation_queue queue;
} queue_fixture;

static int setup(void **state)
{
    static queue_fixture f;
    f = (queue_fixture){0};
    sy_arena_init(&f.arena, sy_alloc_std());
    sy_arena_init(&f.scratch, sy_alloc_std());
    static const sy_column text[] = {{{"text", 4}, SY_TYPE_TEXT}};
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("a"), SY_SYSTEM_CLASSIC, text, 1, &f.tables[0], NULL),
        SY_OK);
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("b"), SY_SYSTEM_CLASSIC, text, 1, &f.tables[1], NULL),
        SY_OK);
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &f.memory, NULL), SY_OK);
    const sy_store store = sy_store_memory_port(f.memory);
    assert_int_equal(sy_store_define(store, sy_operation_schema(), NULL), SY_OK);
    sy_operation_queue_init(&f.queue, sy_alloc_std(), store, &f.scratch, f.tables, 2);
    assert_int_equal(sy_operation_queue_load(&f.queue, NULL), SY_OK);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    queue_fixture *f = *state;
    sy_operation_queue_deinit(&f->queue);
    sy_store_memory_free(f->memory);
    sy_arena_deinit(&f->arena);
    sy_arena_deinit(&f->scratch);
    return 0;
}

static sy_operation *add(queue_fixture *f, int table, const char *id, const char *item)
{
    const sy_operation operation = {.version = 1,
                                    .kind = SY_OPERATION_UPDATE,
                                    .schema = f->tables[table],
                                    .id = sy_str_of(id),
                                    .item = sy_str_of(item),
                                    .key = SY_STR("k"),
                                    .edited_at = 77,
                                    .edit_sequence = f->queue.edit_sequence_last + 1};
    sy_operation *out = NULL;
    assert_int_equal(sy_operation_queue_add(&f->queue, &operation, &out, NULL), SY_OK);
    return out;
}

/* What a restart finds. */
static void reopen(queue_fixture *f)
{
    const sy_store store = f->queue.store;
    sy_operation_queue_deinit(&f->queue);
    sy_operation_queue_init(&f->queue, sy_alloc_std(), store, &f->scratch, f->tables, 2);
    assert_int_equal(sy_operation_queue_load(&f->queue, NULL), SY_OK);
}

#define assert_str(str, text) assert_true(sy_str_equal((str), sy_str_of(text)))

static void operations_are_numbered_and_found_by_item(void **state)
{
    queue_fixture *f = *state;
    assert_int_equal(add(f, 0, "x", "1")->sequence, 1);
    assert_int_equal(add(f, 1, "x", "2")->sequence, 2);
    assert_int_equal(sy_operation_queue_find(&f->queue, f->tables[0], SY_STR("x"))->sequence, 1);
    assert_int_equal(sy_operation_queue_find(&f->queue, f->tables[1], SY_STR("x"))->sequence, 2);
    assert_null(sy_operation_queue_find(&f->queue, f->tables[1], SY_STR("y")));
    assert_int_equal(sy_operation_queue_count(&f->queue, f->tables[0]), 1);
    assert_int_equal(sy_operation_queue_count(&f->queue, NULL), 2);
}

static void peek_goes_in_order_and_keeps_to_the_tables(void **state)
{
    queue_fixture *f = *state;
    for (int i = 0; i < 6; i++) {
        const char id[] = {(char)('a' + i), '\0'};
        (void)add(f, i % 2, id, "");
    }
    assert_int_equal(sy_operation_queue_peek(&f->queue, 0, NULL, 0)->sequence, 1);
    assert_int_equal(sy_operation_queue_peek(&f->queue, 4, NULL, 0)->sequence, 5);
    assert_int_equal(sy_operation_queue_peek(&f->queue, 2, &f->tables[1], 1)->sequence, 4);
    assert_null(sy_operation_queue_peek(&f->queue, 5, &f->tables[0], 1));
}

static void everything_survives_a_restart(void **state)
{
    queue_fixture *f = *state;
    (void)add(f, 0, "x", "first");
    sy_operation *second = add(f, 1, "y", "second");
    sy_operation changed = *second;
    changed.version = 9;
    changed.kind = SY_OPERATION_DELETE;
    changed.state = SY_STATE_FAILED;
    changed.item = SY_STR("a longer item than before, so that it needs room of its own");
    changed.base = SY_STR("base");
    changed.status = 412;
    assert_int_equal(sy_operation_queue_change(&f->queue, &changed, NULL), SY_OK);
    reopen(f);
    assert_int_equal(f->queue.count, 2);
    const sy_operation *got = sy_operation_queue_get(&f->queue, 2);
    assert_int_equal(got->version, 9);
    assert_int_equal(got->kind, SY_OPERATION_DELETE);
    assert_int_equal(got->state, SY_STATE_FAILED);
    assert_str(got->item, "a longer item than before, so that it needs room of its own");
    assert_str(got->base, "base");
    assert_str(got->key, "k");
    assert_int_equal(got->status, 412);
    assert_int_equal(got->edited_at, 77);
    assert_ptr_equal(got->schema, f->tables[1]);
    assert_str(sy_operation_queue_get(&f->queue, 1)->item, "first");
}

static void a_change_may_use_the_texts_of_the_operation_itself(void **state)
{
    queue_fixture *f = *state;
    sy_operation changed = *add(f, 0, "x", "item");
    changed.base = changed.item;
    changed.item = SY_STR("");
    assert_int_equal(sy_operation_queue_change(&f->queue, &changed, NULL), SY_OK);
    const sy_operation *got = sy_operation_queue_get(&f->queue, 1);
    assert_str(got->base, "item");
    assert_str(got->item, "");
    assert_str(got->key, "k");
}

static void numbering_starts_again_when_an_empty_queue_is_loaded(void **state)
{
    queue_fixture *f = *state;
    (void)add(f, 0, "x", "");
    (void)add(f, 0, "y", "");
    assert_int_equal(sy_operation_queue_remove(&f->queue, 1, 1, NULL, NULL), SY_OK);
    reopen(f);
    assert_int_equal(add(f, 0, "z", "")->sequence, 3);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 2, 1, NULL, NULL), SY_OK);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 3, 1, NULL, NULL), SY_OK);
    assert_int_equal(add(f, 0, "u", "")->sequence, 4);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 4, 1, NULL, NULL), SY_OK);
    reopen(f);
    assert_int_equal(add(f, 0, "u", "")->sequence, 1);
}

static void removing_asks_for_the_version(void **state)
{
    queue_fixture *f = *state;
    bool removed = true;
    (void)add(f, 0, "x", "");
    assert_int_equal(sy_operation_queue_remove(&f->queue, 1, 2, &removed, NULL), SY_OK);
    assert_false(removed);
    assert_int_equal(f->queue.count, 1);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 1, 1, &removed, NULL), SY_OK);
    assert_true(removed);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 1, 1, &removed, NULL), SY_OK);
    assert_false(removed);
}

static void the_newest_operation_of_an_item_is_found_whichever_goes_first(void **state)
{
    queue_fixture *f = *state;
    for (int i = 0; i < 3; i++) {
        (void)add(f, 0, "x", "");
    }
    assert_int_equal(sy_operation_queue_find(&f->queue, f->tables[0], SY_STR("x"))->sequence, 3);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 2, 1, NULL, NULL), SY_OK);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 3, 1, NULL, NULL), SY_OK);
    assert_int_equal(sy_operation_queue_find(&f->queue, f->tables[0], SY_STR("x"))->sequence, 1);
    (void)add(f, 0, "x", "");
    assert_int_equal(sy_operation_queue_remove(&f->queue, 1, 1, NULL, NULL), SY_OK);
    assert_int_equal(sy_operation_queue_find(&f->queue, f->tables[0], SY_STR("x"))->sequence, 4);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 4, 1, NULL, NULL), SY_OK);
    assert_null(sy_operation_queue_find(&f->queue, f->tables[0], SY_STR("x")));
}

static int64_t newer_than(queue_fixture *f, int64_t sequence)
{
    const sy_operation *newer =
        sy_operation_queue_newer(sy_operation_queue_get(&f->queue, sequence));
    return newer == NULL ? 0 : newer->sequence;
}

static void operations_of_an_item_lead_to_the_next_one_over_others_and_gaps(void **state)
{
    queue_fixture *f = *state;
    (void)add(f, 0, "x", "");
    (void)add(f, 0, "other", "");
    (void)add(f, 1, "x", "");
    (void)add(f, 0, "x", "");
    (void)add(f, 0, "x", "");
    assert_int_equal(newer_than(f, 1), 4);
    assert_int_equal(newer_than(f, 2), 0);
    assert_int_equal(newer_than(f, 3), 0);
    assert_int_equal(newer_than(f, 5), 0);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 4, 1, NULL, NULL), SY_OK);
    assert_int_equal(newer_than(f, 1), 5);
    assert_int_equal(sy_operation_queue_load(&f->queue, NULL), SY_OK);
    assert_int_equal(newer_than(f, 1), 5);
    assert_int_equal(sy_operation_queue_remove(&f->queue, 5, 1, NULL, NULL), SY_OK);
    assert_int_equal(newer_than(f, 1), 0);
}

static void a_long_queue_that_moves_along_keeps_its_order(void **state)
{
    queue_fixture *f = *state;
    char id[SY_TABLE_NUMBER_SIZE + 1] = {0};
    for (int64_t i = 1; i <= 300; i++) {
        (void)sy_table_number(i, id);
        assert_int_equal(add(f, 0, id, "")->sequence, i);
        if (i > 10) {
            assert_int_equal(sy_operation_queue_at(&f->queue, 0)->sequence, i - 10);
            assert_int_equal(sy_operation_queue_remove(&f->queue, i - 10, 1, NULL, NULL), SY_OK);
        }
    }
    assert_int_equal(f->queue.count, 10);
    assert_true(f->queue.capacity <= 64);
}

static void operations_of_tables_that_are_gone_stay_and_keep_their_numbers(void **state)
{
    queue_fixture *f = *state;
    (void)add(f, 0, "x", "");
    (void)add(f, 1, "y", "");
    f->queue.table_count = 1;
    assert_int_equal(sy_operation_queue_load(&f->queue, NULL), SY_OK);
    assert_int_equal(f->queue.count, 1);
    assert_int_equal(add(f, 0, "z", "")->sequence, 3);
    f->queue.table_count = 2;
    assert_int_equal(sy_operation_queue_load(&f->queue, NULL), SY_OK);
    assert_int_equal(f->queue.count, 3);
}

static void a_reload_after_a_rollback_restores_and_keeps_what_is_in_flight(void **state)
{
    queue_fixture *f = *state;
    sy_operation *first = add(f, 0, "x", "");
    first->in_flight = true;
    first->sendings = 3;
    assert_int_equal(sy_store_transact(f->queue.store, SY_BEGIN, NULL), SY_OK);
    (void)add(f, 0, "y", "");
    assert_int_equal(sy_operation_queue_remove(&f->queue, 1, 1, NULL, NULL), SY_OK);
    assert_int_equal(sy_store_transact(f->queue.store, SY_ROLLBACK, NULL), SY_OK);
    f->queue.stale = true;
    sy_err err;
    assert_int_equal(sy_operation_queue_remove(&f->queue, 2, 1, NULL, &err), SY_STORE);
    assert_int_equal(sy_operation_queue_load(&f->queue, NULL), SY_OK);
    assert_int_equal(f->queue.count, 1);
    assert_int_equal(sy_operation_queue_at(&f->queue, 0)->sequence, 1);
}

static void in_flight_marks_survive_a_reload(void **state)
{
    queue_fixture *f = *state;
    sy_operation *first = add(f, 0, "x", "");
    first->in_flight = true;
    first->sendings = 3;
    assert_int_equal(sy_operation_queue_load(&f->queue, NULL), SY_OK);
    assert_true(sy_operation_queue_get(&f->queue, 1)->in_flight);
    assert_int_equal(sy_operation_queue_get(&f->queue, 1)->sendings, 3);
    reopen(f);
    assert_false(sy_operation_queue_get(&f->queue, 1)->in_flight);
}

static void the_oldest_operation_of_an_item_may_have_been_sent_by_a_former_process(void **state)
{
    queue_fixture *f = *state;
    (void)add(f, 0, "x", "");
    (void)add(f, 0, "x", "");
    (void)add(f, 1, "x", "");
    sy_operation_queue_deinit(&f->queue);
    sy_operation_queue_init(&f->queue, sy_alloc_std(), sy_store_memory_port(f->memory), &f->scratch,
                            f->tables, 2);
    f->queue.doubts = true;
    assert_int_equal(sy_operation_queue_load(&f->queue, NULL), SY_OK);
    assert_int_equal(sy_operation_queue_get(&f->queue, 1)->state, SY_STATE_ATTEMPTED);
    assert_int_equal(sy_operation_queue_get(&f->queue, 2)->state, SY_STATE_PENDING);
    assert_int_equal(sy_operation_queue_get(&f->queue, 3)->state, SY_STATE_ATTEMPTED);
}

static void a_damaged_row_is_corrupt(void **state)
{
    queue_fixture *f = *state;
    (void)add(f, 0, "x", "");
    sy_row *row = sy_row_new(&f->arena, sy_operation_schema());
    row->cells[SY_COLUMN_ID] = sy_cstr("00000000000000000001");
    row->cells[SY_SYSTEM_COUNT + 2] = sy_int(17);
    assert_int_equal(sy_store_write(f->queue.store, row, NULL), SY_OK);
    sy_err err;
    assert_int_equal(sy_operation_queue_load(&f->queue, &err), SY_CORRUPT);
}

/* A script of changes; the mirror must equal the store after each failure. */
static sy_rc churn(sy_operation_queue *queue, const sy_schema *schema)
{
    sy_rc rc = SY_OK;
    for (int i = 0; i < 12 && rc == SY_OK; i++) {
        const char id[] = {(char)('a' + i % 5), '\0'};
        const sy_operation operation = {
            .version = 1, .schema = schema, .id = sy_str_of(id), .item = SY_STR("item")};
        sy_operation *out = NULL;
        rc = sy_operation_queue_add(queue, &operation, &out, NULL);
        if (rc == SY_OK) {
            sy_operation changed = *out;
            changed.base = SY_STR("base");
            rc = sy_operation_queue_change(queue, &changed, NULL);
        }
        if (rc == SY_OK && i % 3 == 2) {
            rc = sy_operation_queue_remove(queue, out->sequence - 1, 1, NULL, NULL);
        }
    }
    return rc;
}

static void assert_mirror_equals_store(sy_operation_queue *queue, queue_fixture *f)
{
    sy_operation_queue other;
    sy_operation_queue_init(&other, sy_alloc_std(), queue->store, &f->scratch, f->tables, 2);
    assert_int_equal(sy_operation_queue_load(&other, NULL), SY_OK);
    assert_int_equal(other.count, queue->count);
    for (size_t i = 0; i < other.count; i++) {
        const sy_operation *a = sy_operation_queue_at(&other, i);
        const sy_operation *b = sy_operation_queue_at(queue, i);
        assert_int_equal(a->sequence, b->sequence);
        assert_true(sy_str_equal(a->base, b->base));
        assert_true(sy_str_equal(a->id, b->id));
        assert_int_equal(sy_operation_queue_find(&other, a->schema, a->id)->sequence,
                         sy_operation_queue_find(queue, b->schema, b->id)->sequence);
    }
    sy_operation_queue_deinit(&other);
}

static void any_allocation_may_fail(void **state)
{
    queue_fixture *f = *state;
    for (uint64_t n = 1;; n++) {
        sy_store_memory *memory = NULL;
        assert_int_equal(sy_store_memory_new(sy_alloc_std(), &memory, NULL), SY_OK);
        const sy_store store = sy_store_memory_port(memory);
        assert_int_equal(sy_store_define(store, sy_operation_schema(), NULL), SY_OK);
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sy_operation_queue queue;
        sy_operation_queue_init(&queue, test_alloc_port(&alloc), store, &f->scratch, f->tables, 2);
        const sy_rc rc = churn(&queue, f->tables[0]);
        assert_int_equal(rc, test_alloc_failed(&alloc) ? SY_NOMEM : SY_OK);
        assert_mirror_equals_store(&queue, f);
        sy_operation_queue_deinit(&queue);
        sy_store_memory_free(memory);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_true(n > 5);
            break;
        }
    }
}

static void any_write_may_fail(void **state)
{
    queue_fixture *f = *state;
    for (uint64_t n = 1;; n++) {
        sy_store_memory *memory = NULL;
        assert_int_equal(sy_store_memory_new(sy_alloc_std(), &memory, NULL), SY_OK);
        assert_int_equal(sy_store_define(sy_store_memory_port(memory), sy_operation_schema(), NULL),
                         SY_OK);
        test_store faulty;
        test_store_init(&faulty, sy_store_memory_port(memory), n);
        sy_operation_queue queue;
        sy_operation_queue_init(&queue, sy_alloc_std(), test_store_port(&faulty), &f->scratch,
                                f->tables, 2);
        const sy_rc rc = churn(&queue, f->tables[0]);
        assert_int_equal(rc, test_store_failed(&faulty) ? SY_STORE : SY_OK);
        queue.store = sy_store_memory_port(memory);
        assert_mirror_equals_store(&queue, f);
        sy_operation_queue_deinit(&queue);
        sy_store_memory_free(memory);
        if (!test_store_failed(&faulty)) {
            assert_true(n > 20);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(operations_are_numbered_and_found_by_item, setup, teardown),
        cmocka_unit_test_setup_teardown(peek_goes_in_order_and_keeps_to_the_tables, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(everything_survives_a_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_may_use_the_texts_of_the_operation_itself, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(numbering_starts_again_when_an_empty_queue_is_loaded, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(removing_asks_for_the_version, setup, teardown),
        cmocka_unit_test_setup_teardown(
            the_newest_operation_of_an_item_is_found_whichever_goes_first, setup, teardown),
        cmocka_unit_test_setup_teardown(
            operations_of_an_item_lead_to_the_next_one_over_others_and_gaps, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_queue_that_moves_along_keeps_its_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            operations_of_tables_that_are_gone_stay_and_keep_their_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_reload_after_a_rollback_restores_and_keeps_what_is_in_flight, setup, teardown),
        cmocka_unit_test_setup_teardown(in_flight_marks_survive_a_reload, setup, teardown),
        cmocka_unit_test_setup_teardown(
            the_oldest_operation_of_an_item_may_have_been_sent_by_a_former_process, setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_damaged_row_is_corrupt, setup, teardown),
        cmocka_unit_test_setup_teardown(any_allocation_may_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(any_write_may_fail, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
