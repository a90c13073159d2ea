/* tests core/policy */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/policy/losses.h"
#include "core/policy/normalise.h"

static sy_arena arena;
static const sy_schema *schema;

static int setup(void **state)
{
    static const sy_column columns[] = {{{"text", 4}, SY_TYPE_TEXT}, {{"count", 5}, SY_TYPE_INT}};
    sy_err err;
    (void)state;
    sy_arena_init(&arena, sy_alloc_std());
    return (int)sy_schema_new(&arena, SY_STR("todo"), SY_SYSTEM_COLUMNS, columns, 2, &schema, &err);
}

static int teardown(void **state)
{
    (void)state;
    sy_arena_deinit(&arena);
    return 0;
}

static const sy_row *row(const char *text, int64_t count)
{
    sy_row *made = sy_row_new(&arena, schema);
    made->cells[SY_COLUMN_ID] = sy_cstr("a");
    made->cells[SY_COLUMN_DELETED] = sy_bool(false);
    made->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    made->cells[SY_SYSTEM_COUNT + 1] = sy_int(count);
    return made;
}

static const sy_row *tombstone(void)
{
    sy_row *made = sy_row_new(&arena, schema);
    made->cells[SY_COLUMN_ID] = sy_cstr("a");
    made->cells[SY_COLUMN_DELETED] = sy_bool(true);
    return made;
}

/* Edited here at 10 s, there at 20 s. */
static sy_conflict conflict_of(const sy_row *base, const sy_row *local, const sy_row *server)
{
    return (sy_conflict){.id = SY_STR("a"),
                         .base = base,
                         .local = local,
                         .server = server,
                         .edit = {true, 10 * SY_SECOND, SY_STR("m"), 9},
                         .served = {true, 20 * SY_SECOND, SY_STR("n"), 5},
                         .updated_at = 5 * SY_SECOND,
                         .status = 412};
}

static sy_judgement judge(const sy_policy *policy, const sy_conflict *conflict)
{
    sy_judgement judgement;
    sy_err err;
    assert_int_equal(sy_policy_judge(policy, conflict, &arena, &judgement, &err), SY_OK);
    return judgement;
}

static void names_are_found_again(void **state)
{
    (void)state;
    for (size_t i = 0; sy_policy_at(i) != NULL; i++) {
        const sy_policy *policy = sy_policy_at(i);
        assert_ptr_equal(sy_policy_find(sy_str_of(policy->name)), policy);
    }
    assert_null(sy_policy_find(SY_STR("client wins")));
    assert_null(sy_policy_find(SY_STR("handler")));
}

static void a_conflict_is_of_one_of_eight_kinds(void **state)
{
    (void)state;
    const sy_row *b = row("base", 1);
    const sy_row *l = row("mine", 1);
    const sy_row *r = row("theirs", 1);
    sy_row *other = sy_row_shallow(&arena, r);
    other->cells[SY_COLUMN_ID] = sy_cstr("b");
    const struct {
        const sy_row *base, *local, *server;
        int status;
        sy_conflict_kind kind;
    } cases[] = {
        {b, l, r, 412, SY_CONFLICT_UU},
        {b, l, tombstone(), 412, SY_CONFLICT_UD},
        {b, NULL, r, 412, SY_CONFLICT_DU},
        {NULL, l, r, 409, SY_CONFLICT_II},
        {NULL, l, tombstone(), 409, SY_CONFLICT_ID},
        {b, l, NULL, 404, SY_CONFLICT_UX},
        {b, l, other, 409, SY_CONFLICT_UQ},
        {b, l, NULL, 422, SY_CONFLICT_FK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sy_conflict conflict = conflict_of(cases[i].base, cases[i].local, cases[i].server);
        conflict.status = cases[i].status;
        assert_int_equal(sy_conflict_kind_of(&conflict), cases[i].kind);
    }
}

static void stamps_are_ordered_by_time_author_number(void **state)
{
    (void)state;
    const sy_edit_stamp edit = {true, 10, SY_STR("m"), 5};
    const sy_edit_stamp later[] = {
        {true, 11, SY_STR("a"), 1},
        {true, 10, SY_STR("n"), 1},
        {true, 10, SY_STR("m"), 6},
        {false, 10, {NULL, 0}, 0}, /* nobody can prove that it was earlier */
    };
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        assert_true(sy_edit_stamp_compare(&edit, &later[i]) < 0);
        assert_true(sy_edit_stamp_compare(&later[i], &edit) > 0);
    }
    assert_int_equal(sy_edit_stamp_compare(&edit, &edit), 0);
}

