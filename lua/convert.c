#include "lua/convert.h"

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

#define SUGGESTION_SIZE_MAX 48

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to insert, remove, change, or swap with their neighbour. */
static size_t edit_distance(sy_str a, sy_str b)
{
    size_t rows[3][SUGGESTION_SIZE_MAX + 1];
    for (size_t j = 0; j <= b.size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t changed = above[j - 1] + (a.data[i - 1] == b.data[j - 1] ? 0 : 1);
            row[j] = least(changed, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1]) {
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a.size % 3][b.size];
}

/* A beginning counts as one letter off. */
static size_t distance_of(sy_str name, sy_str known)
{
    bool begins =
        name.size > 1 && (sy_str_starts_with(known, name) || sy_str_starts_with(name, known));
    return begins ? 1 : edit_distance(name, known);
}

void script_push_suggestion(lua_State *L, sy_str name, const sy_str *known, size_t count)
{
    size_t best = name.size / 2 + 1;
    const sy_str *nearest = NULL;
    for (size_t i = 0; i < count && name.size <= SUGGESTION_SIZE_MAX; i++) {
        if (known[i].size > SUGGESTION_SIZE_MAX || known[i].size == 0) {
            continue;
        }
        size_t distance = distance_of(name, known[i]);
        if (distance < best) {
            best = distance;
            nearest = &known[i];
        }
    }
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

static void out_of_memory(lua_State *L, bool failed)
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
    out_of_memory(L, copy.data == NULL);
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

static sy_value to_cell(lua_State *L, int index, const sy_column *column, sy_arena *arena)
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

/* The column that the text at `index` names; raises when there is none. */
static uint32_t column_at(lua_State *L, int index, const sy_schema *schema)
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
    out_of_memory(L, row == NULL);
    lua_Integer count = script_sorted_keys(L, index);
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        uint32_t column = column_at(L, -1, schema);
        (void)lua_rawget(L, index);
        row->cells[column] = to_cell(L, -1, &schema->columns[column], arena);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return row;
}

/* -- queries -- */

typedef struct query_context {
    const sy_schema *schema;
    sy_arena *arena;
    int depth;
} query_context;

static const struct {
    const char *name;
    sy_expr_kind kind;
} operators[] = {{"eq", SY_EXPR_EQ},
                 {"ne", SY_EXPR_NE},
                 {"gt", SY_EXPR_GT},
                 {"ge", SY_EXPR_GE},
                 {"lt", SY_EXPR_LT},
                 {"le", SY_EXPR_LE},
                 {"contains", SY_EXPR_CONTAINS},
                 {"starts_with", SY_EXPR_STARTS_WITH},
                 {"ends_with", SY_EXPR_ENDS_WITH}};

enum { OPERATOR_COUNT = sizeof operators / sizeof operators[0] };

static sy_expr_kind operator_at(lua_State *L, int index)
{
    sy_str known[OPERATOR_COUNT];
    size_t size = 0;
    const char *data = lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, &size) : "";
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        known[i] = sy_str_of(operators[i].name);
        if (sy_str_equal(known[i], (sy_str){data, size})) {
            return operators[i].kind;
        }
    }
    script_push_suggestion(L, (sy_str){data, size}, known, OPERATOR_COUNT);
    (void)script_misuse(L, "where: unknown operator '%s'%s", data, lua_tostring(L, -1));
    return SY_EXPR_COUNT;
}

static const sy_expr *both(lua_State *L, query_context *q, const sy_expr *a, const sy_expr *b)
{
    const sy_expr *out = NULL;
    out_of_memory(L, sy_expr_and(q->arena, a, b, &out) != SY_OK);
    return out;
}

static const sy_expr *comparison(lua_State *L, query_context *q, sy_expr_kind kind, uint32_t column)
{
    sy_value value = to_cell(L, -1, &q->schema->columns[column], q->arena);
    const sy_expr *expr = sy_expr_binary(q->arena, kind, sy_expr_column(q->arena, column),
                                         sy_expr_literal(q->arena, value));
    out_of_memory(L, expr == NULL);
    return expr;
}

/* `qty = { ge = 3, lt = 10 }`: the operators of one column; the table is on top. */
static const sy_expr *comparisons(lua_State *L, query_context *q, uint32_t column)
{
    int table = lua_absindex(L, -1);
    const sy_expr *all = NULL;
    lua_Integer count = script_sorted_keys(L, table);
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        sy_expr_kind kind = operator_at(L, -1);
        (void)lua_rawget(L, table);
        all = both(L, q, all, comparison(L, q, kind, column));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return all;
}

static const sy_expr *conditions(lua_State *L, query_context *q);

/* `any = { {...}, {...} }`; the list is on top. */
static const sy_expr *alternatives(lua_State *L, query_context *q)
{
    if (lua_type(L, -1) != LUA_TTABLE) {
        (void)script_misuse(L, "where: any takes a list of conditions");
    }
    const sy_expr *some = NULL;
    lua_Integer count = script_sequence(L, -1, "where.any");
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        const sy_expr *one = conditions(L, q);
        lua_pop(L, 1);
        if (one != NULL) {
            some = some == NULL ? one : sy_expr_binary(q->arena, SY_EXPR_OR, some, one);
            out_of_memory(L, some == NULL);
        }
    }
    return some;
}

