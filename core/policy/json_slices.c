/* A scanner that finds where values end: strings with their escapes, brackets that match. What is
 * between them is not looked at: no piece is ever read as a number or a text. */
#include "core/policy/json_slices.h"

typedef struct scanner {
    const char *at, *end;
} scanner;

static void skip_blanks(scanner *s)
{
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) {
        s->at++;
    }
}

static bool take_string(scanner *s)
{
    for (s->at++; s->at < s->end && *s->at != '"'; s->at++) {
        if (*s->at == '\\') {
            s->at++;
        }
    }
    if (s->at >= s->end) {
        return false;
    }
    s->at++;
    return true;
}

static bool ends_plain(char c)
{
    return c == ',' || c == ']' || c == '}' || c == ':' || c == ' ' || c == '\t' || c == '\n' ||
           c == '\r';
}

/* Brackets inside are counted alike: a document that is none in any other way is passed on. */
static bool take_nested(scanner *s)
{
    size_t depth = 0;
    while (s->at < s->end) {
        const char c = *s->at;
        if (c == '"') {
            if (!take_string(s)) {
                return false;
            }
            continue;
        }
        depth += c == '[' || c == '{' ? 1 : 0;
        depth -= c == ']' || c == '}' ? 1 : 0;
        s->at++;
        if (depth == 0) {
            return true;
        }
    }
    return false;
}

static bool take_value(scanner *s, sy_str *out)
{
    skip_blanks(s);
    const char *begin = s->at;
    if (s->at >= s->end) {
        return false;
    }
    if (*s->at == '"') {
        if (!take_string(s)) {
            return false;
        }
    } else if (*s->at == '[' || *s->at == '{') {
        if (!take_nested(s)) {
            return false;
        }
    } else {
        while (s->at < s->end && !ends_plain(*s->at)) {
            s->at++;
        }
    }
    *out = (sy_str){begin, (size_t)(s->at - begin)};
    skip_blanks(s);
    return out->size > 0;
}

static bool take_char(scanner *s, char c)
{
    skip_blanks(s);
    if (s->at >= s->end || *s->at != c) {
        return false;
    }
    s->at++;
    return true;
}

/* One element, or one member. */
static bool take_item(scanner *s, sy_slices *out)
{
    if (out->names != NULL) {
        sy_str *name = &out->names[out->count];
        if (!take_value(s, name) || name->data[0] != '"' || !take_char(s, ':')) {
            return false;
        }
    }
    return take_value(s, &out->items[out->count]);
}

/* At most one comma for each element but the first. */
static size_t count_max(sy_str text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] == ',' ? 1 : 0;
    }
    return count;
}

static bool take_all(sy_str text, char open, char close, sy_slices *out)
{
    scanner s = {text.data, text.data + text.size};
    if (!take_char(&s, open)) {
        return false;
    }
    bool more = !take_char(&s, close);
    while (more) {
        if (!take_item(&s, out)) {
            return false;
        }
        out->count++;
        more = take_char(&s, ',');
        if (!more && !take_char(&s, close)) {
            return false;
        }
    }
    skip_blanks(&s);
    return s.at == s.end;
}

static sy_rc cut(sy_str text, bool object, sy_arena *arena, sy_slices *out, bool *is_it,
                 sy_err *err)
{
    const size_t count = count_max(text);
    *out = (sy_slices){NULL, NULL, 0};
    *is_it = false;
    if (count > SY_SLICE_COUNT_MAX || text.size == 0) {
        return SY_OK;
    }
    out->items = sy_arena_push_zeroed(arena, count * sizeof(sy_str));
    out->names = object ? sy_arena_push_zeroed(arena, count * sizeof(sy_str)) : NULL;
    if (out->items == NULL || (object && out->names == NULL)) {
        return sy_fail_nomem(err);
    }
    *is_it = take_all(text, object ? '{' : '[', object ? '}' : ']', out);
    return SY_OK;
}

sy_rc sy_json_array(sy_str text, sy_arena *arena, sy_slices *out, bool *is_it, sy_err *err)
{
    return cut(text, false, arena, out, is_it, err);
}

sy_rc sy_json_object(sy_str text, sy_arena *arena, sy_slices *out, bool *is_it, sy_err *err)
{
    return cut(text, true, arena, out, is_it, err);
}

bool sy_slices_have(const sy_slices *slices, sy_str item)
{
    for (size_t i = 0; i < slices->count; i++) {
        if (sy_str_equal(slices->items[i], item)) {
            return true;
        }
    }
    return false;
}

sy_str sy_slices_member(const sy_slices *slices, sy_str name)
{
    for (size_t i = slices->count; i > 0; i--) {
        if (sy_str_equal(slices->names[i - 1], name)) {
            return slices->items[i - 1];
        }
    }
    return (sy_str){NULL, 0};
}

void sy_slices_sort(sy_slices *slices)
{
    size_t kept = 0;
    for (size_t i = 0; i < slices->count; i++) {
        const sy_str item = slices->items[i];
        size_t at = kept;
        while (at > 0 && sy_str_compare(slices->items[at - 1], item) > 0) {
            at--;
        }
        if (at > 0 && sy_str_equal(slices->items[at - 1], item)) {
            continue;
        }
        for (size_t k = kept; k > at; k--) {
            slices->items[k] = slices->items[k - 1];
        }
        slices->items[at] = item;
        kept++;
    }
    slices->count = kept;
}

static char *put(char *at, sy_str text)
{
    memcpy(at, text.data, text.size);
    return at + text.size;
}

sy_str sy_slices_to_text(const sy_slices *slices, sy_arena *arena)
{
    size_t size = 2;
    for (size_t i = 0; i < slices->count; i++) {
        size += slices->items[i].size + 1;
        size += slices->names != NULL ? slices->names[i].size + 1 : 0;
    }
    char *text = sy_arena_push(arena, size);
    if (text == NULL) {
        return (sy_str){NULL, 0};
    }
    char *at = text;
    *at++ = slices->names != NULL ? '{' : '[';
    for (size_t i = 0; i < slices->count; i++) {
        if (i > 0) {
            *at++ = ',';
        }
        if (slices->names != NULL) {
            at = put(at, slices->names[i]);
            *at++ = ':';
        }
        at = put(at, slices->items[i]);
    }
    *at++ = slices->names != NULL ? '}' : ']';
    return (sy_str){text, (size_t)(at - text)};
}
