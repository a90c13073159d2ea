#include "sim/host/intention.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sim/host/user.h"
#include "tests/unit/support.h"

static const sy_column columns[] = {{{"text", 4}, SY_TYPE_TEXT}, {{"n", 1}, SY_TYPE_INT}};
static const sim_user_table tables[] = {
    {.name = {"note", 4}, .columns = columns, .column_count = 2}};

static const sim_user_plan plain = {.tables = tables,
                                    .table_count = 1,
                                    .rows = 100,
                                    .per_user = 1000,
                                    .within = SY_HOUR,
                                    .mix = {20, 60, 10, 10},
                                    .user_count = 4};

typedef struct drawn {
    sim_choice *choice;
    sy_arena arena;
    const sim_intention *items;
    size_t count;
    uint64_t digest;
} drawn;

static drawn draw_of(const sim_user_plan *plan, uint64_t seed, uint32_t index, bool nothing)
{
    static const char *const names[] = {"u0", "u1", "u2", "u3"};
    drawn self = {.choice = sim_choice_new(sy_alloc_std(), seed, false)};
    sim_row_chances chances;
    sy_arena_init(&self.arena, sy_alloc_std());
    if (nothing) {
        sim_choice_draw_nothing(self.choice);
    }
    const sim_stream stream = sim_stream_of(self.choice, names[index], "intentions");
    assert_int_equal(sim_row_chances_of(plan, &self.arena, &chances), SY_OK);
    assert_int_equal(
        sim_intentions_draw(plan, &chances, &stream, index, &self.arena, &self.items, &self.count),
        SY_OK);
    self.digest = sim_choice_digest(self.choice, SIM_WORKLOAD);
    return self;
}

static void end(drawn *self)
{
    sy_arena_deinit(&self->arena);
    sim_choice_free(self->choice);
}

static void intentions_come_in_order_of_time_and_from_the_universe(void **state)
{
    (void)state;
    drawn of = draw_of(&plain, 1, 2, false);
    assert_in_range(of.count, 990, 1000);
    for (size_t i = 0; i < of.count; i++) {
        const sim_intention *one = &of.items[i];
        assert_true(i == 0 || one[-1].time <= one->time);
        assert_true(one->time >= 0 && one->time <= SY_HOUR);
        if (one->edit != SIM_EDIT_SYNC) {
            assert_in_range(one->row, 1, 100);
        }
        if (one->edit == SIM_EDIT_INSERT) { /* odd ones, every fourth of them is of this user */
            assert_int_equal(one->row % 2, 1);
            assert_int_equal((one->row + 1) / 2 % 4, 3);
        }
    }
    end(&of);
}

static void a_reproduction_that_draws_nothing_has_no_users(void **state)
{
    (void)state;
    sim_user_plan plan = plain;
    drawn spread = draw_of(&plan, 1, 0, true);
    plan.sessions = (sim_user_sessions){.per_day = 50, .length = SY_MINUTE, .edits = 4};
    drawn sessions = draw_of(&plan, 1, 0, true);
    assert_int_equal(spread.count, 0);
    assert_int_equal(sessions.count, 0);
    end(&spread);
    end(&sessions);
}

static const sim_intention *of_number(const drawn *of, uint64_t number)
{
    for (size_t i = 0; i < of->count; i++) {
        if (of->items[i].number == number) {
            return &of->items[i];
        }
    }
    return NULL;
}

/* A longer plan, bursts and undos leave every other intention as it was. */
static void what_is_added_changes_nothing_else(void **state)
{
    (void)state;
    sim_user_plan more = plain;
    more.per_user = 1200;
    more.burst = 300;
    more.undo = 300;
    drawn before = draw_of(&plain, 7, 1, false);
    drawn after = draw_of(&more, 7, 1, false);
    assert_true(after.count > before.count + 200);
    for (size_t i = 0; i < before.count; i++) {
        const sim_intention *same = of_number(&after, before.items[i].number);
        assert_non_null(same);
        assert_memory_equal(same, &before.items[i], sizeof *same);
    }
    end(&before);
    end(&after);
}

