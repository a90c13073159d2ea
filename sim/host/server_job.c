/* Jobs: requests that workers have in hand.
 *
 *   worker: begin (stamp)   +commit: end (commit)   +service: the answer leaves
 *
 * A job has at most one event on its way, so that one which died with the process is known by not
 * being `alive` when that event fires, and goes back to the spare ones only then. What is due now
 * is done now, without an event. */
#include "sim/host/server_internal.h"

#include "core/base/hash.h"

/* The commit is late by so many microseconds. */
static const sim_label commit_delay_label = {
    .name = "commit-delay",
    .fault = "server.late-commit",
    .choice_class = SIM_WEATHER,
    .key_parts = {"subject", "round", "attempt", "from"},
    .representatives = (const uint64_t[]){0, 1000, 100000},
    .representative_count = 3,
};
/* The answer is late by so many nanoseconds. */
static const sim_label service_delay_label = {
    .name = "service-delay",
    .choice_class = SIM_WEATHER,
    .bound = SIM_DRAW_BOUND,
    .key_parts = {"subject", "round", "attempt", "from"},
    .representatives = sim_draw_representatives,
    .representative_count = SIM_DRAW_REPRESENTATIVE_COUNT,
};

static void job_recycle(server_job *job)
{
    job->alive = false;
    if (!job->waiting) {
        job->next = job->host->spare;
        job->host->spare = job;
    }
}

/* What it had in hand is lost; the job itself waits for its event, if one is on its way. */
static void job_kill(server_job *job)
{
    sim_server_host *host = job->host;
    if (job->transaction != NULL) {
        sy_server_abort(host->server, job->transaction);
    }
    if (job->response != NULL) {
        sim_message_put(&host->world->messages, job->request);
        sim_server_lose(host, job->response, "lost", "server crashed");
    } else {
        sim_server_lose(host, job->request, "lost", "server crashed");
    }
    job_recycle(job);
}

void sim_server_jobs_kill(sim_server_host *host)
{
    for (server_job *job = host->all; job != NULL; job = job->all_next) {
        if (job->alive) {
            job_kill(job);
        }
    }
    host->busy = 0;
}

void sim_server_jobs_free(sim_server_host *host)
{
    sy_alloc alloc = host->world->alloc;
    for (server_job *job = host->all, *next = NULL; job != NULL; job = next) {
        next = job->all_next;
        sy_alloc_free(alloc, job, sizeof *job);
    }
    host->all = NULL;
    host->spare = NULL;
}

static sy_time max_of(sy_time a, sy_time b)
{
    return a > b ? a : b;
}

/* The moment of the commit. false: the process, or the world, is no more. */
static bool job_commit(server_job *job)
{
    sim_server_host *host = job->host;
    sim_world *world = host->world;
    sy_time cost_ns = sy_store_cost_ns(host->store);
    sim_message *response = sim_message_get(&world->messages);
    if (response == NULL) {
        world->broken = SY_NOMEM;
        return false;
    }
    response->what = SIM_RESPONSE;
    sy_server_transaction *transaction = job->transaction;
    job->transaction = NULL;
    job->response = response;
    host->about = job->request->key;
    host->inside = true;
    sy_rc rc =
        sy_server_end(host->server, transaction, &response->arena, &response->response, NULL);
    host->inside = false;
    if (rc != SY_OK) {
        world->broken = SY_NOMEM;
        return false;
    }
    if (host->dying) {
        sim_server_die(host);
        return false;
    }
    cost_ns = sy_store_cost_ns(host->store) - cost_ns;
    job->answer_at = max_of(job->answer_at, world->now + cost_ns);
    return true;
}

static void job_answer(server_job *job)
{
    sim_server_host *host = job->host;
    sim_message *request = job->request;
    sim_message *response = job->response;
    host->busy--;
    job_recycle(job);
    sim_server_send_answer(host, request, response);
}

static void job_fire(void *self);

static void job_wait(server_job *job, sy_time until)
{
    job->waiting = true;
    sim_world_at(job->host->world, until, job_fire, job);
}

