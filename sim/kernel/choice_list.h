/* A list of choices that outlives its run: what a reproduction is made of, in memory and as text,
 * one choice a line:
 *
 *   phone/link.down response-lost(request 5577, attempt 1) = 1
 *
 * In a name every byte that is not a letter, a digit or one of "._-:#@+" is written as %XX. */
#ifndef SIM_KERNEL_CHOICE_LIST_H
#define SIM_KERNEL_CHOICE_LIST_H

#include "core/base/arena.h"
#include "sim/kernel/choice.h"

typedef struct sim_choice_list { /* zeroed but for the arena's allocator: empty and valid */
    sy_arena arena;              /* texts and labels */
    sim_chosen *items;
    size_t count, capacity;
} sim_choice_list;

void sim_choice_list_init(sim_choice_list *list, sy_alloc alloc);
void sim_choice_list_deinit(sim_choice_list *list);
/* Empties it; memory is kept. */
void sim_choice_list_clear(sim_choice_list *list);
/* A deep copy of one more. SY_OK or SY_NOMEM. */
sy_rc sim_choice_list_add(sim_choice_list *list, const sim_chosen *chosen);
/* All that a choice recorded. SY_NOMEM also when the record has holes. */
sy_rc sim_choice_list_take(sim_choice_list *list, const sim_choice *choice);
/* What stands in the list wins over what is drawn; to draw nothing beside it is another call
 * (sim_choice_draw_nothing). */
sy_rc sim_choice_list_force(const sim_choice_list *list, sim_choice *choice, sy_err *err);

void sim_choice_list_write(const sim_choice_list *list, sy_buf *out);
/* Adds one line of text. What the text does not say (class, bound) is that of a workload choice
 * without a bound. SY_PARSE says what is wrong with it. */
sy_rc sim_choice_list_read_line(sim_choice_list *list, sy_str line, sy_err *err);

#endif
