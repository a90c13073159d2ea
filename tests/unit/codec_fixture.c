#include "tests/unit/codec_fixture.h"

#include <string.h>

#include "core/wire/place.h"
#include "tests/unit/support.h"

const codec_pair codec_pairs[] = {
    {&sy_wire_mobile_services, &sy_wire_mobile_services},
    {&sy_wire_zumo, &sy_wire_node},
    {&sy_wire_zumo, &sy_wire_netfx},
    {&sy_wire_zumo, &sy_wire_datasync_v2},
    {&sy_wire_zumo_js, &sy_wire_node},
    {&sy_wire_zumo_js, &sy_wire_netfx},
    {&sy_wire_zumo_android, &sy_wire_netfx},
    {&sy_wire_zumo_ios, &sy_wire_netfx},
    {&sy_wire_datasync, &sy_wire_datasync},
    {&sy_wire_datasync, &sy_wire_toolkit},
    {&sy_wire_toolkit, &sy_wire_toolkit},
    {&sy_wire_toolkit, &sy_wire_datasync},
    {&sy_wire_sound, &sy_wire_sound},
};
const size_t codec_pair_count = sizeof codec_pairs / sizeof *codec_pairs;

enum { TEXT = SY_SYSTEM_COUNT, COUNT, PRICE, DONE, DUE, BYTES };

static const sy_column columns[] = {
    {{"text", 4}, SY_TYPE_TEXT}, {{"count", 5}, SY_TYPE_INT},    {{"price", 5}, SY_TYPE_REAL},
    {{"done", 4}, SY_TYPE_BOOL}, {{"due", 3}, SY_TYPE_DATETIME}, {{"bytes", 5}, SY_TYPE_BLOB},
};

sy_rc codec_fixture_init(codec_fixture *f, sy_alloc alloc, uint64_t seed)
{
    *f = (codec_fixture){.random = seed};
    sy_arena_init(&f->arena, alloc);
    return sy_schema_new(&f->arena, SY_STR("todoitem"), SY_SYSTEM_BIT(SY_SYSTEM_COUNT) - 1u,
                         columns, sizeof columns / sizeof *columns, &f->schema, NULL);
}

void codec_fixture_deinit(codec_fixture *f)
{
    sy_arena_deinit(&f->arena);
}

static const sy_schema *find_schema(const void *self, sy_str name)
{
    const codec_fixture *f = self;
    return sy_str_equal_nocase(name, f->schema->name) ? f->schema : NULL;
}

sy_wire_tables codec_tables(const codec_fixture *f)
{
    static const sy_wire_tables_ops ops = {.schema = find_schema};
    return (sy_wire_tables){&ops, f};
}

/* -- drawing -- */

static uint64_t draw(codec_fixture *f, uint64_t n)
{
    return test_random(&f->random) % n;
}

static bool maybe(codec_fixture *f)
{
    return draw(f, 2) == 0;
}

sy_str codec_text(codec_fixture *f)
{
    static const char *const awkward[] = {
        "x/y",
        "q\"q",
        "%",
        "%41",
        "a b",
        "a+b",
        "a?b&c=d#e",
        "it's",
        "''",
        "\\",
        "\\\"",
        ".",
        "..",
        "\xC3\x9Cn\xC3\xAF",
        "\xE6\xBC\xA2\xE5\xAD\x97",
        "\xF0\x9F\x8D\x8C",
        "*",
        "W/\"x\"",
        "null",
        "{}",
        "[1]",
        "<b>",
        "5",
        "true",
        "1e5",
        "$filter",
        "AAAAAAAAAAE=",
        "\x7f",
        " ",
        "~",
        ",",
        "updatedAt",
        "eq",
        "id eq 'a' or true",
        "&quot;",
        "2026-01-01T00:00:00.000Z",
    };
    return sy_str_of(awkward[draw(f, sizeof awkward / sizeof *awkward)]);
}

/* With control characters, NUL and all; where only JSON carries it. */
static sy_str any_text(codec_fixture *f)
{
    static const char controls[] = "a\0b\n\t\x01\x1f\"\\/\x7f";
    return draw(f, 4) == 0 ? (sy_str){controls, sizeof controls - 1} : codec_text(f);
}

