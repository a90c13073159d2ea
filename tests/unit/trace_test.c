#include "sim/kernel/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/kernel/events.h"
#include "tests/unit/support.h"

static const sy_event_kind plain = {190, false, "plain", 4, {"a", "b", "c", "d"}};
static const sy_event_kind result = {191, true, "result", 3, {"id", "updated_at", "row"}};

typedef struct fixture {
    sim_trace *trace;
    uint32_t phone;
    sy_arena arena;
    const sy_schema *schema;
    sy_row *row;
    sy_buf text;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->trace = sim_trace_new(sy_alloc_std());
    assert_int_equal(sim_trace_add_host(f->trace, "phone", &f->phone), SY_OK);
    sy_arena_init(&f->arena, sy_alloc_std());
    sy_buf_init(&f->text, sy_alloc_std());
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}, {SY_STR("done"), SY_TYPE_BOOL}};
    assert_int_equal(sy_schema_new(&f->arena, SY_STR("todoitem"), SY_SYSTEM_CLASSIC, columns, 2,
                                   &f->schema, NULL),
                     SY_OK);
    f->row = sy_row_new(&f->arena, f->schema);
    f->row->cells[SY_COLUMN_ID] = sy_cstr("milk");
    f->row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(SY_WORLD_EPOCH);
    f->row->cells[SY_SYSTEM_COUNT] = sy_cstr("buy milk");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    sy_buf_deinit(&f->text);
    sy_arena_deinit(&f->arena);
    sim_trace_free(f->trace);
    free(f);
    return 0;
}

static void emit_plain(sim_trace *trace, sy_time time, uint32_t host, int64_t a)
{
    const sy_value fields[] = {sy_int(a), sy_cstr("some text of a length"), sy_bool(true), SY_NULL};
    sim_trace_emit(trace, time, host, &plain, fields);
}

typedef struct sight {
    uint64_t count, first, last;
    int64_t last_a;
    sy_buf *text;
    const sim_trace *trace;
} sight;

static void look(void *self, const sim_event *event)
{
    sight *seen = self;
    seen->first = seen->count == 0 ? event->sequence : seen->first;
    seen->last = event->sequence;
    seen->count++;
    if (event->kind == &plain) {
        seen->last_a = event->fields[0].as.integer;
    }
    if (seen->text != NULL) {
        sim_event_to_json(seen->trace, event, seen->text);
    }
}

static void readers_get_the_kinds_they_asked_for(void **state)
{
    fixture *f = *state;
    const sy_event_kind *kinds[] = {&result};
    sight all = {0};
    sight some = {0};
    assert_int_equal(sim_trace_read(f->trace, look, &all, NULL, 0), SY_OK);
    assert_int_equal(sim_trace_read(f->trace, look, &some, kinds, 1), SY_OK);
    emit_plain(f->trace, 1, f->phone, 5);
    const sy_value fields[] = {sy_cstr("a"), sy_int(1), sy_row_value(f->row)};
    sim_trace_emit(f->trace, 2, f->phone, &result, fields);
    emit_plain(f->trace, 3, f->phone, 6);
    assert_int_equal(all.count, 3);
    assert_int_equal(some.count, 1);
    assert_int_equal(some.first, 2);
    assert_int_equal(sim_trace_count(f->trace), 3);
    assert_int_equal(sim_trace_count_of(f->trace, &plain), 2);
}

static uint64_t digest_of(int64_t change_at, bool look_often)
{
    sim_trace *trace = sim_trace_new(sy_alloc_std());
    uint32_t host = 0;
    assert_int_equal(sim_trace_add_host(trace, "phone", &host), SY_OK);
    for (int64_t i = 0; i < 20000; i++) {
        emit_plain(trace, i, host, i == change_at ? -1 : i);
        if (look_often && i % 7 == 0) {
            (void)sim_trace_digest(trace);
        }
    }
    uint64_t digest = sim_trace_digest(trace);
    sim_trace_free(trace);
    return digest;
}

static void the_digest_covers_everything_and_may_be_asked_for_at_any_time(void **state)
{
    (void)state;
    uint64_t digest = digest_of(-1, false);
    assert_int_equal(digest_of(-1, true), digest);
    assert_int_not_equal(digest_of(0, false), digest);
    assert_int_not_equal(digest_of(19999, false), digest);
}

static void emit_result(sim_trace *trace, sy_time time, sy_time updated_at, const sy_row *row)
{
    const sy_value fields[] = {sy_cstr("a"), sy_int(updated_at), sy_row_value(row)};
    sim_trace_emit(trace, time, 1, &result, fields);
}

static void the_outcome_digest_has_no_times(void **state)
{
    fixture *f = *state;
    sim_trace *other = sim_trace_new(sy_alloc_std());
    uint32_t host = 0;
    assert_int_equal(sim_trace_add_host(other, "phone", &host), SY_OK);
    emit_result(f->trace, 1, 100, f->row);
    emit_plain(f->trace, 1, 1, 1);
    sy_row *later = sy_row_shallow(&f->arena, f->row);
    later->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(SY_WORLD_EPOCH + 5);
    emit_result(other, 2, 200, later);
    assert_int_equal(sim_trace_outcome_digest(f->trace), sim_trace_outcome_digest(other));
    assert_int_not_equal(sim_trace_digest(f->trace), sim_trace_digest(other));
    later->cells[SY_SYSTEM_COUNT] = sy_cstr("buy beer");
    emit_result(f->trace, 3, 1, f->row);
    emit_result(other, 3, 1, later);
    assert_int_not_equal(sim_trace_outcome_digest(f->trace), sim_trace_outcome_digest(other));
    sim_trace_free(other);
}

