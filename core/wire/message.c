/* Messages that outlive the call they were handed to: deep copies. Rows keep their schema, which
 * outlives them all; a row that stands in a message twice is copied twice. */
#include "core/wire/message.h"

#include <string.h>

#include "core/base/check.h"

const char *sy_method_name(sy_method method)
{
    static const char *const names[SY_METHOD_COUNT] = {
        [SY_METHOD_QUERY] = "query",       [SY_METHOD_READ] = "read",
        [SY_METHOD_INSERT] = "insert",     [SY_METHOD_UPDATE] = "update",
        [SY_METHOD_REPLACE] = "replace",   [SY_METHOD_DELETE] = "delete",
        [SY_METHOD_UNDELETE] = "undelete",
    };
    SY_ASSERT((int)method >= 0 && method < SY_METHOD_COUNT);
    return names[method];
}

/* Copies the texts in place, in one piece; an empty text stays empty and costs nothing. */
static bool copy_texts(sy_arena *arena, sy_str *const *texts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += texts[i]->size;
    }
    char *next = size == 0 ? NULL : sy_arena_push(arena, size);
    if (size > 0 && next == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (next == NULL || texts[i]->size == 0) {
            *texts[i] = (sy_str){NULL, 0};
            continue;
        }
        memcpy(next, texts[i]->data, texts[i]->size);
        texts[i]->data = next;
        next += texts[i]->size;
    }
    return true;
}

#define COPY_TEXTS(arena, ...)                                                                     \
    copy_texts((arena), (sy_str *const[]){__VA_ARGS__},                                            \
               sizeof((sy_str *const[]){__VA_ARGS__}) / sizeof(sy_str *))

static bool copy_row(sy_arena *arena, const sy_row **row)
{
    if (*row == NULL) {
        return true;
    }
    *row = sy_row_copy(arena, *row);
    return *row != NULL;
}

static bool copy_query(sy_arena *arena, const sy_query **query)
{
    if (*query == NULL) {
        return true;
    }
    sy_query *copy = sy_arena_push(arena, sizeof *copy);
    if (copy == NULL || sy_query_copy(*query, arena, copy) != SY_OK) {
        return false;
    }
    *query = copy;
    return true;
}

static bool copy_rows(sy_arena *arena, sy_rows *rows)
{
    if (rows->count == 0) {
        rows->items = NULL;
        return true;
    }
    const sy_row **items = sy_arena_push(arena, rows->count * sizeof *items);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < rows->count; i++) {
        items[i] = rows->items[i];
        if (!copy_row(arena, &items[i])) {
            return false;
        }
    }
    rows->items = items;
    return true;
}

sy_rc sy_request_copy(const sy_request *request, sy_arena *arena, sy_request *out)
{
    sy_request copy = *request;
    bool copied = COPY_TEXTS(arena, &copy.table, &copy.id, &copy.if_match, &copy.continuation,
                             &copy.installation_id, &copy.user, &copy.operation_key, &copy.epoch) &&
                  copy_row(arena, &copy.row) && copy_query(arena, &copy.query);
    if (!copied) {
        return SY_NOMEM;
    }
    copy.http = NULL;
    *out = copy;
    return SY_OK;
}

sy_rc sy_response_copy(const sy_response *response, sy_arena *arena, sy_response *out)
{
    sy_response copy = *response;
    bool copied = COPY_TEXTS(arena, &copy.next, &copy.reason, &copy.epoch) &&
                  copy_row(arena, &copy.row) && copy_rows(arena, &copy.rows);
    if (!copied) {
        return SY_NOMEM;
    }
    *out = copy;
    return SY_OK;
}
