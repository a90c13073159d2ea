/* JSON arrays and objects in texts, cut into pieces of the text itself: a merge puts pieces
 * together again and changes none. Pieces are compared as they are written. */
#ifndef SY_POLICY_JSON_SLICES_H
#define SY_POLICY_JSON_SLICES_H

#include "core/base/arena.h"
#include "core/base/err.h"

#define SY_SLICE_COUNT_MAX 4096 /* of one array or object */

typedef struct sy_slices {
    sy_str *items; /* elements, or members' values */
    sy_str *names; /* of members, with their quotes; NULL: an array */
    size_t count;
} sy_slices;

/* *is_it false: the text is no array (object), or one with too many elements. SY_OK or SY_NOMEM. */
sy_rc sy_json_array(sy_str text, sy_arena *arena, sy_slices *out, bool *is_it, sy_err *err);
sy_rc sy_json_object(sy_str text, sy_arena *arena, sy_slices *out, bool *is_it, sy_err *err);
bool sy_slices_have(const sy_slices *slices, sy_str item);
/* The value of a member; data NULL: there is none. */
sy_str sy_slices_member(const sy_slices *slices, sy_str name);
/* By their bytes; equal ones become one. */
void sy_slices_sort(sy_slices *slices);
/* "[1,2]", {"a":1}; data NULL: no memory. */
sy_str sy_slices_to_text(const sy_slices *slices, sy_arena *arena);

#endif
