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
/* Only conflicts (409, 412) stay, of these tables (count 0: of all). */
sy_rc sy_error_list_keep_conflicts(sy_error_list *list, const sy_schema *const *tables,
                                   uint32_t table_count, sy_err *err);
/* Is there an error of the table that has no item? */
sy_rc sy_error_list_has_itemless(sy_error_list *list, sy_str table, bool *out, sy_err *err);
/* The error of an operation becomes that of another one; without one nothing happens. */
sy_rc sy_error_list_rename(sy_error_list *list, int64_t operation, int64_t to, int64_t version,
                           sy_err *err);

#endif
