/* Requests as a server reads them, in every format. What could be read is written in the format
 * that loses nothing, and read again: it is the same. The input: which format, then the message. */
#include <stdlib.h>

#include "tests/fuzz/http_input.h"
#include "tests/fuzz/target.h"

static const sy_wire_format *const formats[] = {
    &sy_wire_node,    &sy_wire_netfx, &sy_wire_datasync,       &sy_wire_datasync_v2,
    &sy_wire_toolkit, &sy_wire_sound, &sy_wire_mobile_services};

/* Names and times survive; a version that no header can carry does not, and $filter has a target of
 * its own. */
static void write_and_read(const sy_request *request, sy_arena *arena)
{
    sy_http_request text;
    sy_request again;
    sy_wire_refusal refusal;
    sy_request whole = *request;
    whole.query = NULL;
    whole.if_match = (sy_str){NULL, 0};
    if (whole.row != NULL && whole.row->schema != http_input_schema()) {
        whole.row = NULL;
    }
    if (sy_wire_write_request(&sy_wire_sound, &whole, arena, &text, NULL) != SY_OK ||
        sy_wire_read_request(&sy_wire_sound, &text, http_input_tables(), arena, &again, &refusal,
                             NULL) != SY_OK ||
        again.method != whole.method) {
        abort();
    }
    http_input_same_row(whole.row, again.row);
    http_input_same_text(whole.user, again.user);
    http_input_same_text(whole.operation_key, again.operation_key);
    if (whole.method != SY_METHOD_INSERT) {
        http_input_same_text(whole.id, again.id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    static sy_arena arena;
    http_input input;
    arena.alloc = sy_alloc_std();
    http_input_read(data + 1, size - 1, &input);
    const sy_http_request text = {.method = input.first,
                                  .target = input.second,
                                  .headers = input.headers,
                                  .header_count = input.header_count,
                                  .body = input.body};
    sy_request request;
    sy_wire_refusal refusal = {.status = 0};
    const sy_wire_format *format = formats[data[0] % (sizeof formats / sizeof *formats)];
    const sy_rc rc =
        sy_wire_read_request(format, &text, http_input_tables(), &arena, &request, &refusal, NULL);
    if (rc == SY_OK) {
        write_and_read(&request, &arena);
    } else if (rc != SY_INVALID || refusal.status < 200 || refusal.status > 599 ||
               refusal.reason.size == 0) {
        abort();
    }
    sy_arena_deinit(&arena);
    return 0;
}
