/* Matches Lua's patterns (manual, 6.4.1), with a budget: every step counts as an instruction. The
 * stock matcher runs inside C, where no instruction hook fires, and some patterns take exponential
 * time. */
#ifndef SCRIPT_MATCHER_H
#define SCRIPT_MATCHER_H

#include "lua/internal.h"

#define SCRIPT_CAPTURE_COUNT_MAX 32

enum { SCRIPT_CAPTURE_OPEN = -1, SCRIPT_CAPTURE_POSITION = -2 };

typedef struct script_capture {
    const char *start;
    ptrdiff_t size; /* or SCRIPT_CAPTURE_OPEN, SCRIPT_CAPTURE_POSITION */
} script_capture;

typedef struct script_matcher {
    lua_State *L;
    const char *subject, *subject_end;
    const char *pattern_end;
    int capture_count;
    int depth;
    unsigned steps;
    script_capture captures[SCRIPT_CAPTURE_COUNT_MAX];
} script_matcher;

/* Both texts outlive the matcher. */
void script_matcher_init(script_matcher *m, lua_State *L, sy_str subject, sy_str pattern);
/* The end of the match of the pattern (from `p`) that begins at `s`; NULL: none. Raises for a
 * pattern that is none, and when the budget is spent. */
const char *script_match_at(script_matcher *m, const char *s, const char *p);

#endif
