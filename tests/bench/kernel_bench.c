/* Messages a second of the kernel, beside a plain loop that does the same and nothing else.
 *
 * The load: N clients, each sends a request of 200 bytes over a link of 10 to 15 ms, gets an answer
 * of 200 bytes, sends the next. The kernel does it as scenarios do: a message out of the pool with
 * its payload copied into its arena, a latency drawn by sim_choose over the identity of the
 * message, `depart` and `arrive` in the trace and its digest, the world's queue. The plain loop has
 * a free list, a fixed buffer, a random generator, a heap, and one multiplication for each event as
 * its digest. */
#include "sim/net/link.h"

#include "core/base/check.h"
#include "tests/bench/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYLOAD_SIZE   200
#define LATENCY_MIN_NS (10 * SY_MS)
#define SPREAD_NS      (5 * SY_MS)
#define ROUND_COUNT    5

static char payload[PAYLOAD_SIZE];

/* -- the kernel -- */

typedef struct kernel_run kernel_run;

typedef struct device {
    sim_link link;
    kernel_run *owner;
    uint32_t host;
    uint32_t left;
    uint64_t sum;
    char name[16];
} device;

struct kernel_run {
    sim_world world;
    device *devices;
    uint32_t server;
    uint64_t message_count;
};

static sim_message *new_message(kernel_run *run, sim_message_what what)
{
    sim_message *message = sim_message_get(&run->world.messages);
    SY_ASSERT(message != NULL);
    message->what = what;
    run->message_count++;
    return message;
}

static void send_request(device *from)
{
    sim_message *message = new_message(from->owner, SIM_REQUEST);
    message->from = from->host;
    message->to = from->owner->server;
    message->key = (sy_request_key){.subject = from->host, .round = 0, .attempt = from->left};
    message->request.id = sy_arena_copy(&message->arena, (sy_str){payload, PAYLOAD_SIZE});
    sim_link_send(&from->link, message);
}

static void serve(void *self, sim_message *request)
{
    kernel_run *run = self;
    sim_message *response = new_message(run, SIM_RESPONSE);
    response->from = run->server;
    response->to = request->from;
    response->key = request->key;
    response->response.reason = sy_arena_copy(&response->arena, request->request.id);
    device *to = &run->devices[request->from - 2];
    sim_message_put(&run->world.messages, request);
    sim_link_send(&to->link, response);
}

static void take_answer(void *self, sim_message *response)
{
    device *to = self;
    to->sum += response->key.attempt + (uint64_t)response->response.reason.data[0];
    sim_message_put(&to->owner->world.messages, response);
    if (--to->left > 0) {
        send_request(to);
    }
}

static void add_device(kernel_run *run, uint32_t number, uint32_t request_count)
{
    static const sim_receiver_ops client_ops = {.receive = take_answer};
    static const sim_receiver_ops server_ops = {.receive = serve};
    device *fresh = &run->devices[number];
    fresh->owner = run;
    fresh->left = request_count;
    (void)snprintf(fresh->name, sizeof fresh->name, "user%" PRIu32, number);
    SY_ASSERT(sim_trace_add_host(run->world.trace, fresh->name, &fresh->host) == SY_OK);
    sim_link_init(&fresh->link, &run->world, fresh->host, fresh->name, NULL);
    fresh->link.weather.latency_min_ns = LATENCY_MIN_NS;
    fresh->link.weather.latency_spread_ns = SPREAD_NS;
    fresh->link.client = (sim_receiver){&client_ops, fresh};
    fresh->link.server = (sim_receiver){&server_ops, run};
}

static double kernel_rate(uint32_t device_count, uint32_t request_count, uint64_t *digest)
{
    kernel_run run = {.message_count = 0};
    SY_ASSERT(sim_world_init(&run.world, sy_alloc_std(), 42, false, NULL) == SY_OK);
    SY_ASSERT(sim_trace_add_host(run.world.trace, "server", &run.server) == SY_OK);
    run.devices = calloc(device_count, sizeof *run.devices);
    SY_ASSERT(run.devices != NULL);
    for (uint32_t i = 0; i < device_count; i++) {
        add_device(&run, i, request_count);
    }
    double begin = bench_cpu_seconds();
    for (uint32_t i = 0; i < device_count; i++) {
        send_request(&run.devices[i]);
    }
    while (sim_world_step(&run.world, SY_TIME_MAX)) {
    }
    double seconds = bench_cpu_seconds() - begin;
    *digest = sim_trace_digest(run.world.trace);
    SY_ASSERT(run.world.broken == SY_OK);
    SY_ASSERT(run.message_count == 2 * (uint64_t)device_count * request_count);
    free(run.devices);
    sim_world_deinit(&run.world);
    return (double)run.message_count / seconds;
}

/* -- the plain loop -- */

typedef struct plain_run plain_run;

typedef struct plain_message {
    struct plain_message *next;
    uint32_t client, id;
    char bytes[PAYLOAD_SIZE];
} plain_message;

typedef struct plain_event {
    uint64_t time, sequence;
    void (*fire)(plain_run *run, plain_message *message);
    plain_message *message;
} plain_event;

struct plain_run {
    plain_event *heap;
    size_t count;
    uint64_t sequence, now, random, digest, message_count;
    plain_message *spare;
    uint32_t *left;
    uint64_t *sums;
};

