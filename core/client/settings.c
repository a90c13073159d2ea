/* `__config`: small values by key, as text. Tokens are integers written in decimal. */
#include "core/client/settings.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/mutant.h"
#include "core/client/system_table.h"

enum { VALUE = SY_SYSTEM_COUNT, COLUMN_COUNT };

static const sy_column columns[COLUMN_COUNT] = {
    SY_TABLE_SYSTEM_COLUMNS,
    SY_TABLE_COLUMN("value", SY_TYPE_TEXT),
};

static const sy_schema schema = {.name = SY_TABLE_NAME("__config"),
                                 .column_count = COLUMN_COUNT,
                                 .system = SY_SYSTEM_BIT(SY_COLUMN_ID),
                                 .columns = columns};

const sy_schema *sy_settings_schema(void)
{
    return &schema;
}

void sy_settings_init(sy_settings *settings, sy_store store, sy_arena *scratch)
{
    *settings = (sy_settings){.store = store, .scratch = scratch};
}

sy_str sy_settings_token_key(sy_arena *arena, sy_str table, sy_str query_id)
{
    table = SY_MUTANT(TOKEN_WITHOUT_TABLE) ? SY_STR("") : table;
    return sy_arena_printf(arena, "deltaToken|%.*s|%.*s", SY_FMT(table), SY_FMT(query_id));
}

sy_str sy_settings_epoch_key(sy_arena *arena, sy_str table, sy_str query_id)
{
    return sy_arena_printf(arena, "epoch|%.*s|%.*s", SY_FMT(table), SY_FMT(query_id));
}

sy_rc sy_settings_text(sy_settings *settings, sy_str key, sy_arena *arena, sy_str *out, sy_err *err)
{
    const sy_row *row = NULL;
    const sy_rc rc = sy_store_read(settings->store, &schema, key, arena, &row, err);
    if (rc == SY_OK) {
        *out = row == NULL ? (sy_str){NULL, 0} : sy_value_str(&row->cells[VALUE]);
    }
    return rc;
}

sy_rc sy_settings_set_text(sy_settings *settings, sy_str key, sy_str text, sy_err *err)
{
    sy_arena_reset(settings->scratch);
    sy_row *row = sy_row_new(settings->scratch, &schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(key);
    row->cells[VALUE] = sy_text(text);
    return sy_store_write(settings->store, row, err);
}

/* Decimal digits with an optional sign; what we wrote and nothing else. */
static sy_rc read_integer(sy_str text, int64_t *out, sy_err *err)
{
    const bool negative = text.size > 0 && text.data[0] == '-';
    uint64_t value = 0;
    bool good = text.size > (negative ? 1u : 0u);
    for (size_t i = negative ? 1 : 0; i < text.size && good; i++) {
        const uint64_t digit = (uint64_t)(unsigned char)text.data[i] - '0';
        good = digit <= 9 && value <= ((uint64_t)INT64_MAX + (negative ? 1 : 0) - digit) / 10;
        value = value * 10 + digit;
    }
    if (!good) {
        return SY_FAIL(err, SY_CORRUPT, "__config holds '%.*s' where a number should be",
                       SY_FMT(text));
    }
    *out = negative ? (int64_t)(~value + 1) : (int64_t)value;
    return SY_OK;
}

sy_rc sy_settings_token(sy_settings *settings, sy_str key, int64_t missing, int64_t *out,
                        sy_err *err)
{
    sy_str text = {NULL, 0};
    sy_arena_reset(settings->scratch);
    const sy_rc rc = sy_settings_text(settings, key, settings->scratch, &text, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (text.size == 0) {
        *out = missing;
        return SY_OK;
    }
    return read_integer(text, out, err);
}

sy_rc sy_settings_set_token(sy_settings *settings, sy_str key, int64_t token, sy_err *err)
{
    char text[24];
    const int size = snprintf(text, sizeof text, "%" PRId64, token);
    return sy_settings_set_text(settings, key, (sy_str){text, (size_t)size}, err);
}

sy_rc sy_settings_remove(sy_settings *settings, sy_str key, sy_err *err)
{
    return sy_store_remove(settings->store, &schema, key, err);
}

static bool has_dot(sy_str key, size_t from)
{
    size_t at = from;
    while (at < key.size && key.data[at] != '.') {
        at++;
    }
    return at < key.size;
}

/* `dotted`: also what has a dot behind the prefix. */
static sy_rc remove_prefix(sy_settings *settings, sy_str prefix, bool dotted, sy_err *err)
{
    sy_arena *arena = settings->scratch;
    sy_rows rows = {0};
    sy_query query = sy_query_all(&schema);
    query.filter = sy_expr_binary(arena, SY_EXPR_STARTS_WITH, sy_expr_column(arena, SY_COLUMN_ID),
                                  sy_expr_literal(arena, sy_text(prefix)));
    if (query.filter == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = sy_store_query(settings->store, &query, arena, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        const sy_str key = sy_row_id(rows.items[i]);
        if (dotted || !has_dot(key, prefix.size)) {
            rc = sy_store_remove(settings->store, &schema, key, err);
        }
    }
    return rc;
}

sy_rc sy_settings_remove_prefix(sy_settings *settings, sy_str prefix, sy_err *err)
{
    sy_arena_reset(settings->scratch);
    return remove_prefix(settings, prefix, true, err);
}

sy_rc sy_settings_remove_tokens(sy_settings *settings, sy_str table, bool dotted, sy_err *err)
{
    sy_arena_reset(settings->scratch);
    const sy_str prefix = sy_settings_token_key(settings->scratch, table, SY_STR(""));
    return prefix.data == NULL ? sy_fail_nomem(err) : remove_prefix(settings, prefix, dotted, err);
}
