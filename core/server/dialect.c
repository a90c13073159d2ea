/* The server generations by name. Each is one initialised constant in a file of its own. */
#include "core/server/server.h"

static const sy_server_dialect *const dialects[] = {
    &sy_server_dialect_node,    &sy_server_dialect_netfx, &sy_server_dialect_datasync,
    &sy_server_dialect_toolkit, &sy_server_dialect_sound,
};

const sy_server_dialect *sy_server_dialect_at(size_t index)
{
    return index < sizeof dialects / sizeof dialects[0] ? dialects[index] : NULL;
}

const sy_server_dialect *sy_server_dialect_find(sy_str name)
{
    const sy_server_dialect *dialect = NULL;
    for (size_t i = 0; (dialect = sy_server_dialect_at(i)) != NULL; i++) {
        if (sy_str_equal(name, sy_str_of(dialect->name))) {
            return dialect;
        }
    }
    return NULL;
}
