/* Reads: one row, a page by $skip, a page by commit sequence. protocol.md 2.3.
 *
 * Where a page goes on is text of ours (core/wire/place.h): after so many rows, or behind a commit
 * sequence. In a first pull with a filter it names the horizon of its first page, too: what was
 * committed since then comes whether it matches or not, as it may have left the filter after it was
 * sent.
 *
 * The store is asked for a page and one more row, so its rows go into the answer's memory at once.
 */
#include "core/base/check.h"
#include "core/base/mutant.h"
#include "core/server/internal.h"
#include "core/value/odata.h"
#include "core/wire/place.h"

#define NOT_GIVEN SY_PLACE_NOT_GIVEN

/* -- shared -- */

static int64_t min_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t page_size_of(const sy_served_table *table, const sy_request *request)
{
    int64_t size = table->options.page_size;
    return request->page_size_max > 0 ? min_of(size, request->page_size_max) : size;
}

/* The rows of the page as clients see them. */
static sy_rc answer_rows(sy_server *server, uint64_t select, sy_rows *rows, sy_arena *arena,
                         sy_err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        rows->items[i] = sy_served_row_seen(server, rows->items[i], select, arena);
        if (rows->items[i] == NULL) {
            return sy_fail_nomem(err);
        }
    }
    return SY_OK;
}

