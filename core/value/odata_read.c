/* OData expressions (protocol.md 3.1), by recursive descent with precedence climbing:
 *
 *     expression := unary (operator unary)*       operators of one strength are left associative
 *     unary      := ("-" | "not") unary | primary
 *     primary    := literal | word | word "/" word ... | word "(" arguments ")" | "(" expression
 * ")"
 *
 * A minus directly before a number is the number's own. "not" binds tighter than any comparison. A
 * column that is not there is remembered and the text read to its end: a fault of the text comes
 * first (the Node server answers them differently). */
#include "core/value/odata_internal.h"

#include "core/base/check.h"

#define DEPTH_MAX         100 /* of brackets, arguments and prefixes */
#define REPLACEMENT_COUNT 100 /* characters of the last operand of replace, where it is bounded */

int sy_odata_column(const sy_odata_reader *reader, sy_str name)
{
    const sy_schema *schema = reader->schema;
    const sy_str *system = reader->dialect->system_names;
    for (uint32_t i = 0; i < schema->column_count; i++) {
        sy_str known = i < SY_SYSTEM_COUNT && system != NULL ? system[i] : schema->columns[i].name;
        if (sy_schema_has_column(schema, i) &&
            (reader->dialect->nocase ? sy_str_equal_nocase(known, name)
                                     : sy_str_equal(known, name))) {
            return (int)i;
        }
    }
    return -1;
}

void sy_odata_missing(sy_odata_reader *reader, sy_str name, size_t at)
{
    if (reader->missing.fault != SY_ODATA_NO_FAULT) {
        return;
    }
    reader->missing =
        (sy_odata_error){.fault = SY_ODATA_COLUMN, .option = reader->option, .position = at};
    (void)SY_FAIL(&reader->missing.err, SY_PARSE, "%s at %zu: table %.*s has no column '%.*s'",
                  reader->option, at, SY_FMT(reader->schema->name),
                  name.size > 60 ? 60 : (int)name.size, name.data);
}

static bool is(const sy_odata_reader *reader, sy_odata_token_kind kind)
{
    return reader->token.kind == kind;
}

static bool is_word(const sy_odata_reader *reader, const char *word)
{
    return is(reader, SY_TOKEN_IDENTIFIER) && sy_str_equal(reader->token.text, sy_str_of(word));
}

static sy_rc expect(sy_odata_reader *reader, sy_odata_token_kind kind, const char *what)
{
    if (!is(reader, kind)) {
        return sy_odata_fail(reader, SY_ODATA_SYNTAX, reader->token.at, "%s expected", what);
    }
    return sy_odata_next(reader);
}

static sy_rc enter(sy_odata_reader *reader)
{
    if (++reader->depth > DEPTH_MAX) {
        return sy_odata_fail(reader, SY_ODATA_SIZE, reader->token.at, "nested too deeply");
    }
    return SY_OK;
}

static sy_rc read_binary(sy_odata_reader *reader, int strength_min, sy_odata_operand *out);

/* -- functions -- */

typedef struct function {
    sy_expr_kind kind; /* SY_EXPR_COUNT: none of that name */
    bool reversed;     /* substringof(part,text) */
} function;

static function find_function(const sy_odata_dialect *dialect, sy_str name)
{
    if (sy_str_equal(name, SY_STR("substringof"))) {
        return (function){dialect->substringof ? SY_EXPR_CONTAINS : SY_EXPR_COUNT, true};
    }
    for (int i = 0; i < SY_EXPR_COUNT; i++) {
        sy_expr_kind kind = (sy_expr_kind)i;
        const sy_expr_shape *shape = sy_expr_shape_of(kind);
        if (shape->function && shape->word != NULL && sy_str_equal(name, sy_str_of(shape->word)) &&
            (kind != SY_EXPR_CONTAINS || dialect->contains) &&
            (kind != SY_EXPR_REPLACE || dialect->replace)) {
            return (function){kind, false};
        }
    }
    return (function){SY_EXPR_COUNT, false};
}

