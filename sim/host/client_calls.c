/* The calls of an app on a client host: in lists in order of submission; and how one ended, copied,
 * since the engine's outcome lives only as long as its `done`. */
#include "sim/host/client_internal.h"

/* -- lists of calls -- */

void sim_call_list_add(sim_call_list *list, sim_host_call *call)
{
    call->next = NULL;
    if (list->last == NULL) {
        list->first = call;
    } else {
        list->last->next = call;
    }
    list->last = call;
}

sim_host_call *sim_call_list_pop(sim_call_list *list)
{
    sim_host_call *call = list->first;
    if (call != NULL) {
        list->first = call->next;
        list->last = list->first == NULL ? NULL : list->last;
    }
    return call;
}

sim_host_call *sim_call_list_take(sim_call_list *list, sy_ticket ticket)
{
    sim_host_call *before = NULL;
    for (sim_host_call *call = list->first; call != NULL; before = call, call = call->next) {
        if (call->ticket != ticket) {
            continue;
        }
        if (before == NULL) {
            return sim_call_list_pop(list);
        }
        before->next = call->next;
        list->last = list->last == call ? before : list->last;
        return call;
    }
    return NULL;
}

sim_host_call *sim_host_call_get(sim_client_host *host)
{
    sim_host_call *call = sy_alloc_zeroed(host->world->alloc, sizeof *call);
    if (call != NULL) {
        sy_arena_init(&call->arena, host->world->alloc);
    }
    return call;
}

void sim_host_call_put(sim_client_host *host, sim_host_call *call)
{
    sy_arena_deinit(&call->arena);
    sy_alloc_free(host->world->alloc, call, sizeof *call);
}

void sim_call_list_free(sim_client_host *host, sim_call_list *list)
{
    for (sim_host_call *call = sim_call_list_pop(list); call != NULL;
         call = sim_call_list_pop(list)) {
        sim_host_call_put(host, call);
    }
}

/* -- how calls end -- */

static bool copy_rows(sy_arena *arena, sy_rows *rows)
{
    if (rows->count == 0) {
        return true;
    }
    const sy_row **items = sy_arena_push(arena, rows->count * sizeof *items);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < rows->count; i++) {
        items[i] = sy_row_copy(arena, rows->items[i]);
        if (items[i] == NULL) {
            return false;
        }
    }
    rows->items = items;
    return true;
}

static bool copy_row(sy_arena *arena, const sy_row **row)
{
    if (*row != NULL) {
        *row = sy_row_copy(arena, *row);
        return *row != NULL;
    }
    return true;
}

static bool copy_text(sy_arena *arena, sy_str *text)
{
    *text = sy_arena_copy(arena, *text);
    return text->data != NULL;
}

static bool copy_push(sy_arena *arena, const sy_push_result *from, sy_push_result *out)
{
    *out = *from;
    if (from->error_count == 0) {
        return true;
    }
    sy_push_error *errors = sy_arena_push(arena, from->error_count * sizeof *errors);
    if (errors == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < from->error_count; i++) {
        errors[i] = from->errors[i];
        if (!copy_text(arena, &errors[i].table) || !copy_text(arena, &errors[i].id) ||
            !copy_row(arena, &errors[i].item) || !copy_row(arena, &errors[i].server)) {
            return false;
        }
    }
    out->errors = errors;
    return true;
}

bool sim_host_call_keep(sim_host_call *call, const sy_outcome *from)
{
    call->outcome = *from;
    if (from->err != NULL) {
        call->err = *from->err;
        call->outcome.err = &call->err;
    }
    if (from->push != NULL) {
        if (!copy_push(&call->arena, from->push, &call->push)) {
            return false;
        }
        call->outcome.push = &call->push;
    }
    return copy_rows(&call->arena, &call->outcome.rows);
}
