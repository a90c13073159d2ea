/* One line for each request:
 *
 *   2026-11-21T08:31:15.123Z GET /tables/todoitem?$top=5 200 512 0.310 ms
 *
 * status and bytes are those of the answer; 0: it never left. What the port itself refused, or the
 * weather did, stands in brackets at the end. Bytes of a target that would spoil a line are
 * escaped. */
#include "sim/serve/http_internal.h"

#define TARGET_SIZE_SHOWN 1000

static void begin_line(sim_http_server *server)
{
    char text[SY_TIME_TEXT_SIZE];
    size_t size = sy_time_format(sy_clock_now(sim_real_clock()), 3, text);
    sy_buf_clear(&server->line);
    sy_buf_add(&server->line, text, size);
    sy_buf_add_char(&server->line, ' ');
}

static void end_line(sim_http_server *server)
{
    sy_buf_add_char(&server->line, '\n');
    if (!server->line.failed) {
        (void)fwrite(server->line.data, 1, server->line.size, server->config.log);
    }
}

static void add_shown(sy_buf *line, sy_str text)
{
    size_t size = text.size > TARGET_SIZE_SHOWN ? TARGET_SIZE_SHOWN : text.size;
    size_t plain = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= ' ' || byte >= 0x7f) {
            sy_buf_add(line, text.data + plain, i - plain);
            sy_buf_printf(line, "\\x%02x", byte);
            plain = i + 1;
        }
    }
    sy_buf_add(line, text.data + plain, size - plain);
    if (size < text.size) {
        sy_buf_printf(line, "...(%zu)", text.size);
    }
}

void sim_http_log(sim_http_server *server, const sim_http_exchange *exchange)
{
    if (server->config.log == NULL) {
        return;
    }
    sy_buf *line = &server->line;
    begin_line(server);
    add_shown(line, exchange->request.method.size > 0 ? exchange->request.method : SY_STR("-"));
    sy_buf_add_char(line, ' ');
    add_shown(line, exchange->request.target);
    int64_t us = (sim_real_monotonic_ns() - exchange->began_ns) / SY_US;
    size_t size = exchange->status != 0 ? exchange->response.body.size : 0;
    sy_buf_printf(line, " %d %zu %lld.%03d ms", exchange->status, size, (long long)(us / 1000),
                  (int)(us % 1000));
    const char *remark = exchange->refusal != NULL ? exchange->refusal : exchange->fate.label;
    if (remark != NULL) {
        sy_buf_printf(line, " [%s]", remark);
    }
    end_line(server);
}

void sim_http_log_note(sim_http_server *server, const char *note)
{
    if (server->config.log == NULL) {
        return;
    }
    begin_line(server);
    sy_buf_printf(&server->line, "- - 0 0 0.000 ms [%s]", note);
    end_line(server);
}