/* The token is the bracket. More arguments than the function takes are counted and dropped. */
static sy_rc read_arguments(sy_odata_reader *reader, sy_odata_operand arguments[3], uint32_t *count)
{
    *count = 0;
    sy_rc rc = sy_odata_next(reader);
    if (rc != SY_OK || is(reader, SY_TOKEN_CLOSE)) {
        return rc == SY_OK ? sy_odata_next(reader) : rc;
    }
    for (;;) {
        sy_odata_operand argument;
        rc = read_binary(reader, 0, &argument);
        if (rc != SY_OK) {
            return rc;
        }
        if (*count < 3) {
            arguments[*count] = argument;
        }
        (*count)++;
        if (!is(reader, SY_TOKEN_COMMA)) {
            return expect(reader, SY_TOKEN_CLOSE, "')' or ','");
        }
        rc = sy_odata_next(reader);
        if (rc != SY_OK) {
            return rc;
        }
    }
}

/* The Node server's guard: not one replace within another (it looks no further back than to the
 * last bracket closed), and a constant of at most 100 characters. */
static sy_rc check_replacement(sy_odata_reader *reader, const sy_odata_operand *to)
{
    const sy_expr *expr = to->expr;
    bool bounded = expr->kind == SY_EXPR_LITERAL && expr->literal.type != SY_TYPE_NULL &&
                   expr->literal.size <= REPLACEMENT_COUNT;
    return bounded ? SY_OK
                   : sy_odata_fail(reader, SY_ODATA_FUNCTION, to->at,
                                   "the third parameter of replace is a constant of at most %d "
                                   "characters here",
                                   REPLACEMENT_COUNT);
}

static sy_rc read_function(sy_odata_reader *reader, sy_str name, size_t at, sy_odata_operand *out)
{
    function found = find_function(reader->dialect, name);
    if (found.kind == SY_EXPR_COUNT) {
        return sy_odata_fail(reader, SY_ODATA_FUNCTION, at, "unknown function '%.*s'",
                             name.size > 60 ? 60 : (int)name.size, name.data);
    }
    bool bounded = found.kind == SY_EXPR_REPLACE && reader->dialect->replace_bounded;
    if (bounded && reader->in_replace) {
        return sy_odata_fail(reader, SY_ODATA_FUNCTION, at, "calls of replace cannot be nested");
    }
    reader->in_replace = reader->in_replace || bounded;
    const sy_expr_shape *shape = sy_expr_shape_of(found.kind);
    sy_odata_operand arguments[3];
    uint32_t count = 0;
    sy_rc rc = read_arguments(reader, arguments, &count);
    reader->in_replace = false;
    if (rc == SY_OK && (count < shape->operand_min || count > shape->operand_max)) {
        rc = sy_odata_fail(reader, SY_ODATA_ARITY, at, "'%s' takes %d%s parameters, not %u",
                           shape->word, shape->operand_min,
                           shape->operand_max > shape->operand_min ? " or 3" : "", count);
    }
    if (rc == SY_OK && bounded) {
        rc = check_replacement(reader, &arguments[2]);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (found.reversed) {
        sy_odata_operand part = arguments[0];
        arguments[0] = arguments[1];
        arguments[1] = part;
    }
    rc = sy_odata_build(reader, found.kind, arguments, count, out);
    out->at = at;
    return rc;
}

/* -- primaries -- */

static sy_rc read_column(sy_odata_reader *reader, sy_str name, size_t at, sy_odata_operand *out)
{
    int column = sy_odata_column(reader, name);
    if (column < 0) {
        sy_odata_missing(reader, name, at);
        sy_value null = SY_NULL;
        return sy_odata_leaf(reader, &null, at, out);
    }
    const sy_expr *expr = sy_expr_column(reader->arena, (uint32_t)column);
    *out = (sy_odata_operand){expr, reader->schema->columns[column].type, at};
    return expr == NULL ? SY_NOMEM : SY_OK;
}

/* The Node server refuses such names, and the last part of a path is all that it looks at. */
static bool is_name(sy_str word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] == '-' || word.data[i] == '@') {
            return false;
        }
    }
    return word.size <= SY_NAME_SIZE_MAX;
}

