/* Queries as data: building, copying, moving to another schema, hashing. */
#include "core/value/query.h"

#include "core/base/check.h"
#include "core/base/hash.h"

sy_query sy_query_all(const sy_schema *schema)
{
    return (sy_query){.schema = schema, .skip = -1, .top = -1};
}

static const sy_expr *new_expr(sy_arena *arena, sy_expr expr)
{
    sy_expr *node = sy_arena_push(arena, sizeof *node);
    if (node != NULL) {
        *node = expr;
    }
    return node;
}

const sy_expr *sy_expr_column(sy_arena *arena, uint32_t column)
{
    return new_expr(arena, (sy_expr){.kind = SY_EXPR_COLUMN, .column = column});
}

const sy_expr *sy_expr_literal(sy_arena *arena, sy_value value)
{
    return new_expr(arena, (sy_expr){.kind = SY_EXPR_LITERAL, .literal = value});
}

const sy_expr *sy_expr_binary(sy_arena *arena, sy_expr_kind kind, const sy_expr *left,
                              const sy_expr *right)
{
    SY_ASSERT(kind >= SY_EXPR_AND && kind < SY_EXPR_COUNT);
    if (left == NULL || right == NULL) {
        return NULL;
    }
    return new_expr(arena, (sy_expr){.kind = kind, .left = left, .right = right});
}

const sy_expr *sy_expr_not(sy_arena *arena, const sy_expr *operand)
{
    if (operand == NULL) {
        return NULL;
    }
    return new_expr(arena, (sy_expr){.kind = SY_EXPR_NOT, .left = operand});
}

const sy_expr *sy_expr_call(sy_arena *arena, sy_expr_kind kind, const sy_expr *const operands[3])
{
    const sy_expr_shape *shape = sy_expr_shape_of(kind);
    SY_ASSERT(shape->operand_min > 0);
    for (int i = 0; i < shape->operand_min; i++) {
        if (operands[i] == NULL) {
            return NULL;
        }
    }
    return new_expr(arena, (sy_expr){.kind = kind,
                                     .left = operands[0],
                                     .right = shape->operand_max > 1 ? operands[1] : NULL,
                                     .third = shape->operand_max > 2 ? operands[2] : NULL});
}

sy_rc sy_expr_and(sy_arena *arena, const sy_expr *a, const sy_expr *b, const sy_expr **out)
{
    if (a == NULL || b == NULL) {
        *out = a != NULL ? a : b;
        return SY_OK;
    }
    const sy_expr *both = sy_expr_binary(arena, SY_EXPR_AND, a, b);
    if (both == NULL) {
        return SY_NOMEM;
    }
    *out = both;
    return SY_OK;
}

bool sy_query_selects(const sy_query *query, uint32_t column)
{
    return sy_schema_has_column(query->schema, column) &&
           (query->select == 0 || column == SY_COLUMN_ID || (query->select >> column & 1) != 0);
}

static sy_rc copy_expr(const sy_expr *expr, sy_arena *arena, const sy_expr **out)
{
    if (expr == NULL) {
        *out = NULL;
        return SY_OK;
    }
    sy_expr *copy = sy_arena_push(arena, sizeof *copy);
    if (copy == NULL) {
        return SY_NOMEM;
    }
    *copy = *expr;
    *out = copy;
    sy_rc rc = sy_value_copy(&expr->literal, arena, &copy->literal);
    if (rc == SY_OK) {
        rc = copy_expr(expr->left, arena, &copy->left);
    }
    if (rc == SY_OK) {
        rc = copy_expr(expr->right, arena, &copy->right);
    }
    if (rc == SY_OK && expr->third != NULL) {
        rc = copy_expr(expr->third, arena, &copy->third);
    }
    return rc;
}

sy_rc sy_query_copy(const sy_query *query, sy_arena *arena, sy_query *out)
{
    sy_query copy = *query;
    sy_rc rc = copy_expr(query->filter, arena, &copy.filter);
    for (uint32_t i = 0; rc == SY_OK && i < query->order_count; i++) {
        rc = copy_expr(query->order[i].expr, arena, &copy.order[i].expr);
    }
    if (rc == SY_OK) {
        *out = copy;
    }
    return rc;
}

typedef struct mapping {
    const sy_schema *from;
    const sy_schema *to;
    sy_arena *arena;
} mapping;

