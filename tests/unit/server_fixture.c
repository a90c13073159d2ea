#include "tests/unit/server_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/hash.h"
#include "core/port/events.h"

static sy_time clock_now(void *self)
{
    return ((fixture *)self)->now;
}

static const sy_clock_ops clock_ops = {.now = clock_now};

static void fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    (void)self;
    out[0] = sy_hash(purpose.data, purpose.size, n);
    out[1] = sy_hash_mix(out[0], n);
}

static const sy_identity_ops identity_ops = {fresh};

static void emit(void *self, const sy_event_kind *kind, const sy_value *fields)
{
    fixture *f = self;
    f->commits += kind == &sy_event_commit;
    if (f->event_count == FIXTURE_EVENT_COUNT_MAX) {
        return;
    }
    fixture_event *event = &f->events[f->event_count++];
    event->kind = kind;
    for (uint32_t i = 0; i < kind->field_count; i++) {
        if (fields[i].type == SY_TYPE_ROW) {
            const sy_row *row = fields[i].as.row;
            event->fields[i] = sy_row_value(row != NULL ? sy_row_copy(&f->arena, row) : NULL);
        } else {
            assert_int_equal(sy_value_copy(&fields[i], &f->arena, &event->fields[i]), SY_OK);
        }
    }
}

static const sy_tracer_ops tracer_ops = {emit};

static void notify(void *self, const sy_notice *notice)
{
    fixture *f = self;
    f->notices++;
    (void)snprintf(f->notice_from, sizeof f->notice_from, "%.*s", SY_FMT(notice->originator));
}

static const sy_notifier_ops notifier_ops = {notify};

static void make_schemas(fixture *f)
{
    static const char *const names[] = {"todo", "other", "hard", "blind"};
    sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT},
                           {SY_STR("qty"), SY_TYPE_INT},
                           {SY_STR("due"), SY_TYPE_DATETIME}};
    for (size_t i = 0; i < FIXTURE_TABLE_COUNT; i++) {
        const sy_schema *app = NULL;
        uint32_t version = i == 3 ? SY_SYSTEM_BIT(SY_COLUMN_VERSION) : 0;
        uint32_t system = SY_SYSTEM_CLASSIC & ~version;
        assert_int_equal(
            sy_schema_new(&f->schemas, sy_str_of(names[i]), system, columns, 3, &app, NULL), SY_OK);
        f->tables[i] = (sy_server_table){
            .schema = app, .soft_delete = i != 2, .dynamic_schema = f->dialect->dynamic_schema};
        assert_int_equal(sy_server_schema_new(f->dialect, &f->tables[i], &f->schemas,
                                              &f->tables[i].schema, NULL),
                         SY_OK);
        f->schema = i == 0 ? app : f->schema;
    }
    f->text_column = SY_SYSTEM_COUNT;
    f->qty_column = SY_SYSTEM_COUNT + 1;
    f->due_column = SY_SYSTEM_COUNT + 2;
}

int fixture_setup(void **state)
{
    fixture *f = sy_alloc_zeroed(sy_alloc_std(), sizeof *f);
    assert_non_null(f);
    f->dialect = sy_server_dialect_find(sy_str_of(*state));
    assert_non_null(f->dialect);
    *state = f;
    sy_arena_init(&f->arena, sy_alloc_std());
    sy_arena_init(&f->schemas, sy_alloc_std());
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &f->store, NULL), SY_OK);
    make_schemas(f);
    f->now = SY_WORLD_EPOCH;
    f->table = "todo";
    f->since = -1;
    f->query = sy_query_all(f->schema);
    f->config = (sy_server_config){.dialect = f->dialect,
                                   .tables = f->tables,
                                   .table_count = FIXTURE_TABLE_COUNT,
                                   .schemas = &f->schemas,
                                   .notifies = true,
                                   .epoch = SY_STR("one"),
                                   .alloc = sy_alloc_std(),
                                   .store = sy_store_memory_port(f->store),
                                   .clock = {&clock_ops, f},
                                   .identity = {&identity_ops, f},
                                   .tracer = {&tracer_ops, f},
                                   .notifier = {&notifier_ops, f}};
    assert_int_equal(sy_server_open(&f->config, &f->server, NULL), SY_OK);
    return 0;
}

int fixture_teardown(void **state)
{
    fixture *f = *state;
    sy_server_close(f->server);
    sy_store_memory_free(f->store);
    sy_arena_deinit(&f->arena);
    sy_arena_deinit(&f->schemas);
    sy_alloc_free(sy_alloc_std(), f, sizeof *f);
    return 0;
}

