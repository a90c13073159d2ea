/* Bytes as base64, padded: RFC 4648, section 4. */
#ifndef SY_BASE_BASE64_H
#define SY_BASE_BASE64_H

#include "core/base/arena.h"
#include "core/base/err.h"

/* Bytes of the text of `size` bytes. */
static inline size_t sy_base64_size(size_t size)
{
    return (size + 2) / 3 * 4;
}

/* `out` has room for sy_base64_size(size); returns bytes written. */
size_t sy_base64_encode(const unsigned char *bytes, size_t size, char *out);
void sy_base64_write(sy_str bytes, sy_buf *out);

/* As lenient as Node: the other alphabet's - and _ count as + and /, what is in neither is passed
 * over, it ends at the first `=`; a last character alone gives nothing. SY_OK or SY_NOMEM. */
sy_rc sy_base64_read(sy_str text, sy_arena *arena, sy_str *out, sy_err *err);
/* The text is what encoding its bytes gives. */
bool sy_base64_is(sy_str text);

#endif
