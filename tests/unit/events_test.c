/* The core's events, its names, and identities. */
#include "core/port/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/port/handler.h"
#include "core/port/identity.h"

/* Every event with its fields, as the readers of traces know them. */
static const struct {
    const sy_event_kind *kind;
    const char *text;
} events[] = {
    {&sy_event_call, "call ticket verb table id row"},
    {&sy_event_done, "done! ticket verb result detail count"},
    {&sy_event_read, "read! ticket table id row"},
    {&sy_event_wait, "wait ticket verb lock table id"},
    {&sy_event_write, "write ticket table id kind op row"},
    {&sy_event_enqueue, "enqueue op kind table id"},
    {&sy_event_collapse, "collapse op table id existing new action"},
    {&sy_event_dequeue, "dequeue op table id reason"},
    {&sy_event_push_begin, "push_begin ticket tables pending"},
    {&sy_event_push_end, "push_end ticket status errors"},
    {&sy_event_send, "send send method table id op attempt if_match row"},
    {&sy_event_answer, "answer send method table id op result status"},
    {&sy_event_conflict, "conflict op kind table id status base local server"},
    {&sy_event_decision, "decision op table id decision by row"},
    {&sy_event_loss, "loss op table id local server"},
    {&sy_event_op_failed, "op_failed op kind table id status detail"},
    {&sy_event_resolve, "resolve op table id resolution"},
    {&sy_event_pull_begin, "pull_begin ticket table query scope token"},
    {&sy_event_page, "page ticket table query page rows next horizon"},
    {&sy_event_apply, "apply table id version deleted updated_at sequence row"},
    {&sy_event_skip, "skip table id version updated_at sequence reason"},
    {&sy_event_token, "token table query from to comparison"},
    {&sy_event_pull_end, "pull_end ticket table query result rows"},
    {&sy_event_purge, "purge ticket table rows operations forced"},
    {&sy_event_notice, "notice table id originator reaction"},
    {&sy_event_request, "request method table id if_match installation operation_key"},
    {&sy_event_commit, "commit! table id method version_before version_after updated_at sequence "
                       "installation operation_key row sender send"},
    {&sy_event_respond, "respond method table id status rows version"},
};

#define EVENT_COUNT (sizeof events / sizeof events[0])

static void events_have_their_fields_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        sy_buf buf;
        sy_buf_init(&buf, sy_alloc_std());
        sy_buf_printf(&buf, "%s%s", events[i].kind->name, events[i].kind->outcome ? "!" : "");
        for (uint32_t n = 0; n < events[i].kind->field_count; n++) {
            assert_non_null(events[i].kind->fields[n]);
            sy_buf_printf(&buf, " %s", events[i].kind->fields[n]);
        }
        sy_buf_add_char(&buf, '\0');
        assert_string_equal(buf.data, events[i].text);
        sy_buf_deinit(&buf);
    }
}

static void no_two_events_share_a_code_or_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        assert_in_range(events[i].kind->code, 1, 99);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(events[i].kind->code, events[j].kind->code);
            assert_string_not_equal(events[i].kind->name, events[j].kind->name);
        }
    }
}

static void kinds_and_decisions_have_names(void **state)
{
    (void)state;
    assert_string_equal(sy_operation_kind_name(SY_OPERATION_INSERT), "insert");
    assert_string_equal(sy_operation_kind_name(SY_OPERATION_UPDATE), "update");
    assert_string_equal(sy_operation_kind_name(SY_OPERATION_DELETE), "delete");
    assert_string_equal(sy_decision_kind_name(SY_DECIDE_SEND), "send");
    assert_string_equal(sy_decision_kind_name(SY_DECIDE_RETURN), "return");
    assert_string_equal(sy_decision_kind_name(SY_DECIDE_FAIL), "fail");
    assert_string_equal(sy_decision_kind_name(SY_DECIDE_ABORT), "abort");
}

static void counted(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    *(size_t *)self += purpose.size;
    out[0] = UINT64_C(0x0123456789ABCDEF);
    out[1] = n;
}

static void a_guid_is_32_lower_case_digits(void **state)
{
    (void)state;
    const sy_identity_ops ops = {.fresh = counted};
    size_t seen = 0;
    char guid[SY_GUID_SIZE];
    sy_identity_guid((sy_identity){&ops, &seen}, SY_STR("row"), 255, guid);
    assert_string_equal(guid, "0123456789abcdef00000000000000ff");
    assert_int_equal(seen, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_have_their_fields_in_order),
        cmocka_unit_test(no_two_events_share_a_code_or_a_name),
        cmocka_unit_test(kinds_and_decisions_have_names),
        cmocka_unit_test(a_guid_is_32_lower_case_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
