/* Values are drawn from those at which back ends part: the ends of ranges, halves, texts with
 * quotes, spaces, zero bytes, bytes that are no UTF-8. Expressions are drawn from query_shape.c, so
 * that a kind that is added there is drawn here. */
#include "tests/property/odata_generator.h"

#include "tests/unit/support.h"

#define COUNT(array)     (sizeof(array) / sizeof((array)[0]))
#define COLUMN_COUNT_MAX 9

uint64_t generate_number(generator *g, uint64_t bound)
{
    return test_random(&g->state) % bound;
}

static sy_value draw_text(generator *g)
{
    static const sy_str texts[] = {
        {"", 0},
        {"a", 1},
        {"A", 1},
        {"ab", 2},
        {"aab", 3},
        {"Milk", 4},
        {" milk  ", 7},
        {"100%", 4},
        {"_", 1},
        {"a\0b", 3},
        {"\0", 1},
        {"\xC3\xA9t\xC3\xA9", 5},
        {"\xC3\x89", 2},
        {"\xC3", 1},
        {"\xA9\xA9 a", 4},
        {"5", 1},
        {"2.5", 3},
        {"\xF0\x9F\x8D\x8E milk", 9},
        {"O'Neil", 6},
        {"''", 2},
        {"2026-01-01T00:00:00.000Z", 24},
        {"milk milk", 9},
        {"1e400", 5},
        {"-0", 2},
        {" 7 ", 3},
        {"\xE6\xBC\xA2", 3},
        {"true", 4},
    };
    return sy_text(texts[generate_number(g, COUNT(texts))]);
}

static sy_value draw_integer(generator *g)
{
    static const int64_t integers[] = {0,
                                       1,
                                       -1,
                                       2,
                                       3,
                                       5,
                                       -7,
                                       100,
                                       INT32_MAX,
                                       INT32_MIN,
                                       INT64_MAX,
                                       INT64_MAX - 1,
                                       INT64_MIN,
                                       INT64_MIN + 1,
                                       INT64_C(9007199254740993),
                                       INT64_C(-9007199254740993),
                                       INT64_C(3037000500)};
    return sy_int(integers[generate_number(g, COUNT(integers))]);
}

static sy_value draw_real(generator *g)
{
    static const double reals[] = {0.0,
                                   -0.0,
                                   1.0,
                                   0.5,
                                   -0.5,
                                   1.5,
                                   2.5,
                                   -2.5,
                                   0.1,
                                   0.49999999999999994,
                                   -3,
                                   5e-324,
                                   4503599627370495.5,
                                   4503599627370497.5,
                                   9007199254740994.0,
                                   9223372036854775808.0,
                                   -9223372036854775808.0,
                                   9223372036854774784.0,
                                   1e300,
                                   -1e300};
    return sy_real(reals[generate_number(g, COUNT(reals))]);
}

static sy_value draw_datetime(generator *g)
{
    static const sy_time times[] = {0,
                                    -1,
                                    SY_WORLD_EPOCH,
                                    SY_WORLD_EPOCH + 1,
                                    SY_WORLD_EPOCH - SY_MS,
                                    SY_WORLD_EPOCH + 58 * SY_DAY + 23 * SY_HOUR + 59 * SY_MINUTE,
                                    SY_WORLD_EPOCH + 123456700,
                                    INT64_MAX,
                                    INT64_MIN};
    return sy_datetime(times[generate_number(g, COUNT(times))]);
}

static sy_value draw_value(generator *g, sy_type type)
{
    static const sy_str blobs[] = {{"", 0}, {"\0", 1}, {"\xFF\x01z", 3}, {"abcd", 4}, {"5", 1}};
    switch ((int)type) {
    case SY_TYPE_TEXT:
        return draw_text(g);
    case SY_TYPE_BLOB:
        return sy_blob(blobs[generate_number(g, COUNT(blobs))]);
    case SY_TYPE_INT:
        return draw_integer(g);
    case SY_TYPE_REAL: /* an integer is at home in a column of reals */
        return generate_number(g, 4) == 0 ? draw_integer(g) : draw_real(g);
    case SY_TYPE_BOOL:
        return sy_bool(generate_number(g, 2) == 1);
    case SY_TYPE_DATETIME:
        return draw_datetime(g);
    default:
        return SY_NULL;
    }
}

static sy_type draw_type(generator *g)
{
    static const sy_type types[] = {SY_TYPE_TEXT, SY_TYPE_TEXT,     SY_TYPE_INT, SY_TYPE_REAL,
                                    SY_TYPE_BOOL, SY_TYPE_DATETIME, SY_TYPE_BLOB};
    return types[generate_number(g, COUNT(types))];
}

const sy_schema *generate_schema(generator *g, sy_str name)
{
    static const char *const names[COLUMN_COUNT_MAX] = {"text",  "qty",   "order",  "select", "_x",
                                                        "Group", "null_", "length", "due"};
    sy_column columns[COLUMN_COUNT_MAX];
    uint32_t count = 1 + (uint32_t)generate_number(g, COLUMN_COUNT_MAX);
    for (uint32_t i = 0; i < count; i++) {
        columns[i] = (sy_column){sy_str_of(names[i]), draw_type(g)};
    }
    uint32_t system = SY_SYSTEM_BIT(SY_COLUMN_ID);
    for (uint32_t i = SY_COLUMN_VERSION; i <= SY_COLUMN_DELETED; i++) {
        system |= generate_number(g, 3) == 0 ? SY_SYSTEM_BIT(i) : 0;
    }
    const sy_schema *schema = NULL;
    if (sy_schema_new(g->arena, name, system, columns, count, &schema, NULL) != SY_OK) {
        return NULL;
    }
    g->schema = schema;
    return schema;
}

