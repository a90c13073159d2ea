/* `node`: the Node server over SQLite (S-NODE in protocol.md). What its SQL does shows everywhere:
 * a version is a counter of its row, a column that nobody has heard of is added, an update without
 * a value is an error of syntax. */
#include "core/server/server.h"

const sy_server_dialect sy_server_dialect_node = {
    .name = "node",
    .summary = "the Node server over SQLite: PATCH, a counter for each row, columns that come",
    .system = SY_SYSTEM_CLASSIC,
    .methods = SY_METHOD_BIT(SY_METHOD_QUERY) | SY_METHOD_BIT(SY_METHOD_READ) |
               SY_METHOD_BIT(SY_METHOD_INSERT) | SY_METHOD_BIT(SY_METHOD_UPDATE) |
               SY_METHOD_BIT(SY_METHOD_DELETE) | SY_METHOD_BIT(SY_METHOD_UNDELETE),
    .wire = &sy_wire_node,
    .gate = SY_GATE_HEADER_2, /* 2.3 Version gate */
    .express = true,
    .version_form = SY_VERSION_OF_ROW, /* 2.1 */
    .version_bytes = true,             /* 2.2; recorded: update-if-match-odd */
    .updated_at_resolution_ns = SY_MS, /* 2.1: text with 3 digits */
    .time_resolution_ns = SY_MS,
    .soft_delete = true,
    .deleted_is_optional = true, /* 2.1 */
    .dynamic_schema = true,      /* 2.3 Create: unknown column */
    .loose_numbers = true,       /* recorded: loose-number-insert */
    .delete_stamps = true,       /* Appendix A 22 */
    .id_replaces_empty = true,   /* Appendix A 47 */
    .id_guid_dashes = true,      /* 2.1 */

    .status_insert_ok = 201,
    .status_delete_ok = 200,   /* 2.3 Delete */
    .status_undelete_ok = 201, /* 2.3 Undelete */
    .status_deleted = 404,
    .status_update_empty = 500,                /* Appendix A 17 */
    .status_unknown = 500,                     /* recorded: filter-unknown-column */
    .unknown_is_empty = true,                  /* Appendix A 41 */
    .delete_has_row = true,                    /* 2.3 Delete */
    .deleted_has_row = false,                  /* Appendix A 23, 27 */
    .deleted_reads = false,                    /* Appendix A 24 */
    .deleted_updates = false,                  /* recorded: update-deleted-row */
    .deleted_patches = false,                  /* Appendix A 19: refused */
    .collection_writes = true,                 /* Appendix A 43, 44 */
    .conflict_insert = SY_CONFLICT_CLIENT_ROW, /* Appendix A 5, 28 */
    .class_defaults = false,
    .body_deleted = false,          /* refused */
    .body_version = true,           /* Appendix A 8 */
    .body_version_conflicts = true, /* Appendix A 13 */
    .body_version_refused = false,
    .conditional = false, /* 2.3 Read one: never 304 */
    .equal_is_later = false,
    .tombstone_revives = false,

    .page_rule = SY_PAGE_IS_TOP, /* Appendix A 35 */
    .page_size = 50,
    .top_max = 1000,        /* Appendix A 36 */
    .order_inserted = true, /* 2.3 Query: none asked for, SQLite's is that of rowid */
    .next_is_broken = true, /* Appendix A 37 */
    .lacks_substringof = false,
    .next_needs_v3 = false,
    .pages_by_key = false,
    .epoch_in_versions = false,
    .operation_keys = false,
};
