/* Weather as scenarios write it: the name of a profile, or a table of knobs. A knob is a key here,
 * so net.request-lost is net_request_lost. */
#include "lua/convert.h"

#include <string.h>

#define NAME_SIZE_MAX 64

/* "net_request_lost" -> "net.request-lost" */
static sy_str knob_name(sy_str key, char out[NAME_SIZE_MAX])
{
    bool dotted = false;
    size_t size = 0;
    for (; size < key.size && size < NAME_SIZE_MAX; size++) {
        const char c = key.data[size];
        out[size] = (char)(c != '_' ? c : dotted ? '-' : '.');
        dotted = dotted || c == '_';
    }
    return (sy_str){out, size};
}

static void push_key(lua_State *L, const char *name)
{
    char key[NAME_SIZE_MAX] = {0};
    for (size_t i = 0; name[i] != '\0' && i + 1 < sizeof key; i++) {
        key[i] = (char)(name[i] == '.' || name[i] == '-' ? '_' : name[i]);
    }
    lua_pushstring(L, key);
}

static void refuse_key(lua_State *L, const char *what, sy_str key)
{
    size_t count = 0;
    while (sim_weather_knob(count) != NULL) {
        count++;
    }
    sy_str *known = lua_newuserdatauv(L, (count + 1) * sizeof *known, 0);
    luaL_checkstack(L, (int)count + 8, NULL);
    for (size_t i = 0; i < count; i++) {
        push_key(L, sim_weather_knob(i)->name);
        size_t size = 0;
        const char *text = lua_tolstring(L, -1, &size); /* lives on the stack */
        known[i] = (sy_str){text, size};
    }
    script_push_suggestion(L, key, known, count);
    (void)script_misuse(L, "%s: unknown key '%.*s'%s", what, SY_FMT(key), lua_tostring(L, -1));
}

/* The pair of a key and a value on top of the stack. */
static void read_pair(lua_State *L, const char *what, sim_weather *weather)
{
    char name[NAME_SIZE_MAX];
    sy_err err = {0};
    size_t size = 0;
    size_t index = 0;
    int64_t value = 0;
    if (lua_type(L, -2) != LUA_TSTRING) {
        (void)script_misuse(L, "%s: its keys are names", what);
    }
    const char *text = lua_tolstring(L, -2, &size);
    const sy_str key = {text, size};
    if (sim_weather_find(knob_name(key, name), &index, &err) != SY_OK) {
        refuse_key(L, what, key);
    }
    const sim_knob *knob = sim_weather_knob(index);
    sy_rc rc = SY_OK;
    if (knob->unit != SIM_UNIT_NS && lua_isinteger(L, -1)) {
        value = lua_tointeger(L, -1);
        rc = sim_knob_check(knob, value, &err);
    } else {
        const bool is_text = lua_type(L, -1) == LUA_TSTRING;
        text = is_text ? lua_tolstring(L, -1, &size) : "";
        rc = sim_knob_parse(knob, (sy_str){text, is_text ? size : 0}, &value, &err);
    }
    if (rc != SY_OK) {
        (void)script_misuse(L, "%s: %s", what, err.text);
    }
    sim_weather_put(weather, index, value);
}

static void read_profile(lua_State *L, const char *what, sy_str name, sim_weather *weather)
{
    const sim_weather_profile *profile = sim_weather_profile_find(name);
    if (profile != NULL) {
        sim_weather_profile_apply(profile, weather);
        return;
    }
    sy_str known[64];
    size_t count = 0;
    for (; count < 64 && sim_weather_profile_at(count) != NULL; count++) {
        known[count] = sy_str_of(sim_weather_profile_at(count)->name);
    }
    script_push_suggestion(L, name, known, count);
    (void)script_misuse(L, "%s: unknown weather '%.*s'%s", what, SY_FMT(name), lua_tostring(L, -1));
}

void script_read_weather(lua_State *L, int index, const char *what, sim_weather *weather)
{
    index = lua_absindex(L, index);
    if (lua_type(L, index) == LUA_TSTRING) {
        size_t size = 0;
        const char *name = lua_tolstring(L, index, &size);
        read_profile(L, what, (sy_str){name, size}, weather);
        return;
    }
    if (lua_type(L, index) != LUA_TTABLE) {
        (void)script_misuse(L, "%s: takes the name of a weather or a table, not a %s", what,
                            luaL_typename(L, index));
    }
    lua_Integer count = script_sorted_keys(L, index);
    const int keys = lua_gettop(L);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, keys, i);
        lua_pushvalue(L, -1);
        lua_rawget(L, index);
        read_pair(L, what, weather);
        lua_pop(L, 2);
    }
    lua_settop(L, keys - 1);
}

