/* Building and reading packed rows. A row is gathered into pieces first (which cell comes from
 * where), so that the block is written in one go and its size is exact. */
#include "core/store/memory_block.h"

#include <string.h>

#define BLOCK_ROUND   8u
#define SPARE_MAX     4096u /* larger blocks are not kept */
#define SPARE_SLACK   64u
#define TEXT_SIZE_MAX UINT32_MAX

typedef struct piece {
    uint64_t word;
    const char *text; /* NULL: `word` is the cell; else `word` bytes of text */
} piece;

typedef struct gathered {
    uint64_t present;
    uint64_t integers;
    uint64_t text_size;
    uint32_t count;
    piece pieces[SY_COLUMN_COUNT_MAX];
} gathered;

static bool is_text(uint32_t type)
{
    return type == SY_TYPE_TEXT || type == SY_TYPE_BLOB;
}

static size_t words_size(uint32_t count)
{
    return count * sizeof(uint64_t);
}

static const char *texts_of(const sy_block *block)
{
    return (const char *)(block->words + block->count);
}

static size_t block_size(uint32_t capacity)
{
    return sizeof(sy_block) + capacity;
}

void sy_block_pool_deinit(sy_block_pool *pool)
{
    for (size_t i = 0; i < SY_BLOCK_SPARE_COUNT; i++) {
        sy_block *block = pool->spare[i];
        if (block != NULL) {
            sy_alloc_free(pool->alloc, block, block_size(block->capacity));
            pool->spare[i] = NULL;
        }
    }
}

void sy_block_put(sy_block_pool *pool, sy_block *block)
{
    if (block == NULL) {
        return;
    }
    if (block->capacity <= SPARE_MAX) {
        for (size_t i = 0; i < SY_BLOCK_SPARE_COUNT; i++) {
            if (pool->spare[i] == NULL) {
                pool->spare[i] = block;
                return;
            }
        }
        sy_block *out = pool->spare[pool->evict];
        pool->spare[pool->evict] = block;
        pool->evict = (pool->evict + 1) % SY_BLOCK_SPARE_COUNT;
        block = out;
    }
    sy_alloc_free(pool->alloc, block, block_size(block->capacity));
}

/* A block with room for `size` bytes; one that was kept and wastes little, or a new one. */
static sy_block *block_get(sy_block_pool *pool, uint32_t size)
{
    for (size_t i = 0; i < SY_BLOCK_SPARE_COUNT; i++) {
        sy_block *block = pool->spare[i];
        if (block != NULL && block->capacity >= size && block->capacity - size <= SPARE_SLACK) {
            pool->spare[i] = NULL;
            return block;
        }
    }
    uint32_t capacity = (size + BLOCK_ROUND - 1) / BLOCK_ROUND * BLOCK_ROUND;
    sy_block *block = sy_alloc_get(pool->alloc, block_size(capacity));
    if (block != NULL) {
        block->capacity = capacity;
    }
    return block;
}

static void gather_cell(gathered *all, uint32_t column, sy_type type, const sy_value *cell)
{
    piece *next = &all->pieces[all->count++];
    all->present |= UINT64_C(1) << column;
    if (is_text(cell->type)) {
        next->word = cell->size;
        next->text = cell->size == 0 ? "" : cell->as.text;
        all->text_size += cell->size;
        return;
    }
    if (cell->type == SY_TYPE_REAL) {
        memcpy(&next->word, &cell->as.real, sizeof next->word);
    } else {
        next->word = (uint64_t)cell->as.integer;
        if (type == SY_TYPE_REAL) {
            all->integers |= UINT64_C(1) << column;
        }
    }
    next->text = NULL;
}

static void gather_old(gathered *all, uint32_t column, sy_type type, const sy_block *old,
                       uint64_t word)
{
    piece *next = &all->pieces[all->count++];
    uint64_t bit = UINT64_C(1) << column;
    all->present |= bit;
    all->integers |= old->integers & bit;
    if (is_text(type)) {
        next->word = word & UINT32_MAX;
        next->text = texts_of(old) + (word >> 32);
        all->text_size += next->word;
    } else {
        next->word = word;
        next->text = NULL;
    }
}

static void gather(gathered *all, const sy_schema *schema, const sy_row *row, const sy_block *old)
{
    uint64_t old_present = old == NULL ? 0 : old->present;
    const uint64_t *old_word = old == NULL ? NULL : old->words;
    uint32_t row_count = row->schema->column_count;
    for (uint32_t column = 0; column < schema->column_count; column++) {
        uint32_t type = column < row_count ? row->cells[column].type : SY_TYPE_ABSENT;
        bool has_old = ((old_present >> column) & 1) != 0;
        if (type > SY_TYPE_NULL) {
            gather_cell(all, column, schema->columns[column].type, &row->cells[column]);
        } else if (type == SY_TYPE_ABSENT && has_old) {
            gather_old(all, column, schema->columns[column].type, old, *old_word);
        }
        if (has_old) {
            old_word++;
        }
    }
}

