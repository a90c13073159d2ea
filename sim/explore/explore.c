/* Depth by depth: all combinations of one choice, then all of two... A combination is made in the
 * order in which its choices are drawn, so that each is met once: the next choice comes after the
 * last one in the record of the run with the choices before it. */
#include "sim/explore/explore.h"

#include <string.h>

#define RUN_COUNT_MAX UINT64_C(100000)

typedef struct explorer {
    const sim_case *subject;
    const sim_explore_options *options;
    sim_explored *out;
    sy_alloc alloc;
    uint64_t run_max, runs;
    sim_choice_list chosen; /* of the run to come */
    sy_err *err;
} explorer;

static bool same_draw(const sim_chosen *a, const sim_chosen *b)
{
    return strcmp(a->host, b->host) == 0 && strcmp(a->purpose, b->purpose) == 0 &&
           strcmp(a->label->name, b->label->name) == 0 &&
           memcmp(&a->key, &b->key, sizeof a->key) == 0;
}

static sim_explored_label *label_of(explorer *self, const char *name)
{
    sim_explored *out = self->out;
    for (uint32_t i = 0; i < out->label_count; i++) {
        if (strcmp(out->labels[i].name, name) == 0) {
            return &out->labels[i];
        }
    }
    sim_explored_label *made =
        &out->labels[out->label_count < SIM_EXPLORE_LABEL_MAX ? out->label_count++
                                                              : SIM_EXPLORE_LABEL_MAX - 1];
    *made = (sim_explored_label){.left_out = !sim_explore_wanted(self->options->labels, name)};
    size_t size = strlen(name) < sizeof made->name - 1 ? strlen(name) : sizeof made->name - 1;
    memcpy(made->name, name, size);
    return made;
}

bool sim_explore_wanted(const char *const *labels, const char *name)
{
    bool wanted = labels == NULL;
    for (const char *const *at = labels; at != NULL && *at != NULL; at++) {
        wanted = wanted || strcmp(*at, name) == 0;
    }
    return wanted;
}

size_t sim_explore_values(const sim_chosen *offer, uint64_t values[SIM_EXPLORE_VALUE_COUNT_MAX])
{
    const sim_label *label = offer->label;
    size_t count = 0;
    for (uint32_t i = 0; i < label->representative_count && count < SIM_EXPLORE_VALUE_COUNT_MAX;
         i++) {
        uint64_t value = label->representatives[i];
        if (value > 0 && value < offer->bound) {
            values[count++] = value;
        }
    }
    if (label->representative_count == 0 && offer->bound <= 5) {
        for (uint64_t value = 1; value < offer->bound; value++) {
            values[count++] = value;
        }
    } else if (label->representative_count == 0) {
        values[count++] = 1;
        values[count++] = offer->bound - 1;
    }
    return count;
}

/* A combination that was not run before. `cut`: from some point on it is an earlier one. */
static void count(explorer *self, uint32_t depth, const sim_result *result, bool failed, bool cut)
{
    if (!cut && self->options->ended != NULL &&
        !self->options->ended(self->options->self, &self->chosen, result)) {
        self->out->stopped = true;
        return;
    }
    self->out->runs[depth]++;
    self->out->pruned[depth] += cut ? 1 : 0;
    self->out->failed[depth] += failed ? 1 : 0;
}

/* Runs self->chosen; `offers` gets what the run could have chosen, as far as it went. */
static sy_rc run(explorer *self, uint32_t depth, uint32_t wanted, sim_choice_list *offers,
                 bool *failed)
{
    sim_result result;
    sim_states *states = self->options->states;
    if (states != NULL) {
        sim_states_begin(states, wanted - depth);
    }
    sy_rc rc =
        self->subject->ops->run(self->subject->self, &self->chosen, offers, &result, self->err);
    *failed = rc == SY_OK && result.verdict != SIM_PASSED;
    const bool cut = states != NULL && sim_states_end(states, failed);
    self->runs++;
    if (rc == SY_OK && depth == wanted) {
        count(self, depth, &result, *failed, cut);
    } else if (rc == SY_OK) {
        self->out->again++;
    }
    self->out->stopped = self->out->stopped || self->runs >= self->run_max;
    sim_result_deinit(&result);
    return rc;
}

