/* A label that is off draws nothing: each question is asked only where its dial is set or somebody
 * forces or records draws. To add a fault: a dial, a knob, a label, and where it strikes. */
#include "sim/disk/disk_weather.h"

#include <string.h>

#include "core/base/time.h"

#define DIAL(member) offsetof(sim_disk_weather, member)
#define RATE(name, what, member, most)                                                             \
    {                                                                                              \
        (name), (what), DIAL(member), SIM_UNIT_PER_MILLE, 1, (most), false                         \
    }

#define BREACH(name, what, member)                                                                 \
    {                                                                                              \
        (name), (what), DIAL(member), SIM_UNIT_PER_MILLE, 50, 500, true                            \
    }

const sim_knob sim_disk_knobs[] = {
    RATE("disk.death", "changes of a store (writes, syncs) before which the process dies", death,
         10),
    RATE("disk.power-loss", "of the deaths of a process, those by a loss of power", power_loss,
         1000),
    RATE("disk.failed", "changes of a store that fail with an I/O error", failed, 10),
    RATE("disk.full", "writes for which the disk has no room", full, 10),
    RATE("disk.write-short", "writes that fail when a part is written", write_short, 10),
    RATE("disk.read-short", "reads that fail when a part is read", read_short, 10),
    RATE("disk.locked", "locks that another process has (BUSY)", locked, 20),
    {"disk.read-time", "how long a read takes", DIAL(read_ns), SIM_UNIT_NS, 10 * SY_US, SY_MS,
     false},
    {"disk.write-time", "how long a write takes", DIAL(write_ns), SIM_UNIT_NS, 10 * SY_US,
     5 * SY_MS, false},
    {"disk.sync-time", "how long a commit takes", DIAL(sync_ns), SIM_UNIT_NS, SY_MS, 100 * SY_MS,
     false},
    RATE("disk.stalled", "commits that stall", stalled, 50),
    {"disk.stall-time", "the longest that one stalls; a second when 0", DIAL(stall_ns), SIM_UNIT_NS,
     100 * SY_MS, 20 * SY_SECOND, false},
    {"disk.write-back",
     "how often the system writes back what was not synced, so that power can't lose it; 0: never",
     DIAL(write_back_ns), SIM_UNIT_NS, 0, 0, false},
    BREACH("disk.rot", "restarts that find a bit of the database turned over", rot),
    BREACH("disk.journal-lost", "restarts after a death within a commit that find no journal",
           journal_lost),
    BREACH("disk.journal-stale", "restarts that find an old journal, and undo by it",
           journal_stale),
    {0},
};

#define WEATHER(label_name, part)                                                                  \
    .name = (label_name), .choice_class = SIM_WEATHER, .key_parts = {(part)}
#define FAULT(label_name, part) WEATHER(label_name, part), .bound = 2, .fault = "disk." label_name

/* 1: the process alone; more: power goes, too, and 1 more than how. */
static const uint64_t every_death[] = {1, 2, 3, 4, 5, 6, 7, 8};
_Static_assert(sizeof every_death / sizeof every_death[0] == SIM_POWER_LOSS_COUNT, "all of them");
static const sim_label dies_label = {
    WEATHER(SIM_DISK_DIES, "change"),
    .fault = "disk.death",
    .representatives = every_death,
    .representative_count = SIM_POWER_LOSS_COUNT,
};
static const sim_label power_label = {
    WEATHER("power-lost", "change"),
    .fault = "disk.power-loss",
    .bound = SIM_POWER_LOSS_COUNT,
    .representatives = every_death,
    .representative_count = SIM_POWER_LOSS_COUNT,
};
static const sim_label kept_label = {
    .name = "unsynced", .choice_class = SIM_WEATHER, .key_parts = {"crash", "change"}};
