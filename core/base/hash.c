/* Hashes: XXH3, compiled in so that short keys cost no call. */
#include "core/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t sy_hash(const void *data, size_t size, uint64_t seed)
{
    return XXH3_64bits_withSeed(data, size, seed);
}

uint64_t sy_hash_mix(uint64_t hash, uint64_t word)
{
    /* Two multiplications by odd constants with a fold between: a change of either operand spreads
     * over all bits, and mix(a, b) is not mix(b, a). */
    uint64_t mixed = (hash ^ (hash >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed ^= word + UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

struct sy_digest {
    XXH3_state_t state;
};

sy_digest *sy_digest_new(void)
{
    sy_digest *digest = (sy_digest *)XXH3_createState();
    if (digest != NULL) {
        sy_digest_reset(digest);
    }
    return digest;
}

void sy_digest_free(sy_digest *digest)
{
    if (digest != NULL) {
        (void)XXH3_freeState(&digest->state);
    }
}

void sy_digest_reset(sy_digest *digest)
{
    (void)XXH3_64bits_reset(&digest->state);
}

void sy_digest_add(sy_digest *digest, const void *data, size_t size)
{
    if (size > 0) {
        (void)XXH3_64bits_update(&digest->state, data, size);
    }
}

uint64_t sy_digest_get(const sy_digest *digest)
{
    return XXH3_64bits_digest(&digest->state);
}
