/* Whether a query makes sense for its schema: both back ends may then take every index and type for
 * granted, and give the same answer. */
#include "core/value/query.h"

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

static sy_rc check_operands(const sy_expr *expr, const sy_type given[3], sy_err *err)
{
    static const char *const wanted[] = {"nothing", "anything", "conditions",
                                         "numbers", "strings",  "datetimes"};
    const sy_expr_shape *shape = sy_expr_shape_of(expr->kind);
    for (int i = 0; i < 3 && i < shape->operand_max; i++) {
        if (!sy_operand_takes((sy_operand)shape->operands[i], given[i])) {
            return SY_FAIL(err, SY_SCHEMA, "filter: '%s' takes %s, not %s",
                           shape->word == NULL ? "a conversion" : shape->word,
                           wanted[shape->operands[i]], sy_type_name(given[i]));
        }
    }
    if (shape->operands[0] == SY_OPERAND_LIKE && !sy_types_comparable(given[0], given[1])) {
        return SY_FAIL(err, SY_SCHEMA, "filter: %s cannot be compared with %s",
                       sy_type_name(given[0]), sy_type_name(given[1]));
    }
    return SY_OK;
}

static bool is_chain(sy_expr_kind kind)
{
    return kind == SY_EXPR_AND || kind == SY_EXPR_OR;
}

/* What SQLite's parser holds on its stack for one is the measure. */
static int levels_of(sy_expr_kind kind, sy_expr_kind above)
{
    const sy_expr_shape *shape = sy_expr_shape_of(kind);
    if (is_chain(kind) && kind == above) {
        return 0;
    }
    return (shape->function && shape->result != SY_TYPE_BOOL) || kind == SY_EXPR_MOD ? 2 : 1;
}

static sy_rc count(const sy_expr *expr, place *at, sy_err *err)
{
    at->seen->node_count++;
    at->seen->link_count += is_chain(expr->kind) ? 1 : 0;
    at->level += levels_of(expr->kind, at->above);
    at->above = expr->kind;
    if (at->level > SY_EXPR_LEVEL_COUNT_MAX || at->seen->link_count > SY_EXPR_LINK_COUNT_MAX ||
        at->seen->node_count > SY_EXPR_NODE_COUNT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "filter: too large");
    }
    return SY_OK;
}

/* `*type` is what the expression gives. */
static sy_rc check_expr(const sy_schema *schema, const sy_expr *expr, place at, sy_type *type,
                        sy_err *err)
{
    *type = SY_TYPE_NULL;
    if (expr == NULL) {
        return SY_FAIL(err, SY_SCHEMA, "filter: an operand is missing");
    }
    if ((unsigned)expr->kind >= SY_EXPR_COUNT) {
        return SY_FAIL(err, SY_SCHEMA, "filter: an operator of no kind");
    }
    sy_rc rc = count(expr, &at, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (expr->kind == SY_EXPR_LITERAL) {
        return check_literal(&expr->literal, type, err);
    }
    if (expr->kind == SY_EXPR_COLUMN) {
        rc = check_column(schema, expr->column, "the filter", err);
        if (rc == SY_OK && !sy_schema_takes_text(schema, schema->columns[expr->column].type)) {
            *type = schema->columns[expr->column].type; /* else it may be this or that: as null */
        }
        return rc;
    }
    const sy_expr_shape *shape = sy_expr_shape_of(expr->kind);
    const sy_expr *operands[3] = {expr->left, expr->right, expr->third};
    sy_type given[3] = {SY_TYPE_NULL, SY_TYPE_NULL, SY_TYPE_NULL};
    for (int i = 0; rc == SY_OK && i < 3; i++) {
        if (i < shape->operand_min || (i < shape->operand_max && operands[i] != NULL)) {
            rc = check_expr(schema, operands[i], at, &given[i], err);
        }
    }
    if (rc == SY_OK) {
        rc = check_operands(expr, given, err);
    }
    *type = sy_expr_result(expr->kind, given);
    return rc;
}

static sy_rc check_order(const sy_query *query, const sy_order *order, sy_err *err)
{
    if (order->expr == NULL) {
        return check_column(query->schema, order->column, "the order", err);
    }
    sy_type type = SY_TYPE_NULL;
    census seen = {0};
    place at = {.seen = &seen, .above = SY_EXPR_COUNT};
    return check_expr(query->schema, order->expr, at, &type, err);
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
        if (type != SY_TYPE_BOOL && type != SY_TYPE_NULL) {
            return SY_FAIL(err, SY_SCHEMA, "filter: a condition is wanted, not %s",
                           sy_type_name(type));
        }
    }
    if (query->order_count > SY_ORDER_COUNT_MAX) {
        return SY_FAIL(err, SY_SCHEMA, "order: at most %d columns", SY_ORDER_COUNT_MAX);
    }
    for (uint32_t i = 0; i < query->order_count; i++) {
        sy_rc rc = check_order(query, &query->order[i], err);
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
