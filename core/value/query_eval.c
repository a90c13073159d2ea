/* Expressions over rows in memory. query_sql.c says the same in SQL; tests/unit/query_sql_test.c
 * and tests/property hold them together.
 *
 * A condition is true, false or unknown, as in SQL: what has a null in it is unknown, `false and
 * unknown` is false, `true or unknown` is true, and only what is true matches. */
#include "core/value/query.h"

#include <string.h>

#include "core/base/check.h"

/* What an evaluation is about, and the texts that it makes on its way. */
typedef struct evaluation {
    const sy_query *query;
    const sy_row *row;
    sy_arena *made; /* emptied after each condition, unless somebody still holds a text */
    int holders;
    bool no_memory;
} evaluation;

static sy_value evaluate(evaluation *e, const sy_expr *expr);

static bool is_truth(const sy_value *value, bool truth)
{
    return !sy_value_missing(value) && (value->as.integer != 0) == truth;
}

static sy_value evaluate_condition(evaluation *e, const sy_expr *expr)
{
    sy_value value = evaluate(e, expr);
    if (e->holders == 0 && e->made->blocks != NULL) {
        sy_arena_reset(e->made);
    }
    return value;
}

static sy_value evaluate_logical(evaluation *e, const sy_expr *expr)
{
    bool decisive = expr->kind == SY_EXPR_OR; /* the operand that settles it */
    sy_value left = evaluate_condition(e, expr->left);
    if (is_truth(&left, decisive)) {
        return sy_bool(decisive);
    }
    sy_value right = evaluate_condition(e, expr->right);
    if (is_truth(&right, decisive)) {
        return sy_bool(decisive);
    }
    return sy_value_missing(&left) || sy_value_missing(&right) ? SY_NULL : sy_bool(!decisive);
}

