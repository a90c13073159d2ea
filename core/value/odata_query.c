/* The query options of OData as a query (protocol.md 3.4). */
#include "core/value/odata_internal.h"

#include "core/base/check.h"

/* Strict and out of range in one: -1. */
static int64_t count_of(sy_str text)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = text.data[i] - '0';
        if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10) {
            return -1;
        }
        value = value * 10 + digit;
    }
    return text.size == 0 ? -1 : value;
}

#define PARSED_MAX (INT64_MAX - 1)

/* As much of a number as the text begins with; false: none. At most PARSED_MAX. */
static bool parse_int(sy_str text, int64_t *out)
{
    text = sy_odata_trim(text);
    bool negative = text.size > 0 && text.data[0] == '-';
    size_t at = negative || (text.size > 0 && text.data[0] == '+') ? 1 : 0;
    size_t from = at;
    int64_t value = 0;
    for (; at < text.size && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
        int digit = text.data[at] - '0';
        value = value > (PARSED_MAX - digit) / 10 ? PARSED_MAX : value * 10 + digit;
    }
    *out = negative ? -value : value;
    return at > from;
}

static sy_rc read_skip(sy_odata_reader *reader, sy_str text, sy_query *query)
{
    int64_t value = 0;
    if (reader->dialect->javascript) {
        query->skip = parse_int(text, &value) && value >= 0 ? value : -1;
        return query->skip < PARSED_MAX
                   ? SY_OK
                   : sy_odata_fail(reader, SY_ODATA_NUMBER, 0, "too large a number");
    }
    query->skip = count_of(text);
    return query->skip >= 0 ? SY_OK
                            : sy_odata_fail(reader, SY_ODATA_NUMBER, 0, "a count is wanted");
}

static sy_rc read_top(sy_odata_reader *reader, sy_str text, sy_query *query)
{
    int64_t value = 0;
    if (reader->dialect->javascript) {
        bool given = parse_int(text, &value) && value != 0;
        query->top = !given ? -1 : value < 0 ? SY_ODATA_TOP_ALL : value;
        return SY_OK;
    }
    query->top = count_of(text);
    query->top -= query->top == SY_ODATA_TOP_ALL ? 1 : 0;
    return query->top >= 0 ? SY_OK : sy_odata_fail(reader, SY_ODATA_NUMBER, 0, "a count is wanted");
}

static sy_rc read_filter(sy_odata_reader *reader, const sy_expr **out)
{
    *out = NULL;
    sy_odata_operand node;
    sy_rc rc = sy_odata_next(reader);
    if (rc == SY_OK) {
        rc = sy_odata_expression(reader, &node);
    }
    if (rc == SY_OK && reader->token.kind != SY_TOKEN_END) {
        rc = sy_odata_fail(reader, SY_ODATA_SYNTAX, reader->token.at,
                           "an operator or the end expected");
    }
    if (rc == SY_OK) {
        rc = sy_odata_condition(reader, &node);
    }
    if (rc == SY_OK) {
        *out = node.expr;
    }
    return rc;
}

/* -- $orderby -- */

#define ITEM_COUNT_MAX 16

typedef struct order_item {
    sy_str word;
    bool descending;
} order_item;

/* An item is cut at single spaces: the second word is the direction, the rest is dropped. */
static order_item item_of(sy_str text)
{
    sy_str item = sy_odata_trim(text);
    size_t word = 0;
    while (word < item.size && item.data[word] != ' ') {
        word++;
    }
    bool descending = item.size >= word + 5 &&
                      sy_str_equal_nocase((sy_str){item.data + word + 1, 4}, SY_STR("desc")) &&
                      (item.size == word + 5 || item.data[word + 5] == ' ');
    return (order_item){{item.data, word}, descending};
}

/* The items between commas. A word that comes again only changes the direction. */
static sy_rc cut_items(sy_odata_reader *reader, sy_str text, order_item items[ITEM_COUNT_MAX],
                       size_t *count)
{
    *count = 0;
    for (size_t at = 0; at <= text.size;) {
        size_t end = at;
        while (end < text.size && text.data[end] != ',') {
            end++;
        }
        order_item item = item_of((sy_str){text.data + at, end - at});
        size_t same = 0;
        while (same < *count && !sy_str_equal(items[same].word, item.word)) {
            same++;
        }
        if (same == ITEM_COUNT_MAX) {
            return sy_odata_fail(reader, SY_ODATA_SIZE, at, "too many columns");
        }
        *count += same == *count ? 1 : 0;
        items[same] = item;
        at = end + 1;
    }
    return SY_OK;
}

