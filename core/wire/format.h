/* What a generation's wire looks like, as data (design.md, idea 5). Numbers in brackets are
 * sections of protocol.md. A client's dialect and a server's each point to one: what a client
 * writes is read in its server's format, and what the server answers in the client's. */
#ifndef SY_WIRE_FORMAT_H
#define SY_WIRE_FORMAT_H

#include "core/value/odata.h"
#include "core/wire/etag.h"
#include "core/wire/http.h"
#include "core/wire/message.h"
#include "core/wire/url.h"

/* Which servers understand a client. */
typedef enum sy_wire_family {
    SY_WIRE_MOBILE_SERVICES, /* before 2.0: __version, __systemproperties [1] */
    SY_WIRE_ZUMO,            /* ZUMO-API-VERSION 2.0.0 */
    SY_WIRE_DATASYNC,        /* 3.0.0, and the toolkit without a version */
    SY_WIRE_SOUND,
    SY_WIRE_FAMILY_COUNT
} sy_wire_family;

/* How an undelete is asked for [2.3 Undelete]. */
typedef enum sy_wire_undelete {
    SY_WIRE_UNDELETE_POST,  /* POST /tables/T/id */
    SY_WIRE_UNDELETE_PATCH, /* PATCH with deleted false */
    SY_WIRE_UNDELETE_PUT    /* PUT with include-deleted */
} sy_wire_undelete;

/* The fraction of a second in JSON [2.1]. */
typedef enum sy_wire_time {
    SY_WIRE_TIME_MS,      /* three digits, cut */
    SY_WIRE_TIME_TRIMMED, /* three digits at most, zeros dropped, and the dot with them */
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
    SY_WIRE_NEXT_NODE_HEADER, /* Link: http://host/?query; rel=next: no brackets, port, path */
    SY_WIRE_NEXT_LINK_URL,    /* nextLink: absolute, or path and query where the client asks so */
    SY_WIRE_NEXT_LINK_QUERY,  /* nextLink: the query string alone */
    SY_WIRE_NEXT_PLACE        /* next: what the server calls the place */
} sy_wire_next;

typedef enum sy_wire_error {
    SY_WIRE_ERROR_JSON,    /* {"error":"text"} */
    SY_WIRE_ERROR_MESSAGE, /* {"message":"text"} */
    SY_WIRE_ERROR_PROBLEM  /* application/problem+json */
} sy_wire_error;

/* Why a request that cannot be read is refused; queries say it by sy_odata_fault. */
typedef enum sy_wire_flaw {
    SY_WIRE_FLAW_QUERY = 0,  /* the status is the OData dialect's; 200: an empty list */
    SY_WIRE_FLAW_ROUTE,      /* no such path */
    SY_WIRE_FLAW_METHOD,     /* a path that does not have this verb */
    SY_WIRE_FLAW_TABLE,      /* no such table */
    SY_WIRE_FLAW_URL,        /* a bad %XX */
    SY_WIRE_FLAW_MEDIA_TYPE, /* a body that is not said to be JSON */
    SY_WIRE_FLAW_JSON,       /* a body that is no JSON, or no object */
    SY_WIRE_FLAW_VALUE,      /* a value that its column can't take */
    SY_WIRE_FLAW_COLUMN,     /* a name that no column can have */
    SY_WIRE_FLAW_RESERVED,   /* a system column that clients may not set */
    SY_WIRE_FLAW_IF_MATCH,
    SY_WIRE_FLAW_COUNT
} sy_wire_flaw;

