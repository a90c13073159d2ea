/* A digest over a stream of bytes, 64 bits: XXH3, the same on every machine. */
#ifndef SY_BASE_DIGEST_H
#define SY_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct sy_digest sy_digest;
sy_digest *sy_digest_new(void); /* NULL: no memory */
void sy_digest_free(sy_digest *digest);
void sy_digest_reset(sy_digest *digest);
void sy_digest_add(sy_digest *digest, const void *data, size_t size);
uint64_t sy_digest_get(const sy_digest *digest);

#endif
