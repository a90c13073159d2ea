#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/check/excuse.h"
#include "sim/check/fields.h"
#include "tests/unit/checker_support.h"
#include "tests/unit/support.h"

static void there_is_one_checker_of_each_name(void **state)
{
    (void)state;
    size_t count = 0;
    for (; sim_checker_at(count) != NULL; count++) {
        const sim_checker *checker = sim_checker_at(count);
        assert_true(strlen(checker->claim) > 20);
        assert_non_null(checker->kinds[0]);
        for (size_t i = 0; i < count; i++) {
            assert_string_not_equal(checker->name, sim_checker_at(i)->name);
        }
    }
    assert_int_equal(count, 26);
}

/* One finding for most of the checkers, over many rows so that everything grows. */
static void play(sim_trace *trace, uint32_t phone, uint32_t server)
{
    history self = {.trace = trace, .phone = phone, .server = server};
    EMIT(&self, phone, &sim_event_identity, sy_cstr("phone"), sy_cstr("phone"), sy_cstr("wall"));
    for (int i = 0; i < 40; i++) {
        char id[3] = {(char)('a' + i % 26), (char)('a' + i / 26), '\0'};
        sy_value table = sy_cstr("todoitem");
        EMIT(&self, phone, &sy_event_call, sy_int(i), sy_cstr("insert"), table, sy_cstr(id),
             sy_row_value(NULL));
        EMIT(&self, phone, &sy_event_enqueue, sy_int(i), sy_cstr("insert"), table, sy_cstr(id));
        EMIT(&self, phone, &sy_event_write, sy_int(i), table, sy_cstr(id), sy_cstr("insert"),
             sy_int(i), sy_row_value(NULL));
        EMIT(&self, phone, &sy_event_send, sy_int(i), sy_cstr("insert"), table, sy_cstr(id),
             sy_int(i), sy_int(1), sy_cstr(""), sy_row_value(NULL));
        EMIT(&self, server, &sy_event_request, sy_cstr("update"), table, sy_cstr(id), sy_cstr("0"),
             sy_cstr("phone"), sy_cstr(""));
        for (int twice = 0; twice < 2; twice++) {
            EMIT(&self, server, &sy_event_commit, table, sy_cstr(id), sy_cstr("insert"),
                 sy_cstr(""), sy_cstr("1"), sy_datetime(i), sy_int(i), sy_cstr("phone"),
                 sy_cstr("key"), sy_row_value(NULL), sy_int(0), sy_int(0));
        }
    }
    EMIT(&self, phone, &sy_event_token, sy_cstr("todoitem"), sy_cstr("all"), sy_int(0), sy_int(100),
         sy_cstr("gt"));
    EMIT(&self, phone, &sim_event_host, sy_cstr("phone"), sy_cstr("crashed"));
    EMIT(&self, phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(0), sy_int(0));
    EMIT(&self, SIM_HOST_WORLD, &sim_event_divergence, sy_cstr("phone"), sy_cstr("todoitem"),
         sy_cstr("aa"), sy_row_value(NULL), sy_row_value(NULL), sy_cstr("differs"),
         sy_cstr("slow"));
}

/* Findings, or SIZE_MAX when something was said to have failed. */
static size_t check_all(sy_alloc alloc)
{
    sim_trace *trace = sim_trace_new(sy_alloc_std());
    uint32_t phone = 0;
    uint32_t server = 0;
    assert_non_null(trace);
    assert_int_equal(sim_trace_add_host(trace, "server", &server), SY_OK);
    assert_int_equal(sim_trace_add_host(trace, "phone", &phone), SY_OK);
    sim_check *check = NULL;
    size_t count = SIZE_MAX;
    if (sim_check_open(alloc, trace, &check, NULL) == SY_OK) {
        play(trace, phone, server);
        const sim_findings *findings = sim_check_close(check);
        count = findings->failed ? SIZE_MAX : findings->count;
        play(trace, phone, server); /* nobody reads any more */
    }
    sim_trace_free(trace);
    sim_check_free(check);
    return count;
}

