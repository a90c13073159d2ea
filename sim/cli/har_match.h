/* What differs between two servers that do the same: versions, times, ids that the server made. A
 * recorded value of these is bound to ours when an answer first has it, and stands for it from then
 * on, in requests too. A version and a time belong to their row, as two rows may have the same. */
#ifndef SIM_CLI_HAR_MATCH_H
#define SIM_CLI_HAR_MATCH_H

#include "core/value/row.h"
#include "core/wire/http.h"
#include "core/wire/json.h"

typedef enum har_kind { HAR_VERSION, HAR_TIME, HAR_ID } har_kind;

typedef struct har_binding {
    har_kind kind;
    sy_str row; /* "todoitem/a", by its recorded id; "*" for ids */
    sy_str recorded, ours;
} har_binding;

typedef struct har_match {
    sy_arena arena; /* of everything bound and said */
    har_binding *items;
    size_t count, capacity;
    bool failed; /* no memory */
} har_match;

/* What is recorded of one exchange. */
typedef struct har_subject {
    sy_str table;   /* of the URL */
    sy_str id;      /* of the URL; empty: none */
    sy_str sent_id; /* of the body; empty: none */
    bool creates;   /* a POST to the table: the server may make an id, but not that one */
} har_subject;

void har_match_init(har_match *match);
void har_match_deinit(har_match *match);

/* The recorded request with our values in it. */
sy_str har_fill_target(har_match *match, sy_str target);
sy_str har_fill_body(har_match *match, const har_subject *subject, sy_str body);
sy_str har_fill_if_match(har_match *match, const har_subject *subject, sy_str header);

/* A row of a recorded answer: what our table has of it. SY_NOMEM. */
sy_rc har_row(const sy_schema *schema, const sy_json *recorded, sy_arena *arena, const sy_row **out,
              sy_err *err);

/* NULL, or what differs and where, in the arena. */
const char *har_compare(har_match *match, const har_subject *subject, const sy_json *recorded,
                        const sy_json *ours);

#endif
