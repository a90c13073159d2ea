/* Whether a query makes sense for its schema: both back ends may then take every index and type for
 * granted, and give the same answer. */
#include "core/value/query.h"

static bool is_number(sy_type type)
{
    return type == SY_TYPE_INT || type == SY_TYPE_REAL;
}

static bool comparable(sy_type a, sy_type b)
{
    return a == SY_TYPE_NULL || b == SY_TYPE_NULL || a == b || (is_number(a) && is_number(b));
}

typedef struct census {
    int node_count;
    int link_count;
} census;

/* Where in the tree the check is. */
typedef struct place {
    census *seen;
    int level;
    sy_expr_kind above;
} place;

static sy_rc check_column(const sy_schema *schema, uint32_t column, const char *where, sy_err *err)
{
    if (column >= schema->column_count || !sy_schema_has_column(schema, column)) {
        return SY_FAIL(err, SY_SCHEMA, "table %.*s has no column for %s (number %u)",
                       SY_FMT(schema->name), where, column);
    }
    return SY_OK;
}

static sy_rc check_literal(const sy_value *literal, sy_type *type, sy_err *err)
{
    *type = (sy_type)literal->type;
    if (literal->type < SY_TYPE_NULL || literal->type > SY_TYPE_BLOB) {
        return SY_FAIL(err, SY_SCHEMA, "filter: a literal of no type");
    }
    if (literal->type == SY_TYPE_REAL && literal->as.real - literal->as.real != 0.0) {
        return SY_FAIL(err, SY_SCHEMA, "filter: a number that is none");
    }
    return SY_OK;
}

static sy_rc check_operands(sy_expr_kind kind, sy_type left, sy_type right, sy_err *err)
{
    switch (kind) {
    case SY_EXPR_NOT:
    case SY_EXPR_AND:
    case SY_EXPR_OR:
        if (left != SY_TYPE_BOOL || right != SY_TYPE_BOOL) {
            return SY_FAIL(err, SY_SCHEMA, "filter: 'and', 'or' and 'not' take conditions, not %s",
                           sy_type_name(left != SY_TYPE_BOOL ? left : right));
        }
        return SY_OK;
    case SY_EXPR_CONTAINS:
    case SY_EXPR_STARTS_WITH:
    case SY_EXPR_ENDS_WITH:
        if ((left != SY_TYPE_TEXT && left != SY_TYPE_NULL) ||
            (right != SY_TYPE_TEXT && right != SY_TYPE_NULL)) {
            return SY_FAIL(err, SY_SCHEMA, "filter: text functions take strings, not %s and %s",
                           sy_type_name(left), sy_type_name(right));
        }
        return SY_OK;
    case SY_EXPR_EQ:
    case SY_EXPR_NE:
    case SY_EXPR_GT:
    case SY_EXPR_GE:
    case SY_EXPR_LT:
    case SY_EXPR_LE:
        if (!comparable(left, right)) {
            return SY_FAIL(err, SY_SCHEMA, "filter: %s cannot be compared with %s",
                           sy_type_name(left), sy_type_name(right));
        }
        return SY_OK;
    case SY_EXPR_LITERAL:
    case SY_EXPR_COLUMN:
    case SY_EXPR_COUNT:
        break;
    }
    return SY_FAIL(err, SY_SCHEMA, "filter: an operator of no kind");
}

static bool is_chain(sy_expr_kind kind)
{
    return kind == SY_EXPR_AND || kind == SY_EXPR_OR;
}

/* `*type` is what the expression gives. */
static sy_rc check_expr(const sy_schema *schema, const sy_expr *expr, place at, sy_type *type,
                        sy_err *err)
{
    *type = SY_TYPE_BOOL;
    if (expr == NULL) {
        return SY_FAIL(err, SY_SCHEMA, "filter: an operand is missing");
    }
    at.seen->node_count++;
    at.seen->link_count += is_chain(expr->kind) ? 1 : 0;
    at.level += is_chain(expr->kind) && expr->kind == at.above ? 0 : 1;
    at.above = expr->kind;
    if (at.level > SY_EXPR_LEVEL_COUNT_MAX || at.seen->link_count > SY_EXPR_LINK_COUNT_MAX ||
        at.seen->node_count > SY_EXPR_NODE_COUNT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "filter: too large");
    }
    if (expr->kind == SY_EXPR_LITERAL) {
        return check_literal(&expr->literal, type, err);
    }
    if (expr->kind == SY_EXPR_COLUMN) {
        sy_rc found = check_column(schema, expr->column, "the filter", err);
        *type = found == SY_OK ? schema->columns[expr->column].type : SY_TYPE_NULL;
        return found;
    }
    sy_type left = SY_TYPE_BOOL;
    sy_type right = SY_TYPE_BOOL;
    sy_rc rc = check_expr(schema, expr->left, at, &left, err);
    if (rc == SY_OK && expr->kind != SY_EXPR_NOT) {
        rc = check_expr(schema, expr->right, at, &right, err);
    }
    return rc == SY_OK ? check_operands(expr->kind, left, right, err) : rc;
}

sy_rc sy_query_check(const sy_query *query, sy_err *err)
{
    const sy_schema *schema = query->schema;
    if (query->filter != NULL) {
        sy_type type = SY_TYPE_NULL;
        census seen = {0};
        place at = {.seen = &seen, .above = SY_EXPR_COUNT};
        sy_rc rc = check_expr(schema, query->filter, at, &type, err);
        if (rc != SY_OK) {
            return rc;
        }
        if (type != SY_TYPE_BOOL) {
            return SY_FAIL(err, SY_SCHEMA, "filter: a condition is wanted, not %s",
                           sy_type_name(type));
        }
    }
    if (query->order_count > SY_ORDER_COUNT_MAX) {
        return SY_FAIL(err, SY_SCHEMA, "order: at most %d columns", SY_ORDER_COUNT_MAX);
    }
    for (uint32_t i = 0; i < query->order_count; i++) {
        sy_rc rc = check_column(schema, query->order[i].column, "the order", err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (query->select >> schema->column_count != 0) {
        return SY_FAIL(err, SY_SCHEMA, "table %.*s has no column for one selected",
                       SY_FMT(schema->name));
    }
    if (query->skip < -1 || query->top < -1) {
        return SY_FAIL(err, SY_SCHEMA, "skip and top are counts");
    }
    return SY_OK;
}
