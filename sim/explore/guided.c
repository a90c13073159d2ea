/* What was kept is changed in one place, or a few: a choice that its run was offered is made, one
 * that was made is dropped, or given another value. Which, is drawn from the number of the run. */
#include "sim/explore/guided.h"

#define RUN_COUNT_MAX  UINT64_C(1000)
#define KEPT_COUNT_MAX 512u

typedef struct kept {
    sim_choice_list choices, offers;
} kept;

typedef struct searcher {
    const sim_case *subject;
    const sim_guided_options *options;
    sim_guided *out;
    sy_alloc alloc;
    sim_choice *choice; /* of the search itself */
    sim_stream stream;
    uint64_t drawn; /* in this run */
    kept *kept;
    size_t kept_count;
    sim_choice_list next;
    sy_err *err;
} searcher;

static const sim_label change_label = {.name = "change", .choice_class = SIM_WORKLOAD};

static uint64_t draw(searcher *self, uint64_t n)
{
    return sim_choose_bits(&self->stream, &change_label, SIM_KEY(self->out->runs, self->drawn++)) %
           n;
}

static bool may_choose(const searcher *self, const sim_chosen *offer)
{
    return offer->label->choice_class == SIM_WEATHER && offer->value == 0 && offer->bound > 1 &&
           sim_explore_wanted(self->options->labels, offer->label->name);
}

/* One more choice, of those that were offered. */
static sy_rc add_choice(searcher *self, const sim_choice_list *offers)
{
    uint64_t values[SIM_EXPLORE_VALUE_COUNT_MAX];
    for (int tries = 0; tries < 64 && offers->count > 0; tries++) {
        sim_chosen chosen = offers->items[draw(self, offers->count)];
        const size_t count = may_choose(self, &chosen) ? sim_explore_values(&chosen, values) : 0;
        if (count > 0) {
            chosen.value = values[draw(self, count)];
            return sim_choice_list_add(&self->next, &chosen);
        }
    }
    return SY_OK;
}

static void drop_choice(searcher *self)
{
    sim_choice_list *next = &self->next;
    const size_t at = next->count > 0 ? draw(self, next->count) : 0;
    for (size_t i = at; i + 1 < next->count; i++) {
        next->items[i] = next->items[i + 1];
    }
    next->count -= next->count > 0 ? 1 : 0;
}

static void change_value(searcher *self)
{
    uint64_t values[SIM_EXPLORE_VALUE_COUNT_MAX];
    if (self->next.count > 0) {
        sim_chosen *chosen = &self->next.items[draw(self, self->next.count)];
        const size_t count = sim_explore_values(chosen, values);
        chosen->value = count > 0 ? values[draw(self, count)] : chosen->value;
    }
}

/* A change of one of those that were kept; the later half is taken twice as often. */
static sy_rc make_next(searcher *self, const kept *from)
{
    sim_choice_list_clear(&self->next);
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < from->choices.count && rc == SY_OK; i++) {
        rc = sim_choice_list_add(&self->next, &from->choices.items[i]);
    }
    const uint64_t changes = 1 + draw(self, 3);
    for (uint64_t i = 0; i < changes && rc == SY_OK; i++) {
        const uint64_t how = draw(self, 8);
        if (how == 0) {
            drop_choice(self);
        } else if (how == 1) {
            change_value(self);
        } else {
            rc = add_choice(self, &from->offers);
        }
    }
    return rc;
}

static const kept *pick(searcher *self)
{
    const size_t count = self->kept_count;
    const size_t later = draw(self, 3) > 0 ? count / 2 : 0;
    return &self->kept[later + draw(self, count - later)];
}

static sy_rc keep(searcher *self, sim_choice_list *offers)
{
    kept *made = &self->kept[self->kept_count];
    sy_rc rc = SY_OK;
    sim_choice_list_init(&made->choices, self->alloc);
    for (size_t i = 0; i < self->next.count && rc == SY_OK; i++) {
        rc = sim_choice_list_add(&made->choices, &self->next.items[i]);
    }
    made->offers = *offers;
    sim_choice_list_init(offers, self->alloc);
    self->kept_count++;
    self->out->kept = self->kept_count;
    return rc;
}

/* Runs self->next. */
static sy_rc run(searcher *self)
{
    sim_guided *out = self->out;
    sim_choice_list offers;
    sim_choice_list_init(&offers, self->alloc);
    sim_result result;
    sy_rc rc =
        self->subject->ops->run(self->subject->self, &self->next, &offers, &result, self->err);
    out->runs++;
    out->longest = self->next.count > out->longest ? self->next.count : out->longest;
    const size_t shapes = sim_coverage_count(self->options->coverage);
    const bool fresh = shapes > out->shapes || self->kept_count == 0;
    out->shapes = shapes;
    if (rc == SY_OK) {
        const bool failed = result.verdict != SIM_PASSED;
        out->stopped = self->options->ended != NULL &&
                       !self->options->ended(self->options->self, &self->next, &result);
        out->runs -= out->stopped ? 1 : 0;
        out->failed += failed && !out->stopped ? 1 : 0;
        out->last_new = fresh && !out->stopped ? out->runs : out->last_new;
        if (fresh && (!failed || self->kept_count == 0) && self->kept_count < KEPT_COUNT_MAX) {
            rc = keep(self, &offers) == SY_OK ? SY_OK : sy_fail_nomem(self->err);
        }
    }
    sim_result_deinit(&result);
    sim_choice_list_deinit(&offers);
    return rc;
}

static sy_rc search(searcher *self)
{
    const uint64_t run_max = self->options->run_max > 0 ? self->options->run_max : RUN_COUNT_MAX;
    sy_rc rc = run(self);
    while (rc == SY_OK && !self->out->stopped && self->out->runs < run_max) {
        self->drawn = 0;
        rc = make_next(self, pick(self)) == SY_OK ? run(self) : sy_fail_nomem(self->err);
    }
    return rc;
}

sy_rc sim_guided_search(const sim_case *subject, const sim_guided_options *options, sy_alloc alloc,
                        sim_guided *out, sy_err *err)
{
    *out = (sim_guided){.runs = 0};
    searcher self = {
        .subject = subject, .options = options, .out = out, .alloc = alloc, .err = err};
    self.choice = sim_choice_new(alloc, options->seed, false);
    self.kept = sy_alloc_zeroed(alloc, KEPT_COUNT_MAX * sizeof *self.kept);
    sim_choice_list_init(&self.next, alloc);
    sy_rc rc = sy_fail_nomem(err);
    if (self.choice != NULL && self.kept != NULL) {
        self.stream = sim_stream_of(self.choice, "world", "search");
        rc = search(&self);
    }
    for (size_t i = 0; i < self.kept_count; i++) {
        sim_choice_list_deinit(&self.kept[i].choices);
        sim_choice_list_deinit(&self.kept[i].offers);
    }
    sim_choice_list_deinit(&self.next);
    sy_alloc_free(alloc, self.kept, KEPT_COUNT_MAX * sizeof *self.kept);
    sim_choice_free(self.choice);
    return rc;
}