static sy_rc read_path(sy_odata_reader *reader, sy_odata_operand *out)
{
    sy_odata_token word = reader->token;
    bool path = false;
    for (;;) {
        sy_rc rc = expect(reader, SY_TOKEN_IDENTIFIER, "identifier");
        if (rc != SY_OK) {
            return rc;
        }
        if (!is(reader, SY_TOKEN_SLASH)) {
            break;
        }
        path = true;
        rc = sy_odata_next(reader);
        if (rc != SY_OK) {
            return rc;
        }
        word = reader->token;
    }
    if (is(reader, SY_TOKEN_OPEN)) {
        return read_function(reader, word.text, word.at, out);
    }
    if (reader->dialect->loose_types && !is_name(word.text)) {
        return sy_odata_fail(reader, SY_ODATA_SYNTAX, word.at, "no name of a column");
    }
    if (path && !reader->dialect->loose_types) {
        word.text = SY_STR("/");
    }
    return read_column(reader, word.text, word.at, out);
}

static bool constant_of(sy_str word, sy_value *out)
{
    if (sy_str_equal(word, SY_STR("null"))) {
        *out = SY_NULL;
        return true;
    }
    bool truth = sy_str_equal(word, SY_STR("true"));
    *out = sy_bool(truth);
    return truth || sy_str_equal(word, SY_STR("false"));
}

static sy_rc read_word(sy_odata_reader *reader, sy_odata_operand *out)
{
    size_t at = reader->token.at;
    sy_value value = SY_NULL;
    sy_rc rc = SY_OK;
    if (sy_odata_is_typed(reader)) {
        rc = sy_odata_typed_literal(reader, &value);
    } else if (constant_of(reader->token.text, &value)) {
        rc = sy_odata_next(reader);
    } else if (reader->dialect->cast && is_word(reader, "cast") && reader->at < reader->text.size &&
               reader->text.data[reader->at] == '(') {
        rc = sy_odata_next(reader);
        rc = rc == SY_OK ? sy_odata_cast(reader, &value) : rc;
    } else {
        return read_path(reader, out);
    }
    return rc == SY_OK ? sy_odata_leaf(reader, &value, at, out) : rc;
}

static sy_rc read_literal(sy_odata_reader *reader, bool negative, size_t at, sy_odata_operand *out)
{
    sy_value value = SY_NULL;
    sy_rc rc = sy_odata_literal(reader, negative, &value);
    return rc == SY_OK ? sy_odata_leaf(reader, &value, at, out) : rc;
}

static sy_rc read_primary(sy_odata_reader *reader, sy_odata_operand *out)
{
    sy_rc rc = SY_OK;
    switch ((int)reader->token.kind) {
    case SY_TOKEN_IDENTIFIER:
        return read_word(reader, out);
    case SY_TOKEN_STRING:
    case SY_TOKEN_INTEGER:
    case SY_TOKEN_REAL:
    case SY_TOKEN_DATE:
    case SY_TOKEN_GUID:
        return read_literal(reader, false, reader->token.at, out);
    case SY_TOKEN_OPEN:
        rc = sy_odata_next(reader);
        rc = rc == SY_OK ? read_binary(reader, 0, out) : rc;
        return rc == SY_OK ? expect(reader, SY_TOKEN_CLOSE, "')' or operator") : rc;
    default:
        return sy_odata_fail(reader, SY_ODATA_SYNTAX, reader->token.at, "expression expected");
    }
}

static sy_rc read_prefixed(sy_odata_reader *reader, sy_odata_operand *out);

static sy_rc read_unary(sy_odata_reader *reader, sy_odata_operand *out)
{
    bool prefixed = is(reader, SY_TOKEN_MINUS) ||
                    (is(reader, SY_TOKEN_OPERATOR) && reader->token.op == SY_EXPR_NOT);
    sy_rc rc = enter(reader);
    if (rc == SY_OK) {
        rc = prefixed ? read_prefixed(reader, out) : read_primary(reader, out);
    }
    reader->depth--;
    return rc;
}

