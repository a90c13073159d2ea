/* OData text <-> queries: $filter, $orderby, $select, $skip, $top and the count (protocol.md 3).
 * Text is decoded UTF-8: percent-encoding is the wire's. One grammar; what the generations accept,
 * refuse and write differently is in sy_odata_dialect.
 *
 * Reading names columns as the wire does and leaves a checked query (sy_query_check holds).
 * Writing needs no memory: it feeds a sink, which may as well only count. What was read, written
 * and read again is the same query. */
#ifndef SY_VALUE_ODATA_H
#define SY_VALUE_ODATA_H

#include "core/value/query.h"

/* What is wrong with the text. The router makes the dialect's status and body of it. */
typedef enum sy_odata_fault {
    SY_ODATA_NO_FAULT = 0,
    SY_ODATA_SYNTAX,   /* cannot be read: a stray character, an open string or bracket */
    SY_ODATA_FUNCTION, /* a function, operator or form of literal that this server does not know */
    SY_ODATA_ARITY,    /* a function with too many or too few arguments */
    SY_ODATA_COLUMN,   /* no such column; the rest of the text was fine */
    SY_ODATA_TYPE,     /* an operand of a type that the operator does not take */
    SY_ODATA_LITERAL,  /* a number out of range, a date that is none */
    SY_ODATA_SIZE,     /* too long, too deep, too many parts */
    SY_ODATA_OPTION,   /* an option that is unknown here, or given twice */
    SY_ODATA_NUMBER,   /* $skip or $top that is no count */
    SY_ODATA_FAULT_COUNT
} sy_odata_fault;

typedef struct sy_odata_error {
    sy_odata_fault fault;
    const char *option; /* "$filter": where; static */
    size_t position;    /* bytes into the option's value */
    sy_err err;         /* SY_PARSE: "$filter at 12: ..." */
} sy_odata_error;

/* How a datetime is written. All forms that the dialect accepts are read. */
typedef enum sy_odata_date {
    SY_ODATA_DATE_OFFSET_7, /* datetimeoffset'2026-01-01T00:00:00.0000000+00:00' */
    SY_ODATA_DATE_OFFSET_3, /* datetimeoffset'2026-01-01T00:00:00.000Z' */
    SY_ODATA_DATE_TIME_3,   /* datetime'2026-01-01T00:00:00.000Z' */
    SY_ODATA_DATE_CAST_3,   /* cast(2026-01-01T00:00:00.000Z,Edm.DateTimeOffset) */
    SY_ODATA_DATE_BARE, /* 2026-01-01T00:00:00.000000000Z, as many of 3, 6, 9 digits as needed */
} sy_odata_date;

typedef enum sy_odata_part {
    SY_ODATA_FILTER,
    SY_ODATA_ORDERBY,
    SY_ODATA_SKIP,
    SY_ODATA_TOP,
    SY_ODATA_SELECT,
    SY_ODATA_COUNT, /* the total is wanted */
    SY_ODATA_PART_COUNT
} sy_odata_part;

typedef struct sy_odata_dialect {
    const char *name;
    /* -- both ways -- */
    const sy_str *system_names; /* SY_SYSTEM_COUNT of them; NULL: sy_system_column_name */
    /* -- reading -- */
    bool substringof;        /* substringof(part,text); else unknown */
    bool contains;           /* contains(text,part) */
    bool replace;            /* replace(text,from,to) */
    bool replace_bounded;    /* not nested, and `to` a constant of at most 100 characters */
    bool typed_dates;        /* datetime'..' and datetimeoffset'..' */
    sy_time read_resolution; /* dates are cut to it */
    bool strict_datetime;    /* datetime'..' with none or three digits and Z only */
    bool typed_bytes;        /* guid'..' and binary'..' */
    bool cast;               /* cast(x,Edm.DateTimeOffset | Edm.Guid ...) */
    bool bare_literals;      /* 2026-01-01T00:00:00Z as it stands (version 4) */
    bool in_list;            /* column in ('a','b') */
    bool nocase;             /* columns by any case */
    bool loose_types;    /* operands convert as SQLite's affinities have it; nothing is refused */
    bool version_apart;  /* a text is never the version, and comes before it */
    bool negate_refused; /* a unary minus before anything but a number */
    bool add_is_and;     /* a add b reads as a and b (3.4: a defect of the classic client) */
    bool order_by_words; /* $orderby: cut at commas, then at one space; only desc descends */
    bool javascript; /* integers beyond 32 bits are reals; $skip and $top as parseInt has it, 0 and
                         junk as if not given */
    bool unknown_refused;  /* options with a dollar that nobody knows; else ignored */
    bool repeated_refused; /* the same option twice; else the first counts */
    bool inline_count;     /* $inlinecount=allpages */
    bool count;            /* $count=true */
    uint16_t
        status[SY_ODATA_FAULT_COUNT]; /* the server's answer; 200: an empty list. 0: a client */
    /* -- writing -- */
    sy_odata_date date;
    sy_time date_resolution; /* what `date` can carry: dates are cut to it before they go out */
    bool skip_zero;          /* $skip=0 is written */
    bool brackets;           /* around every operation of two operands, needed or not */
    sy_odata_part parts[SY_ODATA_PART_COUNT]; /* the order in which they are written */
} sy_odata_dialect;

