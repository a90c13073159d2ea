/* The choice: everything that a scenario does not fix is one bounded integer draw. design.md,
 * idea 2.
 *
 * A value is a pure function of (seed, stream, label, key): no draw ever shifts another. The stream
 * names a host and a purpose, the label names the decision, the key is the identity of the thing
 * decided about. A run is its scenario plus its non-zero choices. */
#ifndef SIM_KERNEL_CHOICE_H
#define SIM_KERNEL_CHOICE_H

#include "core/base/err.h"

#include <stdint.h>

typedef enum sim_choice_class {
    SIM_WEATHER, /* 0 is the calm alternative; --calm makes it 0 */
    SIM_WORKLOAD /* what users do; untouched by --calm */
} sim_choice_class;

#define SIM_KEY_PART_COUNT 4

typedef struct sim_key {
    uint64_t part[SIM_KEY_PART_COUNT];
} sim_key;

#define SIM_KEY(...) ((sim_key){.part = {__VA_ARGS__}})

/* Declared once, a static constant. */
typedef struct sim_label {
    const char *name; /* "response-lost" */
    sim_choice_class choice_class;
    uint64_t bound;                            /* 0: given at each draw */
    const char *key_parts[SIM_KEY_PART_COUNT]; /* "request", "attempt"; NULL: unused */
    const uint64_t
        *representatives; /* values worth trying where the range is wide; NULL: all of them */
    uint32_t representative_count;
    const char *fault; /* what goes wrong with it, in tables for people: the name of its knob,
                          "net.request-lost"; NULL: only how much or when, of another one */
    const char *verb;  /* as a line of Lua: "world:link(%host):drop_next { what = \"response\" }";
                          NULL: sim.choose */
} sim_label;

typedef struct sim_choice sim_choice;
struct sim_census;

typedef struct sim_stream {
    sim_choice *choice;
    uint64_t hash;
    const char *host;    /* "phone", "server", "world" */
    const char *purpose; /* "link.up", "user", "identity" */
} sim_stream;

/* One non-zero choice, as recorded, listed, replayed. */
typedef struct sim_chosen {
    const char *host, *purpose;
    const sim_label *label;
    sim_key key;
    uint64_t bound;
    uint64_t value;
} sim_chosen;

sim_choice *sim_choice_new(sy_alloc alloc, uint64_t seed, bool calm); /* NULL: no memory */
void sim_choice_free(sim_choice *choice);
/* Weather is over: from now on as if --calm had been given, and none is forced either. */
void sim_choice_calm_down(sim_choice *choice);
/* Nothing is drawn any more, of either class: every value is 0 but those that are forced. A
 * reproduction is a run under this. */
void sim_choice_draw_nothing(sim_choice *choice);

/* The texts are borrowed for the life of the choice. */
sim_stream sim_stream_of(sim_choice *choice, const char *host, const char *purpose);

/* A value in [0, n); n >= 1. */
uint64_t sim_choose_at(const sim_stream *stream, const sim_label *label, const sim_key *key,
                       uint64_t n);
/* The same for a hot path that hashed the label's name before, once. */
uint64_t sim_label_hash(const sim_label *label);
uint64_t sim_choose_hashed(const sim_stream *stream, const sim_label *label, uint64_t label_hash,
                           const sim_key *key, uint64_t n);
/* The same where something else than the seed says what the value is when nobody forces it. */
uint64_t sim_choose_else(const sim_stream *stream, const sim_label *label, const sim_key *key,
                         uint64_t n, uint64_t natural);
/* True with `per_mille` in a thousand; a weather fault: false is 0. */
bool sim_choose_permille_at(const sim_stream *stream, const sim_label *label, const sim_key *key,
                            uint32_t per_mille);
/* All 64 bits: identities. Never recorded, not changed by --calm. */
uint64_t sim_choose_bits_at(const sim_stream *stream, const sim_label *label, const sim_key *key);

/* The same with a key by value: sim_choose(stream, &label, SIM_KEY(subject, attempt), n). */
static inline uint64_t sim_choose(const sim_stream *stream, const sim_label *label, sim_key key,
                                  uint64_t n)
{
    return sim_choose_at(stream, label, &key, n);
}
static inline bool sim_choose_permille(const sim_stream *stream, const sim_label *label,
                                       sim_key key, uint32_t per_mille)
{
    return sim_choose_permille_at(stream, label, &key, per_mille);
}
static inline uint64_t sim_choose_bits(const sim_stream *stream, const sim_label *label,
                                       sim_key key)
{
    return sim_choose_bits_at(stream, label, &key);
}

/* Another weather over the same users: draws of weather come out as if of another seed, the others
 * stay. 0: the seed's own. Identities and what was forced stay. */
void sim_choice_set_sky(sim_choice *choice, uint64_t sky);
/* What is switched off is 0, and nobody wants to know: such draws may be left out. */
bool sim_choice_is_silent(const sim_choice *choice);
/* Nothing of that class is drawn: what a draw of sim_choose_else would have as its natural value.
 */
bool sim_choice_is_off(const sim_choice *choice, sim_choice_class choice_class);
/* From now on non-zero choices of this run are kept. */
void sim_choice_record(sim_choice *choice);
/* And every draw of weather too, whatever its value, until weather is over: what a run could have
 * chosen. */
void sim_choice_record_offers(sim_choice *choice);
/* From now on draws of weather are counted there. */
void sim_choice_count(sim_choice *choice, struct sim_census *census);
size_t sim_choice_recorded(const sim_choice *choice, const sim_chosen **out);
/* false: memory ran out on the way, the list has holes. */
bool sim_choice_record_complete(const sim_choice *choice);
/* Forces one value, also where weather is calm or the label is switched off: a reproduction or a
 * counterfactual. A value past the bound of the draw counts as the highest. Of two for the same
 * draw the later wins. Texts and label are read now. */
sy_rc sim_choice_force(sim_choice *choice, const sim_chosen *chosen, sy_err *err);
/* How many of the forced values no draw has asked for so far. */
uint64_t sim_choice_unasked(const sim_choice *choice);
/* "phone/link.down response-lost(push 2, attempt 1) = 1"; choice_list.h reads it again. */
void sim_chosen_to_text(const sim_chosen *chosen, sy_buf *out);
/* A character that stands for itself in the names of that text; others are written as %XX. */
bool sim_chosen_plain(char c);

/* Order-free sum over (seed, stream, label, key, value) of every draw of a class. Two runs with the
 * same workload digest had the same users. */
uint64_t sim_choice_digest(const sim_choice *choice, sim_choice_class choice_class);

#endif
