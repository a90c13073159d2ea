/* Generated messages: rows of every type, hostile ids and texts, queries; and their comparison. */
#ifndef TESTS_UNIT_CODEC_FIXTURE_H
#define TESTS_UNIT_CODEC_FIXTURE_H

#include "core/wire/codec.h"

typedef struct codec_pair { /* a client and the server that it talks to */
    const sy_wire_format *client;
    const sy_wire_format *server;
} codec_pair;

extern const codec_pair codec_pairs[];
extern const size_t codec_pair_count;

typedef struct codec_fixture {
    sy_arena arena; /* schema and messages */
    const sy_schema *schema;
    uint64_t random;
} codec_fixture;

/* `alloc` is for the arena. SY_NOMEM. */
sy_rc codec_fixture_init(codec_fixture *f, sy_alloc alloc, uint64_t seed);
void codec_fixture_deinit(codec_fixture *f);

/* The tables of a server that has the fixture's one. */
sy_wire_tables codec_tables(const codec_fixture *f);

/* A text, an id, or a version as awkward as they come; never empty. */
sy_str codec_text(codec_fixture *f);
/* A row with some cells absent and some null, its times no finer than `format` carries. NULL: no
 * memory. */
sy_row *codec_row(codec_fixture *f, const sy_wire_format *format, bool system);
/* A request of that method that the format can carry. */
sy_rc codec_request(codec_fixture *f, const sy_wire_format *format, sy_method method,
                    sy_request *out);
sy_rc codec_response(codec_fixture *f, const sy_wire_format *format, const sy_request *request,
                     sy_response *out);

bool codec_same_row(const sy_row *a, const sy_row *b);
/* What the first asks for is what the second asks for. */
bool codec_same_request(const sy_wire_format *format, const sy_request *a, const sy_request *b);
bool codec_same_response(const sy_wire_format *format, const sy_request *request,
                         const sy_response *a, const sy_response *b);

#endif
