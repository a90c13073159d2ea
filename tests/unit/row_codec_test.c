/* Rows as bytes, honest and hostile. */
#include "core/value/row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "tests/unit/support.h"

static const sy_column columns[] = {{{"text", 4}, SY_TYPE_TEXT},    {{"qty", 3}, SY_TYPE_INT},
                                    {{"price", 5}, SY_TYPE_REAL},   {{"done", 4}, SY_TYPE_BOOL},
                                    {{"due", 3}, SY_TYPE_DATETIME}, {{"raw", 3}, SY_TYPE_BLOB}};

typedef struct fixture {
    sy_arena arena;
    const sy_schema *schema;
    sy_buf bytes;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    sy_arena_init(&f.arena, sy_alloc_std());
    sy_buf_init(&f.bytes, sy_alloc_std());
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, columns, 6, &f.schema, NULL),
        SY_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    sy_arena_deinit(&f->arena);
    sy_buf_deinit(&f->bytes);
    return 0;
}

static const sy_row *full_row(fixture *f)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_COLUMN_VERSION] = SY_NULL;
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    row->cells[SY_SYSTEM_COUNT] = sy_text((sy_str){"mi\0lk", 5});
    row->cells[SY_SYSTEM_COUNT + 1] = sy_int(INT64_MIN);
    row->cells[SY_SYSTEM_COUNT + 2] = sy_real(-0.0);
    row->cells[SY_SYSTEM_COUNT + 3] = sy_bool(false);
    row->cells[SY_SYSTEM_COUNT + 4] = sy_datetime(-7);
    row->cells[SY_SYSTEM_COUNT + 5] = sy_blob(SY_STR(""));
    return row;
}

static sy_str encode(fixture *f, const sy_row *row)
{
    sy_str bytes = {NULL, 0};
    assert_int_equal(sy_row_encode(row, &f->arena, &bytes, NULL), SY_OK);
    sy_buf_clear(&f->bytes);
    sy_buf_add_str(&f->bytes, bytes);
    return sy_buf_str(&f->bytes);
}

static void assert_same_cells(const sy_row *a, const sy_row *b)
{
    for (uint32_t i = 0; i < a->schema->column_count; i++) {
        assert_int_equal(a->cells[i].type, b->cells[i].type);
        assert_true(sy_value_equal(&a->cells[i], &b->cells[i]));
    }
}

static void a_row_reads_back_as_it_was(void **state)
{
    fixture *f = *state;
    const sy_row *row = full_row(f);
    const sy_row *back = NULL;
    assert_int_equal(sy_row_decode(encode(f, row), f->schema, &f->arena, &back, NULL), SY_OK);
    sy_buf_clear(&f->bytes);
    memset(f->bytes.data, 0xEE, f->bytes.capacity);
    assert_same_cells(row, back);
    uint64_t bits = 0;
    memcpy(&bits, &back->cells[SY_SYSTEM_COUNT + 2].as.real, sizeof bits);
    assert_int_equal(bits, UINT64_C(1) << 63);
}

static void an_empty_row_reads_back(void **state)
{
    fixture *f = *state;
    const sy_row *row = sy_row_new(&f->arena, f->schema);
    const sy_row *back = NULL;
    assert_int_equal(sy_row_decode(encode(f, row), f->schema, &f->arena, &back, NULL), SY_OK);
    assert_same_cells(row, back);
}

static void a_row_survives_a_change_of_schema(void **state)
{
    fixture *f = *state;
    const sy_schema *changed = NULL;
    const sy_column others[] = {{{"new", 3}, SY_TYPE_INT}, columns[2], columns[0]};
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, others, 3, &changed, NULL),
        SY_OK);
    const sy_row *row = full_row(f);
    const sy_row *back = NULL;
    assert_int_equal(sy_row_decode(encode(f, row), changed, &f->arena, &back, NULL), SY_OK);
    assert_true(sy_str_equal(sy_row_id(back), SY_STR("a")));
    assert_int_equal(sy_row_find(back, SY_STR("new"))->type, SY_TYPE_ABSENT);
    assert_int_equal(sy_value_str(sy_row_find(back, SY_STR("text"))).size, 5);
    assert_int_equal(sy_row_find(back, SY_STR("price"))->type, SY_TYPE_REAL);
    const sy_schema *bare = NULL;
    assert_int_equal(sy_schema_new(&f->arena, SY_STR("todo"), 0, columns, 6, &bare, NULL), SY_OK);
    assert_int_equal(sy_row_decode(encode(f, row), bare, &f->arena, &back, NULL), SY_OK);
    assert_int_equal(back->cells[SY_COLUMN_DELETED].type, SY_TYPE_ABSENT);
    assert_int_equal(sy_row_find(back, SY_STR("done"))->type, SY_TYPE_BOOL);
}

static void the_version_is_read_without_the_row(void **state)
{
    fixture *f = *state;
    sy_str version = SY_STR("unset");
    assert_int_equal(sy_row_decode_version(encode(f, full_row(f)), f->schema, &version, NULL),
                     SY_OK);
    assert_int_equal(version.size, 0);
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_COLUMN_VERSION] = sy_cstr("AAAAAAAAAAE=");
    sy_str bytes = encode(f, row);
    assert_int_equal(sy_row_decode_version(bytes, f->schema, &version, NULL), SY_OK);
    assert_true(sy_str_equal(version, SY_STR("AAAAAAAAAAE=")));
    const sy_schema *bare = NULL;
    assert_int_equal(sy_schema_new(&f->arena, SY_STR("todo"), 0, columns, 6, &bare, NULL), SY_OK);
    assert_int_equal(sy_row_decode_version(bytes, bare, &version, NULL), SY_OK);
    assert_int_equal(version.size, 0);
    f->bytes.data[bytes.size - 1] = (char)(f->bytes.data[bytes.size - 1] ^ 1);
    assert_int_equal(sy_row_decode_version(bytes, f->schema, &version, NULL), SY_CORRUPT);
}

