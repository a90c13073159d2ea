/* Where a page goes on: what `next` of an answer says and `continuation` of a request gives back.
 * Text of ours, "$skip=50&$top=10", put over the query that comes with it again; or "$after=1234",
 * the last commit sequence of the page before, and in a first pull with a filter
 * "$after=1234&$first=2000", the horizon of its first page. The first form is what a link to the
 * next page comes to, whatever it looks like on the wire. */
#ifndef SY_WIRE_PLACE_H
#define SY_WIRE_PLACE_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"

#define SY_PLACE_NOT_GIVEN INT64_C(-1)

typedef struct sy_place {
    int64_t skip, top, after, first; /* SY_PLACE_NOT_GIVEN: nothing is said */
} sy_place;

/* false: not one of ours. Empty text says nothing. */
bool sy_place_read(sy_str text, sy_place *out);
sy_rc sy_place_write(const sy_place *place, sy_arena *arena, sy_str *out, sy_err *err);
/* Decimal digits and nothing else, up to INT64_MAX. */
bool sy_place_read_number(sy_str text, int64_t *out);

#endif
