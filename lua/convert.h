/* Values between Lua and the core. A row is a plain table; null is `sim.null`; a datetime is a
 * userdata. What is built for the core lives in the arena given. Everything here may raise, blaming
 * the scenario's line. */
#ifndef SCRIPT_CONVERT_H
#define SCRIPT_CONVERT_H

#include "lua/internal.h"

/* Makes the metatables of null and datetimes; once for each state. */
void script_open_values(lua_State *L);
void script_push_null(lua_State *L);
bool script_is_null(lua_State *L, int index);
void script_push_time(lua_State *L, sy_time calendar);
/* false: not a datetime. */
bool script_to_time(lua_State *L, int index, sy_time *out);

void script_push_str(lua_State *L, sy_str text);
void script_push_value(lua_State *L, const sy_value *value);
/* nil for NULL. Cells that are absent are no keys, null is sim.null. */
void script_push_row(lua_State *L, const sy_row *row);
/* bind_policy.c: the policy on top of the stack, as std/policy.lua left it. */
const sy_policy *script_policy_on_top(lua_State *L);
/* Misuse when the table lacks a column that the policy (NULL: none) names. */
void script_check_policy(lua_State *L, const sy_policy *policy, const sy_schema *schema);
void script_push_rows(lua_State *L, const sy_rows *rows);

/* The text at `index`, copied into the arena; empty when nil. */
sy_str script_text(lua_State *L, int index, sy_arena *arena);
/* Raises when memory failed. */
void script_check_memory(lua_State *L, bool failed);
/* The column that the text at `index` names; raises when there is none. */
uint32_t script_column_at(lua_State *L, int index, const sy_schema *schema);
/* The value at `index` as this column takes it. */
sy_value script_to_cell(lua_State *L, int index, const sy_column *column, sy_arena *arena);
/* A row over the schema. An unknown key is refused with the nearest column's name. */
sy_row *script_to_row(lua_State *L, int index, const sy_schema *schema, sy_arena *arena);
/* `{ where = ..., order = ..., skip = ..., top = ..., select = ... }`; nil: everything. */
const sy_query *script_to_query(lua_State *L, int index, const sy_schema *schema, sy_arena *arena);

/* " (did you mean 'x'?)" for the nearest of the names, "" when none is near. Pushes it. */
void script_push_suggestion(lua_State *L, sy_str name, const sy_str *known, size_t count);

#endif