static void a_column_that_changed_its_type_is_not_guessed_at(void **state)
{
    fixture *f = *state;
    const sy_schema *changed = NULL;
    const sy_column others[] = {{{"text", 4}, SY_TYPE_INT}};
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, others, 1, &changed, NULL),
        SY_OK);
    const sy_row *back = NULL;
    sy_err err = {0};
    assert_int_equal(sy_row_decode(encode(f, full_row(f)), changed, &f->arena, &back, &err),
                     SY_CORRUPT);
    assert_null(back);
    assert_non_null(strstr(err.text, "'text'"));
}

/* In a block of its own, so that the sanitizer sees any read past it. */
static sy_rc decode_apart(fixture *f, sy_str bytes)
{
    char *block = malloc(bytes.size == 0 ? 1 : bytes.size);
    assert_non_null(block);
    if (bytes.size > 0) {
        memcpy(block, bytes.data, bytes.size);
    }
    sy_arena scratch;
    sy_arena_init(&scratch, sy_alloc_std());
    const sy_row *back = NULL;
    sy_str version;
    (void)sy_row_decode_version((sy_str){block, bytes.size}, f->schema, &version, NULL);
    sy_rc rc = sy_row_decode((sy_str){block, bytes.size}, f->schema, &scratch, &back, NULL);
    free(block);
    if (rc == SY_OK) {
        sy_buf json;
        sy_buf_init(&json, sy_alloc_std());
        sy_row_to_json(back, &json); /* walks over every cell and text */
        sy_buf_deinit(&json);
    }
    sy_arena_deinit(&scratch);
    return rc;
}

static void every_truncation_is_refused(void **state)
{
    fixture *f = *state;
    sy_str bytes = encode(f, full_row(f));
    for (size_t size = 0; size < bytes.size; size++) {
        assert_int_equal(decode_apart(f, (sy_str){bytes.data, size}), SY_CORRUPT);
    }
    sy_buf_add_char(&f->bytes, '\0');
    assert_int_equal(decode_apart(f, sy_buf_str(&f->bytes)), SY_CORRUPT);
}

static void every_bit_flip_is_refused(void **state)
{
    fixture *f = *state;
    sy_str bytes = encode(f, full_row(f));
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        f->bytes.data[bit / 8] = (char)(f->bytes.data[bit / 8] ^ (1 << bit % 8));
        assert_int_equal(decode_apart(f, bytes), SY_CORRUPT);
        f->bytes.data[bit / 8] = (char)(f->bytes.data[bit / 8] ^ (1 << bit % 8));
    }
    assert_int_equal(decode_apart(f, bytes), SY_OK);
}

/* Puts the right check over whatever the cells are: a liar who knows the format. */
static void seal(sy_buf *bytes)
{
    uint32_t check =
        (uint32_t)sy_hash(bytes->data + 6, bytes->size - 6, (unsigned char)bytes->data[1]);
    for (int i = 0; i < 4; i++) {
        bytes->data[2 + i] = (char)(check >> (8 * i));
    }
}

static void damage_under_a_right_check_never_crashes(void **state)
{
    fixture *f = *state;
    uint64_t seed = 17;
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 20000; i++) {
        (void)encode(f, full_row(f));
        for (uint64_t n = 0; n <= test_random(&seed) % 3; n++) {
            size_t at = 1 + test_random(&seed) % (f->bytes.size - 1);
            f->bytes.data[at] = (char)test_random(&seed);
        }
        if (test_random(&seed) % 4 == 0) {
            f->bytes.size = 6 + test_random(&seed) % (f->bytes.size - 6);
        }
        seal(&f->bytes);
        sy_rc rc = decode_apart(f, sy_buf_str(&f->bytes));
        assert_true(rc == SY_OK || rc == SY_CORRUPT);
        accepted += rc == SY_OK ? 1 : 0;
        refused += rc == SY_OK ? 0 : 1;
    }
    assert_true(accepted > 100 && refused > 100);
}

static void no_memory_is_said(void **state)
{
    fixture *f = *state;
    sy_str bytes = encode(f, full_row(f));
    test_alloc alloc;
    test_alloc_init(&alloc, 1);
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&alloc));
    const sy_row *back = NULL;
    assert_int_equal(sy_row_decode(bytes, f->schema, &arena, &back, NULL), SY_NOMEM);
    sy_arena_deinit(&arena);
    test_alloc_init(&alloc, 1);
    sy_arena_init(&arena, test_alloc_port(&alloc));
    assert_int_equal(sy_row_encode(full_row(f), &arena, &bytes, NULL), SY_NOMEM);
    sy_arena_deinit(&arena);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_reads_back_as_it_was),
        cmocka_unit_test(an_empty_row_reads_back),
        cmocka_unit_test(a_row_survives_a_change_of_schema),
        cmocka_unit_test(the_version_is_read_without_the_row),
        cmocka_unit_test(a_column_that_changed_its_type_is_not_guessed_at),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_bit_flip_is_refused),
        cmocka_unit_test(damage_under_a_right_check_never_crashes),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
