/* When a search has to stop: the machine's time is over, or a person pressed the key. The run under
 * way is broken off, so that a limit is kept to the second whatever a run takes; it counts for
 * nothing. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"

#include <signal.h>

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

bool cli_patience_over(cli_patience *patience)
{
    patience->timed_out = patience->timed_out ||
                          (patience->deadline_ns != 0 && cli_wall_now() >= patience->deadline_ns);
    return patience->timed_out || interrupted != 0;
}

static bool stop(void *self)
{
    return cli_patience_over(self);
}

void cli_patience_begin(cli_patience *patience, const cli_options *options)
{
    *patience = (cli_patience){.deadline_ns = 0};
    if (options->time_limit_s > 0) {
        patience->deadline_ns = cli_wall_now() + options->time_limit_s * SY_SECOND;
    }
    patience->limits = (sim_run_limits){.stop = stop, .stop_self = patience};
    const struct sigaction action = {.sa_handler = interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}
