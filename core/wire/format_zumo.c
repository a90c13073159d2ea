/* The clients of Azure Mobile Apps 2.0 and of what came before it, and the .NET Framework server
 * that answers them. */
#include "core/wire/format.h"

static const char *const names[SY_SYSTEM_COUNT] = {
    [SY_COLUMN_ID] = "id",
    [SY_COLUMN_VERSION] = "version",
    [SY_COLUMN_CREATED_AT] = "createdAt",
    [SY_COLUMN_UPDATED_AT] = "updatedAt",
    [SY_COLUMN_DELETED] = "deleted",
};

static const char *const names_2014[SY_SYSTEM_COUNT] = {
    [SY_COLUMN_ID] = "id",
    [SY_COLUMN_VERSION] = "__version",
    [SY_COLUMN_CREATED_AT] = "__createdAt",
    [SY_COLUMN_UPDATED_AT] = "__updatedAt",
    [SY_COLUMN_DELETED] = "__deleted",
};

#define FLAWS_OF_NETFX                                                                             \
    {                                                                                              \
        [SY_WIRE_FLAW_ROUTE] = 404, [SY_WIRE_FLAW_METHOD] = 405, [SY_WIRE_FLAW_TABLE] = 404,       \
        [SY_WIRE_FLAW_URL] = 400, [SY_WIRE_FLAW_MEDIA_TYPE] = 415, [SY_WIRE_FLAW_JSON] = 400,      \
        [SY_WIRE_FLAW_VALUE] = 400, [SY_WIRE_FLAW_COLUMN] = 400, [SY_WIRE_FLAW_RESERVED] = 400,    \
        [SY_WIRE_FLAW_IF_MATCH] = 400,                                                             \
    }

/* What a client of the family sends, and how it reads what comes back. */
#define ZUMO                                                                                       \
    .family = SY_WIRE_ZUMO, .api_version = "2.0.0", .api_major = 2,                                \
    .undelete = SY_WIRE_UNDELETE_POST, .include_deleted = "__includeDeleted",                      \
    .include_deleted_any_case = true, .if_match = SY_IF_MATCH_SINGLE, .media_type = true,          \
    .flaws = FLAWS_OF_NETFX, .system_names = names, .time_resolution_ns = SY_MS,                   \
    .etag_is_version = true, .page = SY_WIRE_PAGE_ARRAY, .next = SY_WIRE_NEXT_LINK_HEADER,         \
    .error = SY_WIRE_ERROR_MESSAGE

const sy_wire_format sy_wire_zumo = {
    .name = "zumo",
    ZUMO,
    .escape_id = SY_URL_ESCAPE_DATA,
    .escape_query = SY_URL_ESCAPE_CLASSIC,
    .client_version = "ZUMO/4.2 (lang=Managed; os=--; os_version=--; arch=--; version=4.2.0)",
    .features_read = "QS,OL",
    .features_write = "TU,OL",
    .odata = &sy_odata_mobile_apps,
    .time = SY_WIRE_TIME_MS,
    .etag_escape = SY_ETAG_ESCAPE_FRESH,
};

const sy_wire_format sy_wire_zumo_js = {
    .name = "zumo-js",
    ZUMO,
    .escape_id = SY_URL_ESCAPE_COMPONENT,
    .escape_query = SY_URL_ESCAPE_BROWSER,
    .features_read = "OL,IP",
    .features_write = "OL",
    .features_if_match = ",OC",
    .features_page = ",TR,QS", /* the table object's own list grows [edge 71] */
    .odata = &sy_odata_mobile_apps_js,
    .time = SY_WIRE_TIME_MS,
    .etag_escape = SY_ETAG_ESCAPE_ALL,
};

const sy_wire_format sy_wire_zumo_android = {
    .name = "zumo-android",
    ZUMO,
    .escape_id = SY_URL_ESCAPE_COMPONENT,
    .escape_query = SY_URL_ESCAPE_COMPONENT,
    .features_read = "OL,QS",
    .features_write = "OL",
    .features_if_match = ",OC",
    .odata = &sy_odata_mobile_apps_android,
    .time = SY_WIRE_TIME_MS,
    .etag_escape = SY_ETAG_ESCAPE_FRESH,
};

const sy_wire_format sy_wire_zumo_ios = {
    .name = "zumo-ios",
    ZUMO,
    .escape_id = SY_URL_ESCAPE_DATA,
    .escape_query = SY_URL_ESCAPE_DATA,
    .features_read = "QS,OL",
    .features_write = "OL",
    .features_if_match = ",OC",
    .odata = &sy_odata_mobile_apps_ios,
    .time = SY_WIRE_TIME_MS,
    .etag_escape = SY_ETAG_ESCAPE_FRESH,
};

const sy_wire_format sy_wire_netfx = {
    .name = "netfx",
    ZUMO,
    .answers =
        {[SY_WIRE_MOBILE_SERVICES] = &sy_wire_mobile_services, [SY_WIRE_ZUMO] = &sy_wire_netfx},
    .escape_id = SY_URL_ESCAPE_DATA,
    .escape_query = SY_URL_ESCAPE_DATA,
    .odata = &sy_odata_netfx,
    .time = SY_WIRE_TIME_TRIMMED, /* 2.1, edge 63 */
    .etag_escape = SY_ETAG_ESCAPE_FRESH,
    .location = true,
};

const sy_wire_format sy_wire_mobile_services = {
    .name = "mobile-services",
    .family = SY_WIRE_MOBILE_SERVICES,
    .escape_id = SY_URL_ESCAPE_DATA,
    .escape_query = SY_URL_ESCAPE_CLASSIC,
    .undelete = SY_WIRE_UNDELETE_POST,
    .include_deleted = "__includeDeleted",
    .system_properties = "*",
    .client_version = "ZUMO/1.3 (lang=Managed; os=--; os_version=--; arch=--; version=1.3.2)",
    .features_read = "QS,OL",
    .features_write = "TU,OL",
    .odata = &sy_odata_mobile_services,
    .include_deleted_any_case = true,
    .if_match = SY_IF_MATCH_SINGLE,
    .media_type = true,
    .flaws = FLAWS_OF_NETFX,
    .system_names = names_2014,
    .time = SY_WIRE_TIME_MS,
    .time_resolution_ns = SY_MS,
    .etag_escape = SY_ETAG_ESCAPE_FRESH,
    .etag_is_version = true,
    .page = SY_WIRE_PAGE_ARRAY,
    .next = SY_WIRE_NEXT_LINK_HEADER,
    .error = SY_WIRE_ERROR_MESSAGE,
};
