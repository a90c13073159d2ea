#include "core/client/find_row.h"

sy_rc sy_find_row(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                  const sy_row **out, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    return dialect->find_row != NULL
               ? dialect->find_row(client, schema, id, arena, out, err)
               : sy_store_read(client->config.store, schema, id, arena, out, err);
}

static bool has_letter(sy_str id)
{
    for (size_t i = 0; i < id.size; i++) {
        const char c = (char)(id.data[i] | 0x20);
        if (c >= 'a' && c <= 'z') {
            return true;
        }
    }
    return false;
}

sy_rc sy_find_row_nocase(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err)
{
    const sy_store store = client->config.store;
    sy_rc rc = sy_store_read(store, schema, id, arena, out, err);
    if (rc != SY_OK || *out != NULL || !has_letter(id)) {
        return rc;
    }
    sy_query query = sy_query_all(schema);
    query.select = UINT64_C(1) << SY_COLUMN_ID;
    sy_rows rows = {0};
    rc = sy_store_query(store, &query, &client->scratch, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        const sy_str other = sy_row_id(rows.items[i]);
        if (sy_str_equal_nocase(other, id)) {
            rc = sy_store_read(store, schema, other, arena, out, err);
            break;
        }
    }
    sy_arena_reset(&client->scratch);
    return rc;
}
