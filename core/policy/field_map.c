/* Columns that hold a JSON object as text: merged name by name, objects within objects likewise. A
 * text that is none is a value as any other. */
#include "core/policy/field_rules.h"
#include "core/policy/json_slices.h"

typedef struct maps {
    sy_arena *arena;
    bool local_wins; /* where both changed one value */
} maps;

static sy_rc merge_maps(const maps *m, sy_str base, sy_str local, sy_str server, sy_str *out,
                        uint32_t depth, sy_err *err);

/* What becomes of one name; data NULL: it goes. */
static sy_rc merge_member(const maps *m, sy_str base, sy_str local, sy_str server, sy_str *out,
                          uint32_t depth, sy_err *err)
{
    const bool here = !sy_str_equal(base, local);
    const bool there = !sy_str_equal(base, server);
    if (!here || !there) {
        *out = here ? local : server;
        return SY_OK;
    }
    return merge_maps(m, base, local, server, out, depth, err);
}

static sy_rc merge_members(const maps *m, const sy_slices sides[3], sy_slices *merged,
                           uint32_t depth, sy_err *err)
{
    for (size_t s = 0; s < 2; s++) { /* the server's first */
        const sy_slices *side = s == 0 ? &sides[2] : &sides[1];
        for (size_t i = 0; i < side->count; i++) {
            const sy_str name = side->names[i];
            if (sy_slices_member(merged, name).data != NULL ||
                (s == 1 && sy_slices_member(&sides[2], name).data != NULL)) {
                continue;
            }
            sy_str value = {NULL, 0};
            const sy_rc rc = merge_member(m, sy_slices_member(&sides[0], name),
                                          sy_slices_member(&sides[1], name),
                                          sy_slices_member(&sides[2], name), &value, depth, err);
            if (rc != SY_OK) {
                return rc;
            }
            if (value.data != NULL) {
                merged->names[merged->count] = name;
                merged->items[merged->count++] = value;
            }
        }
    }
    return SY_OK;
}

/* Names in the order of their bytes, so that it does not matter whose came first. */
static void sort_members(sy_slices *members)
{
    for (size_t i = 1; i < members->count; i++) {
        const sy_str name = members->names[i];
        const sy_str item = members->items[i];
        size_t at = i;
        for (; at > 0 && sy_str_compare(members->names[at - 1], name) > 0; at--) {
            members->names[at] = members->names[at - 1];
            members->items[at] = members->items[at - 1];
        }
        members->names[at] = name;
        members->items[at] = item;
    }
}

#define MAP_DEPTH_MAX 64u

static sy_rc merge_maps(const maps *m, sy_str base, sy_str local, sy_str server, sy_str *out,
                        uint32_t depth, sy_err *err)
{
    sy_slices sides[3];
    bool are[3] = {false, false, false};
    const sy_str texts[3] = {base, local, server};
    *out = m->local_wins ? local : server;
    if (depth == MAP_DEPTH_MAX) {
        return SY_OK;
    }
    for (size_t i = 0; i < 3; i++) {
        const sy_rc rc = sy_json_object(texts[i], m->arena, &sides[i], &are[i], err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (!are[1] || !are[2]) {
        return SY_OK;
    }
    sides[0].count = are[0] ? sides[0].count : 0;
    const size_t count = sides[1].count + sides[2].count + 1;
    sy_slices merged = {.items = sy_arena_push_zeroed(m->arena, count * sizeof(sy_str)),
                        .names = sy_arena_push_zeroed(m->arena, count * sizeof(sy_str))};
    if (merged.items == NULL || merged.names == NULL) {
        return sy_fail_nomem(err);
    }
    const sy_rc rc = merge_members(m, sides, &merged, depth + 1, err);
    if (rc != SY_OK) {
        return rc;
    }
    sort_members(&merged);
    *out = sy_slices_to_text(&merged, m->arena);
    return out->data == NULL ? sy_fail_nomem(err) : SY_OK;
}

static sy_rc merge_texts(const sy_field_clash *clash, bool local_wins, sy_arena *arena,
                         sy_field_result *out, sy_err *err)
{
    const maps m = {.arena = arena, .local_wins = local_wins};
    sy_str merged = {NULL, 0};
    const sy_rc rc = merge_maps(&m, sy_value_str(&clash->base), sy_value_str(&clash->local),
                                sy_value_str(&clash->server), &merged, 0, err);
    out->value = sy_text(merged);
    out->both = !sy_str_equal(merged, sy_value_str(&clash->local)) &&
                !sy_str_equal(merged, sy_value_str(&clash->server));
    return rc;
}

SY_FIELD_RULE(sy_field_rule_map)
{
    (void)policy;
    return merge_texts(clash, clash->local_is_later, arena, out, err);
}

SY_FIELD_RULE(sy_field_rule_merge_patch)
{
    (void)policy;
    return merge_texts(clash, true, arena, out, err);
}
