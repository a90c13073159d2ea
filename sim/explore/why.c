/* One choice at a time, the others as they are. Bisection takes it that the values that fail are
 * one range; the value that was found lies in it. */
#include "sim/explore/why.h"

typedef struct asker {
    const sim_case *subject;
    const sim_choice_list *list;
    const sim_signature *signature;
    sim_choice_list changed, made;
    sy_rc rc;
    sy_err *err;
} asker;

/* Does it fail in that way when choice `at` is `value`? */
static bool fails(asker *self, size_t at, uint64_t value)
{
    sim_choice_list_clear(&self->changed);
    sim_choice_list_clear(&self->made);
    for (size_t i = 0; i < self->list->count && self->rc == SY_OK; i++) {
        sim_chosen chosen = self->list->items[i];
        chosen.value = i == at ? value : chosen.value;
        self->rc = sim_choice_list_add(&self->changed, &chosen);
    }
    if (self->rc != SY_OK) {
        return false;
    }
    sim_result result;
    self->rc = self->subject->ops->run(self->subject->self, &self->changed, &self->made, &result,
                                       self->err);
    bool shown = self->rc == SY_OK && sim_signature_shown(self->signature, &result);
    sim_result_deinit(&result);
    return shown;
}

/* The last value on the way from `good` (which fails) to `end` that fails too. */
static uint64_t border(asker *self, size_t at, uint64_t good, uint64_t end)
{
    if (good == end || fails(self, at, end)) {
        return end;
    }
    uint64_t bad = end;
    while (self->rc == SY_OK && (good > bad ? good - bad : bad - good) > 1) {
        uint64_t middle = good > bad ? bad + (good - bad) / 2 : good + (bad - good) / 2;
        if (fails(self, at, middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return good;
}

sy_rc sim_why(const sim_question *question, sy_alloc alloc, sim_reason *reasons, size_t *asked,
              sy_err *err)
{
    const sim_choice_list *list = question->list;
    asker self = {
        .subject = question->subject, .list = list, .signature = question->signature, .err = err};
    *asked = 0;
    sim_choice_list_init(&self.changed, alloc);
    sim_choice_list_init(&self.made, alloc);
    for (size_t i = 0; i < list->count && self.rc == SY_OK; i++) {
        const sim_chosen *chosen = &list->items[i];
        reasons[i].needed = !fails(&self, i, 0);
        reasons[i].least = reasons[i].needed ? border(&self, i, chosen->value, 1) : 0;
        reasons[i].most = border(&self, i, chosen->value, chosen->bound - 1);
        if (question->goes_on != NULL && !question->goes_on(question->self)) {
            break; /* the last answers may be of runs that were broken off */
        }
        *asked = i + 1;
    }
    sim_choice_list_deinit(&self.changed);
    sim_choice_list_deinit(&self.made);
    return self.rc == SY_NOMEM ? sy_fail_nomem(err) : self.rc;
}
