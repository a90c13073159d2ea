/* Operators and functions over operands whose types are known.
 *
 * Strict dialects refuse an operand of the wrong type. The loose ones (the Node server, the classic
 * clients) hand everything to SQLite, whose columns have affinities and whose values convert:
 * - a condition is a number, 0 or 1;
 * - a number that meets a column of texts becomes a text;
 * - a text that meets a column of numbers becomes a number if it looks like one;
 * - where neither converts, every number comes before every text.
 * Here that is said in the tree itself, so that the back ends know nothing of it. */
#include "core/value/odata_internal.h"

static bool is_literal(const sy_odata_operand *node)
{
    return node->expr->kind == SY_EXPR_LITERAL;
}

static sy_rc push(sy_odata_reader *reader, const sy_expr *expr, sy_type type, sy_odata_operand *out)
{
    if (expr == NULL) {
        return SY_NOMEM;
    }
    if (++reader->node_count > SY_EXPR_NODE_COUNT_MAX) {
        (void)sy_odata_fail(reader, SY_ODATA_SIZE, out->at, "the expression is too large");
        return SY_PARSE;
    }
    out->expr = expr;
    out->type = type;
    return SY_OK;
}

sy_rc sy_odata_leaf(sy_odata_reader *reader, const sy_value *literal, size_t at,
                    sy_odata_operand *out)
{
    out->at = at;
    return push(reader, sy_expr_literal(reader->arena, *literal), (sy_type)literal->type, out);
}

static sy_rc call(sy_odata_reader *reader, sy_expr_kind kind, const sy_odata_operand *operands,
                  uint32_t count, sy_odata_operand *out)
{
    const sy_expr *exprs[3] = {NULL, NULL, NULL};
    sy_type types[3] = {SY_TYPE_NULL, SY_TYPE_NULL, SY_TYPE_NULL};
    for (uint32_t i = 0; i < count; i++) {
        exprs[i] = operands[i].expr;
        types[i] = operands[i].type;
    }
    out->at = operands[0].at;
    return push(reader, sy_expr_call(reader->arena, kind, exprs), sy_expr_result(kind, types), out);
}

/* node := kind(node) */
static sy_rc convert(sy_odata_reader *reader, sy_expr_kind kind, sy_odata_operand *node)
{
    sy_odata_operand operand = *node;
    return call(reader, kind, &operand, 1, node);
}

static sy_rc replace(sy_odata_reader *reader, sy_value literal, sy_odata_operand *node)
{
    return sy_odata_leaf(reader, &literal, node->at, node);
}

/* -- loose conversions -- */

/* A text that is a number, as SQLite's columns take it. */
static bool number_of_text(const sy_odata_operand *node, sy_value *out)
{
    if (!is_literal(node) || node->type != SY_TYPE_TEXT) {
        return false;
    }
    sy_str text = sy_odata_trim(sy_value_str(&node->expr->literal));
    double real = 0;
    if (!sy_real_parse(text, &real)) {
        return false;
    }
    *out = sy_real(real);
    return true;
}

/* What looks like no number counts as 0. */
static sy_rc to_number(sy_odata_reader *reader, sy_odata_operand *node)
{
    sy_value number = sy_int(0);
    if (node->type == SY_TYPE_BOOL && is_literal(node)) {
        return replace(reader, sy_int(node->expr->literal.as.integer), node);
    }
    if (node->type == SY_TYPE_BOOL) {
        return convert(reader, SY_EXPR_NUMBER, node);
    }
    if (sy_operand_takes(SY_OPERAND_NUMBER, node->type)) {
        return SY_OK;
    }
    (void)number_of_text(node, &number);
    return replace(reader, number, node);
}

static sy_rc to_text(sy_odata_reader *reader, sy_odata_operand *node)
{
    if (node->type == SY_TYPE_TEXT || node->type == SY_TYPE_NULL) {
        return SY_OK;
    }
    if (node->type == SY_TYPE_DATETIME) {
        return convert(reader, SY_EXPR_DATE_TEXT, node);
    }
    if (node->type == SY_TYPE_BLOB) {
        return replace(reader, sy_text(SY_STR("")), node);
    }
    sy_rc rc = to_number(reader, node);
    return rc == SY_OK ? convert(reader, SY_EXPR_TEXT, node) : rc;
}

