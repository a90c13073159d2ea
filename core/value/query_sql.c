/* Queries as SQLite's SQL. query_eval.c is the other back end.
 *
 * What keeps the two alike:
 * - every literal is bound by number, so that a text may be named twice; null alone is written out,
 * because IS NULL is about the literal;
 * - texts are searched as blobs: SQLite's text functions stop at a zero byte, LIKE folds case; what
 * it does not have, or does otherwise, is one function of ours (sy_query_function);
 * - ties go by id. Text compares by bytes (BINARY), nulls come first, integers and reals compare
 * exactly: SQLite's own rules, which sy_value_compare shares;
 * - chains of AND and OR are written without brackets, because SQLite's parser has a small stack.
 */
#include "core/value/query.h"

#include <string.h>

#include "core/base/check.h"

typedef struct writer {
    const sy_query *query;
    sy_buf *sql;
    sy_value *values;
    size_t count;
} writer;

static void add(writer *out, const char *text)
{
    sy_buf_add(out->sql, text, strlen(text));
}

/* Names have no quotes in them (sy_schema_new). */
static void add_name(writer *out, sy_str name)
{
    sy_buf_add_char(out->sql, '"');
    sy_buf_add_str(out->sql, name);
    sy_buf_add_char(out->sql, '"');
}

static void add_column(writer *out, uint32_t column)
{
    add_name(out, out->query->schema->columns[column].name);
}

/* Binds a value; `*number` is its place. */
static void bind(writer *out, const sy_value *value, size_t *number)
{
    out->values[out->count++] = *value;
    *number = out->count;
}

static void add_number(writer *out, size_t number)
{
    sy_buf_printf(out->sql, "?%zu", number);
}

static size_t count_literals(const sy_expr *expr)
{
    if (expr == NULL) {
        return 0;
    }
    return (expr->kind == SY_EXPR_LITERAL ? 1 : 0) + count_literals(expr->left) +
           count_literals(expr->right) + count_literals(expr->third);
}

static bool is_null_literal(const sy_expr *expr)
{
    return expr->kind == SY_EXPR_LITERAL && expr->literal.type == SY_TYPE_NULL;
}

static void add_expr(writer *out, const sy_expr *expr);

static void add_blob(writer *out, const sy_expr *expr)
{
    add(out, "CAST(");
    add_expr(out, expr);
    add(out, " AS BLOB)");
}

static void add_search(writer *out, const sy_expr *expr)
{
    add(out, "(instr(");
    add_blob(out, expr->left);
    add(out, ", ");
    add_blob(out, expr->right);
    add(out, expr->kind == SY_EXPR_CONTAINS ? ") > 0)" : ") = 1)");
}

/* A number to calculate with. A column of reals may hold integers: here they are reals. */
static void add_operand(writer *out, const sy_expr *expr)
{
    if (expr->kind == SY_EXPR_COLUMN &&
        out->query->schema->columns[expr->column].type == SY_TYPE_REAL) {
        add(out, "CAST(");
        add_column(out, expr->column);
        add(out, " AS REAL)");
    } else {
        add_expr(out, expr);
    }
}

static void add_function(writer *out, const sy_expr *expr)
{
    const sy_expr_shape *shape = sy_expr_shape_of(expr->kind);
    const sy_expr *operands[3] = {expr->left, expr->right, expr->third};
    sy_buf_printf(out->sql, SY_QUERY_SQL_FUNCTION "(%d", (int)expr->kind);
    for (uint32_t i = 0; i < 3 && i < shape->operand_max && operands[i] != NULL; i++) {
        add(out, ", ");
        if (shape->operands[i] == SY_OPERAND_NUMBER) {
            add_operand(out, operands[i]);
        } else {
            add_expr(out, operands[i]);
        }
    }
    add(out, ")");
}

static const char *operator_of(sy_expr_kind kind)
{
    static const char *const operators[SY_EXPR_COUNT] = {
        [SY_EXPR_AND] = " AND ", [SY_EXPR_OR] = " OR ", [SY_EXPR_EQ] = " = ",
        [SY_EXPR_NE] = " <> ",   [SY_EXPR_GT] = " > ",  [SY_EXPR_GE] = " >= ",
        [SY_EXPR_LT] = " < ",    [SY_EXPR_LE] = " <= ", [SY_EXPR_ADD] = " + ",
        [SY_EXPR_SUB] = " - ",   [SY_EXPR_MUL] = " * ", [SY_EXPR_DIV] = " / ",
    };
    SY_ASSERT(kind < SY_EXPR_COUNT && operators[kind] != NULL);
    return operators[kind];
}

/* An operand of AND or OR: a chain of the same needs no brackets. */
static void add_link(writer *out, const sy_expr *expr, sy_expr_kind chain)
{
    if (expr->kind == chain) {
        add_link(out, expr->left, chain);
        add(out, operator_of(chain));
        add_link(out, expr->right, chain);
    } else {
        add_expr(out, expr);
    }
}

static void add_comparison(writer *out, const sy_expr *expr)
{
    add(out, "(");
    add_expr(out, expr->left);
    if (is_null_literal(expr->right) && expr->kind == SY_EXPR_EQ) {
        add(out, " IS NULL)");
        return;
    }
    if (is_null_literal(expr->right) && expr->kind == SY_EXPR_NE) {
        add(out, " IS NOT NULL)");
        return;
    }
    add(out, operator_of(expr->kind));
    add_expr(out, expr->right);
    add(out, ")");
}

