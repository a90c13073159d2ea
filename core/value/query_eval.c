/* Queries over rows in memory. query_sql.c says the same in SQL; tests/unit/query_test.c holds them
 * together.
 *
 * A condition is true, false or unknown, as in SQL: what has a null in it is unknown, `false and
 * unknown` is false, `true or unknown` is true, and only what is true matches. */
#include "core/value/query.h"

#include <string.h>

#include "core/base/check.h"

#define RUN_COUNT 8 /* rows sorted by insertion before merging */

static const sy_value null_cell = {.type = SY_TYPE_NULL};

static const sy_value *cell_of(const sy_query *query, const sy_row *row, uint32_t column)
{
    int at = sy_schema_match(row->schema, query->schema, column);
    return at < 0 ? &null_cell : &row->cells[at];
}

static bool contains(sy_str text, sy_str part)
{
    for (size_t at = 0; part.size <= text.size - at; at++) {
        if (sy_str_equal((sy_str){text.data + at, part.size}, part)) {
            return true;
        }
        if (at == text.size) {
            break;
        }
    }
    return false;
}

static bool ends_with(sy_str text, sy_str part)
{
    return part.size <= text.size &&
           sy_str_equal((sy_str){text.data + (text.size - part.size), part.size}, part);
}

/* Neither operand is missing. */
static bool holds(sy_expr_kind kind, const sy_value *left, const sy_value *right)
{
    switch (kind) {
    case SY_EXPR_EQ:
        return sy_value_compare(left, right) == 0;
    case SY_EXPR_NE:
        return sy_value_compare(left, right) != 0;
    case SY_EXPR_GT:
        return sy_value_compare(left, right) > 0;
    case SY_EXPR_GE:
        return sy_value_compare(left, right) >= 0;
    case SY_EXPR_LT:
        return sy_value_compare(left, right) < 0;
    case SY_EXPR_LE:
        return sy_value_compare(left, right) <= 0;
    case SY_EXPR_CONTAINS:
        return contains(sy_value_str(left), sy_value_str(right));
    case SY_EXPR_STARTS_WITH:
        return sy_str_starts_with(sy_value_str(left), sy_value_str(right));
    case SY_EXPR_ENDS_WITH:
        return ends_with(sy_value_str(left), sy_value_str(right));
    case SY_EXPR_LITERAL:
    case SY_EXPR_COLUMN:
    case SY_EXPR_NOT:
    case SY_EXPR_AND:
    case SY_EXPR_OR:
    case SY_EXPR_COUNT:
        break;
    }
    SY_UNREACHABLE();
}

static sy_value evaluate(const sy_query *query, const sy_expr *expr, const sy_row *row);

static bool is_truth(const sy_value *value, bool truth)
{
    return !sy_value_missing(value) && (value->as.integer != 0) == truth;
}

static sy_value evaluate_logical(const sy_query *query, const sy_expr *expr, const sy_row *row)
{
    bool decisive = expr->kind == SY_EXPR_OR; /* the operand that settles it */
    sy_value left = evaluate(query, expr->left, row);
    if (is_truth(&left, decisive)) {
        return sy_bool(decisive);
    }
    sy_value right = evaluate(query, expr->right, row);
    if (is_truth(&right, decisive)) {
        return sy_bool(decisive);
    }
    return sy_value_missing(&left) || sy_value_missing(&right) ? SY_NULL : sy_bool(!decisive);
}

static bool is_null_literal(const sy_expr *expr)
{
    return expr->kind == SY_EXPR_LITERAL && expr->literal.type == SY_TYPE_NULL;
}

static sy_value evaluate(const sy_query *query, const sy_expr *expr, const sy_row *row)
{
    if (expr->kind == SY_EXPR_LITERAL) {
        return expr->literal;
    }
    if (expr->kind == SY_EXPR_COLUMN) {
        return *cell_of(query, row, expr->column);
    }
    if (expr->kind == SY_EXPR_AND || expr->kind == SY_EXPR_OR) {
        return evaluate_logical(query, expr, row);
    }
    sy_value left = evaluate(query, expr->left, row);
    if (expr->kind == SY_EXPR_NOT) {
        return sy_value_missing(&left) ? SY_NULL : sy_bool(left.as.integer == 0);
    }
    if ((expr->kind == SY_EXPR_EQ || expr->kind == SY_EXPR_NE) && is_null_literal(expr->right)) {
        return sy_bool(sy_value_missing(&left) == (expr->kind == SY_EXPR_EQ));
    }
    sy_value right = evaluate(query, expr->right, row);
    if (sy_value_missing(&left) || sy_value_missing(&right)) {
        return SY_NULL;
    }
    return sy_bool(holds(expr->kind, &left, &right));
}

bool sy_query_matches(const sy_query *query, const sy_row *row)
{
    if (query->filter == NULL) {
        return true;
    }
    sy_value result = evaluate(query, query->filter, row);
    return is_truth(&result, true);
}

static int compare(const sy_query *query, const sy_row *a, const sy_row *b)
{
    for (uint32_t i = 0; i < query->order_count; i++) {
        uint32_t column = query->order[i].column;
        int order = sy_value_compare(cell_of(query, a, column), cell_of(query, b, column));
        if (order != 0) {
            return query->order[i].descending ? -order : order;
        }
    }
    return sy_value_compare(&a->cells[SY_COLUMN_ID], &b->cells[SY_COLUMN_ID]);
}

static bool is_sorted(const sy_query *query, const sy_rows *rows)
{
    for (size_t i = 1; i < rows->count; i++) {
        if (compare(query, rows->items[i - 1], rows->items[i]) > 0) {
            return false;
        }
    }
    return true;
}

static void sort_run(const sy_query *query, const sy_row **items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const sy_row *row = items[i];
        size_t at = i;
        for (; at > 0 && compare(query, items[at - 1], row) > 0; at--) {
            items[at] = items[at - 1];
        }
        items[at] = row;
    }
}

/* from[0..middle) and from[middle..count), each in order, into `to`. */
static void merge(const sy_query *query, const sy_row **from, size_t middle, size_t count,
                  const sy_row **to)
{
    size_t left = 0;
    size_t right = middle;
    for (size_t i = 0; i < count; i++) {
        bool take_left =
            left < middle && (right == count || compare(query, from[left], from[right]) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* A merge sort, stable, from the bottom up. */
static sy_rc sort(const sy_query *query, sy_rows *rows, sy_arena *arena)
{
    if (is_sorted(query, rows)) {
        return SY_OK;
    }
    size_t count = rows->count;
    const sy_row **from = rows->items;
    const sy_row **to = sy_arena_push(arena, count * sizeof *to);
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
        const sy_row **swapped = from;
        from = to;
        to = swapped;
    }
    rows->items = from;
    return SY_OK;
}

static void filter(const sy_query *query, sy_rows *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (sy_query_matches(query, rows->items[i])) {
            rows->items[kept++] = rows->items[i];
        }
    }
    rows->count = kept;
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
                copy->cells[column] = *cell_of(query, row, column);
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
    if (query->filter != NULL) {
        filter(query, rows);
    }
    rows->total = query->want_total ? (int64_t)rows->count : -1;
    if (sort(query, rows, arena) != SY_OK) {
        return sy_fail_nomem(err);
    }
    cut(query, rows);
    if (select_columns(query, rows, arena) != SY_OK) {
        return sy_fail_nomem(err);
    }
    return SY_OK;
}