/* A text among reals, as SQLite casts it: the number that it begins with, or 0. */
static sy_value number_of_text(sy_str text)
{
    double real = 0.0;
    while (text.size > 0 && (unsigned char)text.data[0] <= ' ') {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    size_t size = 0;
    while (size < text.size && size < SY_REAL_TEXT_SIZE && text.data[size] != '\0' &&
           strchr("0123456789+-.eE", text.data[size]) != NULL) {
        size++;
    }
    while (size > 0 && !sy_real_parse((sy_str){text.data, size}, &real)) {
        size--;
    }
    return sy_real(size > 0 ? real : 0.0);
}

/* An operand that is a number. A column of reals may hold integers: here they are reals, as the
 * check took them to be. */
static sy_value evaluate_number(evaluation *e, const sy_expr *expr)
{
    sy_value value = evaluate(e, expr);
    if (expr->kind == SY_EXPR_COLUMN && value.type == SY_TYPE_INT &&
        e->query->schema->columns[expr->column].type == SY_TYPE_REAL) {
        return sy_real((double)value.as.integer);
    }
    return value.type == SY_TYPE_TEXT ? number_of_text(sy_value_str(&value)) : value;
}

static sy_value evaluate_function(evaluation *e, const sy_expr *expr)
{
    const sy_expr_shape *shape = sy_expr_shape_of(expr->kind);
    const sy_expr *operands[3] = {expr->left, expr->right, expr->third};
    sy_value values[3];
    uint32_t count = 0;
    e->holders++;
    for (; count < 3 && count < shape->operand_max && operands[count] != NULL; count++) {
        values[count] = shape->operands[count] == SY_OPERAND_NUMBER
                            ? evaluate_number(e, operands[count])
                            : evaluate(e, operands[count]);
    }
    e->holders--;
    sy_value out = SY_NULL;
    if (sy_query_function(expr->kind, values, count, e->made, &out) != SY_OK) {
        e->no_memory = true;
    }
    return out;
}

/* -- arithmetic: SQLite's rules -- */

static double real_of(const sy_value *number)
{
    return number->type == SY_TYPE_INT ? (double)number->as.integer : number->as.real;
}

static bool add_fits(int64_t a, int64_t b)
{
    return b >= 0 ? a <= INT64_MAX - b : a >= INT64_MIN - b;
}

static bool subtract_fits(int64_t a, int64_t b)
{
    return b >= 0 ? a >= INT64_MIN + b : a <= INT64_MAX + b;
}

static bool multiply_fits(int64_t a, int64_t b)
{
    if (a == 0 || b == 0) {
        return true;
    }
    if (a == -1 || b == -1) {
        return (a == -1 ? b : a) != INT64_MIN;
    }
    return (a > 0) == (b > 0) ? (a > 0 ? a <= INT64_MAX / b : a >= INT64_MAX / b)
                              : (a > 0 ? b >= INT64_MIN / a : a >= INT64_MIN / b);
}

/* Of two integers, where the result is one; false: take reals. Neither divisor is 0. */
static bool calculate_integer(sy_expr_kind kind, int64_t a, int64_t b, int64_t *out)
{
    if (kind == SY_EXPR_ADD && add_fits(a, b)) {
        *out = a + b;
    } else if (kind == SY_EXPR_SUB && subtract_fits(a, b)) {
        *out = a - b;
    } else if (kind == SY_EXPR_MUL && multiply_fits(a, b)) {
        *out = a * b;
    } else if (kind == SY_EXPR_DIV && !(a == INT64_MIN && b == -1)) {
        *out = a / b;
    } else {
        return false;
    }
    return true;
}

static sy_value calculate_real(sy_expr_kind kind, double a, double b)
{
    double result = kind == SY_EXPR_ADD   ? a + b
                    : kind == SY_EXPR_SUB ? a - b
                    : kind == SY_EXPR_MUL ? a * b
                                          : a / b;
    return result != result ? SY_NULL : sy_real(result);
}

static sy_value remainder_of(const sy_value *left, const sy_value *right)
{
    int64_t by = sy_value_whole(right);
    if (by == 0) {
        return SY_NULL;
    }
    return sy_int(by == -1 ? 0 : sy_value_whole(left) % by);
}

static sy_value calculate(sy_expr_kind kind, const sy_value *left, const sy_value *right)
{
    if (sy_value_missing(left) || sy_value_missing(right)) {
        return SY_NULL;
    }
    if (kind == SY_EXPR_MOD) {
        return remainder_of(left, right);
    }
    if (kind == SY_EXPR_DIV && real_of(right) == 0.0) {
        return SY_NULL;
    }
    int64_t whole = 0;
    if (left->type == SY_TYPE_INT && right->type == SY_TYPE_INT &&
        calculate_integer(kind, left->as.integer, right->as.integer, &whole)) {
        return sy_int(whole);
    }
    return calculate_real(kind, real_of(left), real_of(right));
}

static sy_value evaluate_arithmetic(evaluation *e, const sy_expr *expr)
{
    sy_value left = evaluate_number(e, expr->left);
    if (expr->kind == SY_EXPR_NEGATE) {
        sy_value zero = sy_int(0);
        return calculate(SY_EXPR_SUB, &zero, &left);
    }
    sy_value right = evaluate_number(e, expr->right);
    return calculate(expr->kind, &left, &right);
}

/* -- comparisons -- */

static bool is_null_literal(const sy_expr *expr)
{
    return expr->kind == SY_EXPR_LITERAL && expr->literal.type == SY_TYPE_NULL;
}

static bool holds(sy_expr_kind kind, int order)
{
    switch ((int)kind) {
    case SY_EXPR_EQ:
        return order == 0;
    case SY_EXPR_NE:
        return order != 0;
    case SY_EXPR_GT:
        return order > 0;
    case SY_EXPR_GE:
        return order >= 0;
    case SY_EXPR_LT:
        return order < 0;
    default:
        return order <= 0;
    }
}

static sy_value evaluate_comparison(evaluation *e, const sy_expr *expr)
{
    sy_value left = evaluate(e, expr->left);
    if ((expr->kind == SY_EXPR_EQ || expr->kind == SY_EXPR_NE) && is_null_literal(expr->right)) {
        return sy_bool(sy_value_missing(&left) == (expr->kind == SY_EXPR_EQ));
    }
    sy_value right = evaluate(e, expr->right);
    if (sy_value_missing(&left) || sy_value_missing(&right)) {
        return SY_NULL;
    }
    return sy_bool(holds(expr->kind, sy_value_compare(&left, &right)));
}

static sy_value evaluate(evaluation *e, const sy_expr *expr)
{
    switch (expr->kind) {
    case SY_EXPR_LITERAL:
        return expr->literal;
    case SY_EXPR_COLUMN:
        return *sy_row_cell(e->row, e->query->schema, expr->column);
    case SY_EXPR_AND:
    case SY_EXPR_OR:
        return evaluate_logical(e, expr);
    case SY_EXPR_NOT: {
        sy_value operand = evaluate(e, expr->left);
        return sy_value_missing(&operand) ? SY_NULL : sy_bool(operand.as.integer == 0);
    }
    case SY_EXPR_EQ:
    case SY_EXPR_NE:
    case SY_EXPR_GT:
    case SY_EXPR_GE:
    case SY_EXPR_LT:
    case SY_EXPR_LE:
        return evaluate_comparison(e, expr);
    case SY_EXPR_ADD:
    case SY_EXPR_SUB:
    case SY_EXPR_MUL:
    case SY_EXPR_DIV:
    case SY_EXPR_MOD:
    case SY_EXPR_NEGATE:
        return evaluate_arithmetic(e, expr);
    case SY_EXPR_CONTAINS:
    case SY_EXPR_STARTS_WITH:
    case SY_EXPR_ENDS_WITH:
    case SY_EXPR_ROUND:
    case SY_EXPR_FLOOR:
    case SY_EXPR_CEILING:
    case SY_EXPR_CONCAT:
    case SY_EXPR_INDEX_OF:
    case SY_EXPR_LENGTH:
    case SY_EXPR_REPLACE:
    case SY_EXPR_SUBSTRING:
    case SY_EXPR_TO_LOWER:
    case SY_EXPR_TO_UPPER:
    case SY_EXPR_TRIM:
    case SY_EXPR_YEAR:
    case SY_EXPR_MONTH:
    case SY_EXPR_DAY:
    case SY_EXPR_HOUR:
    case SY_EXPR_MINUTE:
    case SY_EXPR_SECOND:
    case SY_EXPR_NUMBER:
    case SY_EXPR_TEXT:
    case SY_EXPR_DATE_TEXT:
        return evaluate_function(e, expr);
    case SY_EXPR_COUNT:
        break;
    }
    SY_UNREACHABLE();
}

sy_rc sy_query_matches(const sy_query *query, const sy_row *row, sy_alloc alloc, bool *matches)
{
    if (query->filter == NULL) {
        *matches = true;
        return SY_OK;
    }
    sy_arena made = {.alloc = alloc};
    evaluation e = {.query = query, .row = row, .made = &made};
    sy_value result = evaluate(&e, query->filter);
    if (made.blocks != NULL) {
        sy_arena_deinit(&made);
    }
    *matches = is_truth(&result, true);
    return e.no_memory ? SY_NOMEM : SY_OK;
}

sy_rc sy_query_evaluate(const sy_query *query, const sy_expr *expr, const sy_row *row,
                        sy_arena *arena, sy_value *out)
{
    evaluation e = {.query = query, .row = row, .made = arena, .holders = 1};
    *out = evaluate(&e, expr);
    return e.no_memory ? SY_NOMEM : SY_OK;
}
