/* A walk over the kept tail of the trace makes lines; the last ones are kept in a ring. A message
 * is one line, made when it departs; what becomes of it (lost) is written into that line while it
 * is still in the ring, since a fault follows its departure. */
#include "sim/report/chart.h"

#include "core/port/events.h"
#include "sim/kernel/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_COUNT_DEFAULT 16u
#define LINE_COUNT_MAX     64u
#define LEFT_SIZE          96
#define RIGHT_SIZE         160
#define NAME_WIDTH         8
#define SENDER_COUNT       64 /* hosts whose requests are told apart */
#define ANSWER_COUNT       32 /* answers that the server may have on their way */
#define LEFT_WIDTH         44

typedef struct line {
    char left[LEFT_SIZE];   /* who does what */
    char right[RIGHT_SIZE]; /* when, and what came of it */
    uint64_t message;       /* 0: none */
} line;

typedef struct errand { /* what a request or an answer is about */
    char method[16];
    char subject[48]; /* id, or table */
    int64_t status;   /* of an answer; 0: none */
} errand;

typedef struct chart {
    sim_trace *trace;
    const sim_chart_options *options;
    line lines[LINE_COUNT_MAX];
    uint64_t made; /* lines so far; the last ones are in the ring */
    uint32_t keep;
    errand asked[SENDER_COUNT];   /* by host: its last request */
    errand answers[ANSWER_COUNT]; /* that did not depart yet */
    uint64_t answer_count;        /* so far */
} chart;

static bool is_shown(const chart *self, uint32_t host)
{
    for (uint32_t i = 0; i < self->options->host_count; i++) {
        if (self->options->hosts[i] == host) {
            return true;
        }
    }
    return self->options->host_count == 0;
}

static line *line_new(chart *self)
{
    line *made = &self->lines[self->made % self->keep];
    self->made++;
    *made = (line){.message = 0};
    return made;
}

static line *line_of(chart *self, uint64_t message)
{
    uint64_t first = self->made > self->keep ? self->made - self->keep : 0;
    for (uint64_t i = self->made; i > first; i--) {
        line *at = &self->lines[(i - 1) % self->keep];
        if (at->message == message) {
            return at;
        }
    }
    return NULL;
}

static sy_str text_at(const sim_event *event, uint32_t field)
{
    return sy_value_str(&event->fields[field]);
}

static int64_t int_at(const sim_event *event, uint32_t field)
{
    return event->fields[field].as.integer;
}

static void format_time(sy_time time, char out[32])
{
    (void)snprintf(out, 32, "%" PRId64 ".%03" PRId64, time / SY_SECOND, time % SY_SECOND / SY_MS);
}

/* "phone    insert todoitem/milk      0.000" */
static void add_local(chart *self, const sim_event *event, const char *what)
{
    line *made = line_new(self);
    (void)snprintf(made->left, sizeof made->left, "%-*s %s", NAME_WIDTH,
                   sim_trace_host(self->trace, event->host), what);
    format_time(event->time, made->right);
}

/* The status of the newest answer to that host's last request. Older ones of the same kind are
 * taken for answers that did not travel (the back office's). */
static void answer_label(chart *self, uint32_t host, char *out, size_t size)
{
    const errand *asked = &self->asked[host % SENDER_COUNT];
    int64_t status = 0;
    for (size_t i = 0; i < ANSWER_COUNT; i++) {
        errand *answer = &self->answers[(self->answer_count + i) % ANSWER_COUNT];
        if (answer->status != 0 && strcmp(answer->method, asked->method) == 0 &&
            strcmp(answer->subject, asked->subject) == 0) {
            status = answer->status;
            answer->status = 0;
        }
    }
    if (status != 0) {
        (void)snprintf(out, size, "%" PRId64, status);
    } else {
        (void)snprintf(out, size, "answer");
    }
}

static void add_depart(chart *self, const sim_event *event)
{
    uint32_t from = (uint32_t)int_at(event, 1);
    uint32_t to = (uint32_t)int_at(event, 2);
    sy_str what = text_at(event, 3);
    bool request = sy_str_equal(what, SY_STR("request"));
    char label[72];
    if (request) {
        const errand *asked = &self->asked[from % SENDER_COUNT];
        (void)snprintf(label, sizeof label, "%s %s", asked->method, asked->subject);
    } else if (sy_str_equal(what, SY_STR("response"))) {
        answer_label(self, to, label, sizeof label);
    } else {
        (void)snprintf(label, sizeof label, "%.*s", SY_FMT(what));
    }
    if (!is_shown(self, from) && !is_shown(self, to)) {
        return;
    }
    line *made = line_new(self);
    made->message = (uint64_t)int_at(event, 0);
    const char *left = sim_trace_host(self->trace, request ? from : to);
    const char *right = sim_trace_host(self->trace, request ? to : from);
    if (request) {
        (void)snprintf(made->left, sizeof made->left, "%-*s ---- %s ----> %s", NAME_WIDTH, left,
                       label, right);
    } else {
        (void)snprintf(made->left, sizeof made->left, "%-*s <--- %s ----- %s", NAME_WIDTH, left,
                       label, right);
    }
    char departs[32];
    char arrives[32];
    format_time(event->time, departs);
    format_time(int_at(event, 4), arrives);
    (void)snprintf(made->right, sizeof made->right, "%s -> %s", departs, arrives);
}

/* Puts a text of the same size over the first occurrence of another. */
static void put_over(char *text, const char *old, const char *new)
{
    char *at = strstr(text, old);
    for (size_t i = 0; at != NULL && new[i] != '\0'; i++) {
        at[i] = new[i];
    }
}

