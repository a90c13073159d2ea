/* Errors: expected trouble, returned as a value with its context. */
#ifndef SY_BASE_ERR_H
#define SY_BASE_ERR_H

#include "core/base/str.h"

typedef enum sy_rc {
    SY_OK = 0,
    SY_NOMEM,   /* an allocation failed */
    SY_INVALID, /* an argument that the dialect refuses (the SDKs' ArgumentException) */
    SY_STATE,   /* not in this state (InvalidOperationException): not initialised, collapse refused,
                   purge with pending operations */
    SY_SCHEMA,  /* no such table or column, or a value of the wrong type */
    SY_NOT_FOUND,   /* no such row */
    SY_EXISTS,      /* a row with that id is there already */
    SY_STORE,       /* the local store failed */
    SY_NETWORK,     /* no connection, reset, refused */
    SY_TIMEOUT,     /* no answer in time */
    SY_AUTH,        /* 401 */
    SY_HTTP,        /* an answer whose status is not a success and none of the others */
    SY_CONFLICT,    /* 409 or 412 */
    SY_PUSH_FAILED, /* a push ended with errors or was cancelled (MobileServicePushFailedException)
                     */
    SY_CANCELLED,   /* by the caller's token */
    SY_CRASHED,     /* the process died */
    SY_LIMIT,       /* a limit was reached: instructions, memory, virtual time, size */
    SY_PARSE,       /* text that cannot be read */
    SY_IO,          /* a file or device of the real machine */
    SY_CORRUPT,     /* stored data that cannot be what we wrote */
    SY_RC_COUNT
} sy_rc;

typedef struct sy_err { /* owns nothing, is copied freely, outlives its cause */
    sy_rc rc;
    char text[256]; /* outermost frame first: "push orders/7: send: link is down" */
} sy_err;

/* Lower case, stable, for scripts and traces: "ok", "push_failed"... */
const char *sy_rc_name(sy_rc rc);

/* Fills `err` (may be NULL) and returns `rc`. */
sy_rc sy_fail(sy_err *err, sy_rc rc, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define SY_FAIL(err, rc, ...) sy_fail((err), (rc), __VA_ARGS__)
/* The usual text for an allocation that failed. */
sy_rc sy_fail_nomem(sy_err *err);
/* Puts "context: " before the text that stands; returns the rc that stands. */
sy_rc sy_err_wrap(sy_err *err, sy_rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
