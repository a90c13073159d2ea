/* Each draw is keyed by the number of its intention, which is made of where it comes from and not
 * of how many there were before it:
 *
 *   spread evenly    1, 2, 3 ...
 *   of a session     (hour, the how-manieth of that hour, the how-manieth edit)
 *   burst and undo   the number of the update, and which of what follows it
 *
 * In `intends` 0 is an intention that nobody has: so a reproduction does without it. */
#include "sim/host/intention.h"

#include "sim/kernel/distribution.h"
#include "sim/kernel/fixed.h"

#include <inttypes.h>
#include <string.h>

#define LABEL(variable, text)                                                                      \
    static const sim_label variable = {                                                            \
        .name = (text), .choice_class = SIM_WORKLOAD, .key_parts = {"intention", "part"}}
LABEL(intends_label, "user-intends");
LABEL(time_label, "user-time");
LABEL(verb_label, "user-verb");
LABEL(table_label, "user-table");
LABEL(row_label, "user-row");
LABEL(own_label, "user-own-row");
LABEL(field_label, "user-field");
LABEL(burst_label, "user-burst");
LABEL(undo_label, "user-undo");
LABEL(pause_label, "user-pause");
LABEL(step_label, "user-step");
LABEL(sets_label, "user-sets");
LABEL(text_label, "user-text");
LABEL(integer_label, "user-integer");
LABEL(number_label, "user-number");
LABEL(boolean_label, "user-boolean");
LABEL(datetime_label, "user-datetime");
LABEL(bytes_label, "user-bytes");

#define SESSION_LABEL(variable, text)                                                              \
    static const sim_label variable = {                                                            \
        .name = (text), .choice_class = SIM_WORKLOAD, .key_parts = {"hour", "session"}}
SESSION_LABEL(rate_label, "user-rate");
SESSION_LABEL(sessions_label, "user-sessions");
SESSION_LABEL(start_label, "user-session-start");
SESSION_LABEL(length_label, "user-session-length");
SESSION_LABEL(edits_label, "user-session-edits");
SESSION_LABEL(offline_label, "user-session-offline");

#define SESSION_COUNT_MAX 64u /* of a user in an hour */
#define EDIT_COUNT_MAX    200u
#define AFTER_BITS        4 /* of a number: what follows an update */
#define BURST_COUNT_MAX   6u

const char *sim_edit_name(sim_edit edit)
{
    static const char *const names[] = {"insert", "update",  "delete", "sync",
                                        "undo",   "offline", "online"};
    return names[edit];
}

const char *sim_edit_kind_name(sim_edit_kind kind)
{
    static const char *const names[] = {"independent", "check-list", "counter",
                                        "form",        "notes",      "parent-child"};
    return names[kind];
}

static uint64_t draw(const sim_stream *stream, const sim_label *label, uint64_t number,
                     uint64_t part, uint64_t n)
{
    return sim_choose(stream, label, SIM_KEY(number, part), n);
}

/* -- which row -- */

sy_rc sim_row_chances_of(const sim_user_plan *plan, sy_arena *arena, sim_row_chances *out)
{
    *out = (sim_row_chances){.count = plan->rows};
    if (plan->zipf == 0) {
        return SY_OK;
    }
    uint64_t *sums = sy_arena_push(arena, plan->rows * sizeof *sums);
    uint64_t sum = 0;
    if (sums == NULL) {
        return SY_NOMEM;
    }
    for (uint32_t i = 0; i < plan->rows; i++) { /* 1 / (i + 1)^s = 2^(-s log2(i + 1)) */
        const int64_t exponent = sim_fixed_log2(i + 1) / 1000 * (int64_t)plan->zipf;
        sum += (uint64_t)sim_fixed_exp2(-exponent) >> 8;
        sum += 1; /* nobody is left out */
        sums[i] = sum;
    }
    out->sums = sums;
    return SY_OK;
}

static uint32_t row_at(const sim_row_chances *chances, uint64_t chosen)
{
    uint32_t low = 0;
    uint32_t high = chances->count - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (chances->sums[middle] > chosen) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low + 1;
}

/* The how-manieth of the rows index + 1, index + 1 + user_count... */
static uint32_t own_row(const sim_user_plan *plan, uint32_t index, uint64_t chosen)
{
    return index % plan->user_count + 1 + (uint32_t)chosen * plan->user_count;
}

