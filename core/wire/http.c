/* Headers, reason phrases, and what a message takes on a connection. */
#include "core/wire/http.h"

#include <stdio.h>

sy_str sy_http_header(const sy_header *headers, uint32_t header_count, sy_str name, bool *found)
{
    for (uint32_t i = 0; i < header_count; i++) {
        if (sy_str_equal_nocase(headers[i].name, name)) {
            if (found != NULL) {
                *found = true;
            }
            return headers[i].value;
        }
    }
    if (found != NULL) {
        *found = false;
    }
    return (sy_str){NULL, 0};
}

void sy_http_add_date(sy_time time, sy_buf *out)
{
    static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char iso[SY_TIME_TEXT_SIZE]; /* 1994-11-06T08:49:37Z */
    (void)sy_time_format(time, 0, iso);
    const int month = (iso[5] - '0') * 10 + (iso[6] - '0');
    const int64_t day = sy_time_truncate(time, SY_DAY) / SY_DAY;
    sy_buf_printf(out, "%s, %.2s %s %.4s %.8s GMT", days[(day % 7 + 7) % 7], iso + 8,
                  months[month - 1], iso, iso + 11);
}

const char *sy_http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } known[] = {
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Payload Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].status == status) {
            return known[i].reason;
        }
    }
    return "";
}

/* "name: value\r\n" for each. */
static size_t headers_size(const sy_header *headers, uint32_t header_count)
{
    size_t size = 0;
    for (uint32_t i = 0; i < header_count; i++) {
        size += headers[i].name.size + 2 + headers[i].value.size + 2;
    }
    return size;
}

static size_t content_length_size(size_t body_size)
{
    char digits[24];
    return sizeof "Content-Length: \r\n" - 1 +
           (size_t)snprintf(digits, sizeof digits, "%zu", body_size);
}

size_t sy_http_request_head_size(const sy_http_request *request, sy_str host)
{
    return request->method.size + 1 + request->target.size + sizeof " HTTP/1.1\r\n" - 1 +
           sizeof "Host: \r\n" - 1 + host.size +
           headers_size(request->headers, request->header_count) +
           (request->body.size > 0 ? content_length_size(request->body.size) : 0) + 2;
}

size_t sy_http_response_head_size(const sy_http_response *response)
{
    const bool bodiless = response->status == 204 || response->status == 304;
    return sizeof "HTTP/1.1 200 \r\n" - 1 + strlen(sy_http_reason(response->status)) +
           headers_size(response->headers, response->header_count) +
           (bodiless ? 0 : content_length_size(response->body.size)) + 2;
}