static void job_advance(server_job *job)
{
    sy_time now = job->host->world->now;
    if (job->response == NULL) {
        if (now < job->commit_at) {
            job_wait(job, job->commit_at);
            return;
        }
        if (!job_commit(job)) {
            return;
        }
    }
    if (now < job->answer_at) {
        job_wait(job, job->answer_at);
        return;
    }
    job_answer(job);
}

static sy_time draw_commit_delay(const sim_server_host *host, const sim_message *message)
{
    sy_method method = message->request.method;
    sy_time spread_ns = host->config.commit_spread_ns;
    if (spread_ns <= 0 || method == SY_METHOD_QUERY || method == SY_METHOD_READ) {
        return 0;
    }
    const sy_request_key *key = &message->key;
    uint64_t n = (uint64_t)(spread_ns / SY_US) + 1;
    return (sy_time)sim_choose(&host->commits, &commit_delay_label,
                               SIM_KEY(key->subject, key->round, key->attempt, message->from), n) *
           SY_US;
}

static sy_time draw_service_delay(const sim_server_host *host, const sim_message *message)
{
    const sy_request_key *key = &message->key;
    return sim_distribution_draw(&host->config.service_spread, &host->commits, &service_delay_label,
                                 SIM_KEY(key->subject, key->round, key->attempt, message->from));
}

/* NULL: no memory. */
static server_job *job_get(sim_server_host *host)
{
    server_job *job = host->spare;
    if (job != NULL) {
        host->spare = job->next;
    } else {
        job = sy_alloc_get(host->world->alloc, sizeof *job);
        if (job == NULL) {
            return NULL;
        }
        *job = (server_job){.all_next = host->all};
        host->all = job;
    }
    *job = (server_job){.all_next = job->all_next, .host = host, .alive = true};
    return job;
}

/* A worker takes the request: its stamp is now. */
static sy_rc job_begin(sim_server_host *host, sim_message *request)
{
    server_job *job = job_get(host);
    if (job == NULL) {
        sim_message_put(&host->world->messages, request);
        return SY_NOMEM;
    }
    job->request = request;
    host->busy++;
    host->serving = request->from % host->config.instances;
    sy_rc rc = sy_server_begin(host->server, &request->request, &job->transaction, NULL);
    if (rc != SY_OK) {
        return rc;
    }
    sy_time now = host->world->now;
    job->commit_at = now + host->config.commit_ns + draw_commit_delay(host, request);
    job->answer_at = now + host->config.service_ns + draw_service_delay(host, request);
    job_advance(job);
    return SY_OK;
}

void sim_server_dispatch(sim_server_host *host)
{
    if (host->dispatching) {
        return;
    }
    host->dispatching = true;
    while (host->first != NULL && host->busy < host->config.workers &&
           host->world->broken == SY_OK) {
        sim_message *request = host->first;
        host->first = request->next;
        request->next = NULL;
        if (host->first == NULL) {
            host->last = NULL;
        }
        if (job_begin(host, request) != SY_OK) {
            host->world->broken = SY_NOMEM;
        }
    }
    host->dispatching = false;
}

static void job_fire(void *self)
{
    server_job *job = self;
    sim_server_host *host = job->host;
    job->waiting = false;
    if (!job->alive) { /* its process died meanwhile */
        job_recycle(job);
        return;
    }
    job_advance(job);
    sim_server_dispatch(host);
}

/* A worker at one of the two moments of its request. */
static void identify_job(const void *self, sim_identity *out)
{
    const server_job *job = self;
    *out = (sim_identity){.host = job->host->index, .loose = true};
    if (job->alive) {
        const uint64_t moment = job->response == NULL ? 0 : 1;
        out->id = sy_hash_mix(sim_message_identity(job->request), moment);
        out->message = job->request;
    }
}

void sim_server_jobs_know(sim_world *world)
{
    static const sim_source sources[] = {
        {job_fire, "is served", identify_job},
        {NULL, NULL, NULL},
    };
    sim_world_know(world, sources);
}
