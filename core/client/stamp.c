/* The clock of the host, what it shows in local time (as an app stamps that does not think of
 * travellers), or a hybrid logical clock: the host's clock, but never behind a stamp that was given
 * or seen before. So an edit that was made in knowledge of another one is the later of the two,
 * whatever the clocks of both devices show; and a clock that is far ahead takes everybody along.
 * What it came to is in `__config`, in the transaction that moved it. */
#include "core/client/stamp.h"

static const sy_str setting = {"hybridClock", 11};

static sy_rc load(sy_client *client, sy_err *err)
{
    if (client->stamp_loaded) {
        return SY_OK;
    }
    const sy_rc rc =
        sy_settings_token(&client->settings, setting, INT64_MIN, &client->stamp_last, err);
    client->stamp_loaded = rc == SY_OK;
    return rc;
}

/* A transaction that is rolled back leaves us ahead of the store, which does no harm. */
static sy_rc move(sy_client *client, sy_time to, sy_err *err)
{
    client->stamp_last = to;
    return sy_settings_set_token(&client->settings, setting, to, err);
}

sy_rc sy_stamp_next(sy_client *client, sy_time *out, sy_err *err)
{
    const sy_time now = sy_clock_now(client->config.clock);
    *out = now;
    if (client->config.stamp == SY_STAMP_LOCAL) {
        *out = now + sy_clock_zone_ns(client->config.clock);
    }
    if (client->config.stamp != SY_STAMP_HLC) {
        return SY_OK;
    }
    const sy_rc rc = load(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    *out = now > client->stamp_last ? now : client->stamp_last + 1;
    return move(client, *out, err);
}

sy_rc sy_stamp_see(sy_client *client, const sy_row *row, sy_err *err)
{
    if (client->config.stamp != SY_STAMP_HLC || row == NULL) {
        return SY_OK;
    }
    const sy_value *edited_at = &row->cells[SY_COLUMN_EDITED_AT];
    const sy_time seen =
        sy_value_missing(edited_at) ? sy_row_updated_at(row) : edited_at->as.integer;
    const sy_rc rc = load(client, err);
    return rc == SY_OK && seen > client->stamp_last ? move(client, seen, err) : rc;
}
