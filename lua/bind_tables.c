/* The tables of a scenario: definitions checked by std/tables.lua become views, and views with the
 * system columns of a dialect become schemas. Schemas are shared: whoever sees the same tables with
 * the same system columns has the same. */
#include "lua/convert.h"

#include <string.h>

static bool flag_field(lua_State *L, const char *name, bool missing)
{
    bool set = lua_getfield(L, -1, name) == LUA_TNIL ? missing : lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return set;
}

static sy_str text_field(lua_State *L, const char *name)
{
    (void)lua_getfield(L, -1, name);
    sy_str text = script_text(L, -1, &script_of(L)->arena);
    lua_pop(L, 1);
    return text;
}

/* -1: not said. */
static int choice_field(lua_State *L, const char *name)
{
    int chosen = lua_getfield(L, -1, name) == LUA_TNIL ? -1 : lua_toboolean(L, -1);
    lua_pop(L, 1);
    return chosen;
}

static int64_t integer_field(lua_State *L, const char *name)
{
    (void)lua_getfield(L, -1, name);
    lua_Integer value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

/* The set of operations on top. */
static uint32_t disabled_methods(lua_State *L)
{
    static const struct {
        const char *name;
        uint32_t methods;
    } operations[] = {
        {"read", SY_METHOD_BIT(SY_METHOD_QUERY) | SY_METHOD_BIT(SY_METHOD_READ)},
        {"insert", SY_METHOD_BIT(SY_METHOD_INSERT)},
        {"update", SY_METHOD_BIT(SY_METHOD_UPDATE) | SY_METHOD_BIT(SY_METHOD_REPLACE)},
        {"delete", SY_METHOD_BIT(SY_METHOD_DELETE)},
        {"undelete", SY_METHOD_BIT(SY_METHOD_UNDELETE)},
    };
    uint32_t methods = 0;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        methods |= flag_field(L, operations[i].name, false) ? operations[i].methods : 0;
    }
    return methods;
}

/* What a new object of the app's class has in the column on top, where the definition says it. */
static void read_initial(lua_State *L, script_table *table, const sy_column *column, size_t count)
{
    if (lua_getfield(L, -1, "initial") != LUA_TNIL) {
        if (table->initials == NULL) {
            table->initials = script_keep(L, count * sizeof *table->initials);
            memset(table->initials, 0, count * sizeof *table->initials);
        }
        table->initials[column - table->columns] =
            script_to_cell(L, -1, column, &script_of(L)->arena);
    }
    lua_pop(L, 1);
}

/* The definition on top. */
static void read_table(lua_State *L, script_table *table)
{
    *table = (script_table){.name = text_field(L, "name"),
                            .has_version = flag_field(L, "version", true),
                            .soft_delete = choice_field(L, "soft_delete"),
                            .dynamic_schema = choice_field(L, "dynamic_schema"),
                            .options = {.authorize = flag_field(L, "authorize", false),
                                        .page_size = integer_field(L, "page_size"),
                                        .top_max = integer_field(L, "max_top")}};
    (void)lua_getfield(L, -1, "disabled");
    table->options.disabled = disabled_methods(L);
    lua_pop(L, 1);
    (void)lua_getfield(L, -1, "columns");
    lua_Integer count = script_length(L, -1);
    table->columns = script_keep(L, ((size_t)count + 1) * sizeof *table->columns);
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        table->columns[table->column_count++] =
            (sy_column){text_field(L, "name"), sy_type_from_name(text_field(L, "type"))};
        read_initial(L, table, &table->columns[i - 1], (size_t)count);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* view(list of definitions) -> number */
static int tables_view(lua_State *L)
{
    script *owner = script_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer count = script_length(L, 1);
    script_view *view = script_keep(L, sizeof *view);
    *view = (script_view){.tables = script_keep(L, ((size_t)count + 1) * sizeof *view->tables)};
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, 1, i);
        read_table(L, &view->tables[view->table_count++]);
        lua_pop(L, 1);
    }
    script_view **grown = sy_alloc_grow(owner->alloc, owner->views, owner->view_count,
                                        &owner->view_capacity, sizeof(script_view *));
    if (grown == NULL) {
        return luaL_error(L, "not enough memory");
    }
    owner->views = grown;
    grown[owner->view_count] = view;
    lua_pushinteger(L, (lua_Integer)owner->view_count++);
    /* names and types are wrong now or never */
    (void)script_schemas_of(L, view, SY_SYSTEM_CLASSIC);
    return 1;
}

