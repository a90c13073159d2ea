#include "core/policy/conflict.h"

#define STATUS_UNPROCESSABLE 422

const char *sy_conflict_kind_name(sy_conflict_kind kind)
{
    static const char *const names[SY_CONFLICT_KIND_COUNT] = {
        [SY_CONFLICT_UU] = "UU", [SY_CONFLICT_UD] = "UD", [SY_CONFLICT_DU] = "DU",
        [SY_CONFLICT_II] = "II", [SY_CONFLICT_ID] = "ID", [SY_CONFLICT_UX] = "UX",
        [SY_CONFLICT_UQ] = "UQ", [SY_CONFLICT_FK] = "FK"};
    return kind < SY_CONFLICT_KIND_COUNT ? names[kind] : "?";
}

sy_conflict_kind sy_conflict_kind_of(const sy_conflict *conflict)
{
    const sy_row *server = conflict->server;
    if (server != NULL && !sy_str_equal(sy_row_id(server), conflict->id)) {
        return SY_CONFLICT_UQ;
    }
    if (conflict->status == STATUS_UNPROCESSABLE) {
        return SY_CONFLICT_FK;
    }
    if (conflict->local == NULL) {
        return SY_CONFLICT_DU;
    }
    if (!sy_conflict_alive(conflict->base)) {
        return sy_conflict_alive(server) ? SY_CONFLICT_II : SY_CONFLICT_ID;
    }
    return server == NULL           ? SY_CONFLICT_UX
           : sy_row_deleted(server) ? SY_CONFLICT_UD
                                    : SY_CONFLICT_UU;
}

/* -- stamps -- */

int sy_edit_stamp_compare(const sy_edit_stamp *a, const sy_edit_stamp *b)
{
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    if (!a->known || !b->known) {
        return (b->known ? 1 : 0) - (a->known ? 1 : 0);
    }
    const int order = sy_str_compare(a->author, b->author);
    if (order != 0) {
        return order;
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* "author:number" of the server's row. */
static bool split_author(sy_str text, sy_str *author, int64_t *number)
{
    size_t colon = text.size;
    while (colon > 0 && text.data[colon - 1] != ':') {
        colon--;
    }
    if (colon == 0 || colon == text.size) {
        return false;
    }
    int64_t value = 0;
    for (size_t i = colon; i < text.size; i++) {
        const char c = text.data[i];
        if (c < '0' || c > '9' || value > (INT64_MAX - 9) / 10) {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    *author = (sy_str){text.data, colon - 1};
    *number = value;
    return true;
}

sy_edit_stamp sy_edit_stamp_of(const sy_row *row)
{
    sy_edit_stamp stamp = {0};
    if (row == NULL) {
        return stamp;
    }
    const sy_value *edited_at = &row->cells[SY_COLUMN_EDITED_AT];
    stamp.at = sy_value_missing(edited_at) ? sy_row_updated_at(row) : edited_at->as.integer;
    stamp.known =
        split_author(sy_value_str(&row->cells[SY_COLUMN_EDITED_BY]), &stamp.author, &stamp.number);
    return stamp;
}

bool sy_edit_stamp_by(const sy_row *stamps, sy_str author, int64_t number)
{
    const sy_edit_stamp stamp = sy_edit_stamp_of(stamps);
    return stamp.known && stamp.number == number && sy_str_equal(stamp.author, author);
}
