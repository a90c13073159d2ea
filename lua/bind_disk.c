/* Faults of a device's disk that a scenario asks for: the same that are drawn. */
#include "lua/convert.h"

#include <string.h>

static sim_power_loss loss_argument(lua_State *L, int index)
{
    const char *name = luaL_optstring(L, index, sim_power_loss_name(SIM_POWER_LOSS_NOTHING));
    for (int loss = 0; loss < SIM_POWER_LOSS_COUNT; loss++) {
        if (strcmp(name, sim_power_loss_name((sim_power_loss)loss)) == 0) {
            return (sim_power_loss)loss;
        }
    }
    (void)luaL_argerror(L, index, "no loss of power");
    return SIM_POWER_LOSS_NOTHING; /* not reached */
}

/* losses() -> names of what a loss of power can lose */
static int disk_losses(lua_State *L)
{
    lua_newtable(L);
    for (int loss = SIM_POWER_LOSS_NOTHING + 1; loss < SIM_POWER_LOSS_COUNT; loss++) {
        lua_pushstring(L, sim_power_loss_name((sim_power_loss)loss));
        lua_rawseti(L, -2, loss);
    }
    return 1;
}

/* lose_power(device, loss) */
static int disk_lose_power(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    sy_err err = {0};
    if (sim_device_lose_power(device->device, loss_argument(L, 2), &err) != SY_OK) {
        (void)script_misuse(L, "crash.power: %s", err.text);
    }
    return 0;
}

/* disk_fault(device, kind, number from now, loss): "dies", "failed", "full", "short" at a change,
 * "locked" at a lock, "unread" at a read */
static int disk_fault(lua_State *L)
{
    static const char *const names[] = {"dies",   "failed", "full", "short",
                                        "locked", "unread", NULL};
    static void (*const arms[])(sim_disk * disk, uint64_t number) = {
        sim_disk_fail_at,  sim_disk_error_at, sim_disk_full_at,
        sim_disk_short_at, sim_disk_lock_at,  sim_disk_unread_at};
    const script_device *device = script_device_argument(L, 1);
    const int which = luaL_checkoption(L, 2, NULL, names);
    const sim_power_loss loss = loss_argument(L, 4);
    sim_disk *disk = sim_device_disk(device->device);
    if (disk == NULL) {
        return script_misuse(L, "%s has no disk: its store is not \"sqlite\", or was never opened",
                             device->name);
    }
    arms[which](disk, (uint64_t)luaL_checkinteger(L, 3));
    if (loss != SIM_POWER_LOSS_NOTHING) {
        sim_disk_lose_power_next(disk, loss);
    }
    return 0;
}

/* disk_costs(device, read, write, commit): nanoseconds of virtual time; nil: as before */
static int disk_costs(lua_State *L)
{
    sim_store *store = sim_device_store(script_device_argument(L, 1)->device);
    sy_time *const costs[] = {&store->read_ns, &store->write_ns, &store->commit_ns};
    for (int i = 0; i < 3; i++) {
        if (!lua_isnoneornil(L, i + 2)) {
            *costs[i] = luaL_checkinteger(L, i + 2);
        }
    }
    return 0;
}

const luaL_Reg script_disk_functions[] = {
    {"losses", disk_losses},
    {"lose_power", disk_lose_power},
    {"disk_fault", disk_fault},
    {"disk_costs", disk_costs},
    {NULL, NULL},
};
