/* Which of several known names somebody may have meant. */
#ifndef SY_BASE_SUGGEST_H
#define SY_BASE_SUGGEST_H

#include "core/base/str.h"

/* The known name that is nearest to `name` by letters inserted, removed, changed or swapped; a
 * beginning counts as one letter off; of equals the first. Empty names of the list are skipped.
 * NULL: none is near. */
const sy_str *sy_suggest(sy_str name, const sy_str *known, size_t count);

#endif
