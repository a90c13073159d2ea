/* Copies of choices. A label is copied with each entry: the labels of a script die with it, and
 * what is read from text never had one. */
#include "sim/kernel/choice_list.h"

#include <inttypes.h>
#include <string.h>

#define NAME_SIZE_MAX 255

void sim_choice_list_init(sim_choice_list *list, sy_alloc alloc)
{
    *list = (sim_choice_list){.items = NULL};
    sy_arena_init(&list->arena, alloc);
}

void sim_choice_list_deinit(sim_choice_list *list)
{
    sy_alloc_free(list->arena.alloc, list->items, list->capacity * sizeof *list->items);
    sy_arena_deinit(&list->arena);
    *list = (sim_choice_list){.arena = list->arena};
}

void sim_choice_list_clear(sim_choice_list *list)
{
    list->count = 0;
    sy_arena_reset(&list->arena);
}

static const char *copy_text(sim_choice_list *list, const char *text, bool *failed)
{
    if (text == NULL) {
        return NULL;
    }
    const char *copy = sy_arena_copy(&list->arena, sy_str_of(text)).data;
    *failed = *failed || copy == NULL;
    return copy;
}

static const sim_label *copy_label(sim_choice_list *list, const sim_label *label, bool *failed)
{
    sim_label *copy = sy_arena_push(&list->arena, sizeof *copy);
    if (copy == NULL) {
        *failed = true;
        return NULL;
    }
    *copy = *label;
    copy->name = copy_text(list, label->name, failed);
    copy->fault = copy_text(list, label->fault, failed);
    copy->verb = copy_text(list, label->verb, failed);
    for (size_t i = 0; i < SIM_KEY_PART_COUNT; i++) {
        copy->key_parts[i] = copy_text(list, label->key_parts[i], failed);
    }
    if (label->representative_count > 0) {
        size_t size = label->representative_count * sizeof *label->representatives;
        uint64_t *values = sy_arena_push(&list->arena, size);
        if (values == NULL) {
            *failed = true;
            return NULL;
        }
        memcpy(values, label->representatives, size);
        copy->representatives = values;
    }
    return copy;
}

sy_rc sim_choice_list_add(sim_choice_list *list, const sim_chosen *chosen)
{
    if (list->count == list->capacity) {
        sim_chosen *items = sy_alloc_grow(list->arena.alloc, list->items, list->count,
                                          &list->capacity, sizeof *items);
        if (items == NULL) {
            return SY_NOMEM;
        }
        list->items = items;
    }
    bool failed = false;
    sim_chosen copy = *chosen;
    copy.host = copy_text(list, chosen->host, &failed);
    copy.purpose = copy_text(list, chosen->purpose, &failed);
    copy.label = copy_label(list, chosen->label, &failed);
    if (failed) {
        return SY_NOMEM;
    }
    list->items[list->count++] = copy;
    return SY_OK;
}

sy_rc sim_choice_list_take(sim_choice_list *list, const sim_choice *choice)
{
    const sim_chosen *recorded = NULL;
    size_t count = sim_choice_recorded(choice, &recorded);
    for (size_t i = 0; i < count; i++) {
        if (sim_choice_list_add(list, &recorded[i]) != SY_OK) {
            return SY_NOMEM;
        }
    }
    return sim_choice_record_complete(choice) ? SY_OK : SY_NOMEM;
}

sy_rc sim_choice_list_force(const sim_choice_list *list, sim_choice *choice, sy_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        sy_rc rc = sim_choice_force(choice, &list->items[i], err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    return SY_OK;
}

void sim_choice_list_write(const sim_choice_list *list, sy_buf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        sim_chosen_to_text(&list->items[i], out);
        sy_buf_add_char(out, '\n');
    }
}

/* -- reading -- */

typedef struct reader {
    const char *at, *end;
} reader;

static bool take(reader *in, const char *text)
{
    size_t size = strlen(text);
    if ((size_t)(in->end - in->at) < size || memcmp(in->at, text, size) != 0) {
        return false;
    }
    in->at += size;
    return true;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes a name into `out` (NAME_SIZE_MAX + 1 bytes). false: none, too long, or a bad escape. */
static bool take_name(reader *in, char *out)
{
    size_t size = 0;
    while (in->at < in->end && size < NAME_SIZE_MAX) {
        if (sim_chosen_plain(*in->at)) {
            out[size++] = *in->at++;
            continue;
        }
        if (*in->at != '%' || in->end - in->at < 3) {
            break;
        }
        int high = digit_of(in->at[1]);
        int low = digit_of(in->at[2]);
        if (high < 0 || low < 0 || high + low == 0) {
            return false;
        }
        out[size++] = (char)(unsigned char)(high * 16 + low);
        in->at += 3;
    }
    out[size] = '\0';
    return size > 0 && size < NAME_SIZE_MAX;
}

static bool take_number(reader *in, uint64_t *out)
{
    const char *begin = in->at;
    uint64_t value = 0;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++) {
        uint64_t digit = (uint64_t)(*in->at - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return in->at > begin;
}

/* "push 2, attempt 1" up to the bracket. */
static bool take_key(reader *in, char names[][NAME_SIZE_MAX + 1], sim_label *label, sim_key *key)
{
    for (size_t i = 0; i < SIM_KEY_PART_COUNT; i++) {
        if (i > 0 && !take(in, ", ")) {
            break;
        }
        if (i == 0 && in->at < in->end && *in->at == ')') {
            break;
        }
        if (!take_name(in, names[i]) || !take(in, " ") || !take_number(in, &key->part[i])) {
            return false;
        }
        label->key_parts[i] = names[i];
    }
    return take(in, ")");
}

sy_rc sim_choice_list_read_line(sim_choice_list *list, sy_str line, sy_err *err)
{
    char host[NAME_SIZE_MAX + 1];
    char purpose[NAME_SIZE_MAX + 1];
    char name[NAME_SIZE_MAX + 1];
    char names[SIM_KEY_PART_COUNT][NAME_SIZE_MAX + 1];
    sim_label label = {.name = name, .choice_class = SIM_WORKLOAD};
    sim_chosen chosen = {.host = host, .purpose = purpose, .label = &label, .bound = UINT64_MAX};
    reader in = {line.data, line.data + line.size};
    bool fits = take_name(&in, host) && take(&in, "/") && take_name(&in, purpose) &&
                take(&in, " ") && take_name(&in, name) && take(&in, "(") &&
                take_key(&in, names, &label, &chosen.key) && take(&in, " = ") &&
                take_number(&in, &chosen.value) && in.at == in.end;
    if (!fits) {
        return SY_FAIL(err, SY_PARSE,
                       "not a choice at column %d: wanted HOST/PURPOSE LABEL(NAME NUMBER, ...) = "
                       "NUMBER",
                       (int)(in.at - line.data) + 1);
    }
    return sim_choice_list_add(list, &chosen) == SY_OK ? SY_OK : sy_fail_nomem(err);
}
