/* `datasync`: the Datasync server, versions 5 and 6, over Entity Framework and SQL Server (S-D6 in
 * protocol.md). It speaks version 3 of the protocol, and version 2 to classic clients: the api
 * version of each request says which. */
#include "core/server/server.h"

const sy_server_dialect sy_server_dialect_datasync = {
    .name = "datasync",
    .summary =
        "the Datasync server: PUT and PATCH, counted versions, 410; version 2 for old clients",
    .system = SY_SYSTEM_CLASSIC & ~SY_SYSTEM_BIT(SY_COLUMN_CREATED_AT), /* 2.1: not present */
    .methods = SY_METHOD_BIT(SY_METHOD_COUNT) - 1u, /* 2.3 Update: PUT and PATCH */
    .wire = &sy_wire_datasync,
    .gate = SY_GATE_QUERY_2_3, /* 2.3 Version gate */
    .express = false,
    .version_form = SY_VERSION_COUNTER, /* 2.1: a timestamp of SQL Server */
    .version_bytes = false,
    .updated_at_resolution_ns = 100, /* 2.1 */
    .time_resolution_ns = SY_MS,     /* 2.1: cut to ms in JSON */
    .soft_delete = true,
    .deleted_is_optional = false,
    .dynamic_schema = false,
    .delete_stamps = true,      /* 2.3 Delete: a replace */
    .id_replaces_empty = false, /* 2.1: only when null */
    .id_guid_dashes = false,

    .status_insert_ok = 201,
    .status_delete_ok = 204,
    .status_undelete_ok = 200,
    .status_deleted = 410, /* 2.3 Read one, Update, Delete */
    .status_update_empty = 200,
    .status_unknown = 0, /* 2.3 Create: ignored */
    .unknown_is_empty = false,
    .delete_has_row = false,
    .deleted_has_row = false,
    .deleted_reads = true,
    .deleted_updates = false, /* 2.3 Update: PUT 410 always */
    .deleted_patches = true,  /* 2.3 Update, Undelete */
    .collection_writes = false,
    .conflict_insert = SY_CONFLICT_STORED_ROW,
    .class_defaults = true,
    .body_deleted = false, /* 2.3 Create: overwritten */
    .body_version = false,
    .body_version_conflicts = false, /* 2.3 Update: ignored by a PUT */
    .body_version_refused = true,    /* 2.3 Update: by a PATCH */
    .conditional = true,
    .equal_is_later = false,
    .tombstone_revives = false,

    .page_rule = SY_PAGE_CUTS_TOP,
    .page_size = 100,
    .top_max = 512000,
    .order_inserted = false, /* 2.3 Query: made stable */
    .next_is_broken = false,
    .lacks_substringof = true, /* edge 64 */
    .next_needs_v3 = true,     /* 2.3 Version gate, edge 73 */
    .pages_by_key = false,
    .epoch_in_versions = false,
    .operation_keys = false,
};
