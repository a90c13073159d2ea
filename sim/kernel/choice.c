/* A draw is the high half of hash * n, where the hash mixes (seed and stream, label, key). Nothing
 * is counted, so no draw can shift another; a draw that a run never makes costs nothing and leaves
 * no hole.
 *
 * Invariants:
 * - the value depends on texts and numbers only, never on an address or on what was drawn before;
 * - a forced value wins over everything, calm and a label that is switched off included: so a
 * reproduction is "draw nothing, plus this list"; only when weather is over no weather is forced
 * any more, since no run could have drawn it;
 * - recording and forcing cost nothing until asked for. */
#include "sim/kernel/choice.h"

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/base/map.h"
#include "sim/kernel/census.h"

#include <inttypes.h>
#include <string.h>

typedef struct forced {
    uint64_t hash; /* the map's key: the eight bytes of the tuple's hash */
    uint64_t value;
    bool asked;
    struct forced *next;
} forced;

struct sim_choice {
    sy_alloc alloc;
    uint64_t seed, sky;
    bool off[2]; /* by class: nothing is drawn */
    bool recording, offering, incomplete;
    bool over; /* weather is */
    sy_map forced_map;
    forced *forced_first;
    uint64_t unasked; /* of the forced ones */
    sim_chosen *recorded;
    size_t recorded_count, recorded_capacity;
    sim_census *census; /* NULL: nobody counts */
    uint64_t digest[2];
};

static inline uint64_t fold(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 29);
}

