/* Which format a message is in. */
#include "core/wire/format.h"

#include "core/wire/internal.h"

const sy_wire_format *sy_wire_select(const sy_wire_format *server, const sy_http_request *request)
{
    bool found = false;
    sy_str version =
        sy_http_header(request->headers, request->header_count, SY_STR("ZUMO-API-VERSION"), &found);
    const sy_wire_format *classic = server->answers[SY_WIRE_ZUMO];
    return found && classic != NULL && sy_str_starts_with(version, SY_STR("2.")) ? classic : server;
}

sy_wire_pair sy_wire_between(const sy_wire_format *client, const sy_wire_format *server)
{
    const sy_wire_format *answers = server->answers[client->family];
    return answers != NULL ? (sy_wire_pair){client, answers}
                           : (sy_wire_pair){&sy_wire_sound, &sy_wire_sound};
}

sy_rc sy_wire_refused(const sy_wire_format *format, sy_wire_flaw flaw, sy_str reason,
                      sy_wire_refusal *refusal, sy_err *err)
{
    *refusal = (sy_wire_refusal){flaw, format->flaws[flaw], reason};
    return SY_FAIL(err, SY_INVALID, "%.*s", SY_FMT(reason));
}

sy_rc sy_wire_refused_by(const sy_wire_format *format, sy_wire_flaw flaw, sy_arena *arena,
                         sy_wire_refusal *refusal, sy_err *err)
{
    sy_str reason = sy_arena_copy(arena, sy_str_of(err->text));
    if (reason.data == NULL) {
        return sy_fail_nomem(err);
    }
    *refusal = (sy_wire_refusal){flaw, format->flaws[flaw], reason};
    err->rc = SY_INVALID;
    return SY_INVALID;
}

sy_response sy_wire_refuse(const sy_wire_refusal *refusal)
{
    if (refusal->status == 200) { /* a query of what is not there finds nothing */
        return (sy_response){.status = 200, .rows = {.total = -1}};
    }
    return (sy_response){.status = refusal->status, .reason = refusal->reason};
}