/* -- latencies by distribution: tables that std/world.lua made -- */

static int64_t integer_field(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    const int64_t value = luaL_optinteger(L, -1, 0);
    lua_pop(L, 1);
    return value;
}

static void read_distribution(lua_State *L, int index, sim_distribution *out);

static void read_recorded(lua_State *L, int index, sim_distribution *out)
{
    (void)lua_getfield(L, index, "values");
    out->count = (uint32_t)script_length(L, -1);
    int64_t *values = script_keep(L, (out->count + 1) * sizeof *values);
    for (uint32_t i = 0; i < out->count; i++) {
        (void)lua_rawgeti(L, -1, (lua_Integer)i + 1);
        values[i] = lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    out->values = values;
    lua_pop(L, 1);
}

static void read_mixture(lua_State *L, int index, sim_distribution *out)
{
    (void)lua_getfield(L, index, "parts");
    out->count = (uint32_t)script_length(L, -1);
    sim_distribution_part *parts = script_keep(L, (out->count + 1) * sizeof *parts);
    for (uint32_t i = 0; i < out->count; i++) {
        (void)lua_rawgeti(L, -1, (lua_Integer)i + 1);
        parts[i].weight = (uint32_t)integer_field(L, lua_absindex(L, -1), "weight");
        read_distribution(L, lua_absindex(L, -1), &parts[i].of);
        lua_pop(L, 1);
    }
    out->parts = parts;
    lua_pop(L, 1);
}

static void read_distribution(lua_State *L, int index, sim_distribution *out)
{
    static const char *const kinds[SIM_DISTRIBUTION_COUNT] = {
        [SIM_CONSTANT] = "constant",       [SIM_UNIFORM] = "uniform",
        [SIM_EXPONENTIAL] = "exponential", [SIM_LOGNORMAL] = "lognormal",
        [SIM_NORMAL] = "normal",           [SIM_PARETO] = "pareto",
        [SIM_MIXTURE] = "mixture",         [SIM_RECORDED] = "recorded"};
    *out = (sim_distribution){.scale = integer_field(L, index, "scale"),
                              .shape = integer_field(L, index, "shape"),
                              .limit = integer_field(L, index, "limit")};
    (void)lua_getfield(L, index, "kind");
    const char *kind = luaL_checkstring(L, -1);
    for (int i = 0; i < SIM_DISTRIBUTION_COUNT; i++) {
        out->kind = strcmp(kind, kinds[i]) == 0 ? (sim_distribution_kind)i : out->kind;
    }
    lua_pop(L, 1);
    if (out->kind == SIM_RECORDED) {
        read_recorded(L, index, out);
    } else if (out->kind == SIM_MIXTURE) {
        read_mixture(L, index, out);
    }
}

/* latency_drawn(device, distribution): instead of least and spread */
static int weather_latency_drawn(lua_State *L)
{
    sim_link *link = sim_device_link(script_device_argument(L, 1)->device);
    sim_distribution *drawn = script_keep(L, sizeof *drawn);
    luaL_checkstack(L, 64, NULL);
    read_distribution(L, 2, drawn);
    const char *fault = sim_distribution_fault(drawn);
    if (fault != NULL) {
        return script_misuse(L, "latency: %s", fault);
    }
    link->weather.latency_min_ns = 0;
    link->weather.latency_spread_ns = 0;
    link->healed_latency_ns = 0;
    link->drawn = drawn;
    return 0;
}

/* weather(device, rates): of its link, from now on; what is not named is calm, the latency stays */
static int weather_link(lua_State *L)
{
    sim_link *link = sim_device_link(script_device_argument(L, 1)->device);
    sim_weather weather = {.net = {.latency_min_ns = link->weather.latency_min_ns,
                                   .latency_spread_ns = link->weather.latency_spread_ns}};
    script_read_weather(L, 2, "weather", &weather);
    sim_link_set_weather(link, &weather.net);
    link->healed_latency_ns = weather.net.latency_min_ns;
    return 0;
}

const luaL_Reg script_weather_functions[] = {
    {"weather", weather_link},
    {"latency_drawn", weather_latency_drawn},
    {NULL, NULL},
};
