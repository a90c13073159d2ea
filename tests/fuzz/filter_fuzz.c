/* OData text of any bytes. The first byte chooses the dialect, then come $filter, $orderby,
 * $select, $skip and $top, a line each.
 *
 * What must hold: the reader ends, with a query or with a fault at a place within the text; a query
 * passes the check; rows in memory and SQLite give the same answer; what is written of it reads to
 * the same query. */
#include "tests/fuzz/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/store/store_sqlite.h"
#include "core/value/odata.h"

#define ROW_COUNT 6

static const sy_column columns[] = {
    {{"text", 4}, SY_TYPE_TEXT},     {{"priority", 8}, SY_TYPE_REAL},
    {{"complete", 8}, SY_TYPE_BOOL}, {{"due", 3}, SY_TYPE_DATETIME},
    {{"qty", 3}, SY_TYPE_INT},       {{"raw", 3}, SY_TYPE_BLOB}};

static const sy_odata_dialect *const dialects[] = {
    &sy_odata_sound,       &sy_odata_node,    &sy_odata_netfx,       &sy_odata_datasync,
    &sy_odata_datasync_v2, &sy_odata_toolkit, &sy_odata_mobile_apps, &sy_odata_mobile_services};

enum { DIALECT_COUNT = sizeof dialects / sizeof dialects[0] };

typedef struct bench {
    sy_arena table;
    sy_arena scratch;
    const sy_schema *schema;
    const sy_row *rows[ROW_COUNT];
    sy_store_sqlite *sqlite;
} bench;

static void demand(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "filter_fuzz: %s\n", what);
        abort();
    }
}

static void fill(bench *b)
{
    static const sy_str texts[ROW_COUNT] = {{"Alpha", 5},         {"beta", 4},
                                            {"O'Neil", 6},        {"\xC3\x9Cn\xC3\xAF", 5},
                                            {"  padded  \0", 11}, {NULL, 0}};
    static const double priorities[ROW_COUNT] = {1, 2.5, -3, 10, 0, 4503599627370497.5};
    for (int i = 0; i < ROW_COUNT; i++) {
        sy_row *row = sy_row_new(&b->table, b->schema);
        demand(row != NULL, "no memory");
        sy_value *own = &row->cells[SY_SYSTEM_COUNT];
        row->cells[SY_COLUMN_ID] = sy_text(sy_arena_printf(&b->table, "r%d", i));
        row->cells[SY_COLUMN_VERSION] = sy_cstr("MQ==");
        row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(SY_WORLD_EPOCH + i * SY_HOUR);
        row->cells[SY_COLUMN_DELETED] = sy_bool(i == 5);
        own[0] = i == 5 ? SY_NULL : sy_text(texts[i]);
        own[1] = i == 4 ? sy_int(7) : sy_real(priorities[i]);
        own[2] = i == 3 ? SY_NULL : sy_bool(i % 2 == 0);
        own[3] = i == 2 ? SY_NULL : sy_datetime(SY_WORLD_EPOCH - SY_DAY * 59 * i - i);
        own[4] = sy_int(i == 0 ? INT64_MAX : i == 1 ? INT64_MIN : i);
        own[5] = sy_blob(SY_STR("\xFF\x01"));
        b->rows[i] = row;
        demand(sy_store_write(sy_store_sqlite_port(b->sqlite), row, NULL) == SY_OK, "not written");
    }
}

static bench *set_up(void)
{
    static bench b;
    if (b.schema == NULL) {
        sy_store_sqlite_options options = {.path = ":memory:", .journal_mode = "MEMORY"};
        sy_arena_init(&b.table, sy_alloc_std());
        sy_arena_init(&b.scratch, sy_alloc_std());
        demand(sy_schema_new(&b.table, SY_STR("todoitem"), SY_SYSTEM_CLASSIC, columns,
                             sizeof columns / sizeof columns[0], &b.schema, NULL) == SY_OK &&
                   sy_store_sqlite_open(sy_alloc_std(), &options, &b.sqlite, NULL) == SY_OK &&
                   sy_store_define(sy_store_sqlite_port(b.sqlite), b.schema, NULL) == SY_OK,
               "no table");
        fill(&b);
    }
    sy_arena_reset(&b.scratch);
    return &b;
}

