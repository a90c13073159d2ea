#include "sim/measure/pairing.h"

#include "core/base/hash.h"
#include "sim/check/history.h"
#include "sim/kernel/events.h"

enum { INTENTION_USER, INTENTION_NUMBER, INTENTION_VERB, INTENTION_TABLE, INTENTION_ID };

static uint64_t hash_text(const sim_event *event, uint32_t field, uint64_t hash)
{
    const sy_str text = sim_field_text(event, field);
    return sy_hash(text.data, text.size, hash);
}

static void read_intention(sim_pairing *pairing, const sim_event *event)
{
    uint64_t hash = sy_hash_mix(1, (uint64_t)sim_field_int(event, INTENTION_NUMBER));
    hash = hash_text(event, INTENTION_USER, hash);
    hash = hash_text(event, INTENTION_VERB, hash);
    hash = hash_text(event, INTENTION_TABLE, hash);
    hash = hash_text(event, INTENTION_ID, hash);
    pairing->of.intentions += hash;
    pairing->of.intention_count++;
}

/* Sums: changes at one moment may come in any order. */
static void read_link(sim_pairing *pairing, const sim_event *event)
{
    const bool drawn = sim_field_is(event, 1, "outage") || sim_field_is(event, 1, "outage over");
    if (!drawn || pairing->settling) {
        return;
    }
    uint64_t *outages = sy_alloc_grow(pairing->alloc, pairing->of.outages, pairing->of.outage_count,
                                      &pairing->outage_capacity, sizeof *outages);
    if (outages == NULL) {
        pairing->failed = true;
        return;
    }
    pairing->of.outages = outages;
    const uint64_t before =
        pairing->of.outage_count > 0 ? outages[pairing->of.outage_count - 1] : 0;
    const uint64_t hash = hash_text(event, 0, sy_hash_mix(2, (uint64_t)event->time));
    outages[pairing->of.outage_count++] = before + hash_text(event, 1, hash);
}

static void read_event(void *self, const sim_event *event)
{
    sim_pairing *pairing = self;
    if (event->kind == &sim_event_intention) {
        read_intention(pairing, event);
    } else if (event->kind == &sim_event_link) {
        read_link(pairing, event);
    } else {
        pairing->settling = pairing->settling || sim_field_is(event, 0, "settle");
    }
}

sy_rc sim_pairing_init(sim_pairing *pairing, sy_alloc alloc, sim_trace *trace, sy_err *err)
{
    static const sy_event_kind *const kinds[] = {&sim_event_intention, &sim_event_link,
                                                 &sim_event_phase};
    *pairing = (sim_pairing){.alloc = alloc};
    return sim_trace_read(trace, read_event, pairing, kinds, 3) == SY_OK ? SY_OK
                                                                         : sy_fail_nomem(err);
}

void sim_pairing_deinit(sim_pairing *pairing)
{
    if (pairing->of.outages != NULL) {
        sy_alloc_free(pairing->alloc, pairing->of.outages,
                      pairing->outage_capacity * sizeof *pairing->of.outages);
    }
    *pairing = (sim_pairing){.failed = false};
}

bool sim_paired_same(const sim_paired *a, const sim_paired *b)
{
    const size_t both = a->outage_count < b->outage_count ? a->outage_count : b->outage_count;
    return a->intention_count == b->intention_count && a->intentions == b->intentions &&
           (both == 0 || a->outages[both - 1] == b->outages[both - 1]);
}
