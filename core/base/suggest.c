/* Near is at most half of the letters off. */
#include "core/base/suggest.h"

#define NAME_SIZE_MAX 48

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to insert, remove, change, or swap with their neighbour. */
static size_t edit_distance(sy_str a, sy_str b)
{
    size_t rows[3][NAME_SIZE_MAX + 1];
    for (size_t j = 0; j <= b.size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t changed = above[j - 1] + (a.data[i - 1] == b.data[j - 1] ? 0 : 1);
            row[j] = least(changed, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1]) {
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a.size % 3][b.size];
}

/* A beginning counts as one letter off. */
static size_t distance_of(sy_str name, sy_str known)
{
    bool begins =
        name.size > 1 && (sy_str_starts_with(known, name) || sy_str_starts_with(name, known));
    return begins ? 1 : edit_distance(name, known);
}

const sy_str *sy_suggest(sy_str name, const sy_str *known, size_t count)
{
    size_t best = name.size / 2 + 1;
    const sy_str *nearest = NULL;
    for (size_t i = 0; i < count && name.size <= NAME_SIZE_MAX; i++) {
        if (known[i].size > NAME_SIZE_MAX || known[i].size == 0) {
            continue;
        }
        size_t distance = distance_of(name, known[i]);
        if (distance < best) {
            best = distance;
            nearest = &known[i];
        }
    }
    return nearest;
}
