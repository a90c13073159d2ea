/* Assertions: our own bugs. On in every build; a failed one prints where and ends the process with
 * exit code 70. Expected trouble is an error (err.h); what the system under test did wrong is a
 * finding (sim/check). */
#ifndef SY_BASE_CHECK_H
#define SY_BASE_CHECK_H

#define SY_ASSERT(condition)                                                                       \
    ((condition) ? (void)0 : sy_assert_failed(__FILE__, __LINE__, #condition))

/* Marks what no input can reach. */
#define SY_UNREACHABLE() sy_assert_failed(__FILE__, __LINE__, "unreachable")

_Noreturn void sy_assert_failed(const char *file, int line, const char *condition);

#endif
