/* What happens to the storage of a device by itself: its dials, and the draws. The disk asks at
 * each change, lock and read that SQLite makes for a write of the engine, the faulty store
 * (sim_store.h) at each write to a store that is no disk; both with the number of what it is about,
 * so that a choice names it: "phone/disk dies(change 412) = 3". */
#ifndef SIM_DISK_DISK_WEATHER_H
#define SIM_DISK_DISK_WEATHER_H

#include "sim/disk/sim_vfs.h"
#include "sim/kernel/knob.h"
#include "sim/kernel/world.h"

typedef struct sim_disk_weather { /* zeroed: calm; the knobs say what each dial is */
    int64_t death, power_loss;
    int64_t failed, full, write_short, read_short, locked;
    int64_t read_ns, write_ns, sync_ns;
    int64_t stalled, stall_ns;
    int64_t write_back_ns;
    int64_t rot, journal_lost, journal_stale;
} sim_disk_weather;

extern const sim_knob sim_disk_knobs[]; /* of sim_disk_weather; ends with one without a name */

struct sim_disk_fate { /* of one device's storage */
    sim_world *world;
    uint32_t host; /* in the trace */
    sim_stream stream;
    sim_disk_weather weather;
    bool rough; /* something can happen; else nobody need ask */
    bool loses; /* a loss of power is among it: the disk is to track */
};

/* The name is borrowed for the life of the world. */
void sim_disk_fate_init(sim_disk_fate *fate, sim_world *world, uint32_t host, const char *name,
                        const sim_disk_weather *weather);

/* The label of deaths at a change, for who enumerates them: 1 is the process alone. */
#define SIM_DISK_DIES "dies"
/* What a store_fault of such a death, or of a loss of power, says is what. */
bool sim_disk_is_death(sy_str what);

/* Before a change: what becomes of it, told to the trace. `loss` is how power goes with a death;
 * nothing where it does not. A store that is no disk loses nothing. */
typedef enum sim_disk_fault {
    SIM_DISK_FINE,
    SIM_DISK_DEATH, /* before that change the process dies */
    SIM_DISK_ERROR, /* that change fails, later ones work */
    SIM_DISK_FULL,  /* the same, for want of room */
    SIM_DISK_SHORT, /* the same, with a part of it written */
    SIM_DISK_FAULT_COUNT
} sim_disk_fault;

sim_disk_fault sim_disk_fate_change(const sim_disk_fate *fate, uint64_t change, bool is_write,
                                    bool tracks, sim_power_loss *loss);
/* Breaches of the store's contract, between two processes: does it happen at this opening? */
typedef enum sim_disk_breach {
    SIM_DISK_ROT,
    SIM_DISK_JOURNAL_LOST,
    SIM_DISK_JOURNAL_STALE,
    SIM_DISK_BREACH_COUNT
} sim_disk_breach;

bool sim_disk_fate_damage(const sim_disk_fate *fate, sim_disk_breach breach, uint64_t change);
/* Which of so many bits. */
uint64_t sim_disk_fate_rotten_bit(const sim_disk_fate *fate, uint64_t change, uint64_t bits);
/* Somebody else has the lock. */
bool sim_disk_fate_lock(const sim_disk_fate *fate, uint64_t lock);
/* A read ends early. */
bool sim_disk_fate_read(const sim_disk_fate *fate, uint64_t read);
/* The process died by something else, after that change: how power went with it. */
sim_power_loss sim_disk_fate_power(const sim_disk_fate *fate, uint64_t change);
/* Of that loss, what becomes of one change that was not synced: [0, n). */
uint64_t sim_disk_fate_pick(const sim_disk_fate *fate, uint64_t crash, uint64_t change, uint64_t n);
/* How long a commit stalls, on top of what it costs. */
sy_time sim_disk_fate_stall(const sim_disk_fate *fate, uint64_t write);

#endif