static int64_t any_integer(codec_fixture *f)
{
    static const int64_t edges[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(9007199254740993), INT64_C(-9007199254740993)};
    return maybe(f) ? edges[draw(f, sizeof edges / sizeof *edges)]
                    : (int64_t)test_random(&f->random);
}

static double any_real(codec_fixture *f)
{
    static const double edges[] = {0.1, -0.5, 5.0, 1e21, 1e-7, 1e300, 5e-324, 123456789012.0, -0.0};
    return edges[draw(f, sizeof edges / sizeof *edges)];
}

static sy_time any_time(codec_fixture *f, sy_time resolution)
{
    const sy_time time = (sy_time)(test_random(&f->random) >> 2);
    return sy_time_truncate(maybe(f) ? time : -time, resolution);
}

static sy_value any_cell(codec_fixture *f, sy_type type, sy_time resolution)
{
    switch (type) {
    case SY_TYPE_INT:
        return sy_int(any_integer(f));
    case SY_TYPE_REAL: /* an integer may stand among reals */
        return draw(f, 4) == 0 ? sy_int(any_integer(f)) : sy_real(any_real(f));
    case SY_TYPE_BOOL:
        return sy_bool(maybe(f));
    case SY_TYPE_DATETIME:
        return sy_datetime(any_time(f, resolution));
    case SY_TYPE_BLOB:
        return sy_blob(any_text(f));
    case SY_TYPE_TEXT:
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        break;
    }
    return sy_text(any_text(f));
}

/* As servers make them, and with a quote, which the escapes are for. */
static sy_str any_version(codec_fixture *f)
{
    static const char *const versions[] = {"AAAAAAAAAAE=", "MQ==", "q\"q", "x y", "abc"};
    return sy_str_of(versions[draw(f, sizeof versions / sizeof *versions)]);
}

sy_row *codec_row(codec_fixture *f, const sy_wire_format *format, bool system)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    for (uint32_t i = 0; row != NULL && i < f->schema->column_count; i++) {
        const bool own = i >= SY_SYSTEM_COUNT;
        if (!own && (i == SY_COLUMN_ID || !system || format->system_names[i] == NULL)) {
            continue;
        }
        const uint64_t way = draw(f, 5);
        if (way > 0) {
            row->cells[i] = own && way == 1 ? SY_NULL
                                            : any_cell(f, f->schema->columns[i].type,
                                                       format->time_resolution_ns);
        }
    }
    if (row != NULL) {
        row->cells[SY_COLUMN_ID] = sy_text(codec_text(f));
        if (system) {
            row->cells[SY_COLUMN_VERSION] = sy_text(any_version(f));
        }
    }
    return row;
}

/* -- queries -- */

static const sy_expr *compare(codec_fixture *f)
{
    static const sy_expr_kind kinds[] = {SY_EXPR_EQ, SY_EXPR_NE, SY_EXPR_GT,
                                         SY_EXPR_GE, SY_EXPR_LT, SY_EXPR_LE};
    static const uint32_t comparable[] = {SY_COLUMN_ID, SY_COLUMN_UPDATED_AT, TEXT, COUNT, DUE};
    const uint32_t column = comparable[draw(f, sizeof comparable / sizeof *comparable)];
    const sy_type type = f->schema->columns[column].type;
    sy_value literal = any_cell(f, type, SY_MS);
    if (type == SY_TYPE_TEXT) {
        literal = sy_text(codec_text(f));
    } else if (type == SY_TYPE_INT) { /* JavaScript reads no larger ones, and no INT64_MIN */
        literal = sy_int((int64_t)draw(f, 2000) - 1000);
    }
    return sy_expr_binary(&f->arena, kinds[draw(f, sizeof kinds / sizeof *kinds)],
                          sy_expr_column(&f->arena, column), sy_expr_literal(&f->arena, literal));
}

static const sy_expr *any_filter(codec_fixture *f, int depth)
{
    if (depth == 0 || maybe(f)) {
        return compare(f);
    }
    if (draw(f, 4) == 0) {
        return sy_expr_not(&f->arena, any_filter(f, depth - 1));
    }
    const sy_expr *left = any_filter(f, depth - 1);
    return sy_expr_binary(&f->arena, maybe(f) ? SY_EXPR_AND : SY_EXPR_OR, left,
                          any_filter(f, depth - 1));
}

