#define _POSIX_C_SOURCE 200809L
#include "tests/serve/hostile.h"

#include "tests/unit/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_SIZE_MAX 65536
#define DEPTH_MAX     5

/* -- corpora -- */

static const char *const own[] = {
    "",
    "a",
    "text eq 'it''s'",
    "((((((((((((((((((((((((((((((((((((((((a eq 1",
    "not not not not not not not not not not complete",
    "priority add 1 sub 2 mul 3 div 0 mod 0 eq 9223372036854775808",
    "updatedAt ge datetimeoffset'9999-99-99T99:99:99.999Z'",
    "substringof('%','text') eq true and startswith(text,null)",
    "text eq '\xc3\x28\xf0\x28\x8c\xbc\xff'",
    "'; DROP TABLE todoitem; --",
    "{\"id\":\"x\",\"text\":{\"a\":[[[[[[[[[[1]]]]]]]]]]}}",
    "{\"id\":\"\\u0000\\ud800\",\"priority\":1e999,\"complete\":\"maybe\"}",
    "{\"id\":123456789012345678901234567890,\"version\":[],\"deleted\":\"no\",\"__proto__\":{}}",
    "[{\"id\":\"a\"},{\"id\":\"a\"},null,1,\"\"]",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "{\"a\":1,\"a\":2,\"\":3,\"id\":\"../../etc\"}",
    "\"unterminated \\\" , W/\"weak\", *, \"\"",
    "W/W/\"\"\"\"",
    "-1",
    "18446744073709551616",
    "%00%ff%c0%af%zz%",
    "%s%n%x",
};

static void add(hostile_corpus *corpus, sy_str text)
{
    sy_str *grown = sy_alloc_grow(sy_alloc_std(), corpus->items, corpus->count, &corpus->capacity,
                                  sizeof *grown);
    sy_str copy = sy_arena_copy(&corpus->arena, text);
    if (grown != NULL) {
        corpus->items = grown;
        corpus->items[corpus->count] = copy;
        corpus->count += copy.data != NULL;
    }
}

static void add_file(hostile_corpus *corpus, const char *path)
{
    static char text[FILE_SIZE_MAX];
    FILE *file = fopen(path, "rb");
    if (file != NULL) {
        size_t size = fread(text, 1, sizeof text, file);
        (void)fclose(file);
        add(corpus, (sy_str){text, size});
    }
}

static void add_folder(hostile_corpus *corpus, const char *path, int depth)
{
    struct dirent **entries = NULL;
    int count = depth > DEPTH_MAX ? -1 : scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char below[4096];
        struct stat status;
        int size = snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && size > 0 && (size_t)size < sizeof below &&
            stat(below, &status) == 0) {
            if (S_ISDIR(status.st_mode)) {
                add_folder(corpus, below, depth + 1);
            } else if (S_ISREG(status.st_mode)) {
                add_file(corpus, below);
            }
        }
        free(entries[i]);
    }
    free(entries);
}

void hostile_corpus_open(hostile_corpus *corpus, const char *folder)
{
    *corpus = (hostile_corpus){0};
    sy_arena_init(&corpus->arena, sy_alloc_std());
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        add(corpus, sy_str_of(own[i]));
    }
    add_folder(corpus, folder, 0);
}

void hostile_corpus_close(hostile_corpus *corpus)
{
    sy_alloc_free(sy_alloc_std(), corpus->items, corpus->capacity * sizeof *corpus->items);
    sy_arena_deinit(&corpus->arena);
}

/* -- requests -- */

typedef struct maker {
    const hostile_corpus *corpus;
    uint64_t state;
    sy_buf *out;
} maker;

static uint64_t draw(maker *m, uint64_t n)
{
    return test_random(&m->state) % n;
}

static char draw_byte(maker *m)
{
    unsigned char byte = (unsigned char)draw(m, 256);
    char out = 0;
    memcpy(&out, &byte, 1);
    return out;
}

static sy_str pick(maker *m)
{
    return m->corpus->items[draw(m, m->corpus->count)];
}

#define COMMON "Host: a\r\nZUMO-API-VERSION: 2.0.0\r\n"
#define JSON   COMMON "Content-Type: application/json\r\n"

