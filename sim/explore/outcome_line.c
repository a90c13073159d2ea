#include "sim/explore/outcome_line.h"

#include <inttypes.h>
#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The counts by name, in the order of the line. */
static const struct {
    const char *name;
    size_t offset;
} count_fields[] = {
    {"operations", offsetof(sim_counts, operations)},
    {"pushes", offsetof(sim_counts, pushes)},
    {"pulls", offsetof(sim_counts, pulls)},
    {"conflicts", offsetof(sim_counts, conflicts)},
    {"faults", offsetof(sim_counts, faults)},
    {"messages", offsetof(sim_counts, messages)},
    {"crashes", offsetof(sim_counts, crashes)},
};

#define COUNT_FIELD_COUNT (sizeof count_fields / sizeof count_fields[0])

static void add_signature(sim_outcome_line *out, const sim_signature *signature)
{
    for (uint32_t i = 0; i < out->signature_count; i++) {
        if (strcmp(out->signatures[i].text, signature->text) == 0) {
            return;
        }
    }
    if (out->signature_count < SIM_SIGNATURE_COUNT_MAX && signature->text[0] != '\0') {
        out->signatures[out->signature_count++] = *signature;
    }
}

void sim_subject_set_weather(sim_subject *subject, const sim_weather_asked *asked)
{
    sy_buf text;
    sy_buf_init_fixed(&text, subject->weather, sizeof subject->weather - 1);
    sim_weather_asked_print(asked, &text);
    subject->weather[text.size] = '\0';
}

void sim_outcome_line_of(const sim_subject *subject, const sim_result *result,
                         sim_outcome_line *out)
{
    *out = (sim_outcome_line){.subject = *subject,
                              .verdict = result->verdict,
                              .events = result->events,
                              .digest = result->digest,
                              .virtual_ns = result->virtual_ns,
                              .counts = result->counts,
                              .demands = result->demands};
    sim_signature first = sim_signature_of(result);
    add_signature(out, &first);
    for (size_t i = 0; i < result->findings.count && result->verdict != SIM_PASSED; i++) {
        sim_signature one = sim_signature_of_finding(&result->findings.items[i]);
        add_signature(out, &one);
    }
}

sy_rc sim_outcome_line_set_faults(sim_outcome_line *line, const sim_fault_table *faults,
                                  sy_err *err)
{
    if (faults->count > SIM_FAULT_ROW_COUNT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "at most %d kinds of faults", SIM_FAULT_ROW_COUNT_MAX);
    }
    line->fault_count = (uint32_t)faults->count;
    for (uint32_t i = 0; i < line->fault_count; i++) {
        line->faults[i] = faults->rows[i];
    }
    return SY_OK;
}

/* -- writing -- */

static void add_demands(sy_buf *out, const sim_demands *demands)
{
    sy_buf_add_str(out, SY_STR(",\"sometimes\":{"));
    for (uint32_t i = 0; i < demands->count; i++) {
        sy_buf_add_str(out, i > 0 ? SY_STR(",") : SY_STR(""));
        sy_buf_add_json_string(out, sy_str_of(demands->items[i].text));
        sy_buf_add_str(out, demands->items[i].met ? SY_STR(":true") : SY_STR(":false"));
    }
    sy_buf_add_char(out, '}');
}

static void add_faults(sy_buf *out, const sim_outcome_line *line)
{
    sy_buf_add_str(out, SY_STR(",\"coverage\":{"));
    for (uint32_t i = 0; i < line->fault_count; i++) {
        const sim_fault_row *row = &line->faults[i];
        sy_buf_add_str(out, i > 0 ? SY_STR(",") : SY_STR(""));
        sy_buf_add_json_string(out, sy_str_of(row->name));
        sy_buf_printf(out, ":[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]", row->offered,
                      row->fired, row->tried, row->mattered);
    }
    sy_buf_add_char(out, '}');
}

static void add_text(sy_buf *out, const char *name, const char *text)
{
    sy_buf_printf(out, "\"%s\":", name);
    sy_buf_add_json_string(out, sy_str_of(text));
    sy_buf_add_char(out, ',');
}

