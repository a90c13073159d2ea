/* What whoever runs the server does to its data, beside its API or behind its back. */
#include "sim/host/server_internal.h"

static sy_rc check_up(const sim_server_host *host, sy_err *err)
{
    return sim_server_host_up(host) ? SY_OK : SY_FAIL(err, SY_STATE, "the server is down");
}

static void emit_breach(const sim_server_host *host, const char *what)
{
    sim_trace_event(host->world, host->index, &sim_event_breach, sy_cstr(host->config.name),
                    sy_cstr(what));
}

sy_rc sim_server_host_clean_tombstones(sim_server_host *host, sy_time age_ns, int64_t *count,
                                       sy_err *err)
{
    sy_rc rc = check_up(host, err);
    if (rc != SY_OK) {
        return rc;
    }
    host->inside = true;
    rc = sy_server_clean_tombstones(host->server, sim_clock_now(&host->clocks[0]) - age_ns, count,
                                    err);
    if (rc == SY_OK && *count > 0) {
        emit_breach(host, "tombstones cleaned");
    }
    return sim_server_leave(host, rc, err);
}

sy_rc sim_server_host_hard_delete(sim_server_host *host, sy_str table, sy_str id, sy_err *err)
{
    sy_rc rc = check_up(host, err);
    const sy_schema *schema = rc == SY_OK ? sy_server_schema(host->server, table) : NULL;
    if (rc == SY_OK && schema == NULL) {
        rc = SY_FAIL(err, SY_SCHEMA, "the server has no table '%.*s'", SY_FMT(table));
    }
    if (rc != SY_OK) {
        return rc;
    }
    emit_breach(host, "hard delete");
    host->inside = true;
    rc = sy_store_remove(host->store, schema, id, err);
    return sim_server_leave(host, rc, err);
}

sy_rc sim_server_host_migrate(sim_server_host *host, const sy_server_table *tables, uint32_t count,
                              sy_err *err)
{
    sy_rc rc = check_up(host, err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_server_host_crash(host);
    host->config.server.tables = tables;
    host->config.server.table_count = count;
    rc = sim_server_make_tables(host, err);
    if (rc == SY_OK) {
        sim_server_emit_change(host, "migrated");
        rc = sim_server_host_start(host, err);
    }
    return rc;
}
