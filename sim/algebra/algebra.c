#include "sim/algebra/algebra.h"

#include "sim/algebra/internal.h"

#include <stdio.h>
#include <string.h>

const char *sim_policy_law_name(sim_law_of_policy law)
{
    static const char *const names[SIM_POLICY_LAW_COUNT] = {
        [SIM_POLICY_TOTAL] = "totality",
        [SIM_POLICY_DETERMINISTIC] = "determinism",
        [SIM_POLICY_IDEMPOTENT] = "idempotence",
        [SIM_POLICY_SYMMETRIC] = "symmetry",
        [SIM_POLICY_ASSOCIATIVE] = "associativity",
        [SIM_POLICY_NO_INVENTION] = "no invention",
        [SIM_POLICY_INTENTION] = "intention",
        [SIM_POLICY_CLOCKS] = "monotone clocks",
    };
    return law < SIM_POLICY_LAW_COUNT ? names[law] : "?";
}

/* -- counterexamples: the smallest is kept -- */

/* The text of a counterexample under way; NULL: a smaller one is known. */
bool sim_algebra_begins(sim_checking_of_policy *c, sim_law_of_policy law, uint32_t size,
                        sy_buf *text)
{
    sim_policy_law *found = &c->out->laws[law];
    if (found->fails && found->size <= size) {
        return false;
    }
    found->fails = true;
    found->size = size;
    sy_buf_init_fixed(text, found->example, sizeof found->example - 1);
    return true;
}

void sim_algebra_ends(sim_checking_of_policy *c, sim_law_of_policy law, const sy_buf *text)
{
    c->out->laws[law].example[text->size] = '\0';
}

uint32_t sim_algebra_differing(const sy_row *row, const sy_row *base)
{
    const bool here = sy_conflict_alive(row);
    const bool before = sy_conflict_alive(base);
    if (row == NULL || base == NULL || !here || !before) {
        return here != before ? 3 : 0;
    }
    uint32_t count = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        count += sy_value_compare(&row->cells[i], &base->cells[i]) != 0;
    }
    return count;
}

static uint32_t size_of(const sim_trial *trial)
{
    return sim_algebra_differing(trial->local, trial->base) +
           sim_algebra_differing(trial->server.row, trial->base) + (trial->base == NULL ? 2 : 0) +
           (trial->edit.at > trial->server.stamp.at ? 0 : 1);
}

static void say_outcome(const sim_trial_result *result, sy_buf *text)
{
    sy_buf_printf(text, "%s: ", sy_judgement_kind_name(result->judgement.kind));
    sim_row_say(result->server.row, text);
    if (result->forked != NULL) {
        sy_buf_add_str(text, SY_STR(" and beside it "));
        sim_row_say(result->forked, text);
    }
}

static void fail_trial(sim_checking_of_policy *c, sim_law_of_policy law, const sim_trial *trial,
                       const sim_trial_result *result, const char *why)
{
    sy_buf text;
    if (!sim_algebra_begins(c, law, size_of(trial), &text)) {
        return;
    }
    sim_trial_say(trial, &text);
    sy_buf_add_str(&text, SY_STR(" -> "));
    say_outcome(result, &text);
    sy_buf_printf(&text, "%s%s", why[0] != '\0' ? ": " : "", why);
    sim_algebra_ends(c, law, &text);
}

/* -- the laws of one conflict -- */

bool sim_algebra_run(sim_checking_of_policy *c, const sim_trial *trial, sim_trial_result *out)
{
    if (c->rc == SY_OK) {
        c->rc = sim_trial_run(trial, &c->work, out, c->err);
    }
    return c->rc == SY_OK;
}

void sim_algebra_count(sim_checking_of_policy *c, sim_law_of_policy law)
{
    c->out->laws[law].cases++;
}

static bool same_outcome(const sim_trial_result *a, const sim_trial_result *b)
{
    if ((a->forked == NULL) != (b->forked == NULL)) {
        return false;
    }
    if (a->forked == NULL) {
        return sim_same_row(a->server.row, b->server.row);
    }
    return (sim_same_row(a->server.row, b->server.row) && sim_same_row(a->forked, b->forked)) ||
           (sim_same_row(a->server.row, b->forked) && sim_same_row(a->forked, b->server.row));
}

