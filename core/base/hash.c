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
