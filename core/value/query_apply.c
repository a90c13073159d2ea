/* A query over rows in memory: filter, order, skip and top, select.
 *
 * Rows are sorted by columns that are in them. Where the order is by expressions each row is
 * represented by a key: a row of one made-up schema whose cells are the id, the values to sort by
 * and, last, the row itself. */
#include "core/value/query.h"

#include "core/base/check.h"

#define RUN_COUNT 8 /* rows sorted by insertion before merging */

static int compare(const sy_query *query, const sy_row *a, const sy_row *b)
{
    for (uint32_t i = 0; i < query->order_count; i++) {
        uint32_t column = query->order[i].column;
        int order = sy_value_compare(sy_row_cell(a, query->schema, column),
                                     sy_row_cell(b, query->schema, column));
        if (order != 0) {
            return query->order[i].descending ? -order : order;
        }
    }
    return sy_value_compare(&a->cells[SY_COLUMN_ID], &b->cells[SY_COLUMN_ID]);
}

/* A row to be sorted. `first` says which of two rows comes first, where they differ in it. */
typedef struct item {
    uint64_t first;
    const sy_row *row;
} item;

/* The first bytes of a text, a number without its sign: in the order of the values. false: the
 * value is of a type that has none. */
static bool first_of(const sy_value *value, uint64_t *out)
{
    *out = 0;
    if (value->type == SY_TYPE_TEXT) {
        for (uint32_t i = 0; i < 8; i++) {
            *out = *out << 8 | (i < value->size ? (unsigned char)value->as.text[i] : 0);
        }
        return true;
    }
    if (value->type == SY_TYPE_DATETIME || value->type == SY_TYPE_INT) {
        *out = (uint64_t)value->as.integer ^ UINT64_C(1) << 63;
        return true;
    }
    return sy_value_missing(value); /* before all others */
}

/* The rows with what decides quickly; where their values do not lend themselves to it: zeroes. */
static item *items_of(const sy_query *query, const sy_rows *rows, sy_arena *arena)
{
    const bool descending = query->order_count > 0 && query->order[0].descending;
    const uint32_t column = query->order_count > 0 ? query->order[0].column : SY_COLUMN_ID;
    uint32_t type = SY_TYPE_NULL;
    bool quick = true;
    item *items = sy_arena_push(arena, (rows->count + 1) * sizeof *items);
    for (size_t i = 0; items != NULL && i < rows->count; i++) {
        const sy_value *cell = sy_row_cell(rows->items[i], query->schema, column);
        const bool missing = sy_value_missing(cell);
        items[i].row = rows->items[i];
        quick = quick && first_of(cell, &items[i].first) &&
                (missing || type == SY_TYPE_NULL || type == cell->type);
        items[i].first = descending ? ~items[i].first : items[i].first;
        type = missing ? type : cell->type;
    }
    for (size_t i = 0; items != NULL && !quick && i < rows->count; i++) {
        items[i].first = 0;
    }
    return items;
}

static inline bool is_after(const sy_query *query, const item *a, const item *b)
{
    return a->first != b->first ? a->first > b->first : compare(query, a->row, b->row) > 0;
}

static bool is_sorted(const sy_query *query, const item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (is_after(query, &items[i - 1], &items[i])) {
            return false;
        }
    }
    return true;
}

static void sort_run(const sy_query *query, item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const item one = items[i];
        size_t at = i;
        for (; at > 0 && is_after(query, &items[at - 1], &one); at--) {
            items[at] = items[at - 1];
        }
        items[at] = one;
    }
}