/* -- servers: what they read -- */
extern const sy_odata_dialect sy_odata_node;
extern const sy_odata_dialect sy_odata_netfx;
extern const sy_odata_dialect sy_odata_datasync;    /* also what its client writes */
extern const sy_odata_dialect sy_odata_datasync_v2; /* the V2 mode of that server */
extern const sy_odata_dialect sy_odata_toolkit;     /* also what its client writes */
extern const sy_odata_dialect sy_odata_sound;       /* both ways */
/* -- clients: what they write, and read in local queries given as text -- */
extern const sy_odata_dialect sy_odata_mobile_services; /* 2014: __version and its kin */
extern const sy_odata_dialect sy_odata_mobile_apps;
extern const sy_odata_dialect sy_odata_mobile_apps_js;
extern const sy_odata_dialect sy_odata_mobile_apps_android;
extern const sy_odata_dialect sy_odata_mobile_apps_ios;

/* A query parameter, decoded: "$filter", "complete eq true". */
typedef struct sy_odata_option {
    sy_str name;
    sy_str value;
} sy_odata_option;

typedef struct sy_odata_options {
    const sy_odata_option *items;
    uint32_t count;
} sy_odata_options;

#define SY_ODATA_SIZE_MAX ((size_t)64 * 1024)
/* query.top where a dialect reads a negative $top as "all rows, no limit" (javascript). A
 * larger number than that is cut to one less. */
#define SY_ODATA_TOP_ALL INT64_MAX

/* Options whose name has no dollar are the wire's and passed over. query->select has the bit of the
 * id only when $select named it. Texts are borrowed from the options where they stand there as they
 * are; everything else is in `arena`. SY_OK, SY_NOMEM, or SY_PARSE and *error (may be NULL). */
sy_rc sy_odata_read(const sy_odata_dialect *dialect, const sy_schema *schema,
                    const sy_odata_options *options, sy_arena *arena, sy_query *out,
                    sy_odata_error *error);
/* One filter: *out is NULL for an empty text. */
sy_rc sy_odata_read_filter(const sy_odata_dialect *dialect, const sy_schema *schema, sy_str text,
                           sy_arena *arena, const sy_expr **out, sy_odata_error *error);

/* -- writing -- */

typedef struct sy_odata_sink {
    void (*add)(void *self, const char *text, size_t size);
    void *self;
} sy_odata_sink;

/* The query has this part: a name and a value are to be written. */
bool sy_odata_has(const sy_odata_dialect *dialect, const sy_query *query, sy_odata_part part);
/* "$filter", "$inlinecount"... */
const char *sy_odata_part_name(const sy_odata_dialect *dialect, sy_odata_part part);
/* The value, not percent-encoded. */
void sy_odata_write(const sy_odata_dialect *dialect, const sy_query *query, sy_odata_part part,
                    sy_odata_sink sink);
/* One expression. */
void sy_odata_write_expr(const sy_odata_dialect *dialect, const sy_schema *schema,
                         const sy_expr *expr, sy_odata_sink sink);
/* A sink that appends. */
sy_odata_sink sy_odata_buf_sink(sy_buf *buf);
/* The value of one part into a buffer. */
void sy_odata_write_text(const sy_odata_dialect *dialect, const sy_query *query, sy_odata_part part,
                         sy_buf *out);

#endif
