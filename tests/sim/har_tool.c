/* For har.sh. `har_tool check FILE`: FILE is HAR 1.2, field by field. `har_tool convert CASE.jsonl
 * OUT.har`: a recorded case of tests/conformance as a recording of a browser; exit 2 when it shows
 * a defect of the real server's database. */
#define _POSIX_C_SOURCE 200809L
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- check -- */

static void demand(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "har_tool: %s\n", what);
        exit(1);
    }
}

static json_t *get(json_t *object, const char *name, json_type type)
{
    json_t *member = json_object_get(object, name);
    char text[160];
    (void)snprintf(text, sizeof text, "%s is missing or of another type", name);
    demand(member != NULL && json_typeof(member) == type, text);
    return member;
}

static double number(json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name);
    demand(json_is_number(member), name);
    return json_number_value(member);
}

static void check_pairs(json_t *list)
{
    size_t i = 0;
    json_t *pair = NULL;
    json_array_foreach(list, i, pair)
    {
        (void)get(pair, "name", JSON_STRING);
        (void)get(pair, "value", JSON_STRING);
    }
}

static void check_moment(json_t *object)
{
    const char *text = json_string_value(get(object, "startedDateTime", JSON_STRING));
    int fields[6];
    char zone = 0;
    demand(sscanf(text, "%d-%d-%dT%d:%d:%d.%*d%c", &fields[0], &fields[1], &fields[2], &fields[3],
                  &fields[4], &fields[5], &zone) == 7 &&
               zone == 'Z',
           "startedDateTime is not ISO 8601");
}

/* Bytes that the headers take, with first line and empty line. */
static double headers_size(json_t *message, size_t first_line)
{
    size_t size = first_line + 2;
    size_t i = 0;
    json_t *pair = NULL;
    json_array_foreach(json_object_get(message, "headers"), i, pair)
    {
        size += json_string_length(json_object_get(pair, "name")) +
                json_string_length(json_object_get(pair, "value")) + 4;
    }
    return (double)size;
}

static void check_message(json_t *message)
{
    (void)get(message, "httpVersion", JSON_STRING);
    (void)get(message, "cookies", JSON_ARRAY);
    check_pairs(get(message, "headers", JSON_ARRAY));
}

static void check_request(json_t *request)
{
    const char *method = json_string_value(get(request, "method", JSON_STRING));
    const char *url = json_string_value(get(request, "url", JSON_STRING));
    check_message(request);
    check_pairs(get(request, "queryString", JSON_ARRAY));
    demand(strncmp(url, "http://", 7) == 0 && strchr(url + 7, '/') != NULL, "the URL is absolute");
    const char *target = strchr(url + 7, '/');
    json_t *post = json_object_get(request, "postData");
    size_t body = 0;
    if (post != NULL) {
        (void)get(post, "mimeType", JSON_STRING);
        body = json_string_length(get(post, "text", JSON_STRING));
    }
    demand(number(request, "bodySize") == (double)body, "request.bodySize");
    const size_t line = strlen(method) + 1 + strlen(target) + sizeof " HTTP/1.1\r\n" - 1;
    demand(number(request, "headersSize") == headers_size(request, line), "request.headersSize");
}

static void check_response(json_t *response)
{
    const int status = (int)number(response, "status");
    const size_t words = json_string_length(get(response, "statusText", JSON_STRING));
    check_message(response);
    (void)get(response, "redirectURL", JSON_STRING);
    json_t *content = get(response, "content", JSON_OBJECT);
    (void)get(content, "mimeType", JSON_STRING);
    if (status == 0) {
        (void)get(response, "_error", JSON_STRING);
        demand(number(response, "bodySize") == -1, "an answer that never came has no size");
        return;
    }
    const double body = (double)json_string_length(get(content, "text", JSON_STRING));
    demand(number(content, "size") == body && number(response, "bodySize") == body,
           "response.bodySize");
    demand(number(response, "headersSize") ==
               headers_size(response, sizeof "HTTP/1.1 200 \r\n" - 1 + words),
           "response.headersSize");
}

static void check_entry(json_t *entry, json_t *pages)
{
    size_t i = 0;
    json_t *page = NULL;
    bool known = false;
    check_moment(entry);
    check_request(get(entry, "request", JSON_OBJECT));
    check_response(get(entry, "response", JSON_OBJECT));
    (void)get(entry, "cache", JSON_OBJECT);
    json_t *timings = get(entry, "timings", JSON_OBJECT);
    const double sum =
        number(timings, "send") + number(timings, "wait") + number(timings, "receive");
    const double difference = sum - number(entry, "time");
    demand(difference < 0.001 && difference > -0.001, "the timings add up to the time");
    const char *reference = json_string_value(get(entry, "pageref", JSON_STRING));
    json_array_foreach(pages, i, page)
    {
        known = known || strcmp(json_string_value(get(page, "id", JSON_STRING)), reference) == 0;
    }
    demand(known, "pageref names a page");
}

