/* The two back ends of a query: random rows and random queries, over rows in memory and over a
 * table in SQLite, must give the same rows, cells included, in the same order. */
#include "core/value/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "core/store/store_sqlite_internal.h"
#include "tests/unit/support.h"

#define ROW_COUNT   60
#define QUERY_COUNT 6000

enum { TEXT = SY_SYSTEM_COUNT, QTY, PRICE, DONE, DUE, RAW, NOTE, COLUMN_END };

static const sy_column columns[] = {{{"text", 4}, SY_TYPE_TEXT},    {{"qty", 3}, SY_TYPE_INT},
                                    {{"price", 5}, SY_TYPE_REAL},   {{"done", 4}, SY_TYPE_BOOL},
                                    {{"due", 3}, SY_TYPE_DATETIME}, {{"raw", 3}, SY_TYPE_BLOB},
                                    {{"order", 5}, SY_TYPE_TEXT}};

typedef struct fixture {
    sy_arena schema_arena;
    sy_arena arena;   /* the rows */
    sy_arena scratch; /* one query */
    sy_arena made;    /* of the SQL function */
    const sy_schema *schema;
    sqlite3 *db;
    const sy_row *rows[ROW_COUNT];
    uint64_t seed;
    uint64_t matched; /* rows in all answers */
    uint64_t cut;     /* answers that had some rows and not all */
} fixture;

static uint64_t draw(fixture *f, uint64_t bound)
{
    return test_random(&f->seed) % bound;
}

static sy_value draw_text(fixture *f)
{
    static const sy_str texts[] = {
        {"", 0},    {"a", 1},        {"A", 1},         {"ab", 2},
        {"aab", 3}, {"milk", 4},     {"Milk", 4},      {"100%", 4},
        {"_", 1},   {"%", 1},        {"a\0b", 3},      {"\0", 1},
        {"b\0", 2}, {"\xC3\xA9", 2}, {"\xC3", 1},      {"\xF0\x9F\x8D\x8E milk", 9},
        {"5", 1},   {"05", 2},       {"milk milk", 9}, {"'\"", 2},
    };
    return sy_text(texts[draw(f, sizeof texts / sizeof texts[0])]);
}

static sy_value draw_integer(fixture *f)
{
    static const int64_t integers[] = {0,
                                       1,
                                       -1,
                                       2,
                                       INT64_MAX,
                                       INT64_MAX - 1,
                                       INT64_MIN,
                                       INT64_MIN + 1,
                                       INT64_C(9007199254740992),
                                       INT64_C(9007199254740993),
                                       INT64_C(9007199254740991),
                                       INT64_C(-9007199254740993)};
    return sy_int(integers[draw(f, sizeof integers / sizeof integers[0])]);
}

static sy_value draw_real(fixture *f)
{
    static const double reals[] = {0.0,
                                   -0.0,
                                   1.0,
                                   0.5,
                                   -0.5,
                                   0.1,
                                   5e-324,
                                   9007199254740992.0,
                                   9007199254740994.0,
                                   9223372036854775808.0,
                                   -9223372036854775808.0,
                                   9223372036854774784.0,
                                   1e300,
                                   -1e300};
    return sy_real(reals[draw(f, sizeof reals / sizeof reals[0])]);
}

