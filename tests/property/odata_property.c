/* odata_property [--pairs N] [--seed S]: the property test of queries.
 *
 * For each generated filter over a table of generated rows:
 * - typed filters: over rows in memory, and in SQLite (through the store): the same rows, cells and
 *   total in the same order. Written as OData and read again: the same query and the same rows.
 * - filters with any operands: written, and read as the Node server reads them, which converts:
 * then the same comparison. A pair is one filter over one row. Prints a line; exit 1 with the
 * filter at the first difference. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/store/store_sqlite.h"
#include "core/value/odata.h"
#include "tests/property/odata_generator.h"

#define ROW_COUNT        16
#define FILTER_COUNT     40 /* over one table */
#define MATCHED_PERCENT  5  /* fewer, and the test has tested nothing */
#define PAIR_COUNT_USUAL 200000

typedef struct property {
    generator g;
    sy_arena table; /* schema and rows */
    sy_arena scratch;
    sy_store_sqlite *sqlite;
    const sy_row *rows[ROW_COUNT];
    uint64_t pairs;
    uint64_t filters;
    uint64_t refused; /* too large, or not converted by the Node server's reader */
    uint64_t converted;
    uint64_t matched;
} property;

static bool report(const property *p, const sy_query *query, const char *what)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_query_to_text(query, &text);
    printf("odata_property: %s\n  %.*s\n", what, SY_FMT(sy_buf_str(&text)));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        sy_buf_clear(&text);
        sy_row_to_json(p->rows[i], &text);
        printf("  %.*s\n", SY_FMT(sy_buf_str(&text)));
    }
    sy_buf_deinit(&text);
    return false;
}

static bool make_table(property *p)
{
    sy_store_sqlite_options options = {.path = ":memory:", .journal_mode = "MEMORY"};
    sy_arena_reset(&p->table);
    p->g.arena = &p->table;
    const sy_schema *schema = generate_schema(&p->g, SY_STR("table_of_all"));
    sy_err err = {0};
    sy_store_sqlite_close(p->sqlite);
    p->sqlite = NULL;
    sy_rc rc = schema == NULL ? SY_NOMEM
                              : sy_store_sqlite_open(sy_alloc_std(), &options, &p->sqlite, &err);
    if (rc == SY_OK) {
        rc = sy_store_define(sy_store_sqlite_port(p->sqlite), schema, &err);
    }
    for (uint32_t i = 0; rc == SY_OK && i < ROW_COUNT; i++) {
        p->rows[i] = generate_row(&p->g, i);
        rc = sy_store_write(sy_store_sqlite_port(p->sqlite), p->rows[i], &err);
    }
    if (rc != SY_OK) {
        printf("odata_property: %s\n", err.text);
    }
    return rc == SY_OK;
}

static bool in_memory(property *p, const sy_query *query, sy_rows *out)
{
    out->items = sy_arena_push(&p->scratch, sizeof p->rows);
    memcpy(out->items, p->rows, sizeof p->rows);
    out->count = ROW_COUNT;
    return sy_query_apply(query, out, &p->scratch, NULL) == SY_OK;
}

static bool same(const sy_rows *a, const sy_rows *b)
{
    bool same = a->count == b->count && a->total == b->total;
    for (size_t i = 0; same && i < a->count; i++) {
        for (uint32_t c = 0; same && c < a->items[i]->schema->column_count; c++) {
            same = sy_value_compare(&a->items[i]->cells[c], &b->items[i]->cells[c]) == 0;
        }
    }
    return same;
}

static bool compare_back_ends(property *p, const sy_query *query, sy_rows *rows)
{
    sy_rows stored;
    sy_err err = {0};
    if (!in_memory(p, query, rows)) {
        return report(p, query, "not evaluated in memory");
    }
    if (sy_store_query(sy_store_sqlite_port(p->sqlite), query, &p->scratch, &stored, &err) !=
        SY_OK) {
        return report(p, query, err.text);
    }
    p->matched += rows->count;
    return same(rows, &stored) || report(p, query, "rows in memory and in SQLite differ");
}

static sy_rc through_text(property *p, const sy_odata_dialect *dialect, const sy_query *query,
                          sy_query *out, sy_odata_error *error)
{
    sy_odata_option options[SY_ODATA_PART_COUNT];
    sy_odata_options given = {options, 0};
    for (int i = 0; i < SY_ODATA_PART_COUNT; i++) {
        sy_odata_part part = dialect->parts[i];
        if (sy_odata_has(dialect, query, part)) {
            sy_buf text;
            sy_buf_init(&text, sy_alloc_std());
            sy_odata_write_text(dialect, query, part, &text);
            options[given.count].name = sy_str_of(sy_odata_part_name(dialect, part));
            options[given.count++].value = sy_arena_copy(&p->scratch, sy_buf_str(&text));
            sy_buf_deinit(&text);
        }
    }
    return sy_odata_read(dialect, query->schema, &given, &p->scratch, out, error);
}