static int check(const char *path)
{
    json_error_t problem;
    json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
    demand(document != NULL, problem.text);
    json_t *log = get(document, "log", JSON_OBJECT);
    demand(strcmp(json_string_value(get(log, "version", JSON_STRING)), "1.2") == 0, "version 1.2");
    (void)get(get(log, "creator", JSON_OBJECT), "name", JSON_STRING);
    (void)get(get(log, "creator", JSON_OBJECT), "version", JSON_STRING);
    json_t *pages = get(log, "pages", JSON_ARRAY);
    json_t *entries = get(log, "entries", JSON_ARRAY);
    size_t i = 0;
    json_t *item = NULL;
    json_array_foreach(pages, i, item)
    {
        check_moment(item);
        (void)get(item, "title", JSON_STRING);
        (void)get(item, "pageTimings", JSON_OBJECT);
    }
    json_array_foreach(entries, i, item)
    {
        check_entry(item, pages);
    }
    (void)printf("%zu entries\n", json_array_size(entries));
    json_decref(document);
    return 0;
}

/* -- convert -- */

static json_t *pairs_of(json_t *headers)
{
    json_t *list = json_array();
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(headers, name, value)
    {
        (void)json_array_append_new(list, json_pack("{s:s, s:O}", "name", name, "value", value));
    }
    return list;
}

/* The body's text; NULL: none. */
static char *body_of(json_t *message)
{
    json_t *body = json_object_get(message, "body");
    json_t *text = json_object_get(message, "bodyText");
    if (body != NULL) {
        return json_dumps(body, JSON_ENCODE_ANY | JSON_COMPACT);
    }
    return text != NULL ? strdup(json_string_value(text)) : NULL;
}

static json_t *entry_of(json_t *line)
{
    json_t *request = json_object_get(line, "request");
    json_t *response = json_object_get(line, "response");
    char url[8192];
    (void)snprintf(url, sizeof url, "https://app.example.net%s",
                   json_string_value(json_object_get(request, "path")));
    char *sent = body_of(request);
    char *came = body_of(response);
    json_t *asked = json_pack("{s:O, s:s, s:o}", "method", json_object_get(request, "method"),
                              "url", url, "headers", pairs_of(json_object_get(request, "headers")));
    if (sent != NULL) {
        (void)json_object_set_new(
            asked, "postData",
            json_pack("{s:s, s:s}", "mimeType", "application/json", "text", sent));
    }
    json_t *answered = json_pack("{s:O, s:{s:s}}", "status", json_object_get(response, "status"),
                                 "content", "text", came != NULL ? came : "");
    free(sent);
    free(came);
    return json_pack("{s:s, s:o, s:o}", "startedDateTime", "2024-02-29T12:00:00.000Z", "request",
                     asked, "response", answered);
}

static int convert(const char *from, const char *to)
{
    FILE *file = fopen(from, "r");
    char *line = NULL;
    size_t capacity = 0;
    demand(file != NULL, from);
    demand(getline(&line, &capacity, file) > 0, "an empty file");
    json_t *head = json_loads(line, 0, NULL);
    const bool artefact = json_is_true(json_object_get(head, "artefact"));
    json_t *entries = json_array();
    while (getline(&line, &capacity, file) > 0) {
        json_t *exchange = json_loads(line, JSON_ALLOW_NUL, NULL);
        demand(exchange != NULL, "a line that is no JSON");
        (void)json_array_append_new(entries, entry_of(exchange));
        json_decref(exchange);
    }
    json_t *har = json_pack("{s:{s:s, s:o}}", "log", "version", "1.2", "entries", entries);
    demand(json_dump_file(har, to, JSON_COMPACT) == 0, to);
    json_decref(har);
    json_decref(head);
    free(line);
    (void)fclose(file);
    return artefact ? 2 : 0;
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "check") == 0) {
        return check(arguments[2]);
    }
    if (count == 4 && strcmp(arguments[1], "convert") == 0) {
        return convert(arguments[2], arguments[3]);
    }
    (void)fputs("usage: har_tool check FILE | convert CASE.jsonl OUT.har\n", stderr);
    return 64;
}
