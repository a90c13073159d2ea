/* `syncsim dialects [NAME...]`: what the generations do where they differ, field by field. Without
 * a name all of them; with one all of its fields; with more only those in which they differ. The
 * values come from the constants themselves (core/base/field.h). A table that is wider than the
 * terminal is cut into groups of columns. */
#include "sim/cli/cli.h"

#include <string.h>

#define WIDTH        100 /* of a terminal */
#define COLUMN_MAX   32
#define CELL_SIZE    96
#define COLUMN_SPACE 2

typedef struct table { /* client dialects, or server dialects */
    const char *title;
    const sy_field *fields;
    size_t field_count;
    const void *columns[COLUMN_MAX];
    const char *names[COLUMN_MAX + 1]; /* NULL-terminated */
    size_t column_count;
} table;

static void list_clients(table *out)
{
    const sy_dialect *dialect = NULL;
    *out = (table){.title = "client dialects",
                   .fields = sy_dialect_fields,
                   .field_count = sy_dialect_field_count};
    while (out->column_count < COLUMN_MAX && (dialect = sy_dialect_at(out->column_count)) != NULL) {
        out->names[out->column_count] = dialect->name;
        out->columns[out->column_count++] = dialect;
    }
}

static void list_servers(table *out)
{
    const sy_server_dialect *dialect = NULL;
    *out = (table){.title = "server dialects",
                   .fields = sy_server_dialect_fields,
                   .field_count = sy_server_dialect_field_count};
    while (out->column_count < COLUMN_MAX &&
           (dialect = sy_server_dialect_at(out->column_count)) != NULL) {
        out->names[out->column_count] = dialect->name;
        out->columns[out->column_count++] = dialect;
    }
}

/* -- cells -- */

static void cell(const table *of, const sy_field *field, uint32_t line, size_t column,
                 char out[CELL_SIZE])
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_field_say(field, of->columns[column], line, &text);
    (void)snprintf(out, CELL_SIZE, "%.*s", SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
}

static void label(const sy_field *field, uint32_t line, char out[CELL_SIZE])
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_field_label(field, line, &text);
    (void)snprintf(out, CELL_SIZE, "%.*s", SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
}

/* The name stands above each column; the summary is no rule. */
static bool is_head(const sy_field *field)
{
    return strcmp(field->name, "name") == 0 || strcmp(field->name, "summary") == 0;
}

static bool differs(const table *of, const sy_field *field, uint32_t line)
{
    char first[CELL_SIZE];
    cell(of, field, line, 0, first);
    for (size_t i = 1; i < of->column_count; i++) {
        char other[CELL_SIZE];
        cell(of, field, line, i, other);
        if (strcmp(first, other) != 0) {
            return true;
        }
    }
    return false;
}

/* -- printing -- */

typedef struct printer {
    const table *table;
    bool only_differences;
    size_t label_width, section_width;
    size_t widths[COLUMN_MAX];
} printer;

static bool is_shown(const printer *self, const sy_field *field, uint32_t line)
{
    return !is_head(field) && (!self->only_differences || differs(self->table, field, line));
}

static size_t longer(size_t size, const char *text)
{
    return strlen(text) > size ? strlen(text) : size;
}

static void measure(printer *self)
{
    const table *of = self->table;
    self->label_width = strlen("field");
    self->section_width = strlen("section");
    for (size_t i = 0; i < of->column_count; i++) {
        self->widths[i] = strlen(of->names[i]);
    }
    for (size_t f = 0; f < of->field_count; f++) {
        const sy_field *field = &of->fields[f];
        for (uint32_t line = 0; line < field->line_count; line++) {
            char text[CELL_SIZE];
            if (!is_shown(self, field, line)) {
                continue;
            }
            label(field, line, text);
            self->label_width = longer(self->label_width, text);
            self->section_width = longer(self->section_width, field->section);
            for (size_t i = 0; i < of->column_count; i++) {
                cell(of, field, line, i, text);
                self->widths[i] = longer(self->widths[i], text);
            }
        }
    }
}

/* Columns from `first` that fit into the terminal; one at least. */
static size_t group_end(const printer *self, size_t first)
{
    size_t width = self->label_width + COLUMN_SPACE + self->section_width;
    size_t end = first;
    while (end < self->table->column_count) {
        width += COLUMN_SPACE + self->widths[end];
        if (width > WIDTH && end > first) {
            break;
        }
        end++;
    }
    return end;
}

