/* The clock of the host, what it shows in local time (as an app stamps that does not think of
 * travellers), a hybrid logical clock (the host's clock, but never behind a stamp that was given or
 * seen before), or a counter of that kind without any clock. So an edit that was made in knowledge
 * of another one is the later of the two, whatever the clocks of both devices show; and a clock
 * that is far ahead takes everybody along. What it came to is in `__config`, in the transaction
 * that moved it. */
#include "core/client/stamp.h"

static const sy_str settings[SY_STAMP_COUNT] = {
    [SY_STAMP_HLC] = {"hybridClock", 11},
    [SY_STAMP_LAMPORT] = {"editCounter", 11},
};

static sy_stamp stamp_of(const sy_client *client, const sy_schema *schema)
{
    const sy_client_table *table = sy_client_table_of(client, schema);
    return sy_policy_stamp(table != NULL ? table->policy : NULL, client->config.stamp);
}

static bool follows(sy_stamp stamp)
{
    return settings[stamp].size > 0;
}

static sy_rc load(sy_client *client, sy_stamp stamp, sy_err *err)
{
    sy_stamp_state *state = &client->stamps[stamp];
    if (state->loaded) {
        return SY_OK;
    }
    const int64_t none = stamp == SY_STAMP_HLC ? INT64_MIN : 0;
    const sy_rc rc = sy_settings_token(&client->settings, settings[stamp], none, &state->last, err);
    state->loaded = rc == SY_OK;
    return rc;
}

/* A transaction that is rolled back leaves us ahead of the store, which does no harm. */
static sy_rc move(sy_client *client, sy_stamp stamp, sy_time to, sy_err *err)
{
    client->stamps[stamp].last = to;
    return sy_settings_set_token(&client->settings, settings[stamp], to, err);
}

sy_rc sy_stamp_next(sy_client *client, const sy_schema *schema, sy_time *out, sy_err *err)
{
    const sy_stamp stamp = stamp_of(client, schema);
    const sy_time now = sy_clock_now(client->config.clock);
    *out = now;
    if (stamp == SY_STAMP_LOCAL) {
        *out = now + sy_clock_zone_ns(client->config.clock);
    }
    if (!follows(stamp)) {
        return SY_OK;
    }
    const sy_rc rc = load(client, stamp, err);
    if (rc != SY_OK) {
        return rc;
    }
    const sy_time last = client->stamps[stamp].last;
    *out = stamp == SY_STAMP_HLC && now > last ? now : last + 1;
    return move(client, stamp, *out, err);
}

sy_rc sy_stamp_see(sy_client *client, const sy_schema *schema, const sy_row *row, sy_err *err)
{
    const sy_stamp stamp = stamp_of(client, schema);
    if (!follows(stamp) || row == NULL) {
        return SY_OK;
    }
    const sy_value *edited_at = &row->cells[SY_COLUMN_EDITED_AT];
    if (stamp == SY_STAMP_LAMPORT && sy_value_missing(edited_at)) {
        return SY_OK; /* a time is no count */
    }
    const sy_time seen =
        sy_value_missing(edited_at) ? sy_row_updated_at(row) : edited_at->as.integer;
    const sy_rc rc = load(client, stamp, err);
    return rc == SY_OK && seen > client->stamps[stamp].last ? move(client, stamp, seen, err) : rc;
}
