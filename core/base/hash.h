/* Hashes for maps and keys: XXH3, the same on every machine. */
#ifndef SY_BASE_HASH_H
#define SY_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t sy_hash(const void *data, size_t size, uint64_t seed);
/* Folds one word into a hash: cheap, order matters. */
uint64_t sy_hash_mix(uint64_t hash, uint64_t word);

#endif
