/* A round: local update with its queue entry and the base of the edit, request over the heap,
 * conditional update on the server with its operation key remembered for good (a retried request
 * must find it), answer over the heap, write-back and dequeue. Rows are kept by text id, as the
 * engine's are, with the same columns (versions and authors as numbers), and the server stamps
 * them as ours does: version, commit sequence, time, whose edit it was and when it was made. Each
 * event is folded into a hash, as a trace would be. */
#include "tests/bench/plain_round.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

typedef struct plain_row {
    char id[24];
    uint64_t version;
    uint64_t sequence; /* of its commit */
    int64_t created_at, updated_at, edited_at;
    uint64_t edited_by; /* client << 40 | edit */
    int64_t quantity;
    uint8_t deleted;
    char title[48];
    char owner[16];
} plain_row;

typedef struct plain_table { /* open addressing, never more than three quarters full */
    plain_row *rows;
    uint32_t mask;
    uint32_t count;
} plain_table;

typedef struct plain_operation {
    uint64_t sequence;
    int64_t edited_at;
    plain_row item, base;
} plain_operation;

typedef struct plain_client {
    plain_table table;
    plain_operation *queue; /* a ring */
    uint32_t queue_first, queue_count, queue_capacity;
    uint64_t sequence;
    uint32_t number, turn;
} plain_client;

typedef struct plain_message {
    struct plain_message *next;
    plain_client *client;
    plain_operation operation;
    int status;
} plain_message;

typedef struct plain_key { /* client << 40 | sequence, and what it was committed as */
    uint64_t key, version;
} plain_key;

typedef struct plain_event {
    int64_t time;
    uint64_t sequence;
    plain_message *message;
} plain_event;

typedef struct plain_world {
    plain_client *clients;
    plain_table server;
    plain_event *heap;
    size_t heap_count;
    uint64_t sequence, commits, random, checksum, done, wanted;
    int64_t now;
    plain_message *spare;
    plain_key *keys; /* open addressing */
    size_t key_count, key_slots;
    uint64_t digest;
    uint32_t rows;
    round_trace *trace; /* NULL: bare */
} plain_world;

static void *plain_memory(size_t size)
{
    void *block = calloc(1, size);
    if (block == NULL) {
        fprintf(stderr, "plain_round: out of memory\n");
        abort();
    }
    return block;
}

static uint32_t plain_hash(const char *id)
{
    uint64_t hash = 1469598103934665603U;
    for (; *id != '\0'; id++) {
        hash = (hash ^ (unsigned char)*id) * 1099511628211U;
    }
    return (uint32_t)(hash >> 20);
}

static void plain_table_init(plain_table *table, uint32_t rows)
{
    uint32_t size = 8;
    while (size * 3 < rows * 4) {
        size *= 2;
    }
    table->rows = plain_memory(size * sizeof *table->rows);
    table->mask = size - 1;
}

static plain_row *plain_find(plain_table *table, const char *id)
{
    uint32_t at = plain_hash(id) & table->mask;
    while (table->rows[at].id[0] != '\0' && strcmp(table->rows[at].id, id) != 0) {
        at = (at + 1) & table->mask;
    }
    return &table->rows[at];
}

static bool plain_before(const plain_event *a, const plain_event *b)
{
    return a->time < b->time || (a->time == b->time && a->sequence < b->sequence);
}