void sim_outcome_line_write(const sim_outcome_line *line, sy_buf *out)
{
    sy_buf_add_char(out, '{');
    add_text(out, "build", line->subject.build);
    if (line->shape[0] != '\0') {
        sy_buf_add_str(out, SY_STR("\"shape\":"));
        sy_buf_add_json_string(out, sy_str_of(line->shape));
        sy_buf_add_str(out, SY_STR("}\n"));
        return;
    }
    add_text(out, "scenario", line->subject.scenario);
    add_text(out, "dialect", line->subject.dialect);
    add_text(out, "server", line->subject.server);
    if (line->subject.policy[0] != '\0') {
        add_text(out, "policy", line->subject.policy);
    }
    if (line->subject.weather[0] != '\0') {
        add_text(out, "weather", line->subject.weather);
    }
    sy_buf_printf(out, "\"calm\":%s,\"seed\":%" PRIu64 ",", line->subject.calm ? "true" : "false",
                  line->subject.seed);
    add_text(out, "verdict", line->died ? "died" : sim_verdict_name(line->verdict));
    sy_buf_printf(out,
                  "\"events\":%" PRIu64 ",\"virtual_ns\":%" PRId64 ",\"digest\":\"%016" PRIx64 "\"",
                  line->events, line->virtual_ns, line->digest);
    for (size_t i = 0; i < COUNT_FIELD_COUNT; i++) {
        uint64_t value = 0;
        memcpy(&value, (const char *)&line->counts + count_fields[i].offset, sizeof value);
        sy_buf_printf(out, ",\"%s\":%" PRIu64, count_fields[i].name, value);
    }
    sy_buf_add_str(out, SY_STR(",\"signatures\":["));
    for (uint32_t i = 0; i < line->signature_count; i++) {
        sy_buf_add_str(out, i > 0 ? SY_STR(",") : SY_STR(""));
        sy_buf_add_json_string(out, sy_str_of(line->signatures[i].text));
    }
    sy_buf_add_char(out, ']');
    if (line->demands.count > 0) {
        add_demands(out, &line->demands);
    }
    if (line->subject.counted) {
        add_faults(out, line);
    }
    sy_buf_add_str(out, SY_STR("}\n"));
}

/* -- reading -- */

typedef struct reader {
    const json_t *object;
    const char *wrong; /* the first field that is missing or of another kind; NULL: none */
} reader;

static void read_text(reader *in, const char *name, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(in->object, name));
    if (text == NULL || strlen(text) >= size) {
        in->wrong = in->wrong != NULL ? in->wrong : name;
        return;
    }
    memcpy(out, text, strlen(text) + 1);
}

static uint64_t read_number(reader *in, const char *name)
{
    const json_t *value = json_object_get(in->object, name);
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        in->wrong = in->wrong != NULL ? in->wrong : name;
        return 0;
    }
    return (uint64_t)json_integer_value(value);
}

static void read_verdict(reader *in, sim_outcome_line *out)
{
    char name[40] = "";
    read_text(in, "verdict", name, sizeof name);
    out->died = strcmp(name, "died") == 0;
    out->verdict = out->died ? SIM_HARNESS : SIM_VERDICT_COUNT;
    for (int i = 0; i < SIM_VERDICT_COUNT; i++) {
        if (strcmp(name, sim_verdict_name((sim_verdict)i)) == 0) {
            out->verdict = (sim_verdict)i;
        }
    }
    if (out->verdict == SIM_VERDICT_COUNT) {
        in->wrong = in->wrong != NULL ? in->wrong : "verdict";
    }
}

static void read_digest(reader *in, uint64_t *out)
{
    char text[20] = "";
    read_text(in, "digest", text, sizeof text);
    if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16) {
        in->wrong = in->wrong != NULL ? in->wrong : "digest";
        return;
    }
    for (const char *at = text; *at != '\0'; at++) {
        *out = *out * 16 + (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
    }
}

static void read_signatures(reader *in, sim_outcome_line *out)
{
    const json_t *list = json_object_get(in->object, "signatures");
    if (!json_is_array(list) || json_array_size(list) > SIM_SIGNATURE_COUNT_MAX) {
        in->wrong = in->wrong != NULL ? in->wrong : "signatures";
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || strlen(text) >= SIM_SIGNATURE_SIZE) {
            in->wrong = in->wrong != NULL ? in->wrong : "signatures";
            return;
        }
        memcpy(out->signatures[out->signature_count++].text, text, strlen(text) + 1);
    }
}

static void read_demands(reader *in, json_t *demands, sim_outcome_line *out)
{
    const char *text = NULL;
    json_t *met = NULL;
    bool good = json_is_object(demands);
    json_object_foreach(demands, text, met)
    {
        good = good && json_is_boolean(met) &&
               sim_demands_add(&out->demands, sy_str_of(text), json_is_true(met), NULL) == SY_OK;
    }
    in->wrong = in->wrong != NULL || good ? in->wrong : "sometimes";
}

