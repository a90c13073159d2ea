/* A walk over the kept tail of the trace makes lines, of which the last ones are shown. A message
 * is one line, made when it departs; what becomes of it (lost) is written into that line, which is
 * looked for a little way back, since a fault soon follows its departure. */
#include "sim/report/chart.h"

#include "core/port/events.h"
#include "sim/kernel/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_COUNT_DEFAULT 16u
#define LOOK_BACK_COUNT    256u
#define LEFT_SIZE          96
#define RIGHT_SIZE         240
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
    sy_alloc alloc;
    line *lines;
    size_t line_count, line_capacity;
    line spare; /* written to when there is no memory for one more */
    bool failed;
    uint64_t first_sequence; /* of the first event that the trace has kept */
    sy_buf row;
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
    line *made = &self->spare;
    if (self->line_count == self->line_capacity) {
        line *lines = sy_alloc_grow(self->alloc, self->lines, self->line_count,
                                    &self->line_capacity, sizeof *lines);
        self->failed = self->failed || lines == NULL;
        self->lines = lines != NULL ? lines : self->lines;
    }
    if (!self->failed) {
        made = &self->lines[self->line_count++];
    }
    *made = (line){.message = 0};
    return made;
}

static line *line_of(chart *self, uint64_t message)
{
    for (size_t i = self->line_count; i > 0 && self->line_count - i < LOOK_BACK_COUNT; i--) {
        if (self->lines[i - 1].message == message) {
            return &self->lines[i - 1];
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

/* The columns of the table's own: {"text":"milk","complete":false}. */
static sy_str row_text(chart *self, const sy_row *row)
{
    sy_buf_clear(&self->row);
    sy_buf_add_char(&self->row, '{');
    for (uint32_t i = 0; row != NULL && i < row->schema->column_count; i++) {
        bool system = false;
        for (int column = 0; column < SY_SYSTEM_COUNT && !system; column++) {
            system = sy_str_equal(row->schema->columns[i].name,
                                  sy_system_column_name((sy_system_column)column));
        }
        if (!system && !sy_value_missing(&row->cells[i])) {
            sy_buf_printf(&self->row, self->row.size > 1 ? ", %.*s " : "%.*s ",
                          SY_FMT(row->schema->columns[i].name));
            sy_value_to_json(&row->cells[i], &self->row);
        }
    }
    sy_buf_add_char(&self->row, '}');
    return sy_buf_str(&self->row);
}

/* The row that an event of a host's own is about; NULL: none. */
static const sy_row *row_of(const sim_event *event)
{
    const sy_event_kind *kind = event->kind;
    uint32_t field = kind == &sy_event_write      ? 5
                     : kind == &sy_event_commit   ? 9
                     : kind == &sy_event_conflict ? 7
                     : kind == &sy_event_decision ? 5
                     : kind == &sy_event_apply    ? 6
                                                  : UINT32_MAX;
    return field == UINT32_MAX ? NULL : event->fields[field].as.row;
}

/* "phone    insert todoitem/milk      0.000   {text "milk"}" */
static void add_local(chart *self, const sim_event *event, const char *what)
{
    line *made = line_new(self);
    (void)snprintf(made->left, sizeof made->left, "%-*s %s", NAME_WIDTH,
                   sim_trace_host(self->trace, event->host), what);
    char at[32];
    format_time(event->time, at);
    const sy_row *row = row_of(event);
    sy_str shown = self->options->rows && row != NULL ? row_text(self, row) : (sy_str){0};
    (void)snprintf(made->right, sizeof made->right, shown.size > 0 ? "%s   %.*s" : "%s", at,
                   SY_FMT(shown));
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
        (void)snprintf(out, 80, "conflict on %.*s/%.*s (%" PRId64 "), server has",
                       SY_FMT(text_at(event, 2)), SY_FMT(text_at(event, 3)), int_at(event, 4));
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
    } else if (kind == &sim_event_note || kind == &sim_event_phase) {
        (void)snprintf(out, 80, "-- %.*s --", SY_FMT(text_at(event, 0)));
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
    if (self->first_sequence == 0) {
        self->first_sequence = event->sequence;
    }
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
    self->alloc = out->alloc;
    sy_buf_init(&self->row, out->alloc);
    sy_rc rc = sim_trace_walk(trace, chart_read, self);
    bool failed = rc != SY_OK || self->failed || self->row.failed;
    size_t keep = options->line_count != 0 ? options->line_count : LINE_COUNT_DEFAULT;
    if (options->line_count == SIM_CHART_ALL && self->first_sequence > 1) {
        sy_buf_printf(out, "    (%" PRIu64 " earlier events were not kept)\n",
                      self->first_sequence - 1);
    }
    for (size_t i = self->line_count > keep ? self->line_count - keep : 0;
         !failed && i < self->line_count; i++) {
        sy_buf_printf(out, "    %-*s %s\n", LEFT_WIDTH, self->lines[i].left, self->lines[i].right);
    }
    sy_buf_deinit(&self->row);
    sy_alloc_free(out->alloc, self->lines, self->line_capacity * sizeof *self->lines);
    sy_alloc_free(out->alloc, self, sizeof *self);
    return failed || out->failed ? sy_fail_nomem(err) : SY_OK;
}