static void compare_back_ends(bench *b, const sy_query *query)
{
    const sy_row *items[ROW_COUNT];
    memcpy(items, b->rows, sizeof items);
    sy_rows rows = {.items = items, .count = ROW_COUNT};
    sy_rows stored;
    sy_err err = {0};
    demand(sy_query_apply(query, &rows, &b->scratch, &err) == SY_OK, err.text);
    sy_rc rc = sy_store_query(sy_store_sqlite_port(b->sqlite), query, &b->scratch, &stored, &err);
    demand(rc == SY_OK, err.text);
    demand(rows.count == stored.count && rows.total == stored.total, "another number of rows");
    for (size_t i = 0; i < rows.count; i++) {
        demand(sy_str_equal(sy_row_id(rows.items[i]), sy_row_id(stored.items[i])), "other rows");
    }
}

/* A dialect may write a date shorter than it reads one: here it is written in full. */
static void read_back(bench *b, const sy_odata_dialect *dialect, const sy_query *query)
{
    sy_odata_dialect full = *dialect;
    full.date = dialect->bare_literals ? SY_ODATA_DATE_BARE : SY_ODATA_DATE_OFFSET_7;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_odata_write_text(&full, query, SY_ODATA_FILTER, &text);
    const sy_expr *filter = NULL;
    sy_odata_error error;
    sy_rc rc =
        sy_odata_read_filter(&full, b->schema, sy_buf_str(&text), &b->scratch, &filter, &error);
    demand(rc == SY_OK || error.fault == SY_ODATA_SIZE, error.err.text);
    sy_query again = sy_query_all(b->schema);
    sy_query before = again;
    again.filter = filter;
    before.filter = query->filter;
    demand(rc != SY_OK || sy_query_hash(&again) == sy_query_hash(&before), "another query");
    sy_buf_deinit(&text); /* the filter borrowed of it */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"$filter", "$orderby", "$select", "$skip", "$top"};
    enum { NAME_COUNT = sizeof names / sizeof names[0] };
    bench *b = set_up();
    sy_odata_option items[NAME_COUNT];
    sy_odata_options options = {items, 0};
    if (size == 0) {
        return 0;
    }
    const sy_odata_dialect *dialect = dialects[data[0] % DIALECT_COUNT];
    sy_str rest = {(const char *)data + 1, size - 1};
    for (bool more = true; more && options.count < NAME_COUNT;) {
        const char *end = rest.size == 0 ? NULL : memchr(rest.data, '\n', rest.size);
        sy_str line = {rest.data, end == NULL ? rest.size : (size_t)(end - rest.data)};
        items[options.count] = (sy_odata_option){sy_str_of(names[options.count]), line};
        options.count++;
        more = end != NULL;
        rest = more ? (sy_str){end + 1, rest.size - line.size - 1} : rest;
    }
    sy_query query;
    sy_odata_error error;
    sy_rc rc = sy_odata_read(dialect, b->schema, &options, &b->scratch, &query, &error);
    if (rc != SY_OK) {
        demand(rc == SY_PARSE && error.fault > SY_ODATA_NO_FAULT &&
                   error.fault < SY_ODATA_FAULT_COUNT && error.option != NULL &&
                   error.position <= size && error.err.rc == SY_PARSE && error.err.text[0] != '\0',
               "a fault that says nothing");
        return 0;
    }
    query.want_total = true;
    compare_back_ends(b, &query);
    if (query.filter != NULL) {
        read_back(b, dialect, &query);
    }
    return 0;
}
