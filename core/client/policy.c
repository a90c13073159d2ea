/* Policies are functions of the conflict alone: no clock, no store. Where the dialect keeps the
 * base, what is no real conflict is settled first, by content (policies.md calls it normalisation).
 */
#include "core/client/policy.h"

static const char *const names[SY_POLICY_COUNT] = {
    [SY_POLICY_NONE] = "none",
    [SY_POLICY_CLIENT_WINS] = "client_wins",
    [SY_POLICY_SERVER_WINS] = "server_wins",
    [SY_POLICY_LATEST_WINS] = "latest_wins",
    [SY_POLICY_HANDLER] = "handler",
};

const char *sy_policy_name(sy_policy_kind kind)
{
    return kind < SY_POLICY_COUNT ? names[kind] : "none";
}

sy_policy_kind sy_policy_from_name(sy_str name)
{
    for (int i = 0; i < SY_POLICY_COUNT; i++) {
        if (sy_str_equal(name, sy_str_of(names[i]))) {
            return (sy_policy_kind)i;
        }
    }
    return SY_POLICY_COUNT;
}

/* The server said that there is no such row, and showed none. */
static bool is_gone(const sy_conflict *conflict)
{
    return conflict->server == NULL && (conflict->status == 404 || conflict->status == 410);
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

static bool edited_by(const sy_row *stamps, sy_str *author, int64_t *number)
{
    return stamps != NULL &&
           split_author(sy_value_str(&stamps->cells[SY_COLUMN_EDITED_BY]), author, number);
}

bool sy_policy_wrote(const sy_row *stamps, sy_str author, int64_t edit_sequence)
{
    sy_str by;
    int64_t number;
    return edited_by(stamps, &by, &number) && number == edit_sequence && sy_str_equal(by, author);
}

static bool is_of(const sy_value *edited_at, sy_time time)
{
    return sy_value_missing(edited_at) || edited_at->as.integer == time;
}

/* The server's row is what this very operation wrote, in an attempt whose answer was lost. An edit
 * of another time is not ours: a device with our identity made it. */
static bool is_own_write(const sy_conflict *conflict)
{
    return sy_policy_wrote(conflict->stamps, conflict->author, conflict->edit_sequence) &&
           is_of(&conflict->stamps->cells[SY_COLUMN_EDITED_AT], conflict->edited_at);
}

/* What both sides agree about is no conflict. SY_RULING_NONE: it is one. */
static sy_ruling normalise(const sy_conflict *conflict, const char **by)
{
    const sy_row *base = conflict->base;
    const sy_row *server = conflict->server;
    if (server == NULL) {
        return SY_RULING_NONE;
    }
    const bool deleted = sy_row_deleted(server);
    if (conflict->local == NULL ? deleted
                                : !deleted && sy_row_same_content(conflict->local, server)) {
        *by = "same content";
        return SY_RULING_ADOPT;
    }
    if (conflict->local != NULL && !deleted && is_own_write(conflict)) {
        *by = "own write";
        return SY_RULING_ADOPT;
    }
    if (base == NULL) {
        return SY_RULING_NONE;
    }
    if (sy_row_deleted(base) ? deleted : !deleted && sy_row_same_content(base, server)) {
        *by = "only the version moved";
        return SY_RULING_RESEND;
    }
    if (conflict->local != NULL && !sy_row_deleted(base) &&
        sy_row_same_content(conflict->local, base)) {
        *by = "nothing was changed";
        return SY_RULING_ACCEPT; /* newer edits have not seen the server's row: they meet it */
    }
    return SY_RULING_NONE;
}

/* Is our edit the later one? Equal times: the higher author, then the higher number. A row that
 * does not say who made it stands against an edit of the same time; so does one that left no trace
 * at all. */
static bool is_later(const sy_conflict *conflict)
{
    const sy_row *stamps = conflict->stamps;
    if (stamps == NULL) {
        return false;
    }
    const sy_value *edited_at = &stamps->cells[SY_COLUMN_EDITED_AT];
    const sy_time server_time =
        sy_value_missing(edited_at) ? sy_row_updated_at(stamps) : edited_at->as.integer;
    if (conflict->edited_at != server_time) {
        return conflict->edited_at > server_time;
    }
    sy_str author;
    int64_t number;
    if (!edited_by(stamps, &author, &number)) {
        return false;
    }
    const int order = sy_str_compare(conflict->author, author);
    return order != 0 ? order > 0 : conflict->edit_sequence > number;
}

static sy_ruling rule_client(const sy_conflict *conflict)
{
    const sy_dialect *dialect = conflict->dialect;
    if (dialect->policy_resend_unconditional) {
        return conflict->rounds == 0 ? SY_RULING_RESEND : SY_RULING_NONE; /* "once" [6.8] */
    }
    if (conflict->rounds >= SY_POLICY_ROUND_COUNT_MAX) {
        return SY_RULING_NONE;
    }
    if (!dialect->keeps_base && conflict->kind == SY_OPERATION_INSERT) {
        return SY_RULING_NONE; /* nothing turns an insert into an update there [9.3] */
    }
    return conflict->server != NULL || (dialect->keeps_base && is_gone(conflict)) ? SY_RULING_RESEND
                                                                                  : SY_RULING_NONE;
}

static sy_ruling rule_server(const sy_conflict *conflict)
{
    return conflict->server != NULL || (conflict->dialect->keeps_base && is_gone(conflict))
               ? SY_RULING_ACCEPT
               : SY_RULING_NONE;
}

sy_ruling sy_policy_rule(const sy_conflict *conflict, const char **by)
{
    *by = sy_policy_name(conflict->policy);
    if (conflict->dialect->keeps_base && conflict->rounds < SY_POLICY_ROUND_COUNT_MAX) {
        const sy_ruling ruling = normalise(conflict, by);
        if (ruling != SY_RULING_NONE) {
            return ruling;
        }
    }
    switch (conflict->policy) {
    case SY_POLICY_CLIENT_WINS:
        return rule_client(conflict);
    case SY_POLICY_SERVER_WINS:
        return rule_server(conflict);
    case SY_POLICY_LATEST_WINS:
        if (conflict->dialect->policy_latest_is_client) {
            return rule_client(conflict);
        }
        if (conflict->server == NULL && !is_gone(conflict)) {
            return SY_RULING_NONE;
        }
        return is_later(conflict) ? rule_client(conflict) : rule_server(conflict);
    case SY_POLICY_HANDLER:
        return SY_RULING_ASK;
    case SY_POLICY_NONE:
    case SY_POLICY_COUNT:
        break;
    }
    return SY_RULING_NONE;
}
