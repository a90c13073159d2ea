/* Makes `#` and `^` deterministic before a chunk is compiled.
 *
 * `#t` of a table with holes depends on Lua's hash seed, which is an address and the time; `^` is
 * the platform's pow(). Neither can be replaced from outside for plain tables and numbers, so they
 * are replaced in the source, on their own lines:
 *
 *     #x      becomes   ((""):__sy_len(x))
 *     a ^ b   becomes   ((""):__sy_pow(a , b))
 *
 * The callee is a method of text literals, so that no name of the script can hide it. The walk
 * below follows Lua's grammar to find where operands begin and end. It is only given sources that
 * compile, so it checks nothing itself. */
#include "lua/internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_LITERAL, TOKEN_SYMBOL } token_kind;

typedef struct edit {
    size_t at;
    size_t sequence; /* of equal places the first noted comes first */
    size_t removed;
    const char *text;
} edit;

typedef struct walk {
    const char *text;
    size_t size;
    size_t at;         /* behind the token */
    token_kind kind;   /* the token in hand */
    size_t start, end; /* of it */
    size_t last_end;   /* of the one before */
    edit *edits;
    size_t count, capacity;
    sy_alloc alloc;
    bool failed;
} walk;

static void note(walk *w, size_t at, size_t removed, const char *text)
{
    edit *grown = sy_alloc_grow(w->alloc, w->edits, w->count, &w->capacity, sizeof *grown);
    if (grown == NULL) {
        w->failed = true;
        return;
    }
    w->edits = grown;
    w->edits[w->count] = (edit){at, w->count, removed, text};
    w->count++;
}

static char look(const walk *w, size_t at)
{
    if (at < w->size) {
        return w->text[at];
    }
    return '\0';
}

/* "[", "=" any number, "[": returns the place behind the closing bracket, or 0 when none opens at
 * `at`. */
static size_t long_bracket(const walk *w, size_t at)
{
    size_t level = 0;
    size_t p = at + 1;
    while (look(w, p) == '=') {
        level++;
        p++;
    }
    if (look(w, p) != '[') {
        return 0;
    }
    for (p++; p < w->size; p++) {
        if (w->text[p] != ']') {
            continue;
        }
        size_t closing = 0;
        while (look(w, p + 1 + closing) == '=') {
            closing++;
        }
        if (closing == level && look(w, p + 1 + closing) == ']') {
            return p + 2 + closing;
        }
    }
    return w->size;
}

static size_t skip_blank(const walk *w, size_t at)
{
    while (at < w->size) {
        if (isspace((unsigned char)w->text[at])) {
            at++;
        } else if (w->text[at] == '-' && look(w, at + 1) == '-') {
            at += 2;
            size_t end = look(w, at) == '[' ? long_bracket(w, at) : 0;
            if (end != 0) {
                at = end;
                continue;
            }
            while (at < w->size && w->text[at] != '\n') {
                at++;
            }
        } else {
            break;
        }
    }
    return at;
}

static size_t skip_quoted(const walk *w, size_t at)
{
    char quote = w->text[at++];
    while (at < w->size && w->text[at] != quote) {
        if (w->text[at] == '\\') {
            at++;
            if (look(w, at) == 'z') { /* skips following space, newlines among it */
                at++;
                while (isspace((unsigned char)look(w, at))) {
                    at++;
                }
                continue;
            }
        }
        at++;
    }
    return at + 1;
}

static size_t skip_number(const walk *w, size_t at)
{
    bool hex = w->text[at] == '0' && (look(w, at + 1) == 'x' || look(w, at + 1) == 'X');
    for (; at < w->size; at++) {
        int c = tolower((unsigned char)w->text[at]);
        if (c == (hex ? 'p' : 'e') && (look(w, at + 1) == '+' || look(w, at + 1) == '-')) {
            at++;
        } else if (!isalnum(c) && c != '.') {
            break;
        }
    }
    return at;
}

static size_t skip_symbol(const walk *w, size_t at)
{
    static const char *const longer[] = {
        "...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"};
    for (size_t i = 0; i < sizeof longer / sizeof longer[0]; i++) {
        size_t size = strlen(longer[i]);
        if (size <= w->size - at && memcmp(w->text + at, longer[i], size) == 0) {
            return at + size;
        }
    }
    return at + 1;
}

