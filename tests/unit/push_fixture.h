/* A client on a memory store whose requests are answered by hand, for the tests of pushes. */
#ifndef TESTS_UNIT_PUSH_FIXTURE_H
#define TESTS_UNIT_PUSH_FIXTURE_H

#include "tests/unit/client_fixture.h"

extern fixture push_f;

void push_start(const sy_dialect *dialect, const sy_policy *policy);
int push_setup(void **state);
int push_teardown(void **state);
void push_restart(void);
sy_row *push_served(const char *text, const char *version);
sy_row *push_tombstone(const char *version);
sy_operation push_operation(uint32_t index);
uint32_t push_pending(void);
void push_edit_known_row(void);
void push_lose_answer(sy_rc rc);

#define HAS(text, part)   assert_non_null(strstr((text), (part)))
#define LACKS(text, part) assert_null(strstr((text), (part)))
#define TEST(name)        cmocka_unit_test_setup_teardown(name, push_setup, push_teardown)

#endif