static bool check_typed(property *p, const sy_query *query)
{
    sy_rows rows;
    sy_rows again;
    sy_query read;
    sy_odata_error error;
    if (!compare_back_ends(p, query, &rows)) {
        return false;
    }
    if (through_text(p, &sy_odata_sound, query, &read, &error) != SY_OK) {
        return report(p, query, error.err.text);
    }
    if (sy_query_hash(&read) != sy_query_hash(query)) {
        return report(p, query, "written and read it is another query");
    }
    return (in_memory(p, &read, &again) && same(&rows, &again)) ||
           report(p, query, "written and read it gives other rows");
}

/* The Node server cuts an order at its spaces: expressions do not survive that. */
static void keep_columns(sy_query *query)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < query->order_count; i++) {
        if (query->order[i].expr == NULL) {
            query->order[kept++] = query->order[i];
        }
    }
    query->order_count = kept;
}

static bool check_untyped(property *p, sy_query *query)
{
    sy_rows rows;
    sy_query read;
    sy_odata_error error;
    keep_columns(query);
    if (through_text(p, &sy_odata_node, query, &read, &error) != SY_OK) {
        p->refused++;
        return error.fault == SY_ODATA_FUNCTION || error.fault == SY_ODATA_SIZE ||
               error.fault == SY_ODATA_SYNTAX || report(p, query, error.err.text);
    }
    p->converted++;
    return compare_back_ends(p, &read, &rows);
}

static bool check_filter(property *p)
{
    sy_arena_reset(&p->scratch);
    p->g.arena = &p->scratch;
    p->g.typed = generate_number(&p->g, 3) > 0;
    sy_query query = generate_query(&p->g);
    p->filters++;
    p->pairs += ROW_COUNT;
    if (!p->g.typed) {
        return check_untyped(p, &query);
    }
    sy_err err = {0};
    sy_rc rc = sy_query_check(&query, &err);
    if (rc == SY_LIMIT) {
        p->refused++;
        return true;
    }
    return rc == SY_OK ? check_typed(p, &query) : report(p, &query, err.text);
}

/* A test that drew no filter of some kind, or matched next to nothing, has tested nothing. */
static bool is_worth_it(const property *p)
{
    for (int kind = SY_EXPR_NOT; kind < SY_EXPR_NUMBER && p->filters > 2000; kind++) {
        if (p->g.drawn[kind] == 0) {
            printf("odata_property: '%s' was never drawn\n",
                   sy_expr_shape_of((sy_expr_kind)kind)->word);
            return false;
        }
    }
    if (p->matched * 100 < p->pairs * MATCHED_PERCENT || p->refused * 2 > p->filters) {
        printf("odata_property: %" PRIu64 " rows matched, %" PRIu64 " filters refused: too few\n",
               p->matched, p->refused);
        return false;
    }
    return true;
}

static bool run(property *p, uint64_t pair_count)
{
    bool good = true;
    while (good && p->pairs < pair_count) {
        good = make_table(p);
        for (int i = 0; good && i < FILTER_COUNT && p->pairs < pair_count; i++) {
            good = check_filter(p);
        }
    }
    return good && is_worth_it(p);
}

int main(int count, char **arguments)
{
    property p = {.g.state = 1};
    uint64_t pair_count = PAIR_COUNT_USUAL;
    for (int i = 1; i + 1 < count; i += 2) {
        uint64_t number = strtoull(arguments[i + 1], NULL, 10);
        if (strcmp(arguments[i], "--pairs") == 0) {
            pair_count = number;
        } else if (strcmp(arguments[i], "--seed") == 0) {
            p.g.state = number;
        } else {
            count = 0;
        }
    }
    if (count % 2 == 0) {
        fprintf(stderr, "usage: odata_property [--pairs N] [--seed S]\n");
        return 64;
    }
    uint64_t seed = p.g.state;
    sy_arena_init(&p.table, sy_alloc_std());
    sy_arena_init(&p.scratch, sy_alloc_std());
    bool good = run(&p, pair_count);
    printf("odata_property: %" PRIu64 " pairs (%" PRIu64 " filters over %d rows each, %" PRIu64
           " refused, %" PRIu64 " converted; %" PRIu64 " rows matched), seed %" PRIu64 ": %s\n",
           p.pairs, p.filters, ROW_COUNT, p.refused, p.converted, p.matched, seed,
           good ? "no difference" : "FAILED");
    sy_store_sqlite_close(p.sqlite);
    sy_arena_deinit(&p.table);
    sy_arena_deinit(&p.scratch);
    return good ? 0 : 1;
}
