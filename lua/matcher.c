#include "lua/matcher.h"

#include <ctype.h>
#include <string.h>

#define DEPTH_MAX  200
#define STEP_BATCH 256

static const char *match_here(script_matcher *m, const char *s, const char *p);

static void count_step(script_matcher *m)
{
    if (++m->steps == STEP_BATCH) {
        m->steps = 0;
        script_charge(m->L, STEP_BATCH);
    }
}

static bool in_class(int c, int class_letter)
{
    bool found = false;
    switch (tolower(class_letter)) {
    case 'a':
        found = isalpha(c) != 0;
        break;
    case 'c':
        found = iscntrl(c) != 0;
        break;
    case 'd':
        found = isdigit(c) != 0;
        break;
    case 'g':
        found = isgraph(c) != 0;
        break;
    case 'l':
        found = islower(c) != 0;
        break;
    case 'p':
        found = ispunct(c) != 0;
        break;
    case 's':
        found = isspace(c) != 0;
        break;
    case 'u':
        found = isupper(c) != 0;
        break;
    case 'w':
        found = isalnum(c) != 0;
        break;
    case 'x':
        found = isxdigit(c) != 0;
        break;
    default:
        return class_letter == c;
    }
    return isupper(class_letter) ? !found : found;
}

/* Behind the single-character item that begins at `p`. */
static const char *item_end(script_matcher *m, const char *p)
{
    if (*p == '%') {
        if (p + 1 == m->pattern_end) {
            (void)script_misuse(m->L, "malformed pattern (ends with '%%')");
        }
        return p + 2;
    }
    if (*p != '[') {
        return p + 1;
    }
    p++;
    if (p < m->pattern_end && *p == '^') {
        p++;
    }
    do { /* a `]` that comes first stands for itself */
        if (p >= m->pattern_end) {
            (void)script_misuse(m->L, "malformed pattern (missing ']')");
        }
        p += *p == '%' ? 2 : 1;
    } while (p >= m->pattern_end || *p != ']');
    return p + 1;
}

/* `set` points at "[", `set_end` at its "]". */
static bool in_set(int c, const char *set, const char *set_end)
{
    bool wanted = true;
    set++;
    if (*set == '^') {
        wanted = false;
        set++;
    }
    for (; set < set_end; set++) {
        if (*set == '%') {
            set++;
            if (in_class(c, (unsigned char)*set)) {
                return wanted;
            }
        } else if (set[1] == '-' && set + 2 < set_end) {
            if ((unsigned char)set[0] <= c && c <= (unsigned char)set[2]) {
                return wanted;
            }
            set += 2;
        } else if ((unsigned char)*set == c) {
            return wanted;
        }
    }
    return !wanted;
}

static bool item_matches(script_matcher *m, const char *s, const char *p, const char *end)
{
    count_step(m);
    if (s >= m->subject_end) {
        return false;
    }
    int c = (unsigned char)*s;
    switch (*p) {
    case '.':
        return true;
    case '%':
        return in_class(c, (unsigned char)p[1]);
    case '[':
        return in_set(c, p, end - 1);
    default:
        return (unsigned char)*p == c;
    }
}

static const char *match_balance(script_matcher *m, const char *s, const char *p)
{
    if (p + 1 >= m->pattern_end) {
        (void)script_misuse(m->L, "malformed pattern (missing arguments to '%%b')");
    }
    if (s >= m->subject_end || *s != p[0]) {
        return NULL;
    }
    int depth = 1;
    for (s++; s < m->subject_end; s++) {
        count_step(m);
        if (*s == p[1]) {
            if (--depth == 0) {
                return s + 1;
            }
        } else if (*s == p[0]) {
            depth++;
        }
    }
    return NULL;
}

