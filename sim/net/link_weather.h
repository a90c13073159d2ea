/* The dials of one link: what weather does to it. Zeroed: calm. policies.md 4.1; the fault table of
 * design.md, "Ports". */
#ifndef SIM_NET_LINK_WEATHER_H
#define SIM_NET_LINK_WEATHER_H

#include "sim/kernel/knob.h"

typedef struct sim_link_weather { /* the knobs say what each dial is */
    int64_t latency_min_ns;       /* one way */
    int64_t latency_spread_ns;    /* drawn uniformly on top, in steps of 1 us */
    int64_t latency_tail_ns;      /* the median of a lognormal part on top */
    int64_t latency_sigma;        /* of its logarithm, thousandths */
    int64_t promotion_ns;         /* a radio that was idle for 11 s takes that long to wake */
    int64_t up_rate, down_rate;   /* bytes a second; 0: at once */

    /* per mille of requests, none of which the server sees but the duplicated and the late */
    int64_t request_lost;
    int64_t request_refused;
    int64_t request_duplicated;
    int64_t request_late;
    int64_t unauthorized, portal, throttled, unavailable, failed;
    /* per mille of answers, after the server executed */
    int64_t response_lost;
    int64_t response_reset;
    int64_t response_truncated;
    int64_t response_failed;
    int64_t response_late;
    /* per mille of notices */
    int64_t notice_lost;
    int64_t notice_doubled;
    int64_t notice_late;
    int64_t late_ns; /* how late what is late may be, at most */

    int64_t burst_every_ns, burst_lasting_ns;         /* means; the first is 0: no bursts */
    int64_t burst_lost;                               /* per mille of all messages, in a burst */
    int64_t clog_every_ns, clog_lasting_ns;           /* nothing arrives before its end */
    int64_t handover_every_ns, handover_lasting_ns;   /* likewise; from one cell to the next */
    int64_t partition_every_ns, partition_lasting_ns; /* what goes that way vanishes */
    int64_t outage_every_ns, outage_lasting_ns;
    int64_t outage_shape; /* of its length: 0 exponential; to 3000 lognormal, of that deviation in
                             thousandths and that mean; from 11000 Pareto, of that exponent in
                             ten-thousandths */
} sim_link_weather;

extern const sim_knob sim_link_knobs[]; /* of sim_link_weather; ends with one without a name */

#endif