static void read_fault(reader *in, const char *name, const json_t *numbers, sim_fault_row *out)
{
    uint64_t *const fields[] = {&out->offered, &out->fired, &out->tried, &out->mattered};
    const size_t count = sizeof fields / sizeof fields[0];
    if (json_array_size(numbers) != count || strlen(name) >= sizeof out->name) {
        in->wrong = in->wrong != NULL ? in->wrong : "coverage";
        return;
    }
    memcpy(out->name, name, strlen(name) + 1);
    for (size_t i = 0; i < count; i++) {
        const json_int_t value = json_integer_value(json_array_get(numbers, i));
        *fields[i] = value < 0 ? 0 : (uint64_t)value;
    }
}

static void read_faults(reader *in, json_t *faults, sim_outcome_line *out)
{
    const char *name = NULL;
    json_t *numbers = NULL;
    out->subject.counted = true;
    if (!json_is_object(faults) || json_object_size(faults) > SIM_FAULT_ROW_COUNT_MAX) {
        in->wrong = in->wrong != NULL ? in->wrong : "coverage";
        return;
    }
    json_object_foreach(faults, name, numbers)
    {
        read_fault(in, name, numbers, &out->faults[out->fault_count++]);
    }
}

static void read_run(reader *in, sim_outcome_line *out)
{
    read_text(in, "scenario", out->subject.scenario, sizeof out->subject.scenario);
    read_text(in, "dialect", out->subject.dialect, sizeof out->subject.dialect);
    read_text(in, "server", out->subject.server, sizeof out->subject.server);
    if (json_object_get(in->object, "policy") != NULL) {
        read_text(in, "policy", out->subject.policy, sizeof out->subject.policy);
    }
    if (json_object_get(in->object, "weather") != NULL) {
        read_text(in, "weather", out->subject.weather, sizeof out->subject.weather);
    }
    out->subject.calm = json_is_true(json_object_get(in->object, "calm"));
    out->subject.seed = read_number(in, "seed");
    read_verdict(in, out);
    out->events = read_number(in, "events");
    out->virtual_ns = (sy_time)read_number(in, "virtual_ns");
    read_digest(in, &out->digest);
    for (size_t i = 0; i < COUNT_FIELD_COUNT; i++) {
        uint64_t value = read_number(in, count_fields[i].name);
        memcpy((char *)&out->counts + count_fields[i].offset, &value, sizeof value);
    }
    read_signatures(in, out);
    json_t *demands = json_object_get(in->object, "sometimes");
    if (demands != NULL) {
        read_demands(in, demands, out);
    }
    json_t *faults = json_object_get(in->object, "coverage");
    if (faults != NULL) {
        read_faults(in, faults, out);
    }
}

sy_rc sim_outcome_line_read(sy_str text, sim_outcome_line *out, sy_err *err)
{
    *out = (sim_outcome_line){.events = 0};
    json_error_t problem;
    json_t *object = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &problem);
    if (!json_is_object(object)) {
        json_decref(object);
        return SY_FAIL(err, SY_PARSE, "not a JSON object");
    }
    reader in = {.object = object};
    read_text(&in, "build", out->subject.build, sizeof out->subject.build);
    if (json_object_get(object, "shape") != NULL) {
        read_text(&in, "shape", out->shape, sizeof out->shape);
    } else {
        read_run(&in, out);
    }
    json_decref(object);
    return in.wrong == NULL ? SY_OK
                            : SY_FAIL(err, SY_PARSE, "field '%s' is missing or wrong", in.wrong);
}

void sim_outcome_line_key(const sim_outcome_line *line, sy_buf *out)
{
    const sim_subject *subject = &line->subject;
    if (line->shape[0] != '\0') {
        sy_buf_printf(out, "shape\n%s\n%s", line->shape, subject->build);
    } else {
        sy_buf_printf(out, "%s\n%s\n%s\n%s\n%s\n%s\n%d\n%s%020" PRIu64, subject->scenario,
                      subject->build, subject->dialect, subject->server, subject->policy,
                      subject->weather, subject->calm ? 1 : 0, subject->counted ? "counted\n" : "",
                      subject->seed);
    }
}

sy_rc sim_outcome_lines_read(sy_str text, const char *name, sim_outcome_taker *take, void *self,
                             size_t *whole, sy_err *err)
{
    *whole = 0;
    for (uint64_t number = 1; *whole < text.size; number++) {
        const char *begin = text.data + *whole;
        const char *stop = memchr(begin, '\n', text.size - *whole);
        if (stop == NULL) {
            return SY_OK;
        }
        const sy_str one = {begin, (size_t)(stop - begin) + 1};
        sim_outcome_line line;
        sy_rc rc = sim_outcome_line_read(one, &line, err);
        if (rc != SY_OK) {
            return sy_err_wrap(err, rc, "%s:%" PRIu64, name, number);
        }
        rc = take(self, &line, one, err);
        if (rc != SY_OK) {
            return rc;
        }
        *whole += one.size;
    }
    return SY_OK;
}
