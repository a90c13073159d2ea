/* The lines of the run and, before them, those that stand for choices, in one list; a mask says
 * which are left out. Every candidate is a text that is run. */
#include "sim/explore/story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RUN_COUNT_MAX 500u

typedef enum form { SEQUENCE, TIMED, BEHIND, FORM_COUNT } form;

typedef struct entry {
    const sim_story_line *line; /* NULL: a choice in words */
    size_t choice;
    size_t before; /* the line that a choice stands before */
} entry;

typedef struct teller {
    const sim_story *story;
    entry *entries;
    bool *left_out;    /* of entries */
    bool *choice_left; /* of choices: not in the block */
    size_t entry_count;
    size_t made;      /* room in `entries` */
    sy_time *earlier; /* than it was said, of lines */
    form form;
    bool needs_choices; /* what fails must not fail without them */
    bool calm;          /* written without them */
    sy_buf text;
    uint64_t runs, run_max;
    sy_rc rc;
    sy_err *err;
} teller;

/* -- the text -- */

static const char *variable_of(const sim_story *story, const char *client)
{
    for (size_t i = 0; i < story->line_count; i++) {
        if (story->lines[i].client != NULL && strcmp(story->lines[i].client, client) == 0) {
            return story->lines[i].variable;
        }
    }
    return NULL;
}

static void add_choice_verb(teller *self, const entry *at)
{
    const sim_chosen *chosen = &self->story->choices->items[at->choice];
    const char *host = strstr(chosen->label->verb, "%host");
    sy_buf_add(&self->text, chosen->label->verb, (size_t)(host - chosen->label->verb));
    sy_buf_add_str(&self->text, sy_str_of(variable_of(self->story, chosen->host)));
    sy_buf_add_str(&self->text, sy_str_of(host + strlen("%host")));
}

static void add_statement(teller *self, const entry *at)
{
    if (at->line == NULL) {
        add_choice_verb(self, at);
    } else if (at->line->kept) {
        sy_buf_printf(&self->text, "pushed[%zu] = problems_of(%s)", at->line->number,
                      at->line->text);
    } else if (at->line->variable != NULL) {
        sy_buf_printf(&self->text, "%s = %s", at->line->variable, at->line->text);
    } else {
        sy_buf_add_str(&self->text, sy_str_of(at->line->text));
    }
}

static void add_time(sy_buf *out, sy_time time)
{
    if (time % SY_MS == 0) {
        sy_buf_printf(out, "\"%" PRId64 " s %" PRId64 " ms\"", time / SY_SECOND,
                      time % SY_SECOND / SY_MS);
    } else {
        sy_buf_printf(out, "\"%" PRId64 " s %" PRId64 " ns\"", time / SY_SECOND, time % SY_SECOND);
    }
}

/* In the form BEHIND a line comes after everything else that happens at its time, answers to the
 * lines before it among that: it may have been said because of them. */
static sy_time time_of(const teller *self, const entry *at)
{
    const sim_story_line *line = at->line != NULL ? at->line : &self->story->lines[at->before];
    const sy_time time = line->time - self->earlier[line - self->story->lines];
    return time + (self->form == BEHIND && time > 0 ? (sy_time)line->number : 0);
}

static bool is_settle(const entry *at)
{
    return at->line != NULL && strcmp(at->line->text, "world:settle()") == 0;
}

static void add_entry(teller *self, const entry *at)
{
    bool makes_client = at->line != NULL && at->line->variable != NULL;
    sy_time time = time_of(self, at);
    sy_buf_add_str(&self->text, SY_STR("    "));
    if (self->form == SEQUENCE || time == 0) {
        if (makes_client) {
            sy_buf_add_str(&self->text, SY_STR("local "));
        }
        bool beside = self->form != SEQUENCE && !makes_client;
        sy_buf_add_str(&self->text, beside ? SY_STR("world:spawn(function() ") : SY_STR(""));
        add_statement(self, at);
        sy_buf_add_str(&self->text, beside ? SY_STR(" end)") : SY_STR(""));
    } else if (is_settle(at)) {
        sy_buf_add_str(&self->text, SY_STR("world:sleep "));
        add_time(&self->text, time);
        sy_buf_add_str(&self->text, SY_STR("\n    world:settle()"));
    } else {
        sy_buf_add_str(&self->text, SY_STR("world:at("));
        add_time(&self->text, time);
        sy_buf_add_str(&self->text, SY_STR(", function() "));
        add_statement(self, at);
        sy_buf_add_str(&self->text, SY_STR(" end)"));
    }
    sy_buf_add_char(&self->text, '\n');
}

