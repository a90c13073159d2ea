/* Bindings, and the two things they are for: requests with our values in them, and answers that are
 * the same but for them. */
#include "sim/cli/har_match.h"

#include "core/wire/url.h"

void har_match_init(har_match *match)
{
    *match = (har_match){.failed = false};
    sy_arena_init(&match->arena, sy_alloc_std());
}

void har_match_deinit(har_match *match)
{
    sy_alloc_free(sy_alloc_std(), match->items, match->capacity * sizeof *match->items);
    sy_arena_deinit(&match->arena);
}

static sy_str keep(har_match *match, sy_str text)
{
    const sy_str copy = sy_arena_copy(&match->arena, text);
    match->failed = match->failed || copy.data == NULL;
    return copy;
}

/* -- bindings -- */

/* The newest of that value; `row` empty: of any row. NULL: none. */
static const har_binding *find(const har_match *match, har_kind kind, sy_str row, sy_str recorded)
{
    for (size_t i = match->count; i-- > 0;) {
        const har_binding *item = &match->items[i];
        if (item->kind == kind && sy_str_equal(item->recorded, recorded) &&
            (row.size == 0 || sy_str_equal(item->row, row))) {
            return item;
        }
    }
    return NULL;
}

static void bind(har_match *match, har_kind kind, sy_str row, sy_str recorded, sy_str ours)
{
    har_binding *items =
        sy_alloc_grow(sy_alloc_std(), match->items, match->count, &match->capacity, sizeof *items);
    if (items == NULL) {
        match->failed = true;
        return;
    }
    match->items = items;
    items[match->count++] =
        (har_binding){kind, keep(match, row), keep(match, recorded), keep(match, ours)};
}

static sy_str filled(const har_match *match, har_kind kind, sy_str row, sy_str recorded)
{
    const har_binding *bound = find(match, kind, row, recorded);
    return bound != NULL ? bound->ours : recorded;
}

static sy_str row_key(har_match *match, sy_str table, sy_str id)
{
    const sy_str key = sy_arena_printf(&match->arena, "%.*s/%.*s", SY_FMT(table), SY_FMT(id));
    match->failed = match->failed || key.data == NULL;
    return key;
}

/* What a member of a row is to us; false: a value like any other. */
static bool kind_of(sy_str name, har_kind *out)
{
    if (sy_str_starts_with(name, SY_STR("__"))) {
        name = (sy_str){name.data + 2, name.size - 2};
    }
    if (sy_str_equal(name, SY_STR("version"))) {
        *out = HAR_VERSION;
        return true;
    }
    *out = HAR_TIME;
    return sy_str_equal(name, SY_STR("updatedAt")) || sy_str_equal(name, SY_STR("createdAt"));
}

/* -- filling -- */

/* A time without its Z: clients write it in other forms. */
static sy_str stem(sy_str time)
{
    return time.size > 0 && time.data[time.size - 1] == 'Z' ? (sy_str){time.data, time.size - 1}
                                                            : time;
}

/* The longest bound time or id that `text` begins with. */
static const har_binding *find_in(const har_match *match, sy_str text)
{
    const har_binding *best = NULL;
    for (size_t i = match->count; i-- > 0;) {
        const har_binding *item = &match->items[i];
        const sy_str part = item->kind == HAR_TIME ? stem(item->recorded) : item->recorded;
        if (item->kind != HAR_VERSION && part.size >= 4 && sy_str_starts_with(text, part) &&
            (best == NULL || part.size > stem(best->recorded).size)) {
            best = item;
        }
    }
    return best;
}

static void add_filled(const har_match *match, sy_str text, sy_buf *out)
{
    for (size_t at = 0; at < text.size;) {
        const har_binding *bound = find_in(match, (sy_str){text.data + at, text.size - at});
        if (bound == NULL) {
            sy_buf_add_char(out, text.data[at++]);
        } else {
            const bool time = bound->kind == HAR_TIME;
            const sy_str part = time ? stem(bound->recorded) : bound->recorded;
            const bool cut_z = part.size < bound->recorded.size;
            sy_buf_add_str(out, cut_z ? stem(bound->ours) : bound->ours);
            at += part.size;
        }
    }
}

static sy_str take(har_match *match, sy_buf *text)
{
    match->failed = match->failed || text->failed;
    const sy_str kept = keep(match, sy_buf_str(text));
    sy_buf_deinit(text);
    return kept;
}

