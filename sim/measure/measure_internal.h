/* What the gauges share. Each has its own state; measure.c shows them the events. */
#ifndef SIM_MEASURE_MEASURE_INTERNAL_H
#define SIM_MEASURE_MEASURE_INTERNAL_H

#include "sim/measure/measure.h"
#include "sim/measure/samples.h"

/* -- device.c: clocks and counts of each device -- */

typedef struct sim_gauged_device {
    bool known; /* it did something */
    bool down, offline, out;
    sy_time known_at, since; /* when it was met; when it came to be online or not */
    sy_time online_ns;
    bool radio_used;
    sy_time radio_last, radio_ns;
    uint64_t wakeups;
    uint64_t depth; /* of its queue */
    sy_time depth_since;
    uint64_t edits, kept, lost;
    sy_time received_ns; /* how late it heard of others' commits... */
    uint64_t received;   /* ...of so many */
    struct sim_shadow *shadows;
} sim_gauged_device;

#define SIM_DEPTH_COUNT 256u /* deeper queues are told apart by their maximum alone */

typedef struct sim_depths { /* over all devices */
    uint64_t us[SIM_DEPTH_COUNT];
    uint64_t total_us, weighted_us, max;
} sim_depths;

/* -- spread.c: where commits got -- */

typedef struct sim_spread_commit {
    sy_time time, edited, last; /* edited: its oldest edit; -1: none */
    uint32_t host, reached;     /* who sent it; devices that got it since, but for that one */
} sim_spread_commit;

typedef struct sim_spread_line { /* by number of the row */
    sim_spread_commit *items;    /* by ordinal - 1 */
    size_t count, capacity;
    const sim_line *of;
} sim_spread_line;

typedef struct sim_puller { /* by (host, table): it pulls */
    sim_record record;
    bool whole; /* the table, not a part of it */
    bool pulls;
} sim_puller;

/* -- replica.c: what replicas show -- */

typedef struct sim_variant { /* of a cell: a value, and how many replicas that are online show it */
    struct sim_variant *next;
    uint64_t hash;
    uint32_t count;
} sim_variant;

typedef struct sim_gauged_cell {
    sim_variant *first; /* those that somebody shows */
    uint32_t distinct;
    sy_time since; /* when it came to be two */
} sim_gauged_cell;

typedef struct sim_gauged_line { /* by number of the row */
    sim_gauged_cell *cells;
    uint32_t count;
    struct sim_shadow *server;
} sim_gauged_line;

typedef struct sim_shadow_cell {
    uint64_t shown, own; /* own: what its device's app wrote last */
    bool has_own, replaced;
} sim_shadow_cell;

typedef struct sim_shadow { /* a replica of a row, as it was after the last event about it */
    struct sim_shadow *next;
    uint32_t host; /* 0: the server's row */
    uint32_t line;
    uint32_t high; /* the highest commit that it ever stood on */
    bool present;
    sim_shadow_cell *cells;
    uint32_t count;
    const sim_puller *puller; /* NULL: not looked up, or it does not pull */
    const sim_copy *copy;     /* NULL: the server's */
} sim_shadow;

typedef struct sim_gauged_operation { /* by (host, op) */
    sim_record record;
    sy_time queued, failed_since;
    bool failed;
    uint32_t sends;
} sim_gauged_operation;

struct sim_measure {
    sy_alloc alloc;
    sy_arena arena;
    sim_trace *trace;
    sim_lineage *lineage;
    bool failed;
    sy_time settled_at;   /* INT64_MAX: not yet */
    sim_numbered devices; /* by host, sim_gauged_device */
    sim_depths depths;
    sim_index operations, pullers;
    sim_numbered spreads; /* by number of the row, sim_spread_line */
    sim_numbered lines;   /* by number of the row, sim_gauged_line */
    sim_numbered shadows; /* by number of the copy, sim_shadow * */
    sim_variant *spare;
    sim_numbered sizes; /* by tag, uint32_t: bytes of what the edit wrote; 0: nobody told */
    sim_samples conv, everywhere, aoi, windows, ages;
    uint64_t commits, healed;
    uint64_t reads, stale, behind, behind_max;
    uint64_t flaps, zombies;
    uint64_t pushes, conflicts, agreed, manual;
    uint64_t requests, answers, fetched, wasted;
    uint64_t operations_sent, resends;
    sy_time failed_ns;
};

static inline sy_time sim_measure_clock(const sim_measure *measure, sy_time time)
{
    return time < measure->settled_at ? time : measure->settled_at;
}

/* measure->devices.count of them; those that are not known did nothing. */
static inline sim_gauged_device *sim_gauged_devices(const sim_measure *measure)
{
    return (sim_gauged_device *)(void *)measure->devices.items;
}

/* The device; NULL: no memory. It is met now when it was not known. */
sim_gauged_device *sim_gauged_device_of(sim_measure *measure, uint32_t host, sy_time time);
bool sim_gauged_device_online(const sim_gauged_device *device);
void sim_gauge_radio(sim_measure *measure, const sim_event *event);
void sim_gauge_connection(sim_measure *measure, const sim_event *event);
void sim_gauge_depth(sim_measure *measure, uint32_t host, sy_time time, int64_t change);
void sim_gauge_devices_end(sim_measure *measure, sy_time now);

void sim_gauge_enqueue(sim_measure *measure, const sim_event *event);
void sim_gauge_dequeue(sim_measure *measure, const sim_event *event);
void sim_gauge_op_failed(sim_measure *measure, const sim_event *event);
void sim_gauge_op_sent(sim_measure *measure, const sim_event *event);
void sim_gauge_scene(sim_measure *measure, const sim_event *event);
void sim_gauge_operations_end(sim_measure *measure, sy_time now);

void sim_gauge_pull_begin(sim_measure *measure, const sim_event *event);
void sim_spread_commit_made(sim_measure *measure, const sim_event *event);
/* A copy stands on another commit. */
void sim_spread_reach(sim_measure *measure, sim_shadow *shadow, sy_time time);
void sim_spread_end(sim_measure *measure);

/* Its shadow, after the event. NULL: no memory. */
sim_shadow *sim_shadow_of(sim_measure *measure, const sim_copy *copy, sy_time time);
void sim_replica_wrote(sim_measure *measure, const sim_event *event);
void sim_replica_applied(sim_measure *measure, const sim_event *event);
void sim_replica_committed(sim_measure *measure, const sim_event *event);
void sim_replica_read(sim_measure *measure, const sim_event *event);
void sim_replica_purged(sim_measure *measure, const sim_event *event);
void sim_replica_scene(sim_measure *measure, uint32_t host, sy_time time);
/* Every replica of the device starts or stops to count. */
void sim_replicas_of(sim_measure *measure, uint32_t host, bool online, sy_time time);
/* Closes what is open. */
void sim_replicas_end(sim_measure *measure, sy_time now);

/* fairness.c: from the devices' counts. */
void sim_fairness(const sim_measure *measure, sim_metrics *out);

#endif