static sy_rc read_prefixed(sy_odata_reader *reader, sy_odata_operand *out)
{
    bool minus = is(reader, SY_TOKEN_MINUS);
    size_t at = reader->token.at;
    sy_rc rc = sy_odata_next(reader);
    if (rc != SY_OK) {
        return rc;
    }
    if (minus && (is(reader, SY_TOKEN_INTEGER) || is(reader, SY_TOKEN_REAL))) {
        return read_literal(reader, true, at, out);
    }
    sy_odata_operand operand;
    rc = read_unary(reader, &operand);
    if (rc == SY_OK && minus && reader->dialect->negate_refused) {
        rc = sy_odata_fail(reader, SY_ODATA_FUNCTION, at, "a minus before what is no number");
    }
    if (rc == SY_OK) {
        rc = sy_odata_build(reader, minus ? SY_EXPR_NEGATE : SY_EXPR_NOT, &operand, 1, out);
    }
    out->at = at;
    return rc;
}

/* -- operators -- */

/* a in ('x','y'): a eq 'x' or a eq 'y'; the token is the bracket. An empty list holds nothing. */
static sy_rc read_list(sy_odata_reader *reader, sy_odata_operand *left)
{
    sy_value none = sy_bool(false);
    sy_odata_operand any;
    sy_rc rc = expect(reader, SY_TOKEN_OPEN, "'('");
    if (rc == SY_OK && is(reader, SY_TOKEN_CLOSE)) {
        rc = sy_odata_leaf(reader, &none, left->at, &any);
    }
    for (bool first = true; rc == SY_OK && !is(reader, SY_TOKEN_CLOSE); first = false) {
        sy_odata_operand pair[2] = {*left, {.at = left->at}};
        sy_odata_operand chain[2];
        rc = first ? SY_OK : expect(reader, SY_TOKEN_COMMA, "')' or ','");
        rc = rc == SY_OK ? read_unary(reader, &pair[1]) : rc;
        rc = rc == SY_OK ? sy_odata_build(reader, SY_EXPR_EQ, pair, 2, &chain[1]) : rc;
        if (rc == SY_OK && !first) {
            chain[0] = any;
            rc = sy_odata_build(reader, SY_EXPR_OR, chain, 2, &any);
        } else if (rc == SY_OK) {
            any = chain[1];
        }
    }
    if (rc == SY_OK) {
        *left = any;
        rc = sy_odata_next(reader);
    }
    return rc;
}

/* The classic client builds an `and` of an `add` (3.4). */
static sy_expr_kind kind_of(const sy_odata_reader *reader)
{
    sy_expr_kind kind = reader->token.op;
    return kind == SY_EXPR_ADD && reader->dialect->add_is_and ? SY_EXPR_AND : kind;
}

static sy_rc read_binary(sy_odata_reader *reader, int strength_min, sy_odata_operand *out)
{
    sy_rc rc = read_unary(reader, out);
    while (rc == SY_OK) {
        if (reader->dialect->in_list && is_word(reader, "in") && strength_min <= 3) {
            rc = sy_odata_next(reader);
            rc = rc == SY_OK ? read_list(reader, out) : rc;
            continue;
        }
        if (!is(reader, SY_TOKEN_OPERATOR) || reader->token.op == SY_EXPR_NOT) {
            return SY_OK;
        }
        int strength = sy_expr_shape_of(reader->token.op)->strength;
        if (strength < strength_min) {
            return SY_OK;
        }
        sy_expr_kind kind = kind_of(reader);
        sy_odata_operand operands[2] = {*out};
        rc = sy_odata_next(reader);
        rc = rc == SY_OK ? read_binary(reader, strength + 1, &operands[1]) : rc;
        rc = rc == SY_OK ? sy_odata_build(reader, kind, operands, 2, out) : rc;
    }
    return rc;
}

sy_rc sy_odata_expression(sy_odata_reader *reader, sy_odata_operand *out)
{
    return read_binary(reader, 0, out);
}
