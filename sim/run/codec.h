/* Messages between hosts as text. With `codec` every request and every answer is written and read
 * again on its way, in the formats of its two ends; the run stays the same, event for event. A log
 * sees the text. */
#ifndef SIM_RUN_CODEC_H
#define SIM_RUN_CODEC_H

#include "core/wire/codec.h"
#include "sim/kernel/message.h"

typedef struct sim_device sim_device;

/* Who is shown what goes over the wire, as it leaves. Everything is borrowed. */
typedef struct sim_text_log {
    void (*request)(void *self, const sim_device *device, const sim_message *message,
                    const sy_http_request *text);
    void (*response)(void *self, const sim_device *device, const sim_message *message,
                     const sy_http_response *text);
    void *self;
} sim_text_log;

/* In place of the host's name and port, which a simulation has not. */
#define SIM_TEXT_HOST SY_STR("server")

/* The client's tables as answers are read: with every system column. They live in `arena`. NULL: no
 * memory. */
const sy_schema **sim_codec_schemas(const sim_device *device, sy_arena *arena);

/* The request of a message that `device` sends, written and read. false: no memory. */
bool sim_codec_request(const sim_device *device, sim_message *message);
/* The answer to it, in `response`. false: no memory. */
bool sim_codec_response(const sim_device *device, const sim_message *request,
                        sim_message *response);
/* Bytes of a request that `device` sends, and of the answer to it, as HTTP text. */
size_t sim_codec_request_size(const sim_device *device, const sim_message *message);
size_t sim_codec_response_size(const sim_device *device, const sim_message *request,
                               const sim_message *response);

#endif