static const sim_label failed_label = {FAULT("failed", "change")};
static const sim_label full_label = {FAULT("full", "change")};
static const sim_label write_short_label = {FAULT("write-short", "change")};
static const sim_label read_short_label = {FAULT("read-short", "read")};
static const sim_label locked_label = {FAULT("locked", "lock")};
static const sim_label stalled_label = {FAULT("stalled", "write")};
static const uint64_t stalls[] = {100, 1000};
static const sim_label stall_label = {WEATHER("stall-length", "write"), .representatives = stalls,
                                      .representative_count = 2};

void sim_disk_fate_init(sim_disk_fate *fate, sim_world *world, uint32_t host, const char *name,
                        const sim_disk_weather *weather)
{
    const bool asked = !sim_choice_is_silent(world->choice);
    *fate = (sim_disk_fate){
        .world = world,
        .host = host,
        .stream = sim_stream_of(world->choice, name, "disk"),
        .weather = *weather,
        .rough = asked || weather->rot > 0 || weather->journal_lost > 0 ||
                 weather->journal_stale > 0 || weather->death > 0 || weather->failed > 0 ||
                 weather->full > 0 || weather->write_short > 0 || weather->read_short > 0 ||
                 weather->locked > 0 || weather->stalled > 0 || weather->power_loss > 0,
        .loses = asked || weather->power_loss > 0,
    };
}

static void tell(const sim_disk_fate *fate, const char *what, uint64_t number)
{
    sim_trace_event(fate->world, fate->host, &sim_event_store_fault, sy_cstr(what),
                    sy_int((int64_t)number));
}

static bool strikes(const sim_disk_fate *fate, const sim_label *label, uint64_t number,
                    int64_t per_mille)
{
    if (!sim_choose_permille(&fate->stream, label, SIM_KEY(number), (uint32_t)per_mille)) {
        return false;
    }
    tell(fate, label->name, number);
    return true;
}

/* One in 1000 by `bits`, of which the upper ones pick how. */
static uint64_t natural_loss(const sim_disk_fate *fate, uint64_t bits)
{
    const bool lost = (bits >> 40) % 1000 < (uint64_t)fate->weather.power_loss;
    return lost ? 1 + (bits >> 20) % (SIM_POWER_LOSS_COUNT - 1) : SIM_POWER_LOSS_NOTHING;
}

static const char *death_text(sim_power_loss loss)
{
    static const char *const texts[SIM_POWER_LOSS_COUNT] = {
        SIM_DISK_DIES,      "power lost: all",  "power lost: later",   "power lost: earlier",
        "power lost: some", "power lost: torn", "power lost: content", "power lost: names",
    };
    return texts[loss];
}

bool sim_disk_is_death(sy_str what)
{
    for (int loss = 0; loss < SIM_POWER_LOSS_COUNT; loss++) {
        if (sy_str_equal(what, sy_str_of(death_text((sim_power_loss)loss)))) {
            return true;
        }
    }
    return false;
}

static uint64_t choose_death(const sim_disk_fate *fate, uint64_t change, bool tracks)
{
    const sim_key key = SIM_KEY(change);
    uint64_t natural = 0;
    if (fate->weather.death > 0 && !sim_choice_is_off(fate->world->choice, SIM_WEATHER)) {
        const uint64_t bits = sim_choose_bits(&fate->stream, &dies_label, key);
        const bool dies = bits % 1000 < (uint64_t)fate->weather.death;
        natural = !dies ? 0 : tracks ? 1 + natural_loss(fate, bits) : 1;
    } else if (sim_choice_is_silent(fate->world->choice)) {
        return 0;
    }
    return sim_choose_else(&fate->stream, &dies_label, &key,
                           tracks ? 1 + (uint64_t)SIM_POWER_LOSS_COUNT : 2, natural);
}

sim_disk_fault sim_disk_fate_change(const sim_disk_fate *fate, uint64_t change, bool is_write,
                                    bool tracks, sim_power_loss *loss)
{
    const sim_disk_weather *weather = &fate->weather;
    const uint64_t death = choose_death(fate, change, tracks);
    if (death > 0) {
        *loss = (sim_power_loss)(death - 1);
        tell(fate, death_text(*loss), change);
        return SIM_DISK_DEATH;
    }
    if (strikes(fate, &failed_label, change, weather->failed)) {
        return SIM_DISK_ERROR;
    }
    if (is_write && strikes(fate, &full_label, change, weather->full)) {
        return SIM_DISK_FULL;
    }
    return is_write && strikes(fate, &write_short_label, change, weather->write_short)
               ? SIM_DISK_SHORT
               : SIM_DISK_FINE;
}