static void try_determinism(sim_checking_of_policy *c, const sim_trial *trial,
                            const sim_trial_result *first)
{
    sim_trial again = *trial;
    again.local = trial->local != NULL ? sy_row_copy(&c->work, trial->local) : NULL;
    again.base = trial->base != NULL ? sy_row_copy(&c->work, trial->base) : NULL;
    if ((trial->local != NULL && again.local == NULL) ||
        (trial->base != NULL && again.base == NULL)) {
        c->rc = sy_fail_nomem(c->err);
        return;
    }
    sim_trial_result second;
    sim_algebra_count(c, SIM_POLICY_DETERMINISTIC);
    if (sim_algebra_run(c, &again, &second) &&
        (second.judgement.kind != first->judgement.kind || !same_outcome(first, &second))) {
        fail_trial(c, SIM_POLICY_DETERMINISTIC, trial, &second, "another time otherwise");
    }
}

static void try_idempotence(sim_checking_of_policy *c, const sim_trial *trial,
                            const sim_trial_result *result)
{
    if (trial->server.row == NULL || !sim_same_row(trial->local, trial->server.row)) {
        return;
    }
    sim_algebra_count(c, SIM_POLICY_IDEMPOTENT);
    if (!sim_same_row(result->server.row, trial->server.row) ||
        sy_judgement_keeps(result->judgement.kind)) {
        fail_trial(c, SIM_POLICY_IDEMPOTENT, trial, result, "");
    }
}

static void try_symmetry(sim_checking_of_policy *c, const sim_trial *trial,
                         const sim_trial_result *result)
{
    if (trial->server.row == NULL || (trial->base == NULL && sy_row_deleted(trial->server.row))) {
        return; /* nobody can wish that */
    }
    sim_trial swapped = *trial;
    swapped.local = sy_conflict_alive(trial->server.row) ? trial->server.row : NULL;
    swapped.edit = trial->server.stamp;
    swapped.server = (sim_state){trial->local != NULL ? trial->local : c->gone, trial->edit};
    sim_trial_result other;
    sim_algebra_count(c, SIM_POLICY_SYMMETRIC);
    if (sim_algebra_run(c, &swapped, &other) && !same_outcome(result, &other)) {
        sy_buf text;
        if (sim_algebra_begins(c, SIM_POLICY_SYMMETRIC, size_of(trial), &text)) {
            sim_trial_say(trial, &text);
            sy_buf_add_str(&text, SY_STR(" -> "));
            say_outcome(result, &text);
            sy_buf_add_str(&text, SY_STR("; changed places -> "));
            say_outcome(&other, &text);
            sim_algebra_ends(c, SIM_POLICY_SYMMETRIC, &text);
        }
    }
}

static const sy_value *cell(const sy_row *row, uint32_t column)
{
    return sy_conflict_alive(row) ? &row->cells[column] : &sy_null_cell;
}

static bool same_cell(const sy_row *a, const sy_row *b, uint32_t column)
{
    return sy_value_compare(cell(a, column), cell(b, column)) == 0;
}

static void try_invention(sim_checking_of_policy *c, const sim_trial *trial,
                          const sim_trial_result *result)
{
    const sy_row *row = result->judgement.kind == SY_JUDGED_PUSH ? result->judgement.value : NULL;
    if (row == NULL) {
        return;
    }
    sim_algebra_count(c, SIM_POLICY_NO_INVENTION);
    const uint64_t typed = c->domain.typed | result->judgement.both;
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        if ((typed >> i & 1) == 0 && !same_cell(row, trial->base, i) &&
            !same_cell(row, trial->local, i) && !same_cell(row, trial->server.row, i)) {
            fail_trial(c, SIM_POLICY_NO_INVENTION, trial, result, "");
            return;
        }
    }
}

static void try_intention(sim_checking_of_policy *c, const sim_trial *trial,
                          const sim_trial_result *result)
{
    if (trial->local == NULL || !sy_conflict_alive(trial->server.row)) {
        return;
    }
    sim_algebra_count(c, SIM_POLICY_INTENTION);
    for (uint32_t i = SY_SYSTEM_COUNT; i < trial->local->schema->column_count; i++) {
        const bool here = !same_cell(trial->local, trial->base, i);
        const bool there = !same_cell(trial->server.row, trial->base, i);
        const sy_row *wanted = here ? trial->local : trial->server.row;
        if (here != there && !same_cell(result->server.row, wanted, i)) {
            fail_trial(c, SIM_POLICY_INTENTION, trial, result, "what one side changed is lost");
            return;
        }
    }
}

