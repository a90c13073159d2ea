/* A failing run as a stand-alone story: the verbs that its drivers said, one a line, as few of them
 * as still fail in the same way. Lines are tried in three forms, the more readable first:
 *
 *   one after the other               phone:push()
 *   each at its own virtual time      world:at("1500 ms", function() phone:push() end)
 *   and behind what happens then      world:at("1 s 500000002 ns", function() phone:push() end)
 *
 * A choice whose label has a verb becomes that verb before the line during which it was made, if
 * that does it; what is left becomes one `sim.choose { ... }`. In the end each pause between two
 * lines becomes as short as will do.
 *
 * A failed expectation fails more easily when what it is about is left out. So where
 * `needs_choices`, and the failure is gone without the choices, it has to be gone without them in
 * every shorter story, too. */
#ifndef SIM_EXPLORE_STORY_H
#define SIM_EXPLORE_STORY_H

#include "core/base/time.h"
#include "sim/kernel/choice_list.h"

typedef struct sim_story_line {
    sy_time time;                  /* when it began */
    const char *text;              /* "phone:push()" */
    const char *variable;          /* of the client that it makes; NULL: makes none */
    const char *client;            /* its name */
    bool kept;                     /* its result is used by a later line, as pushed[number] */
    size_t number;                 /* from 1 */
    size_t chosen_from, chosen_to; /* the choices, by index, that were made during it */
} sim_story_line;

typedef struct sim_story {
    const char *name;            /* of the story */
    const char *tables, *server; /* "tables = {...}" */
    const sim_story_line *lines;
    size_t line_count;
    const sim_choice_list *choices; /* in the order in which they were made */
    /* A story of this text: does it fail in the way that is wanted? */
    sy_rc (*attempt)(void *self, sy_str text, bool *fails, sy_err *err);
    bool needs_choices;
    bool orders; /* the order of events is among the choices, within a window of this size */
    sy_time window_ns;
    void *self;
    uint64_t run_max; /* 0: 500 */
} sim_story;

typedef struct sim_story_told {
    size_t line_count, client_count; /* what is left */
    uint64_t runs;
} sim_story_told;

/* Appends all lines, each at its own time, and all choices of weather, untried and unshrunk. SY_OK
 * or SY_NOMEM. */
sy_rc sim_story_write(const sim_story *story, sy_alloc alloc, sy_buf *out, sy_err *err);
/* Appends the story. SY_NOT_FOUND: in none of these forms do the lines fail as the run did. */
sy_rc sim_story_tell(const sim_story *story, sy_alloc alloc, sy_buf *out, sim_story_told *told,
                     sy_err *err);

#endif
