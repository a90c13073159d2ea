/* The fields of a server dialect for people: `syncsim dialects` prints them, a test holds them
 * against the struct. */
#include <string.h>

#include "core/server/server.h"

static const char *const systems[SY_SYSTEM_COUNT] = {
    "id", "version", "createdAt", "updatedAt", "deleted", "sequence", "editedAt", "editedBy"};
static const char *const methods[SY_METHOD_COUNT] = {
    [SY_METHOD_QUERY] = "list",        [SY_METHOD_READ] = "read",   [SY_METHOD_INSERT] = "POST",
    [SY_METHOD_UPDATE] = "PATCH",      [SY_METHOD_REPLACE] = "PUT", [SY_METHOD_DELETE] = "DELETE",
    [SY_METHOD_UNDELETE] = "undelete",
};
static const char *const gates[] = {"none", "header 2", "query 2", "query 2 or 3"};
static const char *const versions[] = {"database", "guid", "row"};
static const char *const bodies[] = {"nothing", "stored row", "client's row"};
static const char *const pages[] = {"cuts $top", "is $top"};

static void say_wire(const void *value, uint32_t line, sy_buf *out)
{
    const sy_wire_format *wire = NULL;
    (void)line;
    memcpy(&wire, value, sizeof wire);
    sy_buf_add_str(out, sy_str_of(wire->name));
}

#define FIELD(member, section, kind) SY_FIELD(sy_server_dialect, member, section, kind)
#define FLAG(member, section)        SY_FIELD(sy_server_dialect, member, section, SY_FIELD_BOOL)
#define ENUM(member, section, names)                                                               \
    SY_FIELD_OF(sy_server_dialect, member, section, SY_FIELD_NAMED, names)
#define BITS(member, section, names)                                                               \
    SY_FIELD_OF(sy_server_dialect, member, section, SY_FIELD_BITS, names)

const sy_field sy_server_dialect_fields[] = {
    FIELD(name, "1", SY_FIELD_TEXT),
    FIELD(summary, "1", SY_FIELD_TEXT),
    BITS(system, "2.1", systems),
    BITS(methods, "2.3", methods),
    SY_FIELD_SAID(sy_server_dialect, wire, "2, 3", 1, NULL, say_wire),
    ENUM(gate, "2.3", gates),
    FLAG(express, "2.3"),
    ENUM(version_form, "2.1", versions),
    FLAG(version_bytes, "2.2"),
    FIELD(updated_at_resolution_ns, "2.1", SY_FIELD_DURATION),
    FIELD(time_resolution_ns, "2.1", SY_FIELD_DURATION),
    FLAG(soft_delete, "2.1"),
    FLAG(deleted_is_optional, "2.1"),
    FLAG(dynamic_schema, "2.3"),
    FLAG(loose_numbers, "2.3"),
    FLAG(delete_stamps, "2.3"),
    FLAG(id_replaces_empty, "2.1"),
    FLAG(id_guid_dashes, "2.1"),

    FIELD(status_insert_ok, "2.3", SY_FIELD_NUMBER),
    FIELD(status_delete_ok, "2.3", SY_FIELD_NUMBER),
    FIELD(status_undelete_ok, "2.3", SY_FIELD_NUMBER),
    FIELD(status_deleted, "2.3", SY_FIELD_NUMBER),
    FIELD(status_update_empty, "2.3", SY_FIELD_NUMBER),
    FIELD(status_unknown, "2.3", SY_FIELD_NUMBER),
    FLAG(unknown_is_empty, "2.3"),
    FLAG(delete_has_row, "2.3"),
    FLAG(deleted_has_row, "2.3"),
    FLAG(deleted_reads, "2.3"),
    FLAG(deleted_updates, "2.3"),
    FLAG(deleted_patches, "2.3"),
    FLAG(collection_writes, "2.3"),
    ENUM(conflict_insert, "2.3", bodies),
    FLAG(class_defaults, "12.52"),
    FLAG(body_deleted, "2.6"),
    FLAG(body_version, "2.3"),
    FLAG(body_version_conflicts, "2.3"),
    FLAG(body_version_refused, "2.3"),
    FLAG(conditional, "2.4"),
    FLAG(equal_is_later, "2.4"),
    FLAG(tombstone_revives, ""),

    ENUM(page_rule, "2.3", pages),
    FIELD(page_size, "2.3", SY_FIELD_NUMBER),
    FIELD(top_max, "2.3", SY_FIELD_NUMBER),
    FLAG(order_inserted, "2.3"),
    FLAG(next_is_broken, "2.3"),
    FLAG(lacks_substringof, "12.64"),
    FLAG(next_needs_v3, "2.3"),
    FLAG(pages_by_key, ""),
    FLAG(epoch_in_versions, ""),
    FLAG(operation_keys, ""),
};

const size_t sy_server_dialect_field_count =
    sizeof sy_server_dialect_fields / sizeof sy_server_dialect_fields[0];
