/* Operations in queues: how old they get, how often they are sent, how long they stand failed. */
#include "sim/check/fields.h"
#include "sim/measure/measure_internal.h"

static const sy_str none = {"", 0};

static sim_gauged_operation *find(sim_measure *measure, uint32_t host, int64_t op)
{
    return sim_index_find(&measure->operations, host, none, none, op);
}

static void stop_failing(sim_measure *measure, sim_gauged_operation *operation, sy_time now)
{
    measure->failed_ns += operation->failed ? now - operation->failed_since : 0;
    operation->failed = false;
}

void sim_gauge_enqueue(sim_measure *measure, const sim_event *event)
{
    sim_gauge_depth(measure, event->host, event->time, 1);
    sim_gauged_operation *made = sim_index_get(&measure->operations, event->host, none, none,
                                               sim_field_int(event, ENQUEUE_OP));
    if (made != NULL) {
        made->queued = sim_measure_clock(measure, event->time);
    }
}

static void end(sim_measure *measure, sim_gauged_operation *operation, sy_time now)
{
    stop_failing(measure, operation, now);
    sim_samples_add(&measure->ages, now - operation->queued);
}

void sim_gauge_dequeue(sim_measure *measure, const sim_event *event)
{
    sim_gauge_depth(measure, event->host, event->time, -1);
    sim_gauged_operation *gone = find(measure, event->host, sim_field_int(event, DEQUEUE_OP));
    if (gone == NULL) {
        return;
    }
    const sy_time now = sim_measure_clock(measure, event->time);
    if (sim_field_is(event, DEQUEUE_REASON, "collapsed")) {
        stop_failing(measure, gone, now);
    } else {
        end(measure, gone, now);
    }
    sim_index_remove(&measure->operations, &gone->record);
}

void sim_gauge_op_failed(sim_measure *measure, const sim_event *event)
{
    sim_gauged_operation *of = find(measure, event->host, sim_field_int(event, FAILED_OP));
    if (of != NULL && !of->failed) {
        of->failed = true;
        of->failed_since = sim_measure_clock(measure, event->time);
    }
}

void sim_gauge_op_sent(sim_measure *measure, const sim_event *event)
{
    const int64_t op = sim_field_int(event, SEND_OP);
    sim_gauged_operation *sent = op != 0 ? find(measure, event->host, op) : NULL;
    if (sent == NULL) {
        return;
    }
    stop_failing(measure, sent, sim_measure_clock(measure, event->time));
    measure->operations_sent += sent->sends == 0;
    measure->resends += sent->sends > 0;
    sent->sends++;
}

/* A restart found so many in the store. */
void sim_gauge_scene(sim_measure *measure, const sim_event *event)
{
    const uint32_t host = sim_event_device(measure->trace, event);
    const sim_gauged_device *device = sim_gauged_device_of(measure, host, event->time);
    if (device != NULL) {
        sim_gauge_depth(measure, host, event->time,
                        sim_field_int(event, 1) - (int64_t)device->depth);
        sim_replica_scene(measure, host, event->time);
    }
}

/* Those that a crash took are not in the lineage's queues any more. */
void sim_gauge_operations_end(sim_measure *measure, sy_time now)
{
    for (uint32_t host = 0; host < measure->devices.count; host++) {
        for (const sim_pending *at = sim_lineage_queue(measure->lineage, host); at != NULL;
             at = at->host_next) {
            sim_gauged_operation *left = find(measure, host, at->op);
            if (left != NULL) {
                end(measure, left, sim_measure_clock(measure, now));
            }
            measure->manual += at->failed > 0; /* somebody has to look at it */
        }
    }
}
