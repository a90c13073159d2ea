#include "sim/host/user_internal.h"

#include "core/base/check.h"
#include "sim/kernel/events.h"

#include <stdio.h>

typedef struct sync {
    sim_user_life *of;
    const sim_intention *intention; /* NULL: the first one, which nobody intends */
    uint32_t step;
    uint64_t said;
} sync;

sy_str sim_user_row_id(sy_str table, uint32_t row, char out[SIM_ROW_ID_SIZE_MAX])
{
    const int size = snprintf(out, SIM_ROW_ID_SIZE_MAX, "%.*s-%u", SY_FMT(table), row);
    return (sy_str){out, (size_t)size};
}

static void leave(sim_user_life *self)
{
    sim_users *all = self->all;
    if (--self->busy == 0 && --all->busy == 0) {
        sy_arena_deinit(&all->scratch);
        all->config.done(all->config.self);
    }
}

static void emit(sim_user_life *self, const sim_intention *one, bool applied)
{
    char text[SIM_ROW_ID_SIZE_MAX];
    const bool of_row = one->edit <= SIM_EDIT_DELETE || one->edit == SIM_EDIT_UNDO;
    const sy_str table = of_row ? self->all->config.plan->tables[one->table].name : SY_STR("");
    const sy_str id = of_row ? sim_user_row_id(table, one->row, text) : SY_STR("");
    sim_trace_event(self->all->world, SIM_HOST_WORLD, &sim_event_intention,
                    sy_cstr(self->config->name), sy_int((int64_t)one->number),
                    sy_cstr(sim_edit_name(one->edit)), sy_text(table), sy_text(id),
                    sy_bool(applied));
}

/* -- what is said is written down -- */

uint64_t sim_user_say(sim_user_life *self, sim_edit edit, const sy_call *call)
{
    const sim_user_listener *listener = &self->all->config.listener;
    if (listener->said == NULL) {
        return 0;
    }
    const sim_saying saying = {
        .user = self->index, .edit = edit, .table = call->table, .id = call->id, .row = call->row};
    return listener->said(listener->self, &saying);
}

void sim_user_end_saying(sim_user_life *self, uint64_t number)
{
    const sim_user_listener *listener = &self->all->config.listener;
    if (listener->over != NULL && number != 0) {
        listener->over(listener->self, number);
    }
}

/* -- a sync: a push, then a pull of every table -- */

static void sync_goes_on(sync *self);

static void sync_ends(sync *self, bool good)
{
    sim_user_life *of = self->of;
    sim_user_end_saying(of, self->said);
    if (self->intention != NULL) {
        emit(of, self->intention, good);
    } else {
        sim_user_walk(of);
    }
    leave(of);
}

static void sync_stepped(void *context, sy_rc rc, const sy_outcome *outcome)
{
    sync *self = context;
    (void)outcome;
    if (rc == SY_OK) {
        sync_goes_on(self);
    } else {
        sync_ends(self, false);
    }
}

static void sync_goes_on(sync *self)
{
    sim_user_life *of = self->of;
    const sim_user_plan *plan = of->all->config.plan;
    const uint32_t step = self->step++;
    if (step > plan->table_count) {
        sync_ends(self, true);
        return;
    }
    sy_call call = {.verb = SY_VERB_PUSH};
    sy_query query;
    const sy_client *client = sim_client_host_client(of->config->host);
    if (step > 0 && client != NULL) {
        const sy_schema *schema = sy_client_schema(client, plan->tables[step - 1].name);
        if (schema == NULL) { /* a device with tables of its own */
            sync_goes_on(self);
            return;
        }
        query = sy_query_all(schema);
        call = (sy_call){.verb = SY_VERB_PULL,
                         .table = schema->name,
                         .query = &query,
                         .query_id = SY_STR("all")};
    }
    if (sim_client_host_call(of->config->host, &call, sync_stepped, self, NULL, NULL) != SY_OK) {
        sync_ends(self, false);
    }
}

