/* Traces as files: what is written is read again, and what is missing or changed is noticed. */
#include "sim/explore/trace_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const lines[] = {"{\"time\":0.5,\"host\":\"a\"}\n",
                                    "{\"time\":1.5,\"host\":\"b\"}\n"};

static void write(sy_buf *out, const sim_reproduction *of)
{
    sim_trace_sum sum = {0};
    sy_buf_init(out, sy_alloc_std());
    sim_trace_head_write(of, out);
    for (size_t i = 0; i < 2; i++) {
        sy_buf_add_str(out, sy_str_of(lines[i]));
        sim_trace_sum_add(&sum, sy_str_of(lines[i]));
    }
    sim_trace_tail_write(&sum, true, out);
    assert_false(out->failed);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    sim_reproduction of = {.scenario = "a \"b\".lua", .options = {.seed = 7, .calm = true}};
    of.drawn = true;
    assert_int_equal(sim_weather_ask(&of.options.weather, SY_STR("lte"), NULL), SY_OK);
    assert_int_equal(sim_weather_ask_set(&of.options.weather,
                                         SY_STR("net.request-lost=3,net.latency=5ms"), NULL),
                     SY_OK);
    sy_buf text;
    write(&text, &of);
    assert_true(sim_is_trace(sy_buf_str(&text)));
    sim_trace_file file;
    assert_int_equal(sim_trace_file_read(sy_buf_str(&text), sy_alloc_std(), &file, NULL), SY_OK);
    assert_string_equal(file.of.scenario, "a \"b\".lua");
    assert_int_equal(file.of.options.seed, 7);
    assert_true(file.of.options.calm);
    assert_true(file.of.drawn);
    assert_string_equal(file.of.options.weather.profile->name, "lte");
    assert_int_equal(file.of.options.weather.set_count, 2);
    assert_int_equal(file.event_count, 2);
    assert_int_equal(file.events.size, strlen(lines[0]) + strlen(lines[1]));
    assert_true(file.whole);
    sim_trace_file_deinit(&file);
    sy_buf_deinit(&text);
}

static void every_cut_and_every_changed_byte_is_noticed(void **state)
{
    (void)state;
    sim_reproduction of = {.scenario = "a.lua", .options = {.seed = 7}, .drawn = true};
    sy_buf text;
    write(&text, &of);
    sim_trace_file file;
    for (size_t size = 0; size < text.size; size++) {
        sy_err err = {0};
        assert_int_equal(
            sim_trace_file_read((sy_str){text.data, size}, sy_alloc_std(), &file, &err), SY_PARSE);
        assert_true(err.text[0] != '\0');
        sim_trace_file_deinit(&file);
    }
    const char *first = strstr(text.data, "{\"time\"");
    for (size_t at = (size_t)(first - text.data); at + 20 < text.size; at++) {
        const char was = text.data[at];
        text.data[at] = was == '#' ? '!' : '#';
        sy_rc rc = sim_trace_file_read(sy_buf_str(&text), sy_alloc_std(), &file, NULL);
        assert_int_equal(rc, SY_PARSE);
        sim_trace_file_deinit(&file);
        text.data[at] = was;
    }
    sy_buf_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(every_cut_and_every_changed_byte_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