static sy_rc map_column(const mapping *map, uint32_t column, uint32_t *out, sy_err *err)
{
    SY_ASSERT(column < map->from->column_count);
    int at = sy_schema_match(map->to, map->from, column);
    if (at < 0 || !sy_schema_has_column(map->to, (uint32_t)at)) {
        return SY_FAIL(err, SY_SCHEMA, "table %.*s has no column '%.*s'", SY_FMT(map->to->name),
                       SY_FMT(map->from->columns[column].name));
    }
    *out = (uint32_t)at;
    return SY_OK;
}

static sy_rc map_expr(const mapping *map, const sy_expr *expr, const sy_expr **out, sy_err *err)
{
    if (expr == NULL) {
        *out = NULL;
        return SY_OK;
    }
    sy_expr *copy = sy_arena_push(map->arena, sizeof *copy);
    if (copy == NULL) {
        return sy_fail_nomem(err);
    }
    *copy = *expr;
    *out = copy;
    sy_rc rc = SY_OK;
    if (expr->kind == SY_EXPR_COLUMN) {
        rc = map_column(map, expr->column, &copy->column, err);
    }
    if (rc == SY_OK) {
        rc = map_expr(map, expr->left, &copy->left, err);
    }
    if (rc == SY_OK) {
        rc = map_expr(map, expr->right, &copy->right, err);
    }
    if (rc == SY_OK && expr->third != NULL) {
        rc = map_expr(map, expr->third, &copy->third, err);
    }
    return rc;
}

static sy_rc map_order(const mapping *map, const sy_order *order, sy_order *out, sy_err *err)
{
    return order->expr == NULL ? map_column(map, order->column, &out->column, err)
                               : map_expr(map, order->expr, &out->expr, err);
}

sy_rc sy_query_map(const sy_query *query, const sy_schema *schema, sy_arena *arena, sy_query *out,
                   sy_err *err)
{
    if (query->schema == schema) {
        *out = *query;
        return SY_OK;
    }
    mapping map = {.from = query->schema, .to = schema, .arena = arena};
    sy_query mapped = *query;
    mapped.schema = schema;
    mapped.select = query->select == 0 ? 0 : UINT64_C(1) << SY_COLUMN_ID;
    sy_rc rc = map_expr(&map, query->filter, &mapped.filter, err);
    for (uint32_t i = 0; rc == SY_OK && i < query->order_count; i++) {
        rc = map_order(&map, &query->order[i], &mapped.order[i], err);
    }
    for (uint32_t i = 0; rc == SY_OK && i < query->schema->column_count; i++) {
        uint32_t column = 0;
        if ((query->select >> i & 1) != 0) {
            rc = map_column(&map, i, &column, err);
            mapped.select |= UINT64_C(1) << column;
        }
    }
    if (rc == SY_OK) {
        *out = mapped;
    }
    return rc;
}

static uint64_t hash_text(sy_str text, uint64_t seed)
{
    return sy_hash(text.data, text.size, seed);
}

static uint64_t hash_expr(const sy_schema *schema, const sy_expr *expr, uint64_t hash)
{
    if (expr == NULL) {
        return sy_hash_mix(hash, SY_EXPR_COUNT);
    }
    hash = sy_hash_mix(hash, expr->kind);
    if (expr->kind == SY_EXPR_LITERAL) {
        return sy_value_hash(&expr->literal, hash);
    }
    if (expr->kind == SY_EXPR_COLUMN) {
        return hash_text(schema->columns[expr->column].name, hash);
    }
    hash = hash_expr(schema, expr->right, hash_expr(schema, expr->left, hash));
    return expr->third == NULL ? hash : hash_expr(schema, expr->third, hash);
}

uint64_t sy_query_hash(const sy_query *query)
{
    const sy_schema *schema = query->schema;
    uint64_t hash = hash_expr(schema, query->filter, hash_text(schema->name, 0));
    for (uint32_t i = 0; i < query->order_count; i++) {
        const sy_order *order = &query->order[i];
        hash = order->expr != NULL ? hash_expr(schema, order->expr, hash)
                                   : hash_text(schema->columns[order->column].name, hash);
        hash = sy_hash_mix(hash, query->order[i].descending ? 1 : 0);
    }
    hash = sy_hash_mix(hash, (uint64_t)query->skip);
    hash = sy_hash_mix(hash, (uint64_t)query->top);
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if ((query->select >> i & 1) != 0) {
            hash = hash_text(schema->columns[i].name, hash);
        }
    }
    return sy_hash_mix(hash, query->want_total ? 1 : 0);
}
