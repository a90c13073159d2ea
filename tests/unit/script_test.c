/* lua: what the sandbox puts in the place of stock Lua, held against stock Lua; opening; the
 * template; the README. */
#include "lua/internal.h"
#include "sim/run/run.h"
#include "sim/run/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* -- a state with the sandbox's functions beside the stock ones -- */

typedef struct fixture {
    script owner;
    lua_State *L;
} fixture;

static void fixture_open(fixture *f)
{
    *f = (fixture){.owner = {.alloc = sy_alloc_std()}};
    f->L = luaL_newstate();
    assert_non_null(f->L);
    *(script **)lua_getextraspace(f->L) = &f->owner;
    f->owner.state = f->L;
    f->owner.limits.instruction_count_max = INT64_MAX;
    f->owner.instructions_left = INT64_MAX;
    f->owner.limits.memory_size_max = SIZE_MAX;
    lua_createtable(f->L, 0, 0);
    script_open_sandbox(f->L);
    lua_setglobal(f->L, "sandbox");
}

static void fixture_close(fixture *f)
{
    lua_close(f->L);
}

/* Runs stock Lua over both; returns its text, "" when it has nothing to say. */
static void run_stock(fixture *f, const char *source)
{
    if (luaL_dostring(f->L, source) != LUA_OK) {
        fail_msg("%s", lua_tostring(f->L, -1));
    }
    lua_settop(f->L, 0);
}

static void patterns_match_as_stock_lua_does(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f);
    run_stock(
        &f, "local ours = sandbox.string\n"
            "local seed = 12345\n"
            "local function draw(n) seed = (seed * 1103515245 + 12345) % 2147483648 return seed // "
            "65536 % n + 1 end\n"
            "local atoms = { 'a', 'b', '.', '%a', '%d', '[ab]', '[^a]', '[a-c%d]', '(', ')', '()', "
            "'%b()', '%f[a]', '%1',\n"
            "  '$', '^', '%%', ']', '[]]', '%S' }\n"
            "local suffixes = { '', '', '', '*', '+', '-', '?' }\n"
            "local letters = { 'a', 'b', 'c', '1', '(', ')', ' ', 'A', ']', '%' }\n"
            "local function text(n) local t = {} for i = 1, draw(n) - 1 do t[i] = "
            "letters[draw(#letters)] end return table.concat(t) end\n"
            "local function pattern()\n"
            "  local t = {}\n"
            "  for i = 1, draw(5) do t[i] = atoms[draw(#atoms)] .. suffixes[draw(#suffixes)] end\n"
            "  return (draw(4) == 1 and '^' or '') .. table.concat(t)\n"
            "end\n"
            "local function show(...)\n"
            "  local t = table.pack(...)\n"
            "  for i = 1, t.n do t[i] = tostring(t[i]) end\n"
            "  return table.concat(t, '|')\n"
            "end\n"
            "local good = 0\n"
            "for i = 1, 30000 do\n"
            "  local s, p, from = text(12), pattern(), draw(6) - 3\n"
            "  for _, name in ipairs { 'find', 'match', 'gsub', 'gmatch' } do\n"
            "    local function run(lib)\n"
            "      if name == 'gsub' then return pcall(lib.gsub, s, p, '<%0>') end\n"
            "      if name == 'gmatch' then\n"
            "        return pcall(function() local t = {} for a, b in lib.gmatch(s, p) do t[#t + "
            "1] = show(a, b) end return show(table.unpack(t)) end)\n"
            "      end\n"
            "      return pcall(lib[name], s, p, from)\n"
            "    end\n"
            "    local stock, mine = table.pack(run(string)), table.pack(run(ours))\n"
            "    local same = stock[1] == mine[1] and (not stock[1] or show(table.unpack(stock, 1, "
            "stock.n)) == show(table.unpack(mine, 1, mine.n)))\n"
            "    if not same then\n"
            "      error(string.format('%s(%q, %q, %d): stock %s, ours %s', name, s, p, from, "
            "show(table.unpack(stock, 1, stock.n)),\n"
            "        show(table.unpack(mine, 1, mine.n))))\n"
            "    end\n"
            "    if stock[1] then good = good + 1 end\n"
            "  end\n"
            "end\n"
            "assert(good > 20000, good)\n");
    fixture_close(&f);
}

static void plain_finds_agree_with_stock_lua(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f);
    run_stock(&f, "local ours = sandbox.string\n"
                  "local subject = 'abababc\\0x'\n"
                  "for _, wanted in ipairs { '', 'a', 'abc', 'bab', 'abababc', 'c', 'x', '\\0', "
                  "'zz', 'abababc\\0xy' } do\n"
                  "  for from = -12, 12 do\n"
                  "    local a, b = string.find(subject, wanted, from, true)\n"
                  "    local c, d = ours.find(subject, wanted, from, true)\n"
                  "    assert(a == c and b == d, wanted .. ' ' .. from)\n"
                  "  end\n"
                  "end\n");
    fixture_close(&f);
}

