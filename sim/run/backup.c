/* Images of what a device or the server held, and what is done with them. The simulation owns
 * them. */
#include "sim/run/simulation_internal.h"

static sy_rc keep(sim_simulation *simulation, sim_image *image, const sim_device *of,
                  uint32_t *number, sy_err *err)
{
    sim_backup *grown =
        sy_alloc_grow(simulation->alloc, simulation->backups, simulation->backup_count,
                      &simulation->backup_capacity, sizeof *grown);
    if (grown == NULL) {
        sim_image_free(image);
        return sy_fail_nomem(err);
    }
    simulation->backups = grown;
    grown[simulation->backup_count++] = (sim_backup){image, of};
    *number = (uint32_t)simulation->backup_count;
    return SY_OK;
}

void sim_backups_free(sim_simulation *simulation)
{
    for (size_t i = 0; i < simulation->backup_count; i++) {
        sim_image_free(simulation->backups[i].image);
    }
    sy_alloc_free(simulation->alloc, simulation->backups,
                  simulation->backup_capacity * sizeof *simulation->backups);
}

const sim_backup *sim_backup_get(const sim_simulation *simulation, uint32_t number)
{
    return number >= 1 && number <= simulation->backup_count ? &simulation->backups[number - 1]
                                                             : NULL;
}

/* -- devices -- */

sy_rc sim_device_back_up(sim_device *device, uint32_t *number, sy_err *err)
{
    sim_image *image = NULL;
    sy_rc rc = sim_client_host_save(device->host, &image, err);
    return rc == SY_OK ? keep(device->simulation, image, device, number, err)
                       : sy_err_wrap(err, rc, "%s", device->name);
}

sy_rc sim_device_restore(sim_device *device, uint32_t number, sy_err *err)
{
    const sim_backup *backup = sim_backup_get(device->simulation, number);
    if (backup == NULL || backup->of == NULL) {
        return SY_FAIL(err, SY_STATE, "this is no backup of a device");
    }
    return sim_client_host_load(device->host, backup->image, err);
}

sy_rc sim_device_adopt(sim_device *device, uint32_t number, sy_err *err)
{
    const sim_backup *backup = sim_backup_get(device->simulation, number);
    if (backup == NULL || backup->of == NULL) {
        return SY_FAIL(err, SY_STATE, "this is no backup of a device");
    }
    return sim_client_host_adopt(device->host, backup->image,
                                 sim_client_host_installation(backup->of->host), err);
}

/* "phone~2": what a fresh installation calls itself. */
static sy_rc next_installation(sim_device *device, sy_str *out, sy_err *err)
{
    *out = sy_arena_printf(&device->simulation->world.arena, "%s~%u", device->name,
                           (unsigned)(device->installations + 2));
    return out->data == NULL ? sy_fail_nomem(err) : SY_OK;
}

sy_rc sim_device_reinstall(sim_device *device, sy_err *err)
{
    sy_str id = {0};
    sy_rc rc = next_installation(device, &id, err);
    if (rc == SY_OK) {
        rc = sim_client_host_reinstall(device->host, id, err);
    }
    if (rc == SY_OK) {
        device->installations++;
    }
    return rc;
}

/* -- the server -- */

sy_rc sim_simulation_back_up_server(sim_simulation *simulation, uint32_t *number, sy_err *err)
{
    sim_image *image = NULL;
    sy_rc rc = sim_server_host_save(simulation->server, &image, err);
    return rc == SY_OK ? keep(simulation, image, NULL, number, err)
                       : sy_err_wrap(err, rc, "server");
}

sy_rc sim_simulation_restore_server(sim_simulation *simulation, uint32_t number, bool keeps_epoch,
                                    sy_err *err)
{
    const sim_backup *backup = sim_backup_get(simulation, number);
    if (backup == NULL || backup->of != NULL) {
        return SY_FAIL(err, SY_STATE, "this is no backup of the server");
    }
    const char *epoch = NULL;
    if (!keeps_epoch) {
        epoch = sy_arena_printf(&simulation->world.arena, "%u",
                                (unsigned)(simulation->server_restores + 2))
                    .data;
        if (epoch == NULL) {
            return sy_fail_nomem(err);
        }
    }
    sim_server_host_crash(simulation->server);
    sy_rc rc = sim_server_host_load(simulation->server, backup->image, epoch, err);
    simulation->server_restores += rc == SY_OK && !keeps_epoch;
    const sy_rc started = sim_server_host_start(simulation->server, rc == SY_OK ? err : NULL);
    return rc == SY_OK ? started : rc;
}