static sy_value draw_value(fixture *f, sy_type type)
{
    switch (type) {
    case SY_TYPE_TEXT:
        return draw_text(f);
    case SY_TYPE_BLOB:
        return sy_blob(
            sy_value_str(&(sy_value){.type = SY_TYPE_TEXT,
                                     .size = (uint32_t)draw(f, 4),
                                     .as.text = draw(f, 2) == 0 ? "\0\xFF\x01z" : "abcd"}));
    case SY_TYPE_INT:
        return draw_integer(f);
    case SY_TYPE_REAL:
        return draw_real(f);
    case SY_TYPE_BOOL:
        return sy_bool(draw(f, 2) == 1);
    case SY_TYPE_DATETIME:
        return sy_datetime(SY_WORLD_EPOCH + (sy_time)draw(f, 3) - 1);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return SY_NULL;
}

static void bind(sqlite3_stmt *statement, int index, const sy_value *value)
{
    sy_str text = sy_value_str(value);
    const char *data = text.size == 0 ? "" : text.data;
    int rc = SQLITE_OK;
    if (value->type == SY_TYPE_TEXT) {
        rc = sqlite3_bind_text(statement, index, data, (int)text.size, SQLITE_TRANSIENT);
    } else if (value->type == SY_TYPE_BLOB) {
        rc = sqlite3_bind_blob(statement, index, data, (int)text.size, SQLITE_TRANSIENT);
    } else if (value->type == SY_TYPE_REAL) {
        rc = sqlite3_bind_double(statement, index, value->as.real);
    } else if (sy_value_missing(value)) {
        rc = sqlite3_bind_null(statement, index);
    } else {
        rc = sqlite3_bind_int64(statement, index, value->as.integer);
    }
    assert_int_equal(rc, SQLITE_OK);
}

static void fill(fixture *f)
{
    char *error = NULL;
    assert_int_equal(
        sqlite3_exec(f->db,
                     "DROP TABLE IF EXISTS todo; CREATE TABLE todo (id TEXT PRIMARY KEY, "
                     "deleted INTEGER, text TEXT, qty INTEGER, price REAL, done INTEGER, "
                     "due INTEGER, raw BLOB, \"order\" TEXT)",
                     NULL, NULL, &error),
        SQLITE_OK);
    sqlite3_stmt *insert = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(f->db, "INSERT INTO todo VALUES (?,?,?,?,?,?,?,?,?)", -1, &insert, NULL),
        SQLITE_OK);
    sy_arena_reset(&f->arena);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        sy_row *row = sy_row_new(&f->arena, f->schema);
        sy_str id = sy_arena_printf(&f->arena, "%c%zu", draw(f, 2) == 0 ? 'r' : 'R', i * 37 % 61);
        row->cells[SY_COLUMN_ID] = sy_text(id);
        row->cells[SY_COLUMN_DELETED] = sy_bool(draw(f, 2) == 1);
        for (uint32_t c = TEXT; c < COLUMN_END; c++) {
            uint64_t kind = draw(f, 8);
            row->cells[c] = kind == 0   ? SY_NULL
                            : kind == 1 ? (sy_value){0}
                                        : draw_value(f, f->schema->columns[c].type);
        }
        f->rows[i] = row;
        bind(insert, 1, &row->cells[SY_COLUMN_ID]);
        bind(insert, 2, &row->cells[SY_COLUMN_DELETED]);
        for (uint32_t c = TEXT; c < COLUMN_END; c++) {
            bind(insert, (int)(c - TEXT) + 3, &row->cells[c]);
        }
        assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
        assert_int_equal(sqlite3_reset(insert), SQLITE_OK);
    }
    (void)sqlite3_finalize(insert);
}

static uint32_t draw_column(fixture *f)
{
    uint64_t at = draw(f, COLUMN_END - TEXT + 2);
    return at == 0 ? SY_COLUMN_ID : at == 1 ? SY_COLUMN_DELETED : (uint32_t)(TEXT + at - 2);
}

static sy_type type_of(fixture *f, uint32_t column)
{
    return f->schema->columns[column].type;
}

static const sy_expr *column(fixture *f, uint32_t index)
{
    return sy_expr_column(&f->scratch, index);
}

static const sy_expr *literal(fixture *f, sy_value value)
{
    return sy_expr_literal(&f->scratch, value);
}

static const sy_expr *draw_comparison(fixture *f, int depth);

/* Something to compare with a column: a literal, another column that fits, null, a condition. */
static const sy_expr *draw_operand(fixture *f, sy_type type, int depth)
{
    bool number = type == SY_TYPE_INT || type == SY_TYPE_REAL;
    uint64_t kind = draw(f, 10);
    if (kind == 0) {
        return literal(f, SY_NULL);
    }
    if (kind <= 2) {
        for (int tries = 0; tries < 20; tries++) {
            uint32_t c = draw_column(f);
            sy_type other = type_of(f, c);
            if (other == type || (number && (other == SY_TYPE_INT || other == SY_TYPE_REAL))) {
                return column(f, c);
            }
        }
    }
    if (kind == 3 && type == SY_TYPE_BOOL && depth > 0) {
        return draw_comparison(f, depth - 1);
    }
    return literal(f,
                   draw_value(f, number ? (draw(f, 2) == 0 ? SY_TYPE_INT : SY_TYPE_REAL) : type));
}

static const sy_expr *draw_comparison(fixture *f, int depth)
{
    uint32_t c = draw_column(f);
    const sy_expr *left = draw(f, 20) == 0 ? literal(f, SY_NULL) : column(f, c);
    if (type_of(f, c) == SY_TYPE_TEXT && draw(f, 2) == 0) {
        sy_expr_kind kind = (sy_expr_kind)(SY_EXPR_CONTAINS + draw(f, 3));
        return sy_expr_binary(&f->scratch, kind, left, draw_operand(f, SY_TYPE_TEXT, 0));
    }
    sy_expr_kind kind = (sy_expr_kind)(SY_EXPR_EQ + draw(f, 6));
    const sy_expr *right = draw_operand(f, type_of(f, c), depth);
    return draw(f, 4) == 0 ? sy_expr_binary(&f->scratch, kind, right, left)
                           : sy_expr_binary(&f->scratch, kind, left, right);
}

