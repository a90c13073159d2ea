/* Every run of digits becomes '#', what stands in quotes or braces '_', the finding's own host and
 * row HOST and ROW; only the first line of a reason counts, since the lines behind it show values.
 */
#include "sim/explore/signature.h"

#include <stdio.h>
#include <string.h>

typedef struct writer {
    char *text;
    size_t size;
} writer;

static void add(writer *out, const char *text, size_t size)
{
    size_t left = SIM_SIGNATURE_SIZE - 1 - out->size;
    size = size < left ? size : left;
    memcpy(out->text + out->size, text, size);
    out->size += size;
    out->text[out->size] = '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The size of `name` where it stands at `at` as a word of its own. */
static size_t name_at(const char *text, const char *at, const char *name)
{
    size_t size = strlen(name);
    bool whole = (at == text || !is_word(at[-1])) && size > 0 && strncmp(at, name, size) == 0;
    return whole && !is_word(at[size]) ? size : 0;
}

/* The size of a quotation or a row in braces that begins at `at`, to its end or the line's. */
static size_t value_at(const char *at)
{
    const int close = at[0] == '{' ? '}' : at[0];
    if (at[0] != '{' && at[0] != '\'' && at[0] != '"') {
        return 0;
    }
    const char *end = strchr(at + 1, close);
    return end != NULL ? (size_t)(end - at) + 1 : strcspn(at, "\n");
}

static void add_sentence(writer *out, const char *text, const char *host, const char *row)
{
    for (const char *at = text; *at != '\0' && *at != '\n' && *at != ';';) {
        size_t size = 0;
        if ((size = name_at(text, at, row)) > 0) {
            add(out, "ROW", 3);
        } else if ((size = name_at(text, at, host)) > 0) {
            add(out, "HOST", 4);
        } else if ((size = value_at(at)) > 0) {
            add(out, "_", 1);
        } else if (is_digit(*at)) {
            while (is_digit(at[size])) {
                size++;
            }
            add(out, "#", 1);
        } else {
            add(out, at, size = 1);
        }
        at += size;
    }
}

sim_signature sim_signature_of_finding(const sim_finding *finding)
{
    sim_signature signature = {""};
    writer out = {signature.text, 0};
    add(&out, finding->checker, strlen(finding->checker));
    add(&out, ": ", 2);
    add_sentence(&out, finding->text, finding->host, finding->row);
    return signature;
}

static sim_signature of_verdict(const sim_result *result)
{
    sim_signature signature = {""};
    writer out = {signature.text, 0};
    const char *name = sim_verdict_name(result->verdict);
    add(&out, name, strlen(name));
    add(&out, ": ", 2);
    add_sentence(&out, result->reason, "", "");
    return signature;
}

/* Findings explain these verdicts; the others explain themselves. */
static bool findings_explain(const sim_result *result)
{
    return result->findings.count > 0 && !result->declared &&
           (result->verdict == SIM_FOUND || result->verdict == SIM_NOT_CONVERGED);
}

sim_signature sim_signature_of(const sim_result *result)
{
    if (findings_explain(result)) {
        return sim_signature_of_finding(&result->findings.items[0]);
    }
    return result->verdict == SIM_PASSED ? (sim_signature){""} : of_verdict(result);
}

bool sim_signature_shown(const sim_signature *signature, const sim_result *result)
{
    for (size_t i = 0; i < result->findings.count && findings_explain(result); i++) {
        sim_signature one = sim_signature_of_finding(&result->findings.items[i]);
        if (strcmp(one.text, signature->text) == 0) {
            return true;
        }
    }
    sim_signature whole = sim_signature_of(result);
    return strcmp(whole.text, signature->text) == 0;
}
