/* Continuations. */
#include "core/wire/place.h"

static bool take_number(sy_str *text, sy_str name, int64_t *out)
{
    if (!sy_str_starts_with(*text, name)) {
        return false;
    }
    size_t at = name.size;
    int64_t value = 0;
    while (at < text->size && text->data[at] >= '0' && text->data[at] <= '9') {
        int digit = text->data[at++] - '0';
        if (value > (INT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    if (at == name.size) {
        return false;
    }
    *out = value;
    *text = (sy_str){text->data + at, text->size - at};
    return true;
}

bool sy_place_read_number(sy_str text, int64_t *out)
{
    return take_number(&text, (sy_str){text.data, 0}, out) && text.size == 0;
}

bool sy_place_read(sy_str text, sy_place *out)
{
    *out =
        (sy_place){SY_PLACE_NOT_GIVEN, SY_PLACE_NOT_GIVEN, SY_PLACE_NOT_GIVEN, SY_PLACE_NOT_GIVEN};
    if (text.size == 0) {
        return true;
    }
    if (take_number(&text, SY_STR("$after="), &out->after)) {
        return text.size == 0 ||
               (take_number(&text, SY_STR("&$first="), &out->first) && text.size == 0);
    }
    if (!take_number(&text, SY_STR("$skip="), &out->skip)) {
        return false;
    }
    return text.size == 0 || (take_number(&text, SY_STR("&$top="), &out->top) && text.size == 0);
}

sy_rc sy_place_write(const sy_place *place, sy_arena *arena, sy_str *out, sy_err *err)
{
    if (place->first != SY_PLACE_NOT_GIVEN) {
        *out = sy_arena_printf(arena, "$after=%lld&$first=%lld", (long long)place->after,
                               (long long)place->first);
    } else if (place->after != SY_PLACE_NOT_GIVEN) {
        *out = sy_arena_printf(arena, "$after=%lld", (long long)place->after);
    } else if (place->top != SY_PLACE_NOT_GIVEN) {
        *out = sy_arena_printf(arena, "$skip=%lld&$top=%lld", (long long)place->skip,
                               (long long)place->top);
    } else {
        *out = sy_arena_printf(arena, "$skip=%lld", (long long)place->skip);
    }
    return out->data == NULL ? sy_fail_nomem(err) : SY_OK;
}
