#include "sim/net/link_weather.h"

#include "core/base/time.h"

#define DIAL(member) offsetof(sim_link_weather, member)
#define RATE(name, what, member, most)                                                             \
    {                                                                                              \
        (name), (what), DIAL(member), SIM_UNIT_PER_MILLE, 5, (most), false                         \
    }

const sim_knob sim_link_knobs[] = {
    {"net.latency", "the least time that a message takes, one way", DIAL(latency_min_ns),
     SIM_UNIT_NS, SY_MS, 400 * SY_MS, false},
    {"net.latency-spread", "drawn on top of it, uniformly", DIAL(latency_spread_ns), SIM_UNIT_NS,
     SY_MS, 4 * SY_SECOND, false},
    {"net.latency-tail", "drawn on top, lognormal: its median", DIAL(latency_tail_ns), SIM_UNIT_NS,
     SY_MS, SY_SECOND, false},
    {"net.latency-sigma", "the deviation of its logarithm, in thousandths", DIAL(latency_sigma),
     SIM_UNIT_TIMES, 300, 1200, false},
    {"net.promotion", "the wait for a radio that was idle for 11 s", DIAL(promotion_ns),
     SIM_UNIT_NS, 100 * SY_MS, 2 * SY_SECOND, false},
    {"net.up-rate", "bytes a second towards the server; 0: at once", DIAL(up_rate), SIM_UNIT_TIMES,
     1000, 1000000, false},
    {"net.down-rate", "bytes a second towards the device; 0: at once", DIAL(down_rate),
     SIM_UNIT_TIMES, 1000, 1000000, false},
    RATE("net.request-lost", "requests that the server never sees", request_lost, 200),
    RATE("net.request-refused", "requests that cannot leave, told at once", request_refused, 200),
    RATE("net.request-duplicated", "requests that a proxy sends twice", request_duplicated, 200),
    RATE("net.request-late", "requests that come late, often after their time-out", request_late,
         100),
    RATE("net.unauthorized", "401 from a gateway before the server", unauthorized, 50),
    RATE("net.portal", "511 from a captive portal before the server", portal, 100),
    RATE("net.throttled", "429 from a gateway before the server", throttled, 100),
    RATE("net.unavailable", "503 from a gateway before the server", unavailable, 100),
    RATE("net.failed", "500 from a gateway before the server", failed, 100),
    RATE("net.response-lost", "answers that get lost after the server executed", response_lost,
         200),
    RATE("net.response-reset", "connections reset after the server executed", response_reset, 200),
    RATE("net.response-truncated", "answers cut off or garbled, which the receiver notices",
         response_truncated, 100),
    RATE("net.response-failed", "502 from a gateway after the server executed", response_failed,
         100),
    RATE("net.response-late", "answers that come late, often after their time-out", response_late,
         100),
    RATE("net.notice-lost", "notices of changes that get lost", notice_lost, 300),
    RATE("net.notice-doubled", "notices that come twice", notice_doubled, 300),
    RATE("net.notice-late", "notices that come late", notice_late, 300),
    {"net.late", "how late what is late may be, at most; 5 min when 0", DIAL(late_ns), SIM_UNIT_NS,
     SY_SECOND, 10 * SY_MINUTE, false},
    {"net.burst-every", "mean time between two bursts of losses", DIAL(burst_every_ns), SIM_UNIT_NS,
     30 * SY_SECOND, 10 * SY_MINUTE, false},
    {"net.burst-lasting", "mean length of one; a second when 0", DIAL(burst_lasting_ns),
     SIM_UNIT_NS, 100 * SY_MS, 30 * SY_SECOND, false},
    {"net.burst-lost", "messages lost in one; 500 per mille when 0", DIAL(burst_lost),
     SIM_UNIT_PER_MILLE, 200, 1000, false},
    {"net.outage-every", "mean time online between two outages", DIAL(outage_every_ns), SIM_UNIT_NS,
     SY_MINUTE, 30 * SY_MINUTE, false},
    {"net.outage-lasting", "mean length of an outage; a minute when 0", DIAL(outage_lasting_ns),
     SIM_UNIT_NS, SY_SECOND, 10 * SY_MINUTE, false},
    {"net.outage-shape", "of its length: 0 exponential, to 3000 lognormal, from 11000 Pareto",
     DIAL(outage_shape), SIM_UNIT_TIMES, 0, 0, false},
    {0},
};
