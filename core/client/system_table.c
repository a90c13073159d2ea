/* Shared by the engine's own tables. */
#include "core/client/system_table.h"

#include <string.h>

/* Writes the digits so that they end at `end`; returns where they begin. */
static char *put_digits(int64_t number, char *end)
{
    for (uint64_t rest = number < 0 ? 0 : (uint64_t)number; rest > 0; rest /= 10) {
        *--end = (char)('0' + rest % 10);
    }
    return end;
}

sy_str sy_table_number(int64_t number, char out[SY_TABLE_NUMBER_SIZE])
{
    memset(out, '0', SY_TABLE_NUMBER_SIZE);
    (void)put_digits(number, out + SY_TABLE_NUMBER_SIZE);
    return (sy_str){out, SY_TABLE_NUMBER_SIZE};
}

size_t sy_table_decimal(int64_t number, char out[SY_TABLE_NUMBER_SIZE])
{
    char digits[SY_TABLE_NUMBER_SIZE];
    char *end = digits + SY_TABLE_NUMBER_SIZE;
    const char *first = put_digits(number, end);
    if (first == end) {
        out[0] = '0';
        return 1;
    }
    memcpy(out, first, (size_t)(end - first));
    return (size_t)(end - first);
}