/* The text up to `c`, which goes with it; all of it when there is none. */
static sy_str cut(sy_str *rest, char c)
{
    const char *at = rest->size > 0 ? memchr(rest->data, c, rest->size) : NULL;
    const sy_str piece = {rest->data, at != NULL ? (size_t)(at - rest->data) : rest->size};
    const size_t used = piece.size + (at != NULL);
    *rest = (sy_str){used > 0 ? rest->data + used : rest->data, rest->size - used};
    return piece;
}

/* A part of a URL with our values in it; as it came where it has none. A plus stays a plus. */
static void add_encoded(const har_match *match, sy_str encoded, sy_buf *out)
{
    char c = 0;
    sy_buf said, value;
    sy_buf_init(&said, sy_alloc_std());
    sy_buf_init(&value, sy_alloc_std());
    for (size_t at = 0; sy_url_next(encoded, &at, &c);) {
        sy_buf_add_char(&said, c);
    }
    add_filled(match, sy_buf_str(&said), &value);
    if (sy_str_equal(sy_buf_str(&said), sy_buf_str(&value))) {
        sy_buf_add_str(out, encoded);
    } else {
        const bool spaces = memchr(encoded.data, '+', encoded.size) != NULL;
        for (size_t i = 0; i < value.size; i++) {
            const sy_str byte = {value.data + i, 1};
            if (*byte.data == '+' && spaces) {
                sy_buf_add_char(out, '+');
            } else {
                sy_url_encode(byte, SY_URL_ESCAPE_DATA, out);
            }
        }
    }
    out->failed = out->failed || said.failed || value.failed;
    sy_buf_deinit(&said);
    sy_buf_deinit(&value);
}

sy_str har_fill_target(har_match *match, sy_str target)
{
    if (match->count == 0) {
        return target;
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_str query = target;
    sy_str path = cut(&query, '?');
    const bool asks = path.size < target.size;
    for (bool first = true; first || path.size > 0; first = false) {
        sy_buf_add_str(&text, first ? (sy_str){NULL, 0} : SY_STR("/"));
        add_encoded(match, cut(&path, '/'), &text);
    }
    sy_buf_add_str(&text, asks ? SY_STR("?") : (sy_str){NULL, 0});
    for (bool first = true; query.size > 0; first = false) {
        sy_str value = cut(&query, '&');
        const sy_str whole = value;
        const sy_str name = cut(&value, '=');
        sy_buf_add_str(&text, first ? (sy_str){NULL, 0} : SY_STR("&"));
        sy_buf_add_str(&text, name);
        sy_buf_add_str(&text, name.size < whole.size ? SY_STR("=") : (sy_str){NULL, 0});
        add_encoded(match, value, &text);
    }
    return take(match, &text);
}

static void add_json(const har_match *match, sy_str row, const sy_json *json, sy_buf *out);

static void add_member(const har_match *match, sy_str row, const sy_json_member *member,
                       sy_buf *out)
{
    har_kind kind = HAR_ID;
    sy_buf_add_json_string(out, member->name);
    sy_buf_add_char(out, ':');
    if (sy_json_kind_of(member->value) == SY_JSON_TEXT && kind_of(member->name, &kind)) {
        const sy_value text = sy_json_scalar(member->value);
        sy_buf_add_json_string(out, filled(match, kind, row, sy_value_str(&text)));
    } else {
        add_json(match, row, member->value, out);
    }
}

static void add_json(const har_match *match, sy_str row, const sy_json *json, sy_buf *out)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind == SY_JSON_OBJECT) {
        sy_json_member member;
        char separator = '{';
        for (bool more = sy_json_first(json, &member); more; more = sy_json_next(json, &member)) {
            sy_buf_add_char(out, separator);
            add_member(match, row, &member, out);
            separator = ',';
        }
        sy_buf_add_str(out, separator == '{' ? SY_STR("{}") : SY_STR("}"));
    } else if (kind == SY_JSON_ARRAY) {
        sy_buf_add_char(out, '[');
        for (size_t i = 0; i < sy_json_count(json); i++) {
            sy_buf_add_str(out, i > 0 ? SY_STR(",") : (sy_str){NULL, 0});
            add_json(match, row, sy_json_at(json, i), out);
        }
        sy_buf_add_char(out, ']');
    } else {
        const sy_str none = {NULL, 0};
        sy_value scalar = sy_json_scalar(json);
        if (scalar.type == SY_TYPE_TEXT) {
            scalar = sy_text(filled(match, HAR_ID, none, sy_value_str(&scalar)));
        }
        sy_value_to_json(&scalar, out);
    }
}