static uint32_t draw_row(const sim_user_plan *plan, const sim_row_chances *chances,
                         const sim_stream *stream, uint32_t index, uint64_t number)
{
    if (sim_choose_permille(stream, &own_label, SIM_KEY(number), plan->own)) {
        return own_row(plan, index,
                       draw(stream, &row_label, number, 0, plan->rows / plan->user_count));
    }
    if (chances->sums == NULL) {
        return 1 + (uint32_t)draw(stream, &row_label, number, 0, plan->rows);
    }
    return row_at(chances, draw(stream, &row_label, number, 0, chances->sums[plan->rows - 1]));
}

/* The odd row of this user that is nearest to `row`. */
static uint32_t insert_row(const sim_user_plan *plan, uint32_t index, uint32_t row)
{
    uint32_t own = (row - 1) / 2 / plan->user_count * plan->user_count + index + 1;
    own -= 2 * own - 1 > plan->rows ? plan->user_count : 0;
    return 2 * own - 1;
}

static uint32_t draw_weighted(const sim_stream *stream, const sim_label *label, uint64_t number,
                              const uint32_t *weights, uint32_t count)
{
    uint64_t total = 0;
    uint32_t last = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += weights != NULL ? weights[i] : 1;
    }
    uint64_t at = draw(stream, label, number, 0, total > 0 ? total : 1);
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t weight = weights != NULL ? weights[i] : 1;
        last = weight > 0 ? i : last;
        if (at < weight) {
            return i;
        }
        at -= weight;
    }
    return last;
}

/* -- the list -- */

typedef struct list {
    const sim_user_plan *plan;
    const sim_row_chances *chances;
    const sim_stream *stream;
    uint32_t index;
    sy_arena *arena;
    sim_intention *items;
    size_t count, capacity;
    bool failed;
} list;

static void add(list *self, const sim_intention *intention)
{
    if (self->count == self->capacity) {
        const size_t capacity = self->capacity == 0 ? 32 : 2 * self->capacity;
        sim_intention *items = sy_arena_push(self->arena, capacity * sizeof *items);
        if (items == NULL) {
            self->failed = true;
            return;
        }
        if (self->count > 0) {
            memcpy(items, self->items, self->count * sizeof *items);
        }
        self->items = items;
        self->capacity = capacity;
    }
    self->items[self->count++] = *intention;
}

static uint64_t after_number(const sim_intention *update, uint64_t which)
{
    return (update->number << AFTER_BITS) + which + (UINT64_C(1) << 63);
}

/* What follows an update: more of it within seconds, then perhaps its end. */
static void add_after(list *self, const sim_intention *update)
{
    const sim_user_plan *plan = self->plan;
    sim_intention last = *update;
    if (sim_choose_permille(self->stream, &burst_label, SIM_KEY(update->number), plan->burst)) {
        const uint64_t more =
            1 + draw(self->stream, &burst_label, update->number, 1, BURST_COUNT_MAX);
        for (uint64_t i = 1; i <= more; i++) {
            last.number = after_number(update, i);
            last.time +=
                (sy_time)(100 + draw(self->stream, &pause_label, update->number, i, 2000)) * SY_MS;
            add(self, &last);
        }
    }
    if (sim_choose_permille(self->stream, &undo_label, SIM_KEY(update->number), plan->undo)) {
        sim_intention undo = last;
        undo.edit = SIM_EDIT_UNDO;
        undo.of = last.number;
        undo.number = after_number(update, 0);
        undo.time +=
            (sy_time)(1 + draw(self->stream, &pause_label, update->number, 0, 30)) * SY_SECOND;
        add(self, &undo);
    }
}

static void draw_one(list *self, uint64_t number, sy_time time)
{
    const sim_user_plan *plan = self->plan;
    if (draw(self->stream, &intends_label, number, 0, UINT64_C(1) << 20) == 0) {
        return;
    }
    sim_intention one = {.time = time, .number = number};
    one.edit =
        (sim_edit)draw_weighted(self->stream, &verb_label, number, plan->mix, SIM_EDIT_SYNC + 1);
    if (one.edit == SIM_EDIT_SYNC) {
        add(self, &one);
        return;
    }
    one.table = (uint32_t)draw(self->stream, &table_label, number, 0, plan->table_count);
    one.row = draw_row(plan, self->chances, self->stream, self->index, number);
    const sim_user_table *table = &plan->tables[one.table];
    if (one.edit == SIM_EDIT_INSERT) {
        one.row = insert_row(plan, self->index, one.row);
    } else if (one.edit == SIM_EDIT_UPDATE && table->column_count > 0) {
        one.column =
            draw_weighted(self->stream, &field_label, number, table->weights, table->column_count);
    }
    add(self, &one);
    if (one.edit == SIM_EDIT_UPDATE) {
        add_after(self, &one);
    }
}