/* -- the rewriting of # and ^ -- */

static char *rewritten(const char *source)
{
    sy_buf out;
    sy_buf_init(&out, sy_alloc_std());
    assert_int_equal(script_rewrite(sy_str_of(source), &out), SY_OK);
    sy_buf_add_char(&out, '\0');
    char *copy = malloc(out.size);
    assert_non_null(copy);
    memcpy(copy, out.data, out.size);
    sy_buf_deinit(&out);
    return copy;
}

static void assert_rewritten(const char *source, const char *wanted)
{
    char *got = rewritten(source);
    assert_string_equal(got, wanted);
    free(got);
}

static void length_becomes_a_call(void **state)
{
    (void)state;
    assert_rewritten("return 1", "");
    assert_rewritten("return #t", "return ((\"\"):__sy_len(t))");
    assert_rewritten("return # t.a[1]:m(x).b + 1", "return ((\"\"):__sy_len( t.a[1]:m(x).b)) + 1");
    assert_rewritten("local x = - #t, not #u",
                     "local x = - ((\"\"):__sy_len(t)), not ((\"\"):__sy_len(u))");
    assert_rewritten("return ##t", "return ((\"\"):__sy_len(((\"\"):__sy_len(t))))");
    assert_rewritten("-- # ^\nreturn '#^', [[#]], [==[ ]] # ]==] --[[ # ]] .. \"\\\"#\"", "");
}

static void power_binds_as_the_manual_says(void **state)
{
    (void)state;
    assert_rewritten("return a^b", "return ((\"\"):__sy_pow(a,b))");
    assert_rewritten("return -a ^ b * c", "return -((\"\"):__sy_pow(a , b)) * c");
    assert_rewritten("return a^b^c", "return ((\"\"):__sy_pow(a,((\"\"):__sy_pow(b,c))))");
    assert_rewritten("return 2^-x", "return ((\"\"):__sy_pow(2,-x))");
    assert_rewritten("return #a^2", "return ((\"\"):__sy_len(((\"\"):__sy_pow(a,2))))");
}

/* Every shape of statement, with # and ^ in all of them: it must compile, and mean the same. */
static void every_statement_is_walked_through(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f);
    static const char source[] =
        "local t <const>, out = { 1, 2, 3 }, {}\n"
        "local function add(...) for _, v in ipairs { ... } do out[#out + 1] = tostring(v) end "
        "end\n"
        "local function f(a, ...) return #a, select('#', ...) ^ 2 end\n"
        "function out.m(x) return x ^ 2 end function out:n() return #self end\n"
        "add(f(t, 1, 2)) add(out.m(3), out:n(), (function() return #t end)())\n"
        "for i = #t, 1, -1 do add(i ^ 2) end\n"
        "local i = #t while i > #t - 2 do i = i - 1 if i ^ 2 == 4 then add 'four' elseif #t == 3 "
        "then add 'three' else add 'x' end end\n"
        "repeat i = i + 1 until i >= (#t) ^ 1 goto done\n"
        "add 'skipped' ::done:: do local u = { #t, [#t + 1] = 2 ^ 2, n = #t; #'abc', -2 ^ 2 } "
        "add(u[1], u[4], u.n, u[2], u[3]) end\n"
        "add(0x1p4 ^ 2, 3. ^ 2, 1e2 ^ 1, .5 ^ -1, 7 // 2 ^ 1, 2 ^ 3 .. '') add(#t == 3 and (#t) ^ "
        "2 or 0, #t & 1, ~#t, #t << 2 ^ 1)\n"
        "add(#('x'):rep(3), #[[long]], ('a'):rep(#t), #{ ... }, #t<#t+1)\n"
        "out.m, out.k = nil, #t; return table.concat(out, ' ')\n";
    char *changed = rewritten(source);
    assert_int_equal(luaL_loadbuffer(f.L, source, strlen(source), "=stock"), LUA_OK);
    assert_int_equal(lua_pcall(f.L, 0, 1, 0), LUA_OK);
    if (luaL_loadbuffer(f.L, changed, strlen(changed), "=changed") != LUA_OK ||
        lua_pcall(f.L, 0, 1, 0) != LUA_OK) {
        fail_msg("%s\n%s", lua_tostring(f.L, -1), changed);
    }
    assert_string_equal(lua_tostring(f.L, 2), lua_tostring(f.L, 1));
    assert_non_null(strstr(lua_tostring(f.L, 1), "four"));
    free(changed);
    fixture_close(&f);
}

