/* Columns that hold a JSON array or object as text. A text that is none is left to the later edit.
 * Sets come out in the order of their bytes, whichever side they came from. */
#include "core/policy/field_rules.h"
#include "core/policy/json_slices.h"

typedef struct lists {
    sy_slices base, local, server, out;
    bool has_base;
} lists;

static sy_rc by_time(const sy_field_clash *clash, sy_field_result *out)
{
    out->value = clash->local_is_later ? clash->local : clash->server;
    return SY_OK;
}

/* *are false: they are no lists. The base may be none: then nothing was in it. */
static sy_rc read_lists(const sy_field_clash *clash, sy_arena *arena, lists *l, bool *are,
                        sy_err *err)
{
    bool local = false;
    bool server = false;
    *l = (lists){.has_base = false};
    sy_rc rc = sy_json_array(sy_value_str(&clash->base), arena, &l->base, &l->has_base, err);
    if (!l->has_base) {
        l->base.count = 0;
    }
    if (rc == SY_OK) {
        rc = sy_json_array(sy_value_str(&clash->local), arena, &l->local, &local, err);
    }
    if (rc == SY_OK) {
        rc = sy_json_array(sy_value_str(&clash->server), arena, &l->server, &server, err);
    }
    *are = local && server;
    if (rc != SY_OK || !*are) {
        return rc;
    }
    const size_t count = l->local.count + l->server.count;
    l->out.items = sy_arena_push_zeroed(arena, (count + 1) * sizeof(sy_str));
    return l->out.items == NULL ? sy_fail_nomem(err) : SY_OK;
}

static sy_rc write_list(const sy_slices *list, sy_arena *arena, sy_field_result *out, sy_err *err)
{
    const sy_str text = sy_slices_to_text(list, arena);
    if (text.data == NULL) {
        return sy_fail_nomem(err);
    }
    out->value = sy_text(text);
    out->both = true;
    return SY_OK;
}

static void add(sy_slices *to, sy_str item)
{
    to->items[to->count++] = item;
}

/* -- sets: which elements of either side stay -- */

typedef bool (*stays)(const lists *l, sy_str item);

static bool stays_always(const lists *l, sy_str item)
{
    (void)l;
    (void)item;
    return true;
}

/* What was there before stays where neither side took it away; what is new was added by somebody.
 */
static bool stays_unless_removed(const lists *l, sy_str item)
{
    return !sy_slices_have(&l->base, item) ||
           (sy_slices_have(&l->local, item) && sy_slices_have(&l->server, item));
}

/* The same; and where nobody knows what was there, what one side lacks counts as taken away. */
static bool stays_unless_missing(const lists *l, sy_str item)
{
    return (l->has_base && !sy_slices_have(&l->base, item)) ||
           (sy_slices_have(&l->local, item) && sy_slices_have(&l->server, item));
}

/* What stays of both sides, in order. */
static void unite(lists *l, stays stays_in)
{
    const sy_slices *sides[] = {&l->server, &l->local};
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < sides[s]->count; i++) {
            if (stays_in(l, sides[s]->items[i])) {
                add(&l->out, sides[s]->items[i]);
            }
        }
    }
    sy_slices_sort(&l->out);
}

static sy_rc merge_sets(const sy_field_clash *clash, stays stays_in, sy_arena *arena,
                        sy_field_result *out, sy_err *err)
{
    lists l;
    bool are = false;
    sy_rc rc = read_lists(clash, arena, &l, &are, err);
    if (rc != SY_OK || !are) {
        return rc == SY_OK ? by_time(clash, out) : rc;
    }
    unite(&l, stays_in);
    return write_list(&l.out, arena, out, err);
}

SY_FIELD_RULE(sy_field_rule_set_union)
{
    (void)policy;
    return merge_sets(clash, stays_always, arena, out, err);
}

SY_FIELD_RULE(sy_field_rule_or_set)
{
    (void)policy;
    return merge_sets(clash, stays_unless_removed, arena, out, err);
}

SY_FIELD_RULE(sy_field_rule_remove_wins_set)
{
    (void)policy;
    return merge_sets(clash, stays_unless_missing, arena, out, err);
}

/* -- lists -- */

SY_FIELD_RULE(sy_field_rule_list_concat)
{
    (void)policy;
    lists l;
    bool are = false;
    sy_rc rc = read_lists(clash, arena, &l, &are, err);
    if (rc != SY_OK || !are) {
        return rc == SY_OK ? by_time(clash, out) : rc;
    }
    for (size_t i = 0; i < l.server.count; i++) {
        add(&l.out, l.server.items[i]);
    }
    for (size_t i = 0; i < l.local.count; i++) {
        add(&l.out, l.local.items[i]);
    }
    return write_list(&l.out, arena, out, err);
}

