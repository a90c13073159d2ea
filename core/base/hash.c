/* Hashes: XXH3, compiled in so that short keys cost no call. */
#include "core/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t sy_hash(const void *data, size_t size, uint64_t seed)
{
    return XXH3_64bits_withSeed(data, size, seed);
}
