/* Queries as OData text, fed to a sink piece by piece. Brackets are put only where the grammar
 * would read another tree without them (strengths of query_shape.c). Conversions have no words:
 * they are what a reader does unasked. */
#include "core/value/odata.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/check.h"

typedef struct writer {
    const sy_odata_dialect *dialect;
    const sy_schema *schema;
    sy_odata_sink sink;
} writer;

static void add_str(const writer *w, sy_str text)
{
    if (text.size > 0) {
        w->sink.add(w->sink.self, text.data, text.size);
    }
}

static void add(const writer *w, const char *text)
{
    add_str(w, sy_str_of(text));
}

static void add_integer(const writer *w, int64_t integer)
{
    char text[24];
    int size = snprintf(text, sizeof text, "%" PRId64, integer);
    add_str(w, (sy_str){text, (size_t)size});
}

static void add_column(const writer *w, uint32_t column)
{
    const sy_str *names = w->dialect->system_names;
    add_str(w, column < SY_SYSTEM_COUNT && names != NULL ? names[column]
                                                         : w->schema->columns[column].name);
}

/* In single quotes, a quote doubled. */
static void add_text(const writer *w, sy_str text)
{
    add(w, "'");
    for (size_t from = 0; from < text.size;) {
        const char *quote = memchr(text.data + from, '\'', text.size - from);
        size_t end = quote == NULL ? text.size : (size_t)(quote - text.data) + 1;
        add_str(w, (sy_str){text.data + from, end - from});
        add(w, quote == NULL ? "" : "'");
        from = end;
    }
    add(w, "'");
}

static void add_bytes(const writer *w, sy_str bytes)
{
    static const char digits[] = "0123456789abcdef";
    add(w, "binary'");
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        char pair[2] = {digits[byte >> 4], digits[byte & 15]};
        add_str(w, (sy_str){pair, 2});
    }
    add(w, "'");
}

static void add_date(const writer *w, sy_time time)
{
    static const char *const before[] = {
        [SY_ODATA_DATE_OFFSET_7] = "datetimeoffset'",
        [SY_ODATA_DATE_OFFSET_3] = "datetimeoffset'",
        [SY_ODATA_DATE_TIME_3] = "datetime'",
        [SY_ODATA_DATE_CAST_3] = "cast(",
        [SY_ODATA_DATE_BARE] = "",
    };
    static const char *const after[] = {
        [SY_ODATA_DATE_OFFSET_7] = "+00:00'",
        [SY_ODATA_DATE_OFFSET_3] = "'",
        [SY_ODATA_DATE_TIME_3] = "'",
        [SY_ODATA_DATE_CAST_3] = ",Edm.DateTimeOffset)",
        [SY_ODATA_DATE_BARE] = "",
    };
    sy_odata_date form = w->dialect->date;
    int digits = 3;
    if (form == SY_ODATA_DATE_OFFSET_7) {
        digits = 7;
    } else if (form == SY_ODATA_DATE_BARE) {
        digits = time % SY_MS == 0 ? 3 : time % SY_US == 0 ? 6 : 9;
    }
    char text[SY_TIME_TEXT_SIZE];
    size_t size = sy_time_format(time, digits, text);
    size -= form == SY_ODATA_DATE_OFFSET_7 ? 1 : 0; /* the offset stands for the Z */
    add(w, before[form]);
    add_str(w, (sy_str){text, size});
    add(w, after[form]);
}

