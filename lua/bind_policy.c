/* Policies out of the tables that std/policy.lua checked; they live as long as the scenario. */
#include "lua/convert.h"

#include <string.h>

#define ROOM_MAX 64

/* The list in the field `name` of the table on top; returns its length, and leaves it there. */
static uint32_t open_list(lua_State *L, const char *name)
{
    return lua_getfield(L, -1, name) == LUA_TTABLE ? (uint32_t)lua_rawlen(L, -1) : 0;
}

static sy_str text_field(lua_State *L, const char *name)
{
    (void)lua_getfield(L, -1, name);
    const sy_str text =
        lua_isstring(L, -1) ? script_text(L, -1, &script_of(L)->arena) : (sy_str){NULL, 0};
    lua_pop(L, 1);
    return text;
}

static const sy_str *read_texts(lua_State *L, uint32_t count)
{
    sy_str *texts = script_keep(L, (count + (size_t)1) * sizeof *texts);
    for (uint32_t i = 0; i < count; i++) {
        (void)lua_rawgeti(L, -1, (lua_Integer)i + 1);
        texts[i] = script_text(L, -1, &script_of(L)->arena);
        lua_pop(L, 1);
    }
    return texts;
}

/* -- fields -- */

static bool integer_field(lua_State *L, const char *name, int64_t *out)
{
    const bool there = lua_getfield(L, -1, name) == LUA_TNUMBER;
    if (there) {
        *out = lua_tointeger(L, -1);
    }
    lua_pop(L, 1);
    return there;
}

/* The field policy on top. */
static const sy_field_policy *read_field(lua_State *L)
{
    sy_field_policy *policy = script_keep(L, sizeof *policy);
    *policy = *sy_field_policy_find(text_field(L, "name"));
    policy->low = INT64_MIN;
    policy->high = INT64_MAX;
    const bool low = integer_field(L, "low", &policy->low);
    const bool high = integer_field(L, "high", &policy->high);
    policy->bounded = low || high;
    policy->order_count = open_list(L, "order");
    policy->order = read_texts(L, policy->order_count);
    lua_pop(L, 1);
    return policy;
}