static sy_rc extend(explorer *self, uint32_t depth, uint32_t wanted);

/* Every value of one offer. */
static sy_rc try_offer(explorer *self, const sim_chosen *offer, uint32_t depth, uint32_t wanted)
{
    uint64_t values[SIM_EXPLORE_VALUE_COUNT_MAX];
    sim_explored_label *label = label_of(self, offer->label->name);
    if (depth + 1 == wanted) {
        label->offered++;
    }
    if (label->left_out) {
        return SY_OK;
    }
    sy_rc rc = SY_OK;
    const size_t count = sim_explore_values(offer, values);
    const uint64_t possible = offer->bound - 1;
    self->out->values_left_out += possible > count ? possible - count : 0;
    for (size_t i = 0; i < count && rc == SY_OK && !self->out->stopped; i++) {
        sim_chosen chosen = *offer;
        chosen.value = values[i];
        size_t before = self->chosen.count;
        if (sim_choice_list_add(&self->chosen, &chosen) != SY_OK) {
            return sy_fail_nomem(self->err);
        }
        label->values += depth + 1 == wanted ? 1 : 0;
        rc = extend(self, depth + 1, wanted);
        self->chosen.count = before;
    }
    return rc;
}

/* A draw may be made more than once; forcing it forces all of them. */
static bool is_first(const sim_choice_list *offers, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (memcmp(&offers->items[i].key, &offers->items[at].key, sizeof offers->items[i].key) ==
                0 &&
            same_draw(&offers->items[i], &offers->items[at])) {
            return false;
        }
    }
    return true;
}

/* Runs what is chosen so far and, above the wanted depth, goes one choice further. */
static sy_rc extend(explorer *self, uint32_t depth, uint32_t wanted)
{
    bool failed = false;
    sim_choice_list offers;
    sim_choice_list_init(&offers, self->alloc);
    sy_rc rc = run(self, depth, wanted, &offers, &failed);
    if (rc == SY_OK && depth < wanted && failed) {
        self->out->not_extended++;
    } else if (rc == SY_OK && depth < wanted) {
        size_t from = 0;
        const sim_chosen *last = depth == 0 ? NULL : &self->chosen.items[self->chosen.count - 1];
        for (size_t i = 0; i < offers.count && last != NULL; i++) {
            from = same_draw(&offers.items[i], last) ? i + 1 : from;
        }
        for (size_t i = from; i < offers.count && rc == SY_OK && !self->out->stopped; i++) {
            if (offers.items[i].value == 0 && offers.items[i].bound > 1 && is_first(&offers, i)) {
                rc = try_offer(self, &offers.items[i], depth, wanted);
            }
        }
    }
    sim_choice_list_deinit(&offers);
    return rc;
}

sy_rc sim_explore(const sim_case *subject, const sim_explore_options *options, sy_alloc alloc,
                  sim_explored *out, sy_err *err)
{
    *out = (sim_explored){.label_count = 0};
    explorer self = {
        .subject = subject, .options = options, .out = out, .alloc = alloc, .err = err};
    self.run_max = options->run_max > 0 ? options->run_max : RUN_COUNT_MAX;
    sim_choice_list_init(&self.chosen, alloc);
    sy_rc rc = SY_OK;
    for (uint32_t depth = 0; depth <= options->depth && rc == SY_OK && !out->stopped; depth++) {
        if (options->states != NULL) {
            sim_states_clear(options->states);
        }
        out->depth = depth;
        rc = extend(&self, 0, depth);
        if (rc == SY_OK && !out->stopped && out->runs[depth] == 0 && out->not_extended == 0) {
            out->exhausted = true;
            break;
        }
    }
    sim_choice_list_deinit(&self.chosen);
    return rc;
}
