/* The Node server. What it makes of odd requests was seen by running it (protocol.md, Appendix A).
 */
#include "core/wire/format.h"

static const char *const names[SY_SYSTEM_COUNT] = {
    [SY_COLUMN_ID] = "id",
    [SY_COLUMN_VERSION] = "version",
    [SY_COLUMN_CREATED_AT] = "createdAt",
    [SY_COLUMN_UPDATED_AT] = "updatedAt",
    [SY_COLUMN_DELETED] = "deleted",
};

const sy_wire_format sy_wire_node = {
    .name = "node",
    .family = SY_WIRE_ZUMO,
    .answers =
        {[SY_WIRE_MOBILE_SERVICES] = &sy_wire_mobile_services, [SY_WIRE_ZUMO] = &sy_wire_node},
    .api_version = "2.0.0",
    .api_major = 2,
    .escape_id = SY_URL_ESCAPE_COMPONENT,
    .escape_query = SY_URL_ESCAPE_COMPONENT,
    .undelete = SY_WIRE_UNDELETE_POST,
    .include_deleted = "__includeDeleted",
    .odata = &sy_odata_node,
    .include_deleted_any_value = true, /* 25, 26 */
    .if_match = SY_IF_MATCH_BYTES,     /* 16, 21 */
    .loose_body = true,
    .keeps_unknown = true,
    .reserved = SY_SYSTEM_BIT(SY_COLUMN_CREATED_AT) | SY_SYSTEM_BIT(SY_COLUMN_UPDATED_AT) |
                SY_SYSTEM_BIT(SY_COLUMN_DELETED), /* 7, 19 */
    .flaws =
        {
            [SY_WIRE_FLAW_ROUTE] = 404,
            [SY_WIRE_FLAW_METHOD] = 404, /* 34 */
            [SY_WIRE_FLAW_TABLE] = 404,
            [SY_WIRE_FLAW_URL] = 400,
            [SY_WIRE_FLAW_MEDIA_TYPE] = 400,
            [SY_WIRE_FLAW_JSON] = 400, /* 46 */
            [SY_WIRE_FLAW_VALUE] = 500,
            [SY_WIRE_FLAW_COLUMN] = 500,
            [SY_WIRE_FLAW_RESERVED] = 400,
            [SY_WIRE_FLAW_IF_MATCH] = 400,
        },
    .system_names = names,
    .time = SY_WIRE_TIME_MS,
    .time_resolution_ns = SY_MS,
    .etag_escape = SY_ETAG_ESCAPE_ALL,
    .etag_is_version = true,
    .page = SY_WIRE_PAGE_ARRAY,
    .next = SY_WIRE_NEXT_NODE_HEADER, /* 37 */
    .error = SY_WIRE_ERROR_JSON,
    .no_cache = true,
    .server_version = "node-4.0.2",
};
