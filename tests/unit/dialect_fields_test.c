/* tests core/base/field.c and the lists of fields of both dialects: every field of the struct is in
 * its list, in its order, at its place, and no constant has a value that the list has no name for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/client/dialect.h"
#include "core/server/server.h"

#define TEXT_SIZE 65536

/* The declarations between `begin` and `end` of a header, comments blanked. */
static char *load_struct(const char *path, const char *begin, const char *end)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, TEXT_SIZE);
    assert_non_null(text);
    const size_t size = fread(text, 1, TEXT_SIZE - 1, file);
    assert_true(size > 0 && size < TEXT_SIZE - 1);
    (void)fclose(file);
    char *first = strstr(text, begin);
    assert_non_null(first);
    first += strlen(begin);
    char *last = strstr(first, end);
    assert_non_null(last);
    *last = '\0';
    memmove(text, first, strlen(first) + 1);
    for (char *at = strstr(text, "/*"); at != NULL; at = strstr(text, "/*")) {
        const char *over = strstr(at, "*/");
        assert_non_null(over);
        memset(at, ' ', (size_t)(over + 2 - at));
    }
    return text;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The last word of [begin, end). */
static sy_str last_word(const char *begin, const char *end)
{
    while (end > begin && !is_word(end[-1])) {
        end--;
    }
    const char *first = end;
    while (first > begin && is_word(first[-1])) {
        first--;
    }
    return (sy_str){first, (size_t)(end - first)};
}

/* The name in one declarator; of a pointer to a function or an array what stands in "(*name)". */
static sy_str name_of(const char *begin, const char *end)
{
    for (const char *at = begin; at + 1 < end; at++) {
        if (at[0] == '(' && at[1] == '*') {
            const char *close = memchr(at, ')', (size_t)(end - at));
            assert_non_null(close);
            return last_word(at, close);
        }
    }
    return last_word(begin, end);
}

static void check_names(char *text, const sy_field *fields, size_t count)
{
    size_t next = 0;
    for (char *begin = text, *end = NULL; (end = strchr(begin, ';')) != NULL; begin = end + 1) {
        const bool is_pointer = strstr(begin, "(*") != NULL && strstr(begin, "(*") < end;
        for (char *from = begin; from < end;) {
            char *to = is_pointer ? NULL : memchr(from, ',', (size_t)(end - from));
            to = to == NULL ? end : to;
            const sy_str name = name_of(from, to);
            assert_true(next < count);
            if (!sy_str_equal(name, sy_str_of(fields[next].name))) {
                fail_msg("'%.*s' is in the struct where the list has '%s'", SY_FMT(name),
                         fields[next].name);
            }
            next++;
            from = to + 1;
        }
    }
    assert_int_equal(next, count);
    free(text);
}

static void every_field_of_a_client_dialect_is_listed(void **state)
{
    (void)state;
    char *text = load_struct(SYNCSIM_SOURCE_DIR "/core/client/dialect.h",
                             "typedef struct sy_dialect {", "} sy_dialect;");
    check_names(text, sy_dialect_fields, sy_dialect_field_count);
}

static void every_field_of_a_server_dialect_is_listed(void **state)
{
    (void)state;
    char *text = load_struct(SYNCSIM_SOURCE_DIR "/core/server/server.h",
                             "typedef struct sy_server_dialect {", "} sy_server_dialect;");
    check_names(text, sy_server_dialect_fields, sy_server_dialect_field_count);
}

/* One after the other, with no more between two than what aligns the second. */
static void check_places(const sy_field *fields, size_t count, size_t size)
{
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(fields[i].offset >= end && fields[i].offset - end < fields[i].size);
        end = fields[i].offset + fields[i].size;
    }
    assert_true(end <= size && size - end < sizeof(void *));
}

static void fields_stand_where_they_are_listed(void **state)
{
    (void)state;
    check_places(sy_dialect_fields, sy_dialect_field_count, sizeof(sy_dialect));
    check_places(sy_server_dialect_fields, sy_server_dialect_field_count,
                 sizeof(sy_server_dialect));
}

static void check_said(const sy_field *field, const void *object)
{
    for (uint32_t line = 0; line < field->line_count; line++) {
        sy_buf text;
        sy_buf_init(&text, sy_alloc_std());
        sy_field_label(field, line, &text);
        sy_buf_add_str(&text, SY_STR(" is "));
        sy_field_say(field, object, line, &text);
        sy_buf_add_char(&text, '\0');
        assert_false(text.failed);
        if (strstr(text.data, " is ?") != NULL) {
            fail_msg("%s", text.data);
        }
        sy_buf_deinit(&text);
    }
}

