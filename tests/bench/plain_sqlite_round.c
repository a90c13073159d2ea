/* A round is three transactions: row and queue entry; conditional update and log entry on the
 * server; write-back and dequeue. */
#include "tests/bench/plain_sqlite_round.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/disk/sim_vfs.h"
#include "tests/bench/bench.h"

enum { BEGIN, COMMIT, UPSERT, ENQUEUE, DEQUEUE, CHANGE, LOG, STATEMENT_COUNT };

#define VALUES "updatedAt=?3,title=?4,quantity=?5"

static const char *const sql[STATEMENT_COUNT] = {
    "BEGIN",
    "COMMIT",
    "INSERT INTO item VALUES (?1,?2,?3,?4,?5) ON CONFLICT DO UPDATE SET " VALUES ",version=?2",
    "INSERT INTO queue (sequence,id,kind,item,base) VALUES (?1,?2,1,?3,?4)",
    "DELETE FROM queue WHERE sequence=?1",
    "UPDATE item SET " VALUES ",version=version+1 WHERE id=?1 AND version=?2",
    "INSERT INTO log (key,id,version) VALUES (?1,?2,?3)",
};

typedef struct peer {
    sim_disk *disk;
    sqlite3 *connection;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int64_t sequence;
} peer;

static void check(const peer *p, int rc)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "plain_sqlite_round: %s\n", sqlite3_errmsg(p->connection));
        abort();
    }
}

static void run(peer *p, int statement)
{
    int rc = sqlite3_step(p->statements[statement]);
    check(p, rc);
    sqlite3_reset(p->statements[statement]);
}

static void bind_row(peer *p, int statement, const char *id, int64_t version, int64_t quantity)
{
    sqlite3_stmt *s = p->statements[statement];
    sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 2, version);
    sqlite3_bind_int64(s, 3, quantity * 1000);
    sqlite3_bind_text(s, 4, "item name number 12 with some text here", -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 5, quantity);
}

static void peer_open(peer *p)
{
    p->disk = sim_disk_new(sy_alloc_std());
    if (p->disk == NULL) {
        abort();
    }
    check(p, sqlite3_open(sim_disk_path(p->disk, "plain.db"), &p->connection));
    check(p,
          sqlite3_exec(p->connection,
                       "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL;"
                       "CREATE TABLE item (id TEXT PRIMARY KEY, version INTEGER, updatedAt INTEGER,"
                       " title TEXT, quantity INTEGER);"
                       "CREATE TABLE queue (sequence INTEGER PRIMARY KEY, id TEXT, kind INTEGER,"
                       " item BLOB, base BLOB);"
                       "CREATE TABLE log (key TEXT PRIMARY KEY, id TEXT, version INTEGER);",
                       NULL, NULL, NULL));
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        check(p, sqlite3_prepare_v3(p->connection, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &p->statements[i], NULL));
    }
}

static void peer_close(peer *p)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(p->statements[i]);
    }
    sqlite3_close(p->connection);
    sim_disk_free(p->disk);
}

static const char encoded[110] = {1}; /* as much as an encoded row takes */

static void write_locally(peer *client, const char *id, int64_t version, int64_t quantity)
{
    run(client, BEGIN);
    bind_row(client, UPSERT, id, version, quantity);
    run(client, UPSERT);
    sqlite3_stmt *enqueue = client->statements[ENQUEUE];
    sqlite3_bind_int64(enqueue, 1, ++client->sequence);
    sqlite3_bind_text(enqueue, 2, id, -1, SQLITE_STATIC);
    sqlite3_bind_blob(enqueue, 3, encoded, sizeof encoded, SQLITE_STATIC);
    sqlite3_bind_blob(enqueue, 4, encoded, sizeof encoded, SQLITE_STATIC);
    run(client, ENQUEUE);
    run(client, COMMIT);
}

static void serve(peer *server, const char *id, int64_t version, int64_t quantity)
{
    char key[48];
    snprintf(key, sizeof key, "%s:%lld", id, (long long)quantity);
    run(server, BEGIN);
    bind_row(server, CHANGE, id, version, quantity);
    run(server, CHANGE);
    sqlite3_bind_text(server->statements[LOG], 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(server->statements[LOG], 2, id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(server->statements[LOG], 3, version + 1);
    run(server, LOG);
    run(server, COMMIT);
}

static void write_back(peer *client, const char *id, int64_t version, int64_t quantity)
{
    run(client, BEGIN);
    bind_row(client, UPSERT, id, version, quantity);
    run(client, UPSERT);
    sqlite3_bind_int64(client->statements[DEQUEUE], 1, client->sequence);
    run(client, DEQUEUE);
    run(client, COMMIT);
}

static void trace_round(round_trace *trace, uint32_t client, uint64_t number, const char *id,
                        int64_t version)
{
    round_item item = {.id = id,
                       .title = "item name number 12 with some text here",
                       .owner = "c1",
                       .version = (uint64_t)version,
                       .quantity = (int64_t)number};
    sy_time there = round_trace_latency(trace, client, number, false);
    sy_time back = there + round_trace_latency(trace, client, number, true);
    round_trace_written(trace, client, number, &item, there);
    round_trace_served(trace, client, number, &item, back);
    round_trace_finished(trace, client, number, &item);
}

uint64_t plain_sqlite_round_run(uint32_t clients, uint32_t rows, uint64_t rounds,
                                round_trace *trace, double *seconds)
{
    peer server = {0};
    peer *all = calloc(clients, sizeof *all);
    int64_t *versions = calloc((size_t)clients * rows, sizeof *versions);
    if (all == NULL || versions == NULL) {
        abort();
    }
    peer_open(&server);
    char id[24];
    for (uint32_t c = 0; c < clients; c++) {
        peer_open(&all[c]);
        for (uint32_t r = 0; r < rows; r++) {
            snprintf(id, sizeof id, "c%u-r%u", c, r);
            versions[c * rows + r] = 1;
            bind_row(&all[c], UPSERT, id, 1, 0);
            run(&all[c], UPSERT);
            bind_row(&server, UPSERT, id, 1, 0);
            run(&server, UPSERT);
        }
    }
    double start = bench_cpu_seconds();
    /* All clients write, then the server has the requests of all, then all have their answers: the
     * order in which links of equal latency would bring them. */
    for (uint64_t first = 0; first < rounds; first += clients) {
        uint32_t r = (uint32_t)(first / clients % rows);
        uint32_t count = rounds - first < clients ? (uint32_t)(rounds - first) : clients;
        for (int phase = 0; phase < 3; phase++) {
            for (uint32_t c = 0; c < count; c++) {
                int64_t *version = &versions[c * rows + r];
                int64_t number = (int64_t)first + c;
                snprintf(id, sizeof id, "c%u-r%u", c, r);
                if (phase == 0) {
                    write_locally(&all[c], id, *version, number);
                } else if (phase == 1) {
                    serve(&server, id, *version, number);
                } else {
                    write_back(&all[c], id, ++*version, number);
                }
                if (phase == 2 && trace != NULL) {
                    trace_round(trace, c, (uint64_t)number, id, *version);
                }
            }
        }
    }
    *seconds = bench_cpu_seconds() - start;
    uint64_t checksum = (uint64_t)sqlite3_total_changes(server.connection);
    for (uint32_t c = 0; c < clients; c++) {
        peer_close(&all[c]);
    }
    peer_close(&server);
    free(all);
    free(versions);
    return checksum;
}