static void the_last_four_mebibytes_are_kept(void **state)
{
    fixture *f = *state;
    for (int64_t i = 1; i <= 200000; i++) {
        emit_plain(f->trace, i, f->phone, i);
    }
    sight seen = {0};
    assert_int_equal(sim_trace_walk(f->trace, look, &seen), SY_OK);
    const uint64_t event_size = 72;
    const uint64_t mebibyte = UINT64_C(1) << 20;
    assert_true(seen.count >= 4 * mebibyte / event_size - 65);
    assert_true(seen.count < 5 * mebibyte / event_size);
    assert_int_equal(seen.last, 200000);
    assert_int_equal(seen.last_a, 200000);
    assert_int_equal(seen.first, 200001 - seen.count);
}

static void what_is_kept_reads_as_it_was_emitted(void **state)
{
    fixture *f = *state;
    sy_buf live;
    sy_buf_init(&live, sy_alloc_std());
    sight now = {.text = &live, .trace = f->trace};
    assert_int_equal(sim_trace_read(f->trace, look, &now, NULL, 0), SY_OK);
    emit_result(f->trace, 1, 100, f->row);
    emit_result(f->trace, 2, 100, NULL);
    const sy_value odd[] = {
        sy_real(0.1), sy_blob(SY_STR("\0\1")), sy_int(INT64_MIN), {.type = SY_TYPE_ABSENT}};
    sim_trace_emit(f->trace, 3, 1, &plain, odd);
    const sy_value depart[] = {sy_int(1), sy_int(1), sy_int(0), sy_cstr("request"), sy_int(9)};
    sim_trace_emit(f->trace, 4, 1, &sim_event_depart, depart);
    sight later = {.text = &f->text, .trace = f->trace};
    assert_int_equal(sim_trace_walk(f->trace, look, &later), SY_OK);
    sy_buf_add_char(&live, '\0');
    sy_buf_add_char(&f->text, '\0');
    assert_string_equal(live.data, f->text.data);
    sy_buf_deinit(&live);
}

static void an_event_is_a_line_of_json(void **state)
{
    fixture *f = *state;
    const sy_value fields[] = {sy_cstr("a\"b"), sy_int(7), sy_row_value(f->row)};
    sim_event event = {1500 * SY_MS, f->phone, 1, &result, fields};
    sim_event_to_json(f->trace, &event, &f->text);
    sy_buf_add_char(&f->text, '\0');
    assert_string_equal(f->text.data,
                        "{\"time\":1.500000000,\"host\":\"phone\",\"event\":\"result\","
                        "\"id\":\"a\\\"b\",\"updated_at\":7,\"row\":{\"id\":\"milk\",\"updatedAt\":"
                        "\"2026-01-01T00:00:00.000Z\",\"text\":\"buy milk\"}}\n");
}

static void an_event_may_be_larger_than_a_block(void **state)
{
    fixture *f = *state;
    size_t size = 300000;
    char *text = malloc(size);
    memset(text, 'x', size);
    f->row->cells[SY_SYSTEM_COUNT] = sy_text((sy_str){text, size});
    for (int i = 0; i < 40; i++) {
        emit_result(f->trace, 1, 100, f->row);
        emit_plain(f->trace, 2, 1, i);
    }
    sight seen = {0};
    assert_int_equal(sim_trace_walk(f->trace, look, &seen), SY_OK);
    assert_int_equal(seen.last, 80);
    assert_false(sim_trace_failed(f->trace));
    free(text);
}

static void without_memory_the_tail_gets_shorter_and_the_digest_stays(void **state)
{
    (void)state;
    uint64_t digest = digest_of(-1, false);
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sim_trace *trace = sim_trace_new(test_alloc_port(&alloc));
        uint32_t host = 0;
        if (trace != NULL && sim_trace_add_host(trace, "phone", &host) == SY_OK) {
            for (int64_t i = 0; i < 20000; i++) {
                emit_plain(trace, i, host, i);
            }
            assert_int_equal(sim_trace_digest(trace), digest);
        } else {
            assert_true(test_alloc_failed(&alloc));
        }
        sim_trace_free(trace);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(readers_get_the_kinds_they_asked_for, set_up, tear_down),
        cmocka_unit_test(the_digest_covers_everything_and_may_be_asked_for_at_any_time),
        cmocka_unit_test_setup_teardown(the_outcome_digest_has_no_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_four_mebibytes_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_kept_reads_as_it_was_emitted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_is_a_line_of_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_may_be_larger_than_a_block, set_up, tear_down),
        cmocka_unit_test(without_memory_the_tail_gets_shorter_and_the_digest_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
