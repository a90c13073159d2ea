/* Hashes for maps and keys: XXH3, the same on every machine. */
#ifndef SY_BASE_HASH_H
#define SY_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t sy_hash(const void *data, size_t size, uint64_t seed);
/* Folds one word into a hash: cheap, order matters. */
static inline uint64_t sy_hash_mix(uint64_t hash, uint64_t word)
{
    /* Two multiplications by odd constants with a fold between: a change of either operand spreads
     * over all bits, and mix(a, b) is not mix(b, a). */
    uint64_t mixed = (hash ^ (hash >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed ^= word + UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

#endif
