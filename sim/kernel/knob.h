/* A knob: one dial of weather that people set by name. A folder that can go wrong (net, disk, host)
 * has a plain struct of dials, zeroed: calm, and a table of the knobs on it; sim/run/weather.h puts
 * the tables together. design.md, "Stories and worlds"; policies.md section 4. */
#ifndef SIM_KERNEL_KNOB_H
#define SIM_KERNEL_KNOB_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sim_unit {
    SIM_UNIT_PER_MILLE, /* 0..1000 */
    SIM_UNIT_NS,        /* a time that is not negative, at most 100 years */
    SIM_UNIT_TIMES,     /* a whole number, 0..10^9 */
    SIM_UNIT_PPM,       /* 0..10^6 */
    SIM_UNIT_COUNT
} sim_unit;

typedef struct sim_knob {
    const char *name; /* "net.request-lost": folder, dot, what; NULL ends a table */
    const char *what; /* one line for people */
    size_t at;        /* of an int64_t in its folder's struct; 0 is calm */
    sim_unit unit;
    int64_t strong_min, strong_max; /* what swarm draws from; both 0: swarm leaves it alone */
    bool breach; /* a breach of contract: swarm leaves it alone unless asked for breaches */
} sim_knob;

/* "120 per mille" or "120", "340 ms", "1.5 s", "20 ppm", "3". SY_INVALID: not a value of this unit,
 * or past its range; the text says what would be. */
sy_rc sim_knob_parse(const sim_knob *knob, sy_str text, int64_t *out, sy_err *err);
const char *sim_unit_name(sim_unit unit);   /* "per mille", "time", "number", "ppm" */
int64_t sim_knob_max(const sim_knob *knob); /* of the range of its unit, which begins with 0 */
/* SY_INVALID: past that range. */
sy_rc sim_knob_check(const sim_knob *knob, int64_t value, sy_err *err);
/* What sim_knob_parse reads as the same value. */
void sim_knob_print(const sim_knob *knob, int64_t value, sy_buf *out);

#endif
