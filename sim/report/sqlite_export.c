#include "sim/report/sqlite_export.h"

#include "core/port/events.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"
#include "sim/disk/sim_vfs.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define APPLICATION_ID  0x53796e63 /* "Sync" */
#define BUSY_TIMEOUT_MS 600000     /* others write their runs */

typedef struct kept_event {
    uint64_t sequence;
    sy_time time;
    uint32_t host;
    const char *kind;
    size_t end; /* in `json` */
} kept_event;

typedef struct kept_conflict {
    uint64_t sequence, decided; /* events; 0: nothing was decided */
    sy_time time;
    uint32_t host;
    int64_t op, status;
    sy_str table, id, decision, by;
} kept_conflict;

struct sim_export {
    sy_alloc alloc;
    sy_arena arena;
    const sim_trace *trace;
    sim_lineage lineage;
    sy_buf json; /* of all events, one behind the other */
    kept_event *events;
    size_t event_count, event_capacity;
    kept_conflict *conflicts;
    size_t conflict_count, conflict_capacity;
    bool failed;
};

/* -- while the run goes on -- */

static void keep_conflict(sim_export *kept, const sim_event *event)
{
    kept_conflict *items = sy_alloc_grow(kept->alloc, kept->conflicts, kept->conflict_count,
                                         &kept->conflict_capacity, sizeof *items);
    if (items == NULL) {
        kept->failed = true;
        return;
    }
    kept->conflicts = items;
    items[kept->conflict_count++] =
        (kept_conflict){.sequence = event->sequence,
                        .time = event->time,
                        .host = event->host,
                        .op = sim_field_int(event, CONFLICT_OP),
                        .status = sim_field_int(event, CONFLICT_STATUS),
                        .table = sy_arena_copy(&kept->arena, sim_field_text(event, CONFLICT_TABLE)),
                        .id = sy_arena_copy(&kept->arena, sim_field_text(event, CONFLICT_ID))};
}

/* Of the conflict that its device met last for that operation. */
static void keep_decision(sim_export *kept, const sim_event *event)
{
    for (size_t i = kept->conflict_count; i > 0; i--) {
        kept_conflict *at = &kept->conflicts[i - 1];
        if (at->host == event->host && at->op == sim_field_int(event, DECISION_OP)) {
            at->decided = event->sequence;
            at->decision = sy_arena_copy(&kept->arena, sim_field_text(event, DECISION_DECISION));
            at->by = sy_arena_copy(&kept->arena, sim_field_text(event, DECISION_BY));
            return;
        }
    }
}

static void keep_event(void *self, const sim_event *event)
{
    sim_export *kept = self;
    kept_event *items = sy_alloc_grow(kept->alloc, kept->events, kept->event_count,
                                      &kept->event_capacity, sizeof *items);
    if (items == NULL) {
        kept->failed = true;
        return;
    }
    kept->events = items;
    sim_event_to_json(kept->trace, event, &kept->json);
    items[kept->event_count++] = (kept_event){.sequence = event->sequence,
                                              .time = event->time,
                                              .host = event->host,
                                              .kind = event->kind->name,
                                              .end = kept->json.size};
    if (event->kind == &sy_event_conflict) {
        keep_conflict(kept, event);
    } else if (event->kind == &sy_event_decision) {
        keep_decision(kept, event);
    }
}

sy_rc sim_export_new(sy_alloc alloc, sim_simulation *simulation, sim_export **out, sy_err *err)
{
    sim_export *kept = sy_alloc_zeroed(alloc, sizeof *kept);
    *out = kept;
    if (kept == NULL) {
        return sy_fail_nomem(err);
    }
    sim_trace *trace = sim_simulation_world(simulation)->trace;
    kept->alloc = alloc;
    kept->trace = trace;
    sy_arena_init(&kept->arena, alloc);
    sy_buf_init(&kept->json, alloc);
    sim_lineage_init(&kept->lineage, alloc, trace);
    if (sim_trace_read(trace, sim_lineage_read, &kept->lineage, sim_lineage_kinds,
                       SIM_LINEAGE_KIND_COUNT) != SY_OK ||
        sim_trace_read(trace, keep_event, kept, NULL, 0) != SY_OK) {
        return sy_fail_nomem(err);
    }
    return SY_OK;
}

void sim_export_free(sim_export *kept)
{
    if (kept == NULL) {
        return;
    }
    sy_alloc_free(kept->alloc, kept->events, kept->event_capacity * sizeof *kept->events);
    sy_alloc_free(kept->alloc, kept->conflicts, kept->conflict_capacity * sizeof *kept->conflicts);
    sim_lineage_deinit(&kept->lineage);
    sy_buf_deinit(&kept->json);
    sy_arena_deinit(&kept->arena);
    sy_alloc_free(kept->alloc, kept, sizeof *kept);
}

