/* For each kind of event that counts: which of its fields make a shape. */
#include "sim/explore/coverage.h"

#include "core/port/events.h"
#include "sim/kernel/events.h"

#include <inttypes.h>
#include <string.h>

#define FIELD_END UINT32_MAX

typedef struct shape {
    const sy_event_kind *kind;
    uint32_t fields[4]; /* indices; FIELD_END behind the last */
} shape;

static const shape shapes[] = {
    {&sy_event_collapse, {3, 4, 5, FIELD_END}}, /* existing, new, action */
    {&sy_event_dequeue, {3, FIELD_END}},        /* reason */
    {&sy_event_answer, {1, 5, 6, FIELD_END}},   /* method, result, status */
    {&sy_event_conflict, {1, 4, FIELD_END}},    /* kind, status */
    {&sy_event_decision, {3, 4, FIELD_END}},    /* decision, by */
    {&sy_event_op_failed, {1, 4, FIELD_END}},   /* kind, status */
    {&sy_event_resolve, {3, FIELD_END}},        /* resolution */
    {&sy_event_push_end, {1, FIELD_END}},       /* status */
    {&sy_event_pull_end, {3, FIELD_END}},       /* result */
    {&sy_event_skip, {5, FIELD_END}},           /* reason */
    {&sy_event_apply, {3, FIELD_END}},          /* deleted */
    {&sy_event_notice, {3, FIELD_END}},         /* reaction */
    {&sy_event_wait, {1, 2, FIELD_END}},        /* verb, lock */
    {&sim_event_fault, {1, 2, 3, FIELD_END}},   /* what, fault, cause */
    {&sim_event_store_fault, {0, FIELD_END}},   /* what */
    {&sim_event_host, {1, FIELD_END}},          /* change */
    {&sim_event_link, {1, FIELD_END}},          /* change */
};

#define SHAPE_COUNT (sizeof shapes / sizeof shapes[0])

void sim_coverage_init(sim_coverage *coverage, sy_alloc alloc)
{
    *coverage = (sim_coverage){.failed = false};
    sy_arena_init(&coverage->arena, alloc);
    sy_map_init(&coverage->shapes, alloc);
    sy_buf_init(&coverage->text, alloc);
}

void sim_coverage_deinit(sim_coverage *coverage)
{
    sy_buf_deinit(&coverage->text);
    sy_map_deinit(&coverage->shapes);
    sy_arena_deinit(&coverage->arena);
}

static void add_field(sy_buf *out, const sy_value *value)
{
    sy_buf_add_char(out, ' ');
    if (value->type == SY_TYPE_TEXT) {
        sy_buf_add_str(out, sy_value_str(value));
    } else {
        sy_value_to_json(value, out);
    }
}

/* What a host is about, by the kinds that begin and end it. */
static void follow(sim_coverage *coverage, const sim_event *event)
{
    const char **doing = &coverage->doing[event->host % SIM_COVERAGE_HOST_COUNT_MAX];
    if (event->kind == &sy_event_push_begin) {
        *doing = "push";
    } else if (event->kind == &sy_event_pull_begin) {
        *doing = "pull";
    } else if (event->kind == &sy_event_push_end || event->kind == &sy_event_pull_end) {
        *doing = NULL;
    }
}

static bool is_fault(const sy_event_kind *kind)
{
    return kind == &sim_event_fault || kind == &sim_event_store_fault || kind == &sim_event_host;
}

static void add(void *self, const sim_event *event)
{
    sim_coverage *coverage = self;
    const shape *of = shapes;
    while (of < shapes + SHAPE_COUNT && of->kind != event->kind) {
        of++;
    }
    const char *doing = coverage->doing[event->host % SIM_COVERAGE_HOST_COUNT_MAX];
    follow(coverage, event);
    if (of == shapes + SHAPE_COUNT) {
        return;
    }
    sy_buf_clear(&coverage->text);
    sy_buf_add_str(&coverage->text, sy_str_of(event->kind->name));
    for (uint32_t i = 0; of->fields[i] != FIELD_END; i++) {
        add_field(&coverage->text, &event->fields[of->fields[i]]);
    }
    if (is_fault(event->kind) && doing != NULL) {
        sy_buf_printf(&coverage->text, " in a %s", doing);
    }
    sy_str text = sy_buf_str(&coverage->text);
    if (sy_map_find(&coverage->shapes, text) != NULL) {
        return;
    }
    sy_str copy = sy_arena_copy(&coverage->arena, text);
    if (coverage->text.failed || copy.data == NULL ||
        sy_map_set(&coverage->shapes, copy, (void *)copy.data) != SY_OK) {
        coverage->failed = true;
    }
}

sy_rc sim_coverage_read(sim_coverage *coverage, sim_trace *trace)
{
    const sy_event_kind *kinds[SHAPE_COUNT + 2] = {&sy_event_push_begin, &sy_event_pull_begin};
    for (size_t i = 0; i < SHAPE_COUNT; i++) {
        kinds[i + 2] = shapes[i].kind;
    }
    coverage->trace = trace;
    memset(coverage->doing, 0, sizeof coverage->doing);
    return sim_trace_read(trace, add, coverage, kinds, SHAPE_COUNT + 2);
}

size_t sim_coverage_count(const sim_coverage *coverage)
{
    return coverage->shapes.count;
}

const char *sim_coverage_at(const sim_coverage *coverage, size_t index)
{
    return index < coverage->shapes.entry_count ? coverage->shapes.entries[index].value : NULL;
}
