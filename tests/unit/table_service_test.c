/* The table server of a real port without the port: every allocation of its life fails once. */
#include "sim/serve/table_service.h"
#include "tests/unit/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const sy_header headers[] = {{{"ZUMO-API-VERSION", 16}, {"2.0.0", 5}},
                                    {{"Content-Type", 12}, {"application/json", 16}}};

/* The status; 0: no memory for an answer. */
static int ask(sim_http_handler handler, sy_alloc alloc, const char *method, const char *target,
               const char *body)
{
    sy_arena arena;
    sy_http_response response = {0};
    sy_err err = {0};
    const sy_http_request request = {.method = sy_str_of(method),
                                     .target = sy_str_of(target),
                                     .headers = headers,
                                     .header_count = 2,
                                     .body = sy_str_of(body)};
    sy_arena_init(&arena, alloc);
    sy_rc rc = handler.ops->answer(handler.self, &request, &arena, &response, &err);
    assert_true(rc == SY_OK || rc == SY_NOMEM);
    sy_arena_deinit(&arena);
    return rc == SY_OK ? response.status : 0;
}

/* The statuses as one number; less when memory ran out on the way. */
static int live(const sim_table_service_config *config)
{
    sim_table_service *service = NULL;
    sy_err err = {0};
    sy_rc rc = sim_table_service_open(config, &service, &err);
    if (rc != SY_OK) {
        assert_int_equal(rc, SY_NOMEM);
        return 0;
    }
    sim_http_handler handler = sim_table_service_handler(service);
    sy_alloc alloc = config->alloc;
    int sum = ask(handler, alloc, "POST", "/tables/todoitem", "{\"id\":\"a\",\"text\":\"x\"}");
    sum += ask(handler, alloc, "GET", "/tables/todoitem?$filter=text%20eq%20'x'", "");
    sum += ask(handler, alloc, "POST", "/__admin/reset", "");
    sum += ask(handler, alloc, "GET", "/tables/todoitem/a", "");
    sim_table_service_close(service);
    return sum;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    sy_arena arena;
    sy_err err = {0};
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}};
    const sy_schema *schema = NULL;
    sy_arena_init(&arena, sy_alloc_std());
    assert_int_equal(
        sy_schema_new(&arena, SY_STR("todoitem"), SY_SYSTEM_CLASSIC, columns, 1, &schema, &err),
        SY_OK);
    const sy_server_table table = {.schema = schema, .soft_delete = true};
    sim_choice *choice = sim_choice_new(sy_alloc_std(), 1, false);
    test_alloc alloc;
    uint64_t n = 0;
    do {
        test_alloc_init(&alloc, ++n);
        const sim_table_service_config config = {.alloc = test_alloc_port(&alloc),
                                                 .dialect = &sy_server_dialect_node,
                                                 .tables = &table,
                                                 .table_count = 1,
                                                 .choice = choice,
                                                 .test_routes = true};
        int sum = live(&config);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_int_equal(sum, 201 + 200 + 204 + 404);
        }
    } while (test_alloc_failed(&alloc));
    assert_true(n > 20);
    sim_choice_free(choice);
    sy_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
