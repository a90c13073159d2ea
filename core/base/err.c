/* Errors: their names, and building the text from the inside out. A text that does not fit is cut.
 */
#include "core/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/check.h"

static const char *const rc_names[SY_RC_COUNT] = {
    [SY_OK] = "ok",
    [SY_NOMEM] = "nomem",
    [SY_INVALID] = "invalid",
    [SY_STATE] = "state",
    [SY_SCHEMA] = "schema",
    [SY_NOT_FOUND] = "not_found",
    [SY_EXISTS] = "exists",
    [SY_STORE] = "store",
    [SY_NETWORK] = "network",
    [SY_TIMEOUT] = "timeout",
    [SY_AUTH] = "auth",
    [SY_HTTP] = "http",
    [SY_CONFLICT] = "conflict",
    [SY_PUSH_FAILED] = "push_failed",
    [SY_CANCELLED] = "cancelled",
    [SY_CRASHED] = "crashed",
    [SY_LIMIT] = "limit",
    [SY_PARSE] = "parse",
    [SY_IO] = "io",
    [SY_CORRUPT] = "corrupt",
};

const char *sy_rc_name(sy_rc rc)
{
    SY_ASSERT((int)rc >= 0 && rc < SY_RC_COUNT);
    return rc_names[rc];
}

sy_rc sy_fail(sy_err *err, sy_rc rc, const char *format, ...)
{
    if (err == NULL) {
        return rc;
    }
    char text[sizeof err->text]; /* an argument may be the old text */
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err->rc = rc;
    memcpy(err->text, text, sizeof text);
    return rc;
}

sy_rc sy_fail_nomem(sy_err *err)
{
    return sy_fail(err, SY_NOMEM, "out of memory");
}

sy_rc sy_err_wrap(sy_err *err, sy_rc rc, const char *format, ...)
{
    if (err == NULL) {
        return rc;
    }
    char context[sizeof err->text];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(context, sizeof context, format, args);
    va_end(args);
    return sy_fail(err, rc, "%s: %s", context, err->text);
}