/* -- opening -- */

static const char *write_file(const char *text)
{
    static char path[] = "script_test_scenario.lua";
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    return path;
}

static void the_template_is_a_story(void **state)
{
    (void)state;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    script_template(SY_STR("a \"quoted\" claim"), &text);
    sy_buf_add_char(&text, '\0');
    script *opened = NULL;
    sy_err err = {0};
    if (script_open(sy_alloc_std(), write_file(text.data), NULL, &opened, &err) != SY_OK) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(script_info(opened)->name, "a \"quoted\" claim");
    assert_int_equal(script_info(opened)->kind, SIM_STORY);
    script_close(opened);
    sy_buf_deinit(&text);
}

static void finds_are_told(void **state)
{
    (void)state;
    script *opened = NULL;
    sy_err err = {0};
    const char *path = write_file("local sim = require 'syncsim' return sim.story { name = 'n', "
                                  "tables = { t = { a = 'string' } },"
                                  "finds = { { checker = 'durability', row = 'a', host = 'phone' "
                                  "}, { checker = 'convergence' } },"
                                  "run = function() end }");
    assert_int_equal(script_open(sy_alloc_std(), path, NULL, &opened, &err), SY_OK);
    const sim_scenario_info *info = script_info(opened);
    assert_int_equal(info->find_count, 2);
    assert_string_equal(info->finds[0].checker, "durability");
    assert_string_equal(info->finds[0].row, "a");
    assert_string_equal(info->finds[0].host, "phone");
    assert_string_equal(info->finds[1].checker, "convergence");
    assert_string_equal(info->finds[1].row, "");
    script_close(opened);
}

static void a_missing_file_is_an_error_of_the_machine(void **state)
{
    (void)state;
    script *opened = NULL;
    sy_err err = {0};
    assert_int_equal(script_open(sy_alloc_std(), "there/is/none.lua", NULL, &opened, &err), SY_IO);
    assert_non_null(strstr(err.text, "there/is/none.lua"));
}

/* Fails the n-th allocation. */
typedef struct failing {
    int64_t left;
} failing;

static void *failing_resize(void *self, void *block, size_t old_size, size_t size)
{
    failing *f = self;
    sy_alloc std = sy_alloc_std();
    if (size > old_size && f->left-- <= 0) {
        return NULL;
    }
    return std.ops->resize(std.self, block, old_size, size);
}

static void opening_survives_every_allocation_that_fails(void **state)
{
    (void)state;
    static const sy_alloc_ops ops = {failing_resize};
    const char *path =
        write_file("local sim = require 'syncsim' return sim.story { name = 'n' .. (#'x') ^ 2,"
                   "tables = { t = { a = 'string' } }, run = function() end }");
    bool opened_once = false;
    for (int64_t n = 0; n < 100000 && !opened_once; n += n < 60 ? 1 : 1 + n / 12) {
        failing f = {n};
        script *opened = NULL;
        sy_err err = {0};
        sy_rc rc = script_open((sy_alloc){&ops, &f}, path, NULL, &opened, &err);
        opened_once = rc == SY_OK;
        if (rc != SY_OK && rc != SY_NOMEM) {
            fail_msg("allocation %lld: %s", (long long)n, err.text);
        }
        script_close(opened);
    }
    assert_true(opened_once);
}

/* -- many runs -- */

/* Each run would see what another left: a global, a table that an upvalue holds, a large text. */
static const char leaving[] =
    "local sim = require 'syncsim'\n"
    "local held = { list = {}, text = ('x'):rep(5000) }\n"
    "return sim.world { name = 'n', tables = { t = { a = 'string' } }, run = function(world)\n"
    "  seen = (seen or 0) + 1\n"
    "  held.list[#held.list + 1] = ('y'):rep(3000)\n"
    "  held.text = held.text .. seen .. #held.list\n"
    "  collectgarbage()\n"
    "  local phone = world:client { name = 'phone' .. seen }\n"
    "  phone:table 't':insert { id = 'r' .. world:choose('n', 100), a = held.text }\n"
    "  phone:push()\n"
    "end }\n";

static uint64_t run_digest(script *opened, uint64_t seed)
{
    sim_scenario scenario = script_scenario(opened);
    sim_options options = {.seed = seed};
    sim_result result;
    sy_err err = {0};
    assert_int_equal(sim_run(&scenario, &options, NULL, NULL, &result, &err), SY_OK);
    if (result.verdict != SIM_PASSED) {
        fail_msg("%s", result.reason);
    }
    uint64_t digest = result.digest;
    sim_result_deinit(&result);
    return digest;
}

