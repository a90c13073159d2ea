/* What happens to the server by itself: its process, clocks, gate, notices, data. */
#ifndef SIM_HOST_SERVER_WEATHER_H
#define SIM_HOST_SERVER_WEATHER_H

#include "sim/kernel/knob.h"

typedef struct sim_server_weather { /* zeroed: calm; the knobs below say what each dial is */
    int64_t crash, down_ns;
    int64_t maintenance, maintenance_ns;
    int64_t throttled, unavailable;
    int64_t late_commit_ns;
    int64_t instances, instance_skew_ns;
    int64_t clock_step, clock_step_ns;
    int64_t clock_drift_ppm, clock_resolution_ns;
    int64_t coalesced, burst, notice_window_ns;
    int64_t migrated;
    int64_t cleaned, tombstone_age_ns;
    int64_t restored, failed_over, hard_delete;
} sim_server_weather;

extern const sim_knob sim_server_knobs[]; /* of sim_server_weather; ends with one without a name */

#endif
