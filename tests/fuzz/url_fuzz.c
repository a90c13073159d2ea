/* Targets of requests. What could be decoded is encoded by every rule and decoded to the same text.
 */
#include <stdlib.h>

#include "core/wire/url.h"
#include "tests/fuzz/target.h"

static void encode_and_decode(sy_str text, sy_arena *arena)
{
    static const sy_url_escape escapes[] = {SY_URL_ESCAPE_DATA, SY_URL_ESCAPE_COMPONENT,
                                            SY_URL_ESCAPE_CLASSIC, SY_URL_ESCAPE_BROWSER};
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        sy_buf buf;
        sy_str decoded;
        sy_buf_init(&buf, sy_alloc_std());
        sy_url_encode(text, escapes[i], &buf);
        if (buf.failed || sy_url_decode(sy_buf_str(&buf), arena, &decoded, NULL) != SY_OK ||
            !sy_str_equal(text, decoded) || !sy_url_says(sy_buf_str(&buf), text)) {
            abort();
        }
        sy_buf_deinit(&buf);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static sy_arena arena;
    sy_url url;
    arena.alloc = sy_alloc_std();
    const sy_rc rc = sy_url_parse((sy_str){(const char *)data, size}, &arena, &url, NULL);
    if (rc != SY_OK && rc != SY_PARSE) {
        abort();
    }
    for (uint32_t i = 0; rc == SY_OK && i < url.segment_count; i++) {
        encode_and_decode(url.segments[i], &arena);
    }
    for (uint32_t i = 0; rc == SY_OK && i < url.parameter_count; i++) {
        encode_and_decode(url.parameters[i].name, &arena);
        encode_and_decode(url.parameters[i].value, &arena);
        if (sy_url_find(&url, url.parameters[i].name) == NULL) {
            abort();
        }
    }
    sy_arena_deinit(&arena);
    return 0;
}