sy_rc sy_block_build(sy_block_pool *pool, const sy_schema *schema, const sy_row *row,
                     const sy_block *old, sy_block **out, sy_err *err)
{
    gathered all;
    all.present = all.integers = all.text_size = 0;
    all.count = 0;
    gather(&all, schema, row, old);
    uint64_t size = words_size(all.count) + all.text_size;
    if (size > TEXT_SIZE_MAX - sizeof(sy_block) - BLOCK_ROUND) {
        return SY_FAIL(err, SY_LIMIT, "a row of table %.*s is too large", SY_FMT(schema->name));
    }
    sy_block *block = block_get(pool, (uint32_t)size);
    if (block == NULL) {
        return sy_fail_nomem(err);
    }
    block->present = all.present;
    block->integers = all.integers;
    block->size = (uint32_t)size;
    block->count = all.count;
    char *texts = (char *)(block->words + all.count);
    uint64_t offset = 0;
    for (uint32_t i = 0; i < all.count; i++) {
        const piece *from = &all.pieces[i];
        if (from->text == NULL) {
            block->words[i] = from->word;
        } else {
            memcpy(texts + offset, from->text, from->word);
            block->words[i] = offset << 32 | from->word;
            offset += from->word;
        }
    }
    *out = block;
    return SY_OK;
}

sy_str sy_block_id(const sy_block *block)
{
    uint64_t word = block->words[0];
    return (sy_str){texts_of(block) + (word >> 32), word & UINT32_MAX};
}

size_t sy_block_text_size(const sy_block *block)
{
    return block->size - words_size(block->count);
}

void sy_block_view(const sy_block *block, sy_row *row, char *texts)
{
    const sy_schema *schema = row->schema;
    const char *from = texts_of(block);
    if (texts != NULL) {
        memcpy(texts, from, sy_block_text_size(block));
        from = texts;
    }
    const uint64_t *next = block->words;
    for (uint32_t column = 0; column < schema->column_count; column++) {
        sy_value *cell = &row->cells[column];
        if (((block->present >> column) & 1) == 0) {
            bool has = column >= SY_SYSTEM_COUNT || ((schema->system >> column) & 1) != 0;
            *cell = (sy_value){.type = has ? SY_TYPE_NULL : SY_TYPE_ABSENT};
            continue;
        }
        uint64_t word = *next++;
        sy_type type = schema->columns[column].type;
        cell->type = (uint32_t)type;
        cell->size = 0;
        if (is_text(type)) {
            cell->size = (uint32_t)(word & UINT32_MAX);
            cell->as.text = from + (word >> 32);
        } else if (type != SY_TYPE_REAL) {
            cell->as.integer = (int64_t)word;
        } else if (((block->integers >> column) & 1) != 0) {
            cell->type = SY_TYPE_INT;
            cell->as.integer = (int64_t)word;
        } else {
            memcpy(&cell->as.real, &word, sizeof word);
        }
    }
}

const sy_row *sy_block_row(const sy_block *block, const sy_schema *schema, sy_arena *arena)
{
    size_t size = sizeof(sy_row) + schema->column_count * sizeof(sy_value);
    sy_row *row = sy_arena_push(arena, size + sy_block_text_size(block));
    if (row != NULL) {
        row->schema = schema;
        sy_block_view(block, row, (char *)row + size);
    }
    return row;
}

void sy_block_move_columns(sy_block *block, const uint8_t *places, uint32_t count)
{
    uint64_t by_place[SY_COLUMN_COUNT_MAX];
    uint64_t present = 0;
    uint64_t integers = 0;
    const uint64_t *next = block->words;
    for (uint32_t column = 0; column < count; column++) {
        if (((block->present >> column) & 1) != 0) {
            uint32_t place = places[column];
            by_place[place] = *next++;
            present |= UINT64_C(1) << place;
            integers |= ((block->integers >> column) & 1) << place;
        }
    }
    uint64_t *word = block->words;
    for (uint32_t place = 0; place < SY_COLUMN_COUNT_MAX; place++) {
        if (((present >> place) & 1) != 0) {
            *word++ = by_place[place];
        }
    }
    block->present = present;
    block->integers = integers;
}
