/* The end of a run: everything is healed, then rounds. In a round each device, beside the others,
 * pushes all and pulls every query that it ever pulled. It is over when a round changed nothing and
 * no message is on its way.
 *
 *   begin --> round: each device (start if down) -> push -> pull -> pull ... --> all there?
 *               ^                                                                 | the same as
 * before: settled
 *               +------------ something changed, or is on its way ----------------+
 *
 * The bound is 20 rounds, or a time that the network needs at most (settle_diagnosis.c). Either way
 * what still differs is in the trace afterwards (settle_compare.c), with what kind of trouble it
 * is. A device that the scenario never started stays as it is. */
#include "core/base/check.h"
#include "sim/run/simulation_internal.h"

#define PAUSE_NS        SY_SECOND /* while a message is on its way */
#define START_COUNT_MAX 3u        /* of a device that dies again and again, in one round */

static void emit_phase(sim_simulation *simulation, const char *name)
{
    sim_trace_event(&simulation->world, SIM_HOST_WORLD, &sim_event_phase, sy_cstr(name));
}

static void finish(sim_simulation *simulation, sy_rc rc)
{
    sim_settle *settle = &simulation->settle;
    settle->active = false;
    sim_settle_compare(simulation);
    if (rc == SY_LIMIT) {
        sim_settle_tell_unrest(simulation);
    }
    emit_phase(simulation, "settled");
    if (settle->settled != NULL) {
        settle->settled(settle->self, rc);
    }
}

static void begin_round(sim_simulation *simulation);

static void next_round(void *self)
{
    sim_simulation *simulation = self;
    if (simulation->settle.active && simulation->settle.devices_left == 0) {
        begin_round(simulation);
    }
}

static void end_round(sim_simulation *simulation)
{
    sim_settle *settle = &simulation->settle;
    uint64_t state = sim_settle_state(simulation);
    bool rests = state == settle->state;
    bool on_its_way = simulation->world.messages.in_use > 0;
    settle->state = state;
    if (rests && !on_its_way && !settle->began_busy) {
        finish(simulation, SY_OK);
    } else if (settle->round == SIM_SETTLE_ROUND_COUNT_MAX) {
        finish(simulation, SY_LIMIT);
    } else {
        sim_world_after(&simulation->world, on_its_way ? PAUSE_NS : 0, next_round, simulation);
    }
}

/* -- one device in a round -- */

static void device_goes_on(sim_device *device);

static void device_ends(sim_device *device)
{
    sim_settle *settle = &device->simulation->settle;
    SY_ASSERT(settle->devices_left > 0);
    device->settle_busy = false;
    if (--settle->devices_left == 0) {
        end_round(device->simulation);
    }
}

/* A call of this device came to its end, whatever it was: failures show in what is left. */
static void device_done(void *self, sy_rc rc, const sy_outcome *outcome)
{
    sim_device *device = self;
    (void)rc;
    (void)outcome;
    if (device->simulation->settle.active) {
        device_goes_on(device);
    }
}

static bool device_call(sim_device *device, const sy_call *call)
{
    return sim_client_host_call(device->host, call, device_done, device, NULL, NULL) == SY_OK;
}

static bool device_starts(sim_device *device)
{
    device->settle_query = 0;
    return device->settle_starts++ < START_COUNT_MAX &&
           sim_client_host_start(device->host, device_done, device, NULL) == SY_OK;
}

static bool device_pulls(sim_device *device, uint32_t number)
{
    const sy_query *query = NULL;
    sy_str query_id = {0};
    sim_client_host_pulled(device->host, number, &query, &query_id);
    return device_call(device, &(sy_call){.verb = SY_VERB_PULL,
                                          .table = query->schema->name,
                                          .query = query,
                                          .query_id = query_id});
}

/* The next step: start, push (step 0), then each query. A call that is refused ends its round. */
static void device_goes_on(sim_device *device)
{
    if (!sim_client_host_up(device->host)) {
        if (!device_starts(device)) {
            device_ends(device);
        }
        return;
    }
    uint32_t step = device->settle_query++;
    bool goes_on = false;
    if (step == 0) {
        goes_on = device_call(device, &(sy_call){.verb = SY_VERB_PUSH});
    } else if (step <= sim_client_host_note_pulled(device->host)) {
        goes_on = device_pulls(device, step - 1);
    }
    if (!goes_on) {
        device_ends(device);
    }
}

/* -- rounds -- */

static bool takes_part(const sim_device *device)
{
    return sim_client_host_incarnation(device->host) > 0;
}

static void begin_round(sim_simulation *simulation)
{
    sim_settle *settle = &simulation->settle;
    settle->round++;
    settle->began_busy = simulation->world.messages.in_use > 0;
    settle->devices_left = 1; /* this function: no end before everybody began */
    for (size_t i = 0; i < simulation->device_count; i++) {
        sim_device *device = simulation->devices[i];
        if (takes_part(device)) {
            device->settle_query = 0;
            device->settle_starts = 0;
            device->settle_busy = true;
            settle->devices_left++;
            device_goes_on(device);
        }
    }
    if (--settle->devices_left == 0) {
        end_round(simulation);
    }
}

/* It may stay wrong, and goes on evenly from here: a step back would be weather of its own. */
static void heal_clock(sim_clock *clock)
{
    sim_clock_set_drift(clock, 0);
}

static void heal(sim_simulation *simulation)
{
    simulation->world.calm = true;
    sim_choice_calm_down(simulation->world.choice);
    if (!sim_server_host_up(simulation->server)) {
        (void)sim_server_host_start(simulation->server, NULL);
    }
    sim_server_host_heal(simulation->server);
    for (uint32_t i = 0; i < sim_server_host_instances(simulation->server); i++) {
        heal_clock(sim_server_host_clock(simulation->server, i));
    }
    for (size_t i = 0; i < simulation->device_count; i++) {
        sim_run_storage_heal(&simulation->devices[i]->storage);
        sim_client_host_resume(simulation->devices[i]->host);
        heal_clock(sim_client_host_clock(simulation->devices[i]->host));
        sim_link_heal(&simulation->devices[i]->link);
    }
}

static void deadline_passes(void *self)
{
    sim_simulation *simulation = self;
    const sim_settle *settle = &simulation->settle;
    if (settle->active && simulation->world.now >= settle->deadline) {
        finish(simulation, SY_LIMIT);
    }
}

static void begin(void *self)
{
    sim_simulation *simulation = self;
    const sy_time bound = sim_settle_bound(simulation);
    emit_phase(simulation, "settle");
    simulation->settle.deadline = simulation->world.now + bound;
    sim_world_after(&simulation->world, bound, deadline_passes, simulation);
    heal(simulation);
    simulation->settle.state = sim_settle_state(simulation);
    begin_round(simulation);
}

sy_rc sim_simulation_settle(sim_simulation *simulation, sim_settled settled, void *self,
                            sy_err *err)
{
    if (simulation->server == NULL || simulation->settle.active) {
        return SY_FAIL(err, SY_STATE, "%s",
                       simulation->server == NULL ? "there is no server" : "it settles already");
    }
    if (sim_settle_watch(simulation) != SY_OK) {
        return sy_fail_nomem(err);
    }
    simulation->settle =
        (sim_settle){.active = true, .settled = settled, .self = self, .deadline = SY_TIME_MAX};
    sim_world_after(&simulation->world, 0, begin, simulation);
    return SY_OK;
}
