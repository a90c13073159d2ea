/* What the files of the OData reader share: the text being read, its tokens, expressions with their
 * types. */
#ifndef SY_VALUE_ODATA_INTERNAL_H
#define SY_VALUE_ODATA_INTERNAL_H

#include "core/value/odata.h"

typedef enum sy_odata_token_kind {
    SY_TOKEN_END = 0,
    SY_TOKEN_OPEN,
    SY_TOKEN_CLOSE,
    SY_TOKEN_COMMA,
    SY_TOKEN_MINUS,
    SY_TOKEN_SLASH,
    SY_TOKEN_STRING, /* with its quotes */
    SY_TOKEN_INTEGER,
    SY_TOKEN_REAL,
    SY_TOKEN_IDENTIFIER,
    SY_TOKEN_OPERATOR, /* and, eq, not... */
    SY_TOKEN_DATE,     /* 2026-01-01T00:00:00Z as it stands */
    SY_TOKEN_GUID
} sy_odata_token_kind;

typedef struct sy_odata_token {
    sy_odata_token_kind kind;
    sy_expr_kind op; /* of OPERATOR */
    size_t at;
    sy_str text;
} sy_odata_token;

typedef struct sy_odata_reader {
    const sy_odata_dialect *dialect;
    const sy_schema *schema;
    sy_arena *arena;
    const char *option; /* "$filter" */
    sy_str text;
    size_t at; /* behind the token */
    sy_odata_token token;
    sy_odata_error *error;
    sy_odata_error missing; /* the first column that is not there: said when all else is fine */
    int depth;
    int node_count;
    bool in_replace;
} sy_odata_reader;

/* An expression and what it gives. */
typedef struct sy_odata_operand {
    const sy_expr *expr;
    sy_type type;
    size_t at;
} sy_odata_operand;

/* SY_PARSE, with *reader->error filled. */
sy_rc sy_odata_fail(sy_odata_reader *reader, sy_odata_fault fault, size_t at, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* -- odata_lex.c -- */
void sy_odata_begin(sy_odata_reader *reader, const char *option, sy_str text);
/* Reads the next token. SY_OK or SY_PARSE. */
sy_rc sy_odata_next(sy_odata_reader *reader);
/* White space as JavaScript and .NET have it: how many bytes of it stand at `at`. */
size_t sy_odata_space(sy_str text, size_t at);
sy_str sy_odata_trim(sy_str text);

/* -- odata_literal.c -- */
/* A token of a literal, a typed literal or cast(...), as a value; `negative` for a minus before a
 * number. */
sy_rc sy_odata_literal(sy_odata_reader *reader, bool negative, sy_value *out);
/* The token is a word with a quote right behind it, and the dialect knows that form. */
bool sy_odata_is_typed(const sy_odata_reader *reader);
sy_rc sy_odata_typed_literal(sy_odata_reader *reader, sy_value *out);
/* cast(text,Edm.Type): the token is the bracket behind `cast`. */
sy_rc sy_odata_cast(sy_odata_reader *reader, sy_value *out);
/* What JavaScript's Date.parse and .NET's parsers take of ISO 8601, cut to the resolution with
 * which the dialect reads. */
bool sy_odata_date_parse(const sy_odata_dialect *dialect, sy_str text, sy_time *out);

/* -- odata_types.c -- */
sy_rc sy_odata_leaf(sy_odata_reader *reader, const sy_value *literal, size_t at,
                    sy_odata_operand *out);
/* An operator or function over its operands, which are brought to the types that it takes, or
 * refused. */
sy_rc sy_odata_build(sy_odata_reader *reader, sy_expr_kind kind, sy_odata_operand *operands,
                     uint32_t count, sy_odata_operand *out);
/* A condition of it: as it is, or compared with true where the dialect says so. */
sy_rc sy_odata_condition(sy_odata_reader *reader, sy_odata_operand *node);

/* -- odata_read.c -- */
/* A whole expression from the token on. */
sy_rc sy_odata_expression(sy_odata_reader *reader, sy_odata_operand *out);
/* -1: no such column. */
int sy_odata_column(const sy_odata_reader *reader, sy_str name);
/* Remembers the first column that is missing; the reading goes on. */
void sy_odata_missing(sy_odata_reader *reader, sy_str name, size_t at);

#endif
