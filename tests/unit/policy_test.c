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

static const sy_row *merged(const sy_policy *policy, const sy_conflict *conflict)
{
    const sy_judgement judgement = judge(policy, conflict);
    assert_int_equal(judgement.kind, SY_JUDGED_PUSH);
    return judgement.value;
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

static sy_judgement_kind judged(const char *name, const sy_row *local, const sy_row *server)
{
    const sy_conflict conflict = conflict_of(row("base", 1), local, server);
    const sy_policy *policy = sy_policy_find(sy_str_of(name));
    assert_non_null(policy);
    return judge(policy, &conflict).kind;
}

static void rows_win_by_time_by_presence_or_wait_for_a_person(void **state)
{
    (void)state;
    const sy_row *l = row("mine", 1);
    const sy_row *r = row("theirs", 1); /* the later one */
    const sy_judgement_kind P = SY_JUDGED_PUSH;
    const sy_judgement_kind A = SY_JUDGED_ACCEPT;
    const sy_judgement_kind D = SY_JUDGED_DELETE;
    const struct {
        const char *name;
        sy_judgement_kind uu, ud, du, ux;
    } cases[] = {
        {"client_wins", P, P, D, P},
        {"server_wins", A, A, A, A},
        {"latest_wins", A, A, A, A},
        {"first_wins", P, P, D, A},
        {"delete_wins", A, A, D, A},
        {"update_wins", A, P, A, P},
        {"site_priority", A, A, A, A},
        {"automerge_aws", A, A, A, A},
        {"watermelon", P, A, D, A},
        {"realm_ot", A, A, D, A},
        {"keep_both", SY_JUDGED_FORK, SY_JUDGED_FORK, A, SY_JUDGED_FORK},
        {"park", SY_JUDGED_PARK, SY_JUDGED_PARK, SY_JUDGED_PARK, SY_JUDGED_PARK},
        {"hold", SY_JUDGED_HOLD, SY_JUDGED_HOLD, SY_JUDGED_HOLD, SY_JUDGED_HOLD},
        {"fail", SY_JUDGED_NOT, SY_JUDGED_NOT, SY_JUDGED_NOT, SY_JUDGED_NOT},
        {"fww_then_queue", P, P, D, SY_JUDGED_PARK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(judged(cases[i].name, l, r), cases[i].uu);
        assert_int_equal(judged(cases[i].name, l, tombstone()), cases[i].ud);
        assert_int_equal(judged(cases[i].name, NULL, r), cases[i].du);
        assert_int_equal(judged(cases[i].name, l, NULL), cases[i].ux);
    }
    assert_int_equal(judged("couch_rev", l, tombstone()), P);
    assert_int_equal(judged("couch_rev", NULL, r), A);
    assert_int_equal(judged("cbl_mwu", l, tombstone()), A);
    assert_int_equal(judged("cbl_mwu", NULL, r), D);
    assert_int_not_equal(judged("couch_rev", l, r), judged("couch_rev", r, l));
}

static void sites_have_ranks(void **state)
{
    (void)state;
    const sy_str sites[] = {SY_STR("boss"), SY_STR("m")};
    sy_policy policy = *sy_policy_find(SY_STR("site_priority"));
    sy_conflict conflict = conflict_of(row("base", 1), row("mine", 1), row("theirs", 1));
    policy.sites = sites;
    policy.site_count = 2;
    assert_int_equal(judge(&policy, &conflict).kind, SY_JUDGED_PUSH); /* n has no rank */
    conflict.served.author = SY_STR("boss");
    assert_int_equal(judge(&policy, &conflict).kind, SY_JUDGED_ACCEPT);
}

static void policies_are_made_of_policies(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(row("base", 1), row("mine", 1), row("theirs", 1));
    const sy_policy *two[] = {sy_policy_find(SY_STR("fail")), &sy_policy_client_wins};
    sy_policy chain = *sy_policy_composed(SY_STR("chain"));
    chain.inner = two;
    chain.inner_count = 2;
    assert_int_equal(judge(&chain, &conflict).kind, SY_JUDGED_PUSH);
    assert_string_equal(judge(&chain, &conflict).by, "client_wins");
    const sy_policy *limits[] = {&sy_policy_client_wins, sy_policy_find(SY_STR("park"))};
    sy_policy limit = *sy_policy_composed(SY_STR("limit"));
    limit.inner = limits;
    limit.inner_count = 2;
    limit.rounds_max = 2;
    conflict.rounds = 1;
    assert_int_equal(judge(&limit, &conflict).kind, SY_JUDGED_PUSH);
    conflict.rounds = 2;
    assert_int_equal(judge(&limit, &conflict).kind, SY_JUDGED_PARK);
    assert_true(sy_policy_keeps(&limit));
    assert_false(sy_policy_keeps(&chain));
    sy_policy audit = *sy_policy_composed(SY_STR("audit"));
    audit.inner = two + 1;
    audit.inner_count = 1;
    assert_true(judge(&audit, &conflict).logged);
    assert_true(sy_policy_keeps(&audit));
}

static void a_group_is_one_sides_as_a_whole(void **state)
{
    (void)state;
    const sy_str columns[] = {SY_STR("text"), SY_STR("count")};
    const sy_column_group group = {columns, 2};
    sy_policy merge = *sy_policy_find(SY_STR("field_merge"));
    merge.groups = &group;
    merge.group_count = 1;
    const sy_conflict clean = conflict_of(row("base", 1), row("mine", 1), row("base", 2));
    assert_true(sy_row_same_content(merged(&merge, &clean), row("mine", 2)));
    const sy_conflict clash = conflict_of(row("base", 1), row("mine", 3), row("theirs", 1));
    assert_int_equal(judge(&merge, &clash).kind, SY_JUDGED_ACCEPT); /* theirs is the later */
    assert_string_equal(judge(&merge, &clash).by, "merge by groups");
}

static void equal_counts_of_two_are_no_agreement(void **state)
{
    (void)state;
    const sy_column_rule rule = {SY_STR("count"), sy_field_policy_find(SY_STR("counter"))};
    sy_policy merge = *sy_policy_find(SY_STR("field_merge"));
    merge.columns = &rule;
    merge.column_count = 1;
    sy_conflict conflict = conflict_of(row("base", 5), row("base", 6), row("base", 6));
    assert_true(sy_row_same_content(merged(&merge, &conflict), row("base", 7)));
    assert_true(judge(&merge, &conflict).both != 0);
    conflict.served = conflict.edit; /* our own, of which the answer was lost */
    assert_int_equal(judge(&merge, &conflict).kind, SY_JUDGED_ADOPT);
}

static const char *joined(const char *rule, const char *base, const char *local, const char *server,
                          bool later)
{
    const sy_field_policy *field = sy_field_policy_find(sy_str_of(rule));
    const sy_field_clash clash = {.base = base != NULL ? sy_cstr(base) : SY_NULL,
                                  .local = sy_cstr(local),
                                  .server = sy_cstr(server),
                                  .local_is_later = later};
    sy_field_result result;
    sy_err err;
    assert_non_null(field);
    assert_int_equal(sy_field_policy_merge(field, &clash, &arena, &result, &err), SY_OK);
    return sy_arena_copy(&arena, sy_value_str(&result.value)).data;
}

static void texts_are_merged_by_what_they_hold(void **state)
{
    (void)state;
    const struct {
        const char *rule, *base, *local, *server, *out;
    } cases[] = {
        {"set_union", "[1,2]", "[1,3]", "[2]", "[1,2,3]"},
        {"or_set", "[1,2]", "[1,3]", "[2, 1, 4]", "[1,3,4]"},
        {"or_set", "[1]", "no list", "[2]", "no list"}, /* ours is the later one */
        {"remove_wins_set", NULL, "[1,2]", "[2,3]", "[2]"},
        {"list_concat", "[1]", "[1,2]", "[1,3]", "[1,3,1,2]"},
        {"list_rga", "[1,2,3]", "[1,9,2,3]", "[1,2]", "[1,9,2]"},
        {"list_rga", "[1]", "[1,8]", "[1,9]", "[1,8,9]"},
        {"append_log", "[]", "[{\"id\":2,\"at\":5}]", "[{\"id\":1,\"at\":10}]",
         "[{\"id\":2,\"at\":5},{\"id\":1,\"at\":10}]"},
        {"mv", "old", "mine", "theirs", "[\"mine\",\"theirs\"]"},
        {"mv", "old", "mine", "[\"a\",\"old\"]", "[\"a\",\"mine\"]"},
        {"map_recursive", "{\"a\":1,\"b\":{\"c\":1}}", "{\"a\":2,\"b\":{\"c\":1}}",
         "{\"b\":{\"c\":1,\"d\":4}}", "{\"a\":2,\"b\":{\"c\":1,\"d\":4}}"},
        {"json_merge_patch", "{\"a\":1,\"b\":2}", "{\"a\":1}", "{\"a\":3,\"b\":2}", "{\"a\":3}"},
        {"text3", "a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\nd\n", "a\nB\nc\nd\n"},
        {"text3", "a\nb\n", "a\nx\n", "a\ny\n", "a\nx\n"},
        {"text3_markers", "a\nb\n", "a\nx\n", "a\ny\n", "a\n<<<<<<<\nx\n=======\ny\n>>>>>>>\n"},
        {"text3_words", "buy milk today", "buy oat milk today", "buy milk tomorrow",
         "buy oat milk tomorrow"},
        {"text_crdt", "cat", "cats", "chat", "chats"},
        {"text_crdt", "abc", "ac", "ab", "a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(
            joined(cases[i].rule, cases[i].base, cases[i].local, cases[i].server, true),
            cases[i].out);
    }
    assert_string_equal(joined("list_rga", "[1]", "[1,8]", "[1,9]", false), "[1,9,8]");
    assert_string_equal(joined("text3", "a\nb\n", "a\nx\n", "a\ny\n", false), "a\ny\n");
}

static void a_state_that_goes_back_is_for_a_person(void **state)
{
    (void)state;
    const sy_str order[] = {SY_STR("draft"), SY_STR("sent"), SY_STR("paid")};
    sy_field_policy lattice = *sy_field_policy_find(SY_STR("enum_lattice"));
    lattice.order = order;
    lattice.order_count = 3;
    sy_field_clash clash = {
        .base = sy_cstr("draft"), .local = sy_cstr("sent"), .server = sy_cstr("paid")};
    sy_field_result result;
    sy_err err;
    assert_int_equal(sy_field_policy_merge(&lattice, &clash, &arena, &result, &err), SY_OK);
    assert_null(result.parks);
    assert_true(sy_str_equal(sy_value_str(&result.value), SY_STR("paid")));
    clash.base = sy_cstr("paid");
    assert_int_equal(sy_field_policy_merge(&lattice, &clash, &arena, &result, &err), SY_OK);
    assert_string_equal(result.parks, "a state goes back");
    clash.local = sy_cstr("lost");
    assert_int_equal(sy_field_policy_merge(&lattice, &clash, &arena, &result, &err), SY_OK);
    assert_string_equal(result.parks, "a state that is not in the order");
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
    const sy_field_clash clash = {
        .base = sy_int(base), .local = sy_int(local), .server = sy_int(server)};
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
        cmocka_unit_test(rows_win_by_time_by_presence_or_wait_for_a_person),
        cmocka_unit_test(sites_have_ranks),
        cmocka_unit_test(policies_are_made_of_policies),
        cmocka_unit_test(a_group_is_one_sides_as_a_whole),
        cmocka_unit_test(equal_counts_of_two_are_no_agreement),
        cmocka_unit_test(texts_are_merged_by_what_they_hold),
        cmocka_unit_test(a_state_that_goes_back_is_for_a_person),
        cmocka_unit_test(a_policy_says_what_edits_are_stamped_with),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
