/* Queries for people and traces, in the words of OData: "complete eq false and qty gt 3 order by
 * text desc top 5". */
#include "core/value/query.h"

#include <inttypes.h>
#include <string.h>

#include "core/value/odata.h"

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

static void add_expr(const printer *p, const sy_expr *expr)
{
    sy_odata_write_expr(&sy_odata_sound, p->schema, expr, sy_odata_buf_sink(p->out));
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
        add_expr(&p, query->filter);
    }
    for (uint32_t i = 0; i < query->order_count; i++) {
        if (i == 0) {
            add_clause(&p, start, "order by ");
        }
        add(&p, i > 0 ? ", " : "");
        if (query->order[i].expr != NULL) {
            add_expr(&p, query->order[i].expr);
        } else {
            add_column(&p, query->order[i].column);
        }
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
