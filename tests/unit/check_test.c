/* Assertions end the process. */
#include "core/base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_failed_assertion_says_where_and_exits_with_70(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        SY_ASSERT(ends[0] < 0 && "never");
        _exit(0);
    }
    (void)close(ends[1]);
    char text[512] = "";
    size_t size = 0;
    ssize_t got = 0;
    while (size < sizeof text - 1 &&
           (got = read(ends[0], text + size, sizeof text - 1 - size)) > 0) {
        size += (size_t)got;
    }
    (void)close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 70);
    assert_ptr_equal(strstr(text, "syncsim: assertion failed: "), text);
    assert_non_null(strstr(text, "check_test.c:"));
    assert_non_null(strstr(text, "ends[0] < 0"));
}

static void a_condition_that_holds_does_nothing(void **state)
{
    int count = 0;
    (void)state;
    SY_ASSERT(count++ == 0);
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_assertion_says_where_and_exits_with_70),
        cmocka_unit_test(a_condition_that_holds_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
