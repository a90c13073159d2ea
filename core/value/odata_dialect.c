/* What each generation writes, accepts and refuses in OData text: protocol.md 3.1 to 3.4, 2.3 for
 * the statuses, 1 for the forms of dates. */
#include "core/value/odata.h"

#define CLASSIC_ORDER                                                                              \
    {                                                                                              \
        SY_ODATA_FILTER, SY_ODATA_ORDERBY, SY_ODATA_SKIP, SY_ODATA_TOP, SY_ODATA_SELECT,           \
            SY_ODATA_COUNT                                                                         \
    }
#define BAD_REQUEST                                                                                \
    {                                                                                              \
        [SY_ODATA_SYNTAX] = 400, [SY_ODATA_FUNCTION] = 400, [SY_ODATA_ARITY] = 400,                \
        [SY_ODATA_COLUMN] = 400, [SY_ODATA_TYPE] = 400, [SY_ODATA_LITERAL] = 400,                  \
        [SY_ODATA_SIZE] = 400, [SY_ODATA_OPTION] = 400, [SY_ODATA_NUMBER] = 400                    \
    }

/* 3.2, 3.3, 2.3 Query: everything that goes wrong is a 500, but a column that is not there: an
 * empty list (the tables grow columns as rows need them). */
const sy_odata_dialect sy_odata_node = {
    .name = "node",
    .substringof = true,
    .replace = true,
    .replace_bounded = true,
    .typed_dates = true,
    .read_resolution = SY_MS,
    .strict_datetime = true,
    .nocase = true,
    .loose_types = true,
    .version_apart = true,
    .negate_refused = true,
    .order_by_words = true,
    .javascript = true,
    .inline_count = true,
    .status = {[SY_ODATA_SYNTAX] = 500,
               [SY_ODATA_FUNCTION] = 500,
               [SY_ODATA_ARITY] = 500,
               [SY_ODATA_COLUMN] = 200,
               [SY_ODATA_TYPE] = 500,
               [SY_ODATA_LITERAL] = 500,
               [SY_ODATA_SIZE] = 500,
               [SY_ODATA_OPTION] = 500,
               [SY_ODATA_NUMBER] = 400},
    .date = SY_ODATA_DATE_OFFSET_3,
    .date_resolution = SY_MS,
    .parts = CLASSIC_ORDER,
};

/* Version 3 of OData, in the framework's parser. */
const sy_odata_dialect sy_odata_netfx = {
    .name = "netfx",
    .read_resolution = 100,
    .substringof = true,
    .replace = true,
    .typed_dates = true,
    .typed_bytes = true,
    .unknown_refused = true,
    .repeated_refused = true,
    .inline_count = true,
    .status = BAD_REQUEST,
    .date = SY_ODATA_DATE_OFFSET_7,
    .date_resolution = 100,
    .parts = CLASSIC_ORDER,
};

/* Version 4 of OData; its client writes dates as casts. */
const sy_odata_dialect sy_odata_datasync = {
    .name = "datasync",
    .read_resolution = 100,
    .contains = true,
    .cast = true,
    .bare_literals = true,
    .in_list = true,
    .repeated_refused = true,
    .count = true,
    .status = BAD_REQUEST,
    .brackets = true,
    .date = SY_ODATA_DATE_CAST_3,
    .date_resolution = SY_MS,
    .parts = CLASSIC_ORDER,
};

/* 2.3 Version gate: dates and the count are translated, substringof is not. */
const sy_odata_dialect sy_odata_datasync_v2 = {
    .name = "datasync-v2",
    .read_resolution = 100,
    .contains = true,
    .typed_dates = true,
    .cast = true,
    .bare_literals = true,
    .in_list = true,
    .repeated_refused = true,
    .inline_count = true,
    .count = true,
    .status = BAD_REQUEST,
    .date = SY_ODATA_DATE_OFFSET_3,
    .date_resolution = SY_MS,
    .parts = CLASSIC_ORDER,
};

const sy_odata_dialect sy_odata_toolkit = {
    .name = "toolkit",
    .read_resolution = 100,
    .contains = true,
    .cast = true,
    .bare_literals = true,
    .in_list = true,
    .repeated_refused = true,
    .count = true,
    .status = BAD_REQUEST,
    .brackets = true,
    .date = SY_ODATA_DATE_CAST_3,
    .date_resolution = SY_MS,
    .parts = CLASSIC_ORDER,
};

/* Everything, and nothing unsaid: dates to the nanosecond, no option passed over. */
const sy_odata_dialect sy_odata_sound = {
    .name = "sound",
    .read_resolution = 1,
    .substringof = true,
    .contains = true,
    .replace = true,
    .typed_dates = true,
    .typed_bytes = true,
    .cast = true,
    .bare_literals = true,
    .in_list = true,
    .unknown_refused = true,
    .repeated_refused = true,
    .count = true,
    .status = BAD_REQUEST,
    .date = SY_ODATA_DATE_BARE,
    .date_resolution = 1,
    .skip_zero = true,
    .parts = CLASSIC_ORDER,
};

/* The reader of the classic .NET client (3.1, 3.4), and what it writes. */
#define CLASSIC_CLIENT                                                                             \
    .read_resolution = 100, .substringof = true, .replace = true, .typed_dates = true,             \
    .typed_bytes = true, .nocase = true, .loose_types = true, .unknown_refused = true,             \
    .repeated_refused = true, .inline_count = true, .parts = CLASSIC_ORDER

static const sy_str underscored[SY_SYSTEM_COUNT] = {
    [SY_COLUMN_ID] = {"id", 2},
    [SY_COLUMN_VERSION] = {"__version", 9},
    [SY_COLUMN_CREATED_AT] = {"__createdAt", 11},
    [SY_COLUMN_UPDATED_AT] = {"__updatedAt", 11},
    [SY_COLUMN_DELETED] = {"__deleted", 9},
    [SY_COLUMN_SEQUENCE] = {"__sequence", 10},
    [SY_COLUMN_EDITED_AT] = {"__editedAt", 10},
    [SY_COLUMN_EDITED_BY] = {"__editedBy", 10},
};

const sy_odata_dialect sy_odata_mobile_services = {
    .name = "mobile-services",
    .system_names = underscored,
    CLASSIC_CLIENT,
    .add_is_and = true,
    .brackets = true,
    .date = SY_ODATA_DATE_OFFSET_7,
    .date_resolution = 100,
    .skip_zero = true,
};

const sy_odata_dialect sy_odata_mobile_apps = {
    .name = "mobile-apps",
    CLASSIC_CLIENT,
    .add_is_and = true,
    .brackets = true,
    .date = SY_ODATA_DATE_OFFSET_7,
    .date_resolution = 100,
    .skip_zero = true,
};

const sy_odata_dialect sy_odata_mobile_apps_js = {
    .name = "mobile-apps-js",
    CLASSIC_CLIENT,
    .brackets = true,
    .date = SY_ODATA_DATE_OFFSET_3,
    .date_resolution = SY_MS,
};

const sy_odata_dialect sy_odata_mobile_apps_android = {
    .name = "mobile-apps-android",
    CLASSIC_CLIENT,
    .date = SY_ODATA_DATE_OFFSET_3,
    .date_resolution = SY_MS,
};

const sy_odata_dialect sy_odata_mobile_apps_ios = {
    .name = "mobile-apps-ios",
    CLASSIC_CLIENT,
    .date = SY_ODATA_DATE_OFFSET_3,
    .date_resolution = SY_MS,
};