static inline bool plain_before(const plain_event *a, const plain_event *b)
{
    return a->time < b->time || (a->time == b->time && a->sequence < b->sequence);
}

static inline void plain_push(plain_run *run, plain_event event)
{
    size_t hole = run->count++;
    while (hole > 0 && plain_before(&event, &run->heap[(hole - 1) / 4])) {
        run->heap[hole] = run->heap[(hole - 1) / 4];
        hole = (hole - 1) / 4;
    }
    run->heap[hole] = event;
}

static inline plain_event plain_pop(plain_run *run)
{
    plain_event *heap = run->heap;
    plain_event first = heap[0];
    plain_event last = heap[--run->count];
    size_t hole = 0;
    for (size_t child = 1; child < run->count; child = 4 * hole + 1) {
        size_t end = child + 4 < run->count ? child + 4 : run->count;
        size_t least = child;
        for (size_t i = child + 1; i < end; i++) {
            least = plain_before(&heap[i], &heap[least]) ? i : least;
        }
        if (!plain_before(&heap[least], &last)) {
            break;
        }
        heap[hole] = heap[least];
        hole = least;
    }
    heap[hole] = last;
    return first;
}

static inline uint64_t plain_random(plain_run *run)
{
    uint64_t z = (run->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline plain_message *plain_get(plain_run *run)
{
    plain_message *message = run->spare;
    if (message != NULL) {
        run->spare = message->next;
        return message;
    }
    message = malloc(sizeof *message);
    SY_ASSERT(message != NULL);
    return message;
}

static inline void plain_put(plain_run *run, plain_message *message)
{
    message->next = run->spare;
    run->spare = message;
}

static inline void plain_carry(plain_run *run, plain_message *message,
                               void (*fire)(plain_run *, plain_message *))
{
    run->message_count++;
    uint64_t at = run->now + (uint64_t)LATENCY_MIN_NS + plain_random(run) % (uint64_t)SPREAD_NS;
    plain_push(run, (plain_event){at, run->sequence++, fire, message});
}

static void plain_serve(plain_run *run, plain_message *request);

static void plain_request(plain_run *run, uint32_t client)
{
    plain_message *message = plain_get(run);
    message->client = client;
    message->id = run->left[client];
    memcpy(message->bytes, payload, PAYLOAD_SIZE);
    plain_carry(run, message, plain_serve);
}

static void plain_answer(plain_run *run, plain_message *response)
{
    uint32_t client = response->client;
    run->sums[client] += response->id + (uint64_t)response->bytes[0];
    plain_put(run, response);
    if (--run->left[client] > 0) {
        plain_request(run, client);
    }
}

static void plain_serve(plain_run *run, plain_message *request)
{
    plain_message *response = plain_get(run);
    response->client = request->client;
    response->id = request->id;
    memcpy(response->bytes, request->bytes, PAYLOAD_SIZE);
    plain_put(run, request);
    plain_carry(run, response, plain_answer);
}

static double plain_rate(uint32_t client_count, uint32_t request_count)
{
    plain_run run = {.random = 42};
    run.heap = malloc((client_count + 1) * sizeof *run.heap);
    run.left = malloc(client_count * sizeof *run.left);
    run.sums = calloc(client_count, sizeof *run.sums);
    SY_ASSERT(run.heap != NULL && run.left != NULL && run.sums != NULL);
    double begin = bench_cpu_seconds();
    for (uint32_t i = 0; i < client_count; i++) {
        run.left[i] = request_count;
        plain_request(&run, i);
    }
    while (run.count > 0) {
        plain_event event = plain_pop(&run);
        run.now = event.time;
        run.digest = (run.digest ^ event.time ^ event.sequence) * UINT64_C(0xa0761d6478bd642f);
        event.fire(&run, event.message);
    }
    double seconds = bench_cpu_seconds() - begin;
    SY_ASSERT(run.digest != 0);
    while (run.spare != NULL) {
        plain_message *next = run.spare->next;
        free(run.spare);
        run.spare = next;
    }
    free(run.heap);
    free(run.left);
    free(run.sums);
    return (double)run.message_count / seconds;
}

/* -- beside each other -- */

static void compare(uint32_t client_count)
{
    uint32_t request_count = 500000 / client_count;
    double kernel[ROUND_COUNT];
    double plain[ROUND_COUNT];
    uint64_t digest = 0;
    for (int i = 0; i < ROUND_COUNT; i++) {
        plain[i] = plain_rate(client_count, request_count);
        kernel[i] = kernel_rate(client_count, request_count, &digest);
    }
    double a = bench_median(kernel, ROUND_COUNT);
    double b = bench_median(plain, ROUND_COUNT);
    printf("kernel messages/s, %6" PRIu32 " clients: %11.0f   plain loop: %11.0f   ratio %.2f   "
           "digest %016" PRIx64 "\n",
           client_count, a, b, a / b, digest);
}

/* kernel_bench [CLIENTS]... */
int main(int count, char **arguments)
{
    memset(payload, 'x', sizeof payload);
    for (int i = 1; i < count; i++) {
        compare((uint32_t)strtoul(arguments[i], NULL, 10));
    }
    if (count < 2) {
        compare(100);
        compare(1000);
        compare(10000);
    }
    return 0;
}
