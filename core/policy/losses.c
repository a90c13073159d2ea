#include "core/policy/losses.h"

/* What comes out of it for the server; NULL: the row goes. */
static const sy_row *result_of(const sy_conflict *conflict, const sy_judgement *judgement)
{
    switch (judgement->kind) {
    case SY_JUDGED_PUSH:
        return judgement->value;
    case SY_JUDGED_DELETE:
        return NULL;
    case SY_JUDGED_NOT:
    case SY_JUDGED_ADOPT:
    case SY_JUDGED_ACCEPT:
    case SY_JUDGED_FORK:
    case SY_JUDGED_PARK:
    case SY_JUDGED_HOLD:
    case SY_JUDGED_REJECT:
    case SY_JUDGED_ASK:
    case SY_JUDGEMENT_KIND_COUNT:
        break;
    }
    return sy_conflict_alive(conflict->server) ? conflict->server : NULL;
}

/* Absent and null are one here. */
static bool same(const sy_row *a, const sy_row *b, uint32_t column)
{
    const sy_value *x = a != NULL ? &a->cells[column] : &sy_null_cell;
    const sy_value *y = b != NULL ? &b->cells[column] : &sy_null_cell;
    return sy_value_compare(x, y) == 0;
}

typedef struct side {
    const sy_row *base, *wanted, *result; /* NULL: not there */
    uint64_t both;
} side;

static bool is_lost(const side *s, uint32_t column)
{
    return !same(s->wanted, s->base, column) && !same(s->wanted, s->result, column) &&
           (s->both >> column & 1) == 0;
}

static sy_rc lose(const side *s, const sy_schema *schema, sy_arena *arena, const sy_row **out,
                  sy_err *err)
{
    sy_row *row = sy_row_new(arena, schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    uint32_t count = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; s->wanted != NULL && i < schema->column_count; i++) {
        if (is_lost(s, i)) {
            row->cells[i] = sy_value_missing(&s->wanted->cells[i]) ? SY_NULL : s->wanted->cells[i];
            count++;
        }
    }
    const bool changed_it = (s->wanted == NULL) != (s->base == NULL) || count > 0;
    if ((s->wanted == NULL) != (s->result == NULL) && changed_it) {
        row->cells[SY_COLUMN_DELETED] = sy_bool(s->wanted == NULL);
        count++;
    }
    *out = count > 0 ? row : NULL;
    return SY_OK;
}

static const sy_row *alive(const sy_row *row)
{
    return sy_conflict_alive(row) ? row : NULL;
}

static const sy_schema *schema_of(const sy_conflict *conflict)
{
    return conflict->local != NULL    ? conflict->local->schema
           : conflict->server != NULL ? conflict->server->schema
           : conflict->base != NULL   ? conflict->base->schema
                                      : NULL;
}

sy_rc sy_policy_losses(const sy_conflict *conflict, const sy_judgement *judgement, sy_arena *arena,
                       sy_losses *out, sy_err *err)
{
    const sy_schema *schema = schema_of(conflict);
    side s = {.base = alive(conflict->base),
              .wanted = conflict->local,
              .result = result_of(conflict, judgement),
              .both = judgement->both};
    *out = (sy_losses){NULL, NULL};
    if (judgement->kind == SY_JUDGED_ADOPT || schema == NULL) {
        return SY_OK;
    }
    sy_rc rc = SY_OK;
    if (!sy_judgement_keeps(judgement->kind)) {
        rc = lose(&s, schema, arena, &out->local, err);
    }
    s.wanted = alive(conflict->server);
    return rc == SY_OK ? lose(&s, schema, arena, &out->server, err) : rc;
}
