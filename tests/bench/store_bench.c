/* Rates of the two stores, each beside a plain program that does the same in the same run: bare
 * prepared statements with the same SQL on the same VFS, and hash tables of structures. Medians of
 * repetitions that take turns, so that a busy machine slows both sides. A round is two
 * transactions: row and queue entry; row, and the queue entry is gone. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/disk/sim_vfs.h"
#include "tests/bench/bench.h"
#include "tests/unit/support.h"

#define ROW_COUNT        1000
#define REPETITION_COUNT 9

enum { TEXT = SY_SYSTEM_COUNT, COMPLETE, QUANTITY };
enum { ITEM = SY_SYSTEM_COUNT, KIND, STATE };

typedef struct ids {
    char row[ROW_COUNT][24];
    size_t row_size;
} ids;

typedef struct side { /* a store at work */
    sy_store store;
    sy_arena arena;
    sy_arena schemas;
    const sy_schema *todo, *queue;
    sy_row *row, *entry;
    int64_t sequence;
} side;

static const ids *all_ids;
static const char TITLE[] = "item name number 12 with some text here";
static const char SNAPSHOT[] = "{\"id\":\"12\",\"text\":\"item name\",\"complete\":false}";

static void check(sy_rc rc)
{
    if (rc != SY_OK) {
        (void)fprintf(stderr, "store_bench: %s\n", sy_rc_name(rc));
        abort();
    }
}

static sy_str id_of(int64_t i)
{
    return (sy_str){all_ids->row[i % ROW_COUNT], all_ids->row_size};
}

static size_t sequence_text(int64_t sequence, char out[24])
{
    for (int i = 15; i >= 0; i--) {
        out[i] = (char)('0' + sequence % 10);
        sequence /= 10;
    }
    out[16] = '\0';
    return 16;
}

/* -- the stores -- */

static void fill_row(side *s, int64_t i)
{
    s->row->cells[SY_COLUMN_ID] = sy_text(id_of(i));
    s->row->cells[SY_COLUMN_VERSION] = sy_cstr("AAAAAAAAB9E=");
    s->row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(SY_WORLD_EPOCH + i);
    s->row->cells[TEXT] = sy_text(SY_STR(TITLE));
    s->row->cells[COMPLETE] = sy_bool((i & 1) != 0);
    s->row->cells[QUANTITY] = sy_int(i);
}

static void store_write(side *s, int64_t i)
{
    fill_row(s, i);
    check(sy_store_write(s->store, s->row, NULL));
}

static void store_read(side *s, int64_t i)
{
    const sy_row *row = NULL;
    sy_arena_reset(&s->arena);
    check(sy_store_read(s->store, s->todo, id_of(i), &s->arena, &row, NULL));
    if (row == NULL) {
        abort();
    }
}

static void store_round(side *s, int64_t i)
{
    char id[24];
    size_t size = sequence_text(s->sequence++, id);
    check(sy_store_transact(s->store, SY_BEGIN, NULL));
    store_write(s, i);
    s->entry->cells[SY_COLUMN_ID] = sy_text((sy_str){id, size});
    s->entry->cells[ITEM] = sy_text(SY_STR(SNAPSHOT));
    s->entry->cells[KIND] = sy_int(1);
    s->entry->cells[STATE] = sy_int(0);
    check(sy_store_write(s->store, s->entry, NULL));
    check(sy_store_transact(s->store, SY_COMMIT, NULL));
    check(sy_store_transact(s->store, SY_BEGIN, NULL));
    store_write(s, i);
    check(sy_store_remove(s->store, s->queue, (sy_str){id, size}, NULL));
    check(sy_store_transact(s->store, SY_COMMIT, NULL));
}

