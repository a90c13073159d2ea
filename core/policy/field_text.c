/* Texts and ordered lists, merged by what was inserted and removed since the base.
 *
 * The base is matched with each side (longest common subsequence). Where an element of the base is
 * in both sides, the three run together; between two such points stands a hunk of each:
 *
 *   diff3   a hunk that only one side changed is that side's; that both changed is a conflict:
 *           markers around both, or the later edit's
 *   crdt    every insertion of either side stays, every removal of either counts; insertions at one
 *           place: the later edit's first, as in an RGA
 */
#include "core/policy/field_rules.h"
#include "core/policy/json_slices.h"

#define CELL_COUNT_MAX                                                                             \
    (1u << 22) /* of the table of a match: larger texts are left to the later edit */

typedef struct sequence {
    sy_str *items;
    uint32_t count;
} sequence;

typedef struct pieces { /* what comes out, in order */
    sy_str *items;
    uint32_t count;
    bool clashed;
} pieces;

typedef struct hunk { /* [from, to) of each */
    uint32_t base_from, base_to, local_from, local_to, server_from, server_to;
} hunk;

typedef struct weave {
    const sy_field_policy *policy;
    const sy_field_clash *clash;
    sequence base, local, server;
    const uint32_t *in_local, *in_server; /* by element of the base: its place + 1 there; 0: gone */
    pieces out;
} weave;

/* -- matching -- */

/* place[i]: where element i of `a` stands in `b`, + 1. NULL: no memory. */
static uint32_t *match(const sequence *a, const sequence *b, sy_arena *arena)
{
    const size_t width = (size_t)b->count + 1;
    uint32_t *length = sy_arena_push_zeroed(arena, (a->count + (size_t)1) * width * sizeof *length);
    uint32_t *place = sy_arena_push_zeroed(arena, (a->count + (size_t)1) * sizeof *place);
    if (length == NULL || place == NULL) {
        return NULL;
    }
    for (size_t i = a->count; i-- > 0;) {
        for (size_t k = b->count; k-- > 0;) {
            const uint32_t down = length[(i + 1) * width + k];
            const uint32_t right = length[i * width + k + 1];
            length[i * width + k] = sy_str_equal(a->items[i], b->items[k])
                                        ? length[(i + 1) * width + k + 1] + 1
                                    : down >= right ? down
                                                    : right;
        }
    }
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        if (sy_str_equal(a->items[i], b->items[k])) {
            place[i++] = (uint32_t)++k;
        } else if (length[(i + 1) * width + k] >= length[i * width + k + 1]) {
            i++;
        } else {
            k++;
        }
    }
    return place;
}

/* -- weaving -- */

static void put(weave *w, const sequence *from, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++) {
        w->out.items[w->out.count++] = from->items[i];
    }
}

static void put_text(weave *w, const char *text)
{
    w->out.items[w->out.count++] = sy_str_of(text);
}

static bool same(const sequence *a, uint32_t a_from, uint32_t a_to, const sequence *b,
                 uint32_t b_from, uint32_t b_to)
{
    if (a_to - a_from != b_to - b_from) {
        return false;
    }
    for (uint32_t i = 0; i < a_to - a_from; i++) {
        if (!sy_str_equal(a->items[a_from + i], b->items[b_from + i])) {
            return false;
        }
    }
    return true;
}

static void put_clash(weave *w, const hunk *h)
{
    w->out.clashed = true;
    if (!w->policy->marks) {
        if (w->clash->local_is_later) {
            put(w, &w->local, h->local_from, h->local_to);
        } else {
            put(w, &w->server, h->server_from, h->server_to);
        }
        return;
    }
    put_text(w, "<<<<<<<\n");
    put(w, &w->local, h->local_from, h->local_to);
    put_text(w, "=======\n");
    put(w, &w->server, h->server_from, h->server_to);
    put_text(w, ">>>>>>>\n");
}

static void weave_diff3(weave *w, const hunk *h)
{
    const bool here =
        !same(&w->base, h->base_from, h->base_to, &w->local, h->local_from, h->local_to);
    const bool there =
        !same(&w->base, h->base_from, h->base_to, &w->server, h->server_from, h->server_to);
    if (!here ||
        same(&w->local, h->local_from, h->local_to, &w->server, h->server_from, h->server_to)) {
        put(w, &w->server, h->server_from, h->server_to);
    } else if (!there) {
        put(w, &w->local, h->local_from, h->local_to);
    } else {
        put_clash(w, h);
    }
}

static void weave_insertions(weave *w, uint32_t *local, uint32_t local_stop, uint32_t *server,
                             uint32_t server_stop)
{
    if (w->clash->local_is_later) {
        put(w, &w->local, *local, local_stop);
        put(w, &w->server, *server, server_stop);
    } else {
        put(w, &w->server, *server, server_stop);
        put(w, &w->local, *local, local_stop);
    }
    *local = local_stop;
    *server = server_stop;
}

static void weave_crdt(weave *w, const hunk *h)
{
    uint32_t local = h->local_from;
    uint32_t server = h->server_from;
    for (uint32_t i = h->base_from; i < h->base_to; i++) {
        /* insertions before an element that is gone on a side stand before the next that is not */
        const bool in_local = w->in_local[i] != 0;
        const bool in_server = w->in_server[i] != 0;
        weave_insertions(w, &local, in_local ? w->in_local[i] - 1 : local, &server,
                         in_server ? w->in_server[i] - 1 : server);
        local += in_local ? 1 : 0;
        server += in_server ? 1 : 0;
        if (in_local && in_server) {
            put(w, &w->base, i, i + 1);
        }
    }
    weave_insertions(w, &local, h->local_to, &server, h->server_to);
}