static void try_clocks(sim_checking_of_policy *c, const sim_trial *trial,
                       const sim_trial_result *result)
{
    const sy_judgement_kind kind = result->judgement.kind;
    if (trial->server.row == NULL || kind == SY_JUDGED_NOT || kind == SY_JUDGED_ASK) {
        return;
    }
    sim_algebra_count(c, SIM_POLICY_CLOCKS);
    if (result->server.stamp.at < trial->edit.at ||
        result->server.stamp.at < trial->server.stamp.at) {
        fail_trial(c, SIM_POLICY_CLOCKS, trial, result, "with the earlier stamp");
    }
}

static void try_all(sim_checking_of_policy *c, const sim_trial *trial)
{
    sim_trial_result result;
    if (!sim_algebra_run(c, trial, &result)) {
        return;
    }
    sim_algebra_count(c, SIM_POLICY_TOTAL);
    if (result.judgement.kind == SY_JUDGED_NOT) {
        fail_trial(c, SIM_POLICY_TOTAL, trial, &result, "no decision");
    }
    try_determinism(c, trial, &result);
    try_idempotence(c, trial, &result);
    try_symmetry(c, trial, &result);
    try_invention(c, trial, &result);
    try_intention(c, trial, &result);
    try_clocks(c, trial, &result);
    sy_arena_reset(&c->work);
}

/* -- all conflicts -- */

static void stamp_trial(sim_trial *trial, uint32_t order)
{
    static const sy_time ours[] = {20, 10, 15};
    static const sy_time theirs[] = {10, 20, 15}; /* equal times: the authors decide */
    trial->edit = (sy_edit_stamp){true, ours[order], SY_STR("a"), 1};
    trial->server.stamp = (sy_edit_stamp){true, theirs[order], SY_STR("b"), 2};
    trial->arrived = 15;
}

/* The base there or not, ours there or deleted, theirs there, deleted or purged: nine cases, as
 * what never was can't be deleted. */
static bool put_presence(sim_checking_of_policy *c, sim_trial *trial, uint32_t which)
{
    trial->base = which % 2 == 0 ? trial->base : NULL;
    trial->local = which / 2 % 2 == 0 ? trial->local : NULL;
    trial->server.row = which / 4 == 0 ? trial->server.row : which / 4 == 1 ? c->gone : NULL;
    trial->status = trial->server.row == NULL ? 404 : 412;
    return trial->base != NULL || trial->local != NULL;
}

static void try_presence(sim_checking_of_policy *c, const sy_row *base, const sy_row *local,
                         const sy_row *server)
{
    for (uint32_t n = 0; n < 12 * 3; n++) {
        sim_trial trial = {
            .policy = c->policy, .as_run = c->options->as_run, .base = base, .local = local};
        trial.server.row = server;
        stamp_trial(&trial, n / 12);
        if (put_presence(c, &trial, n % 12)) {
            try_all(c, &trial);
        }
    }
}

static void enumerate(sim_checking_of_policy *c)
{
    const uint32_t rows = SIM_DOMAIN_ROW_COUNT;
    for (uint32_t n = 0; n < rows * rows * rows && c->rc == SY_OK; n++) {
        try_presence(c, c->rows[n % rows], c->rows[n / rows % rows], c->rows[n / rows / rows]);
    }
}

/* The two kinds that are no choice between two states of one row. */
static void try_other_rows(sim_checking_of_policy *c)
{
    sy_row *other = sy_row_shallow(&c->kept, c->rows[1]);
    if (other == NULL) {
        c->rc = sy_fail_nomem(c->err);
        return;
    }
    other->cells[SY_COLUMN_ID] = sy_cstr("b");
    for (uint32_t i = 0; i < 2; i++) {
        sim_trial trial = {.policy = c->policy,
                           .as_run = c->options->as_run,
                           .local = c->rows[0],
                           .server = {.row = i == 0 ? other : NULL},
                           .status = i == 0 ? 409 : 422};
        sim_trial_result result;
        sim_algebra_count(c, SIM_POLICY_TOTAL);
        if (sim_algebra_run(c, &trial, &result) && result.judgement.kind == SY_JUDGED_NOT) {
            fail_trial(c, SIM_POLICY_TOTAL, &trial, &result, "no decision");
        }
    }
}

