/* The list is kept sorted by (host, purpose, key, label), so that whatever belongs together stands
 * together and every candidate is the list without one span of it.
 *
 * Invariants:
 * - `best` fails with the wanted signature when nothing else is drawn;
 * - a candidate that does so too replaces it, with the choices that its run really made: those that
 * no draw asked for any more are gone without a try of their own;
 * - every candidate has fewer choices than `best`, or as many with one value lower: it ends. */
#include "sim/explore/shrink.h"

#include <stdlib.h>
#include <string.h>

#define RUN_COUNT_MAX 2000u

typedef struct shrinker {
    const sim_case *subject;
    const sim_shrink_options *options;
    sim_shrunk *out;
    sim_choice_list candidate, recorded;
    uint64_t run_max;
    bool stopped;
    sy_rc rc;
    sy_err *err;
} shrinker;

/* -- order -- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* The key's first part is what a choice is about; then come the label and the rest of the key. */
static int compare(const void *left, const void *right)
{
    const sim_chosen *a = left;
    const sim_chosen *b = right;
    int order = strcmp(a->host, b->host);
    order = order != 0 ? order : strcmp(a->purpose, b->purpose);
    order = order != 0 ? order : compare_numbers(a->key.part[0], b->key.part[0]);
    order = order != 0 ? order : strcmp(a->label->name, b->label->name);
    for (size_t i = 1; i < SIM_KEY_PART_COUNT && order == 0; i++) {
        order = compare_numbers(a->key.part[i], b->key.part[i]);
    }
    return order;
}

