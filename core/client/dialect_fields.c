/* The fields of a client dialect for people: `syncsim dialects` prints them, a test holds them
 * against the struct. */
#include <string.h>

#include "core/client/find_row.h"
#include "core/client/pull.h"
#include "core/client/push.h"

/* -- names of values -- */

static const char *const locks[] = {"action", "item id", "item", "table", "queue"};
static const char *const methods[SY_METHOD_COUNT] = {
    [SY_METHOD_QUERY] = "GET",     [SY_METHOD_READ] = "GET",    [SY_METHOD_INSERT] = "POST",
    [SY_METHOD_UPDATE] = "PATCH",  [SY_METHOD_REPLACE] = "PUT", [SY_METHOD_DELETE] = "DELETE",
    [SY_METHOD_UNDELETE] = "POST",
};
static const char *const errors[] = {"not stored", "replayed", "conflicts stay"};
static const char *const missing[] = {"skipped", "error", "throws"};
static const char *const implicit[] = {"never",    "while dirty", "once, may fail",
                                       "precedes", "must clean",  "refuses"};
static const char *const scopes[] = {"?", "all tables", "this table"};
static const char *const token_kinds[] = {"time ge", "time gt", "sequence"};
static const char *const token_rules[] = {"highest", "highest seen", "last"};
static const char *const options[] = {"refused", "refused always", "dropped", "cut"};
static const char *const query_ids[] = {"given", "type", "hash"};
static const char *const pending[] = {"applied", "skipped", "fails"};
static const char *const forces[] = {"none", "unfiltered", "any"};
static const char *const resets[] = {"none", "given", "query", "table"};
static const char *const associated[] = {"-", "ids without a dot", "all"};
static const char *const progress[] = {"-", "datasync", "toolkit"};

/* -- functions and strategies -- */

typedef struct named { /* of one type of function each; compared as bytes */
    void (*function)(void);
    const char *name;
} named;

#define NAMED(of, text)                                                                            \
    {                                                                                              \
        (void (*)(void))(of), (text)                                                               \
    }

static void say_function(const void *value, const named *known, size_t count, sy_buf *out)
{
    void (*function)(void) = NULL;
    memcpy(&function, value, sizeof function);
    const char *name = function == NULL ? "-" : "?";
    for (size_t i = 0; i < count; i++) {
        name = known[i].function == function ? known[i].name : name;
    }
    sy_buf_add_str(out, sy_str_of(name));
}

static void say_policy(const void *value, uint32_t line, sy_buf *out)
{
    const sy_policy *policy = NULL;
    (void)line;
    memcpy(&policy, value, sizeof(const sy_policy *));
    sy_buf_add_str(out, sy_str_of(sy_policy_name(policy)));
}

static void say_check_id(const void *value, uint32_t line, sy_buf *out)
{
    static const named known[] = {
        NAMED(sy_classic_check_id, "classic"),
        NAMED(sy_entity_check_id, "entity"),
        NAMED(sy_js_check_id, "not blank"),
        NAMED(sy_sound_check_id, "not empty"),
    };
    (void)line;
    say_function(value, known, sizeof known / sizeof known[0], out);
}

static void say_find_row(const void *value, uint32_t line, sy_buf *out)
{
    static const named known[] = {NAMED(sy_find_row_nocase, "any case")};
    (void)line;
    say_function(value, known, 1, out);
}

static void say_check_decision(const void *value, uint32_t line, sy_buf *out)
{
    static const named known[] = {NAMED(sy_push_log_check, "log")};
    (void)line;
    say_function(value, known, 1, out);
}

static void say_push_step(const void *value, uint32_t line, sy_buf *out)
{
    static const named known[] = {
        NAMED(sy_push_queue_step, "queue"),
        NAMED(sy_push_batch_step, "batch"),
        NAMED(sy_push_bookmark_step, "bookmark"),
        NAMED(sy_push_log_step, "log"),
    };
    (void)line;
    say_function(value, known, sizeof known / sizeof known[0], out);
}

static void say_pull_step(const void *value, uint32_t line, sy_buf *out)
{
    static const named known[] = {
        NAMED(sy_pull_delta_step, "delta"),         NAMED(sy_pull_rows_step, "rows"),
        NAMED(sy_pull_next_link_step, "next link"), NAMED(sy_pull_updated_at_step, "updated at"),
        NAMED(sy_pull_sequence_step, "sequence"),
    };
    (void)line;
    say_function(value, known, sizeof known / sizeof known[0], out);
}

