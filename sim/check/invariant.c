/* C24. What an application expects of its data holds: on the server after each commit, on a device
 * when a pull has ended, everywhere at rest. The application says what that is and when it is asked
 * (an `invariant` event tells that it did not hold); a violation stays one though it may pass. */
#include "sim/check/checker.h"
#include "sim/check/history.h"
#include "sim/kernel/events.h"

enum { INVARIANT_WHERE, INVARIANT_NAME, INVARIANT_WHY };

static void invariant_read(void *self, const sim_event *event)
{
    const sim_checking *in = self;
    const sy_str where = sim_field_text(event, INVARIANT_WHERE);
    const sy_str name = sim_field_text(event, INVARIANT_NAME);
    const sy_str why = sim_field_text(event, INVARIANT_WHY);
    sim_finding finding =
        sim_finding_of(sim_checker_invariant.name, event, where, name, (sy_str){0});
    sim_finding_say(&finding, "%.*s: this does not hold on %.*s%s%.*s", SY_FMT(name), SY_FMT(where),
                    why.size > 0 ? "; " : "", SY_FMT(why));
    (void)sim_findings_add(in->findings, &finding);
}

static const sy_event_kind *const invariant_kinds[] = {&sim_event_invariant, NULL};

const sim_checker sim_checker_invariant = {
    .name = "invariant",
    .claim = "what the application expects of its data holds",
    .kinds = invariant_kinds,
    .state_size = sizeof(sim_checking),
    .read = invariant_read,
};
