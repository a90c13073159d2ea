/* What C8, C9 and C10 report: a pull has ended, and something that ought to be there is not. The
 * lineage finds it (lineage_causal.c); these checkers differ in the right by which it ought to be.
 */
#ifndef SIM_CHECK_MISSING_H
#define SIM_CHECK_MISSING_H

#include "sim/check/checker.h"
#include "sim/check/lineage.h"

/* A finding of the checker for each that is missing of this kind as of this event; `lacks` ends its
 * sentence: "a cause of it here". */
void sim_missing_report(const sim_checking *in, const sim_checker *checker, const sim_event *event,
                        sim_missing_kind kind, const char *lacks);

#endif