static const sy_expr *draw_condition(fixture *f, int depth)
{
    uint64_t kind = depth == 0 ? 9 : draw(f, 12);
    if (kind < 3) {
        return sy_expr_binary(&f->scratch, SY_EXPR_AND, draw_condition(f, depth - 1),
                              draw_condition(f, depth - 1));
    }
    if (kind < 6) {
        return sy_expr_binary(&f->scratch, SY_EXPR_OR, draw_condition(f, depth - 1),
                              draw_condition(f, depth - 1));
    }
    if (kind < 8) {
        return sy_expr_not(&f->scratch, draw_condition(f, depth - 1));
    }
    if (kind == 8) {
        return draw(f, 4) == 0 ? literal(f, sy_bool(draw(f, 2) == 1)) : column(f, DONE);
    }
    return draw_comparison(f, 2);
}

static sy_query draw_query(fixture *f)
{
    sy_query query = sy_query_all(f->schema);
    if (draw(f, 10) > 0) {
        query.filter = draw_condition(f, (int)draw(f, 5));
        assert_non_null(query.filter);
    }
    query.order_count = (uint32_t)draw(f, 4);
    for (uint32_t i = 0; i < query.order_count; i++) {
        query.order[i] = (sy_order){.column = draw_column(f), .descending = draw(f, 2) == 1};
    }
    query.skip = (int64_t)draw(f, 6) - 1;
    query.top = draw(f, 2) == 0 ? -1 : (int64_t)draw(f, 40);
    query.select = draw(f, 3) == 0 ? test_random(&f->seed) & ((UINT64_C(1) << COLUMN_END) - 1) : 0;
    query.want_total = true;
    return query;
}

static sqlite3_stmt *prepare(fixture *f, const sy_query *query, bool count)
{
    sy_buf sql;
    sy_buf_init(&sql, sy_alloc_std());
    const sy_value *values = NULL;
    size_t value_count = 0;
    sy_err err = {0};
    sy_rc rc = sy_query_to_sql(query, count, &f->scratch, &sql, &values, &value_count, &err);
    if (rc != SY_OK) {
        fail_msg("%s", err.text);
    }
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(f->db, sql.data, (int)sql.size, &statement, NULL) != SQLITE_OK) {
        fail_msg("%s: %.*s", sqlite3_errmsg(f->db), SY_FMT(sy_buf_str(&sql)));
    }
    assert_int_equal(sqlite3_bind_parameter_count(statement), value_count);
    for (size_t i = 0; i < value_count; i++) {
        bind(statement, (int)i + 1, &values[i]);
    }
    sy_buf_deinit(&sql);
    return statement;
}

static sy_value value_at(sqlite3_stmt *statement, int index, sy_type type)
{
    sy_str bytes = {NULL, 0};
    switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
        return (sy_value){.type = type, .as.integer = sqlite3_column_int64(statement, index)};
    case SQLITE_FLOAT:
        return sy_real(sqlite3_column_double(statement, index));
    case SQLITE_NULL:
        return SY_NULL;
    default:
        bytes.data = sqlite3_column_blob(statement, index);
        bytes.size = (size_t)sqlite3_column_bytes(statement, index);
        return type == SY_TYPE_TEXT ? sy_text(bytes) : sy_blob(bytes);
    }
}

static void fail_with(const sy_query *query, const char *what, size_t at)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_query_to_text(query, &text);
    print_error("%.*s\n", SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
    fail_msg("%s, row %zu", what, at);
}

static void compare_answers(fixture *f, const sy_query *query)
{
    const sy_row **items = sy_arena_push(&f->scratch, sizeof f->rows);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        items[i] = f->rows[i];
    }
    sy_rows rows = {.items = items, .count = ROW_COUNT};
    assert_int_equal(sy_query_apply(query, &rows, &f->scratch, NULL), SY_OK);
    sqlite3_stmt *statement = prepare(f, query, false);
    size_t count = 0;
    for (; sqlite3_step(statement) == SQLITE_ROW; count++) {
        if (count >= rows.count) {
            fail_with(query, "SQL has more rows", count);
        }
        int index = 0;
        for (uint32_t c = 0; c < f->schema->column_count; c++) {
            const sy_value *ours = &rows.items[count]->cells[c];
            if (!sy_query_selects(query, c)) {
                assert_true(query->select == 0 || ours->type == SY_TYPE_ABSENT);
                continue;
            }
            sy_value theirs = value_at(statement, index++, f->schema->columns[c].type);
            if (sy_value_compare(ours, &theirs) != 0) {
                fail_with(query, "the rows differ", count);
            }
        }
        assert_int_equal(index, sqlite3_column_count(statement));
    }
    if (count != rows.count) {
        fail_with(query, "SQL has fewer rows", count);
    }
    (void)sqlite3_finalize(statement);
    statement = prepare(f, query, true);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(statement, 0), rows.total);
    (void)sqlite3_finalize(statement);
    f->matched += count;
    f->cut += rows.total > 0 && rows.total < ROW_COUNT ? 1 : 0;
}

