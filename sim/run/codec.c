/* A message's way through text:
 *
 *   device_send   write in the client's format, read in the server's       the link carries what
 * was server        write in the server's format, read in the client's       read
 *
 * What cannot be read stays what it was: the server refuses a request that it could not read by the
 * same rules that refuse it as a struct, and the client takes what it gets. */
#include "sim/run/codec.h"

#include "sim/run/simulation_internal.h"

static sy_wire_pair pair_of(const sim_device *device)
{
    return sy_wire_between(device->dialect->wire,
                           sim_server_host_dialect(device->simulation->server)->wire);
}

/* -- tables -- */

static const sy_schema *client_schema(const sim_device *device, const sy_schema *const *schemas,
                                      sy_str name)
{
    for (uint32_t i = 0; i < device->table_count; i++) {
        if (sy_str_equal_nocase(device->tables[i].schema->name, name)) {
            return schemas != NULL ? schemas[i] : device->tables[i].schema;
        }
    }
    return NULL;
}

/* A table that the server lacks is read as the client has it: the server refuses it all the same.
 */
static const sy_schema *server_schema(const void *self, sy_str name)
{
    const sim_device *device = self;
    const sy_schema *schema = sim_server_host_schema(device->simulation->server, name);
    return schema != NULL ? schema : client_schema(device, NULL, name);
}

const sy_schema **sim_codec_schemas(const sim_device *device, sy_arena *arena)
{
    const sy_schema **schemas =
        sy_arena_push(arena, (device->table_count + 1) * sizeof(const sy_schema *));
    for (uint32_t i = 0; schemas != NULL && i < device->table_count; i++) {
        sy_schema *all = sy_arena_push(arena, sizeof *all);
        if (all == NULL) {
            return NULL;
        }
        *all = *device->tables[i].schema;
        all->system = SY_SYSTEM_BIT(SY_SYSTEM_COUNT) - 1u;
        all->shape = 0;
        schemas[i] = all;
    }
    return schemas;
}

/* -- messages -- */

/* The link that the server gave leads to its root, with the query that it names. */
static bool break_link(sy_arena *arena, sy_str *target)
{
    const char *query = memchr(target->data, '?', target->size);
    const size_t path = query != NULL ? (size_t)(query - target->data) : target->size;
    *target = sy_arena_printf(arena, "/%.*s", (int)(target->size - path), target->data + path);
    return target->data != NULL;
}

bool sim_codec_request(const sim_device *device, sim_message *message)
{
    static const sy_wire_tables_ops ops = {.schema = server_schema};
    const sy_wire_pair pair = pair_of(device);
    const sim_text_log *log = &device->simulation->log;
    sy_http_request *text = sy_arena_push(&message->arena, sizeof *text);
    if (text == NULL || sy_wire_write_request(pair.client, &message->request, &message->arena, text,
                                              NULL) != SY_OK) {
        return false;
    }
    const bool broken = message->request.continuation.size > 0 &&
                        sim_server_host_breaks_links(device->simulation->server);
    if (broken && !break_link(&message->arena, &text->target)) {
        return false;
    }
    if (log->request != NULL) {
        log->request(log->self, device, message, text);
    }
    sy_request read;
    sy_wire_refusal refusal;
    const sy_rc rc = sy_wire_read_request(pair.server, text, (sy_wire_tables){&ops, device},
                                          &message->arena, &read, &refusal, NULL);
    if (rc == SY_OK) {
        read.key = message->request.key;
        read.origin = message->request.origin;
        if (pair.server->next == SY_WIRE_NEXT_NODE_HEADER) { /* where the link leads is not in the
                                                                text of a place [edge 57] */
            read.continuation = message->request.continuation;
        }
        message->request = read;
    }
    return rc != SY_NOMEM;
}

bool sim_codec_response(const sim_device *device, const sim_message *request, sim_message *response)
{
    const sy_wire_pair pair = pair_of(device);
    const sim_text_log *log = &device->simulation->log;
    const sy_schema *schema = client_schema(device, device->schemas, request->request.table);
    sy_http_response text;
    if (sy_wire_write_response(pair.server, &request->request, &response->response, SIM_TEXT_HOST,
                               &response->arena, &text, NULL) != SY_OK) {
        return false;
    }
    if (log->response != NULL) {
        log->response(log->self, device, response, &text);
    }
    if (schema == NULL) {
        return true;
    }
    sy_response read;
    const sy_rc rc = sy_wire_read_response(pair.client, &request->request, &text, schema,
                                           &response->arena, &read, NULL);
    if (rc == SY_OK) {
        response->response = read;
    }
    return rc != SY_NOMEM;
}

size_t sim_codec_request_size(const sim_device *device, const sim_message *message)
{
    return sy_wire_request_size(pair_of(device).client, &message->request, SIM_TEXT_HOST);
}

size_t sim_codec_response_size(const sim_device *device, const sim_message *request,
                               const sim_message *response)
{
    return sy_wire_response_size(pair_of(device).server, &request->request, &response->response,
                                 SIM_TEXT_HOST);
}
