/* The rules that the catalogue of field policies (field.c) is made of. */
#ifndef SY_POLICY_FIELD_RULES_H
#define SY_POLICY_FIELD_RULES_H

#include "core/policy/field.h"

#define SY_FIELD_RULE(name)                                                                        \
    sy_rc name(const sy_field_policy *policy, const sy_field_clash *clash, sy_arena *arena,        \
               sy_field_result *out, sy_err *err)

/* -- field_scalar.c -- */
SY_FIELD_RULE(sy_field_rule_later);
SY_FIELD_RULE(sy_field_rule_earlier);
SY_FIELD_RULE(sy_field_rule_client);
SY_FIELD_RULE(sy_field_rule_server);
SY_FIELD_RULE(sy_field_rule_max);
SY_FIELD_RULE(sy_field_rule_min);
SY_FIELD_RULE(sy_field_rule_average);
SY_FIELD_RULE(sy_field_rule_counter);     /* server + (local - base), kept within bounds */
SY_FIELD_RULE(sy_field_rule_sum_bounded); /* the same; out of bounds: parked */
SY_FIELD_RULE(sy_field_rule_or);
SY_FIELD_RULE(sy_field_rule_and);
SY_FIELD_RULE(sy_field_rule_lattice); /* the higher state; one that is not in the order: parked */
SY_FIELD_RULE(sy_field_rule_const);   /* any change is parked */

/* -- field_list.c: JSON arrays in texts -- */
SY_FIELD_RULE(sy_field_rule_set_union);
SY_FIELD_RULE(sy_field_rule_or_set);
SY_FIELD_RULE(sy_field_rule_remove_wins_set);
SY_FIELD_RULE(sy_field_rule_list_concat);
SY_FIELD_RULE(sy_field_rule_append_log);
SY_FIELD_RULE(sy_field_rule_siblings);

/* -- field_map.c: JSON objects in texts -- */
SY_FIELD_RULE(sy_field_rule_map);
SY_FIELD_RULE(sy_field_rule_merge_patch);

/* -- field_text.c -- */
SY_FIELD_RULE(sy_field_rule_text);

#endif
