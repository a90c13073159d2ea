/* The table server with the n-th allocation, and the n-th write of its store, failing, for all n,
 * for every method, in every dialect, on both stores. After each: an answer or an error, nothing
 * leaked, the rows as before or as they were to become, and the same request succeeds when it is
 * sent again. */
#include "core/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/hash.h"
#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "tests/unit/support.h"

typedef enum store_kind { MEMORY, SQLITE, STORE_KIND_COUNT } store_kind;
typedef enum fault_kind { FAIL_ALLOCATION, FAIL_WRITE, FAULT_KIND_COUNT } fault_kind;

/* One request, and what it needs to stand first. */
typedef struct act {
    const char *name;
    const char *id;
    sy_method method;
    bool exists, deleted; /* the row, before */
    bool by_sequence, keyed;
    bool odd; /* its row has a column that the table lacks */
} act;

static const act acts[] = {
    {"insert", "a", SY_METHOD_INSERT, false, false, false, true, false},
    {"insert without id", NULL, SY_METHOD_INSERT, false, false, false, true, false},
    {"insert, exists", "a", SY_METHOD_INSERT, true, false, false, false, false},
    {"update", "a", SY_METHOD_UPDATE, true, false, false, true, false},
    {"replace", "a", SY_METHOD_REPLACE, true, false, false, false, false},
    {"delete", "a", SY_METHOD_DELETE, true, false, false, true, false},
    {"undelete", "a", SY_METHOD_UNDELETE, true, true, false, false, false},
    {"read", "a", SY_METHOD_READ, true, false, false, false, false},
    {"query", NULL, SY_METHOD_QUERY, true, false, false, false, false},
    {"insert of a column", "a", SY_METHOD_INSERT, false, false, false, false, true},
    {"update of a column", "a", SY_METHOD_UPDATE, true, false, false, false, true},
    {"query since", NULL, SY_METHOD_QUERY, true, false, true, false, false},
};

typedef struct bed {
    test_alloc alloc;
    test_store fault;
    sy_store_memory *memory;
    sy_store_sqlite *sqlite;
    sy_arena plain, arena; /* `arena` allocates through the failing allocator */
    sy_arena grown;        /* schemas of tables that grew; lives as long as the store */
    const sy_schema *app, *odd;
    sy_server_table table;
    sy_server_config config;
    sy_server *server;
} bed;

static sy_time clock_now(void *self)
{
    (void)self;
    return SY_WORLD_EPOCH + 1234567;
}

static void fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    (void)self;
    out[0] = sy_hash(purpose.data, purpose.size, n);
    out[1] = n;
}

static const sy_clock_ops clock_ops = {.now = clock_now};
static const sy_identity_ops identity_ops = {fresh};

static void bed_open(bed *b, const sy_server_dialect *dialect, store_kind kind, bool soft_delete)
{
    *b = (bed){0};
    test_alloc_init(&b->alloc, 0);
    sy_alloc alloc = test_alloc_port(&b->alloc);
    sy_arena_init(&b->plain, sy_alloc_std());
    sy_arena_init(&b->arena, alloc);
    sy_store inner;
    if (kind == MEMORY) {
        assert_int_equal(sy_store_memory_new(alloc, &b->memory, NULL), SY_OK);
        inner = sy_store_memory_port(b->memory);
    } else {
        sy_store_sqlite_options options = {
            .path = ":memory:", .journal_mode = "MEMORY", .synchronous = "OFF"};
        assert_int_equal(sy_store_sqlite_open(alloc, &options, &b->sqlite, NULL), SY_OK);
        inner = sy_store_sqlite_port(b->sqlite);
    }
    test_store_init(&b->fault, inner, 0);
    sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT},
                           {SY_STR("due"), SY_TYPE_DATETIME},
                           {SY_STR("note"), SY_TYPE_TEXT}};
    assert_int_equal(
        sy_schema_new(&b->plain, SY_STR("todo"), SY_SYSTEM_CLASSIC, columns, 2, &b->app, NULL),
        SY_OK);
    assert_int_equal(
        sy_schema_new(&b->plain, SY_STR("todo"), SY_SYSTEM_CLASSIC, columns, 3, &b->odd, NULL),
        SY_OK);
    sy_arena_init(&b->grown, alloc);
    b->table = (sy_server_table){
        .schema = b->app, .soft_delete = soft_delete, .dynamic_schema = dialect->dynamic_schema};
    assert_int_equal(sy_server_schema_new(dialect, &b->table, &b->plain, &b->table.schema, NULL),
                     SY_OK);
    b->config = (sy_server_config){.dialect = dialect,
                                   .tables = &b->table,
                                   .table_count = 1,
                                   .schemas = &b->grown,
                                   .epoch = SY_STR("1"),
                                   .alloc = alloc,
                                   .store = test_store_port(&b->fault),
                                   .clock = {&clock_ops, NULL},
                                   .identity = {&identity_ops, NULL}};
}