/* from[0..middle) and from[middle..count), each in order, into `to`. */
static void merge(const sy_query *query, const item *from, size_t middle, size_t count, item *to)
{
    size_t left = 0;
    size_t right = middle;
    for (size_t i = 0; i < count; i++) {
        bool take_left =
            left < middle && (right == count || !is_after(query, &from[left], &from[right]));
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* A merge sort, stable, from the bottom up. */
static sy_rc sort_by_columns(const sy_query *query, sy_rows *rows, sy_arena *arena)
{
    const size_t count = rows->count;
    item *from = items_of(query, rows, arena);
    if (from == NULL) {
        return SY_NOMEM;
    }
    if (is_sorted(query, from, count)) {
        return SY_OK;
    }
    item *to = sy_arena_push(arena, count * sizeof *to);
    if (to == NULL) {
        return SY_NOMEM;
    }
    for (size_t i = 0; i < count; i += RUN_COUNT) {
        sort_run(query, from + i, count - i < RUN_COUNT ? count - i : RUN_COUNT);
    }
    for (size_t width = RUN_COUNT; width < count; width *= 2) {
        for (size_t i = 0; i < count; i += 2 * width) {
            size_t left = count - i;
            merge(query, from + i, left < width ? left : width, left < 2 * width ? left : 2 * width,
                  to + i);
        }
        item *swapped = from;
        from = to;
        to = swapped;
    }
    for (size_t i = 0; i < count; i++) {
        rows->items[i] = from[i].row;
    }
    return SY_OK;
}

static bool has_expressions(const sy_query *query)
{
    for (uint32_t i = 0; i < query->order_count; i++) {
        if (query->order[i].expr != NULL) {
            return true;
        }
    }
    return false;
}

static sy_rc make_key(const sy_query *query, const sy_row *row, const sy_schema *keys,
                      sy_arena *arena, const sy_row **out)
{
    sy_row *key = sy_row_new(arena, keys);
    if (key == NULL) {
        return SY_NOMEM;
    }
    key->cells[SY_COLUMN_ID] = row->cells[SY_COLUMN_ID];
    for (uint32_t i = 0; i < query->order_count; i++) {
        const sy_order *order = &query->order[i];
        sy_value *cell = &key->cells[SY_SYSTEM_COUNT + i];
        if (order->expr == NULL) {
            *cell = *sy_row_cell(row, query->schema, order->column);
        } else if (sy_query_evaluate(query, order->expr, row, arena, cell) != SY_OK) {
            return SY_NOMEM;
        }
    }
    key->cells[keys->column_count - 1] = sy_row_value(row);
    *out = key;
    return SY_OK;
}

static sy_rc sort_by_keys(const sy_query *query, sy_rows *rows, sy_arena *arena)
{
    sy_schema schema = {.column_count = SY_SYSTEM_COUNT + query->order_count + 1,
                        .system = SY_SYSTEM_BIT(SY_COLUMN_ID)};
    sy_query order = sy_query_all(&schema);
    order.order_count = query->order_count;
    for (uint32_t i = 0; i < query->order_count; i++) {
        order.order[i] = (sy_order){SY_SYSTEM_COUNT + i, query->order[i].descending, NULL};
    }
    sy_rows keys = {.count = rows->count};
    keys.items = sy_arena_push(arena, (rows->count + 1) * sizeof *keys.items);
    sy_rc rc = keys.items == NULL ? SY_NOMEM : SY_OK;
    for (size_t i = 0; rc == SY_OK && i < rows->count; i++) {
        rc = make_key(query, rows->items[i], &schema, arena, &keys.items[i]);
    }
    if (rc == SY_OK) {
        rc = sort_by_columns(&order, &keys, arena);
    }
    for (size_t i = 0; rc == SY_OK && i < rows->count; i++) {
        rows->items[i] = keys.items[i]->cells[schema.column_count - 1].as.row;
    }
    return rc;
}

static sy_rc filter(const sy_query *query, sy_rows *rows, sy_arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->count; i++) {
        bool matches = false;
        if (sy_query_matches(query, rows->items[i], arena->alloc, &matches) != SY_OK) {
            return SY_NOMEM;
        }
        if (matches) {
            rows->items[kept++] = rows->items[i];
        }
    }
    rows->count = kept;
    return SY_OK;
}

static void cut(const sy_query *query, sy_rows *rows)
{
    size_t skip = query->skip <= 0                       ? 0
                  : (uint64_t)query->skip >= rows->count ? rows->count
                                                         : (size_t)query->skip;
    rows->items += skip;
    rows->count -= skip;
    if (query->top >= 0 && (uint64_t)query->top < rows->count) {
        rows->count = (size_t)query->top;
    }
}

static sy_rc select_columns(const sy_query *query, sy_rows *rows, sy_arena *arena)
{
    for (size_t i = 0; query->select != 0 && i < rows->count; i++) {
        const sy_row *row = rows->items[i];
        sy_row *copy = sy_row_new(arena, query->schema);
        if (copy == NULL) {
            return SY_NOMEM;
        }
        for (uint32_t column = 0; column < query->schema->column_count; column++) {
            if (sy_query_selects(query, column)) {
                copy->cells[column] = *sy_row_cell(row, query->schema, column);
            }
        }
        rows->items[i] = copy;
    }
    return SY_OK;
}

sy_rc sy_query_apply(const sy_query *query, sy_rows *rows, sy_arena *arena, sy_err *err)
{
    sy_rc rc = sy_query_check(query, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (query->filter != NULL && filter(query, rows, arena) != SY_OK) {
        return sy_fail_nomem(err);
    }
    rows->total = query->want_total ? (int64_t)rows->count : -1;
    rc = has_expressions(query) ? sort_by_keys(query, rows, arena)
                                : sort_by_columns(query, rows, arena);
    if (rc != SY_OK) {
        return sy_fail_nomem(err);
    }
    cut(query, rows);
    if (select_columns(query, rows, arena) != SY_OK) {
        return sy_fail_nomem(err);
    }
    return SY_OK;
}
