#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/checker_support.h"

static void a_difference_that_settle_saw_is_a_finding(void **state)
{
    (void)state;
    history self;
    history_open(&self, &sim_checker_convergence);
    EMIT(&self, SIM_HOST_WORLD, &sim_event_divergence, sy_cstr("phone"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_row_value(history_row(&self, "milk", "a", false)), sy_row_value(NULL),
         sy_cstr("the client has a row that the server lacks"), sy_cstr("permanent divergence"));
    history_end(&self);
    assert_int_equal(self.findings.count, 1);
    const sim_finding *finding = &self.findings.items[0];
    assert_string_equal(finding->host, "phone");
    assert_string_equal(finding->row, "milk");
    assert_non_null(strstr(finding->text, "\"text\":\"a\""));
    history_close(&self);
}

static void two_rows_are_shown_by_their_difference(void **state)
{
    (void)state;
    history self;
    history_open(&self, &sim_checker_convergence);
    EMIT(&self, SIM_HOST_WORLD, &sim_event_divergence, sy_cstr("phone"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_row_value(history_row(&self, "milk", "a", false)),
         sy_row_value(history_row(&self, "milk", "b", false)), sy_cstr("contents differ"),
         sy_cstr("permanent divergence"));
    history_end(&self);
    assert_string_equal(
        self.findings.items[0].text,
        "phone after everything was healed, todoitem/milk: contents differ (permanent "
        "divergence); "
        "text is \"a\" on the client, \"b\" on the server");
    history_close(&self);
}

static void a_scope_without_differences_is_fine(void **state)
{
    (void)state;
    history self;
    history_open(&self, &sim_checker_convergence);
    EMIT(&self, SIM_HOST_WORLD, &sim_event_scope, sy_cstr("phone"), sy_cstr("todoitem"),
         sy_cstr("all"), sy_int(3), sy_int(3));
    history_end(&self);
    assert_int_equal(self.findings.count, 0);
    history_close(&self);
}

static void the_same_subject_is_kept_once(void **state)
{
    (void)state;
    history self;
    history_open(&self, &sim_checker_convergence);
    for (int i = 0; i < 3; i++) {
        EMIT(&self, SIM_HOST_WORLD, &sim_event_divergence, sy_cstr("phone"), sy_cstr("todoitem"),
             sy_cstr("milk"), sy_row_value(NULL), sy_row_value(NULL), sy_cstr("stuck"),
             sy_cstr("stuck queue"));
    }
    history_end(&self);
    assert_int_equal(self.findings.count, 1);
    history_close(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_that_settle_saw_is_a_finding),
        cmocka_unit_test(two_rows_are_shown_by_their_difference),
        cmocka_unit_test(a_scope_without_differences_is_fine),
        cmocka_unit_test(the_same_subject_is_kept_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