/* Division by zero and what is not a number are null in SQLite too; integers that leave the 64 bits
 * become reals. */
static void add_arithmetic(writer *out, const sy_expr *expr)
{
    if (expr->kind == SY_EXPR_NEGATE) {
        add(out, "(0 - ");
        add_operand(out, expr->left);
    } else if (expr->kind == SY_EXPR_MOD) {
        add(out, "(CAST(");
        add_operand(out, expr->left);
        add(out, " AS INTEGER) % CAST(");
        add_operand(out, expr->right);
        add(out, " AS INTEGER)");
    } else {
        add(out, "(");
        add_operand(out, expr->left);
        add(out, operator_of(expr->kind));
        add_operand(out, expr->right);
    }
    add(out, ")");
}

static void add_expr(writer *out, const sy_expr *expr)
{
    size_t number = 0;
    switch (expr->kind) {
    case SY_EXPR_LITERAL:
        if (is_null_literal(expr)) {
            add(out, "NULL");
            return;
        }
        bind(out, &expr->literal, &number);
        add_number(out, number);
        return;
    case SY_EXPR_COLUMN:
        add_column(out, expr->column);
        return;
    case SY_EXPR_NOT:
        add(out, "(NOT ");
        add_expr(out, expr->left);
        add(out, ")");
        return;
    case SY_EXPR_AND:
    case SY_EXPR_OR:
        add(out, "(");
        add_link(out, expr, expr->kind);
        add(out, ")");
        return;
    case SY_EXPR_CONTAINS:
    case SY_EXPR_STARTS_WITH:
        add_search(out, expr);
        return;
    case SY_EXPR_ADD:
    case SY_EXPR_SUB:
    case SY_EXPR_MUL:
    case SY_EXPR_DIV:
    case SY_EXPR_MOD:
    case SY_EXPR_NEGATE:
        add_arithmetic(out, expr);
        return;
    case SY_EXPR_NUMBER: /* SQLite's conditions are numbers */
        add_expr(out, expr->left);
        return;
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
    case SY_EXPR_TEXT:
    case SY_EXPR_DATE_TEXT:
        add_function(out, expr);
        return;
    case SY_EXPR_EQ:
    case SY_EXPR_NE:
    case SY_EXPR_GT:
    case SY_EXPR_GE:
    case SY_EXPR_LT:
    case SY_EXPR_LE:
        add_comparison(out, expr);
        return;
    case SY_EXPR_COUNT:
        break;
    }
    SY_UNREACHABLE();
}

static void add_selection(writer *out, bool count)
{
    if (count) {
        add(out, "SELECT COUNT(*)");
        return;
    }
    add(out, "SELECT ");
    for (uint32_t i = 0; i < out->query->schema->column_count; i++) {
        if (sy_query_selects(out->query, i)) {
            add(out, i == SY_COLUMN_ID ? "" : ", ");
            add_column(out, i);
        }
    }
}

/* A bare number would be the number of a column to SQLite. */
static void add_order_expr(writer *out, const sy_expr *expr)
{
    add(out, "(");
    add_expr(out, expr);
    add(out, ")");
}

static void add_order_and_limits(writer *out)
{
    const sy_query *query = out->query;
    add(out, " ORDER BY ");
    for (uint32_t i = 0; i < query->order_count; i++) {
        if (query->order[i].expr != NULL) {
            add_order_expr(out, query->order[i].expr);
        } else {
            add_column(out, query->order[i].column);
        }
        add(out, query->order[i].descending ? " DESC, " : ", ");
    }
    add_column(out, SY_COLUMN_ID);
    if (query->top < 0 && query->skip <= 0) {
        return;
    }
    size_t number = 0;
    sy_value top = sy_int(query->top); /* -1: no limit, in SQLite too */
    bind(out, &top, &number);
    add(out, " LIMIT ");
    add_number(out, number);
    if (query->skip > 0) {
        sy_value skip = sy_int(query->skip);
        bind(out, &skip, &number);
        add(out, " OFFSET ");
        add_number(out, number);
    }
}

sy_rc sy_query_to_sql(const sy_query *query, bool count, sy_arena *arena, sy_buf *sql,
                      const sy_value **values, size_t *value_count, sy_err *err)
{
    sy_rc rc = sy_query_check(query, err);
    if (rc != SY_OK) {
        return rc;
    }
    size_t bound_max = count_literals(query->filter) + 2; /* and the limits */
    for (uint32_t i = 0; i < query->order_count; i++) {
        bound_max += count_literals(query->order[i].expr);
    }
    writer out = {.query = query, .sql = sql};
    out.values = sy_arena_push(arena, bound_max * sizeof *out.values);
    if (out.values == NULL) {
        return sy_fail_nomem(err);
    }
    add_selection(&out, count);
    add(&out, " FROM ");
    add_name(&out, query->schema->name);
    if (query->filter != NULL) {
        add(&out, " WHERE ");
        add_expr(&out, query->filter);
    }
    if (!count) {
        add_order_and_limits(&out);
    }
    if (sql->failed) {
        return sy_fail_nomem(err);
    }
    SY_ASSERT(out.count <= bound_max);
    *values = out.values;
    *value_count = out.count;
    return SY_OK;
}