static void begin_sync(sim_user_life *self, const sim_intention *intention)
{
    sync *one = sy_arena_push(&self->all->world->arena, sizeof *one);
    if (one == NULL) {
        self->all->world->broken = SY_NOMEM;
        return;
    }
    *one = (sync){.of = self, .intention = intention};
    self->busy++;
    one->said = sim_user_say(self, SIM_EDIT_SYNC, &(sy_call){.verb = SY_VERB_PUSH});
    sync_goes_on(one);
}

/* -- one after the other -- */

void sim_user_edit_ends(sim_user_life *self, bool applied)
{
    emit(self, sim_user_current(self), applied);
    self->next++;
}

static bool connect(sim_user_life *self, bool online)
{
    if (self->config->connect == NULL) {
        return false;
    }
    self->config->connect(self->config->connect_self, online);
    return true;
}

static void wake(void *context)
{
    sim_user_walk(context);
}

/* Does what is due. */
void sim_user_walk(sim_user_life *self)
{
    sim_users *all = self->all;
    while (self->next < self->count) {
        const sim_intention *one = sim_user_current(self);
        const sy_time due = all->start + one->time;
        if (due > all->world->now) {
            sim_world_at(all->world, due, wake, self);
            return;
        }
        if (one->edit == SIM_EDIT_SYNC) {
            self->next++;
            begin_sync(self, one);
        } else if (one->edit == SIM_EDIT_OFFLINE || one->edit == SIM_EDIT_ONLINE) {
            sim_user_edit_ends(self, connect(self, one->edit == SIM_EDIT_ONLINE));
        } else if (sim_user_edit(self, one)) {
            return;
        } else {
            sim_user_edit_ends(self, false);
        }
    }
    leave(self);
}

static void begin(void *context)
{
    begin_sync(context, NULL);
}

static bool any_undo(const sim_user_plan *plan)
{
    return plan->undo > 0;
}

static sy_rc open_user(sim_users *all, uint32_t index)
{
    const sim_user_plan *plan = all->config.plan;
    sim_world *world = all->world;
    sim_user_life *self = &all->items[index];
    const size_t bits = (size_t)plan->table_count * plan->rows;
    *self =
        (sim_user_life){.all = all, .config = &all->config.users[index], .index = index, .busy = 1};
    self->stream = sim_stream_of(world->choice, self->config->name, "intentions");
    self->made = sy_arena_push_zeroed(&world->arena, bits / 8 + 1);
    sy_rc rc = sim_intentions_draw(plan, &all->chances, &self->stream, index, &world->arena,
                                   &self->items, &self->count);
    if (rc == SY_OK && any_undo(plan)) {
        self->before =
            sy_arena_push_zeroed(&world->arena, (self->count + 1) * sizeof *self->before);
    }
    return self->made == NULL || (any_undo(plan) && self->before == NULL) ? SY_NOMEM : rc;
}

sy_rc sim_users_start(sim_world *world, const sim_users_config *config, sy_err *err)
{
    const sim_user_plan *plan = config->plan;
    SY_ASSERT(plan->user_count > 0 && plan->rows >= 2 * plan->user_count && plan->table_count > 0);
    sim_users *all = sy_arena_push_zeroed(&world->arena, sizeof *all);
    sim_user_life *items = sy_arena_push_zeroed(&world->arena, plan->user_count * sizeof *items);
    if (all == NULL || items == NULL) {
        return sy_fail_nomem(err);
    }
    *all = (sim_users){.world = world, .config = *config, .items = items, .start = world->now};
    all->busy = plan->user_count;
    sy_arena_init(&all->scratch, world->alloc);
    sy_rc rc = sim_row_chances_of(plan, &world->arena, &all->chances);
    for (uint32_t i = 0; i < plan->user_count && rc == SY_OK; i++) {
        rc = open_user(all, i);
    }
    if (rc != SY_OK) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < plan->user_count; i++) {
        sim_world_after(world, 0, begin, &all->items[i]);
    }
    return SY_OK;
}
