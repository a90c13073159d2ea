/* Names of states, verbs and results (those of kinds and decisions are in core/port). They stand in
 * traces and scripts: they don't change. */
#include "core/client/operation.h"

#include "core/base/check.h"
#include "core/client/client.h"

const char *sy_operation_state_name(sy_operation_state state)
{
    static const char *const names[SY_STATE_COUNT] = {"pending", "attempted", "failed"};
    SY_ASSERT(state < SY_STATE_COUNT);
    return names[state];
}

const char *sy_verb_name(sy_verb verb)
{
    static const char *const names[SY_VERB_COUNT] = {"initialize", "insert",  "update",  "delete",
                                                     "lookup",     "query",   "push",    "pull",
                                                     "purge",      "resolve", "dismiss", "remote"};
    SY_ASSERT(verb < SY_VERB_COUNT);
    return names[verb];
}

const char *sy_resolution_name(sy_resolution resolution)
{
    static const char *const names[SY_RESOLUTION_COUNT] = {
        "cancel_and_update", "cancel_and_discard", "update_operation", "cancel", "change_action"};
    SY_ASSERT(resolution < SY_RESOLUTION_COUNT);
    return names[resolution];
}

const char *sy_push_status_name(sy_push_status status)
{
    static const char *const names[SY_PUSH_STATUS_COUNT] = {"Complete",
                                                            "CancelledByNetworkError",
                                                            "CancelledByAuthenticationError",
                                                            "CancelledBySyncStoreError",
                                                            "CancelledByToken",
                                                            "CancelledByOperation",
                                                            "InternalError"};
    SY_ASSERT(status < SY_PUSH_STATUS_COUNT);
    return names[status];
}