/* -- the database -- */

/* In README.md, too. */
static const char tables[] =
    "CREATE TABLE IF NOT EXISTS runs(run INTEGER PRIMARY KEY, scenario TEXT NOT NULL, "
    "dialect TEXT NOT NULL, server TEXT NOT NULL, policy TEXT NOT NULL, weather TEXT NOT NULL, "
    "calm INT NOT NULL, seed INT NOT NULL, verdict TEXT NOT NULL, events INT NOT NULL, "
    "virtual_ns INT NOT NULL, digest TEXT NOT NULL, operations INT NOT NULL, "
    "pushes INT NOT NULL, pulls INT NOT NULL, conflicts INT NOT NULL, faults INT NOT NULL, "
    "messages INT NOT NULL, crashes INT NOT NULL, "
    "UNIQUE(scenario, dialect, server, policy, weather, calm, seed));"
    "CREATE TABLE IF NOT EXISTS events(run INT NOT NULL, sequence INT NOT NULL, "
    "time_ns INT NOT NULL, host TEXT NOT NULL, kind TEXT NOT NULL, json TEXT NOT NULL, "
    "PRIMARY KEY(run, sequence)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS edits(run INT NOT NULL, edit INT NOT NULL, "
    "sequence INT NOT NULL, time_ns INT NOT NULL, host TEXT NOT NULL, table_name TEXT NOT NULL, "
    "row_id TEXT NOT NULL, field TEXT NOT NULL, outcome TEXT NOT NULL, collateral INT NOT NULL, "
    "licensed INT NOT NULL, acknowledged INT NOT NULL, lost_to INT, decision INT, "
    "PRIMARY KEY(run, edit)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS conflicts(run INT NOT NULL, sequence INT NOT NULL, "
    "time_ns INT NOT NULL, host TEXT NOT NULL, op INT NOT NULL, table_name TEXT NOT NULL, "
    "row_id TEXT NOT NULL, status INT NOT NULL, decision TEXT, decided_by TEXT, decided INT, "
    "PRIMARY KEY(run, sequence)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS findings(run INT NOT NULL, checker TEXT NOT NULL, "
    "time_ns INT NOT NULL, host TEXT NOT NULL, table_name TEXT NOT NULL, row_id TEXT NOT NULL, "
    "sentence TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS metrics(run INT NOT NULL, metric TEXT NOT NULL, value REAL, "
    "unit TEXT NOT NULL, numerator INT NOT NULL, denominator INT NOT NULL, "
    "PRIMARY KEY(run, metric)) WITHOUT ROWID;";

typedef struct writing {
    sim_export *kept;
    sqlite3 *db;
    sqlite3_stmt *statement; /* the one at hand */
    int column;              /* bound last */
    int64_t run;
    int wrong; /* the first code that was not good */
} writing;

static void note(writing *self, int code)
{
    if (self->wrong == SQLITE_OK && code != SQLITE_OK && code != SQLITE_DONE &&
        code != SQLITE_ROW) {
        self->wrong = code;
    }
}

static void run_sql(writing *self, const char *sql)
{
    if (self->wrong == SQLITE_OK) {
        note(self, sqlite3_exec(self->db, sql, NULL, NULL, NULL));
    }
}

static void begin(writing *self, const char *sql)
{
    self->column = 0;
    self->statement = NULL;
    if (self->wrong == SQLITE_OK) {
        note(self, sqlite3_prepare_v2(self->db, sql, -1, &self->statement, NULL));
    }
}

static void add_int(writing *self, int64_t value)
{
    if (self->wrong == SQLITE_OK) {
        note(self, sqlite3_bind_int64(self->statement, ++self->column, value));
    }
}

/* 0: NULL. */
static void add_link(writing *self, uint64_t value)
{
    if (value != 0) {
        add_int(self, (int64_t)value);
    } else {
        self->column++;
    }
}

/* No data: NULL. */
static void add_text(writing *self, sy_str text)
{
    if (self->wrong == SQLITE_OK) {
        note(self, sqlite3_bind_text64(self->statement, ++self->column, text.data, text.size,
                                       SQLITE_TRANSIENT, SQLITE_UTF8));
    }
}

static void add_name(writing *self, const char *name)
{
    add_text(self, sy_str_of(name));
}

/* Does the statement with what was bound, and makes it ready for the next row. */
static void step(writing *self)
{
    if (self->wrong == SQLITE_OK) {
        note(self, sqlite3_step(self->statement));
        note(self, sqlite3_reset(self->statement));
        note(self, sqlite3_clear_bindings(self->statement));
    }
    self->column = 0;
}

static void end(writing *self)
{
    (void)sqlite3_finalize(self->statement);
    self->statement = NULL;
}

