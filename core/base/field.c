#include "core/base/field.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/check.h"
#include "core/base/time.h"

void sy_field_label(const sy_field *field, uint32_t line, sy_buf *out)
{
    sy_buf_add_str(out, sy_str_of(field->name));
    if (field->label != NULL) {
        sy_buf_add_str(out, SY_STR(": "));
        field->label(line, out);
    }
}

static int64_t number_at(const void *value, size_t size)
{
    if (size == sizeof(int64_t)) {
        int64_t number = 0;
        memcpy(&number, value, sizeof number);
        return number;
    }
    uint32_t number = 0;
    SY_ASSERT(size == sizeof number);
    memcpy(&number, value, sizeof number);
    return number;
}

static void say_text(const void *value, sy_buf *out)
{
    const char *text = NULL;
    memcpy(&text, value, sizeof(char *));
    sy_buf_add_str(out, text == NULL ? SY_STR("-") : sy_str_of(text));
}

static void say_duration(int64_t ns, sy_buf *out)
{
    if (ns != 0 && ns % SY_MS == 0) {
        sy_buf_printf(out, "%" PRId64 " ms", ns / SY_MS);
    } else {
        sy_buf_printf(out, "%" PRId64 " ns", ns);
    }
}

static void say_bits(const sy_field *field, uint32_t bits, sy_buf *out)
{
    const char *before = "";
    for (uint32_t i = 0; i < field->name_count; i++) {
        if ((bits >> i & 1u) != 0) {
            sy_buf_printf(out, "%s%s", before, field->names[i]);
            before = " ";
        }
    }
    if (bits == 0) {
        sy_buf_add_char(out, '-');
    }
}

void sy_field_say(const sy_field *field, const void *object, uint32_t line, sy_buf *out)
{
    const void *value = (const char *)object + field->offset;
    switch (field->kind) {
    case SY_FIELD_TEXT:
        say_text(value, out);
        break;
    case SY_FIELD_BOOL:
        sy_buf_add_str(out, *(const bool *)value ? SY_STR("yes") : SY_STR("-"));
        break;
    case SY_FIELD_NUMBER:
        sy_buf_printf(out, "%" PRId64, number_at(value, field->size));
        break;
    case SY_FIELD_DURATION:
        say_duration(number_at(value, field->size), out);
        break;
    case SY_FIELD_NAMED: {
        const int64_t number = number_at(value, field->size);
        const bool known = number >= 0 && number < field->name_count;
        sy_buf_add_str(out, known ? sy_str_of(field->names[number]) : SY_STR("?"));
        break;
    }
    case SY_FIELD_BITS:
        say_bits(field, (uint32_t)number_at(value, field->size), out);
        break;
    case SY_FIELD_LINES:
        field->say(value, line, out);
        break;
    }
}
