#include "core/client/apply.h"

#include "core/base/mutant.h"
#include "core/client/find_row.h"

sy_rc sy_apply_row(sy_client *client, const sy_schema *schema, sy_str id, const sy_row *row,
                   sy_err *err)
{
    if (row != NULL &&
        (client->config.dialect->applies_whole_rows || SY_MUTANT(NULL_BECOMES_EMPTY))) {
        sy_arena_reset(&client->scratch);
        sy_row *whole = sy_row_shallow(&client->scratch, row);
        if (whole == NULL) {
            return sy_fail_nomem(err);
        }
        for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
            if (whole->cells[i].type == SY_TYPE_ABSENT) {
                whole->cells[i] = SY_NULL;
            }
            if (SY_MUTANT(NULL_BECOMES_EMPTY) && whole->cells[i].type == SY_TYPE_NULL &&
                schema->columns[i].type == SY_TYPE_TEXT) {
                whole->cells[i] = sy_text(SY_STR(""));
            }
        }
        row = whole;
    }
    return row != NULL ? sy_find_write(client, row, err)
                       : sy_store_remove(client->config.store, schema, id, err);
}

void sy_apply_trace(sy_client *client, const sy_schema *schema, sy_str id, const sy_row *row,
                    const sy_row *stamps)
{
    const sy_row *shown = stamps != NULL ? stamps : row;
    const sy_value none = {.type = SY_TYPE_ABSENT};
    sy_client_trace(client, &sy_event_apply, sy_text(schema->name), sy_text(id),
                    sy_text(shown != NULL ? sy_row_version(shown) : SY_STR("")),
                    sy_bool(row == NULL), shown != NULL ? shown->cells[SY_COLUMN_UPDATED_AT] : none,
                    shown != NULL ? shown->cells[SY_COLUMN_SEQUENCE] : none, sy_row_value(row));
}
