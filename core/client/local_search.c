/* The store gives all rows in their order; here each is held against the filter, in which whatever
 * looks for a part of a text has been replaced by what LIKE says of this row. */
#include "core/client/local_search.h"

static bool looks_for_part(const sy_expr *expr)
{
    const bool looks = expr->kind == SY_EXPR_CONTAINS || expr->kind == SY_EXPR_STARTS_WITH ||
                       expr->kind == SY_EXPR_ENDS_WITH;
    return looks && expr->left->kind == SY_EXPR_COLUMN && expr->right->kind == SY_EXPR_LITERAL;
}

bool sy_local_search_applies(const sy_expr *filter)
{
    return filter != NULL && (looks_for_part(filter) || sy_local_search_applies(filter->left) ||
                              sy_local_search_applies(filter->right));
}

/* -- LIKE -- */

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Where the character behind the one at `at` begins. */
static size_t next_character(sy_str text, size_t at)
{
    at++;
    while (at < text.size && ((unsigned char)text.data[at] & 0xc0) == 0x80) {
        at++;
    }
    return at;
}

/* `open`: the text may go on behind the pattern. What a `%` passes over grows by one character at a
 * time. */
static bool matches_from(sy_str pattern, sy_str text, size_t at, bool open)
{
    size_t p = 0;
    size_t back_p = SIZE_MAX; /* behind the last % */
    size_t back_at = 0;
    for (;;) {
        if (p == pattern.size && (open || at == text.size)) {
            return true;
        }
        if (p < pattern.size && pattern.data[p] == '%') {
            back_p = ++p;
            back_at = at;
        } else if (p < pattern.size && at < text.size && pattern.data[p] == '_') {
            p++;
            at = next_character(text, at);
        } else if (p < pattern.size && at < text.size &&
                   lower(pattern.data[p]) == lower(text.data[at])) {
            p++;
            at++;
        } else if (back_p != SIZE_MAX && back_at < text.size) {
            back_at = next_character(text, back_at);
            p = back_p;
            at = back_at;
        } else {
            return false;
        }
    }
}

static bool is_like(sy_expr_kind kind, sy_str part, sy_str text)
{
    const bool open = kind != SY_EXPR_ENDS_WITH;
    for (size_t at = 0; at <= text.size; at = next_character(text, at)) {
        if (matches_from(part, text, at, open)) {
            return true;
        }
        if (kind == SY_EXPR_STARTS_WITH) {
            return false;
        }
    }
    return false;
}

/* -- the filter of one row -- */

/* `1 eq 1`, `1 eq 0`, or a comparison with null. */
static const sy_expr *said(sy_arena *arena, const sy_expr *expr, const sy_row *row)
{
    const sy_value *cell = &row->cells[expr->left->column];
    const sy_value *part = &expr->right->literal;
    sy_value value = SY_NULL;
    if (cell->type == SY_TYPE_TEXT && part->type == SY_TYPE_TEXT) {
        value = sy_int(is_like(expr->kind, sy_value_str(part), sy_value_str(cell)) ? 1 : 0);
    }
    return sy_expr_binary(arena, SY_EXPR_EQ, sy_expr_literal(arena, value),
                          sy_expr_literal(arena, sy_int(1)));
}

/* NULL: no memory. */
static const sy_expr *settled(sy_arena *arena, const sy_expr *expr, const sy_row *row)
{
    if (looks_for_part(expr)) {
        return said(arena, expr, row);
    }
    if (!sy_local_search_applies(expr)) {
        return expr;
    }
    const sy_expr *const operands[3] = {
        settled(arena, expr->left, row),
        expr->right != NULL ? settled(arena, expr->right, row) : NULL,
        expr->third,
    };
    const bool failed = operands[0] == NULL || (expr->right != NULL && operands[1] == NULL);
    return failed ? NULL : sy_expr_call(arena, expr->kind, operands);
}

/* -- the rows -- */

static const sy_row *selected(const sy_query *query, sy_arena *arena, const sy_row *row)
{
    if (query->select == 0) {
        return row;
    }
    sy_row *copy = sy_row_shallow(arena, row);
    for (uint32_t i = 0; copy != NULL && i < query->schema->column_count; i++) {
        if (!sy_query_selects(query, i)) {
            copy->cells[i].type = SY_TYPE_ABSENT;
        }
    }
    return copy;
}

sy_rc sy_local_search(sy_store store, const sy_query *query, sy_arena *arena, sy_rows *out,
                      sy_err *err)
{
    sy_query every = *query;
    every.filter = NULL;
    every.skip = every.top = -1;
    every.select = 0;
    sy_rows rows = {0};
    sy_rc rc = sy_store_query(store, &every, arena, &rows, err);
    const sy_row **kept =
        rc == SY_OK ? sy_arena_push(arena, (rows.count + 1) * sizeof *kept) : NULL;
    if (kept == NULL) {
        return rc == SY_OK ? sy_fail_nomem(err) : rc;
    }
    *out = (sy_rows){.items = kept, .total = query->want_total ? 0 : -1};
    int64_t found = 0;
    for (size_t i = 0; i < rows.count; i++) {
        bool matches = false;
        every.filter = settled(arena, query->filter, rows.items[i]);
        if (every.filter == NULL ||
            sy_query_matches(&every, rows.items[i], arena->alloc, &matches) != SY_OK) {
            return sy_fail_nomem(err);
        }
        const bool before = matches && found++ < query->skip;
        if (!matches || before || (query->top >= 0 && (int64_t)out->count >= query->top)) {
            continue;
        }
        kept[out->count] = selected(query, arena, rows.items[i]);
        if (kept[out->count++] == NULL) {
            return sy_fail_nomem(err);
        }
    }
    out->total = query->want_total ? found : -1;
    return SY_OK;
}
