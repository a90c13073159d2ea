#include "lua/convert.h"

#include "core/base/suggest.h"

#include <string.h>

static char null_key;
static const char time_name[] = "datetime";

/* -- null and datetimes -- */

static int null_tostring(lua_State *L)
{
    lua_pushliteral(L, "null");
    return 1;
}

void script_push_null(lua_State *L)
{
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &null_key);
}

bool script_is_null(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA) {
        return false;
    }
    index = lua_absindex(L, index);
    script_push_null(L);
    bool same = lua_rawequal(L, index, -1) != 0;
    lua_pop(L, 1);
    return same;
}

void script_push_time(lua_State *L, sy_time calendar)
{
    sy_time *time = lua_newuserdatauv(L, sizeof *time, 0);
    *time = calendar;
    luaL_setmetatable(L, time_name);
}

bool script_to_time(lua_State *L, int index, sy_time *out)
{
    const sy_time *time = luaL_testudata(L, index, time_name);
    if (time != NULL) {
        *out = *time;
    }
    return time != NULL;
}

static sy_time check_time(lua_State *L, int index)
{
    sy_time time = 0;
    if (!script_to_time(L, index, &time)) {
        (void)luaL_typeerror(L, index, time_name);
    }
    return time;
}

static int time_equal(lua_State *L)
{
    sy_time a = 0;
    sy_time b = 0;
    bool both = script_to_time(L, 1, &a) && script_to_time(L, 2, &b);
    lua_pushboolean(L, both && a == b);
    return 1;
}

static int time_less(lua_State *L)
{
    lua_pushboolean(L, check_time(L, 1) < check_time(L, 2));
    return 1;
}

static int time_less_or_equal(lua_State *L)
{
    lua_pushboolean(L, check_time(L, 1) <= check_time(L, 2));
    return 1;
}

static int time_subtract(lua_State *L) /* nanoseconds */
{
    lua_pushinteger(L, check_time(L, 1) - check_time(L, 2));
    return 1;
}

static int time_tostring(lua_State *L)
{
    sy_time time = check_time(L, 1);
    int digits = time % SY_MS == 0 ? 3 : time % SY_US == 0 ? 6 : 9;
    char text[SY_TIME_TEXT_SIZE];
    lua_pushlstring(L, text, sy_time_format(time, digits, text));
    return 1;
}

void script_open_values(lua_State *L)
{
    static const luaL_Reg time_methods[] = {
        {"__eq", time_equal},     {"__lt", time_less},           {"__le", time_less_or_equal},
        {"__sub", time_subtract}, {"__tostring", time_tostring}, {NULL, NULL},
    };
    (void)luaL_newmetatable(L, time_name);
    luaL_setfuncs(L, time_methods, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);

    (void)lua_newuserdatauv(L, 1, 0);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, null_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &null_key);
}

/* -- to Lua -- */

void script_push_str(lua_State *L, sy_str text)
{
    lua_pushlstring(L, text.size == 0 ? "" : text.data, text.size);
}

void script_push_value(lua_State *L, const sy_value *value)
{
    switch ((sy_type)value->type) {
    case SY_TYPE_ABSENT:
        lua_pushnil(L);
        break;
    case SY_TYPE_NULL:
        script_push_null(L);
        break;
    case SY_TYPE_BOOL:
        lua_pushboolean(L, value->as.integer != 0);
        break;
    case SY_TYPE_INT:
        lua_pushinteger(L, value->as.integer);
        break;
    case SY_TYPE_REAL:
        lua_pushnumber(L, value->as.real);
        break;
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        script_push_str(L, sy_value_str(value));
        break;
    case SY_TYPE_DATETIME:
        script_push_time(L, value->as.integer);
        break;
    case SY_TYPE_ROW:
        script_push_row(L, value->as.row);
        break;
    case SY_TYPE_COUNT:
        lua_pushnil(L);
        break;
    }
}

void script_push_row(lua_State *L, const sy_row *row)
{
    luaL_checkstack(L, 4, NULL);
    if (row == NULL) {
        lua_pushnil(L);
        return;
    }
    const sy_schema *schema = row->schema;
    lua_createtable(L, 0, (int)schema->column_count);
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if (row->cells[i].type != SY_TYPE_ABSENT) {
            script_push_str(L, schema->columns[i].name);
            script_push_value(L, &row->cells[i]);
            lua_rawset(L, -3);
        }
    }
}