static const sy_expr *condition(lua_State *L, query_context *q, const char *key)
{
    if (strcmp(key, "any") == 0) {
        return alternatives(L, q);
    }
    if (strcmp(key, "not") == 0) {
        const sy_expr *inner = conditions(L, q);
        const sy_expr *outer = inner == NULL ? NULL : sy_expr_not(q->arena, inner);
        out_of_memory(L, inner != NULL && outer == NULL);
        return outer;
    }
    lua_pushstring(L, key);
    uint32_t column = column_at(L, -1, q->schema);
    lua_pop(L, 1);
    return lua_type(L, -1) == LUA_TTABLE ? comparisons(L, q, column)
                                         : comparison(L, q, SY_EXPR_EQ, column);
}

/* All of the table on top, joined by AND; NULL: it is empty. */
static const sy_expr *conditions(lua_State *L, query_context *q)
{
    int table = lua_absindex(L, -1);
    if (lua_type(L, table) != LUA_TTABLE) {
        (void)script_misuse(L, "where: a condition is a table, not a %s", luaL_typename(L, table));
    }
    if (++q->depth > 30) {
        (void)script_misuse(L, "where: nested too deeply");
    }
    luaL_checkstack(L, 8, NULL);
    const sy_expr *all = NULL;
    lua_Integer count = script_sorted_keys(L, table);
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        if (lua_type(L, -1) != LUA_TSTRING) {
            (void)script_misuse(L, "where: a list is not a condition; use any = { ... }");
        }
        const char *key = lua_tostring(L, -1); /* stays on the stack */
        lua_pushvalue(L, -1);
        (void)lua_rawget(L, table);
        all = both(L, q, all, condition(L, q, key));
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
    q->depth--;
    return all;
}

/* "text" or "text desc" on top. */
static sy_order order_item(lua_State *L, const sy_schema *schema)
{
    size_t size = 0;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : NULL;
    if (text == NULL) {
        (void)script_misuse(L, "order: takes \"column\", \"column desc\" or a list of these");
        return (sy_order){0};
    }
    bool descending = size > 5 && strcmp(text + size - 5, " desc") == 0;
    bool ascending = size > 4 && strcmp(text + size - 4, " asc") == 0;
    lua_pushlstring(L, text, size - (descending ? 5 : 0) - (ascending ? 4 : 0));
    sy_order order = {.column = column_at(L, -1, schema), .descending = descending};
    lua_pop(L, 1);
    return order;
}

static void read_order(lua_State *L, int index, sy_query *query)
{
    if (lua_getfield(L, index, "order") == LUA_TTABLE) {
        lua_Integer count = script_sequence(L, -1, "order");
        if (count > SY_ORDER_COUNT_MAX) {
            (void)script_misuse(L, "order: at most %d columns", SY_ORDER_COUNT_MAX);
        }
        for (lua_Integer i = 1; i <= count; i++) {
            (void)lua_rawgeti(L, -1, i);
            query->order[query->order_count++] = order_item(L, query->schema);
            lua_pop(L, 1);
        }
    } else if (!lua_isnil(L, -1)) {
        query->order[query->order_count++] = order_item(L, query->schema);
    }
    lua_pop(L, 1);
}

static int64_t read_count(lua_State *L, int index, const char *name)
{
    int type = lua_getfield(L, index, name);
    int good = 0;
    lua_Integer count = lua_tointegerx(L, -1, &good);
    if (type != LUA_TNIL && (!good || count < 0)) {
        (void)script_misuse(L, "%s: takes an integer that is not negative", name);
    }
    lua_pop(L, 1);
    return type == LUA_TNIL ? -1 : count;
}

static void read_select(lua_State *L, int index, sy_query *query)
{
    if (lua_getfield(L, index, "select") == LUA_TSTRING) {
        query->select = UINT64_C(1) << column_at(L, -1, query->schema);
    } else if (lua_type(L, -1) == LUA_TTABLE) {
        lua_Integer count = script_sequence(L, -1, "select");
        for (lua_Integer i = 1; i <= count; i++) {
            (void)lua_rawgeti(L, -1, i);
            query->select |= UINT64_C(1) << column_at(L, -1, query->schema);
            lua_pop(L, 1);
        }
    } else if (!lua_isnil(L, -1)) {
        (void)script_misuse(L, "select: takes a list of columns");
    }
    lua_pop(L, 1);
}

const sy_query *script_to_query(lua_State *L, int index, const sy_schema *schema, sy_arena *arena)
{
    index = lua_absindex(L, index);
    sy_query *query = sy_arena_push_zeroed(arena, sizeof *query);
    out_of_memory(L, query == NULL);
    *query = sy_query_all(schema);
    if (lua_isnil(L, index)) {
        return query;
    }
    query_context q = {.schema = schema, .arena = arena};
    if (lua_getfield(L, index, "where") != LUA_TNIL) {
        query->filter = conditions(L, &q);
    }
    lua_pop(L, 1);
    read_order(L, index, query);
    query->skip = read_count(L, index, "skip");
    query->top = read_count(L, index, "top");
    read_select(L, index, query);
    sy_err err = {0};
    if (sy_query_check(query, &err) != SY_OK) {
        (void)script_misuse(L, "%s", err.text);
    }
    return query;
}
