/* Drawn faults of a device. Each calls what a scenario calls for the same thing (client:crash(),
 * client:suspend {...}, client:clock {...}), so both are in the trace alike. To add one: a dial, a
 * knob, a label, a line in `faults`. */
#include "sim/host/client_weather.h"

#include "sim/host/client_internal.h"
#include "sim/host/host_clock.h"

#include <stddef.h>

#define GRACE_NS (10 * SY_SECOND)
#define SLEW_PPM 500 /* NTP's */
#define ZONE_MAX 13  /* hours */

#define DIAL(member) offsetof(sim_host_weather, member)
#define RATE(name, what, member, most)                                                             \
    {                                                                                              \
        (name), (what), DIAL(member), SIM_UNIT_PER_MILLE, 2, (most), false                         \
    }

const sim_knob sim_host_knobs[] = {
    RATE("host.crash", "minutes in which the process is killed", crash, 100),
    RATE("host.close", "minutes in which the app is closed in order", close, 50),
    {"host.down", "the longest time until it is started again", DIAL(down_ns), SIM_UNIT_NS,
     SY_SECOND, 5 * SY_MINUTE, false},
    RATE("host.background",
         "minutes in which the app goes into the background, to be frozen after "
         "ten seconds",
         background, 100),
    {"host.background-length", "the longest time that it stays there", DIAL(background_ns),
     SIM_UNIT_NS, 20 * SY_SECOND, 20 * SY_MINUTE, false},
    RATE("host.machine-suspended",
         "minutes in which the machine is suspended, and its clock stands", machine_suspended, 30),
    {"host.machine-length", "the longest time that it is suspended", DIAL(machine_ns), SIM_UNIT_NS,
     SY_SECOND, 20 * SY_MINUTE, false},
    {"host.clock-offset", "the most by which its clock is wrong at the start, either way",
     DIAL(clock_offset_ns), SIM_UNIT_NS, SY_MS, SY_DAY, false},
    {"host.clock-drift", "the most that its clock drifts, either way", DIAL(clock_drift_ppm),
     SIM_UNIT_PPM, 1, 200, false},
    {"host.clock-resolution", "what its clock shows is a multiple of it", DIAL(clock_resolution_ns),
     SIM_UNIT_NS, SY_MS, SY_SECOND, false},
    RATE("host.clock-step", "minutes in which its clock jumps", clock_step, 50),
    {"host.clock-step-size", "the most by which it jumps, either way", DIAL(clock_step_ns),
     SIM_UNIT_NS, SY_MS, SY_HOUR, false},
    RATE("host.date-set", "minutes in which the user sets the date", date_set, 20),
    {"host.date-size", "the most by which he gets it wrong, either way", DIAL(date_ns), SIM_UNIT_NS,
     SY_DAY, 400 * SY_DAY, false},
    RATE("host.clock-slewed", "minutes in which NTP begins to slew its clock to the truth",
         clock_slewed, 50),
    RATE("host.travel", "minutes in which it comes to another time zone", travel, 30),
    {"host.reinstalled", "minutes in which the app is installed anew, without what was pending",
     DIAL(reinstalled), SIM_UNIT_PER_MILLE, 2, 20, true},
    {"host.restored", "minutes in which its store of a minute before comes back", DIAL(restored),
     SIM_UNIT_PER_MILLE, 2, 20, true},
    {0},
};

#define WEATHER(label_name, part)                                                                  \
    .name = (label_name), .choice_class = SIM_WEATHER, .key_parts = {(part)}
#define FAULT(label_name) WEATHER(label_name, "minute"), .bound = 2, .fault = "host." label_name

static const sim_label crash_label = {FAULT("crash"), .verb = "%host:crash()"};
static const sim_label close_label = {FAULT("close"), .verb = "%host:stop()"};
static const sim_label down_label = {WEATHER("down-length", "minute")};
static const sim_label background_label = {FAULT("background"), .verb = "%host:suspend()"};
static const sim_label background_length_label = {WEATHER("background-length", "minute")};
static const sim_label machine_label = {
    FAULT("machine-suspended"), .verb = "%host:suspend { grace = \"0 s\", clock_stands = true }"};
static const sim_label machine_length_label = {WEATHER("machine-length", "minute")};
static const sim_label offset_label = {WEATHER("clock-offset", NULL), .fault = "host.clock-offset"};
static const sim_label drift_label = {WEATHER("clock-drift", NULL), .fault = "host.clock-drift"};
static const sim_label step_label = {FAULT("clock-step")};
static const sim_label step_size_label = {WEATHER("clock-step-size", "minute")};
static const sim_label date_label = {FAULT("date-set")};
static const sim_label date_size_label = {WEATHER("date-size", "minute")};
static const sim_label slew_label = {FAULT("clock-slewed"),
                                     .verb = "%host:clock { slew_ppm = 500 }"};
static const sim_label travel_label = {FAULT("travel")};
static const sim_label zone_label = {WEATHER("zone", "minute")};

static const sim_label reinstalled_label = {FAULT("reinstalled"), .verb = "%host:reinstall()"};
static const sim_label restored_label = {FAULT("restored")};

/* -- the process -- */

static void come_back(void *self)
{
    sim_client_host *host = self;
    if (!sim_client_host_up(host) && host->world->now >= host->weather_until) {
        (void)sim_client_host_start(host, NULL, NULL,
                                    NULL); /* else: nobody starts it before settle */
    }
    sim_client_host_resume(host);
}

