/* Conflict policies (policies.md 1). A policy is data: a name, a rule, what the rule is to know. A
 * rule is a function of the conflict alone, so that the same conflict is judged alike on every
 * device, now and when it is tried again after a crash.
 *
 *   conflict -> normalise (no conflict at all?) -> rule -> what is lost by it
 */
#ifndef SY_POLICY_POLICY_H
#define SY_POLICY_POLICY_H

#include "core/policy/field.h"

typedef enum sy_judgement_kind {
    SY_JUDGED_NOT,    /* the policy has no answer: the error stands */
    SY_JUDGED_ADOPT,  /* the server's row is what was wanted: nothing is lost */
    SY_JUDGED_PUSH,   /* `value` over the server's row, under its version; over a tombstone: it
                         comes back; where there is none: as a new one */
    SY_JUDGED_DELETE, /* the server's row goes, under its version */
    SY_JUDGED_ACCEPT, /* the server's row is taken; a tombstone or none: the row goes here */
    SY_JUDGED_FORK,   /* the server's row is taken, and `value`, which is ours, becomes a new row */
    SY_JUDGED_PARK,   /* the server's row is taken, and ours waits in the inbox for a person */
    SY_JUDGED_HOLD,   /* our row stays as it is here and waits in the inbox; others go on */
    SY_JUDGED_REJECT, /* the server's row is taken, and the app is told that its edit failed */
    SY_JUDGED_ASK,    /* the app's handler decides, now or much later */
    SY_JUDGEMENT_KIND_COUNT
} sy_judgement_kind;

/* "push" */
const char *sy_judgement_kind_name(sy_judgement_kind kind);

/* Is ours kept somewhere else: as another row, or in the inbox? */
static inline bool sy_judgement_keeps(sy_judgement_kind kind)
{
    return kind == SY_JUDGED_FORK || kind == SY_JUDGED_PARK || kind == SY_JUDGED_HOLD;
}

typedef struct sy_policy sy_policy;

typedef struct sy_judgement {
    sy_judgement_kind kind;
    const sy_row *value; /* PUSH, FORK: over the table's schema, in the arena or of the conflict */
    const char *by;      /* the policy's name, or what made it no conflict: "same content" */
    uint64_t both;       /* bits of the columns that hold what both sides did */
    const char *reason;  /* PARK, HOLD, REJECT: for people */
    bool logged;         /* both rows go into the conflict log, whatever was decided */
} sy_judgement;

/* A rule fills what it decides over a judgement that says NOT; `arena` is for rows that it makes.
 * SY_OK or SY_NOMEM. */
typedef sy_rc (*sy_policy_rule)(const sy_policy *policy, const sy_conflict *conflict,
                                sy_arena *arena, sy_judgement *out, sy_err *err);

typedef enum sy_stamp {                   /* what edits are stamped with */
                        SY_STAMP_WALL,    /* the host's clock */
                        SY_STAMP_LOCAL,   /* what it shows in local time */
                        SY_STAMP_HLC,     /* a hybrid logical clock over it: stamp.c */
                        SY_STAMP_LAMPORT, /* a counter that is never behind one that was seen */
                        SY_STAMP_COUNT
} sy_stamp;

typedef enum sy_policy_clock {
    SY_POLICY_CLOCK_EDIT, /* edit stamps, of whatever clock the client has */
    SY_POLICY_CLOCK_WALL,
    SY_POLICY_CLOCK_HLC,
    SY_POLICY_CLOCK_LAMPORT,
    SY_POLICY_CLOCK_SERVER, /* the server's updatedAt against our own time: the naive mixture */
} sy_policy_clock;

/* What the SDKs of the classic generations call by one name. */
typedef enum sy_classic {
    SY_CLASSIC_NONE, /* they have nothing of the kind: the error stands */
    SY_CLASSIC_CLIENT_WINS,
    SY_CLASSIC_SERVER_WINS,
    SY_CLASSIC_LATEST_WINS
} sy_classic;

typedef struct sy_column_rule {
    sy_str column;
    const sy_field_policy *policy;
} sy_column_rule;

/* Columns that are merged as one: where both sides changed any of them, one side's are taken. */
typedef struct sy_column_group {
    const sy_str *columns;
    uint32_t column_count;
} sy_column_group;

struct sy_policy {
    const char *name;
    const char *summary; /* one line, for people */
    sy_policy_rule rule;
    sy_classic classic;
    sy_policy_clock clock;
    bool keeps; /* the rule puts something into the inbox or the log */
    /* Of a merge: may equal rows be two contributions? NULL: never. Both rows are there. */
    bool (*adds)(const sy_policy *policy, const sy_conflict *conflict);
    /* What the rule is to know; zeroed where it need not. */
    const sy_policy *const *inner; /* of what is made of others */
    uint32_t inner_count;
    uint32_t rounds_max; /* limit: inner[0] so often, then inner[1] */
    const sy_str *sites; /* site_priority: authors, the highest first */
    uint32_t site_count;
    const sy_policy *deletes;         /* of a merge: where a row is gone; NULL: latest wins */
    const sy_field_policy *otherwise; /* of a merge: where a column has no rule; NULL: lww */
    const sy_column_rule *columns;    /* those that have one */
    uint32_t column_count;
    const sy_column_group *groups;
    uint32_t group_count;
};

/* Does the policy keep anything in the inbox or the conflict log? */
bool sy_policy_keeps(const sy_policy *policy);

extern const sy_policy sy_policy_client_wins;
extern const sy_policy sy_policy_server_wins;
extern const sy_policy sy_policy_latest_wins;
extern const sy_policy sy_policy_handler; /* asks; has no name that can be found */

/* NULL when there is none of that name; `index` 0, 1...: NULL after the last one. */
const sy_policy *sy_policy_find(sy_str name);
const sy_policy *sy_policy_at(size_t index);
/* "chain", "limit", "audit": what is made of others, without them. NULL: another name. */
const sy_policy *sy_policy_composed(sy_str name);
/* "none" for NULL. */
const char *sy_policy_name(const sy_policy *policy);
/* What a table with this policy (NULL: none) stamps its edits with, where the client has `own`. */
sy_stamp sy_policy_stamp(const sy_policy *policy, sy_stamp own);

/* The policy's judgement (NULL: none), without a look whether it is a conflict. */
sy_rc sy_policy_ask(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                    sy_judgement *out, sy_err *err);
/* Whether it is a conflict at all, then the policy (NULL: none). SY_OK or SY_NOMEM. */
sy_rc sy_policy_judge(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                      sy_judgement *out, sy_err *err);

#endif
