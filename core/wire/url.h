/* The target of a request: path and query, percent-encoding, parameters in order. */
#ifndef SY_WIRE_URL_H
#define SY_WIRE_URL_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"

/* Which bytes stay as they are when a text becomes part of a URL; all others become %XX. */
typedef enum sy_url_escape {
    SY_URL_ESCAPE_DATA,      /* letters, digits, -._~: .NET's EscapeDataString, RFC 3986 */
    SY_URL_ESCAPE_COMPONENT, /* and !'()*: JavaScript's encodeURIComponent */
    SY_URL_ESCAPE_CLASSIC,   /* and '()$,/: a whole $filter of the classic .NET client */
    SY_URL_ESCAPE_BROWSER    /* and !*()$:,;@/: a query as JavaScript's client leaves it */
} sy_url_escape;

typedef struct sy_url_parameter {
    sy_str name; /* decoded */
    sy_str value;
} sy_url_parameter;

typedef struct sy_url {     /* a target taken apart */
    sy_str path;            /* as written */
    sy_str query;           /* as written, without the question mark */
    const sy_str *segments; /* of the path, decoded: "/tables/a%2Fb" has "tables" and "a/b" */
    uint32_t segment_count;
    const sy_url_parameter *parameters; /* in order */
    uint32_t parameter_count;
} sy_url;

/* An absolute URL loses scheme and host. What is decoded lives in `arena`, the rest is borrowed.
 * SY_PARSE: a bad %XX or one that makes no UTF-8; SY_NOMEM. In a query `+` stays a plus: no client
 * of these sends it for a space (protocol.md 3.4). */
sy_rc sy_url_parse(sy_str target, sy_arena *arena, sy_url *out, sy_err *err);
/* The first parameter of that name, exactly; NULL when there is none. */
const sy_url_parameter *sy_url_find(const sy_url *url, sy_str name);
const sy_url_parameter *sy_url_find_nocase(const sy_url *url, sy_str name);

void sy_url_encode(sy_str text, sy_url_escape escape, sy_buf *out);
/* SY_PARSE as above, SY_NOMEM. Text without %XX is returned as it is. */
sy_rc sy_url_decode(sy_str text, sy_arena *arena, sy_str *out, sy_err *err);
/* The next byte that percent-encoded text says; *at starts at 0. false: no more. A bad %XX is what
 * it is. */
bool sy_url_next(sy_str encoded, size_t *at, char *out);
/* The encoded text says just this. */
bool sy_url_says(sy_str encoded, sy_str text);

#endif
