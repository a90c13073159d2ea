/* Locks as a list of requests; see the header. A name has few requests at a time, so the list is
 * searched from its front. */
#include "core/client/lock.h"

#include "core/base/check.h"

const char *sy_lock_kind_name(sy_lock_kind kind)
{
    switch (kind) {
    case SY_LOCK_ACTION:
        return "action";
    case SY_LOCK_ITEM_ID:
        return "item id";
    case SY_LOCK_ITEM:
        return "item";
    case SY_LOCK_TABLE:
        return "table";
    case SY_LOCK_QUEUE:
        return "queue";
    }
    SY_UNREACHABLE();
}

static size_t index_of(sy_lock_kind kind)
{
    size_t index = 0;
    while ((1u << index) != (uint32_t)kind) {
        index++;
    }
    SY_ASSERT(index < SY_LOCK_KIND_COUNT);
    return index;
}

static bool same_name(const sy_lock *a, const sy_lock *b)
{
    return a->kind == b->kind && a->schema == b->schema && sy_str_equal(a->id, b->id);
}

bool sy_lock_acquire(sy_lock_table *table, sy_lock_set *set, struct sy_task *task,
                     sy_lock_kind kind, const sy_schema *schema, sy_str id)
{
    SY_ASSERT(set->waiting == 0 && (set->held & (uint32_t)kind) == 0);
    const bool by_table = kind == SY_LOCK_ITEM || kind == SY_LOCK_TABLE;
    const bool by_id = kind == SY_LOCK_ITEM || kind == SY_LOCK_ITEM_ID;
    sy_lock *request = &set->requests[index_of(kind)];
    *request = (sy_lock){.previous = table->last,
                         .set = set,
                         .task = task,
                         .schema = by_table ? schema : NULL,
                         .id = by_id ? id : (sy_str){NULL, 0},
                         .kind = (uint32_t)kind};
    bool is_free = true;
    for (const sy_lock *other = table->first; other != NULL && is_free; other = other->next) {
        is_free = !same_name(other, request);
    }
    if (table->last != NULL) {
        table->last->next = request;
    } else {
        table->first = request;
    }
    table->last = request;
    if (is_free) {
        set->held |= (uint32_t)kind;
    } else {
        set->waiting = (uint32_t)kind;
    }
    return is_free;
}

struct sy_task *sy_lock_release(sy_lock_table *table, sy_lock_set *set, sy_lock_kind kind)
{
    SY_ASSERT((set->held & (uint32_t)kind) != 0);
    sy_lock *request = &set->requests[index_of(kind)];
    set->held &= ~(uint32_t)kind;
    if (request->previous != NULL) {
        request->previous->next = request->next;
    } else {
        table->first = request->next;
    }
    if (request->next != NULL) {
        request->next->previous = request->previous;
    } else {
        table->last = request->previous;
    }
    for (sy_lock *other = request->next; other != NULL; other = other->next) {
        if (same_name(other, request)) {
            SY_ASSERT(other->set->waiting == other->kind);
            other->set->waiting = 0;
            other->set->held |= other->kind;
            return other->task;
        }
    }
    return NULL;
}