static int set_up(void **state)
{
    static fixture f;
    sy_arena_init(&f.schema_arena, sy_alloc_std());
    sy_arena_init(&f.arena, sy_alloc_std());
    sy_arena_init(&f.scratch, sy_alloc_std());
    uint32_t system = SY_SYSTEM_BIT(SY_COLUMN_ID) | SY_SYSTEM_BIT(SY_COLUMN_DELETED);
    assert_int_equal(
        sy_schema_new(&f.schema_arena, SY_STR("todo"), system, columns, 7, &f.schema, NULL), SY_OK);
    assert_int_equal(sqlite3_open(":memory:", &f.db), SQLITE_OK);
    sy_arena_init(&f.made, sy_alloc_std());
    assert_int_equal(sy_sqlite_add_function(f.db, &f.made), SQLITE_OK);
    f.seed = 20260101;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    (void)sqlite3_close(f->db);
    sy_arena_deinit(&f->schema_arena);
    sy_arena_deinit(&f->arena);
    sy_arena_deinit(&f->scratch);
    sy_arena_deinit(&f->made);
    return 0;
}

static void random_queries_give_the_same_rows_in_both(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < QUERY_COUNT; i++) {
        if (i % 100 == 0) {
            fill(f);
        }
        sy_arena_reset(&f->scratch);
        sy_query query = draw_query(f);
        compare_answers(f, &query);
    }
    assert_true(f->matched > QUERY_COUNT);
    assert_true(f->cut > QUERY_COUNT / 3);
}

/* Chains of every shape and the deepest nesting that the check lets pass. */
static void the_largest_filters_are_taken_by_both(void **state)
{
    fixture *f = *state;
    fill(f);
    for (int shape = 0; shape < 4; shape++) {
        sy_arena_reset(&f->scratch);
        const sy_expr *filter = draw_comparison(f, 0);
        int count = shape == 3 ? SY_EXPR_LEVEL_COUNT_MAX - 2 : SY_EXPR_LINK_COUNT_MAX;
        for (int i = 0; i < count; i++) {
            sy_expr_kind kind = shape == 3 && i % 2 == 0 ? SY_EXPR_AND : SY_EXPR_OR;
            const sy_expr *leaf = draw_comparison(f, 0);
            bool left = shape == 0 || (shape > 1 && draw(f, 2) == 0);
            filter = sy_expr_binary(&f->scratch, kind, left ? filter : leaf, left ? leaf : filter);
        }
        sy_query query = sy_query_all(f->schema);
        query.filter = filter;
        query.want_total = true;
        compare_answers(f, &query);
    }
    const sy_expr *filter = column(f, DONE);
    for (int i = 1; i < SY_EXPR_LEVEL_COUNT_MAX; i++) {
        filter = sy_expr_not(&f->scratch, filter);
    }
    sy_query query = sy_query_all(f->schema);
    query.filter = filter;
    query.want_total = true;
    compare_answers(f, &query);
}

static void what_the_check_refuses_is_not_written(void **state)
{
    fixture *f = *state;
    sy_query query = sy_query_all(f->schema);
    query.filter = column(f, TEXT);
    sy_buf sql;
    sy_buf_init(&sql, sy_alloc_std());
    const sy_value *values = NULL;
    size_t count = 0;
    sy_err err = {0};
    assert_int_equal(sy_query_to_sql(&query, false, &f->scratch, &sql, &values, &count, &err),
                     SY_SCHEMA);
    assert_int_equal(sql.size, 0);
    sy_buf_deinit(&sql);
}

static void no_memory_is_said(void **state)
{
    fixture *f = *state;
    sy_query query = sy_query_all(f->schema);
    query.filter = sy_expr_binary(&f->scratch, SY_EXPR_ENDS_WITH, column(f, TEXT),
                                  literal(f, sy_cstr("milk")));
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sy_arena arena;
        sy_arena_init(&arena, test_alloc_port(&alloc));
        sy_buf sql;
        sy_buf_init(&sql, test_alloc_port(&alloc));
        const sy_value *values = NULL;
        size_t count = 0;
        sy_rc rc = sy_query_to_sql(&query, false, &arena, &sql, &values, &count, NULL);
        assert_int_equal(rc, test_alloc_failed(&alloc) ? SY_NOMEM : SY_OK);
        sy_buf_deinit(&sql);
        sy_arena_deinit(&arena);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_true(n > 2);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_queries_give_the_same_rows_in_both),
        cmocka_unit_test(the_largest_filters_are_taken_by_both),
        cmocka_unit_test(what_the_check_refuses_is_not_written),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
