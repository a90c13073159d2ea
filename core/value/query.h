/* A query as a tree. Two back ends read it: query_eval (rows in memory) and query_sql (text with
 * bound parameters); both must give the same rows in the same order. Text in OData's grammar
 * arrives with the wire. */
#ifndef SY_VALUE_QUERY_H
#define SY_VALUE_QUERY_H

#include "core/value/row.h"

typedef enum sy_expr_kind {
    SY_EXPR_LITERAL = 0,
    SY_EXPR_COLUMN,
    SY_EXPR_NOT,
    SY_EXPR_AND,
    SY_EXPR_OR,
    SY_EXPR_EQ, /* with a null literal on the right: IS NULL (protocol.md 3.3) */
    SY_EXPR_NE,
    SY_EXPR_GT,
    SY_EXPR_GE,
    SY_EXPR_LT,
    SY_EXPR_LE,
    SY_EXPR_CONTAINS, /* contains(text, part), case-sensitive, no wildcards */
    SY_EXPR_STARTS_WITH,
    SY_EXPR_ENDS_WITH,
    SY_EXPR_COUNT
} sy_expr_kind;

typedef struct sy_expr {
    sy_expr_kind kind;
    uint32_t column;            /* COLUMN: index in the query's schema */
    sy_value literal;           /* LITERAL */
    const struct sy_expr *left; /* the one operand of NOT */
    const struct sy_expr *right;
} sy_expr;

typedef struct sy_order {
    uint32_t column;
    bool descending;
} sy_order;

#define SY_ORDER_COUNT_MAX 4

typedef struct sy_query { /* zeroed except for schema, skip -1, top -1: everything */
    const sy_schema *schema;
    const sy_expr *filter; /* NULL: all rows */
    sy_order order[SY_ORDER_COUNT_MAX];
    uint32_t order_count;
    int64_t skip; /* -1: not given */
    int64_t top;  /* -1: not given */
    uint64_t
        select; /* bit of each column wanted; 0: all. Others come back absent; id always comes. */
    bool want_total;
} sy_query;

/* Everything in the table. */
sy_query sy_query_all(const sy_schema *schema);
/* Builders; NULL when there is no memory (and when an operand is NULL), so that calls nest. */
const sy_expr *sy_expr_column(sy_arena *arena, uint32_t column);
const sy_expr *sy_expr_literal(sy_arena *arena, sy_value value);
const sy_expr *sy_expr_binary(sy_arena *arena, sy_expr_kind kind, const sy_expr *left,
                              const sy_expr *right);
const sy_expr *sy_expr_not(sy_arena *arena, const sy_expr *operand);
/* a AND b; either may be NULL (meaning: no condition), then the other is returned. */
sy_rc sy_expr_and(sy_arena *arena, const sy_expr *a, const sy_expr *b, const sy_expr **out);

/* How large a filter may be; both back ends can take that much. Levels: a chain of the same AND or
 * OR is one, everything else nested is one more. Links: all ANDs and ORs. */
#define SY_EXPR_LEVEL_COUNT_MAX 24
#define SY_EXPR_LINK_COUNT_MAX  800
#define SY_EXPR_NODE_COUNT_MAX  4000

/* Operands are columns that the table has, comparisons have comparable types, AND/OR/NOT have
 * booleans. SY_SCHEMA says what does not fit; SY_LIMIT: too large. sy_query_apply and
 * sy_query_to_sql check too. */
sy_rc sy_query_check(const sy_query *query, sy_err *err);
/* The column is in the answer: selected (or nothing is, or it is the id) and one that the table
 * has. */
bool sy_query_selects(const sy_query *query, uint32_t column);
/* A deep copy that lives in `arena`. */
sy_rc sy_query_copy(const sy_query *query, sy_arena *arena, sy_query *out);
/* The same query over another schema, columns matched by name; SY_SCHEMA names a column that it
 * lacks. */
sy_rc sy_query_map(const sy_query *query, const sy_schema *schema, sy_arena *arena, sy_query *out,
                   sy_err *err);
/* Same tree, same options; for query identities. */
uint64_t sy_query_hash(const sy_query *query);
/* "complete eq false and qty gt 3 order by text": for people and traces. */
void sy_query_to_text(const sy_query *query, sy_buf *out);

/* SQL's three values: a comparison with null is unknown, and unknown does not match. */
bool sy_query_matches(const sy_query *query, const sy_row *row);
/* Filters, orders (ties, and everything without an order, by id), skips, cuts and selects `rows` in
 * place; `total` set when asked for. Rows are replaced by copies in `arena` only where select drops
 * columns. */
sy_rc sy_query_apply(const sy_query *query, sy_rows *rows, sy_arena *arena, sy_err *err);

/* "SELECT ... FROM "t" WHERE ... ORDER BY ..., "id" LIMIT ?1 OFFSET ?2": the columns are those for
 * which sy_query_selects is true, in schema order; values[i] is to be bound at i + 1. `count` makes
 * it SELECT COUNT(*) without order and limits. Text appended to sql, values in *values (arena,
 * literals' texts shared with the query). */
sy_rc sy_query_to_sql(const sy_query *query, bool count, sy_arena *arena, sy_buf *sql,
                      const sy_value **values, size_t *value_count, sy_err *err);

#endif
