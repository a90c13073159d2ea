/* Ids that are the same but for letter case, for stores whose look-ups fold case (P-JS's SQLite
 * store compares ids so) and find the row that was made first.
 *
 * For each table a set of all ids that were seen, folded and hashed: what is not in it has no row
 * under any spelling. An id that comes in a second spelling is *doubtful* from then on; rows that
 * are made under such an id get a number of their age in `__config`, "born|<table>|<id>", so that
 * it is known after a restart which is older. The set is made when it is first asked for, and never
 * shrinks: it may know ids whose rows are gone. */
#ifndef SY_CLIENT_ID_INDEX_H
#define SY_CLIENT_ID_INDEX_H

#include "core/base/alloc.h"
#include "core/client/settings.h"

typedef struct sy_id_entry {
    uint64_t folded; /* hash; 0: empty */
    uint64_t exact;  /* hash of its one spelling; 0: it is doubtful */
} sy_id_entry;

typedef struct sy_id_index { /* of one table; zeroed: nothing is known yet */
    sy_id_entry *entries;    /* open addressing */
    size_t capacity, count;
    bool complete;
} sy_id_index;

typedef enum sy_id_state {
    SY_ID_UNKNOWN, /* no row has it, in whatever case */
    SY_ID_PLAIN,   /* one spelling */
    SY_ID_DOUBTFUL
} sy_id_state;

void sy_id_index_free(sy_id_index *index, sy_alloc alloc);
/* Reads the ids of the table, once. */
sy_rc sy_id_index_complete(sy_id_index *index, sy_alloc alloc, sy_store store,
                           const sy_schema *schema, sy_err *err);
sy_id_state sy_id_index_state(const sy_id_index *index, sy_str id);
/* What it becomes with this spelling. SY_NOMEM: nothing has changed. */
sy_rc sy_id_index_add(sy_id_index *index, sy_alloc alloc, sy_str id, sy_id_state *out, sy_err *err);

/* The age of a row whose id is doubtful: a higher number is younger; 0: made before it was. */
sy_rc sy_id_age(sy_settings *settings, const sy_schema *schema, sy_str id, sy_arena *arena,
                int64_t *out, sy_err *err);
/* A row is about to be made under a doubtful id: it is the youngest. */
sy_rc sy_id_set_age(sy_settings *settings, const sy_schema *schema, sy_str id, sy_arena *arena,
                    sy_err *err);

#endif
