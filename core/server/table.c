/* Rows as the server makes them: the app's cells from the request, the system cells its own.
 * protocol.md 2.1, 2.3. Everything is copied into the arena of the answer: a request is borrowed, a
 * row that was made outlives it. */
#include "core/base/mutant.h"
#include "core/server/internal.h"

#include <string.h>

sy_rc sy_server_schema_new(const sy_server_dialect *dialect, const sy_server_table *table,
                           sy_arena *arena, const sy_schema **out, sy_err *err)
{
    const sy_schema *app = table->schema;
    uint32_t system = dialect->system | (dialect->loose_numbers ? SY_SCHEMA_LOOSE : 0);
    if (!sy_schema_has(app, SY_COLUMN_VERSION)) {
        system &= ~SY_SYSTEM_BIT(SY_COLUMN_VERSION);
    }
    if (dialect->deleted_is_optional && !table->soft_delete) {
        system &= ~SY_SYSTEM_BIT(SY_COLUMN_DELETED);
    }
    const sy_rc rc = sy_schema_new(arena, app->name, system, app->columns + SY_SYSTEM_COUNT,
                                   app->column_count - SY_SYSTEM_COUNT, out, err);
    const sy_value *initials = app->initials != NULL ? app->initials + SY_SYSTEM_COUNT : NULL;
    return rc == SY_OK ? sy_schema_with_initials(arena, *out, initials, out, err) : rc;
}

/* -- cells from a request -- */

/* Times arrive as the dialect's JSON has them. */
static sy_rc accept_cell(const sy_server *server, const sy_value *cell, sy_arena *arena,
                         sy_value *out, sy_err *err)
{
    if (sy_value_copy(cell, arena, out) != SY_OK) {
        return sy_fail_nomem(err);
    }
    if (out->type == SY_TYPE_DATETIME) {
        sy_time resolution = server->config.dialect->time_resolution_ns;
        out->as.integer = sy_time_truncate(out->as.integer, resolution);
    }
    return SY_OK;
}

/* Of a column that the body of an insert or replace lacks. */
static sy_value missing_cell(const sy_server *server, const sy_schema *schema, uint32_t column)
{
    const bool said = server->config.dialect->class_defaults && schema->initials != NULL &&
                      schema->initials[column].type != SY_TYPE_ABSENT;
    return said ? schema->initials[column] : SY_NULL;
}

/* A row that is ours as it stands: cells at our columns, of their types. */
static bool fits(const sy_row *row, const sy_schema *schema)
{
    if (row->schema->shape != schema->shape || schema->shape == 0) {
        return false;
    }
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if (!sy_value_missing(&row->cells[i]) && row->cells[i].type != schema->columns[i].type) {
            return false;
        }
    }
    return true;
}