static void for_a_while(sim_client_host *host, const sim_label *length, uint64_t slot,
                        sy_time limit, sy_time least)
{
    host->weather_until =
        host->world->now + least + sim_slots_draw(&host->slots, length, slot, limit, SY_MS);
    sim_world_at(host->world, host->weather_until, come_back, host);
}

static void crash(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    if (sim_client_host_up(host)) {
        sim_client_host_crash(host);
        for_a_while(host, &down_label, slot, host->weather.down_ns, 0);
    }
}

static void close(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    if (sim_client_host_up(host)) {
        sim_client_host_stop(host);
        for_a_while(host, &down_label, slot, host->weather.down_ns, 0);
    }
}

static void go_to_background(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    if (sim_client_host_up(host)) {
        sim_client_host_suspend(host, GRACE_NS, false);
        for_a_while(host, &background_length_label, slot, host->weather.background_ns, GRACE_NS);
    }
}

static void suspend_machine(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    if (sim_client_host_up(host)) {
        sim_client_host_suspend(host, 0, true);
        for_a_while(host, &machine_length_label, slot, host->weather.machine_ns, SY_MS);
    }
}

/* -- the store -- */

static void start_again(sim_client_host *host, sy_rc loaded)
{
    if (loaded == SY_NOMEM || sim_client_host_start(host, NULL, NULL, NULL) == SY_NOMEM) {
        host->world->broken = SY_NOMEM;
    }
}

static void reinstall(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    const sy_str id = sy_arena_printf(&host->world->arena, "%s~%llu", host->config.name,
                                      (unsigned long long)slot + 2);
    if (id.data == NULL) {
        host->world->broken = SY_NOMEM;
    } else if (sim_client_host_up(host)) {
        sim_client_host_crash(host);
        start_again(host, sim_client_host_reinstall(host, id, NULL));
    }
}

static void restore(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    (void)slot;
    if (sim_client_host_up(host) && host->image != NULL) {
        sim_client_host_crash(host);
        start_again(host, sim_client_host_load(host, host->image, NULL));
    }
}

void sim_client_host_drop_image(sim_client_host *host)
{
    if (host->image != NULL) {
        host->config.storage.ops->drop(host->image);
        host->image = NULL;
    }
}

static void keep_image(void *self)
{
    sim_client_host *host = self;
    struct sim_image *image = NULL;
    if (host->world->calm) {
        return;
    }
    if (sim_client_host_up(host) && sim_client_host_save(host, &image, NULL) == SY_OK) {
        sim_client_host_drop_image(host);
        host->image = image;
    }
    sim_world_after(host->world, SIM_SLOT_NS, keep_image, host);
}

/* -- the clock -- */

static void change_clock(sim_client_host *host, sim_clock_change change, int64_t value)
{
    sim_host_clock_change(host->world, host->index, &host->clock, change, value);
}

static void step_clock(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    change_clock(host, SIM_CLOCK_STEP,
                 sim_slots_draw_signed(&host->slots, &step_size_label, slot,
                                       host->weather.clock_step_ns, SY_MS));
}

static void set_date(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    const sy_time wrong = sim_slots_draw_signed(&host->slots, &date_size_label, slot,
                                                host->weather.date_ns, SY_MINUTE);
    change_clock(host, SIM_CLOCK_SET, SY_WORLD_EPOCH + host->world->now + wrong);
}

static void slew_clock(void *self, uint64_t slot)
{
    (void)slot;
    change_clock(self, SIM_CLOCK_SLEW, SLEW_PPM);
}

static void travel(void *self, uint64_t slot)
{
    sim_client_host *host = self;
    change_clock(
        host, SIM_CLOCK_ZONE,
        sim_slots_draw_signed(&host->slots, &zone_label, slot, ZONE_MAX * SY_HOUR, SY_HOUR));
}

static const sim_slot_fault faults[] = {
    {&crash_label, DIAL(crash), crash},
    {&close_label, DIAL(close), close},
    {&background_label, DIAL(background), go_to_background},
    {&machine_label, DIAL(machine_suspended), suspend_machine},
    {&step_label, DIAL(clock_step), step_clock},
    {&date_label, DIAL(date_set), set_date},
    {&slew_label, DIAL(clock_slewed), slew_clock},
    {&travel_label, DIAL(travel), travel},
    {&reinstalled_label, DIAL(reinstalled), reinstall},
    {&restored_label, DIAL(restored), restore},
    {0},
};

static void set_clock(sim_client_host *host)
{
    const sim_host_weather *weather = &host->weather;
    sim_clock_step(&host->clock, sim_slots_draw_signed(&host->slots, &offset_label, 0,
                                                       weather->clock_offset_ns, SY_MS));
    if (weather->clock_drift_ppm > 0) {
        sim_clock_set_drift(&host->clock, sim_slots_draw_signed(&host->slots, &drift_label, 0,
                                                                weather->clock_drift_ppm, 1));
    }
    if (weather->clock_resolution_ns > 0) {
        host->clock.resolution_ns = weather->clock_resolution_ns;
    }
}

void sim_client_host_set_weather(sim_client_host *host, const sim_host_weather *weather)
{
    host->weather = *weather;
    sim_slots_begin(&host->slots, host->world, host->config.name, faults, &host->weather, host);
    set_clock(host);
    if (weather->restored > 0) {
        sim_world_after(host->world, SIM_SLOT_NS, keep_image, host);
    }
}
