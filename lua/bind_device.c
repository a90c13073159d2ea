/* A device and what surrounds it: its process, link, clock and the faults of its store. */
#include "lua/convert.h"
#include "sim/host/host_clock.h"

#include <string.h>

script_device *script_device_argument(lua_State *L, int index)
{
    script *owner = script_of(L);
    lua_Integer number = luaL_checkinteger(L, index);
    if (number < 1 || (size_t)number > owner->device_count) {
        (void)script_misuse(L, "this client is of another run");
    }
    return owner->devices[number - 1];
}

/* -- options; the table is at 1 -- */

static int64_t integer_option(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    lua_Integer value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

static bool flag_option(lua_State *L, const char *name, bool missing)
{
    bool set = lua_getfield(L, 1, name) == LUA_TNIL ? missing : lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return set;
}

static const char *text_option(lua_State *L, const char *name)
{
    (void)lua_getfield(L, 1, name);
    const char *text = lua_isnil(L, -1) ? NULL : script_keep_text(L, -1);
    lua_pop(L, 1);
    return text;
}

static bool has_option(lua_State *L, const char *name)
{
    bool there = lua_getfield(L, 1, name) != LUA_TNIL;
    lua_pop(L, 1);
    return there;
}

static const sy_dialect *dialect_option(lua_State *L, const script *owner)
{
    const char *name = text_option(L, "dialect");
    if (name == NULL) {
        sim_simulation_follow(owner->simulation);
        return script_default_dialect(owner);
    }
    const sy_dialect *dialect = sy_dialect_find(sy_str_of(name));
    if (dialect == NULL) {
        sy_str known[16];
        size_t count = 0;
        for (; count < 16 && sy_dialect_at(count) != NULL; count++) {
            known[count] = sy_str_of(sy_dialect_at(count)->name);
        }
        script_push_suggestion(L, sy_str_of(name), known, count);
        (void)script_misuse(L, "client.dialect: unknown dialect '%s'%s", name, lua_tostring(L, -1));
        return script_default_dialect(owner); /* not reached */
    }
    return dialect;
}

static void read_link(lua_State *L, sim_device_config *config)
{
    config->weather.net.latency_min_ns = integer_option(L, 1, "latency");
    config->weather.net.latency_spread_ns = integer_option(L, 1, "latency_spread");
    config->timeout_ns = integer_option(L, 1, "timeout");
    config->starts_offline = !flag_option(L, "online", true);
    config->metered = flag_option(L, "metered", false);
    config->group = text_option(L, "group");
    if (lua_getfield(L, 1, "weather") != LUA_TNIL) {
        script_read_weather(L, -1, "client.weather", &config->weather);
    }
    lua_pop(L, 1);
    if (lua_getfield(L, 1, "clock") == LUA_TTABLE) {
        int clock = lua_absindex(L, -1);
        config->clock_offset_ns = integer_option(L, clock, "offset");
        config->clock_drift_ppm = integer_option(L, clock, "drift_ppm");
        config->clock_resolution_ns = integer_option(L, clock, "resolution");
        config->clock_zone_ns = integer_option(L, clock, "zone");
    }
    lua_pop(L, 1);
}

static void read_store(lua_State *L, script_device *device, sim_device_config *config)
{
    config->journal_mode = text_option(L, "journal_mode");
    config->synchronous = text_option(L, "synchronous");
    config->power_loss = flag_option(L, "power_loss", false);
    device->store = LUA_NOREF;
    if (lua_getfield(L, 1, "store") == LUA_TTABLE) {
        device->store = luaL_ref(L, LUA_REGISTRYINDEX);
        config->store = SIM_STORE_CUSTOM;
        config->custom = script_store_port(device);
        config->custom_crashed = script_store_crashed;
        config->custom_self = device;
        return;
    }
    const char *name = lua_tostring(L, -1);
    config->store =
        name != NULL && strcmp(name, "sqlite") == 0 ? SIM_STORE_SQLITE : SIM_STORE_MEMORY;
    lua_pop(L, 1);
}

/* The policy for a table: named by itself, else the one for all; a function means: ask. */
static const sy_policy *policy_of(lua_State *L, sy_str table)
{
    (void)lua_getfield(L, 1, "policies");
    script_push_str(L, table);
    (void)lua_gettable(L, -2);
    if (lua_isnil(L, -1)) {
        (void)lua_getfield(L, 1, "policy_all");
        lua_replace(L, -2);
    }
    const sy_policy *policy = NULL;
    if (lua_isfunction(L, -1) || has_option(L, "handler")) {
        policy = &sy_policy_handler;
    } else if (lua_istable(L, -1)) {
        policy = script_policy_on_top(L);
    }
    lua_pop(L, 2);
    return policy;
}

static void check_policy_tables(lua_State *L, const script_device *device)
{
    (void)lua_getfield(L, 1, "policies");
    lua_Integer count = script_sorted_keys(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        size_t size = 0;
        const char *name = lua_tolstring(L, -1, &size);
        (void)script_schema_find(L, device->schemas, (sy_str){name, size}, device->name);
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

/* The options, with the view of the tables, are at 1. */
static void read_tables(lua_State *L, script_device *device, sim_device_config *config)
{
    (void)lua_getfield(L, 1, "view");
    const script_view *view = script_view_argument(L, lua_absindex(L, -1));
    lua_pop(L, 1);
    uint32_t system = sim_server_dialect_for(device->dialect)->system;
    device->schemas = script_schemas_of(L, view, system);
    check_policy_tables(L, device);
    sy_client_table *tables = script_keep(L, (view->table_count + 1) * sizeof *tables);
    for (uint32_t i = 0; i < view->table_count; i++) {
        const sy_schema *schema = device->schemas->items[i];
        tables[i] = (sy_client_table){schema, policy_of(L, view->tables[i].name)};
        script_check_policy(L, tables[i].policy, schema);
    }
    config->tables = tables;
    config->table_count = view->table_count;
}

static bool asks(const sim_device_config *config)
{
    for (uint32_t i = 0; i < config->table_count; i++) {
        if (config->tables[i].policy == &sy_policy_handler) {
            return true;
        }
    }
    return false;
}

static sy_auto_sync auto_sync_option(lua_State *L)
{
    int type = lua_getfield(L, 1, "auto_sync");
    bool on = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    if (type == LUA_TSTRING) {
        return SY_AUTO_SYNC_UNMETERED;
    }
    return on ? SY_AUTO_SYNC_ON : SY_AUTO_SYNC_OFF;
}

static sy_stamp stamp_option(lua_State *L)
{
    const char *name = text_option(L, "stamp");
    if (name == NULL || strcmp(name, "wall") == 0) {
        return SY_STAMP_WALL;
    }
    return strcmp(name, "hlc") == 0       ? SY_STAMP_HLC
           : strcmp(name, "lamport") == 0 ? SY_STAMP_LAMPORT
                                          : SY_STAMP_LOCAL;
}

static uint32_t parallel_option(lua_State *L, const sy_dialect *dialect)
{
    int64_t count = integer_option(L, 1, "parallel");
    if (count > dialect->parallel_max) {
        (void)script_misuse(L, "client.parallel: the dialect %s pushes at most %d at once",
                            dialect->name, (int)dialect->parallel_max);
    }
    return (uint32_t)count;
}

/* A handler that is never asked would say nothing: it is refused. Policies are not: worlds take
 * them from outside, and the trace of a conflict says that nobody was asked. */
static void check_hooks(lua_State *L, const sy_dialect *dialect)
{
    const bool by_log = dialect->errors_change_action;
    const struct {
        const char *name;
        bool is_there;
    } hooks[] = {{"handler", dialect->has_hooks && !by_log},
                 {"on_push_complete", dialect->has_hooks && !by_log},
                 {"on_error", by_log}};
    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
        if (!hooks[i].is_there && has_option(L, hooks[i].name)) {
            (void)script_misuse(L, "client.%s: the dialect %s has no hook for it", hooks[i].name,
                                dialect->name);
        }
    }
}

static void enlist(lua_State *L, script *owner, script_device *device)
{
    script_device **grown = sy_alloc_grow(owner->alloc, owner->devices, owner->device_count,
                                          &owner->device_capacity, sizeof(script_device *));
    if (grown == NULL) {
        (void)luaL_error(L, "not enough memory");
        return;
    }
    owner->devices = grown;
    grown[owner->device_count++] = device;
    device->number = (uint32_t)owner->device_count;
}

/* device(options) -> number; it is not started */
static int device_new(lua_State *L)
{
    script *owner = script_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    script_device *device = script_keep(L, sizeof *device);
    *device = (script_device){.owner = owner, .dialect = dialect_option(L, owner)};
    check_hooks(L, device->dialect);
    const char *name = text_option(L, "name");
    device->name = lua_pushfstring(L, "client %s", name);
    device->name = script_keep_text(L, -1);
    lua_pop(L, 1);
    sim_device_config config = {.name = name,
                                .dialect = device->dialect,
                                .starts_down = true,
                                .auto_sync = auto_sync_option(L),
                                .stamp = stamp_option(L),
                                .parallel = parallel_option(L, device->dialect),
                                .pull_on_notice = flag_option(L, "pull_on_notice", false)};
    config.backup = (uint32_t)integer_option(L, 1, "backup_number");
    read_link(L, &config);
    read_store(L, device, &config);
    read_tables(L, device, &config);
    config.handler =
        script_handler_port(device, has_option(L, "handler"), asks(&config),
                            has_option(L, "on_error"), has_option(L, "on_push_complete"));
    sy_err err = {0};
    if (sim_simulation_add_device(owner->simulation, &config, &device->device, &err) != SY_OK) {
        return script_misuse(L, "client %s: %s", name, err.text);
    }
    enlist(L, owner, device);
    script_watch_requests(device);
    lua_pushinteger(L, device->number);
    return 1;
}

/* client_dialects() -> names */
static int device_dialects(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        lua_pushstring(L, sy_dialect_at(i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* default_dialect() -> name of what a client is that says nothing */
static int device_default_dialect(lua_State *L)
{
    sim_simulation_follow(script_of(L)->simulation);
    lua_pushstring(L, script_default_dialect(script_of(L))->name);
    return 1;
}

/* -- its tables -- */

/* check_table(device, name) */
static int device_check_table(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    size_t size = 0;
    const char *name = luaL_checklstring(L, 2, &size);
    (void)script_schema_find(L, device->schemas, (sy_str){name, size}, device->name);
    return 0;
}

/* set_tables(options, device): the same options with another view */
static int device_set_tables(lua_State *L)
{
    script_device *device = script_device_argument(L, 2);
    sim_device_config config = {0};
    sy_err err = {0};
    luaL_checktype(L, 1, LUA_TTABLE);
    read_tables(L, device, &config);
    if (sim_device_set_tables(device->device, config.tables, config.table_count, &err) != SY_OK) {
        return script_misuse(L, "%s: %s", device->name, err.text);
    }
    return 0;
}

/* tables(device) -> names */
static int device_tables(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    lua_newtable(L);
    for (uint32_t i = 0; i < device->schemas->view->table_count; i++) {
        script_push_str(L, device->schemas->items[i]->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* changes_action(device): its errors can make an operation another one */
static int device_changes_action(lua_State *L)
{
    lua_pushboolean(L, script_device_argument(L, 1)->dialect->errors_change_action);
    return 1;
}

/* has_version(device, table) */
static int device_has_version(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    size_t size = 0;
    const char *name = luaL_checklstring(L, 2, &size);
    const sy_schema *schema =
        script_schema_find(L, device->schemas, (sy_str){name, size}, device->name);
    lua_pushboolean(L, sy_schema_has(schema, SY_COLUMN_VERSION));
    return 1;
}

/* -- its process -- */

static sim_client_host *host_of(lua_State *L)
{
    return sim_device_host(script_device_argument(L, 1)->device);
}

static int device_up(lua_State *L)
{
    lua_pushboolean(L, sim_client_host_up(host_of(L)));
    return 1;
}

static int device_incarnation(lua_State *L)
{
    sim_client_host *host = host_of(L);
    lua_pushinteger(L,
                    sim_client_host_up(host) ? (lua_Integer)sim_client_host_incarnation(host) : 0);
    return 1;
}

static int device_crash(lua_State *L)
{
    sim_client_host *host = host_of(L);
    if (sim_client_host_up(host)) {
        sim_client_host_crash(host);
    }
    return 0;
}

static int device_stop(lua_State *L)
{
    sim_client_host_stop(host_of(L));
    return 0;
}

/* suspend(device, grace, clock stands) */
static int device_suspend(lua_State *L)
{
    sim_client_host_suspend(host_of(L), luaL_checkinteger(L, 2), lua_toboolean(L, 3) != 0);
    return 0;
}

static int device_resume(lua_State *L)
{
    sim_client_host_resume(host_of(L));
    return 0;
}

/* back_up(device) -> number, or nil, message, code */
static int device_back_up(lua_State *L)
{
    uint32_t number = 0;
    sy_err err = {0};
    sy_rc rc = sim_device_back_up(script_device_argument(L, 1)->device, &number, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushinteger(L, number);
    return 1;
}

/* restore_store(device, number): nil: an empty one, the app is installed anew. While it is down. */
static int device_restore_store(lua_State *L)
{
    sim_device *device = script_device_argument(L, 1)->device;
    sy_err err = {0};
    sy_rc rc = lua_isnoneornil(L, 2)
                   ? sim_device_reinstall(device, &err)
                   : sim_device_restore(device, (uint32_t)luaL_checkinteger(L, 2), &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* store_fault(device, "fail" | "crash" | "none", write from now) */
static int device_store_fault(lua_State *L)
{
    static const char *const names[] = {"none", "fail", "crash", NULL};
    sim_store *store = sim_device_store(script_device_argument(L, 1)->device);
    int which = luaL_checkoption(L, 2, NULL, names);
    lua_Integer write = luaL_checkinteger(L, 3);
    store->fault = which == 2 ? SIM_STORE_CRASH : SIM_STORE_FAIL;
    store->fault_at = which == 0 ? 0 : store->writes + (uint64_t)write;
    return 0;
}

void script_change_clock(lua_State *L, uint32_t host, sim_clock *clock)
{
    const char *name = luaL_checkstring(L, 2);
    int change = 0;
    while (change < SIM_CLOCK_CHANGE_COUNT &&
           strcmp(name, sim_clock_change_name((sim_clock_change)change)) != 0) {
        change++;
    }
    sy_time value = 0;
    if (!script_to_time(L, 3, &value)) {
        value = luaL_checkinteger(L, 3);
    }
    sim_host_clock_change(script_of(L)->world, host, clock, (sim_clock_change)change, value);
}

/* clock(device, change, value) */
static int device_clock(lua_State *L)
{
    sim_client_host *host = host_of(L);
    script_change_clock(L, sim_client_host_index(host), sim_client_host_clock(host));
    return 0;
}

/* -- its link -- */

static sim_link *link_of(lua_State *L)
{
    return sim_device_link(script_device_argument(L, 1)->device);
}

static int device_online(lua_State *L)
{
    sim_link *link = link_of(L);
    sim_link_set(link, lua_toboolean(L, 2) != 0, link->metered);
    return 0;
}

static int device_metered(lua_State *L)
{
    sim_link *link = link_of(L);
    sim_link_set(link, link->online, lua_toboolean(L, 2) != 0);
    return 0;
}

/* log_in(device, user or "") */
static int device_log_in(lua_State *L)
{
    const script_device *device = script_device_argument(L, 1);
    const char *user = script_keep_text(L, 2);
    sim_client_host_log_in(sim_device_host(device->device), sy_str_of(user));
    return 0;
}

/* link_faults(): their names, a list */
static int device_link_faults(lua_State *L)
{
    lua_newtable(L);
    for (int i = 0; i < SIM_LINK_FAULT_COUNT; i++) {
        lua_pushstring(L, sim_link_fault_name((sim_link_fault)i));
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* fail_next(device, fault, count) */
static int device_fail_next(lua_State *L)
{
    const char *names[SIM_LINK_FAULT_COUNT + 1] = {NULL};
    for (size_t i = 0; i < SIM_LINK_FAULT_COUNT; i++) {
        names[i] = sim_link_fault_name((sim_link_fault)i);
    }
    sim_link *link = link_of(L);
    const int which = luaL_checkoption(L, 2, NULL, names);
    const lua_Integer given = luaL_checkinteger(L, 3);
    sim_link_fail_next(link, (sim_link_fault)which,
                       given > UINT32_MAX ? UINT32_MAX : (uint32_t)given);
    return 0;
}

/* block(device, up, down) */
static int device_block(lua_State *L)
{
    sim_link_block(link_of(L), lua_toboolean(L, 2) != 0, lua_toboolean(L, 3) != 0);
    return 0;
}

/* clog(device, span) */
static int device_clog(lua_State *L)
{
    sim_link *link = link_of(L);
    const lua_Integer span = luaL_checkinteger(L, 2);
    const sy_time now = link->world->now;
    sim_link_clog(link, span > SY_TIME_MAX - now ? SY_TIME_MAX : now + span);
    return 0;
}

/* latency(device, least, spread) */
static int device_latency(lua_State *L)
{
    sim_link *link = link_of(L);
    lua_Integer least = luaL_checkinteger(L, 2);
    lua_Integer spread = luaL_checkinteger(L, 3);
    if (least < 0 || spread < 0) {
        return script_misuse(L, "latency: is not negative");
    }
    link->weather.latency_min_ns = least;
    link->weather.latency_spread_ns = spread;
    link->healed_latency_ns = least;
    link->drawn = NULL;
    return 0;
}

const luaL_Reg script_device_functions[] = {
    {"device", device_new},
    {"client_dialects", device_dialects},
    {"default_dialect", device_default_dialect},
    {"check_table", device_check_table},
    {"tables", device_tables},
    {"set_tables", device_set_tables},
    {"has_version", device_has_version},
    {"changes_action", device_changes_action},
    {"up", device_up},
    {"incarnation", device_incarnation},
    {"crash", device_crash},
    {"stop", device_stop},
    {"back_up", device_back_up},
    {"restore_store", device_restore_store},
    {"suspend", device_suspend},
    {"resume", device_resume},
    {"store_fault", device_store_fault},
    {"clock", device_clock},
    {"online", device_online},
    {"metered", device_metered},
    {"log_in", device_log_in},
    {"link_faults", device_link_faults},
    {"fail_next", device_fail_next},
    {"block", device_block},
    {"clog", device_clog},
    {"latency", device_latency},
    {NULL, NULL},
};