static void begin_block(teller *self)
{
    sy_buf_add_str(&self->text, SY_STR("    sim.choose {\n"));
    const sy_time window = self->story->window_ns;
    if (self->story->orders && window % SY_MS == 0) {
        sy_buf_printf(&self->text, "      window = \"%" PRId64 " ms\",\n", window / SY_MS);
    } else if (self->story->orders) {
        sy_buf_printf(&self->text, "      window = \"%" PRId64 " ns\",\n", window);
    }
}

/* What no verb says. */
static void add_block(teller *self)
{
    const sim_choice_list *choices = self->story->choices;
    bool begun = false;
    for (size_t i = 0; i < choices->count; i++) {
        if (!self->choice_left[i] && !self->calm) {
            if (!begun) {
                begin_block(self);
            }
            sy_buf line;
            sy_buf_init(&line, self->text.alloc);
            sim_chosen_to_text(&choices->items[i], &line);
            self->text.failed = self->text.failed || line.failed;
            sy_buf_printf(&self->text, "      \"%.*s\",\n", SY_FMT(sy_buf_str(&line)));
            sy_buf_deinit(&line);
            begun = true;
        }
    }
    sy_buf_add_str(&self->text, begun ? SY_STR("    }\n") : SY_STR(""));
}

/* Clients that are made later than at the start are known to the lines of other drivers. */
static void add_declarations(teller *self)
{
    bool kept = false;
    for (size_t i = 0; i < self->entry_count; i++) {
        const sim_story_line *line = self->entries[i].line;
        if (self->left_out[i] || line == NULL) {
            continue;
        }
        kept = kept || line->kept;
        if (self->form != SEQUENCE && line->variable != NULL && line->time > 0) {
            sy_buf_printf(&self->text, "    local %s\n", line->variable);
        }
    }
    if (kept) {
        sy_buf_add_str(&self->text,
                       SY_STR("    local pushed = {}\n"
                              "    local function problems_of(result, _, _, failed) return (result "
                              "or failed or {}).errors or {} end\n"));
    }
}

static void write_story(teller *self)
{
    const sim_story *story = self->story;
    sy_buf_clear(&self->text);
    sy_buf_add_str(&self->text, SY_STR("local sim = require \"syncsim\"\n\nreturn sim.story {\n"));
    sy_buf_add_str(&self->text, SY_STR("  name = "));
    sy_buf_add_json_string(&self->text, sy_str_of(story->name));
    sy_buf_printf(&self->text, ",\n  %s,\n  %s,\n  run = function(world)\n", story->tables,
                  story->server);
    add_block(self);
    add_declarations(self);
    for (size_t i = 0; i < self->entry_count; i++) {
        if (!self->left_out[i] && !(self->calm && self->entries[i].line == NULL)) {
            add_entry(self, &self->entries[i]);
        }
    }
    sy_buf_add_str(&self->text, SY_STR("  end,\n}\n"));
}

/* -- tries -- */

static bool attempt(teller *self)
{
    bool fails = false;
    if (self->rc != SY_OK || self->runs >= self->run_max) {
        return false;
    }
    write_story(self);
    self->rc = self->text.failed ? sy_fail_nomem(self->err)
                                 : self->story->attempt(self->story->self, sy_buf_str(&self->text),
                                                        &fails, self->err);
    self->runs++;
    return self->rc == SY_OK && fails;
}

static bool fails_without_choices(teller *self)
{
    self->calm = true;
    const bool fails = attempt(self);
    self->calm = false;
    return fails;
}

static bool try_it(teller *self)
{
    return attempt(self) && !(self->needs_choices && fails_without_choices(self)) &&
           self->rc == SY_OK;
}

static bool try_without(teller *self, bool *mask, size_t from, size_t to)
{
    bool before[64];
    bool any = false;
    size_t size = to - from < 64 ? to - from : 64;
    for (size_t i = 0; i < size; i++) {
        before[i] = mask[from + i];
        any = any || !mask[from + i];
        mask[from + i] = true;
    }
    if (any && try_it(self)) {
        return true;
    }
    memcpy(mask + from, before, size * sizeof *before);
    return false;
}

