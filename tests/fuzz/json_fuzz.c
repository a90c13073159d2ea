/* JSON documents. Every part can be looked at; a whole document goes through our own writer of
 * texts and numbers and comes back. */
#include <stdlib.h>

#include "core/wire/json.h"
#include "tests/fuzz/target.h"

static void write_value(const sy_json *json, sy_buf *out)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind == SY_JSON_ARRAY) {
        sy_buf_add_char(out, '[');
        for (size_t i = 0; i < sy_json_count(json); i++) {
            sy_buf_add_str(out, i > 0 ? SY_STR(",") : (sy_str){NULL, 0});
            write_value(sy_json_at(json, i), out);
        }
        sy_buf_add_char(out, ']');
    } else if (kind == SY_JSON_OBJECT) {
        sy_json_member member;
        char separator = '{';
        for (bool more = sy_json_first(json, &member); more;
             more = sy_json_next(json, &member), separator = ',') {
            sy_buf_add_char(out, separator);
            sy_buf_add_json_string(out, member.name);
            sy_buf_add_char(out, ':');
            write_value(member.value, out);
        }
        sy_buf_add_str(out, separator == '{' ? SY_STR("{}") : SY_STR("}"));
    } else {
        const sy_value scalar = sy_json_scalar(json);
        sy_value_to_json(&scalar, out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sy_json *document = NULL;
    sy_json *again = NULL;
    sy_err err;
    const sy_rc rc = sy_json_parse((sy_str){(const char *)data, size}, &document, &err);
    if (rc != SY_OK) {
        if (rc != SY_PARSE) {
            abort();
        }
        return 0;
    }
    sy_buf once, twice;
    sy_buf_init(&once, sy_alloc_std());
    sy_buf_init(&twice, sy_alloc_std());
    write_value(document, &once);
    if (once.failed || sy_json_parse(sy_buf_str(&once), &again, NULL) != SY_OK) {
        abort();
    }
    write_value(again, &twice);
    if (!sy_str_equal(sy_buf_str(&once), sy_buf_str(&twice))) {
        abort();
    }
    sy_buf_deinit(&once);
    sy_buf_deinit(&twice);
    sy_json_free(document);
    sy_json_free(again);
    return 0;
}