static void side_init(side *s, sy_store store, int row_count)
{
    *s = (side){.store = store};
    sy_arena_init(&s->arena, sy_alloc_std());
    sy_arena_init(&s->schemas, sy_alloc_std());
    const sy_column user[] = {{SY_STR("text"), SY_TYPE_TEXT},
                              {SY_STR("complete"), SY_TYPE_BOOL},
                              {SY_STR("quantity"), SY_TYPE_INT}};
    const sy_column entry[] = {{SY_STR("item"), SY_TYPE_TEXT},
                               {SY_STR("kind"), SY_TYPE_INT},
                               {SY_STR("state"), SY_TYPE_INT}};
    check(sy_schema_new(&s->schemas, SY_STR("todo"), SY_SYSTEM_CLASSIC, user, 3, &s->todo, NULL));
    check(sy_schema_new(&s->schemas, SY_STR("__operations"), SY_SYSTEM_BIT(SY_COLUMN_ID), entry, 3,
                        &s->queue, NULL));
    check(sy_store_define(store, s->todo, NULL));
    check(sy_store_define(store, s->queue, NULL));
    s->row = sy_row_new(&s->schemas, s->todo);
    s->entry = sy_row_new(&s->schemas, s->queue);
    if (s->row == NULL || s->entry == NULL) {
        abort();
    }
    for (int i = 0; i < row_count; i++) {
        store_write(s, i);
    }
}

static void side_deinit(side *s)
{
    sy_arena_deinit(&s->arena);
    sy_arena_deinit(&s->schemas);
}

/* -- bare prepared statements -- */

enum { BEGIN, COMMIT, SELECT, UPSERT, ENQUEUE, DEQUEUE, STATEMENT_COUNT };

#define SELECT_SQL                                                                                 \
    "SELECT id,version,createdAt,updatedAt,deleted,text,complete,quantity FROM todo WHERE id=?1"
#define UPSERT_SQL                                                                                 \
    "INSERT INTO todo(id,version,updatedAt,text,complete,quantity) VALUES(?,?,?,?,?,?) "           \
    "ON CONFLICT(id) DO UPDATE SET version=excluded.version,updatedAt=excluded.updatedAt,"         \
    "text=excluded.text,complete=excluded.complete,quantity=excluded.quantity"
#define ENQUEUE_SQL                                                                                \
    "INSERT INTO __operations(id,item,kind,state) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET "  \
    "item=excluded.item,kind=excluded.kind,state=excluded.state"

static const char *const SQL[STATEMENT_COUNT] = {
    "BEGIN",      "COMMIT",      (SELECT_SQL),
    (UPSERT_SQL), (ENQUEUE_SQL), "DELETE FROM __operations WHERE id=?1",
};

typedef struct bare {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int64_t sequence;
    int64_t sum;
} bare;

static void bare_run(bare *b, int statement)
{
    if (sqlite3_step(b->statements[statement]) != SQLITE_DONE) {
        abort();
    }
    (void)sqlite3_reset(b->statements[statement]);
}

static void bare_write(bare *b, int64_t i)
{
    sqlite3_stmt *s = b->statements[UPSERT];
    sy_str id = id_of(i);
    (void)sqlite3_bind_text(s, 1, id.data, (int)id.size, SQLITE_STATIC);
    (void)sqlite3_bind_text(s, 2, "AAAAAAAAB9E=", 12, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 3, SY_WORLD_EPOCH + i);
    (void)sqlite3_bind_text(s, 4, TITLE, (int)sizeof TITLE - 1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 5, i & 1);
    (void)sqlite3_bind_int64(s, 6, i);
    bare_run(b, UPSERT);
}

static void bare_read(bare *b, int64_t i)
{
    sqlite3_stmt *s = b->statements[SELECT];
    sy_str id = id_of(i);
    (void)sqlite3_bind_text(s, 1, id.data, (int)id.size, SQLITE_STATIC);
    if (sqlite3_step(s) != SQLITE_ROW) {
        abort();
    }
    char text[64];
    b->sum += sqlite3_column_text(s, 0)[0] + sqlite3_column_text(s, 1)[0];
    b->sum += sqlite3_column_int64(s, 3) + sqlite3_column_int64(s, 6) + sqlite3_column_int64(s, 7);
    size_t size = (size_t)sqlite3_column_bytes(s, 5);
    memcpy(text, sqlite3_column_text(s, 5), size);
    b->sum += text[size - 1];
    (void)sqlite3_reset(s);
}

static void bare_round(bare *b, int64_t i)
{
    char id[24];
    int size = (int)sequence_text(b->sequence++, id);
    bare_run(b, BEGIN);
    bare_write(b, i);
    sqlite3_stmt *s = b->statements[ENQUEUE];
    (void)sqlite3_bind_text(s, 1, id, size, SQLITE_STATIC);
    (void)sqlite3_bind_text(s, 2, SNAPSHOT, (int)sizeof SNAPSHOT - 1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 3, 1);
    (void)sqlite3_bind_int64(s, 4, 0);
    bare_run(b, ENQUEUE);
    bare_run(b, COMMIT);
    bare_run(b, BEGIN);
    bare_write(b, i);
    (void)sqlite3_bind_text(b->statements[DEQUEUE], 1, id, size, SQLITE_STATIC);
    bare_run(b, DEQUEUE);
    bare_run(b, COMMIT);
}

