/* A hand-made history: events are emitted into a trace that one checker reads. */
#ifndef TESTS_UNIT_CHECKER_SUPPORT_H
#define TESTS_UNIT_CHECKER_SUPPORT_H

#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

typedef struct history {
    sim_trace *trace;
    sim_lineage lineage;
    sim_findings findings;
    const sim_checker *checker;
    void *state;
    sy_arena arena;
    const sy_schema *schema; /* todoitem: text, qty */
    uint32_t phone, tablet, server;
    sy_time now;
} history;

void history_open(history *self, const sim_checker *checker);
/* Closes the checker; its findings are in self->findings until history_close. */
void history_end(history *self);
void history_close(history *self);
/* The same for cmocka: *state is a history that the checker reads. */
int history_set_up(void **state, const sim_checker *checker);
int history_tear_down(void **state);
/* One more device. */
uint32_t history_add_host(history *self, const char *name);
/* One event, one virtual millisecond after the one before. */
/* As many fields as the kind has. */
void history_emit(history *self, uint32_t host, const sy_event_kind *kind, const sy_value *fields,
                  size_t field_count);
#define EMIT(self, host, kind, ...)                                                                \
    history_emit((self), (host), (kind), (const sy_value[]){__VA_ARGS__},                          \
                 sizeof(const sy_value[]){__VA_ARGS__} / sizeof(sy_value))

/* A row of todoitem; NULL text: null. */
const sy_row *history_row(history *self, const char *id, const char *text, bool deleted);

/* Shorthands with the fields that matter to checkers. */
void history_commit(history *self, const char *id, const char *method, const char *before,
                    const char *after, int64_t stamp, const char *installation);
/* A device writes a row (text NULL: deletes it) as operation `op`. */
void history_write(history *self, uint32_t host, int64_t op, const char *kind, const char *id,
                   const char *text);
/* It sends what it wrote, the send numbered like the operation; "" if_match: unconditional. */
void history_send(history *self, uint32_t host, int64_t op, const char *method, const char *id,
                  const char *if_match, const char *text);
/* The server commits that (text NULL: deletes); sender and send as above. */
void history_serve(history *self, uint32_t host, int64_t op, const char *method, const char *id,
                   const char *before, const char *after, const char *text);
/* The operation leaves the queue. */
void history_dequeue(history *self, uint32_t host, int64_t op, const char *id, const char *reason);
/* A device takes the server's row of that version (text NULL: it is gone). */
void history_apply(history *self, uint32_t host, const char *id, const char *version,
                   const char *text);
/* A conflict that shows the server's row of that version, and what was decided ("send", "return").
 */
void history_conflict(history *self, uint32_t host, int64_t op, const char *id, const char *version,
                      const char *text, const char *decision, const char *by);
/* An update is sent with the version before, committed, and leaves the queue. */
void history_push(history *self, uint32_t host, int64_t op, const char *id, const char *before,
                  const char *after, const char *text);
/* A device inserts a row ("new", version 1), and has the server's answer. */
void history_insert(history *self, uint32_t host, int64_t op, const char *id);
/* The back office inserts "milk" ("old", version 1), and both devices take it. */
void history_share(history *self);
/* A pull of the whole table has come to its end. */
void history_pull_ends(history *self, uint32_t host);
/* An app reads the row. */
void history_read(history *self, uint32_t host, const char *id, const char *text);

/* One finding, about this host and row. */
void history_found_one(const history *self, const char *host, const char *row);

void history_crash(history *self, uint32_t host, const char *name);

#endif
