/* The core's events: code, name, fields. A code is never given to another event: traces are read by
 * programs. Outcome events are what somebody could observe: results, rows read, the server's
 * commits. */
#include "core/port/events.h"

#define COUNT_OF(...) (sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define EVENT(number, is_outcome, text, ...)                                                       \
    {                                                                                              \
        .code = (number), .outcome = (is_outcome), .name = (text),                                 \
        .field_count = COUNT_OF(__VA_ARGS__), .fields = {                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

const sy_event_kind sy_event_call = EVENT(1, false, "call", "ticket", "verb", "table", "id", "row");
const sy_event_kind sy_event_done =
    EVENT(2, true, "done", "ticket", "verb", "result", "detail", "count");
const sy_event_kind sy_event_read = EVENT(3, true, "read", "ticket", "table", "id", "row");
const sy_event_kind sy_event_wait =
    EVENT(4, false, "wait", "ticket", "verb", "lock", "table", "id");
const sy_event_kind sy_event_write =
    EVENT(5, false, "write", "ticket", "table", "id", "kind", "op", "row");

const sy_event_kind sy_event_enqueue = EVENT(6, false, "enqueue", "op", "kind", "table", "id");
const sy_event_kind sy_event_collapse =
    EVENT(7, false, "collapse", "op", "table", "id", "existing", "new", "action");
const sy_event_kind sy_event_dequeue = EVENT(8, false, "dequeue", "op", "table", "id", "reason");

const sy_event_kind sy_event_push_begin =
    EVENT(9, false, "push_begin", "ticket", "tables", "pending");
const sy_event_kind sy_event_push_end = EVENT(10, false, "push_end", "ticket", "status", "errors");
const sy_event_kind sy_event_send =
    EVENT(11, false, "send", "send", "method", "table", "id", "op", "attempt", "if_match", "row");
const sy_event_kind sy_event_answer =
    EVENT(12, false, "answer", "send", "method", "table", "id", "op", "result", "status");
const sy_event_kind sy_event_conflict =
    EVENT(13, false, "conflict", "op", "kind", "table", "id", "status", "base", "local", "server");
const sy_event_kind sy_event_decision =
    EVENT(14, false, "decision", "op", "table", "id", "decision", "by", "row");
const sy_event_kind sy_event_loss =
    EVENT(41, false, "loss", "op", "table", "id", "local", "server");
const sy_event_kind sy_event_op_failed =
    EVENT(15, false, "op_failed", "op", "kind", "table", "id", "status", "detail");
const sy_event_kind sy_event_resolve =
    EVENT(16, false, "resolve", "op", "table", "id", "resolution");

const sy_event_kind sy_event_pull_begin =
    EVENT(17, false, "pull_begin", "ticket", "table", "query", "scope", "token");
const sy_event_kind sy_event_page =
    EVENT(18, false, "page", "ticket", "table", "query", "page", "rows", "next", "horizon");
const sy_event_kind sy_event_apply =
    EVENT(19, false, "apply", "table", "id", "version", "deleted", "updated_at", "sequence", "row");
const sy_event_kind sy_event_skip =
    EVENT(20, false, "skip", "table", "id", "version", "updated_at", "sequence", "reason");
const sy_event_kind sy_event_token =
    EVENT(21, false, "token", "table", "query", "from", "to", "comparison");
const sy_event_kind sy_event_pull_end =
    EVENT(22, false, "pull_end", "ticket", "table", "query", "result", "rows");
const sy_event_kind sy_event_purge =
    EVENT(23, false, "purge", "ticket", "table", "rows", "operations", "forced");
const sy_event_kind sy_event_notice =
    EVENT(24, false, "notice", "table", "id", "originator", "reaction");

const sy_event_kind sy_event_progress =
    EVENT(28, false, "progress", "event", "table", "id", "processed", "queue", "successful");

const sy_event_kind sy_event_detect = EVENT(40, false, "detect", "what", "table", "detail");
const sy_event_kind sy_event_request = EVENT(25, false, "request", "method", "table", "id",
                                             "if_match", "installation", "operation_key");
const sy_event_kind sy_event_commit =
    EVENT(26, true, "commit", "table", "id", "method", "version_before", "version_after",
          "updated_at", "sequence", "installation", "operation_key", "row", "sender", "send");
const sy_event_kind sy_event_respond =
    EVENT(27, false, "respond", "method", "table", "id", "status", "rows", "version");
