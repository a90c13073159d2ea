/* What every store promises (core/port/store.h), as tests over a fixture whose store is one of
 * several kinds. */
#ifndef TESTS_CONTRACT_STORE_CONTRACT_H
#define TESTS_CONTRACT_STORE_CONTRACT_H

#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/disk/sim_store.h"
#include "sim/disk/sim_vfs.h"
#include "tests/unit/support.h"

typedef struct contract_kind {
    const char *name;
    bool sqlite;
    bool faulty; /* behind sim_store */
    const char *journal_mode;
} contract_kind;

/* The table `todo`, classic system columns and these. */
enum { TEXT = SY_SYSTEM_COUNT, DONE, QUANTITY, WEIGHT, DUE, PHOTO, USER_END };

#define CONTRACT_USER_COUNT (USER_END - SY_SYSTEM_COUNT)
extern const sy_column contract_user[CONTRACT_USER_COUNT];

typedef struct contract_fixture {
    const contract_kind *kind;
    test_alloc alloc;
    sy_arena arena;
    sim_disk *disk;
    sy_store_memory *memory;
    sy_store_sqlite *sqlite;
    sim_store faulty;
    sy_store store;
    const sy_schema *schema;
    sy_err err;
} contract_fixture;

typedef struct contract_test {
    const char *name;
    void (*run)(void **state);
} contract_test;

/* Ended by an empty name. */
extern const contract_test contract_rows[];    /* rows, queries */
extern const contract_test contract_changes[]; /* transactions, restarts, definitions */

/* cmocka's; *state is a contract_kind before and the fixture afterwards. */
int contract_setup(void **state);
int contract_teardown(void **state);
/* The process ends, in order or not, and starts again. */
void contract_reopen(contract_fixture *f, bool crash);
/* Fails the test with the error's text. */
void contract_must(contract_fixture *f, sy_rc rc);
const sy_schema *contract_make_schema(contract_fixture *f, const char *name, uint32_t system,
                                      const sy_column *user, uint32_t count);
/* A row of f->schema with nothing but its id. */
sy_row *contract_row(contract_fixture *f, const char *id);
void contract_put(contract_fixture *f, const char *id, const char *text, int64_t quantity);
/* NULL: no such row. */
const sy_row *contract_get(contract_fixture *f, const char *id);
void contract_assert_text(const sy_row *found, const char *text);
void contract_assert_named(const sy_row *found, const char *column, const char *text);
void contract_step(contract_fixture *f, sy_transaction_step what);
/* The ids of a query's rows, one after the other. */
const char *contract_ids(contract_fixture *f, const sy_query *query, int64_t *total);

#endif