static void print_line(const char *name, const char *section, const printer *self)
{
    (void)printf("%-*s  %-*s", (int)self->label_width, name, (int)self->section_width, section);
}

static void print_cell(const printer *self, size_t column, size_t end, const char *text)
{
    const int width = column + 1 == end ? 0 : (int)self->widths[column];
    (void)printf("  %-*s", width, text);
}

static void print_group(const printer *self, size_t first, size_t end)
{
    const table *of = self->table;
    print_line("field", "section", self);
    for (size_t i = first; i < end; i++) {
        print_cell(self, i, end, of->names[i]);
    }
    (void)putchar('\n');
    for (size_t f = 0; f < of->field_count; f++) {
        const sy_field *field = &of->fields[f];
        for (uint32_t line = 0; line < field->line_count; line++) {
            char text[CELL_SIZE];
            if (!is_shown(self, field, line)) {
                continue;
            }
            label(field, line, text);
            print_line(text, field->section, self);
            for (size_t i = first; i < end; i++) {
                cell(of, field, line, i, text);
                print_cell(self, i, end, text);
            }
            (void)putchar('\n');
        }
    }
}

static void print_table(const table *of, bool only_differences)
{
    printer self = {.table = of, .only_differences = only_differences};
    measure(&self);
    (void)printf("%s%s\n", of->title, only_differences ? ", where they differ" : "");
    for (size_t i = 0; i < of->column_count; i++) {
        char text[CELL_SIZE];
        cell(of, &of->fields[1], 0, i, text);
        (void)printf("  %-28s  %s\n", of->names[i], text);
    }
    for (size_t first = 0; first < of->column_count;) {
        const size_t end = group_end(&self, first);
        (void)putchar('\n');
        print_group(&self, first, end);
        first = end;
    }
}

/* -- choosing -- */

/* The columns that the operands name, in their order; false: one of them is none of these. */
static bool choose(const table *all, const cli_options *options, table *out)
{
    *out = *all;
    out->column_count = 0;
    for (int i = 0; i < options->operand_count; i++) {
        size_t at = 0;
        while (at < all->column_count && strcmp(all->names[at], options->operands[i]) != 0) {
            at++;
        }
        if (at == all->column_count || out->column_count == COLUMN_MAX) {
            return false;
        }
        out->names[out->column_count] = all->names[at];
        out->columns[out->column_count++] = all->columns[at];
    }
    return true;
}

/* Complains about the first name that nobody has, or that they have no table in common. */
static int complain(const table *clients, const table *servers, const cli_options *options)
{
    const char *names[2 * COLUMN_MAX + 1] = {NULL};
    memcpy(names, clients->names, clients->column_count * sizeof(char *));
    memcpy(names + clients->column_count, servers->names, servers->column_count * sizeof(char *));
    for (int i = 0; i < options->operand_count; i++) {
        bool known = false;
        for (size_t n = 0; names[n] != NULL; n++) {
            known = known || strcmp(names[n], options->operands[i]) == 0;
        }
        if (!known) {
            sy_buf hint;
            sy_buf_init(&hint, sy_alloc_std());
            cli_suggest(options->operands[i], names, &hint);
            cli_complain("unknown dialect '%s'%.*s", options->operands[i],
                         SY_FMT(sy_buf_str(&hint)));
            sy_buf_deinit(&hint);
            return CLI_EXIT_USAGE;
        }
    }
    cli_complain("a client dialect and a server dialect have no fields in common");
    return CLI_EXIT_USAGE;
}

int cli_dialects(const cli_options *options)
{
    static table clients;
    static table servers;
    static table chosen;
    list_clients(&clients);
    list_servers(&servers);
    if (options->operand_count == 0) {
        print_table(&clients, false);
        (void)putchar('\n');
        print_table(&servers, false);
        return CLI_EXIT_OK;
    }
    const bool only_differences = options->operand_count > 1;
    const bool of_clients = choose(&clients, options, &chosen);
    if (of_clients) {
        print_table(&chosen, only_differences);
    }
    if (choose(&servers, options, &chosen)) {
        (void)fputs(of_clients ? "\n" : "", stdout);
        print_table(&chosen, only_differences);
        return CLI_EXIT_OK;
    }
    return of_clients ? CLI_EXIT_OK : complain(&clients, &servers, options);
}
