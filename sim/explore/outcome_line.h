/* What a sweep keeps of a run: one JSON line. It holds nothing that another run of the same seed
 * would not hold too, so that lines of the same run are the same bytes, and merging is the union of
 * sets.
 *
 *   {"build":"9f...","scenario":"notes.lua","dialect":"sound","server":"sound","calm":false,"seed":17,
 *    "verdict":"failed","events":812,"virtual_ns":9000000,"digest":"5e...","operations":20,...,
 *    "signatures":["convergence: ..."],
 *    "sometimes":{"a request was lost":true},                  when something is demanded
 *    "coverage":{"net.request-lost":[40,2,1,1]}}   offered, fired, tried, mattered; when counted
 *   {"build":"9f...","shape":"conflict update 412"} */
#ifndef SIM_EXPLORE_OUTCOME_LINE_H
#define SIM_EXPLORE_OUTCOME_LINE_H

#include "sim/explore/fault_table.h"
#include "sim/explore/signature.h"

#define SIM_SIGNATURE_COUNT_MAX 8 /* kept of one run */
#define SIM_SCENARIO_SIZE       512
#define SIM_WEATHER_TEXT_SIZE   1024

typedef struct sim_subject { /* what was run */
    char build[24];          /* of the program: its own digest */
    char scenario[SIM_SCENARIO_SIZE];
    char dialect[32], server[32], policy[32]; /* as given; "": the scenario's own */
    char
        weather[SIM_WEATHER_TEXT_SIZE]; /* as asked for: " --weather lte"; "": the scenario's own */
    bool calm;
    bool counted; /* its faults were */
    uint64_t seed;
} sim_subject;

typedef struct sim_outcome_line {
    sim_subject subject;
    sim_verdict verdict;
    bool died; /* its process did */
    uint64_t events, digest;
    sy_time virtual_ns;
    sim_counts counts;
    sim_signature signatures[SIM_SIGNATURE_COUNT_MAX]; /* different ones, in order of appearance */
    uint32_t signature_count;
    sim_fault_row faults[SIM_FAULT_ROW_COUNT_MAX]; /* by name */
    uint32_t fault_count;
    sim_demands demands;
    char shape[128]; /* of a line that says what was covered, and nothing else; "": a run's line */
} sim_outcome_line;

/* What is longer than there is room for is cut. */
void sim_subject_set_weather(sim_subject *subject, const sim_weather_asked *asked);
/* From a run; `subject` is copied. */
void sim_outcome_line_of(const sim_subject *subject, const sim_result *result,
                         sim_outcome_line *out);
/* SY_LIMIT: more than there is room for. */
sy_rc sim_outcome_line_set_faults(sim_outcome_line *line, const sim_fault_table *faults,
                                  sy_err *err);
/* With its end of line. */
void sim_outcome_line_write(const sim_outcome_line *line, sy_buf *out);
/* SY_PARSE: what is wrong with it. */
sy_rc sim_outcome_line_read(sy_str text, sim_outcome_line *out, sy_err *err);
/* Gets each line of a file of results, with its text and its end. */
typedef sy_rc sim_outcome_taker(void *self, const sim_outcome_line *line, sy_str text, sy_err *err);
/* All whole lines of `text`; *whole becomes their size: a killed sweep leaves a last line without
 * its end, which is none. Errors of a line, SY_PARSE and what `take` returns, begin with
 * "name:number: ". */
sy_rc sim_outcome_lines_read(sy_str text, const char *name, sim_outcome_taker *take, void *self,
                             size_t *whole, sy_err *err);
/* What the line is about: equal for two lines of the same run. Appends. */
void sim_outcome_line_key(const sim_outcome_line *line, sy_buf *out);

#endif
