#include "tests/conformance/placeholder.h"

#include <stdio.h>
#include <string.h>

#include "core/base/check.h"

static void *push(sy_arena *arena, size_t size)
{
    void *block = sy_arena_push_zeroed(arena, size);
    SY_ASSERT(block != NULL);
    return block;
}

static sy_str copy(sy_arena *arena, sy_str text)
{
    sy_str kept = sy_arena_copy(arena, text);
    SY_ASSERT(kept.data != NULL);
    return kept;
}

void placeholders_init(placeholders *env, sy_arena *arena)
{
    *env = (placeholders){.arena = arena};
    env->items = push(arena, PLACEHOLDER_COUNT_MAX * sizeof *env->items);
    env->versions = push(arena, PLACEHOLDER_COUNT_MAX * sizeof *env->versions);
}

/* Bytes of the placeholder that begins at `at`; 0: none does. */
static size_t name_size(sy_str text, size_t at)
{
    static const char *const kinds[] = {"$VERSION", "$TIME", "$GUID"};
    sy_str rest = {text.data + at, text.size - at};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        sy_str kind = sy_str_of(kinds[i]);
        size_t size = kind.size;
        if (!sy_str_starts_with(rest, kind)) {
            continue;
        }
        while (size < rest.size && rest.data[size] >= '0' && rest.data[size] <= '9') {
            size++;
        }
        return size > kind.size ? size : 0;
    }
    return 0;
}

static const placeholder *find(const placeholders *env, sy_str name)
{
    for (size_t i = 0; i < env->count; i++) {
        if (sy_str_equal(env->items[i].name, name)) {
            return &env->items[i];
        }
    }
    return NULL;
}

/* As JavaScript's encodeURIComponent. */
static void add_encoded(sy_buf *out, sy_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr("-_.!~*'()", c) != NULL);
        if (plain) {
            sy_buf_add_char(out, c);
        } else {
            sy_buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
        }
    }
}

sy_str placeholders_fill(const placeholders *env, sy_str text, bool in_url)
{
    sy_buf out;
    sy_buf_init(&out, sy_alloc_std());
    for (size_t at = 0; at < text.size;) {
        size_t size = text.data[at] == '$' ? name_size(text, at) : 0;
        const placeholder *bound = size > 0 ? find(env, (sy_str){text.data + at, size}) : NULL;
        if (bound == NULL) {
            sy_buf_add_char(&out, text.data[at++]);
            continue;
        }
        if (in_url) {
            add_encoded(&out, bound->value);
        } else {
            sy_buf_add_str(&out, bound->value);
        }
        at += size;
    }
    SY_ASSERT(!out.failed);
    sy_str filled = copy(env->arena, sy_buf_str(&out));
    sy_buf_deinit(&out);
    return filled;
}

static sy_str text_of(const json_t *string)
{
    return (sy_str){json_string_value(string), json_string_length(string)};
}

json_t *placeholders_fill_json(const placeholders *env, json_t *document)
{
    const char *key = NULL;
    json_t *value = NULL;
    size_t index = 0;
    if (json_is_string(document)) {
        sy_str filled = placeholders_fill(env, text_of(document), false);
        return json_stringn(filled.data, filled.size);
    }
    if (json_is_array(document)) {
        json_t *out = json_array();
        json_array_foreach(document, index, value)
        {
            (void)json_array_append_new(out, placeholders_fill_json(env, value));
        }
        return out;
    }
    if (json_is_object(document)) {
        json_t *out = json_object();
        json_object_foreach(document, key, value)
        {
            (void)json_object_set_new(out, key, placeholders_fill_json(env, value));
        }
        return out;
    }
    return json_incref(document);
}

/* "where: expected X, got Y" */
static const char *differ(placeholders *env, const char *where, sy_str want, sy_str got)
{
    sy_str text = sy_arena_printf(env->arena, "%s: expected %.*s, got %.*s", where, SY_FMT(want),
                                  SY_FMT(got));
    return text.data != NULL ? text.data : "no memory";
}

static sy_str shown(placeholders *env, const json_t *value)
{
    char *text = value == NULL ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    sy_str kept = copy(env->arena, text == NULL ? SY_STR("nothing") : sy_str_of(text));
    if (text != NULL) {
        json_free_t release = NULL;
        json_get_alloc_funcs(NULL, &release);
        release(text);
    }
    return kept;
}

