/* tests core/client/purge.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/client/error_list.h"
#include "core/client/settings.h"
#include "tests/unit/client_fixture.h"

static fixture f;
static sy_arena scratch;
static sy_settings settings;

static void start(const sy_dialect *dialect)
{
    fixture_init(&f, dialect);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    sy_arena_init(&scratch, sy_alloc_std());
    sy_settings_init(&settings, f.store, &scratch);
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    sy_arena_deinit(&scratch);
    return 0;
}

static void seed(const char *id, int qty)
{
    const sy_row *row = fixture_todo(&f, id, "x", qty);
    assert_int_equal(sy_store_write(f.store, row, NULL), SY_OK);
}

static const fixture_done *purge(const sy_query *query, const char *query_id, bool force)
{
    const sy_query all = sy_query_all(f.todo);
    const sy_call call = {.verb = SY_VERB_PURGE,
                          .query = query == NULL ? &all : query,
                          .query_id = sy_str_of(query_id),
                          .force = force};
    f.trace[0] = '\0';
    return fixture_call(&f, &call);
}

static int64_t token(const char *key)
{
    int64_t value = 0;
    assert_int_equal(sy_settings_token(&settings, sy_str_of(key), -1, &value, NULL), SY_OK);
    return value;
}

static void set_tokens(void)
{
    assert_int_equal(sy_settings_set_token(&settings, SY_STR("deltaToken|todo|a"), 5, NULL), SY_OK);
    assert_int_equal(sy_settings_set_token(&settings, SY_STR("deltaToken|todo|b"), 6, NULL), SY_OK);
    assert_int_equal(sy_settings_set_token(&settings, SY_STR("deltaToken|list|a"), 7, NULL), SY_OK);
}

static sy_query qty_above(int limit)
{
    sy_query query = sy_query_all(f.todo);
    query.filter =
        sy_expr_binary(&f.arena, SY_EXPR_GT, sy_expr_column(&f.arena, SY_SYSTEM_COUNT + 1),
                       sy_expr_literal(&f.arena, sy_int(limit)));
    return query;
}

static void a_clean_table_is_emptied(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    seed("a", 1);
    seed("b", 2);
    const fixture_done *done = purge(NULL, "", false);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->count, 2);
    assert_string_equal(fixture_local(&f, "a"), "null");
    assert_string_equal(f.trace, "call purge done ");
}

static void only_the_rows_of_the_query_go(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    seed("a", 1);
    seed("b", 2);
    seed("c", 3);
    sy_query query = qty_above(1);
    query.skip = 1;
    query.top = 1;
    assert_int_equal(purge(&query, "", false)->count, 1);
    assert_string_not_equal(fixture_local(&f, "b"), "null");
    assert_string_equal(fixture_local(&f, "c"), "null");
}

static void pending_operations_refuse_it(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "x", 1);
    assert_int_equal(purge(NULL, "", false)->rc, SY_STATE);
    assert_string_not_equal(fixture_local(&f, "a"), "null");
    const sy_query others = sy_query_all(f.list);
    assert_int_equal(purge(&others, "", false)->rc, SY_OK);
}

static void force_discards_the_operations_and_errors_of_the_table(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "x", 1);
    (void)fixture_insert(&f, "b", "x", 1);
    sy_error_list errors;
    sy_push_error *loaded = NULL;
    uint32_t count = 0;
    sy_error_list_init(&errors, f.store, &scratch);
    const sy_push_error error = {.operation = 1, .table = f.todo->name, .status = 500};
    assert_int_equal(sy_error_list_add(&errors, &error, NULL), SY_OK);
    const fixture_done *done = purge(NULL, "", true);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->count, 2);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
    assert_string_equal(f.trace, "call dequeue dequeue purge done ");
    const sy_client_table table = {f.todo, NULL};
    assert_int_equal(sy_error_list_load(&errors, &table, 1, &f.arena, &loaded, &count, NULL),
                     SY_OK);
    assert_int_equal(count, 0);
}

static void force_does_nothing_more_to_a_clean_table(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    seed("a", 1);
    sy_error_list errors;
    sy_push_error *loaded = NULL;
    uint32_t count = 0;
    sy_error_list_init(&errors, f.store, &scratch);
    const sy_push_error error = {.operation = 1, .table = f.todo->name, .status = 500};
    assert_int_equal(sy_error_list_add(&errors, &error, NULL), SY_OK);
    sy_query query = qty_above(0);
    assert_int_equal(purge(&query, "", true)->count, 1);
    const sy_client_table table = {f.todo, NULL};
    assert_int_equal(sy_error_list_load(&errors, &table, 1, &f.arena, &loaded, &count, NULL),
                     SY_OK);
    assert_int_equal(count, 1);
}

static void force_with_a_filter_is_refused_by_the_classic_client_only(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "x", 1);
    sy_query query = qty_above(0);
    assert_int_equal(purge(&query, "", true)->rc, SY_STATE);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 1);
    (void)teardown(NULL);
    start(&sy_dialect_sound);
    (void)fixture_insert(&f, "a", "x", 1);
    query = qty_above(0);
    assert_int_equal(purge(&query, "", true)->rc, SY_OK);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
}

static void the_classic_client_forgets_the_token_of_the_query_id_given(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    set_tokens();
    assert_int_equal(purge(NULL, "", false)->rc, SY_OK);
    assert_int_equal(token("deltaToken|todo|a"), 5);
    assert_int_equal(purge(NULL, "a", false)->rc, SY_OK);
    assert_int_equal(token("deltaToken|todo|a"), -1);
    assert_int_equal(token("deltaToken|todo|b"), 6);
}

static void sound_forgets_all_tokens_of_the_table(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    set_tokens();
    assert_int_equal(purge(NULL, "", false)->rc, SY_OK);
    assert_int_equal(token("deltaToken|todo|a"), -1);
    assert_int_equal(token("deltaToken|todo|b"), -1);
    assert_int_equal(token("deltaToken|list|a"), 7);
}

static const fixture_done *purge_associated(void)
{
    const sy_query all = sy_query_all(f.todo);
    return fixture_call(&f,
                        &(sy_call){.verb = SY_VERB_PURGE, .query = &all, .reset_associated = true});
}

static void datasync_passes_over_query_ids_with_a_dot(void **state)
{
    (void)state;
    const sy_str dotted = SY_STR("deltaToken|todo|a.b");
    start(&sy_dialect_datasync);
    set_tokens();
    assert_int_equal(sy_settings_set_token(&settings, dotted, 8, NULL), SY_OK);
    assert_int_equal(purge(NULL, "b", false)->rc, SY_OK);
    assert_int_equal(token("deltaToken|todo|a"), 5);
    assert_int_equal(purge_associated()->rc, SY_OK);
    assert_int_equal(token("deltaToken|todo|a"), -1);
    assert_int_equal(token("deltaToken|todo|a.b"), 8);
    assert_int_equal(token("deltaToken|list|a"), 7);
}

static void only_who_has_the_option_resets_associated_queries(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    set_tokens();
    assert_int_equal(purge_associated()->rc, SY_STATE);
    assert_int_equal(token("deltaToken|todo|a"), 5);
}

static void a_dialect_without_purge_says_so(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit);
    assert_int_equal(purge(NULL, "", false)->rc, SY_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_clean_table_is_emptied, teardown),
        cmocka_unit_test_teardown(only_the_rows_of_the_query_go, teardown),
        cmocka_unit_test_teardown(pending_operations_refuse_it, teardown),
        cmocka_unit_test_teardown(force_discards_the_operations_and_errors_of_the_table, teardown),
        cmocka_unit_test_teardown(force_does_nothing_more_to_a_clean_table, teardown),
        cmocka_unit_test_teardown(force_with_a_filter_is_refused_by_the_classic_client_only,
                                  teardown),
        cmocka_unit_test_teardown(the_classic_client_forgets_the_token_of_the_query_id_given,
                                  teardown),
        cmocka_unit_test_teardown(sound_forgets_all_tokens_of_the_table, teardown),
        cmocka_unit_test_teardown(datasync_passes_over_query_ids_with_a_dot, teardown),
        cmocka_unit_test_teardown(only_who_has_the_option_resets_associated_queries, teardown),
        cmocka_unit_test_teardown(a_dialect_without_purge_says_so, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
