/* Queries as SQLite's SQL. query_eval.c is the other back end.
 *
 * What keeps the two alike:
 * - every literal is bound by number, so that a text may be named twice; null alone is written out,
 * because IS NULL is about the literal;
 * - text functions work on blobs: SQLite's text functions stop at a zero byte, LIKE folds case;
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
           count_literals(expr->right);
}

static bool is_null_literal(const sy_expr *expr)
{
    return expr->kind == SY_EXPR_LITERAL && expr->literal.type == SY_TYPE_NULL;
}

/* The operand of a text function: a column or a literal that may be written several times. */
typedef struct operand {
    const sy_expr *expr;
    size_t number; /* of a literal that is not null */
} operand;

static void add_operand(writer *out, const operand *o)
{
    if (o->expr->kind == SY_EXPR_COLUMN) {
        add_column(out, o->expr->column);
    } else if (is_null_literal(o->expr)) {
        add(out, "NULL");
    } else {
        add_number(out, o->number);
    }
}

static void add_blob(writer *out, const operand *o)
{
    add(out, "CAST(");
    add_operand(out, o);
    add(out, " AS BLOB)");
}

static operand operand_of(writer *out, const sy_expr *expr)
{
    operand o = {.expr = expr};
    if (expr->kind == SY_EXPR_LITERAL && !is_null_literal(expr)) {
        bind(out, &expr->literal, &o.number);
    }
    return o;
}

/* substr of an empty blob is null, so the empty cases are told apart first. */
static void add_ends_with(writer *out, const operand *text, const operand *part)
{
    add(out, "(CASE WHEN ");
    add_operand(out, text);
    add(out, " IS NULL OR ");
    add_operand(out, part);
    add(out, " IS NULL THEN NULL WHEN length(");
    add_blob(out, part);
    add(out, ") = 0 THEN 1 WHEN length(");
    add_blob(out, text);
    add(out, ") < length(");
    add_blob(out, part);
    add(out, ") THEN 0 ELSE substr(");
    add_blob(out, text);
    add(out, ", -length(");
    add_blob(out, part);
    add(out, ")) = ");
    add_blob(out, part);
    add(out, " END)");
}

static void add_text_function(writer *out, const sy_expr *expr)
{
    operand text = operand_of(out, expr->left);
    operand part = operand_of(out, expr->right);
    if (expr->kind == SY_EXPR_ENDS_WITH) {
        add_ends_with(out, &text, &part);
        return;
    }
    add(out, "(instr(");
    add_blob(out, &text);
    add(out, ", ");
    add_blob(out, &part);
    add(out, expr->kind == SY_EXPR_CONTAINS ? ") > 0)" : ") = 1)");
}

static const char *operator_of(sy_expr_kind kind)
{
    static const char *const operators[SY_EXPR_COUNT] = {
        [SY_EXPR_AND] = " AND ", [SY_EXPR_OR] = " OR ", [SY_EXPR_EQ] = " = ", [SY_EXPR_NE] = " <> ",
        [SY_EXPR_GT] = " > ",    [SY_EXPR_GE] = " >= ", [SY_EXPR_LT] = " < ", [SY_EXPR_LE] = " <= ",
    };
    SY_ASSERT(kind < SY_EXPR_COUNT && operators[kind] != NULL);
    return operators[kind];
}

static void add_expr(writer *out, const sy_expr *expr);

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
    case SY_EXPR_ENDS_WITH:
        add_text_function(out, expr);
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

static void add_order_and_limits(writer *out)
{
    const sy_query *query = out->query;
    add(out, " ORDER BY ");
    for (uint32_t i = 0; i < query->order_count; i++) {
        add_column(out, query->order[i].column);
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
