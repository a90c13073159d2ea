/* The names of what a handler is told and answers. */
#include "core/port/handler.h"

#include "core/base/check.h"

const char *sy_operation_kind_name(sy_operation_kind kind)
{
    static const char *const names[SY_OPERATION_KIND_COUNT] = {
        [SY_OPERATION_INSERT] = "insert",
        [SY_OPERATION_UPDATE] = "update",
        [SY_OPERATION_DELETE] = "delete",
    };
    SY_ASSERT((int)kind >= 0 && kind < SY_OPERATION_KIND_COUNT);
    return names[kind];
}

const char *sy_decision_kind_name(sy_decision_kind kind)
{
    static const char *const names[SY_DECISION_COUNT] = {
        [SY_DECIDE_SEND] = "send",
        [SY_DECIDE_RETURN] = "return",
        [SY_DECIDE_FAIL] = "fail",
        [SY_DECIDE_ABORT] = "abort",
    };
    SY_ASSERT((int)kind >= 0 && kind < SY_DECISION_COUNT);
    return names[kind];
}
