/* Associativity: three writers who started from one row, in every order of arrival. */
#include "sim/algebra/internal.h"

typedef struct writer {
    const sy_row *wanted; /* NULL: a deletion */
    sy_edit_stamp stamp;
} writer;

static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

typedef struct ending { /* what the server holds when all have arrived */
    sim_state state;
    const sy_row *forked[3];
    uint32_t fork_count;
} ending;

static void arrive(sim_checking_of_policy *c, const sy_row *base, const writer *who, uint32_t nth,
                   ending *e)
{
    if (nth == 0) { /* over the base: no conflict */
        e->state = (sim_state){who->wanted != NULL ? who->wanted : c->gone, who->stamp};
        return;
    }
    const sim_trial trial = {.policy = c->policy,
                             .as_run = c->options->as_run,
                             .base = base,
                             .local = who->wanted,
                             .edit = who->stamp,
                             .server = e->state,
                             .arrived = 10 * (sy_time)nth,
                             .status = 412};
    sim_trial_result result;
    if (sim_algebra_run(c, &trial, &result)) {
        e->state = result.server;
        if (result.forked != NULL) {
            e->forked[e->fork_count++] = result.forked;
        }
    }
}

static ending play(sim_checking_of_policy *c, const sy_row *base, const writer writers[3],
                   const uint8_t order[3])
{
    ending e = {.fork_count = 0};
    for (uint32_t i = 0; i < 3 && c->rc == SY_OK; i++) {
        arrive(c, base, &writers[order[i]], i, &e);
    }
    return e;
}

/* The same rows, whichever of them has the id. */
static bool same_ending(const ending *a, const ending *b)
{
    const sy_row *rest[4] = {b->state.row, b->forked[0], b->forked[1], b->forked[2]};
    if (a->fork_count != b->fork_count) {
        return false;
    }
    for (uint32_t i = 0; i <= a->fork_count; i++) {
        const sy_row *row = i == 0 ? a->state.row : a->forked[i - 1];
        uint32_t k = 0;
        while (k <= b->fork_count && (rest[k] == NULL || !sim_same_row(row, rest[k]))) {
            k++;
        }
        if (k > b->fork_count) {
            return false;
        }
        rest[k] = NULL;
    }
    return true;
}

static void say_writers(const sy_row *base, const writer writers[3], sy_buf *text)
{
    sy_buf_add_str(text, SY_STR("base "));
    sim_row_say(base, text);
    for (uint32_t i = 0; i < 3; i++) {
        sy_buf_printf(text, ", %.*s ", SY_FMT(writers[i].stamp.author));
        if (writers[i].wanted == NULL) {
            sy_buf_add_str(text, SY_STR("deletes"));
        } else {
            sim_row_say(writers[i].wanted, text);
        }
        sy_buf_printf(text, " at %lld", (long long)writers[i].stamp.at);
    }
}

static void fail_order(sim_checking_of_policy *c, const sy_row *base, const writer writers[3],
                       const uint8_t order[3], const ending *first, const ending *other)
{
    sy_buf text;
    uint32_t size = 0;
    for (uint32_t i = 0; i < 3; i++) {
        size += sim_algebra_differing(writers[i].wanted, base);
    }
    if (!sim_algebra_begins(c, SIM_POLICY_ASSOCIATIVE, size, &text)) {
        return;
    }
    say_writers(base, writers, &text);
    sy_buf_add_str(&text, SY_STR(" -> a, b, c: "));
    sim_row_say(first->state.row, &text);
    sy_buf_printf(&text, "; %c, %c, %c: ", 'a' + order[0], 'a' + order[1], 'a' + order[2]);
    sim_row_say(other->state.row, &text);
    sim_algebra_ends(c, SIM_POLICY_ASSOCIATIVE, &text);
}

static void try_writers(sim_checking_of_policy *c, const sy_row *base, const writer writers[3])
{
    const ending first = play(c, base, writers, orders[0]);
    sim_algebra_count(c, SIM_POLICY_ASSOCIATIVE);
    for (uint32_t i = 1; i < 6 && c->rc == SY_OK; i++) {
        const ending other = play(c, base, writers, orders[i]);
        if (c->rc == SY_OK && !same_ending(&first, &other)) {
            fail_order(c, base, writers, orders[i], &first, &other);
            break;
        }
    }
    sy_arena_reset(&c->work);
}

static void stamp_writers(writer writers[3], const uint8_t order[3])
{
    static const char *const authors[] = {"a", "b", "c"};
    for (uint32_t i = 0; i < 3; i++) {
        writers[i].stamp =
            (sy_edit_stamp){true, 10 + 10 * (sy_time)order[i], sy_str_of(authors[i]), 1};
    }
}

/* The base and three of the other eight rows or a deletion, stamped in each order. */
void sim_algebra_enumerate_writers(sim_checking_of_policy *c)
{
    for (uint32_t n = 0; n < 9 * 9 * 9 && c->rc == SY_OK; n++) {
        const uint32_t which[3] = {n % 9, n / 9 % 9, n / 81};
        writer writers[3];
        for (uint32_t i = 0; i < 3; i++) {
            writers[i].wanted = which[i] == 8 ? NULL : c->rows[which[i] + 1];
        }
        for (uint32_t order = 0; order < 6; order++) {
            stamp_writers(writers, orders[order]);
            try_writers(c, c->rows[0], writers);
        }
    }
}

void sim_algebra_draw_writers(sim_checking_of_policy *c, uint64_t number)
{
    sim_dice dice = {sy_hash_mix(sy_hash_mix(c->options->seed, 2), number), 0};
    const sy_row *base = sim_algebra_draw(c, &dice);
    writer writers[3];
    for (uint32_t i = 0; i < 3; i++) {
        writers[i].wanted = sim_algebra_draw(c, &dice);
        if (sim_dice_next(&dice) % 8 == 0) {
            writers[i].wanted = NULL;
        }
    }
    stamp_writers(writers, orders[sim_dice_next(&dice) % 6]);
    for (uint32_t i = 0; i < 3 && c->rc == SY_OK; i++) {
        if (writers[i].wanted != NULL && sim_same_row(base, writers[i].wanted)) {
            return; /* who changes nothing pushes nothing */
        }
    }
    if (c->rc == SY_OK) {
        try_writers(c, base, writers);
    }
}
