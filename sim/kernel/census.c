#include "sim/kernel/census.h"

#include "core/base/hash.h"

#include <string.h>

/* A greater hash is a greater value: the least of those that fired would be the least fault. */
#define SAMPLE_SALT 1

void sim_census_init(sim_census *census, sy_alloc alloc)
{
    *census = (sim_census){.alloc = alloc};
}

void sim_census_deinit(sim_census *census)
{
    for (size_t i = 0; i < census->count; i++) {
        sim_choice_list_deinit(&census->rows[i].sample);
    }
    sy_alloc_free(census->alloc, census->rows, census->capacity * sizeof *census->rows);
    *census = (sim_census){.alloc = census->alloc};
}

static sim_census_row *row_of(sim_census *census, const char *fault)
{
    for (size_t i = 0; i < census->count; i++) {
        if (census->rows[i].fault == fault || strcmp(census->rows[i].fault, fault) == 0) {
            return &census->rows[i];
        }
    }
    if (census->count == census->capacity) {
        sim_census_row *rows = sy_alloc_grow(census->alloc, census->rows, census->count,
                                             &census->capacity, sizeof *rows);
        if (rows == NULL) {
            return NULL;
        }
        census->rows = rows;
    }
    sim_census_row *row = &census->rows[census->count++];
    *row = (sim_census_row){.fault = fault};
    sim_choice_list_init(&row->sample, census->alloc);
    return row;
}

void sim_census_add(sim_census *census, const sim_chosen *chosen, uint64_t hash)
{
    sim_census_row *row = row_of(census, chosen->label->fault);
    if (row == NULL) {
        census->failed = true;
        return;
    }
    row->offered++;
    if (chosen->value == 0) {
        return;
    }
    const uint64_t order = sy_hash_mix(hash, SAMPLE_SALT);
    if (row->fired++ == 0 || order < row->sample_order) {
        row->sample_order = order;
        sim_choice_list_clear(&row->sample);
        census->failed = sim_choice_list_add(&row->sample, chosen) != SY_OK || census->failed;
    }
}
