/* OData text, token by token (protocol.md 3.1). */
#include "core/value/odata_internal.h"

#include <stdarg.h>
#include <stdio.h>

sy_rc sy_odata_fail(sy_odata_reader *reader, sy_odata_fault fault, size_t at, const char *format,
                    ...)
{
    char text[160];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    *reader->error = (sy_odata_error){.fault = fault, .option = reader->option, .position = at};
    return SY_FAIL(&reader->error->err, SY_PARSE, "%s at %zu: %s", reader->option, at, text);
}

static unsigned char byte_at(sy_str text, size_t at)
{
    return at < text.size ? (unsigned char)text.data[at] : 0;
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(unsigned char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

size_t sy_odata_space(sy_str text, size_t at)
{
    unsigned char c = byte_at(text, at);
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
        return 1;
    }
    unsigned char second = byte_at(text, at + 1);
    unsigned char third = byte_at(text, at + 2);
    if (c == 0xC2) {
        return second == 0xA0 ? 2 : 0;
    }
    if (c == 0xE1) { /* U+1680 */
        return second == 0x9A && third == 0x80 ? 3 : 0;
    }
    if (c == 0xE2) { /* U+2000..200A, 2028, 2029, 202F, 205F */
        bool space = second == 0x80 && ((third >= 0x80 && third <= 0x8A) || third == 0xA8 ||
                                        third == 0xA9 || third == 0xAF);
        return space || (second == 0x81 && third == 0x9F) ? 3 : 0;
    }
    return (c == 0xE3 && second == 0x80 && third == 0x80) ||      /* U+3000 */
                   (c == 0xEF && second == 0xBB && third == 0xBF) /* U+FEFF */
               ? 3
               : 0;
}

sy_str sy_odata_trim(sy_str text)
{
    size_t space = 0;
    while ((space = sy_odata_space(text, 0)) > 0) {
        text = (sy_str){text.data + space, text.size - space};
    }
    for (size_t at = 0; at < text.size;) { /* the last run of spaces, if it ends the text */
        size_t from = at;
        while ((space = sy_odata_space(text, at)) > 0) {
            at += space;
        }
        if (at == text.size) {
            return (sy_str){text.data, from};
        }
        at += at == from ? 1 : 0;
    }
    return text;
}

void sy_odata_begin(sy_odata_reader *reader, const char *option, sy_str text)
{
    reader->option = option;
    reader->text = text.data == NULL ? SY_STR("") : text;
    reader->at = 0;
    reader->depth = 0;
    reader->in_replace = false;
    reader->token = (sy_odata_token){.kind = SY_TOKEN_END};
}

static sy_rc lex_string(sy_odata_reader *reader)
{
    sy_str text = reader->text;
    size_t at = reader->token.at;
    do { /* a doubled quote ends one piece and begins the next */
        at++;
        while (at < text.size && text.data[at] != '\'') {
            at++;
        }
        if (at == text.size) {
            return sy_odata_fail(reader, SY_ODATA_SYNTAX, at, "unterminated string literal");
        }
        at++;
    } while (byte_at(text, at) == '\'');
    reader->token.kind = SY_TOKEN_STRING;
    reader->at = at;
    return SY_OK;
}

static size_t digits(sy_str text, size_t at)
{
    while (is_digit(byte_at(text, at))) {
        at++;
    }
    return at;
}

/* 2026-01-01 or more of a time. */
static bool is_bare_date(sy_str text, size_t at)
{
    return digits(text, at) == at + 4 && byte_at(text, at + 4) == '-' &&
           digits(text, at + 5) == at + 7 && byte_at(text, at + 7) == '-' &&
           digits(text, at + 8) == at + 10;
}

static bool is_bare_guid(sy_str text, size_t at)
{
    for (size_t i = 0; i < 36; i++) {
        unsigned char c = byte_at(text, at + i);
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !is_hex(c)) {
            return false;
        }
    }
    unsigned char after = byte_at(text, at + 36);
    return !is_letter(after) && !is_digit(after) && after != '-' && after != '_';
}

