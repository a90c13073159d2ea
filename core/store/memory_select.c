/* What a query finds is collected as views, their texts still in the blocks; sy_query_apply orders
 * and cuts them, and what is left is copied for the caller.
 *
 * A query ordered by updatedAt, or one whose filter asks for rows since a moment, walks the index:
 * from the first row that can match, and when the order is the index's own no further than to the
 * last row that skip and top let through, and those that share its moment. */
#include "core/store/memory_select.h"

static bool by_moment(const sy_query *query)
{
    const sy_order *first = &query->order[0];
    return query->order_count > 0 && first->expr == NULL && !first->descending &&
           first->column == SY_COLUMN_UPDATED_AT;
}

/* What a filter demands of updatedAt, of all conditions that hold together; false: nothing. */
static bool since_moment(const sy_expr *expr, int64_t *moment)
{
    if (expr == NULL) {
        return false;
    }
    if (expr->kind == SY_EXPR_AND) {
        int64_t left = INT64_MIN;
        int64_t right = INT64_MIN;
        const bool has_left = since_moment(expr->left, &left);
        const bool has_right = since_moment(expr->right, &right);
        *moment = left > right ? left : right;
        return has_left || has_right;
    }
    if ((expr->kind != SY_EXPR_GE && expr->kind != SY_EXPR_GT) ||
        expr->left->kind != SY_EXPR_COLUMN || expr->left->column != SY_COLUMN_UPDATED_AT ||
        expr->right->kind != SY_EXPR_LITERAL || expr->right->literal.type != SY_TYPE_DATETIME) {
        return false;
    }
    *moment = expr->right->literal.as.integer;
    return true;
}

bool sy_memory_wants_index(const sy_memory_table *table, const sy_query *query)
{
    int64_t moment = 0;
    return table->by_moment.entries == NULL &&
           (by_moment(query) || since_moment(query->filter, &moment));
}

/* One query at work. */
typedef struct selection {
    const sy_query *query;
    const sy_schema *schema; /* the rows' */
    sy_arena *scratch;
    sy_row *view; /* of a row that did not match: used again */
    sy_rows found;
} selection;

static sy_rc consider(selection *s, const sy_block *block, sy_err *err)
{
    if (s->view == NULL) {
        s->view =
            sy_arena_push(s->scratch, sizeof(sy_row) + s->schema->column_count * sizeof(sy_value));
        if (s->view == NULL) {
            return sy_fail_nomem(err);
        }
    }
    s->view->schema = s->schema;
    sy_block_view(block, s->schema, s->view->cells);
    const sy_row *row = s->view;
    if (s->schema != s->query->schema) {
        sy_rc rc = sy_row_map(s->scratch, s->view, s->query->schema, false, &row, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    bool matches = s->query->filter == NULL;
    if (!matches && sy_query_matches(s->query, row, s->scratch->alloc, &matches) != SY_OK) {
        return sy_fail_nomem(err);
    }
    if (matches) {
        s->found.items[s->found.count++] = row;
        s->view = NULL;
    }
    return SY_OK;
}

static sy_rc scan(selection *s, const sy_memory_table *table, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; i < table->slot_count && rc == SY_OK; i++) {
        if (table->slots[i].block != NULL) {
            rc = consider(s, table->slots[i].block, err);
        }
    }
    return rc;
}

/* After how many rows the walk may end; SIZE_MAX: never. */
static size_t enough(const sy_query *query)
{
    if (!by_moment(query) || query->want_total || query->top < 0) {
        return SIZE_MAX;
    }
    return (size_t)query->top + (query->skip > 0 ? (size_t)query->skip : 0);
}

static sy_rc walk(selection *s, const sy_memory_index *index, sy_err *err)
{
    int64_t moment = INT64_MIN;
    const size_t wanted = enough(s->query);
    uint32_t i = since_moment(s->query->filter, &moment) ? sy_memory_index_find(index, moment) : 0;
    sy_rc rc = SY_OK;
    for (; i < index->count && rc == SY_OK; i++) {
        const sy_memory_entry *entry = &index->entries[i];
        if (s->found.count >= wanted && (i == 0 || entry->key != entry[-1].key)) {
            break;
        }
        rc = consider(s, entry->block, err);
    }
    return rc;
}

/* Rows and texts of the caller's own. */
static sy_rc hand_out(const sy_rows *found, sy_arena *arena, sy_rows *out, sy_err *err)
{
    const sy_row **items = sy_arena_push(arena, (found->count + 1) * sizeof *items);
    if (items == NULL) {
        return sy_fail_nomem(err);
    }
    for (size_t i = 0; i < found->count; i++) {
        items[i] = sy_row_copy(arena, found->items[i]);
        if (items[i] == NULL) {
            return sy_fail_nomem(err);
        }
    }
    *out = (sy_rows){.items = items, .count = found->count, .total = found->total};
    return SY_OK;
}

static sy_rc run(selection *s, const sy_memory_table *table, sy_arena *arena, sy_rows *out,
                 sy_err *err)
{
    int64_t moment = 0;
    const sy_query *query = s->query;
    s->found.items = sy_arena_push(s->scratch, (table->count + 1) * sizeof *s->found.items);
    if (s->found.items == NULL) {
        return sy_fail_nomem(err);
    }
    const bool walks = table->by_moment.entries != NULL &&
                       (by_moment(query) || since_moment(query->filter, &moment));
    sy_rc rc = walks ? walk(s, &table->by_moment, err) : scan(s, table, err);
    if (rc == SY_OK) {
        sy_query rest = *query;
        rest.filter = NULL;
        rc = sy_query_apply(&rest, &s->found, s->scratch, err);
    }
    return rc == SY_OK ? hand_out(&s->found, arena, out, err) : rc;
}

sy_rc sy_memory_select(const sy_memory_table *table, const sy_query *query, sy_alloc alloc,
                       sy_arena *arena, sy_rows *out, sy_err *err)
{
    sy_arena scratch;
    sy_arena_init(&scratch, alloc);
    selection s = {.query = query, .scratch = &scratch, .found = {.total = -1}};
    s.schema = query->schema == table->alias ? query->schema : table->schema;
    sy_rc rc = run(&s, table, arena, out, err);
    sy_arena_deinit(&scratch);
    return rc;
}