static void add_literal(const writer *w, const sy_value *literal)
{
    char text[SY_REAL_TEXT_SIZE];
    switch ((sy_type)literal->type) {
    case SY_TYPE_BOOL:
        add(w, literal->as.integer != 0 ? "true" : "false");
        return;
    case SY_TYPE_INT:
        add_integer(w, literal->as.integer);
        return;
    case SY_TYPE_REAL:
        add_str(w, (sy_str){text, sy_real_format(literal->as.real, text)});
        return;
    case SY_TYPE_TEXT:
        add_text(w, sy_value_str(literal));
        return;
    case SY_TYPE_DATETIME:
        add_date(w, literal->as.integer);
        return;
    case SY_TYPE_BLOB:
        add_bytes(w, sy_value_str(literal));
        return;
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    add(w, "null");
}

static void add_expr(const writer *w, const sy_expr *expr, int strength_min);

static void add_function(const writer *w, const sy_expr *expr, const char *word)
{
    const sy_expr *operands[3] = {expr->left, expr->right, expr->third};
    if (expr->kind == SY_EXPR_CONTAINS && !w->dialect->contains) {
        word = "substringof";
        operands[0] = expr->right;
        operands[1] = expr->left;
    }
    add(w, word);
    add(w, "(");
    for (int i = 0; i < 3 && operands[i] != NULL; i++) {
        add(w, i > 0 ? "," : "");
        add_expr(w, operands[i], 0);
    }
    add(w, ")");
}

/* A minus before a number would be the number's own, and "not not" is hard to read. */
static void add_prefix(const writer *w, const sy_expr *expr, const sy_expr_shape *shape)
{
    bool number = expr->kind == SY_EXPR_NEGATE && expr->left->kind == SY_EXPR_LITERAL;
    add(w, shape->word);
    add(w, expr->kind == SY_EXPR_NEGATE ? "" : " ");
    add(w, number ? "(" : "");
    add_expr(w, expr->left, shape->strength + 1);
    add(w, number ? ")" : "");
}

static void add_infix(const writer *w, const sy_expr *expr, const sy_expr_shape *shape)
{
    bool comparison = shape->operands[0] == SY_OPERAND_LIKE;
    add_expr(w, expr->left, comparison ? shape->strength + 1 : shape->strength);
    add(w, " ");
    add(w, shape->word);
    add(w, " ");
    add_expr(w, expr->right, shape->strength + 1);
}

static void add_expr(const writer *w, const sy_expr *expr, int strength_min)
{
    const sy_expr_shape *shape = sy_expr_shape_of(expr->kind);
    if (expr->kind == SY_EXPR_LITERAL) {
        add_literal(w, &expr->literal);
    } else if (expr->kind == SY_EXPR_COLUMN) {
        add_column(w, expr->column);
    } else if (shape->word == NULL) {
        add_expr(w, expr->left, strength_min);
    } else if (shape->function) {
        add_function(w, expr, shape->word);
    } else {
        bool brackets =
            shape->strength < strength_min || (w->dialect->brackets && shape->operand_max == 2);
        add(w, brackets ? "(" : "");
        if (shape->operand_max == 1) {
            add_prefix(w, expr, shape);
        } else {
            add_infix(w, expr, shape);
        }
        add(w, brackets ? ")" : "");
    }
}

void sy_odata_write_expr(const sy_odata_dialect *dialect, const sy_schema *schema,
                         const sy_expr *expr, sy_odata_sink sink)
{
    writer w = {.dialect = dialect, .schema = schema, .sink = sink};
    add_expr(&w, expr, 0);
}

bool sy_odata_has(const sy_odata_dialect *dialect, const sy_query *query, sy_odata_part part)
{
    switch (part) {
    case SY_ODATA_FILTER:
        return query->filter != NULL;
    case SY_ODATA_ORDERBY:
        return query->order_count > 0;
    case SY_ODATA_SKIP:
        return query->skip > 0 || (query->skip == 0 && dialect->skip_zero);
    case SY_ODATA_TOP:
        return query->top >= 0;
    case SY_ODATA_SELECT:
        return query->select != 0;
    case SY_ODATA_COUNT:
        return query->want_total;
    case SY_ODATA_PART_COUNT:
        break;
    }
    return false;
}

const char *sy_odata_part_name(const sy_odata_dialect *dialect, sy_odata_part part)
{
    static const char *const names[SY_ODATA_PART_COUNT] = {
        [SY_ODATA_FILTER] = "$filter", [SY_ODATA_ORDERBY] = "$orderby", [SY_ODATA_SKIP] = "$skip",
        [SY_ODATA_TOP] = "$top",       [SY_ODATA_SELECT] = "$select",   [SY_ODATA_COUNT] = "$count",
    };
    SY_ASSERT((unsigned)part < SY_ODATA_PART_COUNT);
    return part == SY_ODATA_COUNT && dialect->inline_count ? "$inlinecount" : names[part];
}

static void add_orders(const writer *w, const sy_query *query)
{
    for (uint32_t i = 0; i < query->order_count; i++) {
        const sy_order *order = &query->order[i];
        add(w, i > 0 ? "," : "");
        if (order->expr != NULL) {
            add_expr(w, order->expr, 0);
        } else {
            add_column(w, order->column);
        }
        add(w, order->descending ? " desc" : "");
    }
}

static void add_selection(const writer *w, uint64_t select)
{
    const char *separator = "";
    for (uint32_t i = 0; i < w->schema->column_count; i++) {
        if ((select >> i & 1) != 0) {
            add(w, separator);
            add_column(w, i);
            separator = ",";
        }
    }
}

void sy_odata_write(const sy_odata_dialect *dialect, const sy_query *query, sy_odata_part part,
                    sy_odata_sink sink)
{
    writer w = {.dialect = dialect, .schema = query->schema, .sink = sink};
    switch (part) {
    case SY_ODATA_FILTER:
        add_expr(&w, query->filter, 0);
        return;
    case SY_ODATA_ORDERBY:
        add_orders(&w, query);
        return;
    case SY_ODATA_SKIP:
        add_integer(&w, query->skip);
        return;
    case SY_ODATA_TOP:
        add_integer(&w, query->top == SY_ODATA_TOP_ALL ? -1 : query->top);
        return;
    case SY_ODATA_SELECT:
        add_selection(&w, query->select);
        return;
    case SY_ODATA_COUNT:
        add(&w, dialect->inline_count ? "allpages" : "true");
        return;
    case SY_ODATA_PART_COUNT:
        break;
    }
    SY_UNREACHABLE();
}

static void append(void *self, const char *text, size_t size)
{
    sy_buf_add(self, text, size);
}

sy_odata_sink sy_odata_buf_sink(sy_buf *buf)
{
    return (sy_odata_sink){.add = append, .self = buf};
}

void sy_odata_write_text(const sy_odata_dialect *dialect, const sy_query *query, sy_odata_part part,
                         sy_buf *out)
{
    sy_odata_write(dialect, query, part, sy_odata_buf_sink(out));
}
