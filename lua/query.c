/* Queries as scenarios write them: { where = ..., order = ..., skip = ..., top = ..., select = ...
 * }. Conditions are read in sorted order of their keys, so that equal queries are equal. */
#include "lua/convert.h"

#include <string.h>

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
    script_check_memory(L, sy_expr_and(q->arena, a, b, &out) != SY_OK);
    return out;
}

static const sy_expr *comparison(lua_State *L, query_context *q, sy_expr_kind kind, uint32_t column)
{
    sy_value value = script_to_cell(L, -1, &q->schema->columns[column], q->arena);
    const sy_expr *expr = sy_expr_binary(q->arena, kind, sy_expr_column(q->arena, column),
                                         sy_expr_literal(q->arena, value));
    script_check_memory(L, expr == NULL);
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
            script_check_memory(L, some == NULL);
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
        script_check_memory(L, inner != NULL && outer == NULL);
        return outer;
    }
    lua_pushstring(L, key);
    uint32_t column = script_column_at(L, -1, q->schema);
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
    sy_order order = {.column = script_column_at(L, -1, schema), .descending = descending};
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
        query->select = UINT64_C(1) << script_column_at(L, -1, query->schema);
    } else if (lua_type(L, -1) == LUA_TTABLE) {
        lua_Integer count = script_sequence(L, -1, "select");
        for (lua_Integer i = 1; i <= count; i++) {
            (void)lua_rawgeti(L, -1, i);
            query->select |= UINT64_C(1) << script_column_at(L, -1, query->schema);
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
    if (query == NULL) {
        script_check_memory(L, true);
        return NULL;
    }
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
