#include "core/client/id_index.h"

#include "core/base/check.h"
#include "core/base/hash.h"

#define CAPACITY_FIRST ((size_t)16)

static uint64_t hash_exact(sy_str id)
{
    const uint64_t hash = sy_hash(id.data, id.size, 1);
    return hash != 0 ? hash : 1;
}

/* Of the id in lower case (ASCII). */
static uint64_t hash_folded(sy_str id)
{
    uint64_t hash = id.size;
    unsigned char block[64];
    for (size_t at = 0; at < id.size; at += sizeof block) {
        const size_t size = id.size - at < sizeof block ? id.size - at : sizeof block;
        for (size_t i = 0; i < size; i++) {
            const unsigned char c = (unsigned char)id.data[at + i];
            block[i] = (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20u : c);
        }
        hash = sy_hash(block, size, hash);
    }
    return hash != 0 ? hash : 1;
}

void sy_id_index_free(sy_id_index *index, sy_alloc alloc)
{
    sy_alloc_free(alloc, index->entries, index->capacity * sizeof *index->entries);
    *index = (sy_id_index){0};
}

/* Its entry, or the empty one where it belongs. There is an empty one. */
static sy_id_entry *entry_of(const sy_id_index *index, uint64_t folded)
{
    size_t at = (size_t)folded & (index->capacity - 1);
    while (index->entries[at].folded != 0 && index->entries[at].folded != folded) {
        at = (at + 1) & (index->capacity - 1);
    }
    return &index->entries[at];
}

static bool grow(sy_id_index *index, sy_alloc alloc)
{
    sy_id_index larger = {.capacity = index->capacity > 0 ? 2 * index->capacity : CAPACITY_FIRST,
                          .count = index->count,
                          .complete = index->complete};
    larger.entries = sy_alloc_zeroed(alloc, larger.capacity * sizeof *larger.entries);
    if (larger.entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < index->capacity; i++) {
        if (index->entries[i].folded != 0) {
            *entry_of(&larger, index->entries[i].folded) = index->entries[i];
        }
    }
    sy_id_index_free(index, alloc);
    *index = larger;
    return true;
}

sy_id_state sy_id_index_state(const sy_id_index *index, sy_str id)
{
    SY_ASSERT(index->complete);
    const sy_id_entry *entry =
        index->capacity > 0 ? entry_of(index, hash_folded(id)) : &(sy_id_entry){0};
    return entry->folded == 0               ? SY_ID_UNKNOWN
           : entry->exact == hash_exact(id) ? SY_ID_PLAIN
                                            : SY_ID_DOUBTFUL;
}

sy_rc sy_id_index_add(sy_id_index *index, sy_alloc alloc, sy_str id, sy_id_state *out, sy_err *err)
{
    if (4 * (index->count + 1) > 3 * index->capacity && !grow(index, alloc)) {
        return sy_fail_nomem(err);
    }
    const uint64_t folded = hash_folded(id);
    const uint64_t exact = hash_exact(id);
    sy_id_entry *entry = entry_of(index, folded);
    if (entry->folded == 0) {
        *entry = (sy_id_entry){.folded = folded, .exact = exact};
        index->count++;
    } else if (entry->exact != exact) {
        entry->exact = 0;
    }
    *out = entry->exact == exact ? SY_ID_PLAIN : SY_ID_DOUBTFUL;
    return SY_OK;
}

sy_rc sy_id_index_complete(sy_id_index *index, sy_alloc alloc, sy_store store,
                           const sy_schema *schema, sy_err *err)
{
    if (index->complete) {
        return SY_OK;
    }
    sy_query query = sy_query_all(schema);
    query.select = UINT64_C(1) << SY_COLUMN_ID;
    sy_rows rows = {0};
    sy_arena arena;
    sy_arena_init(&arena, alloc);
    sy_rc rc = sy_store_query(store, &query, &arena, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        sy_id_state state;
        rc = sy_id_index_add(index, alloc, sy_row_id(rows.items[i]), &state, err);
    }
    sy_arena_deinit(&arena);
    index->complete = rc == SY_OK;
    return rc;
}

/* -- ages -- */

static sy_rc key_of(const sy_schema *schema, sy_str id, sy_arena *arena, sy_str *out, sy_err *err)
{
    *out = sy_arena_printf(arena, "born|%.*s|%.*s", SY_FMT(schema->name), SY_FMT(id));
    return out->data == NULL ? sy_fail_nomem(err) : SY_OK;
}

sy_rc sy_id_age(sy_settings *settings, const sy_schema *schema, sy_str id, sy_arena *arena,
                int64_t *out, sy_err *err)
{
    sy_str key;
    const sy_rc rc = key_of(schema, id, arena, &key, err);
    return rc == SY_OK ? sy_settings_token(settings, key, 0, out, err) : rc;
}

sy_rc sy_id_set_age(sy_settings *settings, const sy_schema *schema, sy_str id, sy_arena *arena,
                    sy_err *err)
{
    sy_str key;
    int64_t last = 0;
    sy_rc rc = key_of(schema, id, arena, &key, err);
    if (rc == SY_OK) {
        rc = sy_settings_token(settings, SY_STR("born"), 0, &last, err);
    }
    if (rc == SY_OK) {
        rc = sy_settings_set_token(settings, SY_STR("born"), last + 1, err);
    }
    return rc == SY_OK ? sy_settings_set_token(settings, key, last + 1, err) : rc;
}