const script_view *script_view_argument(lua_State *L, int index)
{
    script *owner = script_of(L);
    lua_Integer number = luaL_optinteger(L, index, 0);
    luaL_argcheck(L, number >= 0 && (size_t)number < owner->view_count, index, "no such view");
    return owner->views[number];
}

const script_schemas *script_schemas_of(lua_State *L, const script_view *view, uint32_t system)
{
    script *owner = script_of(L);
    for (const script_schemas *one = owner->schemas; one != NULL; one = one->next) {
        if (one->view == view && one->system == system) {
            return one;
        }
    }
    script_schemas *made = script_keep(L, sizeof *made);
    *made = (script_schemas){.next = owner->schemas, .view = view, .system = system};
    made->items = script_keep(L, (view->table_count + 1) * sizeof(const sy_schema *));
    for (uint32_t i = 0; i < view->table_count; i++) {
        const script_table *table = &view->tables[i];
        uint32_t bits = table->has_version ? system : system & ~SY_SYSTEM_BIT(SY_COLUMN_VERSION);
        sy_err err = {0};
        if (sy_schema_new(&owner->arena, table->name, bits, table->columns, table->column_count,
                          &made->items[i], &err) != SY_OK ||
            sy_schema_with_initials(&owner->arena, made->items[i], table->initials, &made->items[i],
                                    &err) != SY_OK) {
            (void)script_misuse(L, "%s", err.text);
        }
    }
    owner->schemas = made;
    return made;
}

sy_server_table *script_server_tables(lua_State *L, const script_view *view,
                                      const sy_server_dialect *dialect,
                                      const script_schemas *schemas)
{
    sy_server_table *tables = script_keep(L, (view->table_count + 1) * sizeof *tables);
    for (uint32_t i = 0; i < view->table_count; i++) {
        const script_table *from = &view->tables[i];
        tables[i] = from->options;
        tables[i].schema = schemas->items[i];
        tables[i].soft_delete =
            from->soft_delete < 0 ? dialect->soft_delete : from->soft_delete != 0;
        tables[i].dynamic_schema =
            from->dynamic_schema < 0 ? dialect->dynamic_schema : from->dynamic_schema != 0;
    }
    return tables;
}

const sy_schema *script_schema_find(lua_State *L, const script_schemas *schemas, sy_str name,
                                    const char *whose)
{
    uint32_t count = schemas->view->table_count;
    for (uint32_t i = 0; i < count; i++) {
        if (sy_str_equal(schemas->items[i]->name, name)) {
            return schemas->items[i];
        }
    }
    sy_str *known = lua_newuserdatauv(L, (count + 1) * sizeof *known, 0);
    for (uint32_t i = 0; i < count; i++) {
        known[i] = schemas->items[i]->name;
    }
    script_push_suggestion(L, name, known, count);
    (void)script_misuse(L, "%s has no table '%.*s'%s", whose, SY_FMT(name), lua_tostring(L, -1));
    return NULL;
}

const sy_dialect *script_default_dialect(const script *owner)
{
    const sim_options *options = sim_simulation_options(owner->simulation);
    if (options->dialect != NULL) {
        return options->dialect;
    }
    return owner->info.kind == SIM_WORLD ? &sy_dialect_sound : &sy_dialect_mobile_apps;
}

const luaL_Reg script_table_functions[] = {
    {"view", tables_view},
    {NULL, NULL},
};
