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
SY_FIELD_RULE(sy_field_rule_counter); /* server + (local - base), kept within bounds */
SY_FIELD_RULE(sy_field_rule_or);
SY_FIELD_RULE(sy_field_rule_and);

#endif