static void advance(walk *w)
{
    w->last_end = w->end;
    size_t at = skip_blank(w, w->at);
    w->start = at;
    char c = look(w, at);
    if (at >= w->size) {
        w->kind = TOKEN_END;
    } else if (isalpha((unsigned char)c) || c == '_') {
        w->kind = TOKEN_NAME;
        while (isalnum((unsigned char)look(w, at)) || look(w, at) == '_') {
            at++;
        }
    } else if (isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)look(w, at + 1)))) {
        w->kind = TOKEN_LITERAL;
        at = skip_number(w, at);
    } else if (c == '"' || c == '\'') {
        w->kind = TOKEN_LITERAL;
        at = skip_quoted(w, at);
    } else if (c == '[' && long_bracket(w, at) != 0) {
        w->kind = TOKEN_LITERAL;
        at = long_bracket(w, at);
    } else {
        w->kind = TOKEN_SYMBOL;
        at = skip_symbol(w, at);
    }
    w->at = w->end = at;
}

static bool is(const walk *w, const char *text)
{
    return (w->kind == TOKEN_NAME || w->kind == TOKEN_SYMBOL) &&
           w->end - w->start == strlen(text) &&
           memcmp(w->text + w->start, text, w->end - w->start) == 0;
}

static bool accept(walk *w, const char *text)
{
    if (!is(w, text)) {
        return false;
    }
    advance(w);
    return true;
}

static void expression(walk *w, int limit);
static void block(walk *w);

static void expression_list(walk *w)
{
    do {
        expression(w, 0);
    } while (accept(w, ","));
}

/* From "(" of the parameters to "end". */
static void function_body(walk *w)
{
    while (w->kind != TOKEN_END && !accept(w, ")")) {
        advance(w);
    }
    block(w);
    (void)accept(w, "end");
}

static void table_constructor(walk *w)
{
    advance(w); /* { */
    while (w->kind != TOKEN_END && !is(w, "}")) {
        if (accept(w, "[")) {
            expression(w, 0);
            (void)accept(w, "]");
            (void)accept(w, "=");
            expression(w, 0);
        } else {
            expression(w, 0); /* of `name = value` the name reads as an expression too */
            if (accept(w, "=")) {
                expression(w, 0);
            }
        }
        if (!accept(w, ",")) {
            (void)accept(w, ";");
        }
    }
    advance(w);
}

static bool at_string(const walk *w)
{
    char c = look(w, w->start);
    return w->kind == TOKEN_LITERAL && (c == '"' || c == '\'' || c == '[');
}

static void arguments(walk *w)
{
    if (is(w, "{")) {
        table_constructor(w);
    } else if (accept(w, "(")) {
        if (!is(w, ")")) {
            expression_list(w);
        }
        (void)accept(w, ")");
    } else {
        advance(w); /* a text */
    }
}

static void suffixed_expression(walk *w)
{
    if (accept(w, "(")) {
        expression(w, 0);
        (void)accept(w, ")");
    } else {
        advance(w); /* a name */
    }
    for (;;) {
        if (accept(w, ".")) {
            advance(w);
        } else if (accept(w, "[")) {
            expression(w, 0);
            (void)accept(w, "]");
        } else if (accept(w, ":")) {
            advance(w);
            arguments(w);
        } else if (is(w, "(") || is(w, "{") || at_string(w)) {
            arguments(w);
        } else {
            return;
        }
    }
}

static void simple_expression(walk *w)
{
    if (is(w, "{")) {
        table_constructor(w);
    } else if (accept(w, "function")) {
        function_body(w);
    } else if (w->kind == TOKEN_LITERAL || is(w, "...") || is(w, "nil") || is(w, "true") ||
               is(w, "false")) {
        advance(w);
    } else {
        suffixed_expression(w);
    }
}

enum { PRIORITY_UNARY = 12 };

/* Left and right priority of a binary operator, as the manual orders them; 0: none. `^` is not
 * here: see power. */
static int priority(const walk *w, int *right)
{
    static const struct {
        const char *text;
        int left, right;
    } operators[] = {{"or", 1, 1},  {"and", 2, 2}, {"<", 3, 3},   {">", 3, 3},    {"<=", 3, 3},
                     {">=", 3, 3},  {"~=", 3, 3},  {"==", 3, 3},  {"|", 4, 4},    {"~", 5, 5},
                     {"&", 6, 6},   {"<<", 7, 7},  {">>", 7, 7},  {"..", 9, 8},   {"+", 10, 10},
                     {"-", 10, 10}, {"*", 11, 11}, {"/", 11, 11}, {"//", 11, 11}, {"%", 11, 11}};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (is(w, operators[i].text)) {
            *right = operators[i].right;
            return operators[i].left;
        }
    }
    return 0;
}

/* A simple expression, and `^` with what stands on its right: it binds tighter than a unary
 * operator on its left and looser than one on its right. */