static void read_columns(lua_State *L, sy_policy *policy)
{
    const uint32_t count = open_list(L, "columns");
    sy_column_rule *rules = script_keep(L, (count + (size_t)1) * sizeof *rules);
    for (uint32_t i = 0; i < count; i++) {
        (void)lua_rawgeti(L, -1, (lua_Integer)i + 1);
        rules[i] = (sy_column_rule){.column = text_field(L, "column"), .policy = read_field(L)};
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    policy->columns = rules;
    policy->column_count = count;
}

static void read_groups(lua_State *L, sy_policy *policy)
{
    const uint32_t count = open_list(L, "groups");
    sy_column_group *groups = script_keep(L, (count + (size_t)1) * sizeof *groups);
    for (uint32_t i = 0; i < count; i++) {
        (void)lua_rawgeti(L, -1, (lua_Integer)i + 1);
        groups[i].column_count = (uint32_t)lua_rawlen(L, -1);
        groups[i].columns = read_texts(L, groups[i].column_count);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    policy->groups = groups;
    policy->group_count = count;
}

/* -- rows -- */

static const sy_policy *read_policy(lua_State *L, uint32_t depth);

static void read_inner(lua_State *L, sy_policy *policy, uint32_t depth)
{
    const uint32_t count = open_list(L, "inner");
    if (count > 0) {
        const sy_policy **inner = script_keep(L, count * sizeof *inner);
        for (uint32_t i = 0; i < count; i++) {
            (void)lua_rawgeti(L, -1, (lua_Integer)i + 1);
            inner[i] = read_policy(L, depth + 1);
            lua_pop(L, 1);
        }
        policy->inner = inner;
        policy->inner_count = count;
    }
    lua_pop(L, 1);
}

static void read_clock(lua_State *L, sy_policy *policy)
{
    static const char *const names[] = {[SY_POLICY_CLOCK_EDIT] = "edit",
                                        [SY_POLICY_CLOCK_WALL] = "wall",
                                        [SY_POLICY_CLOCK_HLC] = "hlc",
                                        [SY_POLICY_CLOCK_LAMPORT] = "lamport",
                                        [SY_POLICY_CLOCK_SERVER] = "server"};
    const sy_str name = text_field(L, "clock");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (sy_str_equal(name, sy_str_of(names[i]))) {
            policy->clock = (sy_policy_clock)i;
        }
    }
}

/* The policy on top. */
static const sy_policy *read_policy(lua_State *L, uint32_t depth)
{
    luaL_checkstack(L, 8, "policies in policies");
    if (depth == ROOM_MAX) {
        (void)script_misuse(L, "policy: policies in policies, more than %d deep", ROOM_MAX);
    }
    const sy_str name = text_field(L, "name");
    const sy_policy *of = sy_policy_find(name);
    of = of != NULL ? of : sy_policy_composed(name);
    sy_policy *policy = script_keep(L, sizeof *policy);
    *policy = *of;
    int64_t rounds = 0;
    (void)integer_field(L, "rounds", &rounds);
    policy->rounds_max = rounds > UINT32_MAX ? UINT32_MAX : (uint32_t)rounds;
    read_clock(L, policy);
    read_inner(L, policy, depth);
    policy->site_count = open_list(L, "sites");
    policy->sites = read_texts(L, policy->site_count);
    lua_pop(L, 1);
    read_columns(L, policy);
    read_groups(L, policy);
    if (lua_getfield(L, -1, "default") == LUA_TTABLE) {
        policy->otherwise = read_field(L);
    }
    lua_pop(L, 1);
    if (lua_getfield(L, -1, "deletes") == LUA_TTABLE) {
        policy->deletes = read_policy(L, depth + 1);
    }
    lua_pop(L, 1);
    return policy;
}

const sy_policy *script_policy_on_top(lua_State *L)
{
    return read_policy(L, 0);
}

static void check_column(lua_State *L, const sy_schema *schema, sy_str column)
{
    if (sy_schema_find(schema, column) < SY_SYSTEM_COUNT) {
        (void)script_misuse(L, "client.policy: table %.*s has no column '%.*s'",
                            SY_FMT(schema->name), SY_FMT(column));
    }
}

/* A column that a table lacks would never be merged by its rule. */
void script_check_policy(lua_State *L, const sy_policy *policy, const sy_schema *schema)
{
    if (policy == NULL) {
        return;
    }
    for (uint32_t i = 0; i < policy->column_count; i++) {
        check_column(L, schema, policy->columns[i].column);
    }
    for (uint32_t g = 0; g < policy->group_count; g++) {
        for (uint32_t i = 0; i < policy->groups[g].column_count; i++) {
            check_column(L, schema, policy->groups[g].columns[i]);
        }
    }
    for (uint32_t i = 0; i < policy->inner_count; i++) {
        script_check_policy(L, policy->inner[i], schema);
    }
    script_check_policy(L, policy->deletes, schema);
}

/* -- names -- */

/* policies() -> names */
static int policy_names(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; sy_policy_at(i) != NULL; i++) {
        lua_pushstring(L, sy_policy_at(i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* field_policies() -> names */
static int policy_fields(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; sy_field_policy_at(i) != NULL; i++) {
        lua_pushstring(L, sy_field_policy_at(i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* -- the inbox -- */

static void set_text(lua_State *L, const char *name, sy_str text)
{
    script_push_str(L, text);
    lua_setfield(L, -2, name);
}

static void push_entry(lua_State *L, const sy_inbox_entry *entry)
{
    lua_createtable(L, 0, 12);
    lua_pushinteger(L, entry->number);
    lua_setfield(L, -2, "number");
    lua_pushinteger(L, entry->operation);
    lua_setfield(L, -2, "operation");
    lua_pushinteger(L, entry->status);
    lua_setfield(L, -2, "status");
    set_text(L, "kind", sy_str_of(sy_operation_kind_name(entry->kind)));
    set_text(L, "table", entry->table);
    set_text(L, "id", entry->id);
    set_text(L, "state", sy_str_of(sy_inbox_state_name(entry->state)));
    set_text(L, "reason", entry->reason);
    set_text(L, "by", entry->by);
    script_push_row(L, entry->base);
    lua_setfield(L, -2, "base");
    script_push_row(L, entry->local);
    lua_setfield(L, -2, "client");
    script_push_row(L, entry->server);
    lua_setfield(L, -2, "server");
}

/* inbox(device) -> entries, or nil, message, code */
static int policy_inbox(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    sim_client_host *host = sim_device_host(device->device);
    if (!sim_client_host_up(host)) {
        return script_push_failure(L, SY_CRASHED, "the client is down");
    }
    sy_arena *arena = &device->owner->scratch;
    sy_inbox_entry *entries = NULL;
    size_t count = 0;
    sy_err err = {0};
    sy_arena_reset(arena);
    const sy_rc rc = sy_client_inbox(sim_client_host_client(host), arena, &entries, &count, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_newtable(L);
    for (size_t i = 0; i < count; i++) {
        push_entry(L, &entries[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

const luaL_Reg script_policy_functions[] = {
    {"policies", policy_names},
    {"field_policies", policy_fields},
    {"inbox", policy_inbox},
    {NULL, NULL},
};
