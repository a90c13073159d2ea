/* What a table's policy comes to in a dialect. protocol.md 9.
 *
 *                  client wins                         server wins
 *   mobile-apps    item.version := server's, again     the server's row is stored; after a local
 *                                                      delete nothing is
 *   toolkit        once more, as a PUT without         the same
 *                  If-Match
 *   sound          again with the server's version,    the server's row is stored, or what it
 *                  over a tombstone too                deleted goes; a deleted row comes back
 *
 * Latest wins compares the edit with the row's edit stamp (`sound`), or with the server row's
 * updatedAt: that is what App Service Helpers promise; as coded theirs is client wins and never
 * runs [9.1].
 *
 * Every other policy needs the base: in a dialect that does not keep it the error stands. */
#ifndef SY_CLIENT_RULING_H
#define SY_CLIENT_RULING_H

#include "core/client/client.h"

/* Conflicts of one operation that a policy rules in one push; after that the error stands. */
#define SY_RULING_ROUND_COUNT_MAX 10

typedef struct sy_ruling {
    const sy_dialect *dialect;
    const sy_policy *policy;
    sy_operation_kind kind; /* of the operation that was refused */
    sy_conflict conflict;
} sy_ruling;

/* SY_OK or SY_NOMEM; rows that the policy makes are in `arena`. */
sy_rc sy_rule(const sy_ruling *ruling, sy_arena *arena, sy_judgement *out, sy_err *err);

#endif
