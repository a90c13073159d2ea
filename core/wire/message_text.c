/* Building a message. Its text is made twice by the same code: once into a buffer that only counts,
 * once into exactly as much memory. So there is one place that says what a message looks like, and
 * its parts do not move while they are made. */
#include "core/base/check.h"
#include "core/wire/internal.h"

static sy_str take_part(sy_message_text *message)
{
    const size_t size = message->text.size - message->begin;
    const char *data = message->text.data;
    return (sy_str){data != NULL ? data + message->begin : NULL, size};
}

void sy_message_begin(sy_message_text *message)
{
    message->begin = message->text.size;
}

void sy_message_end_target(sy_message_text *message)
{
    message->target = take_part(message);
}

void sy_message_end_body(sy_message_text *message)
{
    message->body = take_part(message);
}

static void add_header(sy_message_text *message, const char *name, sy_str value)
{
    SY_ASSERT(message->header_count < SY_MESSAGE_HEADER_COUNT_MAX);
    message->headers[message->header_count++] = (sy_header){sy_str_of(name), value};
}

void sy_message_end_header(sy_message_text *message, const char *name)
{
    add_header(message, name, take_part(message));
}

void sy_message_header(sy_message_text *message, const char *name, const char *value)
{
    add_header(message, name, sy_str_of(value));
}

sy_rc sy_message_make(sy_message_build *build, const void *what, sy_arena *arena,
                      sy_message_text *out, const sy_header **headers, sy_err *err)
{
    *out = (sy_message_text){0};
    sy_buf_init_counting(&out->text);
    build(what, out);
    const size_t size = out->text.size;
    char *memory = sy_arena_push(arena, size + 1);
    sy_header *kept = sy_arena_push(arena, out->header_count * sizeof *kept);
    if (memory == NULL || kept == NULL) {
        return sy_fail_nomem(err);
    }
    *out = (sy_message_text){0};
    sy_buf_init_fixed(&out->text, memory, size + 1);
    build(what, out);
    SY_ASSERT(out->text.size == size && !out->text.failed);
    if (out->header_count > 0) {
        memcpy(kept, out->headers, out->header_count * sizeof *kept);
    }
    *headers = kept;
    return SY_OK;
}

/* -- pieces -- */

void sy_wire_add_int(sy_buf *out, int64_t number)
{
    const sy_value value = sy_int(number);
    sy_value_to_json(&value, out);
}

void sy_wire_add_time(sy_buf *out, sy_wire_time form, sy_time time)
{
    char text[SY_TIME_TEXT_SIZE];
    const int digits = form != SY_WIRE_TIME_EXACT || time % SY_MS == 0 ? 3
                       : time % SY_US == 0                             ? 6
                                                                       : 9;
    size_t size = sy_time_format(time, digits, text);
    if (form == SY_WIRE_TIME_TRIMMED) {
        size--; /* the Z */
        while (text[size - 1] == '0') {
            size--;
        }
        size -= text[size - 1] == '.';
        text[size++] = 'Z';
    }
    sy_buf_add(out, text, size);
}