/* The message is lost: its arrow gets an x, its arrival goes. One that never left is a line of its
 * own. */
static void mark_lost(chart *self, const sim_event *event)
{
    line *lost = line_of(self, (uint64_t)int_at(event, 0));
    if (lost == NULL && is_shown(self, event->host)) {
        errand asked = self->asked[event->host % SENDER_COUNT];
        lost = line_new(self);
        (void)snprintf(lost->left, sizeof lost->left, "%-*s --x  %s %s", NAME_WIDTH,
                       sim_trace_host(self->trace, event->host), asked.method, asked.subject);
    }
    if (lost == NULL) {
        return;
    }
    put_over(lost->left, "---->", "---x ");
    put_over(lost->left, "<---", " x--");
    char departs[32];
    format_time(event->time, departs);
    (void)snprintf(lost->right, sizeof lost->right, "%s   %.*s (%.*s)", departs,
                   SY_FMT(text_at(event, 2)), SY_FMT(text_at(event, 3)));
}

/* send: send, method, table, id...; respond: method, table, id, status... */
static void note_errand(errand *out, const sim_event *event, uint32_t method)
{
    sy_str id = text_at(event, method + 2);
    (void)snprintf(out->method, sizeof out->method, "%.*s", SY_FMT(text_at(event, method)));
    (void)snprintf(out->subject, sizeof out->subject, "%.*s",
                   SY_FMT(id.size > 0 ? id : text_at(event, method + 1)));
}

/* What a host did by itself, in words; false: nothing to show. */
static bool say(const sim_event *event, char out[80])
{
    const sy_event_kind *kind = event->kind;
    if (kind == &sy_event_write) {
        (void)snprintf(out, 80, "%.*s %.*s/%.*s, queued", SY_FMT(text_at(event, 3)),
                       SY_FMT(text_at(event, 1)), SY_FMT(text_at(event, 2)));
    } else if (kind == &sy_event_commit) {
        (void)snprintf(out, 80, "committed %.*s/%.*s as version %.*s", SY_FMT(text_at(event, 0)),
                       SY_FMT(text_at(event, 1)), SY_FMT(text_at(event, 4)));
    } else if (kind == &sy_event_conflict) {
        (void)snprintf(out, 80, "conflict on %.*s/%.*s (%" PRId64 ")", SY_FMT(text_at(event, 2)),
                       SY_FMT(text_at(event, 3)), int_at(event, 4));
    } else if (kind == &sy_event_decision) {
        (void)snprintf(out, 80, "decides: %.*s, by %.*s", SY_FMT(text_at(event, 3)),
                       SY_FMT(text_at(event, 4)));
    } else if (kind == &sy_event_op_failed) {
        (void)snprintf(out, 80, "operation %" PRId64 " failed: %" PRId64 " %.*s", int_at(event, 0),
                       int_at(event, 4), SY_FMT(text_at(event, 5)));
    } else if (kind == &sy_event_push_end) {
        (void)snprintf(out, 80, "push ended: %.*s, %" PRId64 " errors", SY_FMT(text_at(event, 1)),
                       int_at(event, 2));
    } else if (kind == &sy_event_token) {
        (void)snprintf(out, 80, "token of %.*s '%.*s' moved", SY_FMT(text_at(event, 0)),
                       SY_FMT(text_at(event, 1)));
    } else if (kind == &sy_event_apply) {
        (void)snprintf(out, 80, "applied %.*s/%.*s version %.*s", SY_FMT(text_at(event, 0)),
                       SY_FMT(text_at(event, 1)), SY_FMT(text_at(event, 2)));
    } else if (kind == &sim_event_host || kind == &sim_event_link) {
        (void)snprintf(out, 80, "%.*s", SY_FMT(text_at(event, 1)));
    } else if (kind == &sim_event_timeout) {
        (void)snprintf(out, 80, "request timed out");
    } else {
        return false;
    }
    return true;
}

static void chart_read(void *context, const sim_event *event)
{
    chart *self = context;
    const sy_event_kind *kind = event->kind;
    char what[80];
    if (kind == &sim_event_depart) {
        add_depart(self, event);
    } else if (kind == &sim_event_fault) {
        mark_lost(self, event);
    } else if (kind == &sy_event_send) {
        note_errand(&self->asked[event->host % SENDER_COUNT], event, 1);
    } else if (kind == &sy_event_respond) {
        errand *answer = &self->answers[self->answer_count++ % ANSWER_COUNT];
        note_errand(answer, event, 0);
        answer->status = int_at(event, 3);
    } else if (is_shown(self, event->host) && say(event, what)) {
        add_local(self, event, what);
    }
}

sy_rc sim_chart(sim_trace *trace, const sim_chart_options *options, sy_buf *out, sy_err *err)
{
    chart *self = sy_alloc_zeroed(out->alloc, sizeof *self);
    if (self == NULL) {
        return sy_fail_nomem(err);
    }
    self->trace = trace;
    self->options = options;
    self->keep = options->line_count == 0               ? LINE_COUNT_DEFAULT
                 : options->line_count > LINE_COUNT_MAX ? LINE_COUNT_MAX
                                                        : options->line_count;
    sy_rc rc = sim_trace_walk(trace, chart_read, self);
    uint64_t first = self->made > self->keep ? self->made - self->keep : 0;
    for (uint64_t i = first; rc == SY_OK && i < self->made; i++) {
        const line *at = &self->lines[i % self->keep];
        sy_buf_printf(out, "    %-*s %s\n", LEFT_WIDTH, at->left, at->right);
    }
    sy_alloc_free(out->alloc, self, sizeof *self);
    if (rc != SY_OK || out->failed) {
        return sy_fail_nomem(err);
    }
    return SY_OK;
}