static void what_both_sides_agree_about_is_told_from_a_conflict(void **state)
{
    (void)state;
    const sy_row *b = row("base", 1);
    const sy_row *l = row("mine", 1);
    const struct {
        sy_conflict conflict;
        sy_judgement_kind kind;
    } cases[] = {
        {conflict_of(b, l, row("mine", 1)), SY_JUDGED_ADOPT},
        {conflict_of(b, NULL, tombstone()), SY_JUDGED_ADOPT},
        {conflict_of(b, l, row("base", 1)), SY_JUDGED_PUSH},
        {conflict_of(b, NULL, row("base", 1)), SY_JUDGED_DELETE},
        {conflict_of(b, row("base", 1), row("theirs", 1)), SY_JUDGED_ACCEPT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const sy_judgement judgement = judge(NULL, &cases[i].conflict);
        assert_int_equal(judgement.kind, cases[i].kind);
        assert_true(sy_policy_was_false(sy_str_of(judgement.by)));
    }
    sy_conflict own = conflict_of(b, l, row("half of mine", 1));
    own.served = own.edit;
    assert_int_equal(judge(NULL, &own).kind, SY_JUDGED_ADOPT);
    const sy_conflict real = conflict_of(b, l, row("theirs", 1));
    assert_int_equal(judge(NULL, &real).kind, SY_JUDGED_NOT);
    assert_false(sy_policy_was_false(sy_str_of(judge(NULL, &real).by)));
}

static void the_servers_clock_is_compared_with_our_own(void **state)
{
    (void)state;
    const sy_conflict conflict = conflict_of(row("base", 1), row("mine", 1), row("theirs", 1));
    const sy_policy *naive = sy_policy_find(SY_STR("latest_wins_server"));
    assert_int_equal(judge(naive, &conflict).kind, SY_JUDGED_PUSH); /* 10 s against 5 s */
    assert_int_equal(judge(&sy_policy_latest_wins, &conflict).kind, SY_JUDGED_ACCEPT);
}

static void a_policy_says_what_edits_are_stamped_with(void **state)
{
    (void)state;
    assert_int_equal(sy_policy_stamp(NULL, SY_STAMP_LOCAL), SY_STAMP_LOCAL);
    assert_int_equal(sy_policy_stamp(&sy_policy_latest_wins, SY_STAMP_HLC), SY_STAMP_HLC);
    assert_int_equal(sy_policy_stamp(sy_policy_find(SY_STR("latest_wins_hlc")), SY_STAMP_WALL),
                     SY_STAMP_HLC);
    assert_int_equal(sy_policy_stamp(sy_policy_find(SY_STR("latest_wins_lamport")), SY_STAMP_HLC),
                     SY_STAMP_LAMPORT);
    assert_int_equal(sy_policy_stamp(sy_policy_find(SY_STR("latest_wins_server")), SY_STAMP_HLC),
                     SY_STAMP_WALL);
}

static const sy_row *merged(const sy_policy *policy, const sy_conflict *conflict)
{
    const sy_judgement judgement = judge(policy, conflict);
    assert_int_equal(judgement.kind, SY_JUDGED_PUSH);
    return judgement.value;
}

static void a_merge_keeps_what_only_one_side_changed(void **state)
{
    (void)state;
    const sy_policy *merge = sy_policy_find(SY_STR("field_merge"));
    const sy_conflict clean = conflict_of(row("base", 1), row("mine", 1), row("base", 2));
    assert_true(sy_row_same_content(merged(merge, &clean), row("mine", 2)));
    assert_string_equal(judge(merge, &clean).by, "field_merge: auto-merged");
    const sy_conflict clash = conflict_of(row("base", 1), row("mine", 3), row("theirs", 1));
    assert_true(sy_row_same_content(merged(merge, &clash), row("theirs", 3))); /* at 20 s */
    assert_string_equal(judge(merge, &clash).by, "field_merge");
    const sy_conflict lost = conflict_of(row("base", 1), row("mine", 1), row("theirs", 2));
    assert_int_equal(judge(merge, &lost).kind, SY_JUDGED_ACCEPT);
    const sy_conflict gone = conflict_of(row("base", 1), row("mine", 1), tombstone());
    assert_int_equal(judge(merge, &gone).kind, SY_JUDGED_ACCEPT); /* the later one, by default */
    const sy_conflict born = conflict_of(NULL, row("mine", 1), row("theirs", 1));
    assert_int_equal(judge(merge, &born).kind, SY_JUDGED_ACCEPT);
}

static int64_t counted(const char *rule, int64_t base, int64_t local, int64_t server)
{
    const sy_field_policy *field = sy_field_policy_find(sy_str_of(rule));
    const sy_field_clash clash = {.base = sy_int(base),
                                  .local = sy_int(local),
                                  .server = sy_int(server),
                                  .type = SY_TYPE_INT};
    sy_field_result result;
    sy_err err;
    assert_non_null(field);
    assert_int_equal(sy_field_policy_merge(field, &clash, &arena, &result, &err), SY_OK);
    return result.value.as.integer;
}

static void fields_of_one_value_merge_by_arithmetic(void **state)
{
    (void)state;
    assert_int_equal(counted("counter", 5, 6, 6), 7);
    assert_int_equal(counted("counter", 5, 2, 9), 6);
    assert_int_equal(counted("counter", -1, INT64_MAX, 5), INT64_MAX);
    assert_int_equal(counted("counter", INT64_MIN, 0, 0), INT64_MAX);
    assert_int_equal(counted("max", 5, 2, 9), 9);
    assert_int_equal(counted("min", 5, 2, 9), 2);
    assert_int_equal(counted("avg", 5, 3, 8), 5);
    assert_int_equal(counted("avg", 0, INT64_MAX, INT64_MAX), INT64_MAX);
    assert_int_equal(counted("client", 5, 2, 9), 2);
    assert_int_equal(counted("server", 5, 2, 9), 9);
    assert_int_equal(counted("lww", 5, 2, 9), 9); /* ours is not the later one */
    assert_int_equal(counted("fww", 5, 2, 9), 2);
}

static void a_kept_row_has_an_id_that_follows_from_the_edit(void **state)
{
    (void)state;
    const sy_policy *keep_both = sy_policy_find(SY_STR("keep_both"));
    sy_conflict conflict = conflict_of(row("base", 1), row("mine", 1), row("theirs", 1));
    const sy_judgement first = judge(keep_both, &conflict);
    assert_int_equal(first.kind, SY_JUDGED_FORK);
    assert_true(sy_row_same_content(first.value, row("mine", 1)));
    assert_true(sy_str_equal(sy_row_id(first.value), sy_row_id(judge(keep_both, &conflict).value)));
    conflict.edit.number++;
    assert_false(
        sy_str_equal(sy_row_id(first.value), sy_row_id(judge(keep_both, &conflict).value)));
    conflict.local = NULL;
    assert_int_equal(judge(keep_both, &conflict).kind, SY_JUDGED_ACCEPT);
}

static void what_a_judgement_costs_is_derived_from_it(void **state)
{
    (void)state;
    sy_losses losses;
    sy_err err;
    const sy_conflict conflict = conflict_of(row("base", 1), row("mine", 3), row("theirs", 1));
    sy_judgement judgement = judge(sy_policy_find(SY_STR("field_merge")), &conflict);
    assert_int_equal(sy_policy_losses(&conflict, &judgement, &arena, &losses, &err), SY_OK);
    assert_null(losses.server);
    assert_true(sy_str_equal(sy_value_str(&losses.local->cells[SY_SYSTEM_COUNT]), SY_STR("mine")));
    assert_int_equal(losses.local->cells[SY_SYSTEM_COUNT + 1].type, SY_TYPE_ABSENT);
    judgement = judge(&sy_policy_client_wins, &conflict);
    assert_int_equal(sy_policy_losses(&conflict, &judgement, &arena, &losses, &err), SY_OK);
    assert_null(losses.local);
    assert_true(
        sy_str_equal(sy_value_str(&losses.server->cells[SY_SYSTEM_COUNT]), SY_STR("theirs")));
    judgement = judge(sy_policy_find(SY_STR("keep_both")), &conflict);
    assert_int_equal(sy_policy_losses(&conflict, &judgement, &arena, &losses, &err), SY_OK);
    assert_null(losses.local);
    const sy_conflict gone = conflict_of(row("base", 1), row("mine", 1), tombstone());
    judgement = judge(&sy_policy_client_wins, &gone);
    assert_int_equal(sy_policy_losses(&gone, &judgement, &arena, &losses, &err), SY_OK);
    assert_true(losses.server->cells[SY_COLUMN_DELETED].as.integer == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_again),
        cmocka_unit_test(a_conflict_is_of_one_of_eight_kinds),
        cmocka_unit_test(stamps_are_ordered_by_time_author_number),
        cmocka_unit_test(what_both_sides_agree_about_is_told_from_a_conflict),
        cmocka_unit_test(the_servers_clock_is_compared_with_our_own),
        cmocka_unit_test(a_merge_keeps_what_only_one_side_changed),
        cmocka_unit_test(fields_of_one_value_merge_by_arithmetic),
        cmocka_unit_test(a_kept_row_has_an_id_that_follows_from_the_edit),
        cmocka_unit_test(what_a_judgement_costs_is_derived_from_it),
        cmocka_unit_test(a_policy_says_what_edits_are_stamped_with),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