static bool lex_bare(sy_odata_reader *reader)
{
    sy_str text = reader->text;
    size_t at = reader->token.at;
    if (!reader->dialect->bare_literals) {
        return false;
    }
    if (is_bare_guid(text, at)) {
        reader->token.kind = SY_TOKEN_GUID;
        reader->at = at + 36;
        return true;
    }
    if (!is_bare_date(text, at)) {
        return false;
    }
    at += 10;
    for (unsigned char c = byte_at(text, at);
         is_digit(c) || is_letter(c) || c == ':' || c == '.' || c == '+' || c == '-';
         c = byte_at(text, at)) {
        at++;
    }
    reader->token.kind = SY_TOKEN_DATE;
    reader->at = at;
    return true;
}

static sy_rc lex_number(sy_odata_reader *reader)
{
    sy_str text = reader->text;
    size_t at = digits(text, reader->token.at);
    reader->token.kind = SY_TOKEN_INTEGER;
    if (byte_at(text, at) == '.') {
        reader->token.kind = SY_TOKEN_REAL;
        size_t end = digits(text, at + 1);
        if (end == at + 1) {
            return sy_odata_fail(reader, SY_ODATA_SYNTAX, end, "digit expected");
        }
        at = end;
    }
    if ((byte_at(text, at) | 0x20) == 'e') {
        reader->token.kind = SY_TOKEN_REAL;
        at++;
        at += byte_at(text, at) == '+' || byte_at(text, at) == '-' ? 1 : 0;
        size_t end = digits(text, at);
        if (end == at) {
            return sy_odata_fail(reader, SY_ODATA_SYNTAX, end, "digit expected");
        }
        at = end;
    }
    unsigned char suffix = byte_at(text, at) | 0x20;
    if (suffix == 'f' || suffix == 'm' || suffix == 'd') {
        reader->token.kind = SY_TOKEN_REAL;
        at++;
    }
    reader->at = at;
    return SY_OK;
}

static void lex_word(sy_odata_reader *reader)
{
    size_t at = reader->token.at;
    for (unsigned char c = byte_at(reader->text, at);
         is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '@';
         c = byte_at(reader->text, at)) {
        if (c == '@' && at > reader->token.at) {
            break;
        }
        at++;
    }
    reader->at = at;
    sy_str word = {reader->text.data + reader->token.at, at - reader->token.at};
    reader->token.kind = SY_TOKEN_IDENTIFIER;
    for (int kind = SY_EXPR_NOT; word.size <= 3 && kind < SY_EXPR_NEGATE; kind++) {
        const sy_expr_shape *shape = sy_expr_shape_of((sy_expr_kind)kind);
        if (!shape->function && sy_str_equal(word, sy_str_of(shape->word))) {
            reader->token.kind = SY_TOKEN_OPERATOR;
            reader->token.op = (sy_expr_kind)kind;
            return;
        }
    }
}

static sy_rc lex(sy_odata_reader *reader)
{
    static const char punctuation[] = "(),-/";
    static const sy_odata_token_kind kinds[] = {SY_TOKEN_OPEN, SY_TOKEN_CLOSE, SY_TOKEN_COMMA,
                                                SY_TOKEN_MINUS, SY_TOKEN_SLASH};
    size_t at = reader->token.at;
    if (at == reader->text.size) {
        reader->token.kind = SY_TOKEN_END;
        reader->at = at;
        return SY_OK;
    }
    unsigned char c = byte_at(reader->text, at);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (c == (unsigned char)punctuation[i]) {
            reader->token.kind = kinds[i];
            reader->at = at + 1;
            return SY_OK;
        }
    }
    if (c == '\'') {
        return lex_string(reader);
    }
    if (lex_bare(reader)) {
        return SY_OK;
    }
    if (is_letter(c) || c == '_' || c == '@') {
        lex_word(reader);
        return SY_OK;
    }
    if (is_digit(c)) {
        return lex_number(reader);
    }
    if (c >= 0x20 && c < 0x7F) {
        return sy_odata_fail(reader, SY_ODATA_SYNTAX, at, "syntax error '%c'", c);
    }
    return sy_odata_fail(reader, SY_ODATA_SYNTAX, at, "syntax error (byte 0x%02x)", c);
}

sy_rc sy_odata_next(sy_odata_reader *reader)
{
    size_t at = reader->at;
    for (size_t space = 0; (space = sy_odata_space(reader->text, at)) > 0;) {
        at += space;
    }
    reader->token.at = at;
    sy_rc rc = lex(reader);
    if (rc == SY_OK) {
        reader->token.text = (sy_str){reader->text.data + at, reader->at - at};
    }
    return rc;
}
