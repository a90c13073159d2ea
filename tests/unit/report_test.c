#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/port/events.h"
#include "sim/report/chart.h"
#include "sim/report/suite.h"
#include "sim/report/terminal.h"

static sy_buf out;

static int set_up(void **state)
{
    (void)state;
    sy_buf_init(&out, sy_alloc_std());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sy_buf_deinit(&out);
    return 0;
}

static void expect_text(const char *expected)
{
    sy_buf_add_char(&out, '\0');
    assert_string_equal(out.data, expected);
}

static void expect_part(const char *part)
{
    sy_buf_add_char(&out, '\0');
    if (strstr(out.data, part) == NULL) {
        fail_msg("'%s' is not in:\n%s", part, out.data);
    }
    out.size--;
}

#define EMIT(trace, time, host, kind, ...)                                                         \
    sim_trace_emit((trace), (time), (host), (kind), (const sy_value[]){__VA_ARGS__})

static sim_trace *lost_answer(uint32_t *phone)
{
    sim_trace *trace = sim_trace_new(sy_alloc_std());
    uint32_t server = 0;
    assert_non_null(trace);
    assert_int_equal(sim_trace_add_host(trace, "server", &server), SY_OK);
    assert_int_equal(sim_trace_add_host(trace, "phone", phone), SY_OK);
    EMIT(trace, 0, *phone, &sy_event_write, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("insert"), sy_int(1), sy_row_value(NULL));
    EMIT(trace, 0, *phone, &sy_event_send, sy_int(1), sy_cstr("insert"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(1), sy_int(1), sy_cstr(""), sy_row_value(NULL));
    EMIT(trace, 0, *phone, &sim_event_depart, sy_int(1), sy_int(*phone), sy_int(server),
         sy_cstr("request"), sy_int(41 * SY_MS));
    EMIT(trace, 45 * SY_MS, server, &sy_event_respond, sy_cstr("insert"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(201), sy_int(1), sy_cstr("1"));
    EMIT(trace, 50 * SY_MS, server, &sim_event_depart, sy_int(2), sy_int(server), sy_int(*phone),
         sy_cstr("response"), sy_int(70 * SY_MS));
    EMIT(trace, 50 * SY_MS, *phone, &sim_event_fault, sy_int(2), sy_cstr("response"),
         sy_cstr("lost"), sy_cstr("drop_next"), sy_int(*phone), sy_int(1));
    return trace;
}

static void a_chart_shows_messages_and_what_became_of_them(void **state)
{
    (void)state;
    uint32_t phone = 0;
    sim_trace *trace = lost_answer(&phone);
    sim_chart_options options = {.hosts = {phone}, .host_count = 1};
    assert_int_equal(sim_chart(trace, &options, &out, NULL), SY_OK);
    sim_trace_free(trace);
    expect_text("    phone    insert todoitem/milk, queued        0.000\n"
                "    phone    ---- insert milk ----> server       0.000 -> 0.041\n"
                "    phone     x-- 201 ----- server               0.050   lost (drop_next)\n");
}

static void a_chart_keeps_the_last_lines(void **state)
{
    (void)state;
    uint32_t phone = 0;
    sim_trace *trace = lost_answer(&phone);
    sim_chart_options options = {.line_count = 1};
    assert_int_equal(sim_chart(trace, &options, &out, NULL), SY_OK);
    sim_trace_free(trace);
    expect_text("    phone     x-- 201 ----- server               0.050   lost (drop_next)\n");
}

static void a_chart_of_others_leaves_a_host_out(void **state)
{
    (void)state;
    uint32_t phone = 0;
    sim_trace *trace = lost_answer(&phone);
    sim_chart_options options = {.hosts = {77}, .host_count = 1};
    assert_int_equal(sim_chart(trace, &options, &out, NULL), SY_OK);
    sim_trace_free(trace);
    assert_int_equal(out.size, 0);
}

static void a_failure_shows_finding_reason_chart_and_command(void **state)
{
    (void)state;
    sim_scenario_info info = {.name = "an insert survives"};
    sim_result result = {.verdict = SIM_FOUND, .wall_ns = 12400000, .virtual_ns = 31 * SY_SECOND};
    (void)snprintf(result.reason, sizeof result.reason, "expected 1\n  got 2");
    sim_finding finding = {.checker = "durability", .text = "a write is gone"};
    result.findings = (sim_findings){.items = &finding, .count = 1, .capacity = 1};
    sim_report_subject subject = {
        .info = &info, .seed = 7, .calm = true, .again = "syncsim run a.lua --seed 7 --calm"};
    sim_report_result(&subject, &result, SY_STR("    chart\n"), &out);
    expect_part("FAIL  an insert survives");
    expect_part("seed 7, calm");
    expect_part("\n  durability: a write is gone\n  expected 1\n    got 2\n    chart\n"
                "  again:  syncsim run a.lua --seed 7 --calm\n");
}

static void a_pass_of_a_world_says_what_happened(void **state)
{
    (void)state;
    sim_scenario_info info = {.name = "a world", .kind = SIM_WORLD};
    sim_result result = {.verdict = SIM_PASSED,
                         .counts = {.operations = 80, .conflicts = 3, .faults = 2}};
    sim_report_subject subject = {.info = &info, .seed = 1, .again = "unused"};
    sim_report_result(&subject, &result, SY_STR("unused"), &out);
    expect_part("PASS  a world");
    expect_part("80 operations, 0 pushes, 0 pulls, 3 conflicts, 2 faults");
    assert_non_null(strstr(out.data, "again"));
}

static void junit_is_well_formed_whatever_is_in_the_texts(void **state)
{
    (void)state;
    const sim_suite_case cases[] = {
        {.name = SY_STR("good"), .path = SY_STR("a.lua"), .wall_ns = 1500000},
        {.name = SY_STR("\"<bad>\" & 'odd'"),
         .path = SY_STR("b.lua"),
         .verdict = SIM_FOUND,
         .text = SY_STR("seed 7 \x01\xff\xc3\xa9\nagain: x")},
        {.name = SY_STR("worse"), .path = SY_STR("c.lua"), .verdict = SIM_HARNESS},
        {.name = SY_STR("later"), .path = SY_STR("d.lua"), .skipped = true},
    };
    sim_junit_write(cases, sizeof cases / sizeof cases[0], &out);
    expect_text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<testsuite name=\"syncsim\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" "
                "time=\"0.001500\">\n"
                "  <testcase classname=\"a.lua\" name=\"good\" time=\"0.001500\"/>\n"
                "  <testcase classname=\"b.lua\" name=\"&quot;&lt;bad&gt;&quot; &amp; "
                "&apos;odd&apos;\" time=\"0.000000\">\n"
                "    <failure message=\"failed\">seed 7 ??\xc3\xa9\nagain: x</failure>\n"
                "  </testcase>\n"
                "  <testcase classname=\"c.lua\" name=\"worse\" time=\"0.000000\">\n"
                "    <error message=\"harness failed\"></error>\n"
                "  </testcase>\n"
                "  <testcase classname=\"d.lua\" name=\"later\" time=\"0.000000\">\n"
                "    <skipped/>\n"
                "  </testcase>\n"
                "</testsuite>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_chart_shows_messages_and_what_became_of_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_chart_keeps_the_last_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_chart_of_others_leaves_a_host_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failure_shows_finding_reason_chart_and_command, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_pass_of_a_world_says_what_happened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(junit_is_well_formed_whatever_is_in_the_texts, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