const sy_row *generate_row(generator *g, uint32_t number)
{
    sy_row *row = sy_row_new(g->arena, g->schema);
    for (uint32_t c = 0; row != NULL && c < g->schema->column_count; c++) {
        if (sy_schema_has_column(g->schema, c) && generate_number(g, 6) > 0) {
            row->cells[c] = draw_value(g, g->schema->columns[c].type);
        }
    }
    if (row != NULL) {
        static const char *const starts[] = {"r", "R", "", "\xC3\xA9"};
        const char *start = starts[generate_number(g, COUNT(starts))];
        row->cells[SY_COLUMN_ID] = sy_text(sy_arena_printf(g->arena, "%s%u", start, number));
    }
    return row;
}

/* -- expressions -- */

static const sy_expr *draw_expr(generator *g, sy_operand wanted, sy_type like, int depth);

static const sy_expr *draw_literal(generator *g, sy_type type)
{
    sy_value value = generate_number(g, 12) == 0 ? SY_NULL : draw_value(g, type);
    if (value.type == SY_TYPE_INT && type == SY_TYPE_REAL) {
        value = sy_real((double)value.as.integer);
    }
    return sy_expr_literal(g->arena, value);
}

static bool is_number(sy_type type)
{
    return type == SY_TYPE_INT || type == SY_TYPE_REAL;
}

/* A column of the type (numbers are one type here); NULL: none was found. */
static const sy_expr *draw_column(generator *g, sy_type type)
{
    for (int tries = 0; tries < 12; tries++) {
        uint32_t c = (uint32_t)generate_number(g, g->schema->column_count);
        sy_type found = g->schema->columns[c].type;
        if (sy_schema_has_column(g->schema, c) &&
            (found == type || (is_number(found) && is_number(type)))) {
            return sy_expr_column(g->arena, c);
        }
    }
    return NULL;
}

static bool gives(const sy_expr_shape *shape, sy_type type)
{
    return shape->result == SY_TYPE_ABSENT
               ? is_number(type)
               : shape->result == type || (is_number(shape->result) && is_number(type));
}

/* A kind that gives the type and has a word; SY_EXPR_COUNT: there is none. */
static sy_expr_kind draw_kind(generator *g, sy_type type)
{
    for (int tries = 0; tries < 200; tries++) {
        sy_expr_kind kind = (sy_expr_kind)generate_number(g, SY_EXPR_COUNT);
        const sy_expr_shape *shape = sy_expr_shape_of(kind);
        if (shape->operand_min > 0 && shape->word != NULL && gives(shape, type)) {
            return kind;
        }
    }
    return SY_EXPR_COUNT;
}

static const sy_expr *draw_call(generator *g, sy_expr_kind kind, int depth)
{
    const sy_expr_shape *shape = sy_expr_shape_of(kind);
    const sy_expr *operands[3] = {NULL, NULL, NULL};
    sy_type like = draw_type(g);
    uint32_t count = shape->operand_min;
    count += (uint32_t)generate_number(g, (uint64_t)(shape->operand_max - count) + 1);
    for (uint32_t i = 0; i < count; i++) {
        operands[i] = draw_expr(g, (sy_operand)shape->operands[i], like, depth - 1);
    }
    g->drawn[kind]++;
    return sy_expr_call(g->arena, kind, operands);
}

static sy_type type_wanted(generator *g, sy_operand wanted, sy_type like)
{
    if (!g->typed && generate_number(g, 3) == 0) {
        return draw_type(g);
    }
    return wanted == SY_OPERAND_CONDITION  ? SY_TYPE_BOOL
           : wanted == SY_OPERAND_TEXT     ? SY_TYPE_TEXT
           : wanted == SY_OPERAND_DATETIME ? SY_TYPE_DATETIME
           : wanted == SY_OPERAND_LIKE     ? like
           : generate_number(g, 2) == 0    ? SY_TYPE_INT
                                           : SY_TYPE_REAL;
}

static const sy_expr *draw_expr(generator *g, sy_operand wanted, sy_type like, int depth)
{
    sy_type type = type_wanted(g, wanted, like);
    uint64_t way = generate_number(g, 8);
    sy_expr_kind kind = depth > 0 && way < 5 ? draw_kind(g, type) : SY_EXPR_COUNT;
    if (kind != SY_EXPR_COUNT) {
        return draw_call(g, kind, depth);
    }
    const sy_expr *column = way < 7 ? draw_column(g, type) : NULL;
    return column != NULL ? column : draw_literal(g, type);
}

static sy_order draw_order(generator *g)
{
    sy_order order = {.descending = generate_number(g, 2) == 1};
    if (generate_number(g, 3) == 0) {
        order.expr = draw_expr(g, SY_OPERAND_LIKE, draw_type(g), 2);
        if (order.expr->kind == SY_EXPR_COLUMN) {
            order.column = order.expr->column;
            order.expr = NULL;
        }
    }
    return order;
}

sy_query generate_query(generator *g)
{
    sy_query query = sy_query_all(g->schema);
    query.filter = draw_expr(g, SY_OPERAND_CONDITION, SY_TYPE_BOOL, 2 + (int)generate_number(g, 4));
    query.order_count = generate_number(g, 3) == 0 ? 1 + (uint32_t)generate_number(g, 3) : 0;
    for (uint32_t i = 0; i < query.order_count; i++) {
        query.order[i] = draw_order(g);
    }
    if (generate_number(g, 8) == 0) {
        query.skip = (int64_t)generate_number(g, 4);
        query.top = (int64_t)generate_number(g, 20);
        query.select = UINT64_C(1) << SY_SYSTEM_COUNT | 1;
    }
    query.want_total = generate_number(g, 4) == 0;
    return query;
}
