/* Requests that no client would send: mutations of good ones, corpora in every place where a client
 * puts text, and the classics of bad framing. The n-th is always the same. */
#ifndef TESTS_SERVE_HOSTILE_H
#define TESTS_SERVE_HOSTILE_H

#include "core/base/arena.h"

typedef struct hostile_corpus {
    sy_arena arena;
    sy_str *items;
    size_t count, capacity;
} hostile_corpus;

/* Begins with a few of its own; adds every plain file below `folder`, if there is one. */
void hostile_corpus_open(hostile_corpus *corpus, const char *folder);
void hostile_corpus_close(hostile_corpus *corpus);

typedef enum hostile_end { /* what the client does once it has said it all */
                           HOSTILE_HALF_CLOSES,
                           HOSTILE_WAITS,
                           HOSTILE_GOES /* closes without reading */
} hostile_end;

/* Appends the bytes of request `number`. */
void hostile_make(const hostile_corpus *corpus, uint64_t number, sy_buf *out);

#endif
