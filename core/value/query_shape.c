/* What each kind of expression is called, takes and gives. Everything that walks a query looks
 * here: the check, both back ends, the reader and the writer of OData. */
#include "core/value/query.h"

#define INFIX(name, how, a, gives)                                                                 \
    {                                                                                              \
        .word = (name), .strength = (how), .operand_min = 2, .operand_max = 2,                     \
        .operands = {(a), (a)}, .result = (gives)                                                  \
    }
#define PREFIX(name, a, gives)                                                                     \
    {                                                                                              \
        .word = (name), .strength = 6, .operand_min = 1, .operand_max = 1, .operands = {(a)},      \
        .result = (gives)                                                                          \
    }
#define FUNCTION(name, min, max, gives, ...)                                                       \
    {                                                                                              \
        .word = (name), .function = true, .strength = 7, .operand_min = (min),                     \
        .operand_max = (max), .operands = {__VA_ARGS__}, .result = (gives)                         \
    }

#define AS_NUMBERS SY_TYPE_ABSENT

static const sy_expr_shape shapes[SY_EXPR_COUNT] = {
    [SY_EXPR_LITERAL] = {.strength = 7},
    [SY_EXPR_COLUMN] = {.strength = 7},
    [SY_EXPR_NOT] = PREFIX("not", SY_OPERAND_CONDITION, SY_TYPE_BOOL),
    [SY_EXPR_AND] = INFIX("and", 2, SY_OPERAND_CONDITION, SY_TYPE_BOOL),
    [SY_EXPR_OR] = INFIX("or", 1, SY_OPERAND_CONDITION, SY_TYPE_BOOL),
    [SY_EXPR_EQ] = INFIX("eq", 3, SY_OPERAND_LIKE, SY_TYPE_BOOL),
    [SY_EXPR_NE] = INFIX("ne", 3, SY_OPERAND_LIKE, SY_TYPE_BOOL),
    [SY_EXPR_GT] = INFIX("gt", 3, SY_OPERAND_LIKE, SY_TYPE_BOOL),
    [SY_EXPR_GE] = INFIX("ge", 3, SY_OPERAND_LIKE, SY_TYPE_BOOL),
    [SY_EXPR_LT] = INFIX("lt", 3, SY_OPERAND_LIKE, SY_TYPE_BOOL),
    [SY_EXPR_LE] = INFIX("le", 3, SY_OPERAND_LIKE, SY_TYPE_BOOL),
    [SY_EXPR_CONTAINS] = FUNCTION("contains", 2, 2, SY_TYPE_BOOL, SY_OPERAND_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_STARTS_WITH] =
        FUNCTION("startswith", 2, 2, SY_TYPE_BOOL, SY_OPERAND_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_ENDS_WITH] =
        FUNCTION("endswith", 2, 2, SY_TYPE_BOOL, SY_OPERAND_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_ADD] = INFIX("add", 4, SY_OPERAND_NUMBER, AS_NUMBERS),
    [SY_EXPR_SUB] = INFIX("sub", 4, SY_OPERAND_NUMBER, AS_NUMBERS),
    [SY_EXPR_MUL] = INFIX("mul", 5, SY_OPERAND_NUMBER, AS_NUMBERS),
    [SY_EXPR_DIV] = INFIX("div", 5, SY_OPERAND_NUMBER, AS_NUMBERS),
    [SY_EXPR_MOD] = INFIX("mod", 5, SY_OPERAND_NUMBER, SY_TYPE_INT),
    [SY_EXPR_NEGATE] = PREFIX("-", SY_OPERAND_NUMBER, AS_NUMBERS),
    [SY_EXPR_ROUND] = FUNCTION("round", 1, 1, AS_NUMBERS, SY_OPERAND_NUMBER),
    [SY_EXPR_FLOOR] = FUNCTION("floor", 1, 1, AS_NUMBERS, SY_OPERAND_NUMBER),
    [SY_EXPR_CEILING] = FUNCTION("ceiling", 1, 1, AS_NUMBERS, SY_OPERAND_NUMBER),
    [SY_EXPR_CONCAT] = FUNCTION("concat", 2, 2, SY_TYPE_TEXT, SY_OPERAND_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_INDEX_OF] = FUNCTION("indexof", 2, 2, SY_TYPE_INT, SY_OPERAND_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_LENGTH] = FUNCTION("length", 1, 1, SY_TYPE_INT, SY_OPERAND_TEXT),
    [SY_EXPR_REPLACE] =
        FUNCTION("replace", 3, 3, SY_TYPE_TEXT, SY_OPERAND_TEXT, SY_OPERAND_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_SUBSTRING] = FUNCTION("substring", 2, 3, SY_TYPE_TEXT, SY_OPERAND_TEXT,
                                   SY_OPERAND_NUMBER, SY_OPERAND_NUMBER),
    [SY_EXPR_TO_LOWER] = FUNCTION("tolower", 1, 1, SY_TYPE_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_TO_UPPER] = FUNCTION("toupper", 1, 1, SY_TYPE_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_TRIM] = FUNCTION("trim", 1, 1, SY_TYPE_TEXT, SY_OPERAND_TEXT),
    [SY_EXPR_YEAR] = FUNCTION("year", 1, 1, SY_TYPE_INT, SY_OPERAND_DATETIME),
    [SY_EXPR_MONTH] = FUNCTION("month", 1, 1, SY_TYPE_INT, SY_OPERAND_DATETIME),
    [SY_EXPR_DAY] = FUNCTION("day", 1, 1, SY_TYPE_INT, SY_OPERAND_DATETIME),
    [SY_EXPR_HOUR] = FUNCTION("hour", 1, 1, SY_TYPE_INT, SY_OPERAND_DATETIME),
    [SY_EXPR_MINUTE] = FUNCTION("minute", 1, 1, SY_TYPE_INT, SY_OPERAND_DATETIME),
    [SY_EXPR_SECOND] = FUNCTION("second", 1, 1, SY_TYPE_INT, SY_OPERAND_DATETIME),
    [SY_EXPR_NUMBER] = FUNCTION(NULL, 1, 1, SY_TYPE_INT, SY_OPERAND_CONDITION),
    [SY_EXPR_TEXT] = FUNCTION(NULL, 1, 1, SY_TYPE_TEXT, SY_OPERAND_NUMBER),
    [SY_EXPR_DATE_TEXT] = FUNCTION(NULL, 1, 1, SY_TYPE_TEXT, SY_OPERAND_DATETIME),
};

