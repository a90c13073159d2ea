/* A scenario file and its one run. Whatever Lua does happens inside script_protect: an error that
 * nobody in Lua took ends the scenario, it never leaves this folder as a jump. */
#include "lua/script.h"

#include "core/base/check.h"
#include "lua/convert.h"

#include <stdio.h>
#include <string.h>

static char definition_key; /* registry: what the file returned */

/* -- for the bindings -- */

const char *script_code(sy_rc rc)
{
    return sy_rc_name(rc);
}

int script_push_failure(lua_State *L, sy_rc rc, const char *text)
{
    lua_pushnil(L);
    lua_pushstring(L, text != NULL && text[0] != '\0' ? text : sy_rc_name(rc));
    lua_pushstring(L, script_code(rc));
    return 3;
}

void *script_keep(lua_State *L, size_t size)
{
    void *block = sy_arena_push_zeroed(&script_of(L)->arena, size);
    if (block == NULL) {
        (void)luaL_error(L, "not enough memory");
    }
    return block;
}

const char *script_keep_text(lua_State *L, int index)
{
    sy_str text = script_text(L, index, &script_of(L)->arena);
    return text.data == NULL ? "" : text.data;
}

script_wait *script_wait_new(lua_State *L, lua_Integer slot)
{
    script *owner = script_of(L);
    script_wait *wait = owner->spare_waits;
    if (wait != NULL) {
        owner->spare_waits = wait->next;
    } else {
        wait = script_keep(L, sizeof *wait);
    }
    *wait = (script_wait){.owner = owner, .slot = slot};
    return wait;
}

void script_wait_free(script_wait *wait)
{
    wait->next = wait->owner->spare_waits;
    wait->owner->spare_waits = wait;
}

/* -- how it ends -- */

/* Chunks are named by their place in the scenario's folder, so that what a script sees of itself
 * does not depend on where it lies; people get the folder before it. */
static void add_located(const script *owner, sy_buf *out, const char *text)
{
    const char *colon = strchr(text, ':');
    if (colon != NULL && colon - text > 4 && memcmp(colon - 4, ".lua", 4) == 0 && colon[1] >= '0' &&
        colon[1] <= '9') {
        sy_buf_add(out, owner->path, owner->folder_size);
    }
    sy_buf_add(out, text, strlen(text));
}

void script_finish(script *owner, sy_rc rc, const char *text)
{
    if (owner->end != SY_OK) {
        return;
    }
    owner->end = rc;
    owner->done = true;
    sy_buf_clear(&owner->end_text);
    if (rc != SY_OK) {
        add_located(owner, &owner->end_text, text);
    }
    sy_buf_add_char(&owner->end_text, '\0');
}

static int error_to_text(lua_State *L)
{
    if (lua_type(L, 1) == LUA_TTABLE && luaL_getmetafield(L, 1, "__tostring") == LUA_TNIL) {
        lua_pushliteral(L, "(error object is a table)");
        return 1;
    }
    (void)script_to_text(L, 1, NULL);
    return 1;
}

/* The error on top becomes text; it stays there. */
static const char *error_text(lua_State *L, int status)
{
    if (status == LUA_ERRMEM) {
        return "memory limit reached";
    }
    lua_pushcfunction(L, error_to_text);
    lua_insert(L, -2);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK || lua_type(L, -1) != LUA_TSTRING) {
        return "(error object can't be shown)";
    }
    return lua_tostring(L, -1);
}

/* What an error that left Lua means. */
static sy_rc rc_of(const script *owner, int status, const char *text)
{
    bool memory = status == LUA_ERRMEM || strstr(text, "not enough memory") != NULL;
    if (memory && owner->starved) {
        return SY_NOMEM;
    }
    return memory || owner->stopped != SCRIPT_RUNS ? SY_LIMIT : SY_PARSE;
}

/* The text of the error on top, or of the limit that was hit. */
static const char *end_text(script *owner, int status)
{
    return owner->stopped != SCRIPT_RUNS ? owner->stop_text : error_text(owner->state, status);
}

bool script_protect(script *owner, lua_CFunction function, void *argument)
{
    lua_State *L = owner->state;
    if (!lua_checkstack(L, 4)) {
        script_finish(owner, SY_LIMIT, "memory limit reached");
        return false;
    }
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    int status = lua_pcall(L, 1, 0, 0);
    if (status == LUA_OK) {
        return true;
    }
    const char *text = end_text(owner, status);
    script_finish(owner, rc_of(owner, status, text), text);
    lua_pop(L, 1);
    return false;
}

/* -- opening -- */

