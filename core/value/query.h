/* A query as a tree. Two back ends read it: query_eval (rows in memory) and query_sql (text with
 * bound parameters); both must give the same rows in the same order. odata.h reads and writes it as
 * text. */
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
    /* Numbers. What has a null in it is null. Integers stay integers unless the result leaves the
     * 64 bits: then it is the nearest real. A real that is not a number is null; infinity stays. */
    SY_EXPR_ADD,
    SY_EXPR_SUB,
    SY_EXPR_MUL,
    SY_EXPR_DIV, /* of integers: cut towards zero; by zero: null */
    SY_EXPR_MOD, /* of both cut to integers, with the sign of the left one; by zero: null */
    SY_EXPR_NEGATE,
    SY_EXPR_ROUND, /* half away from zero */
    SY_EXPR_FLOOR,
    SY_EXPR_CEILING,
    /* Texts, counted in characters (code points) from 0; upper and lower case of ASCII only */
    SY_EXPR_CONCAT,   /* longer than SY_QUERY_TEXT_SIZE_MAX: null */
    SY_EXPR_INDEX_OF, /* indexof(text, part); -1: nowhere */
    SY_EXPR_LENGTH,
    SY_EXPR_REPLACE,   /* replace(text, from, to); longer than SY_QUERY_TEXT_SIZE_MAX: null */
    SY_EXPR_SUBSTRING, /* substring(text, first[, count]): what of that lies within the text */
    SY_EXPR_TO_LOWER,
    SY_EXPR_TO_UPPER,
    SY_EXPR_TRIM, /* spaces at both ends */
    /* Parts of a datetime */
    SY_EXPR_YEAR,
    SY_EXPR_MONTH,
    SY_EXPR_DAY,
    SY_EXPR_HOUR,
    SY_EXPR_MINUTE,
    SY_EXPR_SECOND,
    /* Conversions, which some servers make unasked (odata_types.c). They have no words in OData. */
    SY_EXPR_NUMBER,    /* a condition as 0 or 1 */
    SY_EXPR_TEXT,      /* a number as text: "5", "2.5" */
    SY_EXPR_DATE_TEXT, /* a datetime as text, to the millisecond */
    SY_EXPR_COUNT
} sy_expr_kind;

#define SY_QUERY_TEXT_SIZE_MAX ((size_t)64 * 1024) /* bytes of a text that a query makes */

typedef struct sy_expr {
    sy_expr_kind kind;
    uint32_t column;            /* COLUMN: index in the query's schema */
    sy_value literal;           /* LITERAL */
    const struct sy_expr *left; /* the first or only operand */
    const struct sy_expr *right;
    const struct sy_expr *third; /* of REPLACE and SUBSTRING */
} sy_expr;

/* What an operand may be. */
typedef enum sy_operand {
    SY_OPERAND_NONE = 0,
    SY_OPERAND_LIKE, /* anything; the two of a comparison must fit each other */
    SY_OPERAND_CONDITION,
    SY_OPERAND_NUMBER,
    SY_OPERAND_TEXT,
    SY_OPERAND_DATETIME
} sy_operand;

/* How a kind of expression looks; null is taken for every operand. */
typedef struct sy_expr_shape {
    const char *word; /* "eq", "startswith"; NULL: it has none */
    bool function;    /* word(a,b); else a prefix (one operand) or between two operands */
    uint8_t
        strength; /* how tightly it binds: 1 or, 2 and, 3 eq..., 4 add, 5 mul, 6 not, 7 the rest */
    uint8_t operand_min;
    uint8_t operand_max;
    uint8_t operands[3]; /* sy_operand */
    uint8_t result;      /* sy_type; ABSENT: real when an operand is, else an integer */
} sy_expr_shape;

const sy_expr_shape *sy_expr_shape_of(sy_expr_kind kind);
bool sy_operand_takes(sy_operand wanted, sy_type given);
bool sy_types_comparable(sy_type a, sy_type b);
/* What a kind with operands gives; those that it has not are SY_TYPE_NULL. */
sy_type sy_expr_result(sy_expr_kind kind, const sy_type operands[3]);

typedef struct sy_order {
    uint32_t column;
    bool descending;
    const sy_expr *expr; /* NULL: the column itself */
} sy_order;

#define SY_ORDER_COUNT_MAX 8

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
/* Any kind that has operands; those that it does not take are NULL. */
const sy_expr *sy_expr_call(sy_arena *arena, sy_expr_kind kind, const sy_expr *const operands[3]);
/* a AND b; either may be NULL (meaning: no condition), then the other is returned. */
sy_rc sy_expr_and(sy_arena *arena, const sy_expr *a, const sy_expr *b, const sy_expr **out);

/* How large a filter may be; both back ends can take that much. Levels: a chain of the same AND or
 * OR is one, a function two, everything else nested is one more. Links: all ANDs and ORs. */
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

/* SQL's three values: a comparison with null is unknown, and unknown does not match. Texts that the
 * filter makes on its way come from `alloc` and are freed. SY_OK or SY_NOMEM. */
sy_rc sy_query_matches(const sy_query *query, const sy_row *row, sy_alloc alloc, bool *matches);
/* What any expression of a checked query gives for a row; made texts are in `arena`. SY_OK or
 * SY_NOMEM. */
sy_rc sy_query_evaluate(const sy_query *query, const sy_expr *expr, const sy_row *row,
                        sy_arena *arena, sy_value *out);
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

/* The SQL function that query_sql.c calls for what SQLite lacks or does otherwise:
 * sy_function(kind, a[, b[, c]]). Who runs such SQL registers it (deterministic) and answers with
 * sy_query_function, so that there is one meaning. */
#define SY_QUERY_SQL_FUNCTION "sy_function"
/* A function of values: integers stand for conditions and datetimes. Made text is in `arena`, or is
 * a part of an operand. SY_OK or SY_NOMEM; a kind that is no function, or another number of
 * operands than it takes: null. */
sy_rc sy_query_function(sy_expr_kind kind, const sy_value *operands, uint32_t operand_count,
                        sy_arena *arena, sy_value *out);

#endif
