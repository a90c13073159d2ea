/* What goes wrong with a disk: at the n-th change, lock or read from now, as somebody asked, or by
 * its fate, which is asked at each while the disk is exposed to it. */
#include "sim/disk/disk.h"

#include "core/base/check.h"

static void arm(sim_disk *disk, sim_disk_fault fault, uint64_t change)
{
    disk->fault = fault;
    disk->fault_in = change;
}

void sim_disk_fail_at(sim_disk *disk, uint64_t change)
{
    arm(disk, SIM_DISK_DEATH, change);
}

void sim_disk_error_at(sim_disk *disk, uint64_t change)
{
    arm(disk, SIM_DISK_ERROR, change);
}

void sim_disk_full_at(sim_disk *disk, uint64_t change)
{
    arm(disk, SIM_DISK_FULL, change);
}

void sim_disk_short_at(sim_disk *disk, uint64_t change)
{
    arm(disk, SIM_DISK_SHORT, change);
}

void sim_disk_lock_at(sim_disk *disk, uint64_t lock)
{
    disk->lock_in = lock;
}

void sim_disk_unread_at(sim_disk *disk, uint64_t read)
{
    disk->read_in = read;
}

/* -- what happens by itself -- */

void sim_disk_set_fate(sim_disk *disk, const sim_disk_fate *fate)
{
    disk->fate = fate;
    disk->lock_count = 0;
    disk->read_count = 0;
    disk->pending_number = 0;
    sim_disk_track(disk, fate != NULL && fate->loses);
}

void sim_disk_expose(sim_disk *disk, bool exposed)
{
    disk->exposed = exposed && disk->fate != NULL && disk->fate->rough;
}

bool sim_disk_is_dead(const sim_disk *disk)
{
    return disk->dead;
}

/* The operating system writes back what it was not asked to sync. */
static void write_back(sim_disk *disk)
{
    const sy_time every =
        disk->tracks && disk->fate != NULL ? disk->fate->weather.write_back_ns : 0;
    if (every > 0 && disk->fate->world->now / every != disk->written_back) {
        disk->written_back = disk->fate->world->now / every;
        sim_disk_sync(disk);
    }
}

typedef struct crash_pick {
    const sim_disk_fate *fate;
    uint64_t crash;
} crash_pick;

static uint64_t pick(void *self, uint64_t change, uint64_t n)
{
    const crash_pick *crash = self;
    return sim_disk_fate_pick(crash->fate, crash->crash, change, n);
}

/* `loss` is of a disk that tracks, by its fate. */
static void die(sim_disk *disk, sim_power_loss loss)
{
    crash_pick crash = {disk->fate, disk->change_count};
    disk->loss = SIM_POWER_LOSS_NOTHING;
    if (loss == SIM_POWER_LOSS_NOTHING) {
        sim_disk_crash(disk);
    } else if (sim_disk_lose_power(disk, loss, (sim_power_loss_picker){pick, &crash}) != SY_OK) {
        disk->fate->world->broken = SY_NOMEM;
    }
}

void sim_disk_crash_by_fate(sim_disk *disk)
{
    if (disk->dead) {
        return; /* how, was decided then */
    }
    write_back(disk);
    sim_power_loss loss = disk->loss;
    if (loss == SIM_POWER_LOSS_NOTHING && disk->fate != NULL && disk->tracks) {
        loss = sim_disk_fate_power(disk->fate, disk->change_count);
    }
    disk->died_by_fate = false;
    die(disk, loss);
}

void sim_disk_lose_power_next(sim_disk *disk, sim_power_loss loss)
{
    SY_ASSERT(disk->tracks);
    disk->loss = loss;
}

bool sim_disk_died_by_fate(const sim_disk *disk)
{
    return disk->died_by_fate;
}

void sim_disk_inherit(sim_disk *disk, const sim_disk *former)
{
    sim_disk_set_fate(disk, former->fate);
    disk->change_count = former->change_count;
    disk->lock_count = former->lock_count;
    disk->read_count = former->read_count;
    disk->pending_number = former->pending_number;
    disk->written_back = former->written_back;
}

sim_disk_fault sim_disk_change(sim_disk *disk, bool is_write)
{
    if (disk->dead) {
        return SIM_DISK_DEATH;
    }
    write_back(disk);
    disk->change_count++;
    sim_disk_fault fault = SIM_DISK_FINE;
    sim_power_loss loss = SIM_POWER_LOSS_NOTHING;
    if (disk->fault_in > 0 && --disk->fault_in == 0) {
        fault = disk->fault;
        loss = disk->loss;
        disk->died_by_fate = false;
    } else if (disk->exposed) {
        fault = sim_disk_fate_change(disk->fate, disk->change_count, is_write, disk->tracks, &loss);
        disk->died_by_fate = true;
    }
    if (fault == SIM_DISK_DEATH) {
        die(disk, loss);
    }
    return fault;
}

bool sim_disk_locked_out(sim_disk *disk)
{
    const bool scripted = disk->lock_in > 0 && --disk->lock_in == 0;
    return scripted || (disk->exposed && sim_disk_fate_lock(disk->fate, ++disk->lock_count));
}

bool sim_disk_read_fails(sim_disk *disk)
{
    const bool scripted = disk->read_in > 0 && --disk->read_in == 0;
    return scripted || (disk->exposed && sim_disk_fate_read(disk->fate, ++disk->read_count));
}
