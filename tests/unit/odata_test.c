/* OData text: what is read, what is refused and where, what is written. */
#include "core/value/odata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/support.h"

enum { TEXT = SY_SYSTEM_COUNT, PRIORITY, COMPLETE, DUE, QTY, RAW, COLUMN_COUNT };

static const sy_column columns[] = {
    {{"text", 4}, SY_TYPE_TEXT},     {{"priority", 8}, SY_TYPE_REAL},
    {{"complete", 8}, SY_TYPE_BOOL}, {{"due", 3}, SY_TYPE_DATETIME},
    {{"qty", 3}, SY_TYPE_INT},       {{"raw", 3}, SY_TYPE_BLOB}};

typedef struct fixture {
    sy_arena arena;
    const sy_schema *schema;
    sy_query query;
    sy_odata_error error;
    char text[2048];
} fixture;

static int set_up(void **state)
{
    static fixture f;
    sy_arena_init(&f.arena, sy_alloc_std());
    assert_int_equal(sy_schema_new(&f.arena, SY_STR("todoitem"), SY_SYSTEM_CLASSIC, columns,
                                   COLUMN_COUNT - TEXT, &f.schema, NULL),
                     SY_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    sy_arena_deinit(&f->arena);
    return 0;
}

static sy_rc read_option(fixture *f, const sy_odata_dialect *dialect, const char *name,
                         const char *value)
{
    sy_odata_option option = {sy_str_of(name), sy_str_of(value)};
    sy_odata_options options = {&option, 1};
    return sy_odata_read(dialect, f->schema, &options, &f->arena, &f->query, &f->error);
}

static void write_part(fixture *f, const sy_odata_dialect *dialect, sy_odata_part part)
{
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    sy_odata_write_text(dialect, &f->query, part, &buf);
    assert_true(buf.size < sizeof f->text);
    (void)snprintf(f->text, sizeof f->text, "%.*s", SY_FMT(sy_buf_str(&buf)));
    sy_buf_deinit(&buf);
}

/* Reads in one dialect, writes in another. */
static void assert_filter(fixture *f, const sy_odata_dialect *from, const char *text,
                          const sy_odata_dialect *to, const char *expected)
{
    if (read_option(f, from, "$filter", text) != SY_OK) {
        fail_msg("%s: %s", text, f->error.err.text);
    }
    write_part(f, to, SY_ODATA_FILTER);
    assert_string_equal(f->text, expected);
}

static void assert_same(fixture *f, const char *text)
{
    assert_filter(f, &sy_odata_sound, text, &sy_odata_sound, text);
    uint64_t hash = sy_query_hash(&f->query);
    assert_int_equal(read_option(f, &sy_odata_sound, "$filter", f->text), SY_OK);
    assert_int_equal(sy_query_hash(&f->query), hash);
}

static void assert_fault(fixture *f, const sy_odata_dialect *dialect, const char *text,
                         sy_odata_fault fault, size_t position)
{
    sy_rc rc = read_option(f, dialect, "$filter", text);
    if (rc != SY_PARSE || f->error.fault != fault || f->error.position != position) {
        fail_msg("%s: rc %d, fault %d at %zu: %s", text, rc, f->error.fault, f->error.position,
                 f->error.err.text);
    }
    assert_string_equal(f->error.option, "$filter");
    assert_int_equal(f->error.err.rc, SY_PARSE);
}

static void what_is_written_reads_to_the_same(void **state)
{
    static const char *const texts[] = {
        "complete",
        "not complete",
        "not (not complete)",
        "not (text eq 'a')",
        "not complete eq true",
        "text eq 'O''Neil'",
        "text eq ''",
        "text eq ''''",
        "qty eq -9223372036854775808",
        "qty eq 9223372036854775807",
        "priority eq -0.0",
        "priority eq 1e+300",
        "priority gt 0.1",
        "priority eq 5e-324",
        "text eq null",
        "null eq text",
        "due ge 2026-01-01T00:00:00.000Z",
        "due ge 2026-01-01T00:00:00.000000001Z",
        "raw eq binary'00ff'",
        "raw eq binary''",
        "complete eq true and qty gt 3 or text eq 'a'",
        "complete and (qty gt 3 or text eq 'a')",
        "complete or (qty gt 3 or complete)",
        "(complete eq true) eq false",
        "qty add 1 sub 2 gt 3",
        "qty sub (1 sub 2) gt 3",
        "qty mul (1 add 2) div 3 mod 4 eq 0",
        "-qty lt -5",
        "-(5) lt -(-5)",
        "-(-qty) eq -(qty add 1)",
        "contains(text,'a') eq false",
        "startswith(tolower(text),concat('a',toupper(text)))",
        "endswith(trim(text),'')",
        "indexof(text,'a') sub length(text) eq -1",
        "substring(text,1) eq substring(text,1,2)",
        "replace(replace(text,'a','b'),'b','a') eq text",
        "year(due) eq 2026 and month(due) eq 1 and day(due) eq 1",
        "hour(due) eq minute(due) and second(due) eq 0",
        "round(priority) eq floor(priority) or ceiling(priority) eq 3",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_same(*state, texts[i]);
    }
}

static void operators_bind_as_the_grammar_has_it(void **state)
{
    fixture *f = *state;
    const sy_odata_dialect *sound = &sy_odata_sound;
    assert_filter(f, sound, "((((qty eq 1))))", sound, "qty eq 1");
    assert_filter(f, sound, "not (complete eq true)", sound, "not (complete eq true)");
    assert_filter(f, sound, "(not complete) eq true", sound, "not complete eq true");
    assert_filter(f, sound, "(qty add 1) mul 2 eq 4", sound, "(qty add 1) mul 2 eq 4");
    assert_filter(f, sound, "qty add (1 mul 2) eq 4", sound, "qty add 1 mul 2 eq 4");
    assert_filter(f, sound, "qty eq 1 eq complete", sound, "(qty eq 1) eq complete");
    assert_filter(f, sound, "complete and complete or complete and complete", sound,
                  "complete and complete or complete and complete");
    assert_filter(f, sound, "  qty\t eq\n5 L ", sound, "qty eq 5");
    assert_filter(f, sound,
                  "qty eq\xC2\xA0"
                  "5\xE3\x80\x80",
                  sound, "qty eq 5");
    assert_filter(f, sound, "priority eq 5d or priority eq 2.5F or priority eq 1m", sound,
                  "priority eq 5.0 or priority eq 2.5 or priority eq 1.0");
    assert_filter(f, sound, "text in ('a', 'b' ,null) and complete", sound,
                  "(text eq 'a' or text eq 'b' or text eq null) and complete");
    assert_filter(f, sound, "not (qty in ())", sound, "not false");
}

static void dates_are_read_and_written_in_every_form(void **state)
{
    fixture *f = *state;
    const sy_odata_dialect *sound = &sy_odata_sound;
    const char *exact = "due gt 2026-03-01T10:20:30.1234567Z";
    assert_filter(f, sound, exact, &sy_odata_mobile_apps,
                  "(due gt datetimeoffset'2026-03-01T10:20:30.1234567+00:00')");
    assert_filter(f, sound, exact, &sy_odata_mobile_apps_js,
                  "(due gt datetimeoffset'2026-03-01T10:20:30.123Z')");
    assert_filter(f, sound, exact, &sy_odata_toolkit,
                  "(due gt cast(2026-03-01T10:20:30.123Z,Edm.DateTimeOffset))");
    const char *midday = "due gt 2026-03-01T12:00:00.000Z";
    assert_filter(f, sound, "due gt datetimeoffset'2026-03-01T14:00:00+02:00'", sound, midday);
    assert_filter(f, sound, "due gt datetime'2026-03-01T12:00'", sound, midday);
    assert_filter(f, sound, "due gt cast(2026-03-01T12:00:00Z,Edm.DateTimeOffset)", sound, midday);
    assert_filter(f, sound, "due gt cast( '2026-03-01T11:00:00-0100' , Edm.DateTime )", sound,
                  midday);
    assert_filter(f, sound, "due gt 2026-03-01", sound, "due gt 2026-03-01T00:00:00.000Z");
    assert_filter(f, &sy_odata_node, "due gt datetimeoffset'2026-03-01T12:00:00.0009999+00:00'",
                  sound, midday);
    assert_filter(f, &sy_odata_node, "due gt datetime'2026-03-01T12:00:00Z'", sound, midday);
    assert_filter(f, sound, "due gt datetimeoffset'0001-01-01T00:00:00.0000000+00:00'", sound,
                  "due gt 1677-09-21T00:12:43.145224192Z");
    assert_filter(f, sound, "text eq guid'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", sound,
                  "text eq 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'");
    assert_filter(f, &sy_odata_toolkit,
                  "text eq a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 and "
                  "id eq cast(A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11,Edm.Guid)",
                  sound,
                  "text eq 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' and "
                  "id eq 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'");
}

static void bad_text_is_refused_at_its_place(void **state)
{
    fixture *f = *state;
    const sy_odata_dialect *sound = &sy_odata_sound;
    assert_fault(f, sound, " ", SY_ODATA_SYNTAX, 1);
    assert_fault(f, sound, "qty eq", SY_ODATA_SYNTAX, 6);
    assert_fault(f, sound, "(qty eq 1", SY_ODATA_SYNTAX, 9);
    assert_fault(f, sound, "qty eq 1)", SY_ODATA_SYNTAX, 8);
    assert_fault(f, sound, "text eq 'O'Neil'", SY_ODATA_SYNTAX, 11);
    assert_fault(f, sound, "text eq 'open", SY_ODATA_SYNTAX, 13);
    assert_fault(f, sound, "text eq \"a\"", SY_ODATA_SYNTAX, 8);
    assert_fault(f, sound, "text eq 1; DROP TABLE x", SY_ODATA_SYNTAX, 9);
    assert_fault(f, sound, "priority eq 1.", SY_ODATA_SYNTAX, 14);
    assert_fault(f, sound, "priority eq 1e", SY_ODATA_SYNTAX, 14);
    assert_fault(f, sound, "qty eq ?", SY_ODATA_SYNTAX, 7);
    assert_fault(f, sound, "t\xC3\xA9xt eq 1", SY_ODATA_SYNTAX, 1);
    assert_fault(f, sound, "qty EQ 1", SY_ODATA_SYNTAX, 4);
    assert_fault(f, sound, "eq eq 1", SY_ODATA_SYNTAX, 0);
    assert_fault(f, sound, "concat(text,'a'", SY_ODATA_SYNTAX, 15);
    assert_fault(f, sound, "concat(text 'a')", SY_ODATA_SYNTAX, 12);
    assert_fault(f, sound, "text in ('a'", SY_ODATA_SYNTAX, 12);
    assert_fault(f, sound, "text eq datetime '2026'", SY_ODATA_SYNTAX, 17);
    assert_fault(f, sound, "qty eq 9223372036854775808", SY_ODATA_LITERAL, 7);
    assert_fault(f, sound, "priority eq 1e999", SY_ODATA_LITERAL, 12);
    assert_fault(f, sound, "due eq datetime'2026-02-30'", SY_ODATA_LITERAL, 15);
    assert_fault(f, sound, "due eq datetime'now'", SY_ODATA_LITERAL, 15);
    assert_fault(f, sound, "text eq guid'1'", SY_ODATA_LITERAL, 12);
    assert_fault(f, sound, "raw eq binary'0'", SY_ODATA_LITERAL, 13);
    assert_fault(f, sound, "sqrt(qty) eq 1", SY_ODATA_FUNCTION, 0);
    assert_fault(f, sound, "cast(1,Edm.Int32) eq qty", SY_ODATA_FUNCTION, 7);
    assert_fault(f, sound, "cast(1)", SY_ODATA_SYNTAX, 5);
    assert_fault(f, sound, "tolower() eq 'a'", SY_ODATA_ARITY, 0);
    assert_fault(f, sound, "tolower(text,text) eq 'a'", SY_ODATA_ARITY, 0);
    assert_fault(f, sound, "complete and substring(text) eq 'a'", SY_ODATA_ARITY, 13);
    assert_fault(f, sound, "substring(text,1,2,3) eq 'a'", SY_ODATA_ARITY, 0);
    assert_fault(f, sound, "nocolumn eq 1", SY_ODATA_COLUMN, 0);
    assert_fault(f, sound, "TEXT eq 'a'", SY_ODATA_COLUMN, 0);
    assert_fault(f, sound, "item/text eq 'a'", SY_ODATA_COLUMN, 5);
    assert_fault(f, sound, "nocolumn eq 1 and", SY_ODATA_SYNTAX, 17);
    assert_fault(f, sound, "sequence eq 1", SY_ODATA_COLUMN, 0);
    assert_fault(f, sound, "text", SY_ODATA_TYPE, 0);
    assert_fault(f, sound, "complete and text", SY_ODATA_TYPE, 13);
    assert_fault(f, sound, "text eq 1", SY_ODATA_TYPE, 0);
    assert_fault(f, sound, "complete and qty add text eq 1", SY_ODATA_TYPE, 21);
    assert_fault(f, sound, "length(qty) eq 1", SY_ODATA_TYPE, 7);
    assert_fault(f, sound, "year(text) eq 1", SY_ODATA_TYPE, 5);
}

static void a_text_without_end_is_refused(void **state)
{
    fixture *f = *state;
    static char text[SY_ODATA_SIZE_MAX + 2];
    memset(text, '(', 200);
    memcpy(text + 200, "complete", 9);
    assert_fault(f, &sy_odata_sound, text, SY_ODATA_SIZE, 100);
    size_t size = 0;
    for (int i = 0; i < 2000; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, "not ");
    }
    (void)snprintf(text + size, sizeof text - size, "complete");
    assert_fault(f, &sy_odata_sound, text, SY_ODATA_SIZE, 400);
    size = (size_t)snprintf(text, sizeof text, "0");
    for (int i = 0; i < 5000; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, " add 1");
    }
    assert_int_equal(read_option(f, &sy_odata_sound, "$filter", text), SY_PARSE);
    assert_int_equal(f->error.fault, SY_ODATA_SIZE);
    size = (size_t)snprintf(text, sizeof text, "qty eq 0");
    for (int i = 0; i < SY_EXPR_LINK_COUNT_MAX; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, " or qty eq 1");
    }
    assert_int_equal(read_option(f, &sy_odata_sound, "$filter", text), SY_OK);
    (void)snprintf(text + size, sizeof text - size, " or complete");
    assert_fault(f, &sy_odata_sound, text, SY_ODATA_SIZE, 0);
    memset(text, ' ', SY_ODATA_SIZE_MAX + 1);
    text[SY_ODATA_SIZE_MAX + 1] = '\0';
    assert_fault(f, &sy_odata_sound, text, SY_ODATA_SIZE, SY_ODATA_SIZE_MAX);
}

