/* sim/explore/story.c: which form a story takes. What a text must hold to fail stands in the test.
 */
#include "sim/explore/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    const char *needed; /* fails with this in it */
    sim_story_told told;
    sy_rc rc;
    char text[4096]; /* of the story */
} fixture;

static sy_rc attempt(void *self, sy_str text, bool *fails, sy_err *err)
{
    const fixture *f = self;
    char copy[4096];
    (void)err;
    (void)snprintf(copy, sizeof copy, "%.*s", SY_FMT(text));
    *fails = strstr(copy, f->needed) != NULL;
    return SY_OK;
}

/* The story of a push and a pull at one and the same second. */
static void tell(fixture *f, const char *needed)
{
    const sim_story_line lines[] = {
        {.text = "world:client {}", .variable = "phone", .client = "phone", .number = 1},
        {.time = SY_SECOND, .text = "phone:push()", .number = 2},
        {.time = SY_SECOND, .text = "phone:pull()", .number = 3},
    };
    f->needed = needed;
    sim_choice_list none;
    sim_choice_list_init(&none, sy_alloc_std());
    const sim_story story = {.name = "a story",
                             .tables = "tables = {}",
                             .server = "server = {}",
                             .lines = lines,
                             .line_count = sizeof lines / sizeof lines[0],
                             .choices = &none,
                             .attempt = attempt,
                             .self = f};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    f->rc = sim_story_tell(&story, sy_alloc_std(), &text, &f->told, NULL);
    (void)snprintf(f->text, sizeof f->text, "%.*s", SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
    sim_choice_list_deinit(&none);
}

static void lines_that_fail_one_after_the_other_stay_as_they_are(void **state)
{
    (void)state;
    fixture f;
    tell(&f, "    phone:push()\n");
    assert_int_equal(f.rc, SY_OK);
    assert_int_equal(f.told.line_count, 1);
    assert_int_equal(f.told.client_count, 0);
}

static void lines_that_need_their_times_have_them(void **state)
{
    (void)state;
    fixture f;
    tell(&f, "world:at(\"1 s 0 ms\", function() phone:pull() end)");
    assert_int_equal(f.rc, SY_OK);
    assert_int_equal(f.told.line_count, 1);
}

/* Each line later than the one before, so that it comes behind the answer to that. */
static void lines_that_need_it_come_behind_what_happens_at_their_time(void **state)
{
    (void)state;
    fixture f;
    tell(&f, "1 s 2 ns\", function() phone:push() end)\n"
             "    world:at(\"1 s 3 ns\", function() phone:pull() end)");
    assert_int_equal(f.rc, SY_OK);
    assert_int_equal(f.told.line_count, 2);
}

static void what_fails_in_no_form_is_no_story(void **state)
{
    (void)state;
    fixture f;
    tell(&f, "phone:purge()");
    assert_int_equal(f.rc, SY_NOT_FOUND);
}

static void pauses_become_as_short_as_will_do(void **state)
{
    (void)state;
    fixture f;
    tell(&f, "world:at(");
    assert_int_equal(f.rc, SY_OK);
    assert_non_null(strstr(f.text, "world:at(\"0 s 1 ms\""));
}

/* The story as it is, untried. */
static void all_lines_and_choices_are_written(void **state)
{
    (void)state;
    static const sim_label lost = {.name = "lost", .choice_class = SIM_WEATHER, .bound = 2};
    static const sim_label what = {.name = "what", .choice_class = SIM_WORKLOAD};
    const sim_story_line lines[] = {
        {.text = "world:client {}", .variable = "phone", .client = "phone", .number = 1},
        {.time = SY_SECOND, .text = "phone:push()", .number = 2},
    };
    sim_choice_list choices;
    sim_choice_list_init(&choices, sy_alloc_std());
    const sim_chosen drawn[] = {{"phone", "link", &lost, {{7}}, 2, 1},
                                {"phone", "user", &what, {{7}}, 9, 3}};
    assert_int_equal(sim_choice_list_add(&choices, &drawn[0]), SY_OK);
    assert_int_equal(sim_choice_list_add(&choices, &drawn[1]), SY_OK);
    const sim_story story = {.name = "a story",
                             .tables = "tables = {}",
                             .server = "server = {}",
                             .lines = lines,
                             .line_count = 2,
                             .choices = &choices};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    assert_int_equal(sim_story_write(&story, sy_alloc_std(), &text, NULL), SY_OK);
    sy_buf_add_char(&text, '\0');
    assert_non_null(strstr(text.data, "\"phone/link lost(key 7) = 1\""));
    assert_null(strstr(text.data, "what"));
    assert_non_null(strstr(text.data, "world:at(\"1 s 2 ns\", function() phone:push() end)"));
    sy_buf_deinit(&text);
    sim_choice_list_deinit(&choices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_fail_one_after_the_other_stay_as_they_are),
        cmocka_unit_test(lines_that_need_their_times_have_them),
        cmocka_unit_test(lines_that_need_it_come_behind_what_happens_at_their_time),
        cmocka_unit_test(what_fails_in_no_form_is_no_story),
        cmocka_unit_test(pauses_become_as_short_as_will_do),
        cmocka_unit_test(all_lines_and_choices_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
