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
    self->server = history_add_host(self, "server");
    self->phone = history_add_host(self, "phone");
    self->tablet = history_add_host(self, "tablet");
    sim_lineage_init(&self->lineage, sy_alloc_std(), self->trace);
    rc = sim_trace_read(self->trace, sim_lineage_read, &self->lineage, sim_lineage_kinds,
                        SIM_LINEAGE_KIND_COUNT);
    SY_ASSERT(rc == SY_OK);
    const sim_checking in = {.alloc = sy_alloc_std(),
                             .trace = self->trace,
                             .lineage = &self->lineage,
                             .findings = &self->findings};
    rc = sim_checker_open(checker, &in, &self->state);
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
    sim_checker_close(self->checker, self->state);
    SY_ASSERT(!self->findings.failed && !self->lineage.failed);
}

void history_close(history *self)
{
    sim_findings_deinit(&self->findings);
    sim_trace_free(self->trace);
    sim_lineage_deinit(&self->lineage);
    sy_arena_deinit(&self->arena);
}

int history_set_up(void **state, const sim_checker *checker)
{
    static history self;
    history_open(&self, checker);
    *state = &self;
    return 0;
}

int history_tear_down(void **state)
{
    history_close(*state);
    return 0;
}

uint32_t history_add_host(history *self, const char *name)
{
    uint32_t host = 0;
    SY_ASSERT(sim_trace_add_host(self->trace, name, &host) == SY_OK);
    return host;
}

void history_emit(history *self, uint32_t host, const sy_event_kind *kind, const sy_value *fields,
                  size_t field_count)
{
    SY_ASSERT(field_count == kind->field_count);
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
         sy_cstr(""), sy_row_value(history_row(self, id, "x", deletes)), sy_int(0), sy_int(0));
}

void history_crash(history *self, uint32_t host, const char *name)
{
    EMIT(self, host, &sim_event_host, sy_cstr(name), sy_cstr("crashed"));
}

static sy_value row_or_none(history *self, const char *id, const char *text, const char *version)
{
    if (text == NULL) {
        return sy_row_value(NULL);
    }
    sy_row *row = sy_row_shallow(&self->arena, history_row(self, id, text, false));
    SY_ASSERT(row != NULL);
    if (version[0] != '\0') {
        row->cells[SY_COLUMN_VERSION] = sy_cstr(version);
    }
    return sy_row_value(row);
}

void history_write(history *self, uint32_t host, int64_t op, const char *kind, const char *id,
                   const char *text)
{
    EMIT(self, host, &sy_event_enqueue, sy_int(op), sy_cstr(kind), sy_cstr("todoitem"),
         sy_cstr(id));
    EMIT(self, host, &sy_event_write, sy_int(op), sy_cstr("todoitem"), sy_cstr(id), sy_cstr(kind),
         sy_int(op), row_or_none(self, id, text, ""));
}

void history_send(history *self, uint32_t host, int64_t op, const char *method, const char *id,
                  const char *if_match, const char *text)
{
    EMIT(self, host, &sy_event_send, sy_int(op), sy_cstr(method), sy_cstr("todoitem"), sy_cstr(id),
         sy_int(op), sy_int(1), sy_cstr(if_match), row_or_none(self, id, text, ""));
}

void history_serve(history *self, uint32_t host, int64_t op, const char *method, const char *id,
                   const char *before, const char *after, const char *text)
{
    const sy_row *row = history_row(self, id, text != NULL ? text : "", text == NULL);
    EMIT(self, self->server, &sy_event_commit, sy_cstr("todoitem"), sy_cstr(id), sy_cstr(method),
         sy_cstr(before), sy_cstr(after), sy_datetime(self->now), sy_int(self->now), sy_cstr(""),
         sy_cstr(""), sy_row_value(row), sy_int(host), sy_int(host != 0 ? op : 0));
}

void history_dequeue(history *self, uint32_t host, int64_t op, const char *id, const char *reason)
{
    EMIT(self, host, &sy_event_dequeue, sy_int(op), sy_cstr("todoitem"), sy_cstr(id),
         sy_cstr(reason));
}

void history_apply(history *self, uint32_t host, const char *id, const char *version,
                   const char *text)
{
    EMIT(self, host, &sy_event_apply, sy_cstr("todoitem"), sy_cstr(id), sy_cstr(version),
         sy_bool(text == NULL), sy_datetime(self->now), sy_int(0),
         row_or_none(self, id, text, version));
}

void history_conflict(history *self, uint32_t host, int64_t op, const char *id, const char *version,
                      const char *text, const char *decision, const char *by)
{
    EMIT(self, host, &sy_event_conflict, sy_int(op), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr(id), sy_int(412), sy_row_value(NULL), sy_row_value(NULL),
         row_or_none(self, id, text, version));
    EMIT(self, host, &sy_event_decision, sy_int(op), sy_cstr("todoitem"), sy_cstr(id),
         sy_cstr(decision), sy_cstr(by), sy_row_value(NULL));
}

void history_read(history *self, uint32_t host, const char *id, const char *text)
{
    EMIT(self, host, &sy_event_read, sy_int(1), sy_cstr("todoitem"), sy_cstr(id),
         row_or_none(self, id, text, ""));
}

void history_found_one(const history *self, const char *host, const char *row)
{
    SY_ASSERT(self->findings.count == 1);
    SY_ASSERT(strcmp(self->findings.items[0].host, host) == 0);
    SY_ASSERT(strcmp(self->findings.items[0].row, row) == 0);
}

void history_push(history *self, uint32_t host, int64_t op, const char *id, const char *before,
                  const char *after, const char *text)
{
    history_send(self, host, op, "update", id, before, text);
    history_serve(self, host, op, "update", id, before, after, text);
    history_dequeue(self, host, op, id, "pushed");
}

void history_insert(history *self, uint32_t host, int64_t op, const char *id)
{
    history_write(self, host, op, "insert", id, "new");
    history_send(self, host, op, "insert", id, "", "new");
    history_serve(self, host, op, "insert", id, "", "1", "new");
    history_apply(self, host, id, "1", "new");
    history_dequeue(self, host, op, id, "pushed");
}

void history_share(history *self)
{
    history_serve(self, 0, 0, "insert", "milk", "", "1", "old");
    history_apply(self, self->phone, "milk", "1", "old");
    history_apply(self, self->tablet, "milk", "1", "old");
}

void history_pull_ends(history *self, uint32_t host)
{
    EMIT(self, host, &sy_event_pull_end, sy_int(9), sy_cstr("todoitem"), sy_cstr("all"),
         sy_cstr("ok"), sy_int(1));
}