sy_str har_fill_body(har_match *match, const har_subject *subject, sy_str body)
{
    sy_json *document = NULL;
    if (body.size == 0 || match->count == 0 || sy_json_parse(body, &document, NULL) != SY_OK) {
        return body;
    }
    sy_str id = sy_json_get_text(document, SY_STR("id"));
    id = id.size > 0 ? id : subject->id;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    add_json(match, row_key(match, subject->table, id), document, &text);
    sy_json_free(document);
    return take(match, &text);
}

/* Wherever the row's version stands in the header: it may be a list, or lack its quotes. */
sy_str har_fill_if_match(har_match *match, const har_subject *subject, sy_str header)
{
    const sy_str row = row_key(match, subject->table, subject->id);
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    for (size_t at = 0; at < header.size;) {
        const har_binding *best = NULL;
        for (size_t i = match->count; i-- > 0;) {
            const har_binding *item = &match->items[i];
            if (item->kind == HAR_VERSION && sy_str_equal(item->row, row) &&
                sy_str_starts_with((sy_str){header.data + at, header.size - at}, item->recorded) &&
                (best == NULL || item->recorded.size > best->recorded.size)) {
                best = item;
            }
        }
        if (best != NULL && best->recorded.size > 0) {
            sy_buf_add_str(&text, best->ours);
            at += best->recorded.size;
        } else {
            sy_buf_add_char(&text, header.data[at++]);
        }
    }
    return take(match, &text);
}

/* -- comparing -- */

static const char *say(har_match *match, const char *where, const sy_json *recorded,
                       const sy_json *ours)
{
    static const sy_str none = {NULL, 0};
    const har_match nothing = {.count = 0};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_printf(&text, "%s: recorded ", where);
    if (recorded != NULL) {
        add_json(&nothing, none, recorded, &text);
    } else {
        sy_buf_add_str(&text, SY_STR("nothing"));
    }
    sy_buf_add_str(&text, SY_STR(", here "));
    if (ours != NULL) {
        add_json(&nothing, none, ours, &text);
    } else {
        sy_buf_add_str(&text, SY_STR("nothing"));
    }
    return take(match, &text).data;
}

static const char *compare(har_match *match, const har_subject *subject, const char *where,
                           const sy_json *recorded, const sy_json *ours);

/* `row` empty: whosesoever it is. */
static bool is_bound(const har_match *match, har_kind kind, sy_str row, sy_str recorded,
                     sy_str ours)
{
    for (size_t i = 0; i < match->count; i++) {
        const har_binding *item = &match->items[i];
        if (item->kind == kind && sy_str_equal(item->recorded, recorded) &&
            sy_str_equal(item->ours, ours) && (row.size == 0 || sy_str_equal(item->row, row))) {
            return true;
        }
    }
    return false;
}

/* A text that differs from server to server: the same one as before, or one that is bound now. */
static const char *compare_bound(har_match *match, har_kind kind, sy_str row, const char *where,
                                 const sy_json *recorded, const sy_json *ours)
{
    if (ours == NULL || sy_json_kind_of(ours) != SY_JSON_TEXT) {
        return say(match, where, recorded, ours);
    }
    const sy_value want = sy_json_scalar(recorded);
    const sy_value got = sy_json_scalar(ours);
    const har_binding *bound = find(match, kind, row, sy_value_str(&want));
    if (bound == NULL && row.size > 0) {
        bind(match, kind, row, sy_value_str(&want), sy_value_str(&got));
    }
    return bound == NULL || is_bound(match, kind, row, sy_value_str(&want), sy_value_str(&got))
               ? NULL
               : say(match, where, recorded, ours);
}

static const char *compare_id(har_match *match, const har_subject *subject, const char *where,
                              const sy_json *recorded, const sy_json *ours)
{
    static const sy_str all = {"*", 1}; /* ids belong to no row */
    const sy_value want = sy_json_scalar(recorded);
    const bool known = find(match, HAR_ID, all, sy_value_str(&want)) != NULL;
    const char *problem = compare(match, subject, where, recorded, ours);
    const bool made = subject->creates && !sy_str_equal(subject->sent_id, sy_value_str(&want));
    return problem != NULL && (made || known)
               ? compare_bound(match, HAR_ID, all, where, recorded, ours)
               : problem;
}

static const char *compare_member(har_match *match, const har_subject *subject, sy_str row,
                                  const char *where, const sy_json_member *member,
                                  const sy_json *ours)
{
    har_kind kind = HAR_ID;
    const sy_str at = sy_arena_printf(&match->arena, "%s.%.*s", where, SY_FMT(member->name));
    if (at.data == NULL) {
        match->failed = true;
        return NULL;
    }
    const bool text = sy_json_kind_of(member->value) == SY_JSON_TEXT;
    if (text && kind_of(member->name, &kind)) {
        return compare_bound(match, kind, row, at.data, member->value, ours);
    }
    if (text && sy_str_equal(member->name, SY_STR("id"))) {
        return compare_id(match, subject, at.data, member->value, ours);
    }
    if (text && sy_str_equal(member->name, SY_STR("nextLink"))) { /* it names the host */
        return ours != NULL ? NULL : say(match, at.data, member->value, ours);
    }
    return compare(match, subject, at.data, member->value, ours);
}

