/* Queries for people and traces: "complete eq false and qty gt 3 order by text desc top 5". */
#include "core/value/query.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/check.h"

typedef struct printer {
    const sy_schema *schema;
    sy_buf *out;
} printer;

static void add(const printer *p, const char *text)
{
    sy_buf_add(p->out, text, strlen(text));
}

static void add_column(const printer *p, uint32_t column)
{
    sy_buf_add_str(p->out, p->schema->columns[column].name);
}

/* In single quotes, a quote doubled. */
static void add_text(const printer *p, sy_str text)
{
    sy_buf_add_char(p->out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\'') {
            sy_buf_add_char(p->out, '\'');
        }
        sy_buf_add_char(p->out, text.data[i]);
    }
    sy_buf_add_char(p->out, '\'');
}

static void add_literal(const printer *p, const sy_value *literal)
{
    char text[SY_TIME_TEXT_SIZE];
    if (literal->type == SY_TYPE_TEXT) {
        add_text(p, sy_value_str(literal));
    } else if (literal->type == SY_TYPE_DATETIME) {
        sy_time time = literal->as.integer;
        int digits = time % SY_MS == 0 ? 3 : time % SY_US == 0 ? 6 : 9;
        sy_buf_add(p->out, text, sy_time_format(time, digits, text));
    } else {
        sy_value_to_json(literal, p->out);
    }
}

static const char *word_of(sy_expr_kind kind)
{
    static const char *const words[SY_EXPR_COUNT] = {
        [SY_EXPR_AND] = " and ",
        [SY_EXPR_OR] = " or ",
        [SY_EXPR_EQ] = " eq ",
        [SY_EXPR_NE] = " ne ",
        [SY_EXPR_GT] = " gt ",
        [SY_EXPR_GE] = " ge ",
        [SY_EXPR_LT] = " lt ",
        [SY_EXPR_LE] = " le ",
        [SY_EXPR_CONTAINS] = "contains(",
        [SY_EXPR_STARTS_WITH] = "startswith(",
        [SY_EXPR_ENDS_WITH] = "endswith(",
        [SY_EXPR_NOT] = "not ",
    };
    SY_ASSERT(kind < SY_EXPR_COUNT && words[kind] != NULL);
    return words[kind];
}

/* How tightly it binds; an operand that binds less is put in brackets. */
static int strength_of(sy_expr_kind kind)
{
    switch (kind) {
    case SY_EXPR_OR:
        return 1;
    case SY_EXPR_AND:
        return 2;
    case SY_EXPR_EQ:
    case SY_EXPR_NE:
    case SY_EXPR_GT:
    case SY_EXPR_GE:
    case SY_EXPR_LT:
    case SY_EXPR_LE:
        return 3;
    case SY_EXPR_NOT:
        return 4;
    case SY_EXPR_LITERAL:
    case SY_EXPR_COLUMN:
    case SY_EXPR_CONTAINS:
    case SY_EXPR_STARTS_WITH:
    case SY_EXPR_ENDS_WITH:
    case SY_EXPR_COUNT:
        break;
    }
    return 5;
}

static void add_expr(const printer *p, const sy_expr *expr, int strength_min)
{
    int strength = strength_of(expr->kind);
    bool brackets = strength < strength_min;
    add(p, brackets ? "(" : "");
    if (expr->kind == SY_EXPR_LITERAL) {
        add_literal(p, &expr->literal);
    } else if (expr->kind == SY_EXPR_COLUMN) {
        add_column(p, expr->column);
    } else if (expr->kind == SY_EXPR_NOT) {
        add(p, word_of(expr->kind));
        add_expr(p, expr->left, strength + 1);
    } else if (strength == 5) {
        add(p, word_of(expr->kind));
        add_expr(p, expr->left, 0);
        add(p, ",");
        add_expr(p, expr->right, 0);
        add(p, ")");
    } else {
        add_expr(p, expr->left, strength == 3 ? strength + 1 : strength);
        add(p, word_of(expr->kind));
        add_expr(p, expr->right, strength + 1);
    }
    add(p, brackets ? ")" : "");
}

/* A space, except at the start of the text. */
static void add_clause(const printer *p, size_t start, const char *words)
{
    add(p, p->out->size > start ? " " : "");
    add(p, words);
}

void sy_query_to_text(const sy_query *query, sy_buf *out)
{
    printer p = {.schema = query->schema, .out = out};
    size_t start = out->size;
    if (query->filter != NULL) {
        add_expr(&p, query->filter, 0);
    }
    for (uint32_t i = 0; i < query->order_count; i++) {
        if (i == 0) {
            add_clause(&p, start, "order by ");
        }
        add(&p, i > 0 ? ", " : "");
        add_column(&p, query->order[i].column);
        add(&p, query->order[i].descending ? " desc" : "");
    }
    if (query->skip >= 0) {
        add_clause(&p, start, "skip ");
        sy_buf_printf(out, "%" PRId64, query->skip);
    }
    if (query->top >= 0) {
        add_clause(&p, start, "top ");
        sy_buf_printf(out, "%" PRId64, query->top);
    }
    const char *separator = NULL;
    for (uint32_t i = 0; i < query->schema->column_count; i++) {
        if ((query->select >> i & 1) != 0) {
            if (separator == NULL) {
                add_clause(&p, start, "select ");
            }
            add(&p, separator == NULL ? "" : separator);
            add_column(&p, i);
            separator = ", ";
        }
    }
}
