/* What a generation's wire looks like, as data (design.md, idea 5). Numbers in brackets are
 * sections of protocol.md. A client's dialect and a server's each point to one; a request is read
 * in the format of the server that gets it, in a simulation in that of the client where the server
 * does not speak it (sy_wire_answering). */
#ifndef SY_WIRE_FORMAT_H
#define SY_WIRE_FORMAT_H

#include "core/value/schema.h"
#include "core/wire/etag.h"
#include "core/wire/http.h"
#include "core/wire/message.h"
#include "core/wire/url.h"

/* Which servers understand a client. */
typedef enum sy_wire_family {
    SY_WIRE_FAMILY_MOBILE_SERVICES, /* before 2.0: __version, __systemproperties [1] */
    SY_WIRE_FAMILY_ZUMO,            /* ZUMO-API-VERSION 2.0.0 */
    SY_WIRE_FAMILY_DATASYNC,        /* 3.0.0, and the toolkit without a version */
    SY_WIRE_FAMILY_SOUND
} sy_wire_family;

/* How an undelete is asked for [2.3 Undelete]. */
typedef enum sy_wire_undelete {
    SY_WIRE_UNDELETE_POST,  /* POST /tables/T/id */
    SY_WIRE_UNDELETE_PATCH, /* PATCH with deleted false */
    SY_WIRE_UNDELETE_PUT    /* PUT with include-deleted */
} sy_wire_undelete;

/* The fraction of a second in JSON [2.1]. */
typedef enum sy_wire_time {
    SY_WIRE_TIME_MS,      /* three digits, Z, cut */
    SY_WIRE_TIME_TRIMMED, /* three digits at most, zeros dropped, and the dot with them */
    SY_WIRE_TIME_TICKS,   /* seven digits, Z */
    SY_WIRE_TIME_EXACT    /* as many of 3, 6 and 9 as needed */
} sy_wire_time;

typedef enum sy_wire_page {
    SY_WIRE_PAGE_ARRAY, /* [..], or {"results":[..],"count":n} when counted */
    SY_WIRE_PAGE_ITEMS  /* {"items":[..],"count":n,"nextLink":".."} */
} sy_wire_page;

/* Where the next page is said to be [2.3 Query]. */
typedef enum sy_wire_next {
    SY_WIRE_NEXT_NONE,
    SY_WIRE_NEXT_LINK_HEADER, /* Link: <url>; rel=next */
    SY_WIRE_NEXT_NODE_HEADER, /* Link: http://host/?query; rel=next: no brackets, no path */
    SY_WIRE_NEXT_LINK_URL,    /* nextLink, absolute; or path and query when the client asks so */
    SY_WIRE_NEXT_LINK_QUERY   /* nextLink, the query string alone */
} sy_wire_next;

typedef enum sy_wire_error {
    SY_WIRE_ERROR_JSON,    /* {"error":"text"} */
    SY_WIRE_ERROR_MESSAGE, /* {"message":"text"} */
    SY_WIRE_ERROR_PROBLEM  /* application/problem+json */
} sy_wire_error;

/* Why a request that cannot be read is refused. */
typedef enum sy_wire_flaw {
    SY_WIRE_FLAW_ROUTE,          /* no such path */
    SY_WIRE_FLAW_METHOD,         /* a path that does not have this verb */
    SY_WIRE_FLAW_TABLE,          /* no such table */
    SY_WIRE_FLAW_URL,            /* a bad %XX */
    SY_WIRE_FLAW_MEDIA_TYPE,     /* a body that is not said to be JSON */
    SY_WIRE_FLAW_JSON,           /* a body that is no JSON, or no object */
    SY_WIRE_FLAW_VALUE,          /* a value that its column can't take */
    SY_WIRE_FLAW_RESERVED,       /* a system column that clients may not set */
    SY_WIRE_FLAW_FILTER,         /* $filter or $orderby can't be read */
    SY_WIRE_FLAW_UNKNOWN_COLUMN, /* a query names a column that the table lacks */
    SY_WIRE_FLAW_OPTION,         /* another query option can't be read */
    SY_WIRE_FLAW_IF_MATCH,
    SY_WIRE_FLAW_COUNT
} sy_wire_flaw;

