/* Seeded defects: what the checkers must find. The test program tests/mutants compiles core once
 * more with SYNCSIM_MUTANTS and chooses one defect at run time; everywhere else SY_MUTANT is the
 * constant false and leaves no trace. What each one does stands in tests/mutants/table.c; in core a
 * mutant is one condition at the place that it breaks. */
#ifndef SY_BASE_MUTANT_H
#define SY_BASE_MUTANT_H

#ifdef SYNCSIM_MUTANTS

#define SY_MUTANTS(X)                                                                              \
    X(EDIT_WITHOUT_OPERATION)                                                                      \
    X(EDIT_OF_WHAT_IS_SENT)                                                                        \
    X(INSERT_KEEPS_FIRST_ITEM)                                                                     \
    X(EDIT_UNSEEN_BY_SYNC)                                                                         \
    X(OLDEST_NOT_LOADED)                                                                           \
    X(QUEUE_UNORDERED)                                                                             \
    X(RESENT_UNCONDITIONALLY)                                                                      \
    X(RESENT_UNCHANGED)                                                                            \
    X(INSERT_STAYS_INSERT)                                                                         \
    X(DELETE_UNCONDITIONAL)                                                                        \
    X(UPDATE_UNCONDITIONAL)                                                                        \
    X(CONFLICT_TAKEN_FOR_DONE)                                                                     \
    X(DONE_WHEN_SENT)                                                                              \
    X(GONE_IS_AN_ERROR)                                                                            \
    X(ANSWER_OVERWRITES_EDIT)                                                                      \
    X(OLD_ANSWER_SHOWN)                                                                            \
    X(DONE_BUT_QUEUED)                                                                             \
    X(DROPPED_AFTER_RETRIES)                                                                       \
    X(FAILED_IS_DROPPED)                                                                           \
    X(DISCARD_LEAVES_ROW)                                                                          \
    X(RESOLVED_BUT_STALE)                                                                          \
    X(TOKEN_PASSES_SKIPPED)                                                                        \
    X(TOMBSTONES_IGNORED)                                                                          \
    X(FIRST_PAGE_ONLY)                                                                             \
    X(TOKEN_WITHOUT_TABLE)                                                                         \
    X(NULL_BECOMES_EMPTY)                                                                          \
    X(SWEEP_TAKES_PENDING)                                                                         \
    X(NOTHING_SWEPT)                                                                               \
    X(PENDING_ROW_OVERWRITTEN)                                                                     \
    X(TOKEN_BEFORE_ROWS)                                                                           \
    X(PURGE_KEEPS_TOKEN)                                                                           \
    X(PURGE_TAKES_PENDING)                                                                         \
    X(PURGE_LEAVES_OPERATIONS)                                                                     \
    X(PURGE_IN_STEPS)                                                                              \
    X(LOCKED_WHILE_ASKING)                                                                         \
    X(TICKS_CUT)                                                                                   \
    X(PERCENT_NOT_ESCAPED)                                                                         \
    X(HORIZON_PASSES_OPEN)                                                                         \
    X(DELETE_NOT_STAMPED)                                                                          \
    X(UPDATE_NOT_STAMPED)                                                                          \
    X(KEY_NOT_LOOKED_UP)                                                                           \
    X(INSERT_REPLACES)                                                                             \
    X(CONFLICT_WITHOUT_ROW)                                                                        \
    X(CONFLICT_ECHOES_CLIENT)                                                                      \
    X(CONDITION_IGNORED)                                                                           \
    X(UPDATED_TOMBSTONE_STAYS)                                                                     \
    X(LAST_CHANGE_CUT)                                                                             \
    X(CHANGES_UNSORTED)                                                                            \
    X(CHANGES_FORGOTTEN)                                                                           \
    X(FILTER_FOR_EVER)                                                                             \
    X(PAGE_VOUCHES_FOR_ALL)                                                                        \
    X(VERSIONS_BEGIN_AGAIN)                                                                        \
    X(SEQUENCES_BEGIN_AGAIN)                                                                       \
    X(BACK_OFFICE_NOT_STAMPED)                                                                     \
    X(ROLLBACK_KEEPS_WRITES)

#define SY_MUTANT_CONSTANT(name) SY_MUTANT_##name,
typedef enum sy_mutant {
    SY_MUTANTS(SY_MUTANT_CONSTANT) SY_MUTANT_COUNT /* none is chosen */
} sy_mutant;
#undef SY_MUTANT_CONSTANT

extern sy_mutant sy_mutant_chosen; /* of the test program */

#define SY_MUTANT(name) (sy_mutant_chosen == SY_MUTANT_##name)

#else

#define SY_MUTANT(name) false

#endif

#endif
