/* The SQL function that queries call for what SQLite does not have, or does otherwise (query.h). It
 * only hands values over: what the functions mean stands in core/value/query_function.c, for rows
 * in memory and for SQLite alike. */
#include "core/store/store_sqlite_internal.h"

static sy_value value_of(sqlite3_value *argument)
{
    switch (sqlite3_value_type(argument)) {
    case SQLITE_INTEGER: /* conditions and datetimes too: the function knows which it takes */
        return sy_int(sqlite3_value_int64(argument));
    case SQLITE_FLOAT:
        return sy_real(sqlite3_value_double(argument));
    case SQLITE_NULL:
        return SY_NULL;
    default: {
        const char *text = (const char *)sqlite3_value_text(argument);
        return sy_text((sy_str){text, (size_t)sqlite3_value_bytes(argument)});
    }
    }
}

static void answer(sqlite3_context *context, const sy_value *value)
{
    sy_str text = sy_value_str(value);
    switch ((int)value->type) {
    case SY_TYPE_BOOL:
    case SY_TYPE_INT:
        sqlite3_result_int64(context, value->as.integer);
        return;
    case SY_TYPE_REAL:
        sqlite3_result_double(context, value->as.real);
        return;
    case SY_TYPE_TEXT:
        sqlite3_result_text64(context, text.size == 0 ? "" : text.data, text.size, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
        return;
    default:
        sqlite3_result_null(context);
        return;
    }
}

static void call(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    sy_arena *arena = sqlite3_user_data(context);
    sy_value operands[3];
    int operand_count = count - 1;
    int64_t kind = count > 0 ? sqlite3_value_int64(arguments[0]) : -1;
    if (kind < 0 || kind >= SY_EXPR_COUNT || operand_count > 3) {
        sqlite3_result_error(context, SY_QUERY_SQL_FUNCTION ": no such function", -1);
        return;
    }
    for (int i = 0; i < operand_count; i++) {
        operands[i] = value_of(arguments[i + 1]);
        if (operands[i].type == SY_TYPE_TEXT && operands[i].as.text == NULL) {
            sqlite3_result_error_nomem(context);
            return;
        }
    }
    sy_value out = SY_NULL;
    sy_rc rc =
        sy_query_function((sy_expr_kind)kind, operands, (uint32_t)operand_count, arena, &out);
    if (rc == SY_OK) {
        answer(context, &out);
    } else {
        sqlite3_result_error_nomem(context);
    }
    sy_arena_reset(arena);
}

int sy_sqlite_add_function(sqlite3 *db, sy_arena *arena)
{
    return sqlite3_create_function_v2(db, SY_QUERY_SQL_FUNCTION, -1,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, arena,
                                      call, NULL, NULL, NULL);
}
