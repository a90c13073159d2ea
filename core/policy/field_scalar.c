/* Fields of one value: one of the two, or what arithmetic makes of both. Integers stay within 64
 * bits: what would leave them stays at the end. */
#include "core/policy/field_rules.h"

#define UNUSED_RULE()                                                                              \
    (void)policy;                                                                                  \
    (void)clash;                                                                                   \
    (void)arena;                                                                                   \
    (void)err

SY_FIELD_RULE(sy_field_rule_later)
{
    UNUSED_RULE();
    out->value = clash->local_is_later ? clash->local : clash->server;
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_earlier)
{
    UNUSED_RULE();
    out->value = clash->local_is_later ? clash->server : clash->local;
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_client)
{
    UNUSED_RULE();
    out->value = clash->local;
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_server)
{
    UNUSED_RULE();
    out->value = clash->server;
    return SY_OK;
}

/* -- by value -- */

SY_FIELD_RULE(sy_field_rule_max)
{
    UNUSED_RULE();
    const bool local = sy_value_compare(&clash->local, &clash->server) > 0;
    out->value = local ? clash->local : clash->server;
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_min)
{
    UNUSED_RULE();
    const bool local = sy_value_compare(&clash->local, &clash->server) < 0;
    out->value = local ? clash->local : clash->server;
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_or)
{
    UNUSED_RULE();
    if (!sy_value_missing(&clash->local) || !sy_value_missing(&clash->server)) {
        out->value = sy_bool(clash->local.as.integer != 0 || clash->server.as.integer != 0);
    }
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_and)
{
    UNUSED_RULE();
    if (!sy_value_missing(&clash->local) || !sy_value_missing(&clash->server)) {
        out->value = sy_bool(clash->local.as.integer != 0 && clash->server.as.integer != 0);
    }
    return SY_OK;
}

/* -- arithmetic -- */

static int64_t add(int64_t a, int64_t b)
{
    if (b > 0 && a > INT64_MAX - b) {
        return INT64_MAX;
    }
    if (b < 0 && a < INT64_MIN - b) {
        return INT64_MIN;
    }
    return a + b;
}

static int64_t subtract(int64_t a, int64_t b)
{
    return b != INT64_MIN ? add(a, -b) : add(add(a, INT64_MAX), 1);
}

static double real_of(const sy_value *value)
{
    return value->type == SY_TYPE_REAL ? value->as.real : (double)value->as.integer;
}

static bool is_whole(const sy_field_clash *clash)
{
    return clash->local.type != SY_TYPE_REAL && clash->server.type != SY_TYPE_REAL &&
           clash->base.type != SY_TYPE_REAL;
}

SY_FIELD_RULE(sy_field_rule_average)
{
    UNUSED_RULE();
    const int64_t l = clash->local.as.integer;
    const int64_t r = clash->server.as.integer;
    out->value = is_whole(clash)
                     ? sy_int(l / 2 + r / 2 + (l % 2 + r % 2) / 2)
                     : sy_real(real_of(&clash->local) / 2 + real_of(&clash->server) / 2);
    out->both = true;
    return SY_OK;
}

/* Null is 0 here: SY_NULL has no number in it. */
static sy_value sum(const sy_field_clash *clash)
{
    if (is_whole(clash)) {
        return sy_int(add(clash->server.as.integer,
                          subtract(clash->local.as.integer, clash->base.as.integer)));
    }
    return sy_real(real_of(&clash->server) + (real_of(&clash->local) - real_of(&clash->base)));
}

static bool is_within(const sy_field_policy *policy, const sy_value *value)
{
    const sy_value low = sy_int(policy->low);
    const sy_value high = sy_int(policy->high);
    return !policy->bounded ||
           (sy_value_compare(value, &low) >= 0 && sy_value_compare(value, &high) <= 0);
}

SY_FIELD_RULE(sy_field_rule_counter)
{
    UNUSED_RULE();
    out->value = sum(clash);
    out->both = true;
    if (!is_within(policy, &out->value)) {
        const sy_value low = sy_int(policy->low);
        const bool below = sy_value_compare(&out->value, &low) < 0;
        out->value = sy_int(below ? policy->low : policy->high);
    }
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_sum_bounded)
{
    UNUSED_RULE();
    out->value = sum(clash);
    out->both = true;
    if (!is_within(policy, &out->value)) {
        out->parks = "the sum is out of bounds";
    }
    return SY_OK;
}

/* -- by order -- */

static uint32_t place_of(const sy_field_policy *policy, const sy_value *value)
{
    for (uint32_t i = 0; i < policy->order_count; i++) {
        if (sy_str_equal(sy_value_str(value), policy->order[i])) {
            return i + 1;
        }
    }
    return 0;
}

SY_FIELD_RULE(sy_field_rule_lattice)
{
    UNUSED_RULE();
    const uint32_t base = place_of(policy, &clash->base);
    const uint32_t local = place_of(policy, &clash->local);
    const uint32_t server = place_of(policy, &clash->server);
    if (local == 0 || server == 0) {
        out->parks = "a state that is not in the order";
    } else if (local < base || server < base) {
        out->parks = "a state goes back";
    }
    out->value = local > server ? clash->local : clash->server;
    return SY_OK;
}

SY_FIELD_RULE(sy_field_rule_const)
{
    UNUSED_RULE();
    out->parks = "a column that never changes was changed";
    return SY_OK;
}