static sy_rc to_datetime(sy_odata_reader *reader, sy_odata_operand *node)
{
    sy_time time = 0;
    if (node->type == SY_TYPE_DATETIME || node->type == SY_TYPE_NULL) {
        return SY_OK;
    }
    bool date = node->type == SY_TYPE_TEXT && is_literal(node) &&
                sy_odata_date_parse(reader->dialect, sy_value_str(&node->expr->literal), &time);
    return replace(reader, date ? sy_datetime(time) : SY_NULL, node);
}

/* Brings a condition about. The classic clients' `add` asks for what is not 0, the Node server for
 * what equals true. */
static sy_rc to_condition(sy_odata_reader *reader, sy_odata_operand *node)
{
    if (node->type == SY_TYPE_BOOL || node->type == SY_TYPE_NULL) {
        return SY_OK;
    }
    sy_odata_operand operands[2] = {*node, {.at = node->at}};
    bool not_zero = reader->dialect->add_is_and;
    sy_value wanted = not_zero ? sy_int(0) : sy_bool(true);
    sy_rc rc = sy_odata_leaf(reader, &wanted, node->at, &operands[1]);
    return rc == SY_OK
               ? sy_odata_build(reader, not_zero ? SY_EXPR_NE : SY_EXPR_EQ, operands, 2, node)
               : rc;
}

sy_rc sy_odata_condition(sy_odata_reader *reader, sy_odata_operand *node)
{
    if (node->type == SY_TYPE_BOOL || node->type == SY_TYPE_NULL) {
        return SY_OK;
    }
    if (!reader->dialect->loose_types) {
        return sy_odata_fail(reader, SY_ODATA_TYPE, node->at, "a condition is wanted, not %s",
                             sy_type_name(node->type));
    }
    return to_condition(reader, node);
}

/* -- comparisons -- */

/* `node eq node` or `node ne node`: true or false unless the node is null, then unknown. A
 * conversion is as null as what it converts. */
static sy_rc settle(sy_odata_reader *reader, bool truth, sy_odata_operand node,
                    sy_odata_operand *out)
{
    while (sy_expr_shape_of(node.expr->kind)->function &&
           sy_expr_shape_of(node.expr->kind)->word == NULL) {
        node.expr = node.expr->left;
    }
    sy_odata_operand operands[2] = {node, node};
    return call(reader, truth ? SY_EXPR_EQ : SY_EXPR_NE, operands, 2, out);
}

/* The left one comes before the right one, whatever they are, unless one is null. */
static sy_rc compare_apart(sy_odata_reader *reader, bool truth, const sy_odata_operand operands[2],
                           sy_odata_operand *out)
{
    if (is_literal(&operands[0]) || is_literal(&operands[1])) {
        return settle(reader, truth, operands[is_literal(&operands[0]) ? 1 : 0], out);
    }
    sy_odata_operand sides[2];
    sy_rc rc = settle(reader, truth, operands[0], &sides[0]);
    if (rc == SY_OK) {
        rc = settle(reader, truth, operands[1], &sides[1]);
    }
    return rc == SY_OK ? call(reader, truth ? SY_EXPR_AND : SY_EXPR_OR, sides, 2, out) : rc;
}

static bool holds_for_less(sy_expr_kind kind, bool less)
{
    if (kind == SY_EXPR_EQ || kind == SY_EXPR_NE) {
        return kind == SY_EXPR_NE;
    }
    return (kind == SY_EXPR_LT || kind == SY_EXPR_LE) == less;
}

/* A number and something that is a text to SQLite. */
static sy_rc compare_number_text(sy_odata_reader *reader, sy_expr_kind kind,
                                 sy_odata_operand operands[2], sy_odata_operand *out)
{
    int number_at = operands[0].type == SY_TYPE_TEXT ? 1 : 0;
    sy_odata_operand *number = &operands[number_at];
    sy_odata_operand *text = &operands[1 - number_at];
    sy_value read = SY_NULL;
    sy_rc rc = SY_OK;
    if (number->expr->kind == SY_EXPR_COLUMN && number_of_text(text, &read)) {
        rc = replace(reader, read, text);
        return rc == SY_OK ? sy_odata_build(reader, kind, operands, 2, out) : rc;
    }
    if (number->expr->kind == SY_EXPR_COLUMN &&
        sy_schema_takes_text(reader->schema, number->type)) { /* it may hold texts */
        return call(reader, kind, operands, 2, out);
    }
    if (number->expr->kind != SY_EXPR_COLUMN && text->expr->kind == SY_EXPR_COLUMN) {
        rc = to_text(reader, number);
        return rc == SY_OK ? call(reader, kind, operands, 2, out) : rc;
    }
    return compare_apart(reader, holds_for_less(kind, number_at == 0), operands, out);
}

