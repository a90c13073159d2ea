/* Identities as text. */
#include "core/port/identity.h"

void sy_identity_guid(sy_identity identity, sy_str purpose, uint64_t n, char out[SY_GUID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t words[2] = {0, 0};
    identity.ops->fresh(identity.self, purpose, n, words);
    for (int i = 0; i < SY_GUID_SIZE - 1; i++) {
        out[i] = digits[words[i / 16] >> (60 - 4 * (i % 16)) & 15];
    }
    out[SY_GUID_SIZE - 1] = '\0';
}