void script_push_rows(lua_State *L, const sy_rows *rows)
{
    lua_createtable(L, (int)rows->count, 0);
    for (size_t i = 0; i < rows->count; i++) {
        script_push_row(L, rows->items[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* -- suggestions -- */

void script_push_suggestion(lua_State *L, sy_str name, const sy_str *known, size_t count)
{
    const sy_str *nearest = sy_suggest(name, known, count);
    if (nearest == NULL) {
        lua_pushliteral(L, "");
        return;
    }
    lua_pushliteral(L, ": did you mean '");
    script_push_str(L, *nearest);
    lua_pushliteral(L, "'?");
    lua_concat(L, 3);
}

static int refuse_column(lua_State *L, const sy_schema *schema, sy_str name)
{
    sy_str known[SY_COLUMN_COUNT_MAX + 1];
    for (uint32_t i = 0; i < schema->column_count; i++) {
        known[i] = i >= SY_SYSTEM_COUNT || sy_schema_has(schema, (sy_system_column)i)
                       ? schema->columns[i].name
                       : (sy_str){0};
    }
    script_push_suggestion(L, name, known, schema->column_count);
    return script_misuse(L, "table %.*s has no column '%.*s'%s", SY_FMT(schema->name), SY_FMT(name),
                         lua_tostring(L, -1));
}

void script_check_memory(lua_State *L, bool failed)
{
    if (failed) {
        (void)luaL_error(L, "not enough memory");
    }
}

/* -- from Lua -- */

sy_str script_text(lua_State *L, int index, sy_arena *arena)
{
    size_t size = 0;
    const char *data = lua_tolstring(L, index, &size);
    if (data == NULL) {
        return (sy_str){0};
    }
    sy_str copy = sy_arena_copy(arena, (sy_str){data, size});
    script_check_memory(L, copy.data == NULL);
    return copy;
}

static sy_value wrong_type(lua_State *L, int index, const sy_column *column)
{
    const char *given = luaL_typename(L, index);
    (void)script_misuse(L, "column '%.*s' takes a %s, not a %s", SY_FMT(column->name),
                        sy_type_name(column->type), given);
    return SY_NULL;
}

static sy_value to_number(lua_State *L, int index, const sy_column *column)
{
    int is_integer = 0;
    lua_Integer integer = lua_tointegerx(L, index, &is_integer);
    if (lua_type(L, index) != LUA_TNUMBER || (column->type == SY_TYPE_INT && !is_integer)) {
        return wrong_type(L, index, column);
    }
    if (column->type == SY_TYPE_INT) {
        return sy_int(integer);
    }
    lua_Number number = lua_tonumber(L, index);
    if (!(number - number == 0)) {
        (void)script_misuse(L, "column '%.*s' takes a number, not NaN or an infinity",
                            SY_FMT(column->name));
    }
    return sy_real(number);
}

static sy_value to_datetime(lua_State *L, int index, const sy_column *column)
{
    sy_time time = 0;
    sy_err err = {0};
    if (script_to_time(L, index, &time)) {
        return sy_datetime(time);
    }
    if (lua_type(L, index) != LUA_TSTRING) {
        return wrong_type(L, index, column);
    }
    size_t size = 0;
    const char *text = lua_tolstring(L, index, &size);
    if (sy_time_parse((sy_str){text, size}, &time, &err) != SY_OK) {
        (void)script_misuse(L, "column '%.*s': %s", SY_FMT(column->name), err.text);
    }
    return sy_datetime(time);
}

sy_value script_to_cell(lua_State *L, int index, const sy_column *column, sy_arena *arena)
{
    if (script_is_null(L, index)) {
        return SY_NULL;
    }
    int type = lua_type(L, index);
    switch (column->type) {
    case SY_TYPE_BOOL:
        return type == LUA_TBOOLEAN ? sy_bool(lua_toboolean(L, index))
                                    : wrong_type(L, index, column);
    case SY_TYPE_INT:
    case SY_TYPE_REAL:
        return to_number(L, index, column);
    case SY_TYPE_DATETIME:
        return to_datetime(L, index, column);
    case SY_TYPE_TEXT:
        return type == LUA_TSTRING ? sy_text(script_text(L, index, arena))
                                   : wrong_type(L, index, column);
    case SY_TYPE_BLOB:
        return type == LUA_TSTRING ? sy_blob(script_text(L, index, arena))
                                   : wrong_type(L, index, column);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return wrong_type(L, index, column);
}

uint32_t script_column_at(lua_State *L, int index, const sy_schema *schema)
{
    if (lua_type(L, index) != LUA_TSTRING) {
        (void)script_misuse(L, "table %.*s: a column's name is a text, not a %s",
                            SY_FMT(schema->name), luaL_typename(L, index));
    }
    size_t size = 0;
    const char *data = lua_tolstring(L, index, &size);
    int column = sy_schema_find(schema, (sy_str){data, size});
    if (column < 0) {
        (void)refuse_column(L, schema, (sy_str){data, size});
    }
    return (uint32_t)column;
}

sy_row *script_to_row(lua_State *L, int index, const sy_schema *schema, sy_arena *arena)
{
    index = lua_absindex(L, index);
    if (lua_type(L, index) != LUA_TTABLE) {
        (void)script_misuse(L, "table %.*s: a row is a table, not a %s", SY_FMT(schema->name),
                            luaL_typename(L, index));
    }
    sy_row *row = sy_row_new(arena, schema);
    if (row == NULL) {
        script_check_memory(L, true);
        return NULL;
    }
    lua_Integer count = script_sorted_keys(L, index);
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        uint32_t column = script_column_at(L, -1, schema);
        (void)lua_rawget(L, index);
        row->cells[column] = script_to_cell(L, -1, &schema->columns[column], arena);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return row;
}
