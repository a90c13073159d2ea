/* Digests: the library's XXH3, not compiled in as for hashes: where it was built so it takes the
 * widest registers that the processor has. The sum is the same with all of them. */
#include "core/base/digest.h"

#ifdef SYNCSIM_XXHASH_DISPATCH
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

static XXH3_state_t *state_of(sy_digest *digest)
{
    return (XXH3_state_t *)digest;
}

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
        (void)XXH3_freeState(state_of(digest));
    }
}

void sy_digest_reset(sy_digest *digest)
{
    (void)XXH3_64bits_reset(state_of(digest));
}

void sy_digest_add(sy_digest *digest, const void *data, size_t size)
{
    if (size > 0) {
        (void)XXH3_64bits_update(state_of(digest), data, size);
    }
}

uint64_t sy_digest_get(const sy_digest *digest)
{
    return XXH3_64bits_digest((const XXH3_state_t *)digest);
}
