/* `netfx`: the .NET Framework table controller over SQL Server (S-FX in protocol.md). Its versions
 * are one counter for the whole database; an update is a PATCH. */
#include "core/server/server.h"

const sy_server_dialect sy_server_dialect_netfx = {
    .name = "netfx",
    .summary = "the .NET Framework server of the classic clients: PATCH, counted versions, 404",
    .system = SY_SYSTEM_CLASSIC,
    .methods = SY_METHOD_BIT(SY_METHOD_QUERY) | SY_METHOD_BIT(SY_METHOD_READ) |
               SY_METHOD_BIT(SY_METHOD_INSERT) | SY_METHOD_BIT(SY_METHOD_UPDATE) |
               SY_METHOD_BIT(SY_METHOD_DELETE) | SY_METHOD_BIT(SY_METHOD_UNDELETE),
    .wire = &sy_wire_netfx,
    .gate = SY_GATE_QUERY_2, /* 2.3 Version gate */
    .express = false,
    .version_form = SY_VERSION_COUNTER,
    .version_bytes = false,
    .updated_at_resolution_ns = 100,
    .time_resolution_ns = SY_MS,
    .soft_delete = true,
    .deleted_is_optional = false,
    .dynamic_schema = false,
    .delete_stamps = true,
    .id_replaces_empty = false, /* 2.1: only when null */
    .id_guid_dashes = false,

    .status_insert_ok = 201,
    .status_delete_ok = 204,
    .status_undelete_ok = 200,
    .status_deleted = 404,
    .status_update_empty = 200,
    .status_unknown = 0, /* 2.3 Create: ignored */
    .unknown_is_empty = false,
    .delete_has_row = false,
    .deleted_has_row = false,
    .deleted_reads = true,
    .deleted_updates = true,
    .deleted_patches = false,
    .collection_writes = false,
    .conflict_insert = SY_CONFLICT_NOTHING, /* an error document */
    .class_defaults = true,
    .body_deleted = false, /* the database keeps it */
    .body_version = false,
    .body_version_conflicts = true,
    .body_version_refused = false,
    .conditional = false,
    .equal_is_later = false,
    .tombstone_revives = false,

    .page_rule = SY_PAGE_CUTS_TOP,
    .page_size = 50,
    .top_max = 0, /* cut silently */
    .order_inserted = false,
    .next_is_broken = false,
    .lacks_substringof = false,
    .next_needs_v3 = false,
    .pages_by_key = false,
    .epoch_in_versions = false,
    .operation_keys = false,
};
