/* `toolkit`: the CommunityToolkit server with a repository that gives fresh versions (S-CT in
 * protocol.md). An update is a PUT of the whole entity, and the body's `deleted` counts. */
#include "core/server/server.h"

const sy_server_dialect sy_server_dialect_toolkit = {
    .name = "toolkit",
    .summary = "the CommunityToolkit server: PUT, random versions, 410",
    .system = SY_SYSTEM_CLASSIC & ~SY_SYSTEM_BIT(SY_COLUMN_CREATED_AT), /* 2.1: not present */
    .methods = SY_METHOD_BIT(SY_METHOD_QUERY) | SY_METHOD_BIT(SY_METHOD_READ) |
               SY_METHOD_BIT(SY_METHOD_INSERT) | SY_METHOD_BIT(SY_METHOD_REPLACE) |
               SY_METHOD_BIT(SY_METHOD_DELETE) | SY_METHOD_BIT(SY_METHOD_UNDELETE),
    .wire = &sy_wire_toolkit,
    .gate = SY_GATE_NONE, /* 2.3 Version gate */
    .express = false,
    .version_form = SY_VERSION_GUID,
    .version_bytes = false,
    .updated_at_resolution_ns = 100,
    .time_resolution_ns = SY_MS,
    .soft_delete = true,
    .deleted_is_optional = false,
    .dynamic_schema = false,
    .delete_stamps = true,
    .id_replaces_empty = true,
    .id_guid_dashes = false,

    .status_insert_ok = 201,
    .status_delete_ok = 204,
    .status_undelete_ok = 200,
    .status_deleted = 410,
    .status_update_empty = 200,
    .status_unknown = 0, /* 2.3 Create: ignored */
    .unknown_is_empty = false,
    .delete_has_row = false,
    .deleted_has_row = false,
    .deleted_reads = true,
    .deleted_updates = true,
    .deleted_patches = false,
    .collection_writes = false,
    .conflict_insert = SY_CONFLICT_STORED_ROW,
    .class_defaults = true,
    .body_deleted = true, /* 2.6 */
    .body_version = false,
    .body_version_conflicts = false,
    .body_version_refused = false,
    .conditional = true,
    .equal_is_later = true, /* edge 53 */
    .tombstone_revives = false,

    .page_rule = SY_PAGE_CUTS_TOP,
    .page_size = 100,
    .top_max = 128000,
    .order_inserted = false,
    .next_is_broken = false,
    .lacks_substringof = false,
    .next_needs_v3 = false,
    .pages_by_key = false,
    .epoch_in_versions = false,
    .operation_keys = false,
};
