/* If-Match by every server's rule, and ETags as clients read them. A version written by Node's rule
 * and read again is the same. The input: which rule, then the header. */
#include <stdlib.h>

#include "core/wire/etag.h"
#include "tests/fuzz/target.h"

static bool is_printable(sy_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7f || c == '\\') {
            return false;
        }
    }
    return true;
}

static void write_and_read(sy_str version, sy_arena *arena)
{
    sy_buf buf;
    sy_str again;
    sy_buf_init(&buf, sy_alloc_std());
    sy_etag_write(version, SY_ETAG_ESCAPE_ALL, &buf);
    if (buf.failed || sy_etag_read(sy_buf_str(&buf), arena, &again, NULL) != SY_OK ||
        !sy_str_equal(version, again)) {
        abort();
    }
    sy_buf_deinit(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    static sy_arena arena;
    sy_str version;
    sy_etag tag;
    arena.alloc = sy_alloc_std();
    const sy_str header = {(const char *)data + 1, size - 1};
    const sy_rc rc = sy_etag_read_if_match(header, (sy_if_match_rule)(data[0] % 3),
                                           (data[0] & 4) != 0, &arena, &version, NULL);
    if (rc != SY_OK && rc != SY_INVALID) {
        abort();
    }
    if (sy_etag_read(header, &arena, &version, NULL) != SY_OK) {
        abort();
    }
    if (is_printable(version)) {
        write_and_read(version, &arena);
    }
    size_t at = 0;
    for (size_t before = at; sy_etag_next(header, &at, &tag); before = at) {
        if (at <= before || at > header.size) { /* it gets on */
            abort();
        }
    }
    sy_arena_deinit(&arena);
    return 0;
}
