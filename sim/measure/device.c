/* The clocks of each device: how long it was online, how long its radio was awake, how deep its
 * queue was. */
#include "sim/kernel/events.h"
#include "sim/measure/measure_internal.h"

#include <string.h>

#define RADIO_TAIL_NS (11 * SY_SECOND) /* an LTE radio stays awake that long [policies.md 4.1] */

sim_gauged_device *sim_gauged_device_of(sim_measure *measure, uint32_t host, sy_time time)
{
    sim_gauged_device *device = sim_numbered_at(&measure->devices, host);
    if (device != NULL && !device->known && host != SIM_HOST_WORLD) {
        device->known = true;
        device->known_at = sim_measure_clock(measure, time);
        device->since = device->known_at;
        device->depth_since = device->known_at;
    }
    return device;
}

/* -- the connection -- */

bool sim_gauged_device_online(const sim_gauged_device *device)
{
    return !device->down && !device->offline && !device->out;
}

static void set_flags(sim_gauged_device *device, const sim_event *event)
{
    static const struct {
        const char *change;
        bool down, offline, out, value;
    } changes[] = {
        {"offline", false, true, false, true},  {"online", false, true, false, false},
        {"outage", false, false, true, true},   {"outage over", false, false, true, false},
        {"crashed", true, false, false, true},  {"stopped", true, false, false, true},
        {"frozen", true, false, false, true},   {"started", true, false, false, false},
        {"resumed", true, false, false, false}, {"restarted", true, false, false, false},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (sim_field_is(event, 1, changes[i].change)) {
            device->down = changes[i].down ? changes[i].value : device->down;
            device->offline = changes[i].offline ? changes[i].value : device->offline;
            device->out = changes[i].out ? changes[i].value : device->out;
        }
    }
}

void sim_gauge_connection(sim_measure *measure, const sim_event *event)
{
    const uint32_t host = sim_event_device(measure->trace, event);
    sim_gauged_device *device =
        sim_numbered_at(&measure->devices, host); /* of the server nobody asks */
    if (device == NULL) {
        return;
    }
    const bool before = sim_gauged_device_online(device);
    set_flags(device, event);
    const bool after = sim_gauged_device_online(device);
    if (before == after) {
        return;
    }
    const sy_time now = sim_measure_clock(measure, event->time);
    device->online_ns += before ? now - device->since : 0;
    device->since = now;
    sim_replicas_of(measure, host, after, event->time);
}

/* -- the radio -- */

void sim_gauge_radio(sim_measure *measure, const sim_event *event)
{
    sim_gauged_device *device = sim_gauged_device_of(measure, event->host, event->time);
    if (device == NULL) {
        return;
    }
    const sy_time gap = event->time - device->radio_last;
    if (!device->radio_used || gap > RADIO_TAIL_NS) {
        device->wakeups++;
        device->radio_ns += device->radio_used ? RADIO_TAIL_NS : 0;
    } else {
        device->radio_ns += gap;
    }
    device->radio_used = true;
    device->radio_last = event->time;
}

/* -- the queue -- */

static void add_depth(sim_measure *measure, sim_gauged_device *device, sy_time now)
{
    sim_depths *depths = &measure->depths;
    const uint64_t us = (uint64_t)(now - device->depth_since) / (uint64_t)SY_US;
    depths->us[device->depth < SIM_DEPTH_COUNT ? device->depth : SIM_DEPTH_COUNT - 1] += us;
    depths->total_us += us;
    depths->weighted_us += us * device->depth;
    device->depth_since = now;
}

void sim_gauge_depth(sim_measure *measure, uint32_t host, sy_time time, int64_t change)
{
    sim_gauged_device *device = sim_gauged_device_of(measure, host, time);
    if (device == NULL) {
        return;
    }
    add_depth(measure, device, sim_measure_clock(measure, time));
    const uint64_t less = change < 0 ? (uint64_t)-change : 0;
    device->depth = change >= 0            ? device->depth + (uint64_t)change
                    : device->depth > less ? device->depth - less
                                           : 0;
    if (device->depth > measure->depths.max) {
        measure->depths.max = device->depth;
    }
}

void sim_gauge_devices_end(sim_measure *measure, sy_time now)
{
    now = sim_measure_clock(measure, now);
    for (size_t i = 0; i < measure->devices.count; i++) {
        sim_gauged_device *device = &sim_gauged_devices(measure)[i];
        if (device->known) {
            add_depth(measure, device, now);
            device->online_ns += sim_gauged_device_online(device) ? now - device->since : 0;
            device->since = now;
            device->radio_ns += device->radio_used ? RADIO_TAIL_NS : 0;
        }
    }
}
