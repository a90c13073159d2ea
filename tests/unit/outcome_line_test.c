#include "sim/explore/outcome_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/explore/tally.h"

static sim_outcome_line example(uint64_t seed)
{
    return (sim_outcome_line){
        .subject = {.build = "00ff",
                    .scenario = "a \"b\"/\xc3\xa9.lua",
                    .dialect = "sound",
                    .calm = true,
                    .seed = seed},
        .verdict = SIM_FOUND,
        .events = 1000 - seed,
        .digest = UINT64_C(0xfedcba9876543210),
        .virtual_ns = INT64_C(9000000000) + (int64_t)seed,
        .counts = {.operations = 1, .pushes = 2, .pulls = 3, .conflicts = 4, .crashes = 7},
        .signatures = {{"one: \\ line"}, {"two"}},
        .signature_count = 2};
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    sim_outcome_line shape = {.subject = {.build = "00ff"}, .shape = "conflict update 412"};
    sim_outcome_line died = example(3);
    died.verdict = SIM_HARNESS;
    died.died = true;
    sim_outcome_line counted = example(4);
    counted.subject.counted = true;
    counted.faults[0] = (sim_fault_row){"net.request-lost", 40, 3, 1, 1};
    counted.faults[1] = (sim_fault_row){"server.crash", 5, 0, 0, 0};
    counted.fault_count = 2;
    sim_outcome_line quiet = example(5);
    quiet.subject.counted = true;
    sim_outcome_line demanding = example(6);
    demanding.demands = (sim_demands){{{"a request was lost", true}, {"a \"b\"", false}}, 2};
    const sim_outcome_line lines[] = {demanding, example(7), died, shape, counted, quiet};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        sy_buf text;
        sy_buf again;
        sim_outcome_line read;
        sy_buf_init(&text, sy_alloc_std());
        sy_buf_init(&again, sy_alloc_std());
        sim_outcome_line_write(&lines[i], &text);
        assert_int_equal(sim_outcome_line_read(sy_buf_str(&text), &read, NULL), SY_OK);
        assert_int_equal(read.verdict, lines[i].verdict);
        assert_int_equal(read.died, lines[i].died);
        assert_int_equal(read.subject.seed, lines[i].subject.seed);
        assert_memory_equal(&read.counts, &lines[i].counts, sizeof read.counts);
        sim_outcome_line_write(&read, &again);
        assert_true(sy_str_equal(sy_buf_str(&text), sy_buf_str(&again)));
        sy_buf_deinit(&text);
        sy_buf_deinit(&again);
    }
}

static void what_is_no_line_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wrong;
    } bad[] = {
        {"", "not a JSON object"},
        {"[1]", "not a JSON object"},
        {"{\"build\":1}", "'build'"},
        {"{\"build\":\"x\",\"shape\":2}", "'shape'"},
        {"{\"build\":\"x\",\"scenario\":\"y\",\"dialect\":\"\",\"server\":\"\",\"calm\":false,"
         "\"seed\":-1}",
         "'seed'"},
        {"{\"build\":\"x\",\"scenario\":\"y\",\"dialect\":\"\",\"server\":\"\",\"calm\":false,"
         "\"seed\":1,\"verdict\":\"passed\",\"events\":1,\"virtual_ns\":1,\"digest\":"
         "\"0000000000000000\",\"operations\":1,\"pushes\":1,\"pulls\":1,\"conflicts\":1,"
         "\"faults\":1,"
         "\"messages\":1,\"crashes\":1,\"signatures\":[],\"coverage\":{\"net.portal\":[1,2]}}",
         "'coverage'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sim_outcome_line line;
        sy_err err = {0};
        assert_int_equal(sim_outcome_line_read(sy_str_of(bad[i].text), &line, &err), SY_PARSE);
        assert_non_null(strstr(err.text, bad[i].wrong));
    }
}

static void print(const sim_tally *tally, sy_buf *out)
{
    sy_buf_init(out, sy_alloc_std());
    sim_tally_print(tally, NULL, NULL, out);
    assert_false(out->failed);
}

static void a_tally_knows_no_order(void **state)
{
    (void)state;
    sim_tally up;
    sim_tally down;
    sim_tally_init(&up, sy_alloc_std());
    sim_tally_init(&down, sy_alloc_std());
    for (uint64_t i = 1; i <= 9; i++) {
        sim_outcome_line a = example(i);
        sim_outcome_line b = example(10 - i);
        assert_int_equal(sim_tally_add(&up, &a), SY_OK);
        assert_int_equal(sim_tally_add(&down, &b), SY_OK);
    }
    sy_buf first;
    sy_buf second;
    print(&up, &first);
    print(&down, &second);
    assert_true(sy_str_equal(sy_buf_str(&first), sy_buf_str(&second)));
    sy_buf_add_char(&first, '\0');
    assert_non_null(strstr(first.data,
                           "9 runs; seed 9 has the fewest events (991), seed 1 the least "
                           "time, seed 1 comes first"));
    assert_non_null(strstr(first.data, "9 runs, 9 failed, 2 kinds of failure"));
    sy_buf_deinit(&first);
    sy_buf_deinit(&second);
    sim_tally_deinit(&up);
    sim_tally_deinit(&down);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_is_no_line_is_refused_by_name),
        cmocka_unit_test(a_tally_knows_no_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