static int open_libraries(lua_State *L)
{
    script *owner = lua_touserdata(L, 1);
    lua_createtable(L, 0, 40);
    int env = lua_gettop(L);
    script_open_sandbox(L);
    script_open_values(L);
    script_open_std(L, env);
    (void)lua_getfield(L, -1, "sim");
    script_open_require(L, env, lua_gettop(L));
    if (owner->limits.transcript) {
        script_push_std(L, "transcript", "start");
        lua_call(L, 0, 0);
    }
    return 0;
}

static void read_find(lua_State *L, sim_expected_finding *find)
{
    const struct {
        const char *name;
        char *out;
        size_t size;
    } fields[] = {{"checker", find->checker, sizeof find->checker},
                  {"row", find->row, sizeof find->row},
                  {"host", find->host, sizeof find->host}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (lua_getfield(L, -1, fields[i].name) == LUA_TSTRING) {
            (void)snprintf(fields[i].out, fields[i].size, "%s", lua_tostring(L, -1));
        }
        lua_pop(L, 1);
    }
}

static uint32_t read_finds(lua_State *L, int index, sim_expected_finding *finds)
{
    uint32_t count = 0;
    for (lua_Integer i = 1; lua_rawgeti(L, index, i) == LUA_TTABLE; i++) {
        read_find(L, &finds[count++]);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return count;
}

/* { client =, server =, finds = } at the top of the stack. */
static void read_combination(lua_State *L, sim_combination *out)
{
    int index = lua_gettop(L);
    *out = (sim_combination){.client = NULL};
    (void)lua_getfield(L, index, "client");
    out->client = sy_dialect_find(sy_str_of(lua_tostring(L, -1)));
    if (lua_getfield(L, index, "server") == LUA_TSTRING) {
        out->server = sy_server_dialect_find(sy_str_of(lua_tostring(L, -1)));
    }
    out->has_finds = lua_getfield(L, index, "finds") == LUA_TTABLE;
    if (out->has_finds) {
        out->find_count = read_finds(L, lua_gettop(L), out->finds);
    }
    lua_settop(L, index);
}

/* kind, name, finds, dialects on the stack from `at`; or nil, message. */
static void read_info(lua_State *L, int at, script *owner)
{
    if (lua_isnil(L, at)) {
        owner->helper = true;
        lua_pushfstring(L, "%s:1: %s", owner->path + owner->folder_size, lua_tostring(L, at + 1));
        (void)lua_error(L);
    }
    sim_scenario_info *info = &owner->info;
    info->kind = strcmp(lua_tostring(L, at), "world") == 0 ? SIM_WORLD : SIM_STORY;
    (void)snprintf(info->name, sizeof info->name, "%s", lua_tostring(L, at + 1));
    info->find_count = read_finds(L, at + 2, info->finds);
    for (lua_Integer i = 1; lua_rawgeti(L, at + 3, i) == LUA_TTABLE; i++) {
        read_combination(L, &info->combinations[info->combination_count++]);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static int run_file(lua_State *L)
{
    script *owner = lua_touserdata(L, 1);
    const sy_buf *source = lua_touserdata(L, 2);
    lua_pushfstring(L, "@%s", owner->path + owner->folder_size);
    if (!script_load(L, sy_buf_str(source), lua_tostring(L, -1))) {
        return lua_error(L);
    }
    script_watch_lines(L, true);
    lua_call(L, 0, 1);
    script_watch_lines(L, false);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &definition_key);
    int at = lua_gettop(L) + 1;
    script_push_std(L, NULL, "describe");
    lua_pushvalue(L, at - 1);
    lua_pushboolean(L, owner->limits.tables_will_do);
    lua_pushboolean(L, owner->limits.policy_will_do);
    lua_call(L, 3, 4);
    read_info(L, at, owner);
    return 0;
}

static sy_rc fail_to_open(script *owner, int status, sy_err *err)
{
    const char *text = end_text(owner, status);
    sy_rc rc = owner->helper ? SY_NOT_FOUND : rc_of(owner, status, text);
    sy_buf located;
    sy_buf_init(&located, owner->alloc);
    add_located(owner, &located, text);
    rc = located.failed ? sy_fail_nomem(err)
                        : SY_FAIL(err, rc, "%.*s", SY_FMT(sy_buf_str(&located)));
    sy_buf_deinit(&located);
    return rc;
}

static sy_rc make_state(script *owner, sy_err *err)
{
    owner->limits.memory_size_max =
        owner->limits.memory_size_max == 0 ? SIZE_MAX : owner->limits.memory_size_max;
    owner->pool = (script_pool){.alloc = owner->alloc};
    owner->state = lua_newstate(script_allocate, owner);
    if (owner->state == NULL) {
        return sy_fail_nomem(err);
    }
    if (owner->limits.memory_size_max == SIZE_MAX) {
        owner->limits.memory_size_max = 0;
    }
    *(script **)lua_getextraspace(owner->state) = owner;
    script_watch(owner->state);
    (void)lua_gc(owner->state, LUA_GCSTOP); /* until the library is there: all of it stays */
    lua_pushcfunction(owner->state, open_libraries);
    lua_pushlightuserdata(owner->state, owner);
    int status = lua_pcall(owner->state, 1, 0, 0);
    (void)lua_gc(owner->state, LUA_GCRESTART);
    return status == LUA_OK ? SY_OK : fail_to_open(owner, status, err);
}

static sy_rc load_file(script *owner, sy_err *err)
{
    sy_buf source = {0};
    sy_rc rc = script_read_file(owner->alloc, owner->path, &source, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = make_state(owner, err);
    if (rc == SY_OK) {
        lua_pushcfunction(owner->state, run_file);
        lua_pushlightuserdata(owner->state, owner);
        lua_pushlightuserdata(owner->state, &source);
        int status = lua_pcall(owner->state, 2, 0, 0);
        rc = status == LUA_OK ? SY_OK : fail_to_open(owner, status, err);
    }
    if (rc == SY_OK) {
        (void)lua_gc(owner->state, LUA_GCCOLLECT); /* no run pays for what loading left */
    }
    sy_buf_deinit(&source);
    return rc;
}

sy_rc script_open(sy_alloc alloc, const char *path, const script_limits *limits, script **out,
                  sy_err *err)
{
    script *owner = sy_alloc_zeroed(alloc, sizeof *owner);
    if (owner == NULL) {
        return sy_fail_nomem(err);
    }
    owner->alloc = alloc;
    owner->limits = limits != NULL ? *limits : (script_limits){0};
    sy_arena_init(&owner->arena, alloc);
    sy_arena_init(&owner->scratch, alloc);
    sy_buf_init(&owner->end_text, alloc);
    owner->path_size = strlen(path) + 1;
    owner->path = sy_alloc_get(alloc, owner->path_size);
    sy_rc rc = SY_OK;
    if (owner->path == NULL) {
        rc = sy_fail_nomem(err);
    } else {
        memcpy(owner->path, path, owner->path_size);
        const char *slash = strrchr(path, '/');
        owner->folder_size = slash == NULL ? 0 : (size_t)(slash - path) + 1;
        rc = load_file(owner, err);
    }
    if (rc != SY_OK) {
        script_close(owner);
        return rc;
    }
    *out = owner;
    return SY_OK;
}

void script_close(script *owner)
{
    if (owner == NULL) {
        return;
    }
    sy_alloc alloc = owner->alloc;
    if (owner->image != NULL) {
        sy_arena_deinit(&owner->image->arena);
        sy_alloc_free(alloc, owner->image, sizeof *owner->image);
    }
    script_pool_deinit(&owner->pool); /* nothing in the state has to be told that it ends */
    sy_alloc_free(alloc, owner->views, owner->view_capacity * sizeof(script_view *));
    sy_alloc_free(alloc, owner->devices, owner->device_capacity * sizeof(script_device *));
    sy_alloc_free(alloc, owner->labels, owner->label_capacity * sizeof(sim_label *));
    sy_alloc_free(alloc, owner->verbs, owner->verb_capacity * sizeof *owner->verbs);
    sy_alloc_free(alloc, owner->streams, owner->stream_capacity * sizeof *owner->streams);
    sy_buf_deinit(&owner->end_text);
    sy_arena_deinit(&owner->scratch);
    sy_arena_deinit(&owner->arena);
    sy_alloc_free(alloc, owner->path, owner->path_size);
    sy_alloc_free(alloc, owner, sizeof *owner);
}

/* -- many runs -- */

/* What loading pushed into the arena stays there; runs get one of their own. */
sy_rc script_freeze(script *owner, sy_err *err)
{
    SY_ASSERT(owner->image == NULL && owner->simulation == NULL);
    script *image = sy_alloc_get(owner->alloc, sizeof *image);
    if (image == NULL || !script_pool_freeze(&owner->pool)) {
        sy_alloc_free(owner->alloc, image, sizeof *image);
        return sy_fail_nomem(err);
    }
    *image = *owner;
    sy_arena_init(&owner->arena, owner->alloc);
    owner->image = image;
    return SY_OK;
}

void script_rewind(script *owner)
{
    SY_ASSERT(owner->image != NULL);
    script_pool_rewind(&owner->pool);
    sy_arena_reset(&owner->arena);
    sy_arena_reset(&owner->scratch);
    sy_buf_clear(&owner->end_text);
    const script used = *owner;
    *owner = *used.image;
    owner->image = used.image;
    owner->pool = used.pool;
    /* what grew is room for the next run */
    owner->arena = used.arena;
    owner->scratch = used.scratch;
    owner->end_text = used.end_text;
    owner->views = used.views;
    owner->view_capacity = used.view_capacity;
    owner->devices = used.devices;
    owner->device_capacity = used.device_capacity;
    owner->labels = used.labels;
    owner->label_capacity = used.label_capacity;
    owner->streams = used.streams;
    owner->stream_capacity = used.stream_capacity;
    owner->verbs = used.verbs;
    owner->verb_capacity = used.verb_capacity;
}

const sim_scenario_info *script_info(const script *owner)
{
    return &owner->info;
}

const char *script_lua_version(void)
{
    return LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE;
}

/* -- the tables without the scenario -- */

typedef struct tables_call {
    const sy_server_dialect *dialect;
    script_tables *out;
} tables_call;

static int read_server(lua_State *L)
{
    const tables_call *call = lua_touserdata(L, 1);
    script_push_std(L, "server", "describe");
    lua_call(L, 0, 3);
    int at = lua_gettop(L) - 2;
    const script_view *view = script_view_argument(L, at);
    const sy_server_dialect *dialect = call->dialect;
    if (dialect == NULL && lua_type(L, at + 1) == LUA_TSTRING) {
        dialect = sy_server_dialect_find(sy_str_of(lua_tostring(L, at + 1)));
    }
    dialect = dialect != NULL ? dialect : &sy_server_dialect_node;
    const script_schemas *schemas = script_schemas_of(L, view, dialect->system);
    *call->out = (script_tables){.dialect = dialect,
                                 .items = script_server_tables(L, view, dialect, schemas),
                                 .count = view->table_count,
                                 .page_size = lua_tointeger(L, at + 2)};
    return 0;
}

sy_rc script_server(script *owner, const sy_server_dialect *dialect, script_tables *out,
                    sy_err *err)
{
    tables_call call = {.dialect = dialect, .out = out};
    if (script_protect(owner, read_server, &call)) {
        return SY_OK;
    }
    return owner->end_text.failed ? sy_fail_nomem(err)
                                  : SY_FAIL(err, owner->end, "%s", owner->end_text.data);
}

/* -- a policy alone -- */

static int read_definition(lua_State *L)
{
    const sy_policy **out = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &definition_key);
    *out = script_policy_on_top(L);
    return 0;
}

sy_rc script_policy(script *owner, const sy_policy **out, sy_err *err)
{
    *out = NULL;
    if (script_protect(owner, read_definition, (void *)out)) {
        return SY_OK;
    }
    return owner->end_text.failed ? sy_fail_nomem(err)
                                  : SY_FAIL(err, owner->end, "%s", owner->end_text.data);
}

/* -- the scenario port -- */

static int begin(lua_State *L)
{
    script_push_std(L, NULL, "begin");
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &definition_key);
    lua_call(L, 1, 0);
    return 0;
}

static void first_event(void *self)
{
    script *owner = self;
    (void)script_protect(owner, begin, NULL);
}

static sy_rc scenario_start(void *self, sim_simulation *simulation, sy_err *err)
{
    script *owner = self;
    if (owner->simulation != NULL) {
        return SY_FAIL(err, SY_STATE, "a script runs once");
    }
    owner->simulation = simulation;
    owner->world = sim_simulation_world(simulation);
    script_know_waits(owner->world);
    if (script_watch_responses(owner) != SY_OK) {
        return sy_fail_nomem(err);
    }
    sim_world_at(owner->world, 0, first_event, owner);
    return SY_OK;
}

static bool scenario_done(void *self)
{
    const script *owner = self;
    return owner->done;
}

static sy_rc scenario_finish(void *self, sy_err *err)
{
    script *owner = self;
    if (owner->end_text.failed) {
        return sy_fail_nomem(err);
    }
    if (!owner->done) {
        return SY_FAIL(err, SY_LIMIT, "a driver still waits");
    }
    return owner->end == SY_OK ? SY_OK : SY_FAIL(err, owner->end, "%s", owner->end_text.data);
}

static const char *scenario_text(void *self)
{
    const script *owner = self;
    return owner->end == SY_OK || owner->end_text.failed ? "" : owner->end_text.data;
}

sim_scenario script_scenario(script *owner)
{
    static const sim_scenario_ops ops = {
        .start = scenario_start,
        .done = scenario_done,
        .finish = scenario_finish,
        .text = scenario_text,
    };
    return (sim_scenario){.ops = &ops, .self = owner, .info = &owner->info, .path = owner->path};
}
