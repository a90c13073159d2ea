/* `conformance diff FOLDER`: plays every scenario of a folder in the simulator and compares what it
 * came to with what the real client came to against the real server (NAME.expect.json). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/conformance.h"
#include "tests/conformance/diff.h"

#define EXPECT ".expect.json"

/* -- comparing -- */

static bool same(json_t *a, json_t *b);

static bool same_object(json_t *a, json_t *b)
{
    const char *key = NULL;
    json_t *value = NULL;
    if (json_object_size(a) != json_object_size(b)) {
        return false;
    }
    json_object_foreach(a, key, value)
    {
        if (!same(value, json_object_get(b, key))) {
            return false;
        }
    }
    return true;
}

static bool same_array(json_t *a, json_t *b)
{
    if (json_array_size(a) != json_array_size(b)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(a); i++) {
        if (!same(json_array_get(a, i), json_array_get(b, i))) {
            return false;
        }
    }
    return true;
}

/* 1 and 1.0 are the same number. */
static bool same(json_t *a, json_t *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    if (json_is_number(a) && json_is_number(b)) {
        return json_number_value(a) == json_number_value(b);
    }
    return json_is_object(a) && json_is_object(b) ? same_object(a, b)
           : json_is_array(a) && json_is_array(b) ? same_array(a, b)
                                                  : json_equal(a, b) != 0;
}

static char *text_of(json_t *json)
{
    return json != NULL ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
}

static void say_difference(json_t *want, json_t *got, const char *path)
{
    char *expected = text_of(want);
    char *found = text_of(got);
    (void)printf("%s: expected %s, got %s\n", path, expected != NULL ? expected : "undefined",
                 found != NULL ? found : "undefined");
    free(expected);
    free(found);
}

/* Prints the first difference; they differ. */
static void find_difference(json_t *want, json_t *got, const char *path)
{
    char below[512];
    const char *key = NULL;
    json_t *value = NULL;
    if (json_is_object(want) && json_is_object(got)) {
        json_object_foreach(want, key, value)
        {
            if (!same(value, json_object_get(got, key))) {
                (void)snprintf(below, sizeof below, "%s/%s", path, key);
                find_difference(value, json_object_get(got, key), below);
                return;
            }
        }
        json_object_foreach(got, key, value)
        {
            if (json_object_get(want, key) == NULL) {
                (void)snprintf(below, sizeof below, "%s/%s", path, key);
                find_difference(NULL, value, below);
                return;
            }
        }
    }
    if (json_is_array(want) && json_is_array(got)) {
        const size_t count = json_array_size(want) > json_array_size(got) ? json_array_size(want)
                                                                          : json_array_size(got);
        for (size_t i = 0; i < count; i++) {
            if (!same(json_array_get(want, i), json_array_get(got, i))) {
                (void)snprintf(below, sizeof below, "%s/%zu", path, i);
                find_difference(json_array_get(want, i), json_array_get(got, i), below);
                return;
            }
        }
    }
    say_difference(want, got, path);
}

/* -- running -- */

/* To JavaScript 2.0 is 2, and a number too large for an integer is none. */
static json_t *with_integers(json_t *json)
{
    const double value = json_number_value(json);
    if (json_is_real(json) && value > -9e15 && value < 9e15 && value == (double)(int64_t)value) {
        return json_integer((json_int_t)value);
    }
    const char *key = NULL;
    json_t *below = NULL;
    size_t i = 0;
    json_object_foreach(json, key, below)
    {
        (void)json_object_set_new(json, key, with_integers(below));
    }
    json_array_foreach(json, i, below)
    {
        (void)json_array_set_new(json, i, with_integers(below));
    }
    return json_incref(json);
}

static sy_rc load(const char *folder, const char *name, json_t **out, sy_err *err)
{
    sy_arena arena;
    sy_str text = {0};
    json_error_t problem;
    sy_arena_init(&arena, sy_alloc_std());
    sy_rc rc = conformance_read(folder, name, &arena, &text, err);
    if (rc == SY_OK) {
        *out = json_loadb(text.data, text.size, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &problem);
        if (*out != NULL) {
            json_decref(with_integers(*out));
        }
        rc = *out != NULL ? SY_OK
                          : SY_FAIL(err, SY_PARSE, "%s/%s, line %d: %s", folder, name, problem.line,
                                    problem.text);
    }
    sy_arena_deinit(&arena);
    return rc;
}

static void run_case(const conformance_options *options, const script_tables *tables,
                     const char *name, conformance_count *count)
{
    char expect[300];
    const size_t stem = strlen(name) - strlen(".json");
    json_t *scenario = NULL;
    json_t *want = NULL;
    json_t *got = NULL;
    sy_err err = {0};
    (void)snprintf(expect, sizeof expect, "%.*s" EXPECT, (int)stem, name);
    sy_rc rc = load(options->folder, name, &scenario, &err);
    if (rc == SY_OK) {
        rc = load(options->folder, expect, &want, &err);
    }
    if (rc == SY_OK) {
        rc = diff_play(scenario, tables, options, &got, &err);
    }
    if (rc == SY_OK && same(want, got)) {
        count->passed++;
    } else {
        count->failed++;
        (void)printf("FAIL %.*s  ", (int)stem, name);
        if (rc == SY_OK) {
            find_difference(want, got, "");
        } else {
            (void)printf("%s\n", err.text);
        }
    }
    json_decref(scenario);
    json_decref(want);
    json_decref(got);
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t size = strlen(text);
    const size_t tail = strlen(ending);
    return size >= tail && strcmp(text + size - tail, ending) == 0;
}

static bool is_wanted(const conformance_options *options, const char *name)
{
    const size_t stem = strlen(name) - strlen(".json");
    return !ends_with(name, EXPECT) &&
           (options->only == NULL ||
            (strlen(options->only) == stem && strncmp(options->only, name, stem) == 0));
}

static sy_rc run_all(const conformance_options *options, const script_tables *tables,
                     conformance_count *count, sy_err *err)
{
    conformance_folder folder;
    sy_rc rc = conformance_folder_open(options->folder, ".json", &folder, err);
    if (rc != SY_OK) {
        return rc;
    }
    for (size_t i = 0; i < folder.count; i++) {
        if (is_wanted(options, folder.names[i])) {
            run_case(options, tables, folder.names[i], count);
        }
    }
    conformance_folder_close(&folder);
    return SY_OK;
}

sy_rc conformance_diff(const conformance_options *options, conformance_count *count, sy_err *err)
{
    script *owner = NULL;
    script_tables tables;
    sy_rc rc = script_open(sy_alloc_std(), options->tables, NULL, &owner, err);
    if (rc == SY_OK) {
        rc = script_server(owner, &sy_server_dialect_node, &tables, err);
    }
    if (rc == SY_OK) {
        rc = run_all(options, &tables, count, err);
    }
    script_close(owner);
    return rc;
}
