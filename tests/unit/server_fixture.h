/* A server of a dialect on a memory store, with a clock that stands still, counted identities, and
 * everything that it emits written down. Tables: todo and other (soft delete), hard (hard delete):
 * text, qty, due. */
#ifndef TESTS_UNIT_SERVER_FIXTURE_H
#define TESTS_UNIT_SERVER_FIXTURE_H

#include "core/server/server.h"
#include "core/store/store_memory.h"

#define FIXTURE_TABLE_COUNT     4
#define FIXTURE_EVENT_COUNT_MAX 64

typedef struct fixture_event {
    const sy_event_kind *kind;
    sy_value fields[SY_EVENT_FIELD_COUNT_MAX]; /* texts and rows copied */
} fixture_event;

typedef struct fixture {
    sy_arena arena;
    sy_arena schemas;
    const sy_server_dialect *dialect;
    sy_store_memory *store;
    sy_server_table tables[FIXTURE_TABLE_COUNT];
    sy_server_config config;
    sy_server *server;
    const sy_schema *schema; /* the client's */
    uint32_t text_column, qty_column, due_column;
    sy_time now;
    /* what the next requests carry */
    const char *table, *installation, *key, *epoch;
    bool include_deleted;
    int64_t page_size_max, since, edit_sequence;
    sy_time edited_at;
    sy_query query;
    /* what happened */
    fixture_event events[FIXTURE_EVENT_COUNT_MAX];
    size_t event_count;
    uint64_t commits, notices;
    char notice_from[32];
} fixture;

int fixture_setup(void **state); /* *state: the name of the dialect */
int fixture_teardown(void **state);
void fixture_restart(fixture *f); /* closes and opens the server over the same store */
void fixture_forget_events(fixture *f);

sy_request request_of(fixture *f, sy_method method, const char *id);
/* NULL: the cell stays absent. */
sy_row *make_row(fixture *f, const char *id, const char *text, int64_t qty);
sy_response serve(fixture *f, const sy_request *request);
sy_response send_row(fixture *f, sy_method method, const char *id, const sy_row *row,
                     const char *if_match);
sy_response insert(fixture *f, const char *id, const char *text, int64_t qty);
sy_response change(fixture *f, const char *id, const char *text, const char *if_match);
sy_response erase(fixture *f, const char *id, const char *if_match);
sy_response read_row(fixture *f, const char *id, bool include_deleted);
sy_response query_all(fixture *f);
sy_response query_next(fixture *f, sy_str continuation);
sy_method update_method(const fixture *f);

const sy_row *stored(fixture *f, const char *id);
sy_str text_of(const sy_row *row);
const char *version_of(fixture *f, const sy_row *row); /* zero-terminated */
int64_t qty_of(const sy_row *row);
int64_t sequence_of(const sy_row *row);

/* Rows r0000, r0001... of text "even" and "odd", a second apart. */
void fill(fixture *f, int count);

#define assert_text(str, expected) fixture_assert_text((str), (expected), __FILE__, __LINE__)
void fixture_assert_text(sy_str text, const char *expected, const char *file, int line);

/* A test on a server of a dialect. */
#define ON(dialect, test)                                                                          \
    cmocka_unit_test_prestate_setup_teardown(test, fixture_setup, fixture_teardown,                \
                                             (char[]){#dialect})
#define NODE(test)     ON(node, test)
#define NETFX(test)    ON(netfx, test)
#define DATASYNC(test) ON(datasync, test)
#define TOOLKIT(test)  ON(toolkit, test)
#define SOUND(test)    ON(sound, test)
#define CLASSIC(test)  ON(netfx, test), ON(toolkit, test)
#define EVERY(test)    ON(netfx, test), ON(toolkit, test), ON(sound, test)

#endif