static void say_wire(const void *value, uint32_t line, sy_buf *out)
{
    const sy_wire_format *wire = NULL;
    (void)line;
    memcpy(&wire, value, sizeof wire);
    sy_buf_add_str(out, sy_str_of(wire->name));
}

/* -- tables -- */

#define COLLAPSE_LINES (SY_OPERATION_KIND_COUNT * SY_STATE_COUNT * SY_OPERATION_KIND_COUNT)
#define VERDICT_LINES  (SY_OPERATION_KIND_COUNT * SY_ANSWER_CLASS_COUNT)

static void label_collapse(uint32_t line, sy_buf *out)
{
    const uint32_t existing = line / SY_OPERATION_KIND_COUNT;
    sy_buf_printf(out, "%s %s, %s",
                  sy_operation_kind_name((sy_operation_kind)(existing / SY_STATE_COUNT)),
                  sy_operation_state_name((sy_operation_state)(existing % SY_STATE_COUNT)),
                  sy_operation_kind_name((sy_operation_kind)(line % SY_OPERATION_KIND_COUNT)));
}

static void say_collapse(const void *value, uint32_t line, sy_buf *out)
{
    static const char *const names[] = {
        [SY_COLLAPSE_REFUSE] = "refuse",
        [SY_COLLAPSE_KEEP] = "keep",
        [SY_COLLAPSE_VANISH] = "vanish",
        [SY_COLLAPSE_REPLACE_AT_END] = "replace at end",
        [SY_COLLAPSE_BECOME_DELETE] = "become delete",
        [SY_COLLAPSE_BECOME_UPDATE] = "become update",
        [SY_COLLAPSE_APPEND] = "append",
    };
    const sy_collapse(*table)[SY_OPERATION_KIND_COUNT] = NULL;
    memcpy(&table, value, sizeof table);
    const sy_collapse cell = table[line / SY_OPERATION_KIND_COUNT][line % SY_OPERATION_KIND_COUNT];
    const bool known = (size_t)cell < sizeof names / sizeof names[0] && names[cell] != NULL;
    sy_buf_add_str(out, known ? sy_str_of(names[cell]) : SY_STR("?"));
}

static void label_verdict(uint32_t line, sy_buf *out)
{
    static const char *const answers[SY_ANSWER_CLASS_COUNT] = {"2xx", "401", "404",   "409",
                                                               "410", "412", "other", "none"};
    sy_buf_printf(out, "%s, %s",
                  sy_operation_kind_name((sy_operation_kind)(line / SY_ANSWER_CLASS_COUNT)),
                  answers[line % SY_ANSWER_CLASS_COUNT]);
}

static void say_verdict(const void *value, uint32_t line, sy_buf *out)
{
    static const char *const names[] = {"success", "conflict", "error", "abort", "escape"};
    const sy_verdict(*table)[SY_ANSWER_CLASS_COUNT] = NULL;
    memcpy(&table, value, sizeof table);
    const sy_verdict cell = table[line / SY_ANSWER_CLASS_COUNT][line % SY_ANSWER_CLASS_COUNT];
    const bool known = (size_t)cell < sizeof names / sizeof names[0];
    sy_buf_add_str(out, known ? sy_str_of(names[cell]) : SY_STR("?"));
}

/* -- the list -- */

#define FIELD(member, section, kind)       SY_FIELD(sy_dialect, member, section, kind)
#define FLAG(member, section)              SY_FIELD(sy_dialect, member, section, SY_FIELD_BOOL)
#define ENUM(member, section, names)       SY_FIELD_OF(sy_dialect, member, section, SY_FIELD_NAMED, names)
#define LOCKS(member, section)             SY_FIELD_OF(sy_dialect, member, section, SY_FIELD_BITS, locks)
#define SAID(member, section, count, l, s) SY_FIELD_SAID(sy_dialect, member, section, count, l, s)