typedef struct sy_wire_format {
    const char *name;
    sy_wire_family family;
    const struct sy_wire_format
        *answers[SY_WIRE_FAMILY_COUNT]; /* servers: in which format a client of that family is
                                           understood; NULL: in none */

    /* requests: how they are written */
    const char *api_version; /* ZUMO-API-VERSION as sent; NULL: none [1] */
    uint32_t api_major;      /* of it; 0: none */
    bool lower_case_tables;  /* in the path [2.3] */
    sy_url_escape escape_id; /* of an id in the path */
    sy_url_escape escape_query;
    sy_wire_undelete undelete;
    const char *include_deleted;   /* the parameter's name; its value is "true" */
    const char *system_properties; /* __systemproperties as sent; NULL: not sent [1] */
    const char *client_version;    /* X-ZUMO-VERSION; NULL: not sent [2.7] */
    const char *options;           /* X-ZUMO-Options on lists; NULL: not sent [2.7] */
    const char *features_read;     /* X-ZUMO-FEATURES; NULL: not sent [2.7] */
    const char *features_write;    /* of the others */
    const char *features_if_match; /* put behind where there is an If-Match; NULL: nothing */
    const char *features_page;     /* put behind for each page so far; NULL: nothing */
    const sy_odata_dialect *odata;

    /* requests: how they are read */
    bool include_deleted_any_case;  /* the parameter's name [2.3 Query] */
    bool include_deleted_any_value; /* any value but an empty one counts [edge 60] */
    sy_if_match_rule if_match;
    bool loose_body;    /* no body and an empty array are an empty object; a value of another type
                           is made to fit [Node] */
    bool keeps_unknown; /* columns that the table lacks are handed to the server, else dropped */
    uint32_t reserved;  /* SY_SYSTEM_BIT of columns that a body may not have, in any case [2.3] */
    bool media_type;    /* a body must be said to be JSON [2.3 Create] */
    int flaws[SY_WIRE_FLAW_COUNT]; /* the status of each refusal */

    /* rows */
    const char *const *system_names; /* SY_SYSTEM_COUNT of them; NULL among them: not on the wire */
    sy_wire_time time;
    sy_time time_resolution_ns; /* what `time` can carry */
    sy_etag_escape etag_escape;
    bool etag_is_version; /* clients: the ETag of one row wins over its body [2.2] */

    /* answers */
    sy_wire_page page;
    sy_wire_next next;
    sy_wire_error error;
    bool location;              /* of a new row [2.3 Create] */
    bool last_modified;         /* of one row [2.4] */
    bool no_cache;              /* cache-control, expires, pragma on what was found [2.7] */
    const char *server_version; /* x-zumo-server-version; NULL: not sent [2.7] */

    /* `sound`: headers X-Sync-*, parameters __since, __epoch, __page, __place; members of a page */
    bool sync;
} sy_wire_format;

/* Of clients. */
extern const sy_wire_format sy_wire_mobile_services; /* 2014 */
extern const sy_wire_format sy_wire_zumo;            /* P-CL */
extern const sy_wire_format sy_wire_zumo_js;         /* P-JS */
extern const sy_wire_format sy_wire_zumo_android;    /* P-AN */
extern const sy_wire_format sy_wire_zumo_ios;        /* P-IOS */
/* Of servers. */
extern const sy_wire_format sy_wire_node;
extern const sy_wire_format sy_wire_netfx;
extern const sy_wire_format sy_wire_datasync_v2; /* S-D6 where a request says 2.0 */
/* Of both. */
extern const sy_wire_format sy_wire_datasync; /* P-D6, S-D6 */
extern const sy_wire_format sy_wire_toolkit;  /* P-CT, S-CT */
extern const sy_wire_format sy_wire_sound;

/* The format in which a server reads and answers this request: by the version that it says. */
const sy_wire_format *sy_wire_select(const sy_wire_format *server, const sy_http_request *request);

/* In a simulation, where both ends are known: what the client writes, and what its server answers
 * it in. A server that does not speak the client's protocol is behind a gateway that translates and
 * loses nothing: both are sy_wire_sound then. */
typedef struct sy_wire_pair {
    const sy_wire_format *client;
    const sy_wire_format *server;
} sy_wire_pair;
sy_wire_pair sy_wire_between(const sy_wire_format *client, const sy_wire_format *server);

#endif
