/* Shared by the engine's own tables. */
#include "core/client/system_table.h"

sy_str sy_table_number(int64_t number, char out[SY_TABLE_NUMBER_SIZE])
{
    uint64_t rest = number < 0 ? 0 : (uint64_t)number;
    for (size_t i = SY_TABLE_NUMBER_SIZE; i-- > 0;) {
        out[i] = (char)('0' + rest % 10);
        rest /= 10;
    }
    return (sy_str){out, SY_TABLE_NUMBER_SIZE};
}