/* A date is a text to SQLite; one that is written as the column's are is compared as a date. */
static sy_rc compare_date_text(sy_odata_reader *reader, sy_expr_kind kind,
                               sy_odata_operand operands[2], sy_odata_operand *out)
{
    sy_odata_operand *text = &operands[operands[0].type == SY_TYPE_TEXT ? 0 : 1];
    sy_time time = 0;
    char exact[SY_TIME_TEXT_SIZE];
    sy_str given = is_literal(text) ? sy_value_str(&text->expr->literal) : SY_STR("");
    if (sy_odata_date_parse(reader->dialect, given, &time) &&
        sy_str_equal(given, (sy_str){exact, sy_time_format(time, 3, exact)})) {
        sy_rc rc = replace(reader, sy_datetime(time), text);
        return rc == SY_OK ? call(reader, kind, operands, 2, out) : rc;
    }
    sy_rc rc = to_text(reader, &operands[0]);
    if (rc == SY_OK) {
        rc = to_text(reader, &operands[1]);
    }
    return rc == SY_OK ? call(reader, kind, operands, 2, out) : rc;
}

/* A date is a text to SQLite: a number that is no column becomes one too. */
static sy_rc compare_date_number(sy_odata_reader *reader, sy_expr_kind kind,
                                 sy_odata_operand operands[2], sy_odata_operand *out)
{
    int number_at = operands[0].type == SY_TYPE_DATETIME ? 1 : 0;
    if (operands[number_at].expr->kind == SY_EXPR_COLUMN) {
        return compare_apart(reader, holds_for_less(kind, number_at == 0), operands, out);
    }
    sy_rc rc = to_text(reader, &operands[0]);
    if (rc == SY_OK) {
        rc = to_text(reader, &operands[1]);
    }
    return rc == SY_OK ? call(reader, kind, operands, 2, out) : rc;
}

/* The Node server makes bytes of a text that meets the version; bytes come after every text. */
static bool is_version(const sy_odata_operand *node, const sy_odata_operand *other)
{
    return node->expr->kind == SY_EXPR_COLUMN && node->expr->column == SY_COLUMN_VERSION &&
           is_literal(other) && other->type == SY_TYPE_TEXT;
}

