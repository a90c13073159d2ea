/* Schemas, rows and filters at random, for the property test of queries. Everything comes from one
 * seed. */
#ifndef TESTS_PROPERTY_ODATA_GENERATOR_H
#define TESTS_PROPERTY_ODATA_GENERATOR_H

#include "core/value/query.h"

typedef struct generator {
    uint64_t state; /* the seed */
    sy_arena *arena;
    const sy_schema *schema;
    bool typed;                    /* operands fit, as strict servers want it; else any operand */
    uint64_t drawn[SY_EXPR_COUNT]; /* how often each kind was drawn */
} generator;

uint64_t generate_number(generator *g, uint64_t bound);
/* A table `name` with an id and some columns, in g->arena. */
const sy_schema *generate_schema(generator *g, sy_str name);
const sy_row *generate_row(generator *g, uint32_t number);
/* A filter, an order, skip, top, a selection. Maybe larger than sy_query_check lets pass. */
sy_query generate_query(generator *g);

#endif