static void an_undo_comes_after_what_it_takes_back(void **state)
{
    (void)state;
    sim_user_plan plan = plain;
    plan.undo = 200;
    plan.burst = 200;
    size_t undos = 0;
    drawn of = draw_of(&plan, 3, 0, false);
    for (size_t i = 0; i < of.count; i++) {
        const sim_intention *one = &of.items[i];
        if (one->edit == SIM_EDIT_UNDO) {
            const sim_intention *update = of_number(&of, one->of);
            assert_non_null(update);
            assert_int_equal(update->edit, SIM_EDIT_UPDATE);
            assert_true(update < one && update->row == one->row && update->column == one->column);
            undos++;
        }
    }
    assert_in_range(undos, 80, 160);
    end(&of);
}

/* 400 users' worth of days: the mean number of sessions is per_day times e^(1/2), few at night. */
static void sessions_follow_the_hours_of_the_day(void **state)
{
    (void)state;
    sim_user_plan plan = plain;
    plan.sessions =
        (sim_user_sessions){.per_day = 20, .length = 72 * SY_SECOND, .edits = 4, .offline = 1000};
    plan.within = SY_DAY;
    uint64_t sessions = 0;
    uint64_t edits = 0;
    uint64_t night = 0;
    uint64_t evening = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        drawn of = draw_of(&plan, seed, 0, false);
        for (size_t i = 0; i < of.count; i++) {
            const sim_intention *one = &of.items[i];
            const sy_time hour = one->time / SY_HOUR;
            const bool begins = one->edit == SIM_EDIT_OFFLINE;
            sessions += begins ? 1 : 0;
            night += begins && hour >= 1 && hour < 4 ? 1 : 0;
            evening += begins && hour >= 17 && hour < 20 ? 1 : 0;
            edits += one->edit <= SIM_EDIT_SYNC ? 1 : 0;
        }
        end(&of);
    }
    assert_in_range(sessions, 400 * 29, 400 * 37); /* 20 e^(1/2) = 33, cut at 8 times the median */
    assert_in_range(edits * 100, 370 * sessions, 430 * sessions);
    assert_true(evening > 10 * night);
}

/* H(1000, 0.99) is about 7.7: the first row has 13 % of the edits. */
static void rows_are_as_unequal_as_zipf_has_them(void **state)
{
    (void)state;
    sim_user_plan plan = plain;
    plan.rows = 1000;
    plan.zipf = 990;
    plan.per_user = 20000;
    plan.mix[SIM_EDIT_INSERT] = 0;
    plan.mix[SIM_EDIT_SYNC] = 0;
    size_t first = 0;
    size_t last = 0;
    drawn of = draw_of(&plan, 5, 0, false);
    for (size_t i = 0; i < of.count; i++) {
        first += of.items[i].row == 1 ? 1 : 0;
        last += of.items[i].row > 500 ? 1 : 0;
    }
    assert_in_range(first * 1000, 115 * of.count, 145 * of.count);
    assert_in_range(last * 1000, 75 * of.count, 110 * of.count); /* (H(1000) - H(500)) / H(1000) */
    end(&of);
}

static void own_rows_are_everybodys_own(void **state)
{
    (void)state;
    sim_user_plan plan = plain;
    plan.own = 1000;
    plan.mix[SIM_EDIT_INSERT] = 0;
    drawn of = draw_of(&plan, 5, 3, false);
    for (size_t i = 0; i < of.count; i++) {
        assert_true(of.items[i].edit == SIM_EDIT_SYNC || of.items[i].row % 4 == 0);
    }
    end(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intentions_come_in_order_of_time_and_from_the_universe),
        cmocka_unit_test(a_reproduction_that_draws_nothing_has_no_users),
        cmocka_unit_test(what_is_added_changes_nothing_else),
        cmocka_unit_test(an_undo_comes_after_what_it_takes_back),
        cmocka_unit_test(sessions_follow_the_hours_of_the_day),
        cmocka_unit_test(rows_are_as_unequal_as_zipf_has_them),
        cmocka_unit_test(own_rows_are_everybodys_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
