/* Datasync 5 and 6, client and server, and the CommunityToolkit's, which dropped the version. */
#include "core/wire/format.h"

static const char *const names[SY_SYSTEM_COUNT] = {
    [SY_COLUMN_ID] = "id",
    [SY_COLUMN_VERSION] = "version",
    [SY_COLUMN_CREATED_AT] = "createdAt",
    [SY_COLUMN_UPDATED_AT] = "updatedAt",
    [SY_COLUMN_DELETED] = "deleted",
};

#define FLAWS                                                                                      \
    {                                                                                              \
        [SY_WIRE_FLAW_ROUTE] = 404, [SY_WIRE_FLAW_METHOD] = 405, [SY_WIRE_FLAW_TABLE] = 404,       \
        [SY_WIRE_FLAW_URL] = 400, [SY_WIRE_FLAW_MEDIA_TYPE] = 415, [SY_WIRE_FLAW_JSON] = 400,      \
        [SY_WIRE_FLAW_VALUE] = 400, [SY_WIRE_FLAW_COLUMN] = 400, [SY_WIRE_FLAW_RESERVED] = 400,    \
        [SY_WIRE_FLAW_IF_MATCH] = 500, /* 2.3 Update: several */                                   \
    }

#define DATASYNC                                                                                   \
    .family = SY_WIRE_DATASYNC, .lower_case_tables = true, .escape_id = SY_URL_ESCAPE_DATA,        \
    .escape_query = SY_URL_ESCAPE_DATA, .include_deleted = "__includedeleted",                     \
    .include_deleted_any_case = true, .if_match = SY_IF_MATCH_STRONG, .media_type = true,          \
    .flaws = FLAWS, .system_names = names, .time = SY_WIRE_TIME_MS, .time_resolution_ns = SY_MS,   \
    .error = SY_WIRE_ERROR_PROBLEM, .location = true, .last_modified = true

const sy_wire_format sy_wire_datasync = {
    .name = "datasync",
    DATASYNC,
    .answers = {[SY_WIRE_ZUMO] = &sy_wire_datasync_v2, [SY_WIRE_DATASYNC] = &sy_wire_datasync},
    .api_version = "3.0.0",
    .api_major = 3,
    .undelete = SY_WIRE_UNDELETE_PATCH,
    .options = "nextLink=path",
    .odata = &sy_odata_datasync,
    .etag_escape = SY_ETAG_ESCAPE_FRESH,
    .etag_is_version = true,
    .page = SY_WIRE_PAGE_ITEMS,
    .next = SY_WIRE_NEXT_LINK_URL,
};

/* What classic clients get of the same server: bare lists, and no link to a next page. */
const sy_wire_format sy_wire_datasync_v2 = {
    .name = "datasync-v2",
    DATASYNC,
    .api_version = "2.0.0",
    .api_major = 2,
    .undelete = SY_WIRE_UNDELETE_PATCH,
    .odata = &sy_odata_datasync_v2,
    .etag_escape = SY_ETAG_ESCAPE_FRESH,
    .etag_is_version = true,
    .page = SY_WIRE_PAGE_ARRAY,
    .next = SY_WIRE_NEXT_NONE,
};

const sy_wire_format sy_wire_toolkit = {
    .name = "toolkit",
    DATASYNC,
    .answers = {[SY_WIRE_DATASYNC] = &sy_wire_toolkit},
    .undelete = SY_WIRE_UNDELETE_PUT,
    .odata = &sy_odata_toolkit,
    .etag_escape = SY_ETAG_ESCAPE_NONE, /* 2.2 */
    .etag_is_version = false,           /* 2.2: never reads it */
    .page = SY_WIRE_PAGE_ITEMS,
    .next = SY_WIRE_NEXT_LINK_QUERY,
};