const sy_expr_shape *sy_expr_shape_of(sy_expr_kind kind)
{
    SY_ASSERT((unsigned)kind < SY_EXPR_COUNT);
    return &shapes[kind];
}

static bool is_number(sy_type type)
{
    return type == SY_TYPE_INT || type == SY_TYPE_REAL;
}

bool sy_types_comparable(sy_type a, sy_type b)
{
    return a == SY_TYPE_NULL || b == SY_TYPE_NULL || a == b || (is_number(a) && is_number(b));
}

bool sy_operand_takes(sy_operand wanted, sy_type given)
{
    switch (wanted) {
    case SY_OPERAND_LIKE:
        return true;
    case SY_OPERAND_CONDITION:
        return given == SY_TYPE_BOOL || given == SY_TYPE_NULL;
    case SY_OPERAND_NUMBER:
        return is_number(given) || given == SY_TYPE_NULL;
    case SY_OPERAND_TEXT:
        return given == SY_TYPE_TEXT || given == SY_TYPE_NULL;
    case SY_OPERAND_DATETIME:
        return given == SY_TYPE_DATETIME || given == SY_TYPE_NULL;
    case SY_OPERAND_NONE:
        break;
    }
    return false;
}

sy_type sy_expr_result(sy_expr_kind kind, const sy_type operands[3])
{
    sy_type result = (sy_type)sy_expr_shape_of(kind)->result;
    if (result != AS_NUMBERS) {
        return result;
    }
    return operands[0] == SY_TYPE_REAL || operands[1] == SY_TYPE_REAL ? SY_TYPE_REAL : SY_TYPE_INT;
}