static const char *match_most(script_matcher *m, const char *s, const char *p, const char *end)
{
    ptrdiff_t count = 0;
    while (item_matches(m, s + count, p, end)) {
        count++;
    }
    for (; count >= 0; count--) {
        const char *found = match_here(m, s + count, end + 1);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static const char *match_fewest(script_matcher *m, const char *s, const char *p, const char *end)
{
    for (;;) {
        const char *found = match_here(m, s, end + 1);
        if (found != NULL) {
            return found;
        }
        if (!item_matches(m, s, p, end)) {
            return NULL;
        }
        s++;
    }
}

static const char *begin_capture(script_matcher *m, const char *s, const char *p, ptrdiff_t what)
{
    if (m->capture_count >= SCRIPT_CAPTURE_COUNT_MAX) {
        (void)script_misuse(m->L, "too many captures");
    }
    m->captures[m->capture_count++] = (script_capture){s, what};
    const char *found = match_here(m, s, p);
    if (found == NULL) {
        m->capture_count--;
    }
    return found;
}

static const char *end_capture(script_matcher *m, const char *s, const char *p)
{
    int index = m->capture_count - 1;
    while (index >= 0 && m->captures[index].size != SCRIPT_CAPTURE_OPEN) {
        index--;
    }
    if (index < 0) {
        (void)script_misuse(m->L, "invalid pattern capture");
    }
    m->captures[index].size = s - m->captures[index].start;
    const char *found = match_here(m, s, p);
    if (found == NULL) {
        m->captures[index].size = SCRIPT_CAPTURE_OPEN;
    }
    return found;
}

static const char *match_back_reference(script_matcher *m, const char *s, int digit)
{
    int index = digit - '1';
    if (index < 0 || index >= m->capture_count || m->captures[index].size == SCRIPT_CAPTURE_OPEN) {
        (void)script_misuse(m->L, "invalid capture index %%%d", index + 1);
    }
    if (m->captures[index].size == SCRIPT_CAPTURE_POSITION) {
        return NULL;
    }
    size_t size = (size_t)m->captures[index].size;
    script_charge(m->L, size / STEP_BATCH);
    if ((size_t)(m->subject_end - s) < size ||
        (size > 0 && memcmp(m->captures[index].start, s, size) != 0)) {
        return NULL;
    }
    return s + size;
}

/* "%f[set]": the place where the set begins to match. */
static bool at_frontier(script_matcher *m, const char *s, const char *p, const char *end)
{
    int before = s == m->subject ? 0 : (unsigned char)s[-1];
    int here = s < m->subject_end ? (unsigned char)*s : 0;
    return !in_set(before, p, end - 1) && in_set(here, p, end - 1);
}

/* One item with what follows it. `*again` true: go on at *s, *p; else the result is final. */
static const char *match_item(script_matcher *m, const char **s, const char **p, bool *again)
{
    const char *end = item_end(m, *p);
    char suffix = '\0';
    if (end < m->pattern_end) {
        suffix = *end;
    }
    *again = false;
    if (suffix == '*') {
        return match_most(m, *s, *p, end);
    }
    if (suffix == '-') {
        return match_fewest(m, *s, *p, end);
    }
    bool one = item_matches(m, *s, *p, end);
    if (suffix == '+') {
        return one ? match_most(m, *s + 1, *p, end) : NULL;
    }
    if (suffix == '?') {
        const char *found = one ? match_here(m, *s + 1, end + 1) : NULL;
        if (found != NULL) {
            return found;
        }
        *p = end + 1;
    } else {
        if (!one) {
            return NULL;
        }
        (*s)++;
        *p = end;
    }
    *again = true;
    return NULL;
}

/* What begins with '%' and is no single character. `*again` as above; `*special` false: it is one.
 */
static const char *match_escape(script_matcher *m, const char **s, const char **p, bool *again,
                                bool *special)
{
    int letter = *p + 1 < m->pattern_end ? (unsigned char)(*p)[1] : 0;
    *special = true;
    *again = true;
    if (letter == 'b') {
        *s = match_balance(m, *s, *p + 2);
        *p += 4;
    } else if (letter == 'f') {
        const char *set = *p + 2;
        if (set >= m->pattern_end || *set != '[') {
            (void)script_misuse(m->L, "missing '[' after '%%f' in pattern");
        }
        const char *end = item_end(m, set);
        *s = at_frontier(m, *s, set, end) ? *s : NULL;
        *p = end;
    } else if (isdigit(letter)) {
        *s = match_back_reference(m, *s, letter);
        *p += 2;
    } else {
        *special = false;
        return NULL;
    }
    *again = *s != NULL;
    return NULL;
}

static const char *match_loop(script_matcher *m, const char *s, const char *p)
{
    while (p != m->pattern_end) {
        count_step(m);
        bool again = true;
        bool special = false;
        const char *found = NULL;
        if (*p == '(') {
            bool position = p + 1 < m->pattern_end && p[1] == ')';
            return begin_capture(m, s, p + (position ? 2 : 1),
                                 position ? SCRIPT_CAPTURE_POSITION : SCRIPT_CAPTURE_OPEN);
        }
        if (*p == ')') {
            return end_capture(m, s, p + 1);
        }
        if (*p == '$' && p + 1 == m->pattern_end) {
            return s == m->subject_end ? s : NULL;
        }
        if (*p == '%') {
            found = match_escape(m, &s, &p, &again, &special);
        }
        if (!special) {
            found = match_item(m, &s, &p, &again);
        }
        if (!again) {
            return found;
        }
    }
    return s;
}

static const char *match_here(script_matcher *m, const char *s, const char *p)
{
    if (m->depth++ >= DEPTH_MAX) {
        (void)script_misuse(m->L, "pattern too complex");
    }
    const char *found = match_loop(m, s, p);
    m->depth--;
    return found;
}

void script_matcher_init(script_matcher *m, lua_State *L, sy_str subject, sy_str pattern)
{
    *m = (script_matcher){.L = L,
                          .subject = subject.data,
                          .subject_end = subject.data + subject.size,
                          .pattern_end = pattern.data + pattern.size};
}

const char *script_match_at(script_matcher *m, const char *s, const char *p)
{
    m->capture_count = 0;
    m->depth = 0;
    return match_here(m, s, p);
}
