/* Dates in the JSON of the JavaScript SDK. It takes every text of an answer that looks like a date
 * for one (it cannot know), stores such a date in a text column as JSON, quotes included, and hands
 * rows out to handlers as JSON copies, where every date is a text again. */
#ifndef SY_CLIENT_JSON_COPY_H
#define SY_CLIENT_JSON_COPY_H

#include "core/value/row.h"

/* A row of an answer as the SDK's store keeps it. */
sy_rc sy_json_stored(sy_arena *arena, const sy_row *row, const sy_row **out, sy_err *err);
/* A row as a handler gets it: dates are texts, which a column of dates refuses to take back.
 * `answered`: a row of an answer, whose texts may have been taken for dates. */
sy_rc sy_json_copied(sy_arena *arena, const sy_row *row, bool answered, const sy_row **out,
                     sy_err *err);

#endif