static inline uint64_t avalanche(uint64_t hash)
{
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

uint64_t sim_label_hash(const sim_label *label)
{
    return sy_hash(label->name, strlen(label->name), 0);
}

/* Two lanes side by side, since one multiplication waits for another. */
static inline uint64_t tuple_hash(uint64_t stream, uint64_t label_hash, const sim_key *key)
{
    uint64_t start = stream ^ label_hash; /* both are hashes themselves */
    uint64_t a = fold(fold(start, key->part[0]), key->part[2]);
    uint64_t b = fold(fold(~start, key->part[1]), key->part[3]);
    return avalanche(a ^ (b * UINT64_C(0xd6e8feb86659fd93)));
}

/* floor(hash * n / 2^64). */
static inline uint64_t scale(uint64_t hash, uint64_t n)
{
    uint64_t low = hash & UINT32_MAX;
    uint64_t high = hash >> 32;
    if (n <= UINT32_MAX) {
        return (high * n + ((low * n) >> 32)) >> 32;
    }
    uint64_t n_low = n & UINT32_MAX;
    uint64_t n_high = n >> 32;
    uint64_t middle = high * n_low + ((low * n_low) >> 32);
    uint64_t carry = low * n_high + (middle & UINT32_MAX);
    return high * n_high + (middle >> 32) + (carry >> 32);
}

sim_choice *sim_choice_new(sy_alloc alloc, uint64_t seed, bool calm)
{
    sim_choice *choice = sy_alloc_zeroed(alloc, sizeof *choice);
    if (choice == NULL) {
        return NULL;
    }
    choice->alloc = alloc;
    choice->seed = seed;
    choice->off[SIM_WEATHER] = calm;
    sy_map_init(&choice->forced_map, alloc);
    return choice;
}

void sim_choice_free(sim_choice *choice)
{
    if (choice == NULL) {
        return;
    }
    sy_map_deinit(&choice->forced_map);
    for (forced *item = choice->forced_first, *next = NULL; item != NULL; item = next) {
        next = item->next;
        sy_alloc_free(choice->alloc, item, sizeof *item);
    }
    sy_alloc_free(choice->alloc, choice->recorded,
                  choice->recorded_capacity * sizeof *choice->recorded);
    sy_alloc_free(choice->alloc, choice, sizeof *choice);
}

void sim_choice_calm_down(sim_choice *choice)
{
    choice->off[SIM_WEATHER] = true;
    choice->offering = false;
    choice->over = true;
}

void sim_choice_draw_nothing(sim_choice *choice)
{
    choice->off[SIM_WEATHER] = true;
    choice->off[SIM_WORKLOAD] = true;
}

sim_stream sim_stream_of(sim_choice *choice, const char *host, const char *purpose)
{
    uint64_t hash = fold(avalanche(choice->seed + 1), sy_hash(host, strlen(host), 1));
    hash = fold(hash, sy_hash(purpose, strlen(purpose), 2));
    return (sim_stream){.choice = choice, .hash = hash, .host = host, .purpose = purpose};
}

static forced *find_forced(const sim_choice *choice, uint64_t hash)
{
    return sy_map_find(&choice->forced_map, (sy_str){(const char *)&hash, sizeof hash});
}

static void record(sim_choice *choice, const sim_chosen *chosen)
{
    if (choice->recorded_count == choice->recorded_capacity) {
        sim_chosen *items = sy_alloc_grow(choice->alloc, choice->recorded, choice->recorded_count,
                                          &choice->recorded_capacity, sizeof *choice->recorded);
        if (items == NULL) {
            choice->incomplete = true;
            return;
        }
        choice->recorded = items;
    }
    choice->recorded[choice->recorded_count++] = *chosen;
}

/* For whoever wants to know of draws. */
static void note(const sim_stream *stream, const sim_chosen *chosen, uint64_t hash, bool off)
{
    sim_choice *choice = stream->choice;
    const bool offered = choice->offering && chosen->label->choice_class == SIM_WEATHER;
    if (choice->recording && (chosen->value != 0 || offered)) {
        record(choice, chosen);
    }
    if (choice->census != NULL && chosen->label->fault != NULL &&
        (chosen->value != 0 || (!off && chosen->bound > 1))) {
        sim_census_add(choice->census, chosen, hash);
    }
}

/* What every draw comes to once its natural value is known; `off`: it could be none but 0. */
static inline uint64_t decide(const sim_stream *stream, const sim_label *label, const sim_key *key,
                              uint64_t n, uint64_t hash, uint64_t value, bool off)
{
    sim_choice *choice = stream->choice;
    if (choice->forced_first != NULL && !(choice->over && label->choice_class == SIM_WEATHER)) {
        forced *item = find_forced(choice, hash);
        if (item != NULL) {
            choice->unasked -= item->asked ? 0 : 1;
            item->asked = true;
            value = item->value < n ? item->value : n - 1;
        }
    }
    choice->digest[label->choice_class] += fold(hash, value + 1);
    if (choice->recording || choice->census != NULL) {
        note(stream, &(sim_chosen){stream->host, stream->purpose, label, *key, n, value}, hash,
             off);
    }
    return value;
}

/* True: this draw is 0 unless somebody forces it to be anything else. */
static inline bool is_off(const sim_choice *choice, const sim_label *label)
{
    return choice->off[label->choice_class];
}

/* Nobody wants to hear of a draw that is off. */
static inline bool is_silent(const sim_choice *choice)
{
    return choice->forced_first == NULL && !choice->offering;
}

bool sim_choice_is_silent(const sim_choice *choice)
{
    return is_silent(choice);
}

bool sim_choice_is_off(const sim_choice *choice, sim_choice_class choice_class)
{
    return choice->off[choice_class];
}

void sim_choice_set_sky(sim_choice *choice, uint64_t sky)
{
    choice->sky = sky;
}

/* What the value is drawn from. */
static inline uint64_t drawn(const sim_stream *stream, const sim_label *label, uint64_t hash)
{
    const uint64_t sky = stream->choice->sky;
    return sky == 0 || label->choice_class != SIM_WEATHER ? hash : avalanche(hash + sky);
}

uint64_t sim_choose_hashed(const sim_stream *stream, const sim_label *label, uint64_t label_hash,
                           const sim_key *key, uint64_t n)
{
    SY_ASSERT(n >= 1);
    bool off = is_off(stream->choice, label);
    if (off && is_silent(stream->choice)) {
        return 0;
    }
    uint64_t hash = tuple_hash(stream->hash, label_hash, key);
    return decide(stream, label, key, n, hash, off ? 0 : scale(drawn(stream, label, hash), n), off);
}

uint64_t sim_choose_at(const sim_stream *stream, const sim_label *label, const sim_key *key,
                       uint64_t n)
{
    return sim_choose_hashed(stream, label, sim_label_hash(label), key, n);
}

uint64_t sim_choose_else(const sim_stream *stream, const sim_label *label, const sim_key *key,
                         uint64_t n, uint64_t natural)
{
    SY_ASSERT(natural < n);
    return decide(stream, label, key, n, tuple_hash(stream->hash, sim_label_hash(label), key),
                  natural, false);
}

bool sim_choose_permille_at(const sim_stream *stream, const sim_label *label, const sim_key *key,
                            uint32_t per_mille)
{
    bool off = per_mille == 0 || is_off(stream->choice, label);
    if (off && is_silent(stream->choice)) {
        return false;
    }
    uint64_t hash = tuple_hash(stream->hash, sim_label_hash(label), key);
    bool natural = !off && scale(drawn(stream, label, hash), 1000) < per_mille;
    return decide(stream, label, key, 2, hash, natural ? 1 : 0, off) != 0;
}

uint64_t sim_choose_bits_at(const sim_stream *stream, const sim_label *label, const sim_key *key)
{
    return tuple_hash(stream->hash, sim_label_hash(label), key);
}

void sim_choice_record(sim_choice *choice)
{
    choice->recording = true;
}

void sim_choice_record_offers(sim_choice *choice)
{
    choice->recording = true;
    choice->offering = true;
}

void sim_choice_count(sim_choice *choice, sim_census *census)
{
    choice->census = census;
}

size_t sim_choice_recorded(const sim_choice *choice, const sim_chosen **out)
{
    *out = choice->recorded;
    return choice->recorded_count;
}

bool sim_choice_record_complete(const sim_choice *choice)
{
    return !choice->incomplete;
}

sy_rc sim_choice_force(sim_choice *choice, const sim_chosen *chosen, sy_err *err)
{
    sim_stream stream = sim_stream_of(choice, chosen->host, chosen->purpose);
    forced *item = sy_alloc_zeroed(choice->alloc, sizeof *item);
    if (item == NULL) {
        return sy_fail_nomem(err);
    }
    item->hash = tuple_hash(stream.hash, sim_label_hash(chosen->label), &chosen->key);
    item->value = chosen->value;
    sy_str key = {(const char *)&item->hash, sizeof item->hash};
    const forced *former = find_forced(choice, item->hash);
    if (sy_map_set(&choice->forced_map, key, item) != SY_OK) {
        sy_alloc_free(choice->alloc, item, sizeof *item);
        return sy_fail_nomem(err);
    }
    choice->unasked += former == NULL || former->asked ? 1 : 0;
    item->next = choice->forced_first;
    choice->forced_first = item;
    return SY_OK;
}

uint64_t sim_choice_unasked(const sim_choice *choice)
{
    return choice->unasked;
}

bool sim_chosen_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("._-:#@+", c) != NULL);
}