const sy_field sy_dialect_fields[] = {
    FIELD(name, "1", SY_FIELD_TEXT),
    FIELD(summary, "1", SY_FIELD_TEXT),
    SAID(wire, "1, 2, 3", 1, NULL, say_wire),
    FIELD(server, "1", SY_FIELD_TEXT),

    SAID(check_id, "4.4", 1, NULL, say_check_id),
    FLAG(insert_refuses_existing, "4.5"),
    FLAG(update_needs_row, "4.5"),
    FLAG(delete_needs_row, "4.5"),
    FLAG(delete_keeps_passed, "4.5"),
    FLAG(row_before_queue, "4.5"),
    FLAG(keeps_system_cells, "4.5"),
    SAID(find_row, "4.1", 1, NULL, say_find_row),
    FLAG(one_transaction, "4.5"),
    FLAG(writes_before_collapse, "5.2"),
    FLAG(auto_syncs, "9.1"),
    FLAG(writes_sync, "9.1"),
    FLAG(applies_whole_rows, "4.2, B"),
    LOCKS(lock_write, "4.5"),
    LOCKS(lock_push, "6.1"),
    LOCKS(lock_push_item, "5.3"),
    LOCKS(lock_pull, "7"),
    LOCKS(lock_purge, "8"),
    SAID(collapse, "5.2", COLLAPSE_LINES, label_collapse, say_collapse),
    FLAG(collapse_pends, "5.1"),

    FIELD(version_first, "5.1", SY_FIELD_NUMBER),
    FLAG(keeps_item, "5.2"),
    FLAG(keeps_version, "4.3"),
    FLAG(keeps_base, "4.3"),
    FLAG(persists_attempted, "5.1"),
    FLAG(operation_keys, ""),

    ENUM(update_method, "1", methods),
    FLAG(omits_defaults, "12.52"),
    SAID(verdicts, "6.2", VERDICT_LINES, label_verdict, say_verdict),
    ENUM(errors, "6.5", errors),
    FLAG(push_fails_on_error, "6.5"),
    ENUM(missing, "6.2, 6.7", missing),
    FLAG(unreadable_is_silent, "6.5"),
    FLAG(result_waits_for_last, "5.3"),
    FLAG(push_rereads, "6.7"),
    FLAG(has_hooks, "1, 9"),
    SAID(policy_default, "9.1", 1, NULL, say_policy),
    FLAG(policy_latest_is_client, "9.1"),
    FLAG(sends_nulls, "6.2"),
    FLAG(errors_change_action, "6.6"),
    SAID(check_decision, "6.6", 1, NULL, say_check_decision),
    FLAG(policy_resend_unconditional, "6.8"),
    FLAG(policy_server_restores_delete, "9.2"),
    FLAG(asks_unlocked, "12.77"),
    FLAG(cancel_ends_at_once, "6.3"),
    FIELD(parallel_max, "1", SY_FIELD_NUMBER),
    SAID(push_step, "6.1", 1, NULL, say_push_step),

    ENUM(implicit_push, "7.2", implicit),
    ENUM(implicit_push_scope, "7.1, 7.2", scopes),
    ENUM(token_kind, "7.9", token_kinds),
    FIELD(token_resolution_ns, "1", SY_FIELD_DURATION),
    ENUM(token_rule, "7.3-7.8", token_rules),
    FLAG(token_misreads_fraction, "7.5"),
    FLAG(first_pull_asks_token, "7.3-7.8"),
    FLAG(first_pull_asks_deleted, "7.7"),
    FIELD(page_size, "7.1", SY_FIELD_NUMBER),
    FIELD(page_size_max, "7.1, 7.5", SY_FIELD_NUMBER),
    FLAG(pull_orders_by_id, "7.5"),
    FLAG(pull_counts, "7.1"),
    ENUM(pull_options, "7.1", options),
    FLAG(pull_follows_next, "7.3, A"),
    FLAG(pull_deletes_first, "7.5-7.7"),
    FIELD(pull_write_interval, "7.7", SY_FIELD_NUMBER),
    ENUM(query_id_rule, "7.1, 7.8", query_ids),
    ENUM(pending_rule, "1", pending),
    FLAG(query_id_is_id, "7.1"),
    FLAG(pull_time_table, "4.3"),
    SAID(pull_step, "7", 1, NULL, say_pull_step),

    FLAG(has_purge, "8"),
    ENUM(purge_force, "8", forces),
    ENUM(purge_reset, "8", resets),
    ENUM(purge_associated, "8", associated),
    FLAG(purge_in_steps, "8"),

    ENUM(progress, "11", progress),

    FIELD(stored_time_resolution_ns, "4.2", SY_FIELD_DURATION),
    FIELD(removed_count_max, "4.2", SY_FIELD_NUMBER),
    FLAG(searches_by_like, "12.20"),
    FLAG(leaves_transaction_open, "4.2"),
    FLAG(drops_columns, "12.45"),
    FIELD(journal_mode, "", SY_FIELD_TEXT),
    FIELD(synchronous, "", SY_FIELD_TEXT),
};

const size_t sy_dialect_field_count = sizeof sy_dialect_fields / sizeof sy_dialect_fields[0];