static void weave_hunk(weave *w, const hunk *h)
{
    if (w->policy->keeps_all) {
        weave_crdt(w, h);
    } else {
        weave_diff3(w, h);
    }
}

static sy_rc weave_all(weave *w, sy_arena *arena, sy_err *err)
{
    const size_t room = w->base.count + (size_t)w->local.count + w->server.count;
    w->in_local = match(&w->base, &w->local, arena);
    w->in_server = match(&w->base, &w->server, arena);
    w->out.items = sy_arena_push_zeroed(arena, (room * 4 + 4) * sizeof(sy_str));
    if (w->in_local == NULL || w->in_server == NULL || w->out.items == NULL) {
        return sy_fail_nomem(err);
    }
    hunk h = {0};
    for (uint32_t i = 0; i < w->base.count; i++) {
        if (w->in_local[i] == 0 || w->in_server[i] == 0) {
            continue;
        }
        h.base_to = i;
        h.local_to = w->in_local[i] - 1;
        h.server_to = w->in_server[i] - 1;
        weave_hunk(w, &h);
        put(w, &w->base, i, i + 1);
        h = (hunk){
            .base_from = i + 1, .local_from = h.local_to + 1, .server_from = h.server_to + 1};
    }
    h.base_to = w->base.count;
    h.local_to = w->local.count;
    h.server_to = w->server.count;
    weave_hunk(w, &h);
    return SY_OK;
}

/* -- texts in pieces -- */

static size_t piece_size(sy_str rest, sy_text_unit unit)
{
    size_t size = 1;
    const bool blank = rest.data[0] == ' ' || rest.data[0] == '\n';
    switch (unit) {
    case SY_TEXT_LINES:
        while (size < rest.size && rest.data[size - 1] != '\n') {
            size++;
        }
        return size;
    case SY_TEXT_WORDS: /* a run of blanks, or of what is not blank */
        while (size < rest.size && (rest.data[size] == ' ' || rest.data[size] == '\n') == blank) {
            size++;
        }
        return size;
    case SY_TEXT_CHARACTERS:
    case SY_TEXT_ELEMENTS:
        break;
    }
    size = sy_utf8_size(rest.data, rest.size);
    return size > 0 ? size : 1;
}

static sy_rc cut(sy_str text, sy_text_unit unit, sy_arena *arena, sequence *out, bool *is_it,
                 sy_err *err)
{
    *is_it = true;
    if (unit == SY_TEXT_ELEMENTS) {
        sy_slices list;
        const sy_rc rc = sy_json_array(text, arena, &list, is_it, err);
        *out = (sequence){list.items, *is_it ? (uint32_t)list.count : 0};
        return rc;
    }
    *out = (sequence){sy_arena_push_zeroed(arena, (text.size + 1) * sizeof(sy_str)), 0};
    if (out->items == NULL) {
        return sy_fail_nomem(err);
    }
    for (size_t at = 0; at < text.size;) {
        const size_t size = piece_size((sy_str){text.data + at, text.size - at}, unit);
        out->items[out->count++] = (sy_str){text.data + at, size};
        at += size;
    }
    return SY_OK;
}

static sy_rc join(const weave *w, sy_arena *arena, sy_str *out, sy_err *err)
{
    if (w->policy->unit == SY_TEXT_ELEMENTS) {
        const sy_slices list = {.items = w->out.items, .count = w->out.count};
        *out = sy_slices_to_text(&list, arena);
        return out->data == NULL ? sy_fail_nomem(err) : SY_OK;
    }
    size_t size = 1;
    for (uint32_t i = 0; i < w->out.count; i++) {
        size += w->out.items[i].size;
    }
    char *text = sy_arena_push(arena, size);
    if (text == NULL) {
        return sy_fail_nomem(err);
    }
    size = 0;
    for (uint32_t i = 0; i < w->out.count; i++) {
        memcpy(text + size, w->out.items[i].data, w->out.items[i].size);
        size += w->out.items[i].size;
    }
    *out = (sy_str){text, size};
    return SY_OK;
}

static bool fits(const weave *w)
{
    const size_t base = w->base.count + (size_t)1;
    return base * (w->local.count + (size_t)1) <= CELL_COUNT_MAX &&
           base * (w->server.count + (size_t)1) <= CELL_COUNT_MAX;
}

SY_FIELD_RULE(sy_field_rule_text)
{
    weave w = {.policy = policy, .clash = clash};
    const sy_value *values[] = {&clash->base, &clash->local, &clash->server};
    sequence *sequences[] = {&w.base, &w.local, &w.server};
    bool are = true;
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < 3 && rc == SY_OK; i++) {
        bool is_it = false;
        rc = cut(sy_value_str(values[i]), policy->unit, arena, sequences[i], &is_it, err);
        are = are && (is_it || i == 0);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (!are || !fits(&w)) {
        out->value = clash->local_is_later ? clash->local : clash->server;
        return SY_OK;
    }
    sy_str text = {NULL, 0};
    rc = weave_all(&w, arena, err);
    if (rc == SY_OK) {
        rc = join(&w, arena, &text, err);
    }
    out->value = sy_text(text);
    out->both = !w.out.clashed || policy->marks;
    return rc;
}
