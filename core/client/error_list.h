/* `__errors`: what a push could not do, kept in the store until a push ends well, and replayed into
 * the next result until then. protocol.md 6.5, 6.6. */
#ifndef SY_CLIENT_ERROR_LIST_H
#define SY_CLIENT_ERROR_LIST_H

#include "core/client/client.h"

typedef struct sy_error_list {
    sy_store store;
    sy_arena *scratch; /* borrowed; used inside one call only */
} sy_error_list;

const sy_schema *sy_error_schema(void);
void sy_error_list_init(sy_error_list *list, sy_store store, sy_arena *scratch);
sy_rc sy_error_list_add(sy_error_list *list, const sy_push_error *error, sy_err *err);
/* All rows, whichever push they are of, in order of operation. */
sy_rc sy_error_list_load(sy_error_list *list, const sy_client_table *tables, uint32_t table_count,
                         sy_arena *arena, sy_push_error **out, uint32_t *count, sy_err *err);
sy_rc sy_error_list_remove(sy_error_list *list, int64_t operation, sy_err *err);
sy_rc sy_error_list_clear(sy_error_list *list, sy_str table, sy_err *err); /* empty: all */

#endif