/* -- logs: entries {"id":..., "at":...} -- */

static sy_rc member_of(sy_str entry, sy_str name, sy_arena *arena, sy_str *out, sy_err *err)
{
    sy_slices members;
    bool is_object = false;
    const sy_rc rc = sy_json_object(entry, arena, &members, &is_object, err);
    *out = is_object ? sy_slices_member(&members, name) : (sy_str){NULL, 0};
    return rc;
}

typedef struct entry {
    sy_str text, id, at;
} entry;

static sy_rc read_entry(sy_str text, sy_arena *arena, entry *out, sy_err *err)
{
    *out = (entry){.text = text};
    sy_rc rc = member_of(text, SY_STR("\"id\""), arena, &out->id, err);
    if (rc == SY_OK) {
        rc = member_of(text, SY_STR("\"at\""), arena, &out->at, err);
    }
    out->id = out->id.data != NULL ? out->id : text;
    return rc;
}

/* By stamp, then by id. A shorter number is a lower one. */
static int entry_compare(const entry *a, const entry *b)
{
    if (a->at.size != b->at.size) {
        return a->at.size < b->at.size ? -1 : 1;
    }
    const int order = sy_str_compare(a->at, b->at);
    return order != 0 ? order : sy_str_compare(a->id, b->id);
}

static void insert_entry(entry *entries, size_t *count, const entry *made)
{
    for (size_t i = 0; i < *count; i++) {
        if (sy_str_equal(entries[i].id, made->id)) {
            return;
        }
    }
    size_t at = (*count)++;
    for (; at > 0 && entry_compare(&entries[at - 1], made) > 0; at--) {
        entries[at] = entries[at - 1];
    }
    entries[at] = *made;
}

SY_FIELD_RULE(sy_field_rule_append_log)
{
    (void)policy;
    lists l;
    bool are = false;
    sy_rc rc = read_lists(clash, arena, &l, &are, err);
    if (rc != SY_OK || !are) {
        return rc == SY_OK ? by_time(clash, out) : rc;
    }
    size_t count = 0;
    entry *entries =
        sy_arena_push_zeroed(arena, (l.local.count + l.server.count + 1) * sizeof(entry));
    if (entries == NULL) {
        return sy_fail_nomem(err);
    }
    const sy_slices *sides[] = {&l.server, &l.local};
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < sides[s]->count && rc == SY_OK; i++) {
            entry made;
            rc = read_entry(sides[s]->items[i], arena, &made, err);
            insert_entry(entries, &count, &made);
        }
    }
    for (size_t i = 0; i < count; i++) {
        add(&l.out, entries[i].text);
    }
    return rc == SY_OK ? write_list(&l.out, arena, out, err) : rc;
}

/* -- siblings: each value that nobody has seen the other of -- */

/* The values that a text stands for: a list of siblings, or itself. */
static sy_rc siblings_of(const sy_value *value, sy_arena *arena, sy_slices *out, sy_err *err)
{
    bool is_list = false;
    const sy_rc rc = sy_json_array(sy_value_str(value), arena, out, &is_list, err);
    if (rc != SY_OK || is_list) {
        return rc;
    }
    sy_buf text;
    sy_buf_init_counting(&text);
    sy_value_to_json(value, &text);
    const size_t size = text.size + 1;
    char *bytes = sy_arena_push(arena, size);
    out->items = sy_arena_push_zeroed(arena, sizeof(sy_str));
    if (bytes == NULL || out->items == NULL) {
        return sy_fail_nomem(err);
    }
    sy_buf_init_fixed(&text, bytes, size);
    sy_value_to_json(value, &text);
    out->items[0] = sy_buf_str(&text);
    out->count = 1;
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_siblings)
{
    (void)policy;
    lists l = {.has_base = !sy_value_missing(&clash->base)};
    sy_rc rc = siblings_of(&clash->local, arena, &l.local, err);
    if (rc == SY_OK) {
        rc = siblings_of(&clash->server, arena, &l.server, err);
    }
    if (rc == SY_OK && l.has_base) {
        rc = siblings_of(&clash->base, arena, &l.base, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    l.out.items = sy_arena_push_zeroed(arena, (l.local.count + l.server.count) * sizeof(sy_str));
    if (l.out.items == NULL) {
        return sy_fail_nomem(err);
    }
    unite(&l, stays_unless_removed);
    if (l.out.count <= 1 && !sy_value_missing(&clash->local)) { /* nobody stands against it */
        out->value = clash->local;
        return SY_OK;
    }
    return write_list(&l.out, arena, out, err);
}