/* Over the tables that a store made. */
static void bare_init(bare *b, const char *path)
{
    *b = (bare){.db = NULL};
    if (sqlite3_open(path, &b->db) != SQLITE_OK ||
        sqlite3_exec(b->db,
                     "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL;"
                     "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=OFF",
                     NULL, NULL, NULL) != SQLITE_OK) {
        abort();
    }
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (sqlite3_prepare_v3(b->db, SQL[i], -1, SQLITE_PREPARE_PERSISTENT, &b->statements[i],
                               NULL) != SQLITE_OK) {
            abort();
        }
    }
}

static void bare_deinit(bare *b)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(b->statements[i]);
    }
    (void)sqlite3_close(b->db);
}

/* -- hash tables of structures -- */

#define SLOT_COUNT 4096u

typedef struct plain_row {
    char id[24];
    size_t id_size;
    char version[16];
    int64_t updated_at, quantity;
    bool complete, used;
    char text[96];
    size_t text_size;
} plain_row;

typedef struct plain {
    plain_row rows[SLOT_COUNT];
    plain_row entries[SLOT_COUNT];
    plain_row undo[4];
    int64_t sequence;
    int64_t sum;
} plain;

static plain_row *plain_slot(plain_row *rows, sy_str id)
{
    uint32_t at = (uint32_t)sy_hash(id.data, id.size, 0) % SLOT_COUNT;
    while (rows[at].used &&
           (rows[at].id_size != id.size || memcmp(rows[at].id, id.data, id.size) != 0)) {
        at = (at + 1) % SLOT_COUNT;
    }
    return &rows[at];
}

static void plain_put(plain_row *rows, sy_str id, int64_t i, sy_str text)
{
    plain_row *row = plain_slot(rows, id);
    row->used = true;
    memcpy(row->id, id.data, id.size);
    row->id_size = id.size;
    memcpy(row->version, "AAAAAAAAB9E=", 13);
    row->updated_at = SY_WORLD_EPOCH + i;
    row->quantity = i;
    row->complete = (i & 1) != 0;
    memcpy(row->text, text.data, text.size);
    row->text_size = text.size;
}

static void plain_write(plain *p, int64_t i)
{
    plain_put(p->rows, id_of(i), i, SY_STR(TITLE));
}

static void plain_read(plain *p, int64_t i)
{
    plain_row copy = *plain_slot(p->rows, id_of(i));
    if (!copy.used) {
        abort();
    }
    p->sum += copy.quantity + copy.text[0];
}

/* Entries come and go one at a time: no gap to close. */
static void plain_round(plain *p, int64_t i)
{
    char text[24];
    sy_str id = {text, sequence_text(p->sequence++, text)};
    p->undo[0] = *plain_slot(p->rows, id_of(i));
    plain_write(p, i);
    plain_put(p->entries, id, i, SY_STR(SNAPSHOT));
    p->undo[1] = *plain_slot(p->rows, id_of(i));
    plain_write(p, i);
    plain_row *entry = plain_slot(p->entries, id);
    p->undo[2] = *entry;
    entry->used = false;
}

/* -- measuring -- */

typedef void (*action)(void *self, int64_t i);

static void act_store_write(void *self, int64_t i)
{
    store_write(self, i);
}
static void act_store_read(void *self, int64_t i)
{
    store_read(self, i);
}
static void act_store_round(void *self, int64_t i)
{
    store_round(self, i);
}
static void act_bare_write(void *self, int64_t i)
{
    bare_write(self, i);
}
static void act_bare_read(void *self, int64_t i)
{
    bare_read(self, i);
}
static void act_bare_round(void *self, int64_t i)
{
    bare_round(self, i);
}
static void act_plain_write(void *self, int64_t i)
{
    plain_write(self, i);
}
static void act_plain_read(void *self, int64_t i)
{
    plain_read(self, i);
}
static void act_plain_round(void *self, int64_t i)
{
    plain_round(self, i);
}