static const char *const good[] = {
    "GET /tables/todoitem?$filter=text%20eq%20'a'&$orderby=id%20desc&$top=3 HTTP/1.1\r\n" COMMON
    "\r\n",
    "GET /tables/todoitem/known HTTP/1.1\r\n" COMMON "If-None-Match: \"MQ==\"\r\n\r\n",
    "POST /tables/todoitem HTTP/1.1\r\n" JSON "Content-Length: 23\r\n\r\n"
    "{\"text\":\"b\",\"extra\":12}",
    "PATCH /tables/todoitem/a HTTP/1.1\r\n" JSON "If-Match: \"MQ==\"\r\nContent-Length: 12\r\n\r\n"
    "{\"text\":\"c\"}",
    "DELETE /tables/todoitem/b HTTP/1.1\r\n" COMMON "If-Match: *\r\n\r\n",
    "HEAD /tables/todoitem?$inlinecount=allpages HTTP/1.1\r\n" COMMON "\r\n",
    "OPTIONS /tables/todoitem HTTP/1.1\r\n" COMMON "Origin: http://localhost\r\n\r\n",
    "POST /tables/harditem HTTP/1.1\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n"
    "5\r\n{\"tex\r\n7;x=y\r\nt\":\"d\"}\r\n0\r\nTrailer: 1\r\n\r\n",
    "POST /tables/todoitem/a HTTP/1.1\r\n" COMMON "Content-Length: 0\r\n\r\n",
    "GET /tables/smallpage?$skip=1&__includeDeleted=true&$select=id,text HTTP/1.0\r\n\r\n",
};

#define GOOD_COUNT (sizeof good / sizeof good[0])

static void mutate(maker *m, size_t from)
{
    static const char odd[] = "\r\n\t \":;,%&?/\\\0\x7f\xff'()[]{}0";
    uint64_t changes = 1 + draw(m, 8);
    for (uint64_t i = 0; i < changes; i++) {
        size_t size = m->out->size - from;
        if (size < 2) {
            return;
        }
        size_t at = from + (size_t)draw(m, size);
        char byte = draw_byte(m);
        if (draw(m, 2) == 0) {
            byte = odd[draw(m, sizeof odd - 1)];
        }
        switch (draw(m, 4)) {
        case 0:
            m->out->data[at] = byte;
            break;
        case 1: /* put in */
            sy_buf_add_char(m->out, byte);
            memmove(m->out->data + at + 1, m->out->data + at, m->out->size - at - 1);
            m->out->data[at] = byte;
            break;
        case 2: /* take out a few */
        {
            size_t count = 1 + (size_t)draw(m, 6);
            count = at + count > m->out->size ? m->out->size - at : count;
            memmove(m->out->data + at, m->out->data + at + count, m->out->size - at - count);
            m->out->size -= count;
            break;
        }
        default: /* say a part twice */
        {
            char part[40];
            size_t count = 1 + (size_t)draw(m, sizeof part - 1);
            count = at + count > m->out->size ? m->out->size - at : count;
            memcpy(part, m->out->data + at, count);
            sy_buf_add(m->out, part, count);
            break;
        }
        }
    }
}

static void add_good(maker *m)
{
    sy_buf_add_str(m->out, sy_str_of(good[draw(m, GOOD_COUNT)]));
}

static void add_encoded(maker *m, sy_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        sy_buf_printf(m->out, "%%%02x", (unsigned char)text.data[i]);
    }
}

static void make_mutated(maker *m)
{
    size_t from = m->out->size;
    add_good(m);
    mutate(m, from);
}

static void make_target(maker *m)
{
    static const char *const options[] = {"$filter", "$orderby",     "$select",          "$top",
                                          "$skip",   "$inlinecount", "__includeDeleted", "x"};
    sy_buf_add_str(m->out, SY_STR("GET /tables/"));
    if (draw(m, 4) == 0) {
        add_encoded(m, pick(m));
    } else {
        sy_buf_printf(m->out, "todoitem?%s=", options[draw(m, 8)]);
        sy_str text = pick(m);
        if (draw(m, 4) == 0) {
            sy_buf_add_str(m->out, text);
        } else {
            add_encoded(m, text);
        }
    }
    sy_buf_add_str(m->out, SY_STR(" HTTP/1.1\r\n" COMMON "\r\n"));
}

