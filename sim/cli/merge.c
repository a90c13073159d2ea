/* `syncsim merge RESULTS... [-o FILE]`: the union of the lines of sweeps, sorted by what they are
 * about. Two lines about the same run of the same program that differ are a lack of determinism. A
 * last line without its end, as a killed sweep leaves it, does not count. */
#include "sim/cli/cli.h"
#include "sim/explore/tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    sy_str key, line;
} entry;

typedef struct merge {
    sy_arena arena;
    entry *entries;
    size_t count, capacity;
    uint64_t torn, same, different;
} merge;

static sy_rc add_line(void *context, const sim_outcome_line *line, sy_str text, sy_err *err)
{
    merge *self = context;
    (void)text;
    if (self->count == self->capacity) {
        entry *entries = sy_alloc_grow(sy_alloc_std(), self->entries, self->count, &self->capacity,
                                       sizeof *entries);
        if (entries == NULL) {
            return sy_fail_nomem(err);
        }
        self->entries = entries;
    }
    sy_buf key;
    sy_buf written;
    sy_buf_init(&key, sy_alloc_std());
    sy_buf_init(&written, sy_alloc_std());
    sim_outcome_line_key(line, &key);
    sim_outcome_line_write(line, &written); /* in our own form, however it was written */
    entry *made = &self->entries[self->count];
    *made = (entry){sy_arena_copy(&self->arena, sy_buf_str(&key)),
                    sy_arena_copy(&self->arena, sy_buf_str(&written))};
    bool failed = key.failed || written.failed || made->key.data == NULL || made->line.data == NULL;
    sy_buf_deinit(&key);
    sy_buf_deinit(&written);
    self->count += failed ? 0 : 1;
    return failed ? sy_fail_nomem(err) : SY_OK;
}

static sy_rc add_file(merge *self, const char *path, sy_err *err)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_rc rc = sim_file_read(path, CLI_TEXT_SIZE_MAX, &text, err);
    size_t whole = 0;
    if (rc == SY_OK) {
        rc = sim_outcome_lines_read(sy_buf_str(&text), path, add_line, self, &whole, err);
        self->torn += rc == SY_OK && whole < text.size ? 1 : 0;
    }
    sy_buf_deinit(&text);
    return rc;
}

static int compare(const void *left, const void *right)
{
    const entry *a = left;
    const entry *b = right;
    int order = sy_str_compare(a->key, b->key);
    return order != 0 ? order : sy_str_compare(a->line, b->line);
}

/* Sorts, and keeps one of equal lines. */
static void unite(merge *self)
{
    if (self->count == 0) {
        return;
    }
    qsort(self->entries, self->count, sizeof *self->entries, compare); /* equal ones are the same */
    size_t kept = 1;
    for (size_t i = 1; i < self->count; i++) {
        const entry *last = &self->entries[kept - 1];
        if (compare(&self->entries[i], last) == 0) {
            self->same++;
            continue;
        }
        self->different += sy_str_equal(self->entries[i].key, last->key) ? 1 : 0;
        self->entries[kept++] = self->entries[i];
    }
    self->count = kept;
}

static sy_rc write_result(const merge *self, const cli_options *options, sy_err *err)
{
    sy_buf text;
    sim_tally tally;
    sy_buf_init(&text, sy_alloc_std());
    sim_tally_init(&tally, sy_alloc_std());
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < self->count && rc == SY_OK; i++) {
        sim_outcome_line line;
        rc = sim_outcome_line_read(self->entries[i].line, &line, err);
        if (rc == SY_OK && sim_tally_add(&tally, &line) != SY_OK) {
            rc = sy_fail_nomem(err);
        }
        sy_buf_add_str(&text, self->entries[i].line);
    }
    rc = rc == SY_OK && text.failed ? sy_fail_nomem(err) : rc;
    if (rc == SY_OK && options->output != NULL) {
        rc = cli_write_file(options->output, sy_buf_str(&text), err);
    } else if (rc == SY_OK) {
        (void)fwrite(text.data, 1, text.size, stdout);
    }
    if (rc == SY_OK) {
        sy_buf_clear(&text);
        sim_tally_print(&tally, NULL, NULL, &text);
        FILE *out = options->output != NULL ? stdout : stderr;
        (void)fwrite(text.data, 1, text.size, out);
        (void)fprintf(out, "%" PRIu64 " lines twice, %" PRIu64 " torn\n", self->same, self->torn);
    }
    sim_tally_deinit(&tally);
    sy_buf_deinit(&text);
    return rc;
}

int cli_merge(const cli_options *options)
{
    if (options->operand_count == 0) {
        cli_complain("merge takes files of results");
        return CLI_EXIT_USAGE;
    }
    merge self = {.count = 0};
    sy_err err = {0};
    sy_rc rc = SY_OK;
    sy_arena_init(&self.arena, sy_alloc_std());
    for (int i = 0; i < options->operand_count && rc == SY_OK; i++) {
        rc = add_file(&self, options->operands[i], &err);
    }
    if (rc == SY_OK) {
        unite(&self);
        rc = write_result(&self, options, &err);
    }
    int code = CLI_EXIT_OK;
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        code = cli_exit_code_of(rc);
    } else if (self.different > 0) {
        cli_complain("%" PRIu64 " runs of the same program have different results", self.different);
        code = sim_verdict_exit_code(SIM_NOT_DETERMINISTIC);
    }
    sy_alloc_free(sy_alloc_std(), self.entries, self.capacity * sizeof *self.entries);
    sy_arena_deinit(&self.arena);
    return code;
}
