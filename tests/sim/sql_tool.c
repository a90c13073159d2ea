/* What a person does with a database: sql_tool FILE, the statements on standard input. Prints rows
 * with | between the columns; exits with 1 when SQL fails. */
#include <sqlite3.h>
#include <stdio.h>

static int print_row(void *unused, int count, char **values, char **names)
{
    (void)unused;
    (void)names;
    for (int i = 0; i < count; i++) {
        (void)printf("%s%s", i > 0 ? "|" : "", values[i] != NULL ? values[i] : "");
    }
    (void)puts("");
    return 0;
}

int main(int argc, char **argv)
{
    char sql[65536];
    const size_t size = fread(sql, 1, sizeof sql - 1, stdin);
    sql[size] = '\0';
    sqlite3 *db = NULL;
    char *text = NULL;
    int code =
        argc == 2 ? sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) : SQLITE_MISUSE;
    code = code == SQLITE_OK ? sqlite3_exec(db, sql, print_row, NULL, &text) : code;
    if (code != SQLITE_OK) {
        (void)fprintf(stderr, "sql_tool: %s\n", text != NULL ? text : sqlite3_errstr(code));
    }
    sqlite3_free(text);
    (void)sqlite3_close(db);
    return code == SQLITE_OK ? 0 : 1;
}