/* What the Node server makes of $orderby before it reads it by the grammar. */
static sy_rc cut_words(sy_odata_reader *reader, sy_str text, sy_str *out)
{
    order_item items[ITEM_COUNT_MAX];
    size_t count = 0;
    sy_rc rc = cut_items(reader, text, items, &count);
    if (rc != SY_OK) {
        return rc;
    }
    sy_buf made;
    sy_buf_init(&made, reader->arena->alloc);
    for (size_t i = 0; i < count; i++) {
        sy_buf_add(&made, ",", i == 0 ? 0 : 1);
        sy_buf_add_str(&made, items[i].word);
        sy_buf_add_str(&made, items[i].descending ? SY_STR(" desc") : SY_STR(""));
    }
    *out = made.failed ? (sy_str){NULL, 0} : sy_arena_copy(reader->arena, sy_buf_str(&made));
    sy_buf_deinit(&made);
    return out->data == NULL ? SY_NOMEM : SY_OK;
}

static bool pass_word(sy_odata_reader *reader, const char *word, sy_rc *rc)
{
    if (*rc != SY_OK || reader->token.kind != SY_TOKEN_IDENTIFIER ||
        !sy_str_equal(reader->token.text, sy_str_of(word))) {
        return false;
    }
    *rc = sy_odata_next(reader);
    return true;
}

static sy_rc read_order(sy_odata_reader *reader, sy_order *out)
{
    sy_odata_operand node;
    sy_rc rc = sy_odata_expression(reader, &node);
    if (rc != SY_OK) {
        return rc;
    }
    bool column = node.expr->kind == SY_EXPR_COLUMN;
    *out = (sy_order){.column = column ? node.expr->column : 0, .expr = column ? NULL : node.expr};
    if (!pass_word(reader, "asc", &rc)) {
        out->descending = pass_word(reader, "desc", &rc);
    }
    return rc;
}

static sy_rc read_orders(sy_odata_reader *reader, sy_query *query)
{
    sy_rc rc = SY_OK;
    do { /* at the start, or at a comma */
        if (query->order_count == SY_ORDER_COUNT_MAX) {
            return sy_odata_fail(reader, SY_ODATA_SIZE, reader->token.at, "at most %d columns",
                                 SY_ORDER_COUNT_MAX);
        }
        rc = sy_odata_next(reader);
        if (rc == SY_OK) {
            rc = read_order(reader, &query->order[query->order_count]);
        }
        query->order_count += rc == SY_OK ? 1 : 0;
    } while (rc == SY_OK && reader->token.kind == SY_TOKEN_COMMA);
    if (rc == SY_OK && reader->token.kind != SY_TOKEN_END) {
        rc =
            sy_odata_fail(reader, SY_ODATA_SYNTAX, reader->token.at, "a comma or the end expected");
    }
    return rc;
}

static sy_rc read_orderby(sy_odata_reader *reader, sy_str text, sy_query *query)
{
    sy_rc rc = SY_OK;
    query->order_count = 0;
    if (reader->dialect->order_by_words && text.size > 0) {
        rc = cut_words(reader, text, &text);
    }
    if (rc != SY_OK || text.size == 0) {
        return rc;
    }
    sy_odata_begin(reader, reader->option, text);
    return read_orders(reader, query);
}

/* -- $select -- */

