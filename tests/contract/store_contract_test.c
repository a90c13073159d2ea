/* The store contract as one table of tests that runs over each store: in memory, SQLite on a disk
 * of the simulator, and both behind the faulty store when it has no faults. */
#include "tests/contract/store_contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static contract_kind kinds[] = {
    {"memory", false, false, NULL},
    {"sqlite", true, false, "DELETE"},
    {"sqlite, truncated journal", true, false, "TRUNCATE"},
    {"memory behind a faulty store", false, true, NULL},
    {"sqlite behind a faulty store", true, true, "PERSIST"},
};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)
#define TEST_MAX   64

static struct CMUnitTest tests[KIND_COUNT * TEST_MAX];
static char names[KIND_COUNT * TEST_MAX][128];

static size_t add(contract_kind *over, const contract_test *list, size_t count)
{
    for (; list->name != NULL; list++) {
        assert_true(count < KIND_COUNT * TEST_MAX);
        (void)snprintf(names[count], sizeof names[count], "%s: %s", over->name, list->name);
        tests[count] = (struct CMUnitTest){.name = names[count],
                                           .test_func = list->run,
                                           .setup_func = contract_setup,
                                           .teardown_func = contract_teardown,
                                           .initial_state = over};
        count++;
    }
    return count;
}

int main(void)
{
    size_t count = 0;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        count = add(&kinds[i], contract_rows, count);
        count = add(&kinds[i], contract_changes, count);
    }
    if (sim_vfs_install(NULL) != SY_OK) {
        return 1;
    }
    return _cmocka_run_group_tests("store contract", tests, count, NULL, NULL);
}
