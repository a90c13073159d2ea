/* `sound`: our own server (design.md). What it rests on:
 * - every write takes the next commit sequence when it begins, and queries that ask since a
 * sequence see commits up to a horizon that no later commit can fall behind;
 * - a request whose operation key was committed is answered as done, not done again;
 * - a conflict always carries the server's row, the tombstone included, and an update that names
 * the tombstone's version brings the row back: whoever resolves a conflict knows what it resolves.
 */
#include "core/server/server.h"

const sy_server_dialect sy_server_dialect_sound = {
    .name = "sound",
    .summary = "our own: commit sequences, a safe horizon, operation keys",
    .system = SY_SYSTEM_CLASSIC | SY_SYSTEM_BIT(SY_COLUMN_SEQUENCE) |
              SY_SYSTEM_BIT(SY_COLUMN_EDITED_AT) | SY_SYSTEM_BIT(SY_COLUMN_EDITED_BY),
    .methods = SY_METHOD_BIT(SY_METHOD_COUNT) - 1u,
    .wire = &sy_wire_sound,
    .gate = SY_GATE_NONE, /* 2.3 Version gate */
    .express = false,
    .version_form = SY_VERSION_COUNTER,
    .version_bytes = false,
    .updated_at_resolution_ns = 100,
    .time_resolution_ns = 1,
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
    .deleted_has_row = true,
    .deleted_reads = true,
    .deleted_updates = true,
    .deleted_patches = false,
    .collection_writes = false,
    .conflict_insert = SY_CONFLICT_STORED_ROW,
    .class_defaults = false,
    .body_deleted = false,
    .body_version = false,
    .body_version_conflicts = false,
    .body_version_refused = false,
    .conditional = true, /* against edge 53 */
    .equal_is_later = false,
    .tombstone_revives = true,

    .page_rule = SY_PAGE_CUTS_TOP,
    .page_size = 100,
    .top_max = 0,
    .order_inserted = false,
    .next_is_broken = false,
    .lacks_substringof = false,
    .next_needs_v3 = false,
    .pages_by_key = true,
    .epoch_in_versions = true,
    .operation_keys = true,
};
