/* Hashes for maps and digests: XXH3, the same on every machine. */
#ifndef SY_BASE_HASH_H
#define SY_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t sy_hash(const void *data, size_t size, uint64_t seed);
/* Folds one word into a hash: cheap, order matters. */
uint64_t sy_hash_mix(uint64_t hash, uint64_t word);

/* A digest over a stream of bytes, 64 bits. */
typedef struct sy_digest sy_digest;
sy_digest *sy_digest_new(void); /* NULL: no memory */
void sy_digest_free(sy_digest *digest);
void sy_digest_reset(sy_digest *digest);
void sy_digest_add(sy_digest *digest, const void *data, size_t size);
uint64_t sy_digest_get(const sy_digest *digest);

#endif