static void servers_refuse_what_theirs_do(void **state)
{
    fixture *f = *state;
    const sy_odata_dialect *node = &sy_odata_node;
    const sy_odata_dialect *version_4[] = {&sy_odata_datasync, &sy_odata_toolkit,
                                           &sy_odata_datasync_v2};
    assert_fault(f, node, "contains(text,'a')", SY_ODATA_FUNCTION, 0);
    assert_fault(f, node, "text eq guid'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", SY_ODATA_SYNTAX,
                 12);
    assert_fault(f, node, "due eq cast(2026-01-01T00:00:00Z,Edm.DateTimeOffset)", SY_ODATA_FUNCTION,
                 7);
    assert_fault(f, node, "due eq datetime'2026-01-01T00:00:00.0000000Z'", SY_ODATA_LITERAL, 15);
    assert_fault(f, node, "due eq datetime'2026-01-01T00:00:00+00:00'", SY_ODATA_LITERAL, 15);
    assert_fault(f, node, "-qty eq 1", SY_ODATA_FUNCTION, 0);
    assert_fault(f, node, "replace(replace(text,'a','b'),'c','d') eq 'x'", SY_ODATA_FUNCTION, 8);
    assert_fault(f, node, "replace(text,'a',text) eq 'x'", SY_ODATA_FUNCTION, 17);
    assert_fault(f, node, "a-b eq 1", SY_ODATA_SYNTAX, 0);
    assert_int_equal(node->status[SY_ODATA_SYNTAX], 500);
    assert_int_equal(node->status[SY_ODATA_COLUMN], 200);
    assert_fault(f, &sy_odata_netfx, "contains(text,'a')", SY_ODATA_FUNCTION, 0);
    assert_int_equal(sy_odata_netfx.status[SY_ODATA_FUNCTION], 400);
    for (size_t i = 0; i < 3; i++) {
        assert_fault(f, version_4[i], "substringof('a',text)", SY_ODATA_FUNCTION, 0);
        assert_fault(f, version_4[i], "replace(text,'a','b') eq 'x'", SY_ODATA_FUNCTION, 0);
        assert_int_equal(version_4[i]->status[SY_ODATA_FUNCTION], 400);
    }
    assert_fault(f, &sy_odata_toolkit, "due eq datetime'2026-01-01T00:00:00Z'", SY_ODATA_SYNTAX,
                 15);
    assert_int_equal(
        read_option(f, &sy_odata_datasync_v2, "$filter", "due eq datetime'2026-01-01T00:00:00Z'"),
        SY_OK);
}

