/* Versions as ETags and in If-Match: protocol.md 2.2. */
#ifndef SY_WIRE_ETAG_H
#define SY_WIRE_ETAG_H

#include "core/base/arena.h"
#include "core/base/err.h"

/* A version that no row has: what an If-Match that can't match anything comes to. */
#define SY_VERSION_NONE SY_STR("=")

/* How a version becomes the text between the quotes. */
typedef enum sy_etag_escape {
    SY_ETAG_ESCAPE_ALL,   /* each " as \": Node, JavaScript */
    SY_ETAG_ESCAPE_FRESH, /* each " that has no \ before it: .NET */
    SY_ETAG_ESCAPE_NONE   /* as it is: the toolkit's client */
} sy_etag_escape;

/* How a server reads If-Match. */
typedef enum sy_if_match_rule {
    SY_IF_MATCH_BYTES,  /* Node: what base64 makes of it; so `*` is nothing and never matches. The
                           quotes of an update go first, and an empty one is no condition */
    SY_IF_MATCH_SINGLE, /* .NET Framework: one strong tag; `*` is no condition; else refused */
    SY_IF_MATCH_STRONG  /* D6, CT: a weak tag never matches, `*` matches any, several are refused */
} sy_if_match_rule;

/* Appends the version with its quotes. */
void sy_etag_write(sy_str version, sy_etag_escape escape, sy_buf *out);
/* What clients do: outer quotes off if both are there, \" is ". A weak tag is no version: empty.
 * SY_OK or SY_NOMEM. */
sy_rc sy_etag_read(sy_str etag, sy_arena *arena, sy_str *version, sy_err *err);
/* What a server makes of If-Match: the version asked for, "*" for any, empty for no condition,
 * SY_VERSION_NONE for one that can't hold. SY_INVALID: refused; SY_NOMEM. */
sy_rc sy_etag_read_if_match(sy_str header, sy_if_match_rule rule, bool update, sy_arena *arena,
                            sy_str *version, sy_err *err);

/* A tag of a list, as in If-Match and If-None-Match. */
typedef struct sy_etag {
    sy_str quoted; /* with its quotes */
    bool weak;
    bool any; /* `*` */
} sy_etag;

/* The next one; *at starts at 0. false: no more. Text without quotes is a tag up to the comma. */
bool sy_etag_next(sy_str list, size_t *at, sy_etag *out);

#endif