const char *placeholders_match_text(placeholders *env, sy_str want, sy_str got, const char *where)
{
    if (want.size > 0 && want.data[0] == '$' && name_size(want, 0) == want.size) {
        const placeholder *bound = find(env, want);
        if (bound != NULL) {
            return sy_str_equal(bound->value, got) ? "" : differ(env, where, bound->value, got);
        }
        if (got.size == 0) {
            return differ(env, where, want, SY_STR("nothing"));
        }
        SY_ASSERT(env->count < PLACEHOLDER_COUNT_MAX);
        env->items[env->count++] = (placeholder){copy(env->arena, want), copy(env->arena, got)};
        return "";
    }
    sy_str filled = placeholders_fill(env, want, false);
    return sy_str_equal(filled, got) ? "" : differ(env, where, filled, got);
}

static const char *match_object(placeholders *env, json_t *want, json_t *got, const char *where)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(got, key, value)
    {
        if (json_object_get(want, key) == NULL) {
            return sy_arena_printf(env->arena, "%s/%s: not expected, got %.*s", where, key,
                                   SY_FMT(shown(env, value)))
                .data;
        }
    }
    json_object_foreach(want, key, value)
    {
        sy_str path = sy_arena_printf(env->arena, "%s/%s", where, key);
        const char *problem = placeholders_match(env, value, json_object_get(got, key), path.data);
        if (problem[0] != '\0') {
            return problem;
        }
    }
    return "";
}

static const char *match_array(placeholders *env, json_t *want, json_t *got, const char *where)
{
    json_t *value = NULL;
    size_t index = 0;
    if (json_array_size(want) != json_array_size(got)) {
        return differ(env, where,
                      sy_arena_printf(env->arena, "%zu elements", json_array_size(want)),
                      shown(env, got));
    }
    json_array_foreach(want, index, value)
    {
        sy_str path = sy_arena_printf(env->arena, "%s/%zu", where, index);
        const char *problem = placeholders_match(env, value, json_array_get(got, index), path.data);
        if (problem[0] != '\0') {
            return problem;
        }
    }
    return "";
}

/* 1 and 1.0 are the same number in JSON. */
static bool same_scalar(const json_t *want, const json_t *got)
{
    if (json_is_number(want) && json_is_number(got) &&
        !(json_is_integer(want) && json_is_integer(got))) {
        return json_number_value(want) == json_number_value(got);
    }
    return json_equal(want, got) != 0;
}

const char *placeholders_match(placeholders *env, json_t *want, json_t *got, const char *where)
{
    if (json_is_string(want) && json_is_string(got)) {
        return placeholders_match_text(env, text_of(want), text_of(got), where);
    }
    if (json_is_object(want) && json_is_object(got)) {
        return match_object(env, want, got, where);
    }
    if (json_is_array(want) && json_is_array(got)) {
        return match_array(env, want, got, where);
    }
    return got != NULL && same_scalar(want, got)
               ? ""
               : differ(env, where, shown(env, want), shown(env, got));
}

static const char *check_row(placeholders *env, json_t *row, sy_str table)
{
    json_t *version = json_object_get(row, "version");
    json_t *id = json_object_get(row, "id");
    if (!json_is_string(version) || !json_is_string(id) ||
        !sy_str_starts_with(text_of(version), SY_STR("$VERSION"))) {
        return "";
    }
    sy_str name = text_of(version);
    sy_str key = sy_arena_printf(env->arena, "%.*s/%.*s", SY_FMT(table), SY_FMT(text_of(id)));
    const placeholder *bound = find(env, name);
    for (size_t i = 0; i < env->version_count; i++) {
        const placeholder_row *seen = &env->versions[i];
        if (!sy_str_equal(seen->row, key)) {
            continue;
        }
        if (sy_str_equal(seen->name, name)) {
            return "";
        }
        const placeholder *other = find(env, seen->name);
        if (bound != NULL && other != NULL && sy_str_equal(bound->value, other->value)) {
            return sy_arena_printf(env->arena, "row %.*s: the version did not change", SY_FMT(key))
                .data;
        }
    }
    SY_ASSERT(env->version_count < PLACEHOLDER_COUNT_MAX);
    env->versions[env->version_count++] = (placeholder_row){key, copy(env->arena, name)};
    return "";
}

const char *placeholders_check_versions(placeholders *env, json_t *body, sy_str table)
{
    json_t *results = json_object_get(body, "results");
    json_t *rows = json_is_array(results) ? results : body;
    if (!json_is_array(rows)) {
        return check_row(env, rows, table);
    }
    json_t *row = NULL;
    size_t index = 0;
    json_array_foreach(rows, index, row)
    {
        const char *problem = check_row(env, row, table);
        if (problem[0] != '\0') {
            return problem;
        }
    }
    return "";
}
