/* What happens to a device by itself: its process, its clock. */
#ifndef SIM_HOST_CLIENT_WEATHER_H
#define SIM_HOST_CLIENT_WEATHER_H

#include "sim/kernel/knob.h"

typedef struct sim_host_weather { /* zeroed: calm; the knobs below say what each dial is */
    int64_t crash, close;         /* per mille of the minutes, as all rates here */
    int64_t down_ns;
    int64_t background, background_ns;
    int64_t machine_suspended, machine_ns;
    int64_t clock_offset_ns, clock_drift_ppm, clock_resolution_ns;
    int64_t clock_step, clock_step_ns;
    int64_t date_set, date_ns;
    int64_t clock_slewed;
    int64_t travel;
    int64_t reinstalled, restored;
} sim_host_weather;

extern const sim_knob sim_host_knobs[]; /* of sim_host_weather; ends with one without a name */

#endif