static void bed_close(bed *b)
{
    sy_server_close(b->server);
    sy_store_memory_free(b->memory);
    sy_store_sqlite_close(b->sqlite);
    sy_arena_deinit(&b->grown);
    sy_arena_deinit(&b->arena);
    sy_arena_deinit(&b->plain);
    assert_int_equal(test_alloc_live(&b->alloc), 0);
}

static void arm(bed *b, fault_kind kind, uint64_t n)
{
    b->alloc.fail_at = kind == FAIL_ALLOCATION ? b->alloc.count + n : 0;
    b->fault.fail_at = kind == FAIL_WRITE ? b->fault.count + n : 0;
}

static bool happened(const bed *b)
{
    return test_alloc_failed(&b->alloc) || test_store_failed(&b->fault);
}

static void disarm(bed *b)
{
    b->alloc.fail_at = 0;
    b->fault.fail_at = 0;
}

static sy_rc act_on(bed *b, const act *a, sy_response *out)
{
    sy_row *row = sy_row_new(&b->plain, a->odd ? b->odd : b->app);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("changed");
    row->cells[SY_SYSTEM_COUNT + 1] = sy_datetime(SY_WORLD_EPOCH + 999);
    if (a->odd) {
        row->cells[SY_SYSTEM_COUNT + 2] = sy_cstr("a column that nobody knew");
    }
    if (a->id != NULL) {
        row->cells[SY_COLUMN_ID] = sy_cstr(a->id);
    }
    bool body = a->method == SY_METHOD_INSERT || a->method == SY_METHOD_UPDATE ||
                a->method == SY_METHOD_REPLACE;
    sy_query query = sy_query_all(b->app);
    sy_request request = {.method = a->method,
                          .table = SY_STR("todo"),
                          .id = sy_str_of(a->method == SY_METHOD_INSERT ? NULL : a->id),
                          .row = body ? row : NULL,
                          .query = &query,
                          .since_sequence = a->by_sequence ? 0 : -1,
                          .operation_key = sy_str_of(a->keyed ? "key" : NULL),
                          .installation_id = SY_STR("phone")};
    *out = (sy_response){0};
    return sy_server_serve(b->server, &request, &b->arena, out, NULL);
}

static void prepare(bed *b, const act *a)
{
    static const act first = {.method = SY_METHOD_INSERT, .id = "a"};
    static const act then = {.method = SY_METHOD_DELETE, .id = "a"};
    sy_response got;
    assert_int_equal(sy_server_open(&b->config, &b->server, NULL), SY_OK);
    if (a->exists) {
        assert_int_equal(act_on(b, &first, &got), SY_OK);
        assert_int_equal(got.status, 201);
    }
    if (a->deleted) {
        assert_int_equal(act_on(b, &then, &got), SY_OK);
        assert_int_equal(got.status, b->config.dialect->status_delete_ok);
    }
}

/* All rows as text. */
static sy_str image(bed *b)
{
    sy_query query = sy_query_all(b->table.schema);
    sy_rows rows = {0};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    assert_int_equal(sy_store_query(b->config.store, &query, &b->plain, &rows, NULL), SY_OK);
    for (size_t i = 0; i < rows.count; i++) {
        sy_row_to_json(rows.items[i], &text);
    }
    sy_str copy = sy_arena_copy(&b->plain, sy_buf_str(&text));
    sy_buf_deinit(&text);
    return copy;
}

