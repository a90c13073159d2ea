/* The simulator's own events; those of the engine and the server are in core/port/events.h. */
#ifndef SIM_KERNEL_EVENTS_H
#define SIM_KERNEL_EVENTS_H

#include "core/port/tracer.h"

extern const sy_event_kind sim_event_host; /* host, change: "started", "crashed", "restarted",
                                              "stopped", "background", "frozen", "resumed", "logged
                                              in", "logged out"; of the server also "maintenance",
                                              "open", "throttled", "unthrottled", "migrated" */
extern const sy_event_kind
    sim_event_link; /* host, change: "online", "offline", "metered", "unmetered" */
extern const sy_event_kind
    sim_event_depart; /* message, from, to, what (request response notice), arrives (ns) */
extern const sy_event_kind sim_event_arrive;  /* message, from, to, what */
extern const sy_event_kind sim_event_fault;   /* message, what, fault ("lost", "late", "refused"),
                                                 cause ("drop_next", "weather", "offline"), sender
                                                 and send of the request or of what it answers */
extern const sy_event_kind sim_event_timeout; /* send */
extern const sy_event_kind sim_event_store_fault; /* what, write (the how-manieth) */
extern const sy_event_kind sim_event_clock;       /* host, change, ns */
extern const sy_event_kind
    sim_event_intention; /* user, number, verb, table, id, applied (outcome: no) */
extern const sy_event_kind sim_event_note;   /* text: what a scenario said */
extern const sy_event_kind sim_event_expect; /* text, ok */
extern const sy_event_kind sim_event_phase;  /* name: "settle", "settled", "stuck" */
extern const sy_event_kind sim_event_decide; /* op, phase: a handler was asked; "open", "closed" */
extern const sy_event_kind
    sim_event_scope; /* host, table, query id, rows on client, rows on server: settle's look */
/* What a restart found, once the client is initialised again: each operation, each row, then the
 * count of both. */
extern const sy_event_kind sim_event_survivor;     /* host, op, kind, table, id */
extern const sy_event_kind sim_event_survivor_row; /* host, table, id, row */
extern const sy_event_kind sim_event_crash_scene;  /* host, operations in the store, rows */
extern const sy_event_kind
    sim_event_identity; /* host, installation id: whose commits are whose; stamp ("wall", "local",
                           "hlc"): by what clock its edits are stamped; at the start */
extern const sy_event_kind
    sim_event_breach; /* host, what: somebody broke the contract between a client and its server or
                         store. "server restored", "server failed over", "hard delete", "tombstones
                         cleaned", "deletes do not stamp", "identity restored", "identity cloned",
                         "reinstalled" (by its user: what was pending is gone), "store rotted",
                         "journal lost", "journal stale" (of its local store) */
extern const sy_event_kind sim_event_divergence; /* host, table, id, client row, server row, reason,
                                                    diagnosis: settle's verdict */
extern const sy_event_kind sim_event_invariant;  /* host ("server" or a device), name, why: what an
                                                    app expects of its data does not hold there */

#endif