static int64_t one_number(writing *self, const char *sql)
{
    int64_t value = 0;
    begin(self, sql);
    if (self->wrong == SQLITE_OK) {
        const int code = sqlite3_step(self->statement);
        note(self, code);
        value = code == SQLITE_ROW ? sqlite3_column_int64(self->statement, 0) : 0;
    }
    end(self);
    return value;
}

static sy_rc fail(const writing *self, const char *path, sy_err *err)
{
    return SY_FAIL(err, self->wrong == SQLITE_NOMEM ? SY_NOMEM : SY_IO, "%s: %s", path,
                   sqlite3_errstr(self->wrong));
}

/* On the real disk, whatever the simulated ones are called. */
static sy_rc open_database(writing *self, const char *path, sy_err *err)
{
    self->wrong =
        sqlite3_open_v2(path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix");
    if (self->wrong == SQLITE_OK) {
        (void)sqlite3_busy_timeout(self->db, BUSY_TIMEOUT_MS);
    }
    run_sql(self, "PRAGMA synchronous=OFF; BEGIN IMMEDIATE");
    if (self->wrong == SQLITE_NOTADB) {
        return SY_FAIL(err, SY_INVALID, "%s: is no SQLite database", path);
    }
    const int64_t id = one_number(self, "PRAGMA application_id");
    const int64_t count = one_number(self, "SELECT count(*) FROM sqlite_master");
    if (self->wrong == SQLITE_OK && id != APPLICATION_ID && count > 0) {
        return SY_FAIL(err, SY_INVALID, "%s: is a database of something else", path);
    }
    if (id != APPLICATION_ID) {
        char pragma[64];
        (void)snprintf(pragma, sizeof pragma, "PRAGMA application_id=%d", APPLICATION_ID);
        run_sql(self, pragma);
    }
    run_sql(self, tables);
    return self->wrong == SQLITE_OK ? SY_OK : fail(self, path, err);
}

static sy_rc commit(writing *self, const char *path, sy_err *err)
{
    run_sql(self, "COMMIT");
    return self->wrong == SQLITE_OK ? SY_OK : fail(self, path, err);
}

sy_rc sim_export_prepare(const char *path, sy_err *err)
{
    writing self = {.wrong = SQLITE_OK};
    sy_rc rc = sim_vfs_install(err); /* before any connection */
    rc = rc == SY_OK ? open_database(&self, path, err) : rc;
    rc = rc == SY_OK ? commit(&self, path, err) : rc;
    (void)sqlite3_close(self.db);
    return rc;
}

/* -- a run -- */

static void add_subject(writing *self, const sim_exported *of)
{
    add_name(self, of->scenario);
    add_name(self, of->dialect);
    add_name(self, of->server);
    add_name(self, of->policy);
    add_name(self, of->weather);
    add_int(self, of->calm);
    add_int(self, (int64_t)of->seed);
}

/* What the database has of the same run goes. */
static void forget(writing *self, const sim_exported *of)
{
    static const char *const from[] = {"events", "edits", "conflicts", "findings", "metrics"};
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
        char sql[256];
        (void)snprintf(sql, sizeof sql,
                       "DELETE FROM %s WHERE run = (SELECT run FROM runs WHERE scenario = ? AND "
                       "dialect = ? AND server = ? AND policy = ? AND weather = ? AND calm = ? AND "
                       "seed = ?)",
                       from[i]);
        begin(self, sql);
        add_subject(self, of);
        step(self);
        end(self);
    }
    begin(self, "DELETE FROM runs WHERE scenario = ? AND dialect = ? AND server = ? AND policy = ? "
                "AND weather = ? AND calm = ? AND seed = ?");
    add_subject(self, of);
    step(self);
    end(self);
}