/* As SQLite converts, written out. */
static void loose_types_convert_as_in_sqlite(void **state)
{
    static const char *const cases[][2] = {
        {"complete eq 1", "complete eq 1"},
        {"complete", "complete"},
        {"priority", "priority eq 1"},
        {"text", "text eq 1"},
        {"not priority", "not (priority eq 1)"},
        {"TEXT eq 'Alpha'", "text eq 'Alpha'"},
        {"priority eq '2.5'", "priority eq 2.5"},
        {"priority eq 'abc'", "priority ne priority"},
        {"priority lt 'abc'", "priority eq priority"},
        {"'abc' gt priority", "priority eq priority"},
        {"text eq 5", "text eq 5"},
        {"version eq 'MQ=='", "version ne version"},
        {"version ne 'MQ=='", "version eq version"},
        {"length(priority) eq 3", "length(priority) eq 3"},
        {"text add 1 eq 2", "0 add 1 eq 2"},
        {"'3' add 1 eq 4", "3.0 add 1 eq 4"},
        {"(qty gt 1) add 1 eq 2", "(qty gt 1) add 1 eq 2"},
        {"createdAt le updatedAt", "createdAt le updatedAt"},
        {"updatedAt gt '2026-01-01T00:00:00.000Z'", "updatedAt gt 2026-01-01T00:00:00.000Z"},
        {"updatedAt gt 'yesterday'", "updatedAt gt 'yesterday'"},
        {"10.0 div 4 eq 2", "10 div 4 eq 2"},
        {"'9x' mul 'x' eq 0", "0 mul 0 eq 0"},
        {"concat(text,null) eq text", "text eq text"},
        {"not id eq 'r1'", "not ((id eq 1) ne (id eq 1))"},
        {"not complete eq true", "not complete eq true"},
        {"updatedAt gt datetimeoffset'2001-01-01T24:00'", "updatedAt gt 2001-01-02T00:00:00.000Z"},
        {"updatedAt gt 5", "updatedAt gt 5"},
        {"updatedAt gt priority", "updatedAt eq updatedAt and priority eq priority"},
        {"priority lt 1e400", "priority lt 1.7976931348623157e+308"},
        {"updatedAt gt datetimeoffset'2001-02-30'", "updatedAt gt 2001-03-02T00:00:00.000Z"},
        {"qty eq 3000000000", "qty eq 3000000000.0"},
        {"a/text eq 'x'", "text eq 'x'"},
        {"complete eq 'true'", "complete ne complete"},
        {"substringof('a',text) eq true", "contains(text,'a') eq true"},
        {"text eq 'x' or 1 eq 1", "text eq 'x' or 1 eq 1"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_filter(f, &sy_odata_node, cases[i][0], &sy_odata_sound, cases[i][1]);
        uint64_t hash = sy_query_hash(&f->query);
        write_part(f, &sy_odata_node, SY_ODATA_FILTER);
        assert_int_equal(read_option(f, &sy_odata_node, "$filter", f->text), SY_OK);
        assert_int_equal(sy_query_hash(&f->query), hash);
    }
}

static void the_classic_client_takes_add_for_and(void **state)
{
    fixture *f = *state;
    assert_filter(f, &sy_odata_mobile_apps, "qty add 1 eq 3", &sy_odata_sound,
                  "(qty ne 0 and 1 ne 0) eq 3");
    assert_filter(f, &sy_odata_mobile_apps_js, "qty add 1 eq 3", &sy_odata_sound, "qty add 1 eq 3");
}

static void system_columns_have_the_names_of_the_dialect(void **state)
{
    fixture *f = *state;
    assert_filter(f, &sy_odata_mobile_services,
                  "__updatedAt ge datetimeoffset'2014-01-01' and id ne 'a'", &sy_odata_sound,
                  "updatedAt ge 2014-01-01T00:00:00.000Z and id ne 'a'");
    write_part(f, &sy_odata_mobile_services, SY_ODATA_FILTER);
    assert_string_equal(
        f->text,
        "((__updatedAt ge datetimeoffset'2014-01-01T00:00:00.0000000+00:00') and (id ne 'a'))");
    assert_fault(f, &sy_odata_mobile_services, "updatedAt eq null", SY_ODATA_COLUMN, 0);
}

static sy_rc read_orderby(fixture *f, const sy_odata_dialect *dialect, const char *text)
{
    sy_rc rc = read_option(f, dialect, "$orderby", text);
    if (rc == SY_OK) {
        write_part(f, &sy_odata_sound, SY_ODATA_ORDERBY);
    }
    return rc;
}

static void orders_are_columns_and_expressions(void **state)
{
    fixture *f = *state;
    assert_int_equal(read_orderby(f, &sy_odata_sound, "text desc , qty asc,tolower(text),id"),
                     SY_OK);
    assert_string_equal(f->text, "text desc,qty,tolower(text),id");
    assert_true(f->query.order_count == 4 && f->query.order[0].descending);
    assert_int_equal(read_orderby(f, &sy_odata_sound, "qty,qty,qty,qty,qty,qty,qty,qty,qty"),
                     SY_PARSE);
    assert_int_equal(f->error.fault, SY_ODATA_SIZE);
    assert_int_equal(read_orderby(f, &sy_odata_sound, "qty sideways"), SY_PARSE);
    assert_int_equal(f->error.position, 4);
    assert_int_equal(read_orderby(f, &sy_odata_sound, "qty,"), SY_PARSE);
    assert_int_equal(read_orderby(f, &sy_odata_node, "priority sideways,id"), SY_OK);
    assert_string_equal(f->text, "priority,id");
    assert_int_equal(read_orderby(f, &sy_odata_node, " qty DESC nulls,concat(text,id) desc"),
                     SY_OK);
    assert_string_equal(f->text, "qty desc,concat(text,id) desc");
    assert_int_equal(read_orderby(f, &sy_odata_node, "qty  desc"), SY_OK);
    assert_string_equal(f->text, "qty");
    assert_int_equal(read_orderby(f, &sy_odata_node, ""), SY_OK);
    assert_int_equal(f->query.order_count, 0);
    assert_int_equal(read_orderby(f, &sy_odata_node, ","), SY_OK);
    assert_int_equal(f->query.order_count, 0);
    assert_int_equal(read_orderby(f, &sy_odata_node, "qty,id,qty desc"), SY_OK);
    assert_string_equal(f->text, "qty desc,id");
    assert_int_equal(read_orderby(f, &sy_odata_node, "("), SY_PARSE);
    assert_int_equal(read_orderby(f, &sy_odata_node, "id;drop"), SY_PARSE);
    assert_int_equal(f->error.fault, SY_ODATA_SYNTAX);
    assert_int_equal(read_orderby(f, &sy_odata_node, "nocolumn"), SY_PARSE);
    assert_int_equal(f->error.fault, SY_ODATA_COLUMN);
}

static void counts_are_read_as_the_server_does(void **state)
{
    static const struct {
        const char *text;
        int64_t top;
        int64_t skip;
    } cases[] = {
        {"2", 2, 2},     {"0", -1, 0},  {"-1", SY_ODATA_TOP_ALL, -1},
        {"abc", -1, -1}, {"1.9", 1, 1}, {"", -1, -1},
        {" 3x", 3, 3},   {"+4", 4, 4},  {"99999999999999999999", INT64_MAX - 1, INT64_MAX - 1}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(read_option(f, &sy_odata_node, "$top", cases[i].text), SY_OK);
        assert_int_equal(f->query.top, cases[i].top);
        bool fits = cases[i].skip < INT64_MAX - 1;
        assert_int_equal(read_option(f, &sy_odata_node, "$skip", cases[i].text),
                         fits ? SY_OK : SY_PARSE);
        assert_true(!fits || f->query.skip == cases[i].skip);
    }
    static const char *const bad[] = {"", "-1", "abc", "1.9", " 3", "9223372036854775808"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(read_option(f, &sy_odata_toolkit, "$top", bad[i]), SY_PARSE);
        assert_int_equal(read_option(f, &sy_odata_toolkit, "$skip", bad[i]), SY_PARSE);
        assert_int_equal(f->error.fault, SY_ODATA_NUMBER);
    }
    assert_int_equal(read_option(f, &sy_odata_toolkit, "$top", "0"), SY_OK);
    assert_int_equal(f->query.top, 0);
}

static void selections_name_columns(void **state)
{
    fixture *f = *state;
    assert_int_equal(read_option(f, &sy_odata_node, "$select", "text, ID"), SY_OK);
    assert_true(f->query.select == (UINT64_C(1) << TEXT | 1));
    write_part(f, &sy_odata_sound, SY_ODATA_SELECT);
    assert_string_equal(f->text, "id,text");
    assert_int_equal(read_option(f, &sy_odata_node, "$select", ""), SY_OK);
    assert_true(f->query.select == 0);
    assert_int_equal(read_option(f, &sy_odata_sound, "$select", "text,*"), SY_OK);
    assert_true(f->query.select == 0);
    assert_int_equal(read_option(f, &sy_odata_node, "$select", "*"), SY_PARSE);
    assert_int_equal(f->error.fault, SY_ODATA_SYNTAX);
    assert_int_equal(read_option(f, &sy_odata_sound, "$select", "text,,qty"), SY_PARSE);
    assert_int_equal(f->error.position, 5);
    assert_int_equal(read_option(f, &sy_odata_sound, "$select", "text,nocolumn"), SY_PARSE);
    assert_int_equal(f->error.fault, SY_ODATA_COLUMN);
}

static void unknown_and_doubled_options_are_the_dialects(void **state)
{
    fixture *f = *state;
    assert_int_equal(read_option(f, &sy_odata_node, "$expand", "x"), SY_OK);
    assert_int_equal(read_option(f, &sy_odata_node, "$TOP", "1"), SY_OK);
    assert_int_equal(f->query.top, -1);
    assert_int_equal(read_option(f, &sy_odata_node, "foo", "bar"), SY_OK);
    assert_int_equal(read_option(f, &sy_odata_sound, "foo", "bar"), SY_OK);
    assert_int_equal(read_option(f, &sy_odata_sound, "$expand", "x"), SY_PARSE);
    assert_int_equal(f->error.fault, SY_ODATA_OPTION);
    assert_int_equal(read_option(f, &sy_odata_node, "$inlinecount", "allpages"), SY_OK);
    assert_true(f->query.want_total);
    assert_int_equal(read_option(f, &sy_odata_node, "$count", "true"), SY_OK);
    assert_false(f->query.want_total);
    assert_int_equal(read_option(f, &sy_odata_toolkit, "$count", "true"), SY_OK);
    assert_true(f->query.want_total);
    assert_int_equal(read_option(f, &sy_odata_toolkit, "$count", "maybe"), SY_PARSE);
    sy_odata_option twice[] = {{SY_STR("$top"), SY_STR("1")}, {SY_STR("$top"), SY_STR("2")}};
    sy_odata_options options = {twice, 2};
    assert_int_equal(
        sy_odata_read(&sy_odata_node, f->schema, &options, &f->arena, &f->query, &f->error), SY_OK);
    assert_int_equal(f->query.top, 1);
    assert_int_equal(
        sy_odata_read(&sy_odata_toolkit, f->schema, &options, &f->arena, &f->query, NULL),
        SY_PARSE);
}

static void the_parts_of_a_query_are_named_and_ordered(void **state)
{
    fixture *f = *state;
    f->query = sy_query_all(f->schema);
    for (int part = 0; part < SY_ODATA_PART_COUNT; part++) {
        assert_false(sy_odata_has(&sy_odata_toolkit, &f->query, (sy_odata_part)part));
    }
    f->query.skip = 0;
    f->query.want_total = true;
    assert_true(sy_odata_has(&sy_odata_mobile_apps, &f->query, SY_ODATA_SKIP));
    assert_false(sy_odata_has(&sy_odata_toolkit, &f->query, SY_ODATA_SKIP));
    assert_string_equal(sy_odata_part_name(&sy_odata_mobile_apps, SY_ODATA_COUNT), "$inlinecount");
    assert_string_equal(sy_odata_part_name(&sy_odata_toolkit, SY_ODATA_COUNT), "$count");
    write_part(f, &sy_odata_mobile_apps, SY_ODATA_COUNT);
    assert_string_equal(f->text, "allpages");
    f->query.top = SY_ODATA_TOP_ALL;
    write_part(f, &sy_odata_node, SY_ODATA_TOP);
    assert_string_equal(f->text, "-1");
}

static void no_memory_is_said(void **state)
{
    fixture *f = *state;
    sy_odata_option items[] = {
        {SY_STR("$filter"), SY_STR("substringof('a''b',concat(text,5)) or due gt datetime'2026' or "
                                   "text eq guid'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")},
        {SY_STR("$orderby"), SY_STR("tolower(text) desc,id")}};
    sy_odata_options options = {items, 2};
    sy_odata_dialect dialect = sy_odata_node;
    dialect.typed_bytes = true;
    dialect.strict_datetime = false;
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sy_arena arena;
        sy_arena_init(&arena, test_alloc_port(&alloc));
        sy_rc rc = sy_odata_read(&dialect, f->schema, &options, &arena, &f->query, &f->error);
        assert_int_equal(rc, test_alloc_failed(&alloc) ? SY_NOMEM : SY_OK);
        sy_arena_deinit(&arena);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_true(n > 2);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_to_the_same),
        cmocka_unit_test(operators_bind_as_the_grammar_has_it),
        cmocka_unit_test(dates_are_read_and_written_in_every_form),
        cmocka_unit_test(bad_text_is_refused_at_its_place),
        cmocka_unit_test(a_text_without_end_is_refused),
        cmocka_unit_test(servers_refuse_what_theirs_do),
        cmocka_unit_test(loose_types_convert_as_in_sqlite),
        cmocka_unit_test(the_classic_client_takes_add_for_and),
        cmocka_unit_test(system_columns_have_the_names_of_the_dialect),
        cmocka_unit_test(orders_are_columns_and_expressions),
        cmocka_unit_test(counts_are_read_as_the_server_does),
        cmocka_unit_test(selections_name_columns),
        cmocka_unit_test(unknown_and_doubled_options_are_the_dialects),
        cmocka_unit_test(the_parts_of_a_query_are_named_and_ordered),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