/* A finding of each of two checkers, one before the breach and one behind it. */
static void a_breach_excuses_some_checkers_from_then_on(void **state)
{
    (void)state;
    sim_excuses excuses = {0};
    sim_findings findings;
    sim_findings_init(&findings, sy_alloc_std());
    const sy_value what[] = {sy_cstr("server"), sy_cstr("server restored")};
    const sim_event breach = {.sequence = 10, .kind = &sim_event_breach, .fields = what};
    const char *const checkers[] = {"single_insert", "convergence"};
    for (size_t i = 0; i < 2; i++) {
        for (uint64_t sequence = 5; sequence <= 15; sequence += 10) {
            const sim_event event = {.sequence = sequence};
            const sim_finding finding =
                sim_finding_of(checkers[i], &event, SY_STR("phone"), SY_STR("note"),
                               sy_str_of(sequence < 10 ? "a" : "b"));
            assert_int_equal(sim_findings_add(&findings, &finding), SY_OK);
        }
    }
    sim_excuses_apply(&excuses, &findings);
    assert_int_equal(findings.count, 4);
    sim_excuses_read(&excuses, &breach);
    sim_excuses_read(&excuses, &breach);
    assert_int_equal(excuses.count, 1);
    sim_excuses_apply(&excuses, &findings);
    assert_int_equal(findings.count, 3);
    assert_string_equal(findings.items[0].row, "a");
    assert_string_equal(findings.items[1].checker, "convergence");
    sim_findings_deinit(&findings);
}

static void an_allocation_that_fails_is_said_and_nothing_leaks(void **state)
{
    (void)state;
    size_t expected = check_all(sy_alloc_std());
    assert_true(expected > 100);
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        size_t count = check_all(test_alloc_port(&alloc));
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_int_equal(count, expected);
            break;
        }
        assert_true(count == SIZE_MAX);
    }
}

static void findings_beyond_the_limit_are_counted(void **state)
{
    (void)state;
    sim_findings findings;
    sim_findings_init(&findings, sy_alloc_std());
    for (unsigned i = 0; i < SIM_FINDING_COUNT_MAX + 5; i++) {
        sim_finding finding = {.checker = "x"};
        for (unsigned bit = 0; bit < 16; bit++) {
            finding.row[bit] = (i >> bit & 1u) != 0 ? '1' : '0';
        }
        assert_int_equal(sim_findings_add(&findings, &finding), SY_OK);
    }
    assert_int_equal(findings.count, SIM_FINDING_COUNT_MAX);
    assert_int_equal(findings.dropped, 5);
    sim_findings_deinit(&findings);
}

static void fields_stand_where_their_events_have_them(void **state)
{
    (void)state;
    const struct {
        const sy_event_kind *kind;
        uint32_t count;
    } known[] = {
        {&sy_event_call, CALL_FIELD_COUNT},
        {&sy_event_done, DONE_FIELD_COUNT},
        {&sy_event_write, WRITE_FIELD_COUNT},
        {&sy_event_enqueue, ENQUEUE_FIELD_COUNT},
        {&sy_event_dequeue, DEQUEUE_FIELD_COUNT},
        {&sy_event_send, SEND_FIELD_COUNT},
        {&sy_event_conflict, CONFLICT_FIELD_COUNT},
        {&sy_event_decision, DECISION_FIELD_COUNT},
        {&sy_event_loss, LOSS_FIELD_COUNT},
        {&sy_event_op_failed, FAILED_FIELD_COUNT},
        {&sy_event_pull_begin, PULL_BEGIN_FIELD_COUNT},
        {&sy_event_apply, APPLY_FIELD_COUNT},
        {&sy_event_token, TOKEN_FIELD_COUNT},
        {&sy_event_pull_end, PULL_END_FIELD_COUNT},
        {&sy_event_purge, PURGE_FIELD_COUNT},
        {&sy_event_commit, COMMIT_FIELD_COUNT},
        {&sim_event_survivor, SURVIVOR_FIELD_COUNT},
        {&sim_event_survivor_row, SURVIVOR_ROW_FIELD_COUNT},
        {&sim_event_identity, IDENTITY_FIELD_COUNT},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(known[i].kind->field_count, known[i].count);
    }
    assert_string_equal(sy_event_commit.fields[COMMIT_UPDATED_AT], "updated_at");
    assert_string_equal(sy_event_commit.fields[COMMIT_SENDER], "sender");
    assert_string_equal(sy_event_conflict.fields[CONFLICT_SERVER], "server");
    assert_string_equal(sy_event_send.fields[SEND_IF_MATCH], "if_match");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_stand_where_their_events_have_them),
        cmocka_unit_test(there_is_one_checker_of_each_name),
        cmocka_unit_test(a_breach_excuses_some_checkers_from_then_on),
        cmocka_unit_test(an_allocation_that_fails_is_said_and_nothing_leaks),
        cmocka_unit_test(findings_beyond_the_limit_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