static sy_rc any_query(codec_fixture *f, const sy_wire_format *format, sy_query *out)
{
    *out = sy_query_all(f->schema);
    if (maybe(f)) {
        out->filter = any_filter(f, 3);
        if (out->filter == NULL) {
            return SY_NOMEM;
        }
    }
    if (maybe(f)) {
        out->order_count = 1;
        out->order[0] = (sy_order){.column = TEXT, .descending = maybe(f)};
    }
    out->skip = maybe(f) ? (int64_t)draw(f, 1000) + 1 : -1;
    out->top = maybe(f) ? (int64_t)draw(f, 1000) + 1 : -1;
    out->select = maybe(f) ? 1u << SY_COLUMN_ID | 1u << TEXT : 0;
    out->want_total = maybe(f);
    (void)format;
    return SY_OK;
}

static sy_rc fill_query(codec_fixture *f, const sy_wire_format *format, sy_request *out)
{
    sy_query *query = sy_arena_push(&f->arena, sizeof *query);
    if (query == NULL || any_query(f, format, query) != SY_OK) {
        return SY_NOMEM;
    }
    out->query = query;
    out->include_deleted = maybe(f);
    if (format->sync) {
        out->page_size_max = (int64_t)draw(f, 3);
        out->continuation = maybe(f) ? SY_STR("$after=12&$first=40") : codec_text(f);
        out->epoch = maybe(f) ? (sy_str){NULL, 0} : codec_text(f);
        out->since_sequence = (int64_t)draw(f, 3) - 1;
    } else if (maybe(f)) {
        out->continuation = maybe(f) ? SY_STR("$skip=7") : SY_STR("$skip=50&$top=3");
    }
    return SY_OK;
}

/* -- messages -- */

static sy_rc fill_write(codec_fixture *f, const sy_wire_format *format, sy_request *out)
{
    const bool has_row = out->method == SY_METHOD_INSERT || out->method == SY_METHOD_UPDATE ||
                         out->method == SY_METHOD_REPLACE;
    if (has_row) {
        sy_row *row = codec_row(f, format, false);
        if (row == NULL) {
            return SY_NOMEM;
        }
        if (out->method != SY_METHOD_INSERT) {
            row->cells[SY_COLUMN_ID] = sy_text(out->id);
        }
        out->row = row;
    }
    if (out->method == SY_METHOD_INSERT) {
        out->id = sy_row_id(out->row);
    } else if (maybe(f)) {
        out->if_match = maybe(f) ? SY_STR("AAAAAAAAAAE=") : SY_STR("MQ==");
        out->if_match = format->sync && maybe(f) ? SY_STR("*") : out->if_match;
    }
    if (format->sync) {
        out->operation_key = maybe(f) ? codec_text(f) : (sy_str){NULL, 0};
        out->edited_at = any_time(f, 1);
        out->edit_sequence = (int64_t)draw(f, 5);
    }
    return SY_OK;
}

sy_rc codec_request(codec_fixture *f, const sy_wire_format *format, sy_method method,
                    sy_request *out)
{
    *out = (sy_request){.method = method,
                        .table = f->schema->name,
                        .installation_id = maybe(f) ? codec_text(f) : (sy_str){NULL, 0},
                        .user = draw(f, 4) == 0 ? codec_text(f) : (sy_str){NULL, 0},
                        .api_version = format->api_major,
                        .since_sequence = -1};
    if (method != SY_METHOD_QUERY) {
        out->id = codec_text(f);
    }
    if (method == SY_METHOD_QUERY) {
        return fill_query(f, format, out);
    }
    if (method == SY_METHOD_READ) {
        out->include_deleted = maybe(f);
        return SY_OK;
    }
    return fill_write(f, format, out);
}

static sy_rc fill_page(codec_fixture *f, const sy_wire_format *format, sy_response *out)
{
    const size_t count = draw(f, 4);
    const sy_row **items = sy_arena_push(&f->arena, (count + 1) * sizeof *items);
    if (items == NULL) {
        return SY_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = codec_row(f, format, true);
        if (items[i] == NULL) {
            return SY_NOMEM;
        }
    }
    out->rows = (sy_rows){items, count, maybe(f) ? (int64_t)draw(f, 100) : -1};
    if (format->next != SY_WIRE_NEXT_NONE && maybe(f)) {
        out->next = maybe(f) ? SY_STR("$skip=3") : SY_STR("$skip=3&$top=40");
    }
    if (format->sync) {
        out->horizon = any_integer(f);
        out->epoch = maybe(f) ? codec_text(f) : (sy_str){NULL, 0};
    }
    return SY_OK;
}

