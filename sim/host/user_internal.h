/* What user.c and user_edit.c share. */
#ifndef SIM_HOST_USER_INTERNAL_H
#define SIM_HOST_USER_INTERNAL_H

#include "sim/host/user.h"

typedef struct sim_users sim_users;

typedef struct sim_user_life {
    sim_users *all;
    const sim_user *config;
    sim_stream stream;
    const sim_intention *items;
    size_t count, next;
    sy_value
        *before; /* of each intention: what an update found, for who takes it back; NULL: nobody */
    uint8_t *made; /* bits: the rows of each table that it tried to insert */
    uint32_t index;
    uint32_t busy; /* it itself and its syncs */
    uint64_t said;
} sim_user_life;

struct sim_users {
    sim_world *world;
    sim_users_config config;
    sim_row_chances chances;
    sim_user_life *items;
    sy_time start;
    sy_arena scratch; /* of one call */
    uint32_t busy;    /* users that are not done */
};

static inline const sim_intention *sim_user_current(const sim_user_life *self)
{
    return &self->items[self->next];
}

/* -- user.c -- */
void sim_user_walk(sim_user_life *self);
/* The current intention is over. */
void sim_user_edit_ends(sim_user_life *self, bool applied);
/* A number for sim_user_end_saying; 0: nobody writes it down. */
uint64_t sim_user_say(sim_user_life *self, sim_edit edit, const sy_call *call);
void sim_user_end_saying(sim_user_life *self, uint64_t number);

/* -- user_edit.c -- */
/* Begins an insert, update, delete or undo; it ends the edit and walks on later. false: it does not
 * apply. */
bool sim_user_edit(sim_user_life *self, const sim_intention *one);

#endif
