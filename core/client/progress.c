#include "core/client/progress.h"

#include "core/client/push.h"

typedef const char *names[SY_PROGRESS_WHAT_COUNT]; /* NULL: the dialect does not say it */

static const names push_names[] = {
    [SY_PROGRESS_DATASYNC] = {"PushStarted", "ItemWillBePushed", "ItemWasPushed", "PushFinished"},
    [SY_PROGRESS_TOOLKIT] = {"PushStarted", NULL, "PushItem", "PushEnded"},
};

static const names pull_names[] = {
    [SY_PROGRESS_DATASYNC] = {"PullStarted", "ItemWillBeStored", "ItemWasStored", "PullFinished"},
    [SY_PROGRESS_TOOLKIT] = {"PullStarted", "ItemsFetched", "ItemsCommitted", "PullEnded"},
};

typedef struct progress {
    const char *name;
    sy_str table, id;
    int64_t processed, queue;
    const char *successful; /* "" where the event has none */
} progress;

static void emit(sy_client *client, const progress *p)
{
    sy_client_trace(client, &sy_event_progress, sy_cstr(p->name), sy_text(p->table), sy_text(p->id),
                    sy_int(p->processed), sy_int(p->queue), sy_cstr(p->successful));
}

static const char *flag(bool set)
{
    return set ? "true" : "false";
}

void sy_progress_push(sy_client *client, const sy_task *task, sy_progress_what what, bool complete)
{
    const sy_progress_kind kind = client->config.dialect->progress;
    if (kind == SY_PROGRESS_NONE) {
        return;
    }
    /* P-D6 says the opposite of what happened [6.7, edge 41]. */
    const bool good = kind == SY_PROGRESS_DATASYNC ? !complete : complete;
    const progress p = {.name = push_names[kind][what],
                        .processed = task->push->processed,
                        .queue = sy_operation_queue_count(&client->queue, NULL),
                        .successful = what == SY_PROGRESS_ENDED ? flag(good) : ""};
    emit(client, &p);
}

void sy_progress_item(sy_client *client, sy_task *task, sy_progress_what what)
{
    const sy_progress_kind kind = client->config.dialect->progress;
    if (kind == SY_PROGRESS_NONE) {
        return;
    }
    sy_push_run *leader = sy_push_leader(task)->push;
    const sy_push_run *push = task->push;
    leader->processed += what == SY_PROGRESS_ITEM_DONE;
    const progress p = {
        .name = push_names[kind][what],
        .table = push->schema->name,
        .id = push->id,
        .processed = leader->processed,
        .queue = sy_operation_queue_count(&client->queue, NULL),
        .successful = what == SY_PROGRESS_ITEM_DONE ? flag(push->ending == SY_ENDING_DONE) : ""};
    if (p.name != NULL) {
        emit(client, &p);
    }
}

void sy_progress_pull(sy_client *client, const sy_task *task, sy_progress_what what, sy_str id,
                      bool good)
{
    const sy_progress_kind kind = client->config.dialect->progress;
    if (kind == SY_PROGRESS_NONE) {
        return;
    }
    /* P-D6 says so of a pull that failed, too [7.7 step 8, edge 42]. */
    const progress p = {
        .name = pull_names[kind][what],
        .table = task->schema->name,
        .id = id,
        .processed = task->pull->received,
        .queue = task->pull->total,
        .successful = what == SY_PROGRESS_ENDED ? flag(good || kind == SY_PROGRESS_DATASYNC) : ""};
    emit(client, &p);
}