static void write_run(writing *self, const sim_exported *of, const sim_result *result)
{
    char digest[24];
    (void)snprintf(digest, sizeof digest, "%016" PRIx64, result->digest);
    begin(self, "INSERT INTO runs VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    add_subject(self, of);
    add_name(self, sim_verdict_name(result->verdict));
    add_int(self, (int64_t)result->events);
    add_int(self, result->virtual_ns);
    add_name(self, digest);
    add_int(self, (int64_t)result->counts.operations);
    add_int(self, (int64_t)result->counts.pushes);
    add_int(self, (int64_t)result->counts.pulls);
    add_int(self, (int64_t)result->counts.conflicts);
    add_int(self, (int64_t)result->counts.faults);
    add_int(self, (int64_t)result->counts.messages);
    add_int(self, (int64_t)result->counts.crashes);
    step(self);
    end(self);
    self->run = sqlite3_last_insert_rowid(self->db);
}

static void write_events(writing *self)
{
    const sim_export *kept = self->kept;
    size_t at = 0;
    begin(self, "INSERT INTO events VALUES(?,?,?,?,?,?)");
    for (size_t i = 0; i < kept->event_count; i++) {
        const kept_event *event = &kept->events[i];
        add_int(self, self->run);
        add_int(self, (int64_t)event->sequence);
        add_int(self, event->time);
        add_name(self, sim_trace_host(kept->trace, event->host));
        add_name(self, event->kind);
        add_text(self, (sy_str){kept->json.data + at, event->end - at - 1}); /* no line end */
        step(self);
        at = event->end;
    }
    end(self);
}

static void write_edit(writing *self, uint32_t tag)
{
    const sim_lineage *lineage = &self->kept->lineage;
    const sim_edit *edit = sim_edit_of(lineage, tag);
    const sim_verdict_of_edit verdict = sim_ledger_judge(lineage, tag);
    add_int(self, self->run);
    add_int(self, tag);
    add_int(self, (int64_t)edit->sequence);
    add_int(self, edit->time);
    add_name(self, sim_trace_host(self->kept->trace, edit->host));
    add_text(self, sim_line_table(edit->line));
    add_text(self, sim_line_id(edit->line));
    add_text(self,
             edit->column == SIM_ALIVE ? SY_STR("") : sim_column_name(edit->line, edit->column));
    add_name(self, sim_outcome_name(verdict.outcome));
    add_int(self, verdict.collateral);
    add_int(self, verdict.licensed);
    add_int(self, verdict.acknowledged);
    add_link(self, edit->lost_to);
    add_link(self, verdict.decision);
    step(self);
}

static void write_edits(writing *self)
{
    const sim_lineage *lineage = &self->kept->lineage;
    begin(self, "INSERT INTO edits VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (uint32_t tag = 1; tag < lineage->edit_count; tag++) {
        if (sim_ledger_counts(sim_edit_of(lineage, tag))) {
            write_edit(self, tag);
        }
    }
    end(self);
}

static void write_conflicts(writing *self)
{
    const sim_export *kept = self->kept;
    begin(self, "INSERT INTO conflicts VALUES(?,?,?,?,?,?,?,?,?,?,?)");
    for (size_t i = 0; i < kept->conflict_count; i++) {
        const kept_conflict *conflict = &kept->conflicts[i];
        add_int(self, self->run);
        add_int(self, (int64_t)conflict->sequence);
        add_int(self, conflict->time);
        add_name(self, sim_trace_host(kept->trace, conflict->host));
        add_int(self, conflict->op);
        add_text(self, conflict->table);
        add_text(self, conflict->id);
        add_int(self, conflict->status);
        add_text(self, conflict->decision);
        add_text(self, conflict->by);
        add_link(self, conflict->decided);
        step(self);
    }
    end(self);
}

static void write_findings(writing *self, const sim_findings *findings)
{
    begin(self, "INSERT INTO findings VALUES(?,?,?,?,?,?,?)");
    for (size_t i = 0; i < findings->count; i++) {
        const sim_finding *finding = &findings->items[i];
        add_int(self, self->run);
        add_name(self, finding->checker);
        add_int(self, finding->time);
        add_name(self, finding->host);
        add_name(self, finding->table);
        add_name(self, finding->row);
        add_name(self, finding->text);
        step(self);
    }
    end(self);
}

/* As a text of digits: the column makes a number of it. */
static void write_metrics(writing *self, const sim_metrics *metrics)
{
    begin(self, "INSERT INTO metrics VALUES(?,?,?,?,?,?)");
    for (int i = 0; i < SIM_METRIC_COUNT; i++) {
        const sim_metric_value value = metrics->values[i];
        char room[64];
        sy_buf number;
        sy_buf_init_fixed(&number, room, sizeof room);
        sim_metric_print((sim_metric)i, value, &number);
        add_int(self, self->run);
        add_name(self, sim_metric_of((sim_metric)i)->name);
        add_text(self, value.denominator != 0 ? sy_buf_str(&number) : (sy_str){NULL, 0});
        add_name(self, sim_metric_of((sim_metric)i)->unit);
        add_int(self, value.numerator);
        add_int(self, value.denominator);
        step(self);
    }
    end(self);
}

sy_rc sim_export_write(sim_export *kept, const char *path, const sim_exported *of,
                       const sim_result *result, const sim_metrics *metrics, sy_err *err)
{
    if (kept->failed || kept->json.failed || sim_lineage_failed(&kept->lineage)) {
        return sy_fail_nomem(err);
    }
    writing self = {.kept = kept, .wrong = SQLITE_OK};
    sy_rc rc = open_database(&self, path, err);
    if (rc == SY_OK) {
        forget(&self, of);
        write_run(&self, of, result);
        write_events(&self);
        write_edits(&self);
        write_conflicts(&self);
        write_findings(&self, &result->findings);
        write_metrics(&self, metrics);
        rc = commit(&self, path, err);
    }
    (void)sqlite3_close(self.db);
    return rc;
}