static void every_value_has_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        for (size_t f = 0; f < sy_dialect_field_count; f++) {
            check_said(&sy_dialect_fields[f], sy_dialect_at(i));
        }
    }
    for (size_t i = 0; sy_server_dialect_at(i) != NULL; i++) {
        for (size_t f = 0; f < sy_server_dialect_field_count; f++) {
            check_said(&sy_server_dialect_fields[f], sy_server_dialect_at(i));
        }
    }
}

static void every_client_has_a_server_that_understands_it(void **state)
{
    (void)state;
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        const sy_dialect *dialect = sy_dialect_at(i);
        const sy_server_dialect *server = sy_server_dialect_find(sy_str_of(dialect->server));
        assert_non_null(server);
        assert_non_null(server->wire->answers[dialect->wire->family]);
        assert_true((server->methods & SY_METHOD_BIT(dialect->update_method)) != 0);
    }
}

/* `fields`, separated by blanks, are those in which the two differ beside name, summary. */
static void check_twins(const sy_dialect *a, const sy_dialect *b, const char *fields)
{
    char found[512] = "";
    for (size_t f = 2; f < sy_dialect_field_count; f++) {
        const sy_field *field = &sy_dialect_fields[f];
        const char *at = (const char *)a + field->offset;
        const char *other = (const char *)b + field->offset;
        sy_buf texts[2];
        for (int i = 0; i < 2; i++) {
            sy_buf_init(&texts[i], sy_alloc_std());
            sy_field_say(field, i == 0 ? a : b, 0, &texts[i]);
        }
        const bool same = field->kind == SY_FIELD_TEXT
                              ? sy_str_equal(sy_buf_str(&texts[0]), sy_buf_str(&texts[1]))
                              : memcmp(at, other, field->size) == 0;
        if (!same) {
            (void)snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
                           found[0] == '\0' ? "" : " ", field->name);
        }
        sy_buf_deinit(&texts[0]);
        sy_buf_deinit(&texts[1]);
    }
    assert_string_equal(found, fields);
}

static void twins_differ_in_what_they_are_about(void **state)
{
    (void)state;
    check_twins(&sy_dialect_mobile_apps, &sy_dialect_mobile_services, "wire");
    check_twins(&sy_dialect_mobile_apps, &sy_dialect_app_service_helpers,
                "writes_sync has_hooks policy_default policy_latest_is_client");
    check_twins(&sy_dialect_mobile_apps, &sy_dialect_app_service_helpers_promised,
                "auto_syncs writes_sync policy_default");
    check_twins(&sy_dialect_toolkit, &sy_dialect_toolkit_9_0_4, "verdicts progress");
    check_twins(&sy_dialect_toolkit, &sy_dialect_toolkit_9_0_0,
                "applies_whole_rows verdicts has_hooks progress");
}

typedef struct sample {
    const char *text;
    uint32_t bits;
    bool flag;
    int64_t span;
} sample;

static void values_are_said_by_their_kind(void **state)
{
    (void)state;
    static const char *const names[] = {"one", "two", "three"};
    static const sy_field fields[] = {
        SY_FIELD(sample, text, "1", SY_FIELD_TEXT),
        SY_FIELD_OF(sample, bits, "1", SY_FIELD_BITS, names),
        SY_FIELD(sample, flag, "1", SY_FIELD_BOOL),
        SY_FIELD(sample, span, "1", SY_FIELD_DURATION),
        SY_FIELD_OF(sample, bits, "1", SY_FIELD_NAMED, names),
        SY_FIELD(sample, span, "1", SY_FIELD_NUMBER),
    };
    const sample full = {.text = "x", .bits = 5, .flag = true, .span = 2000000};
    const sample none = {0};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        sy_field_say(&fields[i], &full, 0, &text);
        sy_buf_add_char(&text, ',');
        sy_field_say(&fields[i], &none, 0, &text);
        sy_buf_add_char(&text, ';');
    }
    sy_buf_add_char(&text, '\0');
    assert_string_equal(text.data, "x,-;one three,-;yes,-;2 ms,0 ns;?,one;2000000,0;");
    sy_buf_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_a_client_dialect_is_listed),
        cmocka_unit_test(every_field_of_a_server_dialect_is_listed),
        cmocka_unit_test(fields_stand_where_they_are_listed),
        cmocka_unit_test(every_value_has_a_name),
        cmocka_unit_test(every_client_has_a_server_that_understands_it),
        cmocka_unit_test(twins_differ_in_what_they_are_about),
        cmocka_unit_test(values_are_said_by_their_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