static sy_rc compare_loosely(sy_odata_reader *reader, sy_expr_kind kind,
                             sy_odata_operand operands[2], sy_odata_operand *out)
{
    sy_rc rc = SY_OK;
    sy_type left = operands[0].type;
    sy_type right = operands[1].type;
    if (reader->dialect->version_apart &&
        (is_version(&operands[0], &operands[1]) || is_version(&operands[1], &operands[0]))) {
        return compare_apart(reader, holds_for_less(kind, is_version(&operands[0], &operands[1])),
                             operands, out);
    }
    if (sy_types_comparable(left, right)) {
        return call(reader, kind, operands, 2, out);
    }
    if (left == SY_TYPE_BLOB || right == SY_TYPE_BLOB) {
        return compare_apart(reader, holds_for_less(kind, right == SY_TYPE_BLOB), operands, out);
    }
    bool dates = left == SY_TYPE_DATETIME || right == SY_TYPE_DATETIME;
    if (dates && (left == SY_TYPE_TEXT || right == SY_TYPE_TEXT)) {
        return compare_date_text(reader, kind, operands, out);
    }
    if (dates) {
        return compare_date_number(reader, kind, operands, out);
    }
    for (int i = 0; i < 2 && rc == SY_OK; i++) {
        bool column = operands[i].expr->kind == SY_EXPR_COLUMN;
        if (operands[i].type == SY_TYPE_BOOL &&
            !(column && operands[1 - i].type == SY_TYPE_TEXT)) { /* a column of 0 and 1 */
            rc = to_number(reader, &operands[i]);
        }
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (operands[0].type == SY_TYPE_TEXT || operands[1].type == SY_TYPE_TEXT) {
        return compare_number_text(reader, kind, operands, out);
    }
    return call(reader, kind, operands, 2, out);
}

/* -- all operators and functions -- */

static sy_rc check(sy_odata_reader *reader, sy_expr_kind kind, const sy_odata_operand *operands,
                   uint32_t count)
{
    const sy_expr_shape *shape = sy_expr_shape_of(kind);
    for (uint32_t i = 0; i < count; i++) {
        if (!sy_operand_takes((sy_operand)shape->operands[i], operands[i].type)) {
            return sy_odata_fail(reader, SY_ODATA_TYPE, operands[i].at, "'%s' does not take %s",
                                 shape->word, sy_type_name(operands[i].type));
        }
    }
    if (shape->operands[0] == SY_OPERAND_LIKE &&
        !sy_types_comparable(operands[0].type, operands[1].type)) {
        return sy_odata_fail(reader, SY_ODATA_TYPE, operands[0].at, "%s cannot be compared with %s",
                             sy_type_name(operands[0].type), sy_type_name(operands[1].type));
    }
    return SY_OK;
}

static sy_rc loosen(sy_odata_reader *reader, sy_operand wanted, sy_odata_operand *node)
{
    switch (wanted) {
    case SY_OPERAND_CONDITION:
        return to_condition(reader, node);
    case SY_OPERAND_NUMBER:
        return to_number(reader, node);
    case SY_OPERAND_TEXT:
        return to_text(reader, node);
    case SY_OPERAND_DATETIME:
        return to_datetime(reader, node);
    case SY_OPERAND_LIKE:
    case SY_OPERAND_NONE:
        break;
    }
    return SY_OK;
}

/* What the Node server's SQL says otherwise than the text did: a null on the right of anything but
 * eq, ne, and, or drops out with its operator; NOT before a comparison takes in all of it, unless
 * true or false is compared with. *done: `out` is what it says. */
static sy_rc build_as_node(sy_odata_reader *reader, sy_expr_kind kind, sy_odata_operand *operands,
                           sy_odata_operand *out, bool *done)
{
    const sy_expr_shape *shape = sy_expr_shape_of(kind);
    bool comparison = shape->operands[0] == SY_OPERAND_LIKE;
    bool equality = kind == SY_EXPR_EQ || kind == SY_EXPR_NE;
    bool number = shape->operands[0] == SY_OPERAND_NUMBER && shape->operand_min == 2;
    *done = false;
    if (operands[1].type == SY_TYPE_NULL && (number || kind == SY_EXPR_CONCAT)) {
        *done = true;
        *out = operands[0];
        return SY_OK;
    }
    bool bit = equality && is_literal(&operands[1]) && operands[1].type == SY_TYPE_BOOL;
    if (comparison && operands[0].expr->kind == SY_EXPR_NOT && !bit &&
        operands[1].type != SY_TYPE_NULL) {
        sy_odata_operand inner = operands[0];
        *done = true;
        operands[0].expr = operands[0].expr->left;
        sy_rc rc = sy_odata_build(reader, kind, operands, 2, &inner);
        return rc == SY_OK ? call(reader, SY_EXPR_NOT, &inner, 1, out) : rc;
    }
    return SY_OK;
}

sy_rc sy_odata_build(sy_odata_reader *reader, sy_expr_kind kind, sy_odata_operand *operands,
                     uint32_t count, sy_odata_operand *out)
{
    const sy_expr_shape *shape = sy_expr_shape_of(kind);
    if (!reader->dialect->loose_types) {
        sy_rc rc = check(reader, kind, operands, count);
        return rc == SY_OK ? call(reader, kind, operands, count, out) : rc;
    }
    sy_rc rc = SY_OK;
    if (reader->dialect->javascript && count == 2) {
        bool done = false;
        rc = build_as_node(reader, kind, operands, out, &done);
        if (done || rc != SY_OK) {
            return rc;
        }
    }
    if (shape->operands[0] == SY_OPERAND_LIKE) {
        return compare_loosely(reader, kind, operands, out);
    }
    for (uint32_t i = 0; rc == SY_OK && i < count; i++) {
        rc = loosen(reader, (sy_operand)shape->operands[i], &operands[i]);
    }
    return rc == SY_OK ? call(reader, kind, operands, count, out) : rc;
}