static bool is_write(const act *a)
{
    return a->method != SY_METHOD_READ && a->method != SY_METHOD_QUERY;
}

/* false: fewer than n chances to fail. */
static bool try_act(const sy_server_dialect *dialect, store_kind store, bool soft, const act *a,
                    fault_kind fault, uint64_t n)
{
    bed b;
    bed_open(&b, dialect, store, soft);
    prepare(&b, a);
    sy_str before = image(&b);
    arm(&b, fault, n);
    sy_response got;
    sy_rc rc = act_on(&b, a, &got);
    bool fired = happened(&b);
    disarm(&b);
    int status = rc == SY_OK ? got.status : 0;
    if (rc != SY_OK || status == 500) {
        assert_true(fired);
        assert_true(rc == SY_OK || rc == SY_NOMEM);
        assert_true(sy_str_equal(image(&b), before));
    }
    sy_server_close(b.server); /* a restart finds the same */
    b.server = NULL;
    sy_str kept = image(&b);
    assert_int_equal(sy_server_open(&b.config, &b.server, NULL), SY_OK);
    assert_true(sy_str_equal(image(&b), kept));
    assert_int_equal(act_on(&b, a, &got), SY_OK);
    bool has_column = soft || !dialect->deleted_is_optional;
    assert_true(got.status > 0);
    assert_true(got.status < 500 || (a->method == SY_METHOD_UNDELETE && !has_column));
    if (is_write(a) && status >= 200 && status < 300 && dialect->operation_keys && a->keyed) {
        assert_true(sy_str_equal(image(&b), kept)); /* done once */
        assert_int_equal(got.status, status);
    }
    bed_close(&b);
    return fired;
}

static void sweep(const sy_server_dialect *dialect, fault_kind fault)
{
    uint64_t tried = 0;
    for (int store = 0; store < STORE_KIND_COUNT; store++) {
        for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
            for (int soft = 0; soft < 2; soft++) {
                if (acts[i].deleted && soft == 0) {
                    continue;
                }
                uint64_t n = 1;
                while (try_act(dialect, (store_kind)store, soft == 1, &acts[i], fault, n)) {
                    n++;
                }
                tried += n - 1;
            }
        }
    }
    assert_true(tried > 20);
}

static const sy_server_dialect *dialect_of(void **state)
{
    return sy_server_dialect_find(sy_str_of(*state));
}

static void requests_survive_every_allocation_that_fails(void **state)
{
    sweep(dialect_of(state), FAIL_ALLOCATION);
}

static void requests_survive_every_store_write_that_fails(void **state)
{
    sweep(dialect_of(state), FAIL_WRITE);
}

static void opening_survives_every_failure(void **state)
{
    const sy_server_dialect *dialect = dialect_of(state);
    for (int fault = 0; fault < FAULT_KIND_COUNT; fault++) {
        for (int store = 0; store < STORE_KIND_COUNT; store++) {
            bool fired = true;
            for (uint64_t n = 1; fired; n++) {
                bed b;
                bed_open(&b, dialect, (store_kind)store, true);
                arm(&b, (fault_kind)fault, n);
                sy_rc rc = sy_server_open(&b.config, &b.server, NULL);
                fired = happened(&b);
                disarm(&b);
                if (rc != SY_OK) {
                    assert_true(fired);
                    assert_int_equal(sy_server_open(&b.config, &b.server, NULL), SY_OK);
                }
                bed_close(&b);
            }
        }
    }
}

#define ON(dialect, test) cmocka_unit_test_prestate(test, (char[]){#dialect})
#define EVERY(test)                                                                                \
    ON(node, test), ON(netfx, test), ON(datasync, test), ON(toolkit, test), ON(sound, test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(requests_survive_every_allocation_that_fails),
        EVERY(requests_survive_every_store_write_that_fails),
        EVERY(opening_survives_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
