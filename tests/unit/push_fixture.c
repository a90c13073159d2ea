#include "tests/unit/push_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

fixture push_f;

void push_start(const sy_dialect *dialect, const sy_policy *policy)
{
    sy_err err = {SY_OK, ""};
    const sy_handler handler = push_f.handler;
    fixture_init(&push_f, dialect);
    push_f.handler = handler;
    push_f.policy = policy;
    assert_int_equal(fixture_start(&push_f, &err), SY_OK);
    push_f.trace[0] = '\0';
}

int push_setup(void **state)
{
    (void)state;
    push_f.handler = (sy_handler){0};
    return 0;
}

int push_teardown(void **state)
{
    (void)state;
    fixture_deinit(&push_f);
    return 0;
}

void push_restart(void)
{
    fixture_crash(&push_f);
    assert_int_equal(fixture_start(&push_f, NULL), SY_OK);
}

sy_row *push_served(const char *text, const char *version)
{
    return fixture_served(&push_f, "a", text, version, 20 * SY_SECOND, false, 7);
}

sy_row *push_tombstone(const char *version)
{
    return fixture_served(&push_f, "a", NULL, version, 20 * SY_SECOND, true, 8);
}

sy_operation push_operation(uint32_t index)
{
    sy_operation out = {0};
    assert_true(sy_client_operation(push_f.client, index, &out));
    return out;
}

uint32_t push_pending(void)
{
    return sy_client_pending(push_f.client, (sy_str){NULL, 0});
}

/* The row "a", known to the server in version v1, with a local edit. */
void push_edit_known_row(void)
{
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_reply(&push_f, 201, push_served("one", "v1"))->rc, SY_OK);
    assert_int_equal(fixture_update(&push_f, "a", "mine", -1)->rc, SY_OK);
}

void push_lose_answer(sy_rc rc)
{
    push_f.done_count = 0;
    fixture_answer(&push_f, rc, NULL);
}
