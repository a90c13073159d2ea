#include "sim/explore/fault_table.h"

#include "sim/run/weather.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void sim_fault_table_init(sim_fault_table *table, sy_alloc alloc)
{
    *table = (sim_fault_table){.alloc = alloc};
}

void sim_fault_table_deinit(sim_fault_table *table)
{
    sy_alloc_free(table->alloc, table->rows, table->capacity * sizeof *table->rows);
    *table = (sim_fault_table){.alloc = table->alloc};
}

void sim_fault_table_clear(sim_fault_table *table)
{
    table->count = 0;
}

/* Where a row of that name is, or would be. */
static size_t place_of(const sim_fault_table *table, const char *name)
{
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(table->rows[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static sim_fault_row *insert(sim_fault_table *table, size_t at, const char *name)
{
    if (table->count == table->capacity) {
        sim_fault_row *rows =
            sy_alloc_grow(table->alloc, table->rows, table->count, &table->capacity, sizeof *rows);
        if (rows == NULL) {
            return NULL;
        }
        table->rows = rows;
    }
    sim_fault_row *row = &table->rows[at];
    memmove(row + 1, row, (table->count - at) * sizeof *row);
    table->count++;
    *row = (sim_fault_row){.offered = 0};
    (void)snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

sy_rc sim_fault_table_add(sim_fault_table *table, const sim_fault_row *row)
{
    const size_t at = place_of(table, row->name);
    sim_fault_row *own = at < table->count && strcmp(table->rows[at].name, row->name) == 0
                             ? &table->rows[at]
                             : insert(table, at, row->name);
    if (own == NULL) {
        return SY_NOMEM;
    }
    own->offered += row->offered;
    own->fired += row->fired;
    own->tried += row->tried;
    own->mattered += row->mattered;
    return SY_OK;
}

/* Others say how long or how much. */
static bool is_fault(const sim_knob *knob)
{
    static const char every[] = "-every";
    const size_t size = strlen(knob->name);
    return knob->unit == SIM_UNIT_PER_MILLE ||
           (size >= sizeof every && strcmp(knob->name + size - (sizeof every - 1), every) == 0);
}

sy_rc sim_fault_table_add_knobs(sim_fault_table *table)
{
    const sim_knob *knob = NULL;
    sy_rc rc = SY_OK;
    for (size_t i = 0; rc == SY_OK && (knob = sim_weather_knob(i)) != NULL; i++) {
        sim_fault_row row = {.offered = 0};
        (void)snprintf(row.name, sizeof row.name, "%s", knob->name);
        rc = is_fault(knob) ? sim_fault_table_add(table, &row) : SY_OK;
    }
    return rc;
}

void sim_fault_table_print(const sim_fault_table *table, sy_buf *out)
{
    uint64_t tried = 0;
    sy_buf_printf(out, "%-28s %12s %12s %12s\n", "fault", "offered", "fired", "mattered");
    for (size_t i = 0; i < table->count; i++) {
        const sim_fault_row *row = &table->rows[i];
        sy_buf_printf(out, "%-28s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n", row->name,
                      row->offered, row->fired, row->mattered);
        tried += row->tried;
    }
    sy_buf_printf(
        out,
        "mattered: the run had another outcome without it; one of each kind that fired in "
        "a run was tried, %" PRIu64 " in all\n",
        tried);
}