sy_rc sy_served_row_change(sy_server *server, const sy_schema *schema, const sy_row *before,
                           bool replace, const sy_row *change, sy_arena *arena, sy_row **out,
                           uint32_t *given, sy_err *err)
{
    sy_row *row = before != NULL ? sy_row_shallow(arena, before) : sy_row_new(arena, schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    const sy_row *mapped = change;
    if (change != NULL && !fits(change, schema)) {
        sy_rc rc = sy_row_map(&server->scratch, change, schema, false, &mapped, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    *given = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        if (mapped == NULL || mapped->cells[i].type == SY_TYPE_ABSENT) {
            if (replace) {
                row->cells[i] = missing_cell(server, schema, i);
            }
            continue;
        }
        sy_rc rc = accept_cell(server, &mapped->cells[i], arena, &row->cells[i], err);
        if (rc != SY_OK) {
            return rc;
        }
        (*given)++;
    }
    *out = row;
    return SY_OK;
}

/* -- system cells -- */

/* Decimal digits of a number; returns bytes written, at most 20. */
static size_t format_integer(int64_t value, char *out)
{
    char reversed[20];
    size_t length = 0;
    size_t size = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        reversed[length++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        out[size++] = '-';
    }
    while (length > 0) {
        out[size++] = reversed[--length];
    }
    return size;
}

/* Whose edit the row now holds, and when it was made. An edit without a time of its own was made
 * here and now. */
static sy_rc stamp_edit(const sy_server_transaction *transaction, sy_arena *arena, sy_row *row,
                        sy_err *err)
{
    const sy_request *request = transaction->request;
    sy_time edited_at = request->edited_at != 0 ? request->edited_at : transaction->stamp;
    char digits[21];
    size_t size = format_integer(request->edit_sequence, digits);
    sy_str who = request->installation_id;
    char *text = sy_arena_push(arena, who.size + 1 + size);
    if (text == NULL) {
        return sy_fail_nomem(err);
    }
    if (who.size > 0) {
        memcpy(text, who.data, who.size);
    }
    text[who.size] = ':';
    memcpy(text + who.size + 1, digits, size);
    row->cells[SY_COLUMN_EDITED_AT] = sy_datetime(edited_at);
    row->cells[SY_COLUMN_EDITED_BY] = sy_text((sy_str){text, who.size + 1 + size});
    return SY_OK;
}

sy_rc sy_served_row_stamp(sy_server *server, const sy_server_transaction *transaction,
                          sy_arena *arena, sy_row *row, sy_err *err)
{
    const sy_schema *schema = row->schema;
    sy_rc rc = SY_OK;
    if (sy_schema_has(schema, SY_COLUMN_VERSION)) {
        sy_str version = {0};
        rc = sy_version_next(server, sy_row_version(row), arena, &version, err);
        if (rc != SY_OK) {
            return rc;
        }
        row->cells[SY_COLUMN_VERSION] = sy_text(version);
    }
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(transaction->stamp);
    if (sy_schema_has(schema, SY_COLUMN_CREATED_AT) &&
        sy_value_missing(&row->cells[SY_COLUMN_CREATED_AT])) {
        row->cells[SY_COLUMN_CREATED_AT] = sy_datetime(transaction->stamp);
    }
    if (sy_schema_has(schema, SY_COLUMN_SEQUENCE) &&
        !(SY_MUTANT(BACK_OFFICE_NOT_STAMPED) && transaction->direct)) {
        row->cells[SY_COLUMN_SEQUENCE] = sy_int(transaction->sequence);
    }
    if (sy_schema_has(schema, SY_COLUMN_EDITED_BY)) {
        rc = stamp_edit(transaction, arena, row, err);
    }
    return rc;
}

sy_rc sy_served_id_fresh(sy_server *server, sy_arena *arena, sy_str *out, sy_err *err)
{
    char guid[SY_GUID_SIZE];
    sy_identity_guid(server->config.identity, SY_STR("row"), (uint64_t)++server->number_last, guid);
    if (server->config.dialect->id_guid_dashes) {
        *out = sy_arena_printf(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", guid, guid + 8, guid + 12,
                               guid + 16, guid + 20);
    } else {
        *out = sy_arena_copy(arena, sy_str_of(guid));
    }
    return out->data == NULL ? sy_fail_nomem(err) : SY_OK;
}

/* How clients see the cell, when that is not as it is. */
static inline bool seen_differs(const sy_value *cell, sy_time resolution, bool grown, sy_value *now)
{
    if (cell->type == SY_TYPE_DATETIME) {
        *now = sy_datetime(sy_time_truncate(cell->as.integer, resolution));
        return now->as.integer != cell->as.integer;
    }
    if (cell->type != SY_TYPE_ABSENT || !grown) {
        return false;
    }
    *now = SY_NULL;
    return true;
}

const sy_row *sy_served_row_seen(const sy_server *server, const sy_row *row, uint64_t select,
                                 sy_arena *arena)
{
    sy_row *seen = NULL;
    const sy_time resolution = server->config.dialect->time_resolution_ns;
    const bool grown = server->grown;
    if (resolution <= 1 && !grown) {
        return row;
    }
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        sy_value now;
        if (!seen_differs(&row->cells[i], resolution, grown, &now)) {
            continue;
        }
        if (now.type == SY_TYPE_NULL &&
            (i < SY_SYSTEM_COUNT || (select != 0 && (select >> i & 1) == 0))) {
            continue;
        }
        seen = seen != NULL ? seen : sy_row_shallow(arena, row);
        if (seen == NULL) {
            return NULL;
        }
        seen->cells[i] = now;
    }
    return seen != NULL ? seen : row;
}
