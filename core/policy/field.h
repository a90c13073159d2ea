/* Field policies (policies.md 1.4): what becomes of a column that was changed here and there. Data,
 * as row policies are: a name, a rule, what the rule is to know. */
#ifndef SY_POLICY_FIELD_H
#define SY_POLICY_FIELD_H

#include "core/policy/conflict.h"

typedef struct sy_field_clash {
    sy_value base, local, server; /* never absent: null */
    bool local_is_later;          /* by the stamps of the rows */
} sy_field_clash;

typedef struct sy_field_result {
    sy_value value;
    bool both;         /* it holds what both sides did: neither is lost */
    const char *parks; /* the row is for a person to decide: why; NULL: it is not */
} sy_field_result;

typedef enum sy_text_unit { /* what a text is taken apart into */
                            SY_TEXT_LINES,
                            SY_TEXT_WORDS,
                            SY_TEXT_CHARACTERS,
                            SY_TEXT_ELEMENTS /* of the JSON array that it is */
} sy_text_unit;

typedef struct sy_field_policy sy_field_policy;

/* `out` is the server's value when it is called. SY_OK or SY_NOMEM; texts are made in `arena`. */
typedef sy_rc (*sy_field_rule)(const sy_field_policy *policy, const sy_field_clash *clash,
                               sy_arena *arena, sy_field_result *out, sy_err *err);

struct sy_field_policy {
    const char *name;
    const char *summary;
    sy_field_rule rule;
    bool typed;        /* what comes out can be neither of the two */
    bool adds;         /* the same value on both sides can be two contributions */
    bool may_park;     /* it may leave the row to a person */
    bool every_change; /* asked about a change of one side alone, too */
    uint32_t types;    /* bits of the sy_types that it merges; of others the later edit wins */
    bool bounded;      /* low and high count */
    int64_t low, high;
    const sy_str *order; /* the states of a lattice, lowest first */
    uint32_t order_count;
    sy_text_unit unit;
    bool marks;     /* texts: a conflict stands in the text, between marks; else the later edit's */
    bool keeps_all; /* texts: there is none: every insertion stays, every removal counts */
};

#define SY_FIELD_TYPE(type) (1u << (type))

extern const sy_field_policy sy_field_lww;

/* NULL when there is none of that name; `index` 0, 1...: NULL after the last one. */
const sy_field_policy *sy_field_policy_find(sy_str name);
const sy_field_policy *sy_field_policy_at(size_t index);
/* The policy about one clash; types that it does not merge are left to the later edit. */
sy_rc sy_field_policy_merge(const sy_field_policy *policy, const sy_field_clash *clash,
                            sy_arena *arena, sy_field_result *out, sy_err *err);

#endif
