/* Counted strings: comparing and looking at them. Nothing here depends on a locale. */
#include "core/base/str.h"

#include <string.h>

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool sy_str_equal_nocase(sy_str a, sy_str b)
{
    if (a.size != b.size) {
        return false;
    }
    for (size_t i = 0; i < a.size; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

int sy_str_compare(sy_str a, sy_str b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

bool sy_str_starts_with(sy_str text, sy_str prefix)
{
    return prefix.size <= text.size && sy_str_equal((sy_str){text.data, prefix.size}, prefix);
}
