#include "core/client/dialect.h"

static const sy_dialect *const dialects[] = {
    &sy_dialect_mobile_services,
    &sy_dialect_mobile_apps,
    &sy_dialect_mobile_apps_js,
    &sy_dialect_mobile_apps_android,
    &sy_dialect_mobile_apps_ios,
    &sy_dialect_datasync,
    &sy_dialect_toolkit_9_0_0,
    &sy_dialect_toolkit_9_0_4,
    &sy_dialect_toolkit,
    &sy_dialect_app_service_helpers,
    &sy_dialect_app_service_helpers_promised,
    &sy_dialect_sound,
};

const sy_dialect *sy_dialect_at(size_t index)
{
    return index < sizeof dialects / sizeof dialects[0] ? dialects[index] : NULL;
}

const sy_dialect *sy_dialect_find(sy_str name)
{
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
        if (sy_str_equal(name, sy_str_of(dialects[i]->name))) {
            return dialects[i];
        }
    }
    return NULL;
}