static void add_name(sy_buf *out, const char *name)
{
    for (; *name != '\0'; name++) {
        if (sim_chosen_plain(*name)) {
            sy_buf_add_char(out, *name);
        } else {
            sy_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*name);
        }
    }
}

/* How many parts of the key count: those that have a name, or a value. */
static size_t part_count(const sim_chosen *chosen)
{
    size_t count = SIM_KEY_PART_COUNT;
    while (count > 0 && chosen->label->key_parts[count - 1] == NULL &&
           chosen->key.part[count - 1] == 0) {
        count--;
    }
    return count;
}

void sim_chosen_to_text(const sim_chosen *chosen, sy_buf *out)
{
    add_name(out, chosen->host);
    sy_buf_add_char(out, '/');
    add_name(out, chosen->purpose);
    sy_buf_add_char(out, ' ');
    add_name(out, chosen->label->name);
    for (size_t i = 0, count = part_count(chosen); i < count; i++) {
        const char *name = chosen->label->key_parts[i];
        sy_buf_add_str(out, i == 0 ? SY_STR("(") : SY_STR(", "));
        add_name(out, name != NULL ? name : "key");
        sy_buf_printf(out, " %" PRIu64, chosen->key.part[i]);
    }
    sy_buf_printf(out, "%s) = %" PRIu64, part_count(chosen) == 0 ? "(" : "", chosen->value);
}

uint64_t sim_choice_digest(const sim_choice *choice, sim_choice_class choice_class)
{
    return choice->digest[choice_class];
}