/* Spans of entries, or of choices, from long to short, the last ones first. */
static bool drop(teller *self, bool *mask, size_t count)
{
    bool smaller = false;
    for (size_t size = 32; size > 0; size /= 2) {
        for (size_t end = count; end > 0; end = end > size ? end - size : 0) {
            smaller = try_without(self, mask, end > size ? end - size : 0, end) || smaller;
        }
    }
    return smaller;
}

static void shorten(teller *self)
{
    bool smaller = true;
    while (smaller) {
        smaller = drop(self, self->left_out, self->entry_count);
        smaller = drop(self, self->choice_left, self->story->choices->count) || smaller;
    }
}

/* -- the lines and what stands before them -- */

static const sim_story_line *line_during(const sim_story *story, size_t choice)
{
    for (size_t i = story->line_count; i > 0; i--) { /* the innermost is the last one begun */
        const sim_story_line *line = &story->lines[i - 1];
        if (choice >= line->chosen_from && (choice < line->chosen_to || line->chosen_to == 0)) {
            return line;
        }
    }
    return NULL;
}

static bool has_words(const sim_story *story, size_t choice)
{
    const sim_chosen *chosen = &story->choices->items[choice];
    return chosen->label->verb != NULL && strstr(chosen->label->verb, "%host") != NULL &&
           variable_of(story, chosen->host) != NULL;
}

static void add_words(teller *self, const sim_story_line *line)
{
    for (size_t i = 0; i < self->story->choices->count; i++) {
        if (has_words(self->story, i) && line_during(self->story, i) == line) {
            self->entries[self->entry_count++] =
                (entry){.choice = i, .before = (size_t)(line - self->story->lines)};
        }
    }
}

static bool is_workload(const sim_story *story, size_t choice)
{
    return story->choices->items[choice].label->choice_class == SIM_WORKLOAD;
}

/* A choice says itself, or stands in the block. */
static void say(teller *self, const entry *at, bool words)
{
    self->left_out[at - self->entries] = !words;
    self->choice_left[at->choice] = words;
}

/* Everything is there: users and what they draw are the lines; choices that can do so say
 * themselves when `words`. */
static void arrange(teller *self, bool words)
{
    const sim_story *story = self->story;
    self->entry_count = 0;
    for (size_t i = 0; i < story->choices->count; i++) {
        self->choice_left[i] = is_workload(story, i);
    }
    for (size_t i = 0; i < story->line_count; i++) {
        add_words(self, &story->lines[i]);
        if (story->lines[i].text[0] != '\0') {
            self->entries[self->entry_count++] = (entry){.line = &story->lines[i]};
        }
    }
    for (size_t i = 0; i < self->entry_count; i++) {
        self->left_out[i] = false;
        if (self->entries[i].line == NULL) {
            say(self, &self->entries[i], words);
        }
    }
}

static bool find_form(teller *self)
{
    for (self->form = SEQUENCE; self->form < FORM_COUNT; self->form++) {
        for (int words = 1; words >= 0; words--) {
            arrange(self, words != 0);
            if (try_it(self)) {
                self->needs_choices = self->story->needs_choices && !fails_without_choices(self);
                return true;
            }
        }
    }
    return false;
}

/* A short story may do in a form in which the long one did not. */
static bool simplify(teller *self)
{
    bool simpler = false;
    form before = self->form;
    self->form = SEQUENCE;
    if (before != SEQUENCE && try_it(self)) {
        simpler = true;
    } else {
        self->form = before;
    }
    for (size_t i = 0; i < self->entry_count; i++) {
        const entry *at = &self->entries[i];
        if (at->line == NULL && self->left_out[i] && !self->choice_left[at->choice]) {
            say(self, at, true);
            bool good = try_it(self);
            simpler = simpler || good;
            if (!good) {
                say(self, at, false);
            }
        }
    }
    return simpler;
}

/* -- pauses -- */

static void move(teller *self, size_t from_line, sy_time earlier)
{
    for (size_t i = from_line; i < self->story->line_count; i++) {
        self->earlier[i] += earlier;
    }
}

