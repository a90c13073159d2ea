/* Shared by the engine's own tables. */
#include "core/client/system_table.h"

#include <string.h>

sy_str sy_table_number(int64_t number, char out[SY_TABLE_NUMBER_SIZE])
{
    uint64_t rest = number < 0 ? 0 : (uint64_t)number;
    size_t i = SY_TABLE_NUMBER_SIZE;
    for (; rest > 0; rest /= 10) {
        out[--i] = (char)('0' + rest % 10);
    }
    memset(out, '0', i);
    return (sy_str){out, SY_TABLE_NUMBER_SIZE};
}
