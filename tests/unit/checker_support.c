#include "tests/unit/checker_support.h"

#include "core/base/check.h"

#include <string.h>

void history_open(history *self, const sim_checker *checker)
{
    *self = (history){.checker = checker, .trace = sim_trace_new(sy_alloc_std())};
    SY_ASSERT(self->trace != NULL);
    sim_findings_init(&self->findings, sy_alloc_std());
    sy_arena_init(&self->arena, sy_alloc_std());
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}, {SY_STR("qty"), SY_TYPE_INT}};
    sy_rc rc = sy_schema_new(&self->arena, SY_STR("todoitem"), SY_SYSTEM_CLASSIC, columns, 2,
                             &self->schema, NULL);
    SY_ASSERT(rc == SY_OK);
    SY_ASSERT(sim_trace_add_host(self->trace, "server", &self->server) == SY_OK);
    SY_ASSERT(sim_trace_add_host(self->trace, "phone", &self->phone) == SY_OK);
    SY_ASSERT(sim_trace_add_host(self->trace, "tablet", &self->tablet) == SY_OK);
    rc = checker->open(checker, sy_alloc_std(), self->trace, &self->findings, &self->state);
    SY_ASSERT(rc == SY_OK);
    size_t count = 0;
    while (checker->kinds[count] != NULL) {
        count++;
    }
    rc = sim_trace_read(self->trace, checker->read, self->state, checker->kinds, count);
    SY_ASSERT(rc == SY_OK);
}

void history_end(history *self)
{
    self->checker->close(self->state);
    SY_ASSERT(!self->findings.failed);
}

void history_close(history *self)
{
    sim_findings_deinit(&self->findings);
    sim_trace_free(self->trace);
    sy_arena_deinit(&self->arena);
}

void history_emit(history *self, uint32_t host, const sy_event_kind *kind, const sy_value *fields)
{
    self->now += SY_MS;
    sim_trace_emit(self->trace, self->now, host, kind, fields);
}

const sy_row *history_row(history *self, const char *id, const char *text, bool deleted)
{
    sy_row *row = sy_row_new(&self->arena, self->schema);
    SY_ASSERT(row != NULL);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_COLUMN_DELETED] = sy_bool(deleted);
    row->cells[SY_SYSTEM_COUNT] = text != NULL ? sy_cstr(text) : SY_NULL;
    return row;
}

void history_commit(history *self, const char *id, const char *method, const char *before,
                    const char *after, int64_t stamp, const char *installation)
{
    bool deletes = strcmp(method, "delete") == 0;
    EMIT(self, self->server, &sy_event_commit, sy_cstr("todoitem"), sy_cstr(id), sy_cstr(method),
         sy_cstr(before), sy_cstr(after), sy_datetime(stamp), sy_int(stamp), sy_cstr(installation),
         sy_cstr(""), sy_row_value(history_row(self, id, "x", deletes)));
}

void history_crash(history *self, uint32_t host, const char *name)
{
    EMIT(self, host, &sim_event_host, sy_cstr(name), sy_cstr("crashed"));
}