static void make_body(maker *m)
{
    static const char *const verbs[] = {"POST /tables/todoitem", "PATCH /tables/todoitem/a",
                                        "PUT /tables/todoitem/a", "POST /tables/stricttodo"};
    sy_str text = pick(m);
    sy_buf_printf(m->out, "%s HTTP/1.1\r\n" JSON "Content-Length: %zu\r\n\r\n", verbs[draw(m, 4)],
                  text.size);
    sy_buf_add_str(m->out, text);
}

static void make_header(maker *m)
{
    static const char *const names[] = {"If-Match",    "ZUMO-API-VERSION",      "Content-Type",
                                        "X-ZUMO-AUTH", "If-Modified-Since",     "Cookie",
                                        "Origin",      "X-ZUMO-INSTALLATION-ID"};
    sy_buf_printf(m->out, "%s /tables/todoitem/a HTTP/1.1\r\nHost: a\r\n%s: ",
                  draw(m, 2) == 0 ? "GET" : "DELETE", names[draw(m, 8)]);
    sy_buf_add_str(m->out, pick(m));
    sy_buf_add_str(m->out, SY_STR("\r\n\r\n"));
}

static void make_nonsense(maker *m)
{
    sy_buf_add_str(m->out, pick(m));
    sy_buf_add_str(m->out, SY_STR("\r\n\r\n"));
}

static void make_huge(maker *m)
{
    uint64_t kind = draw(m, 4);
    size_t count = 100 + (size_t)draw(m, 3000);
    sy_buf_add_str(m->out, kind == 0 ? SY_STR("GET /") : SY_STR("GET / HTTP/1.1\r\nHost: a\r\n"));
    for (size_t i = 0; i < count; i++) {
        if (kind == 0) {
            sy_buf_add_str(m->out, SY_STR("aaaa&b=c?/%20//../"));
        } else if (kind == 1) {
            sy_buf_printf(m->out, "X-%zu: %zu\r\n", i, i);
        } else {
            sy_buf_add_str(m->out, kind == 2 ? SY_STR("X-Long-Name") : SY_STR(" \t folded\r\n"));
        }
    }
    sy_buf_add_str(m->out, kind == 0 ? SY_STR(" HTTP/1.1\r\nHost: a\r\n\r\n") : SY_STR("\r\n\r\n"));
}

static void make_framing(maker *m)
{
    static const char *const heads[] = {
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{\"a\":1}",
        "Content-Length: 99\r\n\r\n{}",
        "Content-Length: 1\r\n\r\n{\"a\":1}",
        "Content-Length: -1\r\n\r\n{}",
        "Content-Length: 0x10\r\n\r\n{}",
        "Content-Length: 99999999999999999999\r\n\r\n{}",
        "Content-Length: 1073741824\r\n\r\n{}",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "Transfer-Encoding: chunked, gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: nonsense\r\n\r\n{}",
        "Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}",
        "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "Connection: close, keep-alive\r\nContent-Length: 2\r\n\r\n{}",
    };
    sy_buf_add_str(m->out, SY_STR("POST /tables/todoitem HTTP/1.1\r\n" JSON));
    sy_buf_add_str(m->out, sy_str_of(heads[draw(m, sizeof heads / sizeof heads[0])]));
}

static void make_row_of_requests(maker *m)
{
    uint64_t count = 2 + draw(m, 20);
    for (uint64_t i = 0; i < count; i++) {
        size_t from = m->out->size;
        add_good(m);
        if (draw(m, 6) == 0) {
            mutate(m, from);
        }
    }
}

static void make_truncated(maker *m)
{
    size_t from = m->out->size;
    add_good(m);
    m->out->size = from + (size_t)draw(m, m->out->size - from);
}

void hostile_make(const hostile_corpus *corpus, uint64_t number, sy_buf *out)
{
    static void (*const kinds[])(maker *) = {
        make_mutated, make_target,  make_body,      make_header,          make_nonsense,
        make_framing, make_mutated, make_truncated, make_row_of_requests, make_huge};
    maker m = {.corpus = corpus, .state = number + 1, .out = out};
    kinds[number % (sizeof kinds / sizeof kinds[0])](&m);
}
