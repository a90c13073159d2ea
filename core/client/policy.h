/* What a table's policy rules about a conflict. A ruling says whose row wins; what that means for
 * the request is the dialect's (push.c). protocol.md 9.
 *
 *                  client wins                         server wins
 *   mobile-apps    item.version := server's, again     the server's row is stored; after a local
 * delete nothing is toolkit        once more, as a PUT without         the same If-Match sound
 * again with the server's version,    the server's row is stored, or what it deleted goes; a over a
 * tombstone too                deleted row comes back
 *
 * Latest wins compares the edit with the row's edit stamp (`sound`), or with the server row's
 * updatedAt: that is what App Service Helpers promise; as coded theirs is client wins and never
 * runs [9.1]. */
#ifndef SY_CLIENT_POLICY_H
#define SY_CLIENT_POLICY_H

#include "core/client/client.h"

/* Conflicts of one operation that a policy rules in one push; after that the error stands. */
#define SY_POLICY_ROUND_COUNT_MAX 10

typedef struct sy_conflict {
    const sy_dialect *dialect;
    sy_policy_kind policy;
    sy_operation_kind kind;
    int status;           /* 404, 409, 410, 412 */
    uint32_t rounds;      /* ruled before this one */
    const sy_row *base;   /* before the first edit; NULL: unknown or new */
    const sy_row *local;  /* what is wanted; NULL: deleted */
    const sy_row *server; /* NULL: none in the answer */
    const sy_row *stamps; /* the same with all of the server's system columns; may be `server` */
    sy_time edited_at;
    sy_str author; /* whose edit it is, as the server's rows name it: breaks ties */
    int64_t edit_sequence;
} sy_conflict;

typedef enum sy_ruling {
    SY_RULING_NONE,   /* the error stands */
    SY_RULING_RESEND, /* ours, over the server's row */
    SY_RULING_ACCEPT, /* the server's; no row or a tombstone: it is gone */
    SY_RULING_ADOPT,  /* the same, and nothing of ours is lost by it */
    SY_RULING_ASK     /* the handler decides */
} sy_ruling;

/* Do a server's stamps say that this edit, of this author, wrote the row? */
bool sy_policy_wrote(const sy_row *stamps, sy_str author, int64_t edit_sequence);

/* *by: "client_wins", or what made it no real conflict: "same content", "only the version moved"...
 */
sy_ruling sy_policy_rule(const sy_conflict *conflict, const char **by);

#endif
