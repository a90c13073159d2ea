/* The simulator's kinds: codes from 100. A field that names a host is called `device`, since every
 * event has a `host` already; `from` and `to` of a message are host indices, which the text and
 * JSON forms show as names. */
#include "sim/kernel/events.h"

const sy_event_kind sim_event_host = {100, false, "host", 2, {"device", "change"}};
const sy_event_kind sim_event_link = {101, false, "link", 2, {"device", "change"}};
const sy_event_kind sim_event_depart = {
    102, false, "depart", 5, {"message", "from", "to", "what", "arrives"}};
const sy_event_kind sim_event_arrive = {103, false, "arrive", 4, {"message", "from", "to", "what"}};
const sy_event_kind sim_event_fault = {
    104, false, "fault", 6, {"message", "what", "fault", "cause", "sender", "send"}};
const sy_event_kind sim_event_timeout = {105, false, "timeout", 1, {"send"}};
const sy_event_kind sim_event_store_fault = {106, false, "store_fault", 2, {"what", "write"}};
const sy_event_kind sim_event_clock = {107, false, "clock", 3, {"device", "change", "ns"}};
const sy_event_kind sim_event_intention = {
    108, false, "intention", 6, {"user", "number", "verb", "table", "id", "applied"}};
const sy_event_kind sim_event_note = {109, false, "note", 1, {"text"}};
const sy_event_kind sim_event_expect = {110, false, "expect", 2, {"text", "ok"}};
const sy_event_kind sim_event_phase = {111, false, "phase", 1, {"name"}};
const sy_event_kind sim_event_decide = {112, false, "decide", 2, {"op", "phase"}};
const sy_event_kind sim_event_scope = {
    113, false, "scope", 5, {"device", "table", "query_id", "client_rows", "server_rows"}};
const sy_event_kind sim_event_survivor = {
    114, false, "survivor", 5, {"device", "op", "kind", "table", "id"}};
const sy_event_kind sim_event_survivor_row = {
    115, false, "survivor_row", 4, {"device", "table", "id", "row"}};
const sy_event_kind sim_event_crash_scene = {
    116, false, "crash_scene", 3, {"device", "operations", "rows"}};
const sy_event_kind sim_event_identity = {
    117, false, "identity", 3, {"device", "installation", "stamp"}};
const sy_event_kind sim_event_divergence = {
    118,
    false,
    "divergence",
    7,
    {"device", "table", "id", "client", "server", "reason", "diagnosis"}};
const sy_event_kind sim_event_invariant = {120, false, "invariant", 3, {"where", "name", "why"}};
const sy_event_kind sim_event_breach = {119, false, "breach", 2, {"device", "what"}};