static void a_rewound_script_runs_as_a_new_one(void **state)
{
    (void)state;
    const char *path = write_file(leaving);
    sy_err err = {0};
    script *frozen = NULL;
    assert_int_equal(script_open(sy_alloc_std(), path, NULL, &frozen, &err), SY_OK);
    assert_int_equal(script_freeze(frozen, &err), SY_OK);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        script *fresh = NULL;
        assert_int_equal(script_open(sy_alloc_std(), path, NULL, &fresh, &err), SY_OK);
        assert_int_equal(run_digest(fresh, seed), run_digest(frozen, seed));
        script_close(fresh);
        script_rewind(frozen);
    }
    script_close(frozen);
}

/* Two devices of one make, one of which dies, another with tables of its own that gets new ones,
 * and one that only stops. */
static const char connecting[] =
    "local sim = require 'syncsim'\n"
    "return sim.world { name = 'n', tables = { t = { a = 'string' } }, run = function(world)\n"
    "  local made = {}\n"
    "  for i = 1, 3 do\n"
    "    made[i] = world:client { name = 'c' .. i, store = 'sqlite', dialect = 'sound',\n"
    "      tables = i == 3 and { t = { a = 'string' }, u = { b = 'integer' } } or nil }\n"
    "    made[i]:table 't':insert { id = 'r' .. i, a = 'x' .. world:choose('n', 100, i) }\n"
    "  end\n"
    "  made[1]:crash_at { write = 3 }\n"
    "  made[1]:table 't':insert { id = 'lost', a = 'y' }\n"
    "  made[1]:table 't':insert { id = 'gone', a = 'y' }\n"
    "  if not made[1]:up() then made[1]:restart() end\n"
    "  made[3]:restart { tables = { t = { a = 'string', c = 'integer' } } }\n"
    "  made[3]:table 't':update { id = 'r3', c = 3 }\n"
    "  for i = 1, 3 do\n"
    "    made[i]:push()\n"
    "    made[i]:pull 't'\n"
    "    world:note(tostring(made[i]:table 't':count()))\n"
    "  end\n"
    "end }\n";

static void a_connection_that_another_run_left_changes_nothing(void **state)
{
    (void)state;
    sy_err err = {0};
    script *opened = NULL;
    if (script_open(sy_alloc_std(), write_file(connecting), NULL, &opened, &err) != SY_OK) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(script_freeze(opened, &err), SY_OK);
    for (uint64_t seed = 1; seed <= 4; seed++) {
        sim_shelf_clear();
        const uint64_t digest = run_digest(opened, seed);
        script_rewind(opened);
        assert_int_equal(sim_shelf_count(), 1); /* the other two died or were opened again */
        for (int again = 0; again < 2; again++) {
            assert_int_equal(run_digest(opened, seed), digest);
            script_rewind(opened);
        }
        assert_int_not_equal(run_digest(opened, seed + 100), digest);
        script_rewind(opened);
        assert_int_equal(run_digest(opened, seed), digest);
        script_rewind(opened);
    }
    script_close(opened);
    sim_shelf_clear();
}

static void freezing_survives_every_allocation_that_fails(void **state)
{
    (void)state;
    static const sy_alloc_ops ops = {failing_resize};
    failing f = {INT64_MAX};
    script *opened = NULL;
    sy_err err = {0};
    assert_int_equal(script_open((sy_alloc){&ops, &f}, write_file(leaving), NULL, &opened, &err),
                     SY_OK);
    sy_rc rc = SY_NOMEM;
    for (int64_t n = 0; rc == SY_NOMEM; n++) {
        f.left = n;
        rc = script_freeze(opened, &err);
    }
    assert_int_equal(rc, SY_OK);
    f.left = INT64_MAX;
    uint64_t digest = run_digest(opened, 1);
    script_rewind(opened);
    assert_int_equal(run_digest(opened, 1), digest);
    script_close(opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_stock_lua_does),
        cmocka_unit_test(plain_finds_agree_with_stock_lua),
        cmocka_unit_test(length_becomes_a_call),
        cmocka_unit_test(power_binds_as_the_manual_says),
        cmocka_unit_test(every_statement_is_walked_through),
        cmocka_unit_test(the_template_is_a_story),
        cmocka_unit_test(finds_are_told),
        cmocka_unit_test(a_missing_file_is_an_error_of_the_machine),
        cmocka_unit_test(opening_survives_every_allocation_that_fails),
        cmocka_unit_test(a_rewound_script_runs_as_a_new_one),
        cmocka_unit_test(a_connection_that_another_run_left_changes_nothing),
        cmocka_unit_test(freezing_survives_every_allocation_that_fails),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)remove("script_test_scenario.lua");
    script_drop_std_cache();
    return failed;
}