static void draw_spread(list *self)
{
    const uint64_t steps = (uint64_t)(self->plan->within / SY_MS) + 1;
    for (uint64_t number = 1; number <= self->plan->per_user; number++) {
        draw_one(self, number, (sy_time)draw(self->stream, &time_label, number, 0, steps) * SY_MS);
    }
}

/* -- sessions -- */

/* Thousandths of the mean rate, by the hour: few at night, most at six in the evening. */
static const uint32_t diurnal[24] = {300,  180,  120,  100,  110,  200,  450,  800,
                                     1000, 1100, 1150, 1200, 1300, 1250, 1150, 1150,
                                     1300, 1650, 2050, 1950, 1750, 1500, 1100, 1140};

/* How many of a Poisson process of this mean there are; `chosen` < 2^32, 0 gives 0. */
static uint32_t poisson(int64_t mean_q32, uint64_t chosen)
{
    const int64_t log2_e_q32 = INT64_C(6196328019);
    uint64_t term = (uint64_t)sim_fixed_exp2(-sim_fixed_scale(mean_q32, log2_e_q32));
    uint64_t sum = term;
    uint32_t count = 0;
    while (chosen >= sum && count < SESSION_COUNT_MAX && chosen != 0) {
        count++;
        term = (uint64_t)sim_fixed_scale((int64_t)term, mean_q32) / count;
        sum += term;
    }
    return count;
}

/* Sessions of this user in an hour of that weight, q32: a median user has per_day in a day. */
static int64_t mean_of(const list *self, uint64_t hour, int64_t factor_q32)
{
    const sim_user_sessions *sessions = &self->plan->sessions;
    const uint32_t weight = diurnal[(sessions->hour + hour) % 24];
    return sim_fixed_scale(factor_q32, SIM_FIXED_ONE / 24000 * sessions->per_day * weight);
}

static void draw_session(list *self, uint64_t hour, uint64_t session)
{
    const sim_user_sessions *sessions = &self->plan->sessions;
    /* the mean of a lognormal with sigma 1 is e^(1/2) times its median */
    const sim_distribution length = {.kind = SIM_LOGNORMAL,
                                     .scale = sessions->length / 1000 * 607,
                                     .shape = 1000,
                                     .limit = 20 * sessions->length};
    const sim_distribution more = {.kind = SIM_EXPONENTIAL,
                                   .scale = 1000 * (int64_t)sessions->edits - 500};
    const sim_key key = SIM_KEY(hour, session);
    const sy_time begin = (sy_time)hour * SY_HOUR +
                          (sy_time)sim_choose(self->stream, &start_label, key, 3600000) * SY_MS;
    const sy_time lasting = sim_distribution_draw(&length, self->stream, &length_label, key);
    const uint64_t most = EDIT_COUNT_MAX - 1;
    const int64_t drawn = sessions->edits > 1
                              ? sim_distribution_draw(&more, self->stream, &edits_label, key) / 1000
                              : 0;
    const uint64_t edits = 1 + ((uint64_t)drawn < most ? (uint64_t)drawn : most);
    const uint64_t first = ((hour + 1) * SESSION_COUNT_MAX + session) * 2 * EDIT_COUNT_MAX;
    const bool offline = sim_choose_permille(self->stream, &offline_label, key, sessions->offline);
    if (begin >= self->plan->within) {
        return;
    }
    if (offline) {
        add(self, &(sim_intention){.time = begin, .number = first, .edit = SIM_EDIT_OFFLINE});
        add(self, &(sim_intention){
                      .time = begin + lasting, .number = first + 1, .edit = SIM_EDIT_ONLINE});
    }
    const uint64_t steps = (uint64_t)(lasting / SY_MS) + 1;
    for (uint64_t i = 0; i < edits; i++) {
        const uint64_t number = first + 2 + i;
        draw_one(self, number,
                 begin + (sy_time)draw(self->stream, &time_label, number, 0, steps) * SY_MS);
    }
}

static void draw_sessions(list *self)
{
    const sim_distribution factor = {
        .kind = SIM_LOGNORMAL, .scale = SIM_FIXED_ONE, .shape = 1000, .limit = 8 * SIM_FIXED_ONE};
    const int64_t factor_q32 =
        sim_distribution_draw(&factor, self->stream, &rate_label, SIM_KEY(0));
    for (uint64_t hour = 0; (sy_time)hour * SY_HOUR < self->plan->within; hour++) {
        const uint64_t chosen =
            sim_choose(self->stream, &sessions_label, SIM_KEY(hour), SIM_DRAW_BOUND);
        const uint32_t count = poisson(mean_of(self, hour, factor_q32), chosen);
        for (uint32_t i = 0; i < count; i++) {
            draw_session(self, hour, i);
        }
    }
}