/* -- drawn ones -- */

const sy_row *sim_algebra_draw(sim_checking_of_policy *c, sim_dice *dice)
{
    const sy_row *row = sim_domain_draw(&c->domain, dice, &c->work);
    if (row == NULL) {
        c->rc = sy_fail_nomem(c->err);
    }
    return row;
}

static void draw_trial(sim_checking_of_policy *c, uint64_t number)
{
    sim_dice dice = {sy_hash_mix(sy_hash_mix(c->options->seed, 1), number), 0};
    sim_trial trial = {.policy = c->policy, .as_run = c->options->as_run};
    trial.base = sim_algebra_draw(c, &dice);
    trial.local = sim_algebra_draw(c, &dice);
    trial.server.row = sim_algebra_draw(c, &dice);
    stamp_trial(&trial, (uint32_t)(sim_dice_next(&dice) % 3));
    const uint64_t which = sim_dice_next(&dice) % 24; /* most of them all there */
    if (c->rc == SY_OK && put_presence(c, &trial, which < 12 ? (uint32_t)which : 0)) {
        try_all(c, &trial);
    }
}

/* -- */

static void prepare(sim_checking_of_policy *c)
{
    c->rc = sim_domain_make(c->policy, &c->kept, &c->domain, c->err);
    for (uint32_t i = 0; i < SIM_DOMAIN_ROW_COUNT && c->rc == SY_OK; i++) {
        c->rows[i] = sim_domain_row(&c->domain, i, &c->kept);
        c->rc = c->rows[i] == NULL ? sy_fail_nomem(c->err) : SY_OK;
    }
    sy_row *gone = c->rc == SY_OK ? sy_row_new(&c->kept, c->domain.schema) : NULL;
    if (gone == NULL) {
        c->rc = c->rc == SY_OK ? sy_fail_nomem(c->err) : c->rc;
        return;
    }
    gone->cells[SY_COLUMN_ID] = sy_cstr("a");
    gone->cells[SY_COLUMN_DELETED] = sy_bool(true);
    c->gone = gone;
}

sy_rc sim_algebra_check(const sy_policy *policy, const sim_algebra_options *options,
                        sim_algebra *out, sy_err *err)
{
    sim_checking_of_policy c = {.options = options, .policy = policy, .out = out, .err = err};
    *out = (sim_algebra){0};
    sy_arena_init(&c.kept, sy_alloc_std());
    sy_arena_init(&c.work, sy_alloc_std());
    prepare(&c);
    if (c.rc == SY_OK) {
        try_other_rows(&c);
        enumerate(&c);
        sim_algebra_enumerate_writers(&c);
    }
    for (uint64_t i = 0; i < options->samples && c.rc == SY_OK; i++) {
        draw_trial(&c, i);
        sy_arena_reset(&c.work);
        sim_algebra_draw_writers(&c, i);
        sy_arena_reset(&c.work);
    }
    sy_arena_deinit(&c.work);
    sy_arena_deinit(&c.kept);
    return c.rc;
}

/* -- field policies -- */

const sy_policy *sim_algebra_of_field(const sy_field_policy *field, sim_field_as_policy *room)
{
    static const sy_str states[] = {{"draft", 5}, {"sent", 4}, {"paid", 4}};
    room->field = *field;
    if (field->may_park && field->adds) {
        room->field.bounded = true;
        room->field.low = 0;
        room->field.high = 4;
    }
    if (field->may_park && field->every_change && field->types != 0 && !field->typed) {
        room->field.order = states;
        room->field.order_count = 3;
    }
    room->policy = *sy_policy_find(SY_STR("field_merge"));
    room->policy.name = field->name;
    room->policy.summary = field->summary;
    room->policy.otherwise = &room->field;
    room->policy.deletes = sy_policy_find(SY_STR("delete_wins")); /* it breaks none of the laws */
    return &room->policy;
}
