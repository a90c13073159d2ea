/* The transport port. Exactly one completion for each send that was accepted, handed to
 * sy_client_answer by whoever drives the client, never from inside `send`. */
#ifndef SY_PORT_TRANSPORT_H
#define SY_PORT_TRANSPORT_H

#include <stdint.h>

#include "core/base/err.h"

struct sy_request; /* core/wire/message.h */

typedef struct sy_transport_ops {
    /* Borrows the request for the call. An error means: not accepted, no completion follows
     * (SY_NOMEM). A link that is down accepts and completes with SY_NETWORK. */
    sy_rc (*send)(void *self, uint64_t send_id, const struct sy_request *request, sy_err *err);
} sy_transport_ops;

typedef struct sy_transport {
    const sy_transport_ops *ops;
    void *self;
} sy_transport;

#endif