/* No two have the same number. */
static bool comes_before(const sim_intention *a, const sim_intention *b)
{
    return a->time != b->time ? a->time < b->time : a->number < b->number;
}

/* Two runs of `width`, the second perhaps shorter or not there, into one. */
static void merge(const sim_intention *from, sim_intention *to, size_t count, size_t width)
{
    size_t left = 0;
    size_t right = width < count ? width : count;
    const size_t middle = right;
    for (size_t i = 0; i < count; i++) {
        const bool takes_right =
            left == middle || (right < count && comes_before(&from[right], &from[left]));
        to[i] = takes_right ? from[right++] : from[left++];
    }
}

static void sort(list *self)
{
    sim_intention *from = self->items;
    sim_intention *to = sy_arena_push(self->arena, (self->count + 1) * sizeof *to);
    if (to == NULL) {
        self->failed = true;
        return;
    }
    for (size_t width = 1; width < self->count; width *= 2) {
        for (size_t at = 0; at < self->count; at += 2 * width) {
            const size_t left = self->count - at;
            merge(from + at, to + at, left < 2 * width ? left : 2 * width, width);
        }
        sim_intention *sorted = to;
        to = from;
        from = sorted;
    }
    self->items = from;
}

sy_rc sim_intentions_draw(const sim_user_plan *plan, const sim_row_chances *chances,
                          const sim_stream *stream, uint32_t index, sy_arena *arena,
                          const sim_intention **out, size_t *count)
{
    list self = {
        .plan = plan, .chances = chances, .stream = stream, .index = index, .arena = arena};
    if (plan->sessions.per_day > 0) {
        draw_sessions(&self);
    } else {
        draw_spread(&self);
    }
    sort(&self);
    *out = self.items;
    *count = self.count;
    return self.failed ? SY_NOMEM : SY_OK;
}

/* -- values -- */

static sy_value draw_text(const sim_stream *stream, uint64_t number, uint32_t column,
                          const char *who, sy_arena *arena)
{
    char text[96];
    sy_buf buf;
    sy_buf_init_fixed(&buf, text, sizeof text);
    sy_buf_printf(&buf, "%.40s %" PRIu64 ".%" PRIu64, who, number,
                  draw(stream, &text_label, number, column + 1, 1000));
    const sy_str kept = sy_arena_copy(arena, sy_buf_str(&buf));
    return kept.data != NULL ? sy_text(kept) : (sy_value){.type = SY_TYPE_ABSENT};
}

sy_value sim_intention_value(const sim_stream *stream, const sim_intention *intention,
                             const sim_user_table *table, uint32_t column, const char *who,
                             sy_arena *arena)
{
    const uint64_t number = intention->number;
    const uint64_t part = column + 1;
    switch (table->columns[column].type) {
    case SY_TYPE_BOOL:
        return sy_bool(draw(stream, &boolean_label, number, part, 2) == 1);
    case SY_TYPE_INT:
        return sy_int((int64_t)draw(stream, &integer_label, number, part, 1000));
    case SY_TYPE_REAL:
        return sy_real((double)draw(stream, &number_label, number, part, 4000) / 4);
    case SY_TYPE_DATETIME:
        return sy_datetime(SY_WORLD_EPOCH +
                           (sy_time)draw(stream, &datetime_label, number, part, 1000000) *
                               SY_SECOND);
    case SY_TYPE_BLOB: {
        const char byte = (char)draw(stream, &bytes_label, number, part, 256);
        const sy_str kept = sy_arena_copy(arena, (sy_str){&byte, 1});
        return kept.data != NULL ? sy_blob(kept) : (sy_value){.type = SY_TYPE_ABSENT};
    }
    case SY_TYPE_TEXT:
        return draw_text(stream, number, column, who, arena);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return SY_NULL;
}

int64_t sim_intention_step(const sim_stream *stream, const sim_intention *intention)
{
    const int64_t step = (int64_t)draw(stream, &step_label, intention->number, 0, 8);
    return step < 3 ? step - 3 : step - 2;
}

bool sim_intention_sets(const sim_stream *stream, const sim_intention *intention, uint32_t column)
{
    return column == intention->column ||
           draw(stream, &sets_label, intention->number, column + 1, 2) == 1;
}