sy_rc codec_response(codec_fixture *f, const sy_wire_format *format, const sy_request *request,
                     sy_response *out)
{
    static const int errors[] = {400, 401, 404, 405, 409, 410, 412, 429, 500, 503};
    static const int with_row[] = {200, 201, 409, 412};
    *out = (sy_response){.status = 200, .rows = {.total = -1}};
    if (draw(f, 4) == 0) {
        out->status = errors[draw(f, sizeof errors / sizeof *errors)];
        out->reason = codec_text(f);
        return SY_OK;
    }
    if (request->method == SY_METHOD_QUERY) {
        return fill_page(f, format, out);
    }
    if (request->method == SY_METHOD_DELETE && maybe(f)) {
        out->status = 204;
        return SY_OK;
    }
    out->status = with_row[draw(f, sizeof with_row / sizeof *with_row)];
    out->row = codec_row(f, format, true);
    out->reason = format->sync && maybe(f) ? codec_text(f) : (sy_str){NULL, 0};
    return out->row != NULL ? SY_OK : SY_NOMEM;
}

/* -- comparing -- */

static bool same_cell(const sy_value *a, const sy_value *b)
{
    const bool same_type = a->type == b->type;
    return same_type && (sy_value_missing(a) || sy_value_equal(a, b));
}

bool codec_same_row(const sy_row *a, const sy_row *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    for (uint32_t i = 0; i < a->schema->column_count; i++) {
        if (!same_cell(&a->cells[i], &b->cells[i])) {
            return false;
        }
    }
    return true;
}

/* The query that is meant: a continuation that leads to a place of it is part of it. */
static uint64_t meant(const sy_wire_format *format, const sy_request *request)
{
    sy_query query = *request->query;
    sy_place place;
    if (!format->sync && sy_place_read(request->continuation, &place)) {
        query.skip = place.skip != SY_PLACE_NOT_GIVEN ? place.skip : query.skip;
        query.top = place.top != SY_PLACE_NOT_GIVEN ? place.top : query.top;
    }
    return sy_query_hash(&query);
}

bool codec_same_request(const sy_wire_format *format, const sy_request *a, const sy_request *b)
{
    const bool same =
        a->method == b->method && sy_str_equal(a->table, b->table) && sy_str_equal(a->id, b->id) &&
        codec_same_row(a->row, b->row) && sy_str_equal(a->if_match, b->if_match) &&
        a->include_deleted == b->include_deleted &&
        sy_str_equal(a->installation_id, b->installation_id) && sy_str_equal(a->user, b->user) &&
        a->api_version == b->api_version && (a->query != NULL) == (b->query != NULL);
    const bool same_query = same && (a->query == NULL || meant(format, a) == meant(format, b));
    return same_query && a->page_size_max == b->page_size_max &&
           a->since_sequence == b->since_sequence && sy_str_equal(a->epoch, b->epoch) &&
           sy_str_equal(a->operation_key, b->operation_key) && a->edited_at == b->edited_at &&
           a->edit_sequence == b->edit_sequence &&
           (!format->sync || sy_str_equal(a->continuation, b->continuation));
}

bool codec_same_response(const sy_wire_format *format, const sy_request *request,
                         const sy_response *a, const sy_response *b)
{
    bool same = a->status == b->status && codec_same_row(a->row, b->row) &&
                a->rows.count == b->rows.count && sy_str_equal(a->reason, b->reason) &&
                sy_str_equal(a->next, b->next) && a->horizon == b->horizon &&
                sy_str_equal(a->epoch, b->epoch);
    if (request->method == SY_METHOD_QUERY) {
        same = same && a->rows.total == b->rows.total;
    }
    for (size_t i = 0; same && i < a->rows.count; i++) {
        same = codec_same_row(a->rows.items[i], b->rows.items[i]);
    }
    (void)format;
    return same;
}