static double nanoseconds(action act, void *self, int64_t count)
{
    double begin = bench_cpu_seconds();
    for (int64_t i = 0; i < count; i++) {
        act(self, i * 7);
    }
    return (bench_cpu_seconds() - begin) * 1e9 / (double)count;
}

static void compare(const char *what, action ours, void *our_self, action theirs, void *their_self,
                    int64_t count)
{
    double a[REPETITION_COUNT];
    double b[REPETITION_COUNT];
    double ratio[REPETITION_COUNT];
    for (int i = 0; i < REPETITION_COUNT; i++) {
        a[i] = nanoseconds(ours, our_self, count);
        b[i] = nanoseconds(theirs, their_self, count);
        ratio[i] = a[i] / b[i];
    }
    double median = bench_median(a, REPETITION_COUNT);
    printf("%-24s %9.0f ns %12.0f /s   plain %9.0f ns   ratio %.2f\n", what, median, 1e9 / median,
           bench_median(b, REPETITION_COUNT), bench_median(ratio, REPETITION_COUNT));
}

static void bench_memory(void)
{
    sy_store_memory *memory = NULL;
    check(sy_store_memory_new(sy_alloc_std(), &memory, NULL));
    side s;
    side_init(&s, sy_store_memory_port(memory), ROW_COUNT);
    plain *p = calloc(1, sizeof *p);
    if (p == NULL) {
        abort();
    }
    for (int i = 0; i < ROW_COUNT; i++) {
        plain_write(p, i);
    }
    compare("memory lookup", act_store_read, &s, act_plain_read, p, 300000);
    compare("memory write", act_store_write, &s, act_plain_write, p, 300000);
    compare("memory round", act_store_round, &s, act_plain_round, p, 100000);
    free(p);
    side_deinit(&s);
    sy_store_memory_free(memory);
}

static void bench_sqlite(void)
{
    sim_disk *disk = sim_disk_new(sy_alloc_std());
    sim_disk *bare_disk = sim_disk_new(sy_alloc_std());
    if (disk == NULL || bare_disk == NULL) {
        abort();
    }
    sy_store_sqlite *sqlite = NULL;
    sy_store_sqlite_options options = {.path = sim_disk_path(bare_disk, "main.db"),
                                       .journal_mode = "TRUNCATE",
                                       .synchronous = "FULL"};
    side s;
    check(sy_store_sqlite_open(sy_alloc_std(), &options, &sqlite, NULL));
    side_init(&s, sy_store_sqlite_port(sqlite), ROW_COUNT);
    side_deinit(&s);
    sy_store_sqlite_close(sqlite);
    bare b;
    bare_init(&b, options.path);
    options.path = sim_disk_path(disk, "main.db");
    check(sy_store_sqlite_open(sy_alloc_std(), &options, &sqlite, NULL));
    side_init(&s, sy_store_sqlite_port(sqlite), ROW_COUNT);
    compare("sqlite lookup", act_store_read, &s, act_bare_read, &b, 20000);
    compare("sqlite write", act_store_write, &s, act_bare_write, &b, 5000);
    compare("sqlite round", act_store_round, &s, act_bare_round, &b, 5000);
    side_deinit(&s);
    sy_store_sqlite_close(sqlite);
    bare_deinit(&b);
    sim_disk_free(disk);
    sim_disk_free(bare_disk);
}

/* Bytes that a client at rest keeps in its memory store. */
static void bench_size(void)
{
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_store_memory *memory = NULL;
    check(sy_store_memory_new(test_alloc_port(&alloc), &memory, NULL));
    side s;
    side_init(&s, sy_store_memory_port(memory), 20);
    store_round(&s, 1);
    printf("%-24s %9zu bytes\n", "memory, 20 rows", test_alloc_live(&alloc));
    side_deinit(&s);
    sy_store_memory_free(memory);
}

int main(void)
{
    static ids made;
    for (int i = 0; i < ROW_COUNT; i++) {
        (void)snprintf(made.row[i], sizeof made.row[i], "row-%08d-%04d", i * 7919, i);
    }
    made.row_size = strlen(made.row[0]);
    all_ids = &made;
    check(sim_vfs_install(NULL));
    bench_memory();
    bench_sqlite();
    bench_size();
    return 0;
}