/* The pause before a line as short as will do, of those that read well. */
static void shorten_pause(teller *self, size_t line, sy_time pause)
{
    static const sy_time pauses[] = {0,           SY_MS,          10 * SY_MS,
                                     100 * SY_MS, SY_SECOND,      10 * SY_SECOND,
                                     SY_MINUTE,   10 * SY_MINUTE, SY_HOUR};
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0] && pauses[i] < pause; i++) {
        move(self, line, pause - pauses[i]);
        if (try_it(self)) {
            return;
        }
        move(self, line, pauses[i] - pause);
    }
}

/* Lines stand in order of time. */
static void shorten_pauses(teller *self)
{
    sy_time before = 0;
    for (size_t i = 0; i < self->entry_count && self->form != SEQUENCE; i++) {
        const sim_story_line *line = self->entries[i].line;
        if (self->left_out[i] || line == NULL) {
            continue;
        }
        const size_t number = (size_t)(line - self->story->lines);
        const sy_time time = line->time - self->earlier[number];
        if (time > before) {
            shorten_pause(self, number, time - before);
        }
        before = line->time - self->earlier[number];
    }
}

static void count(const teller *self, sim_story_told *told)
{
    *told = (sim_story_told){.runs = self->runs};
    for (size_t i = 0; i < self->entry_count; i++) {
        if (!self->left_out[i]) {
            bool client = self->entries[i].line != NULL && self->entries[i].line->client != NULL;
            told->line_count += client ? 0 : 1;
            told->client_count += client ? 1 : 0;
        }
    }
}

static sy_rc begin(teller *self, sy_alloc alloc)
{
    const sim_story *story = self->story;
    self->made = story->line_count + story->choices->count;
    self->entries = sy_alloc_zeroed(alloc, (self->made + 1) * sizeof *self->entries);
    self->left_out = sy_alloc_zeroed(alloc, (self->made + 1) * sizeof *self->left_out);
    self->earlier = sy_alloc_zeroed(alloc, (story->line_count + 1) * sizeof *self->earlier);
    self->choice_left =
        sy_alloc_zeroed(alloc, (story->choices->count + 1) * sizeof *self->choice_left);
    sy_buf_init(&self->text, alloc);
    return self->entries == NULL || self->left_out == NULL || self->choice_left == NULL ||
                   self->earlier == NULL
               ? sy_fail_nomem(self->err)
               : SY_OK;
}

static void end(teller *self, sy_alloc alloc)
{
    sy_buf_deinit(&self->text);
    sy_alloc_free(alloc, self->entries, (self->made + 1) * sizeof *self->entries);
    sy_alloc_free(alloc, self->left_out, (self->made + 1) * sizeof *self->left_out);
    sy_alloc_free(alloc, self->earlier, (self->story->line_count + 1) * sizeof *self->earlier);
    sy_alloc_free(alloc, self->choice_left,
                  (self->story->choices->count + 1) * sizeof *self->choice_left);
}

static void hand_out(teller *self, sy_buf *out)
{
    write_story(self);
    sy_buf_add_str(out, sy_buf_str(&self->text));
    self->rc = self->text.failed || out->failed ? sy_fail_nomem(self->err) : SY_OK;
}

sy_rc sim_story_write(const sim_story *story, sy_alloc alloc, sy_buf *out, sy_err *err)
{
    teller self = {.story = story, .err = err, .form = BEHIND};
    self.rc = begin(&self, alloc);
    if (self.rc == SY_OK) {
        arrange(&self, false);
        hand_out(&self, out);
    }
    end(&self, alloc);
    return self.rc;
}

sy_rc sim_story_tell(const sim_story *story, sy_alloc alloc, sy_buf *out, sim_story_told *told,
                     sy_err *err)
{
    teller self = {.story = story, .err = err};
    self.run_max = story->run_max > 0 ? story->run_max : RUN_COUNT_MAX;
    self.rc = begin(&self, alloc);
    if (self.rc == SY_OK && find_form(&self)) {
        do {
            shorten(&self);
        } while (simplify(&self));
        shorten_pauses(&self);
    } else if (self.rc == SY_OK) {
        self.rc = SY_FAIL(err, SY_NOT_FOUND, "the verbs alone do not repeat the failure");
    }
    if (self.rc == SY_OK) {
        hand_out(&self, out);
        count(&self, told);
    }
    end(&self, alloc);
    return self.rc;
}
