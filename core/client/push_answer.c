/* What an answer means for the operation that it is about: the dialect's verdict, the rc that
 * handlers see, the server's row. protocol.md 6.2. */
#include "core/base/mutant.h"
#include "core/client/push.h"

static sy_answer_class classify(int status)
{
    switch (status) {
    case 401:
        return SY_ANSWER_401;
    case 404:
        return SY_ANSWER_404;
    case 409:
        return SY_ANSWER_409;
    case 410:
        return SY_ANSWER_410;
    case 412:
        return SY_ANSWER_412;
    default:
        return status >= 200 && status < 300 ? SY_ANSWER_2XX : SY_ANSWER_OTHER;
    }
}

static sy_rc rc_of(sy_verdict verdict, sy_answer_class answer_class)
{
    switch (answer_class) {
    case SY_ANSWER_401:
        return SY_AUTH;
    case SY_ANSWER_409:
    case SY_ANSWER_412:
        return SY_CONFLICT;
    case SY_ANSWER_2XX:
    case SY_ANSWER_404:
    case SY_ANSWER_410:
    case SY_ANSWER_OTHER:
    case SY_ANSWER_NONE:
    case SY_ANSWER_CLASS_COUNT:
        break;
    }
    return verdict == SY_VERDICT_SUCCESS    ? SY_OK
           : verdict == SY_VERDICT_CONFLICT ? SY_CONFLICT
                                            : SY_HTTP;
}

sy_rc sy_push_read_answer(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_verdict *verdicts = client->config.dialect->verdicts[push->kind];
    push->server = push->stamps = NULL;
    push->detail = NULL;
    push->silent = false;
    if (task->answer.rc == SY_NOMEM) {
        return sy_fail_nomem(err);
    }
    if (task->answer.rc != SY_OK) {
        push->verdict = verdicts[SY_ANSWER_NONE];
        push->answer_rc = task->answer.rc;
        push->answer_status = 0;
        return SY_OK;
    }
    const sy_response *response = task->answer.response;
    const sy_answer_class answer_class = classify(response->status);
    push->verdict = verdicts[answer_class];
    if (SY_MUTANT(GONE_IS_AN_ERROR) && push->kind == SY_OPERATION_DELETE &&
        (answer_class == SY_ANSWER_404 || answer_class == SY_ANSWER_410)) {
        push->verdict = SY_VERDICT_ERROR;
    }
    push->answer_status = response->status;
    push->answer_rc = rc_of(push->verdict, answer_class);
    if (response->row != NULL && !sy_value_missing(&response->row->cells[SY_COLUMN_ID])) {
        push->stamps = response->row;
        return sy_row_map(&task->work, response->row, push->schema, false, &push->server, err);
    }
    if (answer_class == SY_ANSWER_2XX && push->method != SY_METHOD_DELETE) {
        push->verdict = SY_VERDICT_ERROR; /* the server may have done it all the same [edge 21] */
        push->answer_rc = SY_HTTP;
        push->detail = "the answer has no content";
        push->silent = client->config.dialect->unreadable_is_silent;
    }
    return SY_OK;
}