/* A draw that was made twice stands in the record twice; once is enough. */
static void sort(sim_choice_list *list)
{
    if (list->count < 2) {
        return;
    }
    qsort(list->items, list->count, sizeof *list->items, compare);
    size_t kept = 1;
    for (size_t i = 1; i < list->count; i++) {
        if (compare(&list->items[i], &list->items[kept - 1]) != 0) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

typedef bool (*related)(const sim_chosen *a, const sim_chosen *b);

static bool same_host(const sim_chosen *a, const sim_chosen *b)
{
    return strcmp(a->host, b->host) == 0;
}

static bool same_stream(const sim_chosen *a, const sim_chosen *b)
{
    return same_host(a, b) && strcmp(a->purpose, b->purpose) == 0;
}

static bool same_subject(const sim_chosen *a, const sim_chosen *b)
{
    return same_stream(a, b) && a->key.part[0] == b->key.part[0];
}

/* -- one try -- */

static bool may_go_on(const shrinker *self)
{
    return self->rc == SY_OK && !self->stopped && self->out->runs < self->run_max;
}

static void tell(shrinker *self)
{
    sim_shrink_progress progress = {
        .runs = self->out->runs, .run_max = self->run_max, .choices = self->out->list.count};
    if (self->options != NULL && self->options->progress != NULL) {
        self->stopped = !self->options->progress(self->options->self, &progress);
    }
}

static void swap(sim_choice_list *a, sim_choice_list *b)
{
    sim_choice_list kept = *a;
    *a = *b;
    *b = kept;
}

/* Runs the candidate; true: it fails in the same way and is the best now. */
static bool try_candidate(shrinker *self)
{
    sim_result result;
    sim_choice_list_clear(&self->recorded);
    self->rc = self->subject->ops->run(self->subject->self, &self->candidate, &self->recorded,
                                       &result, self->err);
    self->out->runs++;
    bool same = self->rc == SY_OK && sim_signature_shown(&self->out->signature, &result);
    if (same) {
        self->out->events = result.events;
        sort(&self->recorded);
        swap(&self->out->list, &self->recorded);
    }
    sim_result_deinit(&result);
    tell(self);
    return same;
}

/* The best list, without the items [from, to). */
static bool try_without(shrinker *self, size_t from, size_t to)
{
    const sim_choice_list *best = &self->out->list;
    sim_choice_list_clear(&self->candidate);
    for (size_t i = 0; i < best->count && self->rc == SY_OK; i++) {
        if (i < from || i >= to) {
            self->rc = sim_choice_list_add(&self->candidate, &best->items[i]);
        }
    }
    return self->rc == SY_OK ? try_candidate(self) : false;
}

static bool try_value(shrinker *self, size_t at, uint64_t value)
{
    const sim_choice_list *best = &self->out->list;
    sim_choice_list_clear(&self->candidate);
    for (size_t i = 0; i < best->count && self->rc == SY_OK; i++) {
        sim_chosen chosen = best->items[i];
        chosen.value = i == at ? value : chosen.value;
        self->rc = sim_choice_list_add(&self->candidate, &chosen);
    }
    return self->rc == SY_OK ? try_candidate(self) : false;
}

/* -- passes; each says whether the list got smaller -- */

/* Groups of related neighbours, from the last to the first: what happened late matters least. */
static bool drop_groups(shrinker *self, related of)
{
    bool smaller = false;
    size_t to = self->out->list.count;
    while (to > 0 && may_go_on(self)) {
        const sim_chosen *items = self->out->list.items;
        size_t from = to - 1;
        while (from > 0 && of(&items[from - 1], &items[to - 1])) {
            from--;
        }
        bool whole = from == 0 && to == self->out->list.count;
        if (!whole && try_without(self, from, to)) {
            smaller = true;
            to = from < self->out->list.count ? from : self->out->list.count;
        } else {
            to = from;
        }
    }
    return smaller;
}

/* Spans of half the list, a quarter... down to single choices. */
static bool drop_spans(shrinker *self)
{
    bool smaller = false;
    for (size_t size = (self->out->list.count + 1) / 2; size > 0; size /= 2) {
        for (size_t at = 0; at < self->out->list.count && may_go_on(self);) {
            size_t end = at + size;
            end = end < self->out->list.count ? end : self->out->list.count;
            if (try_without(self, at, end)) {
                smaller = true;
            } else {
                at = end;
            }
        }
    }
    return smaller;
}

static bool still_there(const shrinker *self, size_t at, const sim_chosen *chosen)
{
    return at < self->out->list.count && compare(&self->out->list.items[at], chosen) == 0;
}

/* The least value of one choice that still does it, within an eighth: 1, then by bisection, as if
 * every larger value did it too. */
static bool lower(shrinker *self, size_t at)
{
    bool smaller = false;
    uint64_t passes = 0; /* does not do it */
    while (may_go_on(self) && at < self->out->list.count) {
        sim_chosen now = self->out->list.items[at];
        if (now.value - passes <= 1 + now.value / 8) {
            break;
        }
        uint64_t value = passes == 0 && !smaller ? 1 : passes + (now.value - passes) / 2;
        if (try_value(self, at, value)) {
            smaller = true;
            if (!still_there(self, at, &self->candidate.items[at])) {
                break;
            }
        } else {
            passes = value;
        }
    }
    return smaller;
}

static bool lower_all(shrinker *self)
{
    bool smaller = false;
    for (size_t at = 0; at < self->out->list.count && may_go_on(self); at++) {
        smaller = lower(self, at) || smaller;
    }
    return smaller;
}

static void shrink(shrinker *self)
{
    bool smaller = true;
    while (smaller && may_go_on(self)) {
        smaller = drop_groups(self, same_host);
        smaller = drop_groups(self, same_stream) || smaller;
        smaller = drop_groups(self, same_subject) || smaller;
        smaller = drop_spans(self) || smaller;
        smaller = lower_all(self) || smaller;
    }
    self->out->complete = !smaller && self->rc == SY_OK && !self->stopped;
}

/* -- the whole -- */

/* The case as it is; then once more from its list alone, which must show the same. */
static sy_rc begin(shrinker *self, const sim_choice_list *start, const sim_signature *wanted)
{
    sim_result result;
    sy_rc rc =
        self->subject->ops->run(self->subject->self, start, &self->out->list, &result, self->err);
    self->out->runs++;
    if (rc == SY_OK) {
        self->out->signature = wanted != NULL ? *wanted : sim_signature_of(&result);
        self->out->events_before = result.events;
        self->out->events = result.events;
        self->out->choices_before = self->out->list.count;
        if (self->out->signature.text[0] == '\0' ||
            !sim_signature_shown(&self->out->signature, &result)) {
            rc = SY_FAIL(self->err, SY_NOT_FOUND, "it does not fail%s%s",
                         wanted != NULL ? " with: " : "", wanted != NULL ? wanted->text : "");
        }
    }
    sim_result_deinit(&result);
    sort(&self->out->list);
    if (rc == SY_OK && !try_without(self, 0, 0)) {
        rc = self->rc != SY_OK
                 ? self->rc
                 : SY_FAIL(self->err, SY_STATE, "the list of its choices alone does not repeat it");
    }
    return rc;
}

sy_rc sim_shrink(const sim_case *subject, const sim_choice_list *start,
                 const sim_signature *signature, const sim_shrink_options *options, sy_alloc alloc,
                 sim_shrunk *out, sy_err *err)
{
    *out = (sim_shrunk){.complete = false};
    sim_choice_list_init(&out->list, alloc);
    shrinker self = {.subject = subject, .options = options, .out = out, .err = err};
    self.run_max = options != NULL && options->run_max > 0 ? options->run_max : RUN_COUNT_MAX;
    sim_choice_list_init(&self.candidate, alloc);
    sim_choice_list_init(&self.recorded, alloc);
    sy_rc rc = begin(&self, start, signature);
    if (rc == SY_OK) {
        shrink(&self);
        rc = self.rc == SY_NOMEM ? sy_fail_nomem(err) : self.rc;
    }
    sim_choice_list_deinit(&self.candidate);
    sim_choice_list_deinit(&self.recorded);
    return rc;
}

void sim_shrunk_deinit(sim_shrunk *shrunk)
{
    sim_choice_list_deinit(&shrunk->list);
}
