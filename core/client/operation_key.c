/* Operation keys are "<installation>:<sequence>:<number>", where the number is that of the edit.
 * Sequences start again when the queue was empty at a restart, numbers never do: they are reserved
 * in `__config`, a block at a time, in the transaction of the first edit that takes one; what a
 * dead process had reserved is lost. */
#include "core/client/operation_key.h"

#include <string.h>

#include "core/client/system_table.h"

#define BLOCK_COUNT 1024

sy_rc sy_operation_key_number(sy_client *client, int64_t *out, sy_err *err)
{
    const sy_str name = SY_STR("operationKeys");
    if (client->key_next == client->key_end) {
        int64_t used = 0;
        sy_rc rc = sy_settings_token(&client->settings, name, 0, &used, err);
        if (rc == SY_OK) {
            rc = sy_settings_set_token(&client->settings, name, used + BLOCK_COUNT, err);
        }
        if (rc != SY_OK) {
            return rc;
        }
        client->key_next = used;
        client->key_end = used + BLOCK_COUNT;
    }
    *out = ++client->key_next;
    return SY_OK;
}

sy_rc sy_operation_key_make(const sy_client *client, int64_t number, sy_arena *arena, sy_str *out,
                            sy_err *err)
{
    const sy_str owner = client->config.installation_id;
    char *key = sy_arena_push(arena, owner.size + (size_t)2 * (1 + SY_TABLE_NUMBER_SIZE));
    if (key == NULL) {
        return sy_fail_nomem(err);
    }
    if (owner.size > 0) {
        memcpy(key, owner.data, owner.size);
    }
    size_t size = owner.size;
    key[size++] = ':';
    size += sy_table_decimal(client->queue.sequence_last + 1, key + size);
    key[size++] = ':';
    size += sy_table_decimal(number, key + size);
    *out = (sy_str){key, size};
    return SY_OK;
}

sy_rc sy_operation_key_sent(const sy_operation *operation, sy_arena *arena, sy_str *out,
                            sy_err *err)
{
    char *text = sy_arena_push(arena, operation->key.size + 1 + SY_TABLE_NUMBER_SIZE);
    if (text == NULL) {
        return sy_fail_nomem(err);
    }
    memcpy(text, operation->key.data, operation->key.size);
    size_t size = operation->key.size;
    text[size++] = '.';
    size += sy_table_decimal(operation->version, text + size);
    *out = (sy_str){text, size};
    return SY_OK;
}