static void plain_schedule(plain_world *world, int64_t time, plain_message *message)
{
    plain_event event = {time, world->sequence++, message};
    size_t at = world->heap_count++;
    while (at > 0 && plain_before(&event, &world->heap[(at - 1) / 4])) {
        world->heap[at] = world->heap[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    world->heap[at] = event;
}

static plain_event plain_next(plain_world *world)
{
    plain_event first = world->heap[0];
    plain_event last = world->heap[--world->heap_count];
    size_t at = 0;
    for (;;) {
        size_t child = at * 4 + 1;
        size_t least = child;
        for (size_t i = child; i < child + 4 && i < world->heap_count; i++) {
            if (plain_before(&world->heap[i], &world->heap[least])) {
                least = i;
            }
        }
        if (child >= world->heap_count || !plain_before(&world->heap[least], &last)) {
            break;
        }
        world->heap[at] = world->heap[least];
        at = least;
    }
    world->heap[at] = last;
    return first;
}

static int64_t plain_latency(plain_world *world, const plain_message *message)
{
    if (world->trace != NULL) {
        world->trace->world.now = world->now;
        return round_trace_latency(world->trace, message->client->number,
                                   message->operation.sequence, message->status != 0);
    }
    uint64_t z = (world->random += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return 10000000 + (int64_t)((z ^ (z >> 31)) % 5000000);
}

static round_item plain_item(const plain_row *row)
{
    return (round_item){row->id,      row->title,      row->owner,
                        row->version, row->updated_at, row->quantity};
}

static void plain_start(plain_world *world, plain_client *client)
{
    char id[24];
    snprintf(id, sizeof id, "c%u-r%u", client->number, client->turn);
    client->turn = client->turn + 1 < world->rows ? client->turn + 1 : 0;
    plain_row *row = plain_find(&client->table, id);
    plain_row base = *row;
    row->quantity++;
    plain_operation *operation =
        &client
             ->queue[(client->queue_first + client->queue_count++) & (client->queue_capacity - 1)];
    operation->sequence = ++client->sequence;
    operation->edited_at = world->now;
    operation->item = *row;
    operation->base = base;

    plain_message *message = world->spare;
    if (message != NULL) {
        world->spare = message->next;
    } else {
        message = plain_memory(sizeof *message);
    }
    message->client = client;
    message->operation = *operation;
    message->status = 0;
    int64_t arrives = world->now + plain_latency(world, message);
    if (world->trace != NULL) {
        round_item item = plain_item(&message->operation.item);
        round_trace_written(world->trace, client->number, operation->sequence, &item, arrives);
    }
    plain_schedule(world, arrives, message);
}

static plain_key *plain_key_slot(plain_key *keys, size_t slots, uint64_t key)
{
    size_t at = (size_t)(key * 0x9e3779b97f4a7c15U >> 20) & (slots - 1);
    while (keys[at].key != 0 && keys[at].key != key) {
        at = (at + 1) & (slots - 1);
    }
    return &keys[at];
}

/* The entry of an operation key; version 0: it was not committed before. */
static plain_key *plain_remember(plain_world *world, uint64_t key)
{
    if (world->key_count * 4 >= world->key_slots * 3) {
        size_t slots = world->key_slots != 0 ? world->key_slots * 2 : 1024;
        plain_key *keys = plain_memory(slots * sizeof *keys);
        for (size_t i = 0; i < world->key_slots; i++) {
            if (world->keys[i].key != 0) {
                *plain_key_slot(keys, slots, world->keys[i].key) = world->keys[i];
            }
        }
        free(world->keys);
        world->keys = keys;
        world->key_slots = slots;
    }
    plain_key *slot = plain_key_slot(world->keys, world->key_slots, key);
    if (slot->key == 0) {
        slot->key = key;
        world->key_count++;
    }
    return slot;
}

/* The item with what the server says of it. */
static void plain_commit(plain_world *world, plain_row *row, const plain_operation *operation,
                         uint64_t key)
{
    uint64_t version = row->version + 1;
    int64_t created_at = row->created_at;
    *row = operation->item;
    row->version = version;
    row->sequence = ++world->commits;
    row->created_at = created_at;
    row->updated_at = world->now;
    row->edited_at = operation->edited_at;
    row->edited_by = key;
}

static void plain_serve(plain_world *world, plain_message *message)
{
    plain_row *row = plain_find(&world->server, message->operation.item.id);
    plain_key *key = plain_remember(world, ((uint64_t)message->client->number << 40) |
                                               message->operation.sequence);
    if (key->version != 0) {
        message->status = 200;
    } else if (row->version != message->operation.base.version) {
        message->status = 412;
    } else {
        plain_commit(world, row, &message->operation, key->key);
        message->status = 200;
        key->version = row->version;
    }
    message->operation.item = *row;
    int64_t arrives = world->now + plain_latency(world, message);
    if (world->trace != NULL) {
        round_item item = plain_item(row);
        round_trace_served(world->trace, message->client->number, message->operation.sequence,
                           &item, arrives);
    }
    plain_schedule(world, arrives, message);
}

static void plain_finish(plain_world *world, plain_message *message)
{
    plain_client *client = message->client;
    *plain_find(&client->table, message->operation.item.id) = message->operation.item;
    if (world->trace != NULL) {
        round_item item = plain_item(&message->operation.item);
        world->trace->world.now = world->now;
        round_trace_finished(world->trace, client->number, message->operation.sequence, &item);
    }
    client->queue_first = (client->queue_first + 1) & (client->queue_capacity - 1);
    client->queue_count--;
    world->checksum =
        (world->checksum ^ message->operation.item.version ^ client->number) * 0x9e3779b97f4a7c15U;
    message->next = world->spare;
    world->spare = message;
    if (++world->done + world->heap_count < world->wanted) {
        plain_start(world, client);
    }
}

uint64_t plain_round_run(uint32_t clients, uint32_t rows, uint64_t rounds, round_trace *trace,
                         double *seconds)
{
    plain_world world = {.rows = rows, .wanted = rounds, .random = 42, .trace = trace};
    world.clients = plain_memory(clients * sizeof *world.clients);
    world.heap = plain_memory((clients + 1U) * sizeof *world.heap);
    plain_table_init(&world.server, clients * rows);
    for (uint32_t c = 0; c < clients; c++) {
        plain_client *client = &world.clients[c];
        client->number = c;
        client->queue_capacity = 4;
        client->queue = plain_memory(client->queue_capacity * sizeof *client->queue);
        plain_table_init(&client->table, rows);
        for (uint32_t r = 0; r < rows; r++) {
            plain_row row = {.version = 1, .title = "item name number 12 with some text here"};
            snprintf(row.id, sizeof row.id, "c%u-r%u", c, r);
            snprintf(row.owner, sizeof row.owner, "c%u", c);
            *plain_find(&client->table, row.id) = row;
            *plain_find(&world.server, row.id) = row;
        }
    }
    double start = bench_cpu_seconds();
    for (uint32_t c = 0; c < clients && c < rounds; c++) {
        plain_start(&world, &world.clients[c]);
    }
    while (world.heap_count > 0) {
        plain_event event = plain_next(&world);
        world.now = event.time;
        world.digest = (world.digest ^ (uint64_t)event.time ^ event.sequence << 32 ^
                        event.message->client->number) *
                       0xa0761d6478bd642fU;
        if (event.message->status == 0) {
            plain_serve(&world, event.message);
        } else {
            plain_finish(&world, event.message);
        }
    }
    *seconds = bench_cpu_seconds() - start;
    for (uint32_t c = 0; c < clients; c++) {
        free(world.clients[c].queue);
        free(world.clients[c].table.rows);
    }
    while (world.spare != NULL) {
        plain_message *message = world.spare;
        world.spare = message->next;
        free(message);
    }
    free(world.keys);
    free(world.clients);
    free(world.heap);
    free(world.server.rows);
    return world.checksum ^ world.digest;
}