void fixture_restart(fixture *f)
{
    sy_server_close(f->server);
    assert_int_equal(sy_server_open(&f->config, &f->server, NULL), SY_OK);
}

void fixture_forget_events(fixture *f)
{
    f->event_count = 0;
}

sy_request request_of(fixture *f, sy_method method, const char *id)
{
    return (sy_request){.method = method,
                        .table = sy_str_of(f->table),
                        .id = sy_str_of(id),
                        .installation_id = sy_str_of(f->installation),
                        .operation_key = sy_str_of(f->key),
                        .include_deleted = f->include_deleted,
                        .page_size_max = f->page_size_max,
                        .since_sequence = f->since,
                        .epoch = sy_str_of(f->epoch),
                        .edited_at = f->edited_at,
                        .edit_sequence = f->edit_sequence};
}

sy_row *make_row(fixture *f, const char *id, const char *text, int64_t qty)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    assert_non_null(row);
    if (id != NULL) {
        row->cells[SY_COLUMN_ID] = sy_cstr(id);
    }
    if (text != NULL) {
        row->cells[f->text_column] = sy_cstr(text);
    }
    row->cells[f->qty_column] = sy_int(qty);
    return row;
}

sy_response serve(fixture *f, const sy_request *request)
{
    sy_response got;
    assert_int_equal(sy_server_serve(f->server, request, &f->arena, &got, NULL), SY_OK);
    return got;
}

sy_response send_row(fixture *f, sy_method method, const char *id, const sy_row *row,
                     const char *if_match)
{
    sy_request request = request_of(f, method, id);
    request.row = row;
    request.if_match = sy_str_of(if_match);
    return serve(f, &request);
}

sy_response insert(fixture *f, const char *id, const char *text, int64_t qty)
{
    return send_row(f, SY_METHOD_INSERT, NULL, make_row(f, id, text, qty), NULL);
}

sy_method update_method(const fixture *f)
{
    bool replaces =
        f->dialect == &sy_server_dialect_toolkit || f->dialect == &sy_server_dialect_datasync;
    return replaces ? SY_METHOD_REPLACE : SY_METHOD_UPDATE;
}

sy_response change(fixture *f, const char *id, const char *text, const char *if_match)
{
    return send_row(f, update_method(f), id, make_row(f, id, text, 9), if_match);
}

sy_response erase(fixture *f, const char *id, const char *if_match)
{
    return send_row(f, SY_METHOD_DELETE, id, NULL, if_match);
}

sy_response read_row(fixture *f, const char *id, bool include_deleted)
{
    sy_request request = request_of(f, SY_METHOD_READ, id);
    request.include_deleted = include_deleted;
    return serve(f, &request);
}

sy_response query_next(fixture *f, sy_str continuation)
{
    sy_request request = request_of(f, SY_METHOD_QUERY, NULL);
    request.query = &f->query;
    request.continuation = continuation;
    return serve(f, &request);
}

sy_response query_all(fixture *f)
{
    return query_next(f, (sy_str){0});
}

const sy_row *stored(fixture *f, const char *id)
{
    const sy_row *row = NULL;
    const sy_schema *schema = sy_server_schema(f->server, sy_str_of(f->table));
    assert_int_equal(sy_store_read(f->config.store, schema, sy_str_of(id), &f->arena, &row, NULL),
                     SY_OK);
    return row;
}

sy_str text_of(const sy_row *row)
{
    const sy_value *cell = row != NULL ? sy_row_find(row, SY_STR("text")) : NULL;
    return cell != NULL ? sy_value_str(cell) : SY_STR("(none)");
}

const char *version_of(fixture *f, const sy_row *row)
{
    assert_non_null(row);
    return sy_arena_copy(&f->arena, sy_row_version(row)).data;
}

int64_t qty_of(const sy_row *row)
{
    return sy_row_find(row, SY_STR("qty"))->as.integer;
}

int64_t sequence_of(const sy_row *row)
{
    return row->cells[SY_COLUMN_SEQUENCE].as.integer;
}

void fill(fixture *f, int count)
{
    for (int i = 0; i < count; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "r%04d", i);
        f->now += SY_SECOND;
        assert_int_equal(insert(f, id, i % 2 == 0 ? "even" : "odd", i).status, 201);
    }
}

void fixture_assert_text(sy_str text, const char *expected, const char *file, int line)
{
    if (!sy_str_equal(text, sy_str_of(expected))) {
        print_error("'%.*s' is not '%s'\n", SY_FMT(text), expected);
        _fail(file, line);
    }
}
