/* Answers as a client reads them, in every format. What could be read is written in the format that
 * loses nothing, and read again: it is the same. The input: which format, which method, then the
 * message: "200 OK", headers, body. */
#include <stdlib.h>

#include "core/wire/place.h"
#include "tests/fuzz/http_input.h"
#include "tests/fuzz/target.h"

static const sy_wire_format *const formats[] = {
    &sy_wire_zumo,     &sy_wire_zumo_js, &sy_wire_zumo_android, &sy_wire_zumo_ios,
    &sy_wire_datasync, &sy_wire_toolkit, &sy_wire_sound,        &sy_wire_mobile_services};

static void write_and_read(const sy_request *request, const sy_response *response, sy_arena *arena)
{
    sy_http_response text;
    sy_response again;
    if (sy_wire_write_response(&sy_wire_sound, request, response, SY_STR("h"), arena, &text,
                               NULL) != SY_OK ||
        sy_wire_read_response(&sy_wire_sound, request, &text, http_input_schema(), arena, &again,
                              NULL) != SY_OK ||
        again.status != response->status) {
        abort();
    }
    const bool page = response->status == 200 && response->row == NULL;
    if (page && again.rows.count != response->rows.count) {
        abort();
    }
    for (size_t i = 0; page && i < again.rows.count; i++) {
        http_input_same_row(response->rows.items[i], again.rows.items[i]);
    }
    if (page) {
        http_input_same_text(response->next, again.next);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    static sy_arena arena;
    http_input input;
    int64_t status = 0;
    arena.alloc = sy_alloc_std();
    http_input_read(data + 2, size - 2, &input);
    if (!sy_place_read_number(input.first, &status) || status < 100 || status > 599) {
        status = 200;
    }
    const sy_request request = {.method = (sy_method)(data[1] % SY_METHOD_COUNT),
                                .table = SY_STR("todoitem"),
                                .id = SY_STR("a"),
                                .since_sequence = -1};
    const sy_http_response text = {.status = (int)status,
                                   .headers = input.headers,
                                   .header_count = input.header_count,
                                   .body = input.body};
    sy_response response;
    const sy_wire_format *format = formats[data[0] % (sizeof formats / sizeof *formats)];
    const sy_rc rc = sy_wire_read_response(format, &request, &text, http_input_schema(), &arena,
                                           &response, NULL);
    if (rc == SY_OK && response.row == NULL && request.method == SY_METHOD_QUERY) {
        write_and_read(&request, &response, &arena);
    } else if (rc != SY_OK && rc != SY_PARSE) {
        abort();
    }
    sy_arena_deinit(&arena);
    return 0;
}