static void power(walk *w)
{
    size_t start = w->start;
    simple_expression(w);
    if (is(w, "^")) {
        note(w, start, 0, "((\"\"):__sy_pow(");
        note(w, w->start, 1, ",");
        advance(w);
        expression(w, PRIORITY_UNARY + 1);
        note(w, w->last_end, 0, "))");
    }
}

static void expression(walk *w, int limit)
{
    if (is(w, "#")) {
        note(w, w->start, 1, "((\"\"):__sy_len(");
        advance(w);
        expression(w, PRIORITY_UNARY);
        note(w, w->last_end, 0, "))");
    } else if (is(w, "-") || is(w, "~") || is(w, "not")) {
        advance(w);
        expression(w, PRIORITY_UNARY);
    } else {
        power(w);
    }
    int right = 0;
    for (int left = priority(w, &right); left > limit; left = priority(w, &right)) {
        advance(w);
        expression(w, right);
    }
}

static bool block_ends(const walk *w)
{
    return w->kind == TOKEN_END || is(w, "end") || is(w, "else") || is(w, "elseif") ||
           is(w, "until");
}

static void if_statement(walk *w)
{
    do {
        expression(w, 0);
        (void)accept(w, "then");
        block(w);
    } while (accept(w, "elseif"));
    if (accept(w, "else")) {
        block(w);
    }
    (void)accept(w, "end");
}

static void local_statement(walk *w)
{
    if (accept(w, "function")) {
        advance(w);
        advance(w);
        function_body(w);
        return;
    }
    do {
        advance(w); /* the name */
        if (accept(w, "<")) {
            advance(w);
            (void)accept(w, ">");
        }
    } while (accept(w, ","));
    if (accept(w, "=")) {
        expression_list(w);
    }
}

static void for_statement(walk *w)
{
    while (w->kind != TOKEN_END && !is(w, "=") && !is(w, "in")) {
        advance(w);
    }
    advance(w);
    expression_list(w);
    (void)accept(w, "do");
    block(w);
    (void)accept(w, "end");
}

static void function_statement(walk *w)
{
    while (w->kind != TOKEN_END && !accept(w, "(")) {
        advance(w);
    }
    function_body(w);
}

static void call_or_assignment(walk *w)
{
    do {
        suffixed_expression(w);
    } while (accept(w, ","));
    if (accept(w, "=")) {
        expression_list(w);
    }
}

static void statement(walk *w)
{
    if (accept(w, "if")) {
        if_statement(w);
    } else if (accept(w, "while")) {
        expression(w, 0);
        (void)accept(w, "do");
        block(w);
        (void)accept(w, "end");
    } else if (accept(w, "do")) {
        block(w);
        (void)accept(w, "end");
    } else if (accept(w, "for")) {
        for_statement(w);
    } else if (accept(w, "repeat")) {
        block(w);
        (void)accept(w, "until");
        expression(w, 0);
    } else if (accept(w, "function")) {
        function_statement(w);
    } else if (accept(w, "local")) {
        local_statement(w);
    } else if (accept(w, "return")) {
        if (!block_ends(w) && !is(w, ";")) {
            expression_list(w);
        }
    } else if (accept(w, "::")) {
        advance(w);
        advance(w);
    } else if (accept(w, "goto")) {
        advance(w);
    } else if (!accept(w, "break") && !accept(w, ";")) {
        call_or_assignment(w);
    }
}

static void block(walk *w)
{
    while (!block_ends(w)) {
        statement(w);
    }
}

static int compare_edits(const void *a, const void *b)
{
    const edit *left = a;
    const edit *right = b;
    if (left->at != right->at) {
        return left->at < right->at ? -1 : 1;
    }
    return left->sequence < right->sequence ? -1 : left->sequence > right->sequence;
}

sy_rc script_rewrite(sy_str source, sy_buf *out)
{
    walk w = {.text = source.data, .size = source.size, .alloc = out->alloc};
    if (memchr(source.data, '#', source.size) == NULL &&
        memchr(source.data, '^', source.size) == NULL) {
        return SY_OK;
    }
    advance(&w);
    block(&w);
    if (w.count > 1) {
        qsort(w.edits, w.count, sizeof *w.edits, compare_edits);
    }
    size_t done = 0;
    for (size_t i = 0; i < w.count; i++) {
        sy_buf_add(out, source.data + done, w.edits[i].at - done);
        sy_buf_add(out, w.edits[i].text, strlen(w.edits[i].text));
        done = w.edits[i].at + w.edits[i].removed;
    }
    if (w.count > 0) {
        sy_buf_add(out, source.data + done, source.size - done);
    }
    bool failed = w.failed || out->failed;
    sy_alloc_free(w.alloc, w.edits, w.capacity * sizeof *w.edits);
    return failed ? SY_NOMEM : SY_OK;
}
