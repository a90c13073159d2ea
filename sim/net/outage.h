/* Times that come and go: outages of a link, bursts of losses. Where they lie is drawn by time, not
 * by what is sent: the n-th one is the same whatever policy devices follow, and links of one group
 * draw from one stream, so that a whole train is in the tunnel together. */
#ifndef SIM_NET_OUTAGE_H
#define SIM_NET_OUTAGE_H

#include "sim/kernel/distribution.h"
#include "sim/kernel/world.h"

typedef struct sim_outages {
    sim_world *world;
    sim_stream stream;
    const sim_label *label; /* of one: 0, it does not come; else how long it is */
    sim_distribution gap, length;
    bool active;     /* a switch that heal turns off */
    bool inside;     /* now */
    uint64_t number; /* of the one that is on or comes next, from 1 */
    sy_time from, until;
    sy_time due; /* the event on its way; SY_TIME_MAX: none */
    void (*changed)(void *self, bool inside);
    void *self;
} sim_outages;

/* A label for outages; names as in sim_label. */
#define SIM_OUTAGE_LABEL(label_name, fault_name)                                                   \
    {                                                                                              \
        .name = (label_name), .fault = (fault_name), .choice_class = SIM_WEATHER,                  \
        .key_parts = {"number"}, .representatives = sim_draw_representatives,                      \
        .representative_count = SIM_DRAW_REPRESENTATIVE_COUNT                                      \
    }

/* `stream` and `label` of the zeroed process, `changed` and `self` are set before. From virtual
 * time 0 on, also when it starts later. Starting again begins anew with other distributions. */
void sim_outages_start(sim_outages *outages, sim_distribution gap, sim_distribution length);
/* Ends the one that is on, and no other comes. */
void sim_outages_stop(sim_outages *outages);

#endif
