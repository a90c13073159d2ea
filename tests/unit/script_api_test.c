/* The scenario API is written down three times: in the library (lua/std), in its README and in the
 * annotations for editors. Here they are held together: a verb or a key that is in one of them is
 * in all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NAME_COUNT_MAX 400
#define FOLDER         SYNCSIM_SOURCE_DIR "/lua/"

typedef struct names {
    char items[NAME_COUNT_MAX][64];
    size_t count;
} names;

static char *load(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s can't be read", path);
    }
    char *text = calloc(1, 200000);
    assert_non_null(text);
    size_t size = fread(text, 1, 199999, file);
    assert_true(size > 0 && size < 199999);
    (void)fclose(file);
    return text;
}

static bool has(const names *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void add(names *list, const char *owner, const char *name, size_t size)
{
    char whole[64];
    (void)snprintf(whole, sizeof whole, "%s:%.*s", owner, (int)size, name);
    if (!has(list, whole)) {
        assert_true(list->count < NAME_COUNT_MAX);
        memcpy(list->items[list->count++], whole, sizeof whole);
    }
}

static size_t word(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789");
}

static const char *const classes[] = {"World",    "Link",      "Task",       "Client",
                                      "Table",    "Remote",    "Server",     "Problem",
                                      "Conflict", "Operation", "Expectation"};

/* "function Client:push(" and "function sim.story(", "sim.null =" at the beginning of a line. */
static void collect_functions(names *out, const char *text)
{
    char head[64];
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
            int size = snprintf(head, sizeof head, "function %s:", classes[i]);
            if (strncmp(line, head, (size_t)size) == 0) {
                add(out, classes[i], line + size, word(line + size));
            }
        }
        if (strncmp(line, "function sim.", 13) == 0) {
            add(out, "sim", line + 13, word(line + 13));
        } else if (strncmp(line, "sim.", 4) == 0) {
            add(out, "sim", line + 4, word(line + 4));
        }
    }
}

static void collect_library(names *out)
{
    static const char *const files[] = {"client", "server", "handler", "task",
                                        "world",  "expect", "sim"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, FOLDER "std/%s.lua", files[i]);
        char *text = load(path);
        collect_functions(out, text);
        free(text);
    }
}

static int missing(const names *list, const names *other, const char *where)
{
    int count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!has(other, list->items[i])) {
            print_error("%s is not in %s\n", list->items[i], where);
            count++;
        }
    }
    return count;
}

static void annotations_and_library_have_the_same_verbs(void **state)
{
    (void)state;
    static names library;
    static names annotations;
    collect_library(&library);
    char *text = load(FOLDER "annotations/syncsim.lua");
    collect_functions(&annotations, text);
    free(text);
    assert_true(library.count > 70);
    assert_int_equal(missing(&library, &annotations, "the annotations") +
                         missing(&annotations, &library, "the library"),
                     0);
}

/* ":name" or ".name" with nothing of a word behind it. */
static bool mentions(const char *text, char before, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = text; (at = strstr(at, name)) != NULL; at++) {
        if (at != text && at[-1] == before && word(at) == size) {
            return true;
        }
    }
    return false;
}

static void the_readme_has_every_verb(void **state)
{
    (void)state;
    static names library;
    collect_library(&library);
    char *readme = load(FOLDER "README.md");
    int count = 0;
    for (size_t i = 0; i < library.count; i++) {
        const char *name = strchr(library.items[i], ':') + 1;
        char before = strncmp(library.items[i], "sim:", 4) == 0 ? '.' : ':';
        if (!mentions(readme, before, name)) {
            print_error("%s is not in the README\n", library.items[i]);
            count++;
        }
    }
    free(readme);
    assert_int_equal(count, 0);
}

static void the_library_has_every_verb_of_the_readme(void **state)
{
    (void)state;
    static const struct {
        const char *prefix, *owner;
    } handles[] = {{"world.server:", "Server"}, {"world:", "World"},  {"client:", "Client"},
                   {"task:", "Task"},           {"op:", "Operation"}, {"sim.", "sim"}};
    static names library;
    static names readme_names;
    collect_library(&library);
    char *readme = load(FOLDER "README.md");
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        size_t size = strlen(handles[i].prefix);
        for (const char *at = readme; (at = strstr(at, handles[i].prefix)) != NULL; at += size) {
            if (at[-1] == '`' || at[-1] == ' ' || at[-1] == '(') {
                add(&readme_names, handles[i].owner, at + size, word(at + size));
            }
        }
    }
    free(readme);
    assert_true(readme_names.count > 30);
    assert_int_equal(missing(&readme_names, &library, "the library"), 0);
}

/* The keys of the table that follows `head` in a file of the library: name = at the beginning of an
 * entry. */
static void check_keys(const char *file, const char *head, const char *readme,
                       const char *annotations)
{
    char path[512];
    (void)snprintf(path, sizeof path, FOLDER "std/%s.lua", file);
    char *text = load(path);
    const char *at = strstr(text, head);
    assert_non_null(at);
    at += strlen(head);
    int depth = 1;
    int count = 0;
    for (; depth > 0; at++) {
        depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
        size_t size = word(at);
        if (depth != 1 || size == 0 || strncmp(at + size, " = ", 3) != 0) {
            continue;
        }
        char name[64];
        char field[96];
        (void)snprintf(name, sizeof name, "%.*s", (int)size, at);
        (void)snprintf(field, sizeof field, "@field %s", name);
        if (!(mentions(readme, '`', name) || mentions(readme, ' ', name)) ||
            strstr(annotations, field) == NULL) {
            fail_msg("the key %s of %s is not in the README or not in the annotations", name, file);
        }
        at += size;
        count++;
    }
    assert_true(count > 3);
    free(text);
}

static void keys_are_written_down(void **state)
{
    (void)state;
    char *readme = load(FOLDER "README.md");
    char *annotations = load(FOLDER "annotations/syncsim.lua");
    check_keys("client", "client.keys = {", readme, annotations);
    check_keys("client", "local pull_keys = {", readme, annotations);
    check_keys("client", "local purge_keys = {", readme, annotations);
    check_keys("client", "local query_keys = {", readme, annotations);
    check_keys("client", "local store_keys = {", readme, annotations);
    check_keys("server", "local keys = {", readme, annotations);
    check_keys("users", "local keys = {", readme, annotations);
    check_keys("sim", "local keys = {", readme, annotations);
    free(readme);
    free(annotations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(annotations_and_library_have_the_same_verbs),
        cmocka_unit_test(the_readme_has_every_verb),
        cmocka_unit_test(the_library_has_every_verb_of_the_readme),
        cmocka_unit_test(keys_are_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
