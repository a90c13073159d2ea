/* An HTTP message out of an input: first line, header lines, an empty line, body. */
#ifndef TESTS_FUZZ_HTTP_INPUT_H
#define TESTS_FUZZ_HTTP_INPUT_H

#include "core/wire/codec.h"

#define HTTP_INPUT_HEADER_COUNT_MAX 16

typedef struct http_input { /* borrowed from the input */
    sy_str first, second;   /* of the first line: what a blank separates */
    sy_header headers[HTTP_INPUT_HEADER_COUNT_MAX];
    uint32_t header_count;
    sy_str body;
} http_input;

void http_input_read(const uint8_t *data, size_t size, http_input *out);

/* A table "todoitem" with a column of every type, in static memory; made once. */
const sy_schema *http_input_schema(void);
sy_wire_tables http_input_tables(void);

/* abort() when they differ; rows over another schema than the one above are not looked at. */
void http_input_same_row(const sy_row *a, const sy_row *b);
void http_input_same_text(sy_str a, sy_str b);

#endif
