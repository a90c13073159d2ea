/* The tracer port: typed events. A kind is one constant that names its fields; an event is that
 * kind with one cell for each. Nothing is formatted until a reader wants text. Codes: core 1..99,
 * sim 100..199. */
#ifndef SY_PORT_TRACER_H
#define SY_PORT_TRACER_H

#include "core/value/row.h"

#define SY_EVENT_FIELD_COUNT_MAX 12
#define SY_EVENT_CODE_COUNT      200

typedef struct sy_event_kind {
    uint16_t code;
    bool outcome;     /* belongs to the outcome digest: values read, results, commits */
    const char *name; /* "commit" */
    uint32_t field_count;
    const char *fields[SY_EVENT_FIELD_COUNT_MAX]; /* "table", "id"... */
} sy_event_kind;

typedef struct sy_tracer_ops {
    /* `fields` has kind->field_count cells, borrowed for the call. */
    void (*emit)(void *self, const sy_event_kind *kind, const sy_value *fields);
} sy_tracer_ops;

typedef struct sy_tracer { /* zeroed: nobody listens */
    const sy_tracer_ops *ops;
    void *self;
} sy_tracer;

static inline void sy_tracer_emit(sy_tracer tracer, const sy_event_kind *kind,
                                  const sy_value *fields)
{
    if (tracer.ops != NULL) {
        tracer.ops->emit(tracer.self, kind, fields);
    }
}
/* sy_trace(tracer, &sy_event_x, sy_text(a), sy_int(b)): as many cells as the kind has fields. */
#define sy_trace(tracer, kind, ...)                                                                \
    sy_tracer_emit((tracer), (kind), (const sy_value[]){__VA_ARGS__})

#endif