struct sy_odata_dialect; /* core/value/odata.h */

typedef struct sy_wire_format {
    const char *name; /* "node" */
    sy_wire_family family;
    const struct sy_wire_format *v2; /* what a request with version 2.0 gets; NULL: the same */

    /* requests */
    const char *api_version; /* ZUMO-API-VERSION as sent; NULL: none */
    bool lower_case_tables;  /* in the path [2.3] */
    sy_url_escape escape_id; /* of an id in the path */
    sy_wire_undelete undelete;
    const char *include_deleted;     /* parameter's name; its value is "true" */
    bool include_deleted_any_case;   /* servers: the name in any case */
    bool include_deleted_any_value;  /* servers: whatever stands there, but nothing [edge 60] */
    const char *system_properties;   /* value of __systemproperties; NULL: not sent */
    const char *count_name;          /* "$inlinecount" */
    const char *count_value;         /* "allpages" */
    const char *const *option_order; /* of query options as sent, by name; NULL ends it */
    bool skip_zero;                  /* $skip=0 is written [3.4] */
    sy_url_escape escape_query;
    const char *features[SY_METHOD_COUNT]; /* X-ZUMO-FEATURES; NULL: not sent [2.7] */
    const char *features_if_match;         /* added when there is an If-Match */
    const char *features_page;             /* added for each page of a pull */
    bool sync_headers; /* `sound`: operation key, time and number of the edit; epoch, sequence */
    const struct sy_odata_dialect *odata;

    /* rows */
    const char *const *system_names; /* [SY_SYSTEM_COUNT]; NULL in it: not on the wire */
    sy_wire_time time;
    sy_etag_escape etag_escape;
    sy_if_match_rule if_match;
    bool if_match_update_bytes; /* [2.2] Node strips the quotes of an update's only */
    bool etag_is_version;       /* clients: the ETag of one row wins over its body [2.2] */
    bool keeps_unknown;         /* servers: columns that the table lacks are kept for the server */
    bool converts;              /* servers: a value of another type is made to fit, as Node does */
    bool media_type;            /* servers: a body must be said to be JSON [2.3 Create] */

    /* answers */
    sy_wire_page page;
    sy_wire_next next;
    sy_wire_error error;
    bool location;                 /* 201 says where the row is [2.3 Create] */
    bool last_modified;            /* of one row [2.4] */
    bool no_cache;                 /* cache-control, expires, pragma on table results [2.7] */
    const char *server_version;    /* x-zumo-server-version; NULL: not sent */
    int flaws[SY_WIRE_FLAW_COUNT]; /* the status of each refusal */
} sy_wire_format;

/* clients */
extern const sy_wire_format sy_wire_mobile_services; /* 2014 */
extern const sy_wire_format sy_wire_zumo;            /* P-CL */
extern const sy_wire_format sy_wire_zumo_js;         /* P-JS */
extern const sy_wire_format sy_wire_zumo_android;    /* P-AN */
extern const sy_wire_format sy_wire_zumo_ios;        /* P-IOS */
/* servers */
extern const sy_wire_format sy_wire_node;
extern const sy_wire_format sy_wire_netfx;
/* both */
extern const sy_wire_format sy_wire_datasync; /* P-D6, S-D6 */
extern const sy_wire_format sy_wire_toolkit;  /* P-CT, S-CT */
extern const sy_wire_format sy_wire_sound;

/* The format in which a server of format `server` reads and answers this request: its own, or the
 * one for version 2.0. */
const sy_wire_format *sy_wire_select(const sy_wire_format *server, const sy_http_request *request);
/* The same for a client whose format is known; the client's own where the server does not speak it:
 * there a gateway would stand. */
const sy_wire_format *sy_wire_answering(const sy_wire_format *server, const sy_wire_format *client);

#endif
