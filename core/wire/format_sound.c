/* Our own. Nothing that a message says is lost on the way: times to the nanosecond, the operation
 * key, when and as which edit a change was made, the place where a page goes on, the epoch.
 *
 *   request   X-Sync-Operation-Key   a key that is used once: the request may be sent again
 *             X-Sync-Edited-At       nanoseconds since 1970, by the device's clock
 *             X-Sync-Edit            the number of the edit on that device
 *             ?__since=  __epoch=    changes behind that commit sequence of that history of the
 * data
 *             ?__page=  __place=     at most so many rows; what `next` said
 *   answer    {"items":[..],"count":n,"next":"..","horizon":n,"epoch":".."}
 *             X-Sync-Reason          why, beside a row
 *
 * Keys, reasons and installation ids are percent-encoded. */
#include "core/wire/format.h"

static const char *const names[SY_SYSTEM_COUNT] = {
    [SY_COLUMN_ID] = "id",
    [SY_COLUMN_VERSION] = "version",
    [SY_COLUMN_CREATED_AT] = "createdAt",
    [SY_COLUMN_UPDATED_AT] = "updatedAt",
    [SY_COLUMN_DELETED] = "deleted",
    [SY_COLUMN_SEQUENCE] = "__sequence",
    [SY_COLUMN_EDITED_AT] = "__editedAt",
    [SY_COLUMN_EDITED_BY] = "__editedBy",
};

const sy_wire_format sy_wire_sound = {
    .name = "sound",
    .family = SY_WIRE_SOUND,
    .answers = {[SY_WIRE_SOUND] = &sy_wire_sound},
    .escape_id = SY_URL_ESCAPE_DATA,
    .escape_query = SY_URL_ESCAPE_DATA,
    .undelete = SY_WIRE_UNDELETE_POST,
    .include_deleted = "__includeDeleted",
    .include_deleted_any_case = true,
    .odata = &sy_odata_sound,
    .if_match = SY_IF_MATCH_STRONG,
    .media_type = true,
    .flaws =
        {
            [SY_WIRE_FLAW_ROUTE] = 404,
            [SY_WIRE_FLAW_METHOD] = 405,
            [SY_WIRE_FLAW_TABLE] = 404,
            [SY_WIRE_FLAW_URL] = 400,
            [SY_WIRE_FLAW_MEDIA_TYPE] = 415,
            [SY_WIRE_FLAW_JSON] = 400,
            [SY_WIRE_FLAW_VALUE] = 400,
            [SY_WIRE_FLAW_COLUMN] = 400,
            [SY_WIRE_FLAW_RESERVED] = 400,
            [SY_WIRE_FLAW_IF_MATCH] = 400,
        },
    .system_names = names,
    .time = SY_WIRE_TIME_EXACT,
    .time_resolution_ns = 1,
    .etag_escape = SY_ETAG_ESCAPE_ALL,
    .etag_is_version = true,
    .page = SY_WIRE_PAGE_ITEMS,
    .next = SY_WIRE_NEXT_PLACE,
    .error = SY_WIRE_ERROR_JSON,
    .location = true,
    .last_modified = true,
    .sync = true,
};
