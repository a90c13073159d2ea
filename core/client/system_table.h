/* The engine's own tables have the system columns that every table has, of which they use `id`
 * alone. */
#ifndef SY_CLIENT_SYSTEM_TABLE_H
#define SY_CLIENT_SYSTEM_TABLE_H

#include "core/value/schema.h"

/* Constant initialisers: a compound literal is none. Such a schema has no hashes of its columns, so
 * its rows can't be encoded; they need not be. */
#define SY_TABLE_NAME(text)                                                                        \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }
#define SY_TABLE_COLUMN(text, kind)                                                                \
    {                                                                                              \
        SY_TABLE_NAME(text), (kind)                                                                \
    }

#define SY_TABLE_SYSTEM_COLUMNS                                                                    \
    SY_TABLE_COLUMN("id", SY_TYPE_TEXT), SY_TABLE_COLUMN("version", SY_TYPE_TEXT),                 \
        SY_TABLE_COLUMN("createdAt", SY_TYPE_DATETIME),                                            \
        SY_TABLE_COLUMN("updatedAt", SY_TYPE_DATETIME), SY_TABLE_COLUMN("deleted", SY_TYPE_BOOL),  \
        SY_TABLE_COLUMN("__sequence", SY_TYPE_INT),                                                \
        SY_TABLE_COLUMN("__editedAt", SY_TYPE_DATETIME),                                           \
        SY_TABLE_COLUMN("__editedBy", SY_TYPE_TEXT)

/* Ids of numbered rows: as long as the longest, so that order of id is order of number. */
#define SY_TABLE_NUMBER_SIZE 20
sy_str sy_table_number(int64_t number, char out[SY_TABLE_NUMBER_SIZE]);
/* The number (>= 0) without zeros before it; returns the bytes written. */
size_t sy_table_decimal(int64_t number, char out[SY_TABLE_NUMBER_SIZE]);

#endif