static bool is_identifier(sy_str name)
{
    bool good = name.size > 0 && name.size <= SY_NAME_SIZE_MAX;
    for (size_t i = 0; good && i < name.size; i++) {
        char c = name.data[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               (i > 0 && c >= '0' && c <= '9');
    }
    return good;
}

static sy_rc read_select(sy_odata_reader *reader, sy_str text, sy_query *query)
{
    query->select = 0;
    bool all = false;
    text = sy_odata_trim(text);
    for (size_t at = 0; text.size > 0 && at <= text.size;) {
        size_t end = at;
        while (end < text.size && text.data[end] != ',') {
            end++;
        }
        sy_str name = sy_odata_trim((sy_str){text.data + at, end - at});
        if (sy_str_equal(name, SY_STR("*")) && !reader->dialect->loose_types) {
            all = true;
        } else if (!is_identifier(name)) {
            return sy_odata_fail(reader, SY_ODATA_SYNTAX, at, "a list of columns expected");
        } else {
            int column = sy_odata_column(reader, name);
            if (column < 0) {
                sy_odata_missing(reader, name, at);
            } else {
                query->select |= UINT64_C(1) << column;
            }
        }
        at = end + 1;
    }
    query->select = all ? 0 : query->select;
    return SY_OK;
}

/* -- all options -- */

static sy_rc read_total(sy_odata_reader *reader, bool inlined, sy_str text, sy_query *query)
{
    const char *yes = inlined ? "allpages" : "true";
    const char *no = inlined ? "none" : "false";
    query->want_total = sy_str_equal(text, sy_str_of(yes));
    if (!query->want_total && !reader->dialect->javascript && !sy_str_equal(text, sy_str_of(no))) {
        return sy_odata_fail(reader, SY_ODATA_OPTION, 0, "'%s' or '%s' expected", yes, no);
    }
    return SY_OK;
}

enum {
    OPTION_FILTER,
    OPTION_ORDERBY,
    OPTION_SKIP,
    OPTION_TOP,
    OPTION_SELECT,
    OPTION_INLINECOUNT,
    OPTION_COUNT,
    OPTION_END
};

static const char *const option_names[OPTION_END] = {"$filter", "$orderby",     "$skip", "$top",
                                                     "$select", "$inlinecount", "$count"};

/* OPTION_END: none that this dialect knows. */
static int option_of(const sy_odata_dialect *dialect, sy_str name)
{
    for (int i = 0; i < OPTION_END; i++) {
        if (sy_str_equal(name, sy_str_of(option_names[i])) &&
            (i != OPTION_INLINECOUNT || dialect->inline_count) &&
            (i != OPTION_COUNT || dialect->count)) {
            return i;
        }
    }
    return OPTION_END;
}

static sy_rc read_option(sy_odata_reader *reader, int option, sy_str text, sy_query *query)
{
    sy_odata_begin(reader, option_names[option], text);
    if (text.size > SY_ODATA_SIZE_MAX) {
        return sy_odata_fail(reader, SY_ODATA_SIZE, SY_ODATA_SIZE_MAX, "too long");
    }
    switch (option) {
    case OPTION_FILTER:
        query->filter = NULL;
        return text.size == 0 ? SY_OK : read_filter(reader, &query->filter);
    case OPTION_ORDERBY:
        return read_orderby(reader, reader->text, query);
    case OPTION_SKIP:
        return read_skip(reader, text, query);
    case OPTION_TOP:
        return read_top(reader, text, query);
    case OPTION_SELECT:
        return read_select(reader, text, query);
    default:
        return read_total(reader, option == OPTION_INLINECOUNT, text, query);
    }
}

/* What is left when every option was read: a column that is missing, and a size that neither back
 * end takes. */
static sy_rc finish(sy_odata_reader *reader, const sy_query *query)
{
    if (reader->missing.fault != SY_ODATA_NO_FAULT) {
        *reader->error = reader->missing;
        return SY_PARSE;
    }
    sy_err err = {0};
    sy_rc rc = sy_query_check(query, &err);
    if (rc != SY_OK) {
        return sy_odata_fail(reader, rc == SY_LIMIT ? SY_ODATA_SIZE : SY_ODATA_TYPE, 0, "%s",
                             err.text);
    }
    return SY_OK;
}

static sy_rc read_one(sy_odata_reader *reader, const sy_odata_option *option, uint32_t *seen,
                      sy_query *query)
{
    const sy_odata_dialect *dialect = reader->dialect;
    if (option->name.size == 0 || option->name.data[0] != '$') {
        return SY_OK;
    }
    int known = option_of(dialect, option->name);
    if (known == OPTION_END) {
        reader->option = "query";
        return !dialect->unknown_refused
                   ? SY_OK
                   : sy_odata_fail(reader, SY_ODATA_OPTION, 0, "unknown option '%.*s'",
                                   option->name.size > 60 ? 60 : (int)option->name.size,
                                   option->name.data);
    }
    bool again = (*seen >> known & 1) != 0;
    *seen |= UINT32_C(1) << known;
    reader->option = option_names[known];
    if (again) {
        return dialect->repeated_refused
                   ? sy_odata_fail(reader, SY_ODATA_OPTION, 0, "given more than once")
                   : SY_OK;
    }
    return read_option(reader, known, option->value, query);
}

sy_rc sy_odata_read(const sy_odata_dialect *dialect, const sy_schema *schema,
                    const sy_odata_options *options, sy_arena *arena, sy_query *out,
                    sy_odata_error *error)
{
    sy_odata_error unheard;
    sy_odata_reader reader = {.dialect = dialect,
                              .schema = schema,
                              .arena = arena,
                              .option = "query",
                              .error = error == NULL ? &unheard : error};
    *reader.error = (sy_odata_error){.option = reader.option};
    sy_query query = sy_query_all(schema);
    uint32_t seen = 0;
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; rc == SY_OK && i < options->count; i++) {
        rc = read_one(&reader, &options->items[i], &seen, &query);
    }
    if (rc == SY_OK) {
        rc = finish(&reader, &query);
    }
    if (rc == SY_OK) {
        *out = query;
    } else if (rc == SY_NOMEM) {
        (void)sy_fail_nomem(&reader.error->err);
    }
    return rc;
}

sy_rc sy_odata_read_filter(const sy_odata_dialect *dialect, const sy_schema *schema, sy_str text,
                           sy_arena *arena, const sy_expr **out, sy_odata_error *error)
{
    sy_odata_option filter = {SY_STR("$filter"), text};
    sy_odata_options options = {&filter, 1};
    sy_query query;
    sy_rc rc = sy_odata_read(dialect, schema, &options, arena, &query, error);
    if (rc == SY_OK) {
        *out = query.filter;
    }
    return rc;
}