sy_rc sy_query_of_request(sy_server *server, const sy_served_table *table,
                          const sy_request *request, sy_query *out, sy_err *err)
{
    *out = sy_query_all(table->schema);
    if (request->query != NULL) {
        sy_rc rc = sy_query_map(request->query, table->schema, &server->scratch, out, err);
        if (rc == SY_OK) {
            rc = sy_query_check(out, err);
        }
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (server->config.dialect->order_inserted && out->order_count < SY_ORDER_COUNT_MAX) {
        out->order[out->order_count++] = (sy_order){.column = SY_COLUMN_CREATED_AT};
    }
    return SY_OK;
}

static const sy_expr *compare(sy_arena *arena, sy_expr_kind kind, uint32_t column, sy_value value)
{
    return sy_expr_binary(arena, kind, sy_expr_column(arena, column),
                          sy_expr_literal(arena, value));
}

/* -- pages by $skip -- */

static sy_rc hide_deleted(sy_query *query, sy_arena *arena, sy_err *err)
{
    const sy_expr *live = compare(arena, SY_EXPR_EQ, SY_COLUMN_DELETED, sy_bool(false));
    if (live == NULL || sy_expr_and(arena, query->filter, live, &query->filter) != SY_OK) {
        return sy_fail_nomem(err);
    }
    return SY_OK;
}

/* How many rows the page may have; -1: no limit. */
static int64_t limit_of(const sy_server *server, const sy_served_table *table,
                        const sy_request *request, int64_t top)
{
    int64_t limit = page_size_of(table, request);
    if (server->config.dialect->page_rule == SY_PAGE_IS_TOP) {
        return top > 0 ? (top == SY_ODATA_TOP_ALL ? -1 : top) : limit;
    }
    return top != NOT_GIVEN ? min_of(limit, top) : limit;
}

/* Where the next page begins; no `next` when there is none: the rows, or the $top that was asked
 * for, are used up. `more`: rows lie beyond this page. */
static sy_rc next_by_skip(const sy_server *server, const sy_query *query, int64_t limit, bool more,
                          sy_arena *arena, sy_response *out, sy_err *err)
{
    int64_t count = (int64_t)out->rows.count;
    sy_place place = {.skip = (query->skip > 0 ? query->skip : 0) + count,
                      .top = query->top,
                      .after = NOT_GIVEN,
                      .first = NOT_GIVEN};
    if (server->config.dialect->page_rule == SY_PAGE_IS_TOP) {
        place.top = limit;
        more = count == limit;
    } else if (query->top != NOT_GIVEN) {
        place.top = query->top - count;
        more = more && place.top > 0;
    }
    return more && limit > 0 ? sy_place_write(&place, arena, &out->next, err) : SY_OK;
}

static sy_rc serve_by_skip(sy_server *server, const sy_served_table *table,
                           const sy_request *request, const sy_place *place, sy_arena *arena,
                           sy_response *out, sy_err *err)
{
    const sy_server_dialect *dialect = server->config.dialect;
    sy_query query;
    sy_rc rc = sy_query_of_request(server, table, request, &query, err);
    if (rc == SY_SCHEMA && dialect->unknown_is_empty && table->options.dynamic_schema) {
        out->status = 200; /* a column that nobody has written yet */
        return SY_OK;
    }
    if (rc == SY_SCHEMA && dialect->status_unknown != 0) {
        sy_response_refuse(out, dialect->status_unknown, "the table has no such column");
        return SY_OK;
    }
    if (rc != SY_OK) {
        return rc;
    }
    query.skip = place->skip != NOT_GIVEN ? place->skip : query.skip;
    query.top = place->top != NOT_GIVEN ? place->top : query.top;
    int64_t top_max = table->options.top_max;
    if (top_max > 0 && query.top > top_max && query.top != SY_ODATA_TOP_ALL) {
        sy_response_refuse(out, 400, "$top is too large");
        return SY_OK;
    }
    if (table->options.soft_delete && !request->include_deleted) {
        rc = hide_deleted(&query, &server->scratch, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    int64_t limit = limit_of(server, table, request, query.top);
    bool looks_ahead = dialect->page_rule == SY_PAGE_CUTS_TOP && limit > 0;
    sy_query asked = query;
    asked.top = limit + looks_ahead; /* one more shows whether there are more */
    rc = sy_store_query(server->config.store, &asked, arena, &out->rows, err);
    if (rc != SY_OK) {
        return rc;
    }
    bool more = looks_ahead && out->rows.count > (size_t)limit;
    out->rows.count = more ? (size_t)limit : out->rows.count;
    out->status = 200;
    if (!dialect->next_needs_v3 || request->api_version != 2) {
        rc = next_by_skip(server, &query, limit, more, arena, out, err);
    }
    return rc == SY_OK ? answer_rows(server, query.select, &out->rows, arena, err) : rc;
}

/* -- pages by commit sequence -- */

typedef struct sequence_page {
    int64_t after;         /* sequences above it, */
    int64_t upto;          /* up to the horizon */
    const sy_expr *filter; /* the first pull's; NULL: every row that changed */
    int64_t first;         /* the filter is for sequences up to it */
    int64_t limit;
    sy_arena *arena; /* of the rows */
} sequence_page;

/* The rows of changes that are still the last ones of their rows. */
static sy_rc read_changes(sy_server *server, const sy_served_table *table,
                          const sequence_page *page, const sy_change *const *changes, size_t count,
                          sy_rows *out, sy_err *err)
{
    sy_arena *arena = page->arena;
    sy_query filter = sy_query_all(table->schema);
    filter.filter = page->filter;
    out->items = sy_arena_push(arena, (count + 1) * sizeof(const sy_row *));
    if (out->items == NULL) {
        return sy_fail_nomem(err);
    }
    for (size_t i = 0; i < count && (int64_t)out->count <= page->limit; i++) {
        const sy_row *row = NULL;
        sy_str id = {changes[i]->id, changes[i]->id_size};
        sy_rc rc = sy_store_read(server->config.store, table->schema, id, arena, &row, err);
        if (rc != SY_OK) {
            return rc;
        }
        if (row == NULL || row->cells[SY_COLUMN_SEQUENCE].as.integer != changes[i]->sequence) {
            continue;
        }
        bool wanted = page->filter == NULL || changes[i]->sequence > page->first;
        if (!wanted && sy_query_matches(&filter, row, arena->alloc, &wanted) != SY_OK) {
            return sy_fail_nomem(err);
        }
        if (wanted) {
            out->items[out->count++] = row;
        }
    }
    return SY_OK;
}

/* Asks the store: a scan, as long as the store has no index on the sequence. */
static sy_rc scan_changes(sy_server *server, const sy_served_table *table,
                          const sequence_page *page, sy_rows *out, sy_err *err)
{
    sy_arena *arena = &server->scratch;
    sy_query query = sy_query_all(table->schema);
    const sy_expr *after = compare(arena, SY_EXPR_GT, SY_COLUMN_SEQUENCE, sy_int(page->after));
    const sy_expr *upto = compare(arena, SY_EXPR_LE, SY_COLUMN_SEQUENCE, sy_int(page->upto));
    const sy_expr *range = sy_expr_binary(arena, SY_EXPR_AND, after, upto);
    const sy_expr *filter = page->filter;
    if (filter != NULL && page->first < page->upto) {
        const sy_expr *later = compare(arena, SY_EXPR_GT, SY_COLUMN_SEQUENCE, sy_int(page->first));
        filter = sy_expr_binary(arena, SY_EXPR_OR, filter, later);
        range = filter != NULL ? range : NULL;
    }
    if (range == NULL || sy_expr_and(arena, range, filter, &query.filter) != SY_OK) {
        return sy_fail_nomem(err);
    }
    query.order[0] = (sy_order){.column = SY_COLUMN_SEQUENCE};
    query.order_count = 1;
    query.top = page->limit + 1;
    return sy_store_query(server->config.store, &query, page->arena, out, err);
}

static sy_rc read_page(sy_server *server, const sy_served_table *table, const sequence_page *page,
                       sy_rows *out, sy_err *err)
{
    const sy_change *const *changes = NULL;
    size_t count = 0;
    bool known = false;
    sy_rc rc = sy_change_log_since(&table->changes, page->after, page->upto, &server->scratch,
                                   &known, &changes, &count, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (!known) {
        return scan_changes(server, table, page, out, err);
    }
    return count > 0 ? read_changes(server, table, page, changes, count, out, err) : SY_OK;
}

/* A page that has a successor vouches for the sequences up to its last row only. */
static sy_rc serve_by_sequence(sy_server *server, const sy_served_table *table,
                               const sy_request *request, const sy_place *place, sy_arena *arena,
                               sy_response *out, sy_err *err)
{
    sy_query query;
    sy_rc rc = sy_query_of_request(server, table, request, &query, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_str epoch = server->config.epoch;
    bool same = request->epoch.size == 0 || sy_str_equal(request->epoch, epoch);
    int64_t since = same ? request->since_sequence : 0;
    if (since > 0 && since < server->cleaned) {
        *out = (sy_response){.status = 200, .rows.total = -1, .epoch = epoch};
        return SY_OK; /* a horizon of 0: nothing is vouched for */
    }
    bool goes_on = same && place->after != NOT_GIVEN;
    sequence_page page = {.after = goes_on ? place->after : since,
                          .upto = sy_server_horizon(server),
                          .filter = since == 0 || SY_MUTANT(FILTER_FOR_EVER) ? query.filter : NULL,
                          .limit = page_size_of(table, request),
                          .arena = arena};
    page.first = goes_on && place->first != NOT_GIVEN ? place->first : page.upto;
    if (query.top > 0) {
        page.limit = min_of(page.limit, query.top);
    }
    out->rows = (sy_rows){.total = -1};
    rc = read_page(server, table, &page, &out->rows, err);
    if (rc != SY_OK) {
        return rc;
    }
    out->status = 200;
    out->epoch = epoch;
    out->horizon = page.upto;
    if ((int64_t)out->rows.count > page.limit) {
        out->rows.count = (size_t)page.limit;
        SY_ASSERT(out->rows.items != NULL);
        const sy_row *last = out->rows.items[out->rows.count - 1];
        const int64_t reached = last->cells[SY_COLUMN_SEQUENCE].as.integer;
        out->horizon = SY_MUTANT(PAGE_VOUCHES_FOR_ALL) ? page.upto : reached;
        sy_place next = {NOT_GIVEN, NOT_GIVEN, reached,
                         page.filter != NULL ? page.first : NOT_GIVEN};
        rc = sy_place_write(&next, arena, &out->next, err);
    }
    return rc == SY_OK ? answer_rows(server, query.select, &out->rows, arena, err) : rc;
}

/* -- the two methods -- */

static bool has_contains(const sy_expr *expr)
{
    return expr != NULL && (expr->kind == SY_EXPR_CONTAINS || has_contains(expr->left) ||
                            has_contains(expr->right) || has_contains(expr->third));
}

sy_rc sy_query_serve(sy_server *server, const sy_served_table *table, const sy_request *request,
                     sy_arena *arena, sy_response *out, sy_err *err)
{
    bool by_key = server->config.dialect->pages_by_key && request->since_sequence >= 0;
    sy_place place;
    bool ours = sy_place_read(request->continuation, &place);
    if (!ours || (place.after != NOT_GIVEN && !by_key) || (place.skip != NOT_GIVEN && by_key)) {
        sy_response_refuse(out, 400, "the continuation is not one of ours");
        return SY_OK;
    }
    if (server->config.dialect->next_is_broken && !server->config.next_is_mended &&
        request->continuation.size > 0) {
        sy_response_refuse(out, 404, "the link leads nowhere");
        return SY_OK;
    }
    if (server->config.dialect->lacks_substringof && request->api_version == 2 &&
        request->query != NULL && has_contains(request->query->filter)) {
        sy_response_refuse(out, 400, "substringof is not known");
        return SY_OK;
    }
    return by_key ? serve_by_sequence(server, table, request, &place, arena, out, err)
                  : serve_by_skip(server, table, request, &place, arena, out, err);
}

sy_rc sy_read_serve(sy_server *server, const sy_served_table *table, const sy_request *request,
                    sy_arena *arena, sy_response *out, sy_err *err)
{
    const sy_server_dialect *dialect = server->config.dialect;
    const sy_row *row = NULL;
    sy_rc rc = sy_store_read(server->config.store, table->schema, request->id, arena, &row, err);
    if (rc != SY_OK) {
        return rc;
    }
    bool shown = request->include_deleted && dialect->deleted_reads;
    bool hidden = row != NULL && table->options.soft_delete && sy_row_deleted(row) && !shown;
    if (row == NULL || (hidden && dialect->status_deleted == 404)) {
        sy_response_refuse(out, 404, "no such row");
        return SY_OK;
    }
    out->status = hidden ? dialect->status_deleted : 200;
    if (hidden) {
        out->reason = SY_STR("the row was deleted");
    }
    if (!hidden || dialect->deleted_has_row) {
        out->row = sy_served_row_seen(server, row, 0, arena);
        return out->row == NULL ? sy_fail_nomem(err) : SY_OK;
    }
    return SY_OK;
}
