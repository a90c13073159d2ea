#include "core/client/find_row.h"

#include "core/base/check.h"

sy_rc sy_find_row(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                  const sy_row **out, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    return dialect->find_row != NULL
               ? dialect->find_row(client, schema, id, arena, out, err)
               : sy_store_read(client->config.store, schema, id, arena, out, err);
}

/* The index of a table, complete. */
static sy_rc index_of(sy_client *client, const sy_schema *schema, sy_id_index **out, sy_err *err)
{
    const sy_client_table *table = sy_client_table_of(client, schema);
    SY_ASSERT(table != NULL && client->ids != NULL);
    *out = &client->ids[table - client->tables];
    return sy_id_index_complete(*out, client->config.alloc, client->config.store, schema, err);
}

/* Of all spellings the oldest row. */
static sy_rc find_oldest(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err)
{
    sy_query query = sy_query_all(schema);
    query.select = UINT64_C(1) << SY_COLUMN_ID;
    sy_rows rows = {0};
    int64_t age_first = INT64_MAX;
    sy_str oldest = {NULL, 0};
    sy_rc rc = sy_store_query(client->config.store, &query, arena, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        const sy_str other = sy_row_id(rows.items[i]);
        int64_t age = 0;
        if (!sy_str_equal_nocase(other, id)) {
            continue;
        }
        rc = sy_id_age(&client->settings, schema, other, arena, &age, err);
        if (age < age_first) {
            age_first = age;
            oldest = other;
        }
    }
    *out = NULL;
    return rc == SY_OK && oldest.data != NULL
               ? sy_store_read(client->config.store, schema, oldest, arena, out, err)
               : rc;
}

sy_rc sy_find_row_nocase(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err)
{
    sy_id_index *index = NULL;
    *out = NULL;
    sy_rc rc = index_of(client, schema, &index, err);
    if (rc != SY_OK) {
        return rc;
    }
    switch (sy_id_index_state(index, id)) {
    case SY_ID_UNKNOWN:
        break;
    case SY_ID_PLAIN:
        return sy_store_read(client->config.store, schema, id, arena, out, err);
    case SY_ID_DOUBTFUL:
        return find_oldest(client, schema, id, arena, out, err);
    }
    return SY_OK;
}

/* What will be in the store is known before it is there. A row that is made under a doubtful id
 * gets its age. */
static sy_rc note(sy_client *client, const sy_row *row, sy_err *err)
{
    sy_id_index *index = NULL;
    sy_id_state state = SY_ID_PLAIN;
    const sy_str id = sy_row_id(row);
    sy_rc rc = index_of(client, row->schema, &index, err);
    if (rc == SY_OK) {
        rc = sy_id_index_add(index, client->config.alloc, id, &state, err);
    }
    if (rc != SY_OK || state == SY_ID_PLAIN) {
        return rc;
    }
    sy_arena arena;
    const sy_row *stored = NULL;
    sy_arena_init(&arena, client->config.alloc);
    rc = sy_store_read(client->config.store, row->schema, id, &arena, &stored, err);
    if (rc == SY_OK && stored == NULL) {
        rc = sy_id_set_age(&client->settings, row->schema, id, &arena, err);
    }
    sy_arena_deinit(&arena);
    return rc;
}

sy_rc sy_find_write(sy_client *client, const sy_row *row, sy_err *err)
{
    const sy_rc rc = client->config.dialect->find_row != NULL ? note(client, row, err) : SY_OK;
    return rc == SY_OK ? sy_store_write(client->config.store, row, err) : rc;
}