static const char *compare_objects(har_match *match, const har_subject *subject, const char *where,
                                   const sy_json *recorded, const sy_json *ours)
{
    sy_json_member member;
    const sy_str id = sy_json_get_text(recorded, SY_STR("id"));
    const sy_str row = id.size > 0 ? row_key(match, subject->table, id) : (sy_str){NULL, 0};
    for (bool more = sy_json_first(recorded, &member); more;
         more = sy_json_next(recorded, &member)) {
        const char *problem =
            compare_member(match, subject, row, where, &member, sy_json_get(ours, member.name));
        if (problem != NULL || match->failed) {
            return problem;
        }
    }
    for (bool more = sy_json_first(ours, &member); more; more = sy_json_next(ours, &member)) {
        if (sy_json_get(recorded, member.name) == NULL) {
            const sy_str at = sy_arena_printf(&match->arena, "%s.%.*s", where, SY_FMT(member.name));
            return say(match, at.data != NULL ? at.data : where, NULL, member.value);
        }
    }
    return NULL;
}

static const char *compare(har_match *match, const har_subject *subject, const char *where,
                           const sy_json *recorded, const sy_json *ours)
{
    const sy_json_kind kind = sy_json_kind_of(recorded);
    if (ours == NULL) {
        return say(match, where, recorded, ours);
    }
    if (kind == SY_JSON_OBJECT && sy_json_kind_of(ours) == SY_JSON_OBJECT) {
        return compare_objects(match, subject, where, recorded, ours);
    }
    if (kind == SY_JSON_ARRAY && sy_json_kind_of(ours) == SY_JSON_ARRAY &&
        sy_json_count(recorded) == sy_json_count(ours)) {
        const char *problem = NULL;
        for (size_t i = 0; problem == NULL && i < sy_json_count(ours); i++) {
            const sy_str at = sy_arena_printf(&match->arena, "%s[%zu]", where, i);
            problem = compare(match, subject, at.data != NULL ? at.data : where,
                              sy_json_at(recorded, i), sy_json_at(ours, i));
        }
        return problem;
    }
    if (kind == SY_JSON_OBJECT || kind == SY_JSON_ARRAY ||
        sy_json_kind_of(ours) == SY_JSON_OBJECT || sy_json_kind_of(ours) == SY_JSON_ARRAY) {
        return say(match, where, recorded, ours);
    }
    const sy_value want = sy_json_scalar(recorded);
    const sy_value got = sy_json_scalar(ours);
    return sy_value_equal(&want, &got) ? NULL : say(match, where, recorded, ours);
}

const char *har_compare(har_match *match, const har_subject *subject, const sy_json *recorded,
                        const sy_json *ours)
{
    return compare(match, subject, "body", recorded, ours);
}

/* -- rows that were there before -- */

static sy_value cell_of(const sy_json *json, sy_type type)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind == SY_JSON_ARRAY || kind == SY_JSON_OBJECT) {
        return (sy_value){.type = SY_TYPE_ABSENT};
    }
    const sy_value scalar = sy_json_scalar(json);
    sy_time time = 0;
    if (type == SY_TYPE_DATETIME && sy_time_parse(sy_value_str(&scalar), &time, NULL) == SY_OK) {
        return sy_datetime(time);
    }
    const bool number = scalar.type == SY_TYPE_INT && type == SY_TYPE_REAL;
    const bool fits = scalar.type == (uint32_t)type || scalar.type == SY_TYPE_NULL || number;
    return fits ? scalar : (sy_value){.type = SY_TYPE_ABSENT};
}

sy_rc har_row(const sy_schema *schema, const sy_json *recorded, sy_arena *arena, const sy_row **out,
              sy_err *err)
{
    sy_row *row = sy_row_new(arena, schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < schema->column_count; i++) {
        const sy_json *member = sy_json_get(recorded, schema->columns[i].name);
        const bool own = i >= SY_SYSTEM_COUNT || i == SY_COLUMN_ID || i == SY_COLUMN_DELETED;
        if (member != NULL && own) {
            row->cells[i] = cell_of(member, schema->columns[i].type);
        }
    }
    *out = row;
    return SY_OK;
}