static const struct {
    size_t rate_at;
    const char *what; /* of the breach */
    sim_label label;
} breaches[SIM_DISK_BREACH_COUNT] = {
    [SIM_DISK_ROT] = {DIAL(rot), "store rotted", {FAULT("rot", "change")}},
    [SIM_DISK_JOURNAL_LOST] = {DIAL(journal_lost),
                               "journal lost",
                               {FAULT("journal-lost", "change")}},
    [SIM_DISK_JOURNAL_STALE] = {DIAL(journal_stale),
                                "journal stale",
                                {FAULT("journal-stale", "change")}},
};

bool sim_disk_fate_damage(const sim_disk_fate *fate, sim_disk_breach breach, uint64_t change)
{
    int64_t rate = 0;
    memcpy(&rate, (const char *)&fate->weather + breaches[breach].rate_at, sizeof rate);
    if (rate == 0 || !strikes(fate, &breaches[breach].label, change, rate)) {
        return false;
    }
    sim_trace_event(fate->world, fate->host, &sim_event_breach, sy_cstr(fate->stream.host),
                    sy_cstr(breaches[breach].what));
    return true;
}

uint64_t sim_disk_fate_rotten_bit(const sim_disk_fate *fate, uint64_t change, uint64_t bits)
{
    static const sim_label label = {WEATHER("rotten-bit", "change")};
    return sim_choose(&fate->stream, &label, SIM_KEY(change), bits);
}

bool sim_disk_fate_lock(const sim_disk_fate *fate, uint64_t lock)
{
    return strikes(fate, &locked_label, lock, fate->weather.locked);
}

bool sim_disk_fate_read(const sim_disk_fate *fate, uint64_t read)
{
    return strikes(fate, &read_short_label, read, fate->weather.read_short);
}

sim_power_loss sim_disk_fate_power(const sim_disk_fate *fate, uint64_t change)
{
    const sim_key key = SIM_KEY(change);
    uint64_t natural = 0;
    if (fate->weather.power_loss > 0 && !sim_choice_is_off(fate->world->choice, SIM_WEATHER)) {
        natural = natural_loss(fate, sim_choose_bits(&fate->stream, &power_label, key));
    } else if (sim_choice_is_silent(fate->world->choice)) {
        return SIM_POWER_LOSS_NOTHING;
    }
    const sim_power_loss loss = (sim_power_loss)sim_choose_else(&fate->stream, &power_label, &key,
                                                                SIM_POWER_LOSS_COUNT, natural);
    if (loss != SIM_POWER_LOSS_NOTHING) {
        tell(fate, death_text(loss), change);
    }
    return loss;
}

/* What is lost is drawn also where the weather is calm: somebody forced the loss. */
uint64_t sim_disk_fate_pick(const sim_disk_fate *fate, uint64_t crash, uint64_t change, uint64_t n)
{
    const sim_key key = SIM_KEY(crash, change);
    const uint64_t natural = sim_choice_is_off(fate->world->choice, SIM_WORKLOAD)
                                 ? 0
                                 : sim_choose_bits(&fate->stream, &kept_label, key) % n;
    return sim_choose_else(&fate->stream, &kept_label, &key, n, natural);
}

sy_time sim_disk_fate_stall(const sim_disk_fate *fate, uint64_t write)
{
    const sy_time limit = fate->weather.stall_ns > 0 ? fate->weather.stall_ns : SY_SECOND;
    if (!strikes(fate, &stalled_label, write, fate->weather.stalled)) {
        return 0;
    }
    return (sy_time)(1 + sim_choose(&fate->stream, &stall_label, SIM_KEY(write),
                                    (uint64_t)(limit / SY_MS) + 1)) *
           SY_MS;
}
