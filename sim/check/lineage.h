/* Where every value came from: the model of policies.md 2.1 that several checkers share.
 *
 * Each cell that somebody writes is an *edit* with a number of its own, its tag. Tags travel with
 * the values: from the device's copy of a row into the queue entry, into the request, into the
 * server's row, into other devices' copies. So for each value that anybody holds it is known who
 * wrote it and what its author had seen.
 *
 *   write --> copy (what a device shows) + pending (a queue entry)
 *   send  --> sending (what a request carries)      the commit names its sender and send
 *   commit -> line (the server's row), a commit of it
 *   apply --> copy; the copy then stands on that commit
 *
 * A row has an extra cell, SIM_ALIVE, which inserts and deletes write. Values are compared by hash.
 * The lineage reads each event before the checkers do; `now` says what the event was about. Nothing
 * is searched for: each event costs a look-up or two and a step for each cell of its row. Rows,
 * copies and replicas are numbered, so that checkers can keep what they know of one in an array
 * (sim_numbered). */
#ifndef SIM_CHECK_LINEAGE_H
#define SIM_CHECK_LINEAGE_H

#include "sim/check/history.h"

#define SIM_CAUSAL_HOST_MAX   32u /* hosts; with more of them causes are not followed */
#define SIM_MISSING_COUNT_MAX 8u  /* for each pull */
#define SIM_ALIVE             0u  /* the cell that says whether the row is there */
#define SIM_CELL_COUNT_MAX    64u
#define SIM_SENDING_COUNT     64u /* requests remembered for each device */

typedef struct sim_cell {
    uint64_t hash; /* of the value; 0: missing */
    uint32_t tag;  /* the edit that wrote it; 0: nobody knows */
} sim_cell;

typedef struct sim_cells { /* by column of its table; those beyond `count` are missing */
    sim_cell *items;
    uint32_t count;
} sim_cells;

typedef struct sim_columns { /* by table: names in the order in which they were first seen */
    sim_record record;
    sy_str names[SIM_CELL_COUNT_MAX]; /* [SIM_ALIVE] is empty */
    uint32_t count;
    uint64_t served;                 /* bit for each column that the server has */
    struct sim_causal_table *causal; /* lineage_causal.c */
    struct sim_column_map *maps;     /* schemas that were seen */
    sy_map lines;                    /* by id */
    struct sim_replica **replicas;   /* by host; NULL: none yet */
    uint32_t replica_count;
} sim_columns;

typedef struct sim_replica { /* by (host, table): what a device has of a table */
    sim_columns *columns;
    uint32_t host;
    uint32_t number;             /* from 0, in order of appearance */
    struct sim_session *session; /* lineage_causal.c */
} sim_replica;

typedef enum sim_loss { /* how an edit lost its cell on the server */
                        SIM_NOT_LOST,
                        SIM_KNOWN,   /* to somebody who had seen it */
                        SIM_DECIDED, /* to a decision that had the server's row with it in hand */
                        SIM_DIRECT,  /* to a write past the sync engine: the back office, a remote
                                        call */
                        SIM_UNCONDITIONAL, /* to a queued write that asked for no version */
                        SIM_BLIND /* to a write that asked for a version and had not seen it */
} sim_loss;

typedef enum sim_end { /* what became of an edit on its author's device */
                       SIM_PENDING,
                       SIM_COLLAPSED_AT_HOME, /* the author wrote the cell again before it was sent
                                               */
                       SIM_PUSHED,            /* the queue entry ended well */
                       SIM_YIELDED,           /* a decision took the server's row instead */
                       SIM_JOINED,            /* it ended well; a decision sent a value made of this
                                                 one and the server's */
                       SIM_KEPT,      /* a decision took the server's row and kept this elsewhere */
                       SIM_DISCARDED, /* by the app: a purge, a resolution */
                       SIM_FAILED     /* the operation left the queue with an error */
} sim_end;

struct sim_line;
typedef struct sim_edit {
    struct sim_line *line;
    uint64_t sequence; /* of its event */
    sy_time time;
    uint64_t hash;
    int64_t op;    /* 0: none */
    uint32_t host; /* of its author; 0: the back office */
    uint32_t column;
    uint32_t prior;     /* the edit that the author's copy showed */
    uint32_t seen;      /* the author's copy stood on the row's commit of that ordinal */
    uint32_t committed; /* ordinal of the first commit that brought it; 0: none did */
    uint32_t lost_to;   /* the edit that took its cell (0: none, or nobody knows whose) */
    uint64_t lost_at;   /* sequence of that commit; 0: not lost */
    uint64_t ended_at;  /* sequence of the event that ended it on its device */
    uint64_t decision;  /* sequence of the decision that cost it its cell; 0: none */
    sim_loss loss;
    sim_end end;
    bool duplicated; /* it came to be another row too */
    bool returned;   /* lost once, it came back without anybody writing it again */
    bool collateral; /* whoever took the cell had not edited it: an older value came back */
    bool by_policy;  /* made up by a decision, not by the app */
} sim_edit;

typedef struct sim_commit {
    struct sim_commit *older;
    struct sim_line *line;
    uint32_t ordinal;     /* among the row's, from 1 */
    uint32_t host;        /* who sent it; 0: the back office, or unknown */
    uint64_t version;     /* hash; 0: none */
    uint64_t sequence;    /* of its event */
    int64_t op;           /* 0: a direct write */
    uint64_t queued;      /* the event that queued that operation; 0: it is not known */
    const uint32_t *past; /* by host: commits of the table in its author's past; NULL: not kept */
    uint32_t past_count;
    int64_t stamp, order; /* updated_at; commit sequence */
    uint64_t content;     /* hash of all cells, the same for the same row */
    bool alive, conditional;
    bool known;      /* its request is known: host and op say something */
    sim_cells cells; /* as they are after it */
} sim_commit;

typedef struct sim_line { /* by (table, id): a row of the server */
    sim_columns *columns;
    sy_str id;
    sim_commit *newest; /* NULL: none yet */
    uint32_t number;    /* from 0, in order of appearance */
    bool untracked;     /* it changed behind the API: nothing is known of it any more */
} sim_line;

typedef struct sim_pending { /* a queue entry */
    struct sim_pending *next;
    struct sim_pending *host_next, *host_previous; /* all of the device's, in no order */
    struct sim_copy *copy;
    int64_t op;
    char kind;      /* 'i', 'u', 'd' */
    uint32_t shown; /* ordinal of the newest commit that a decision about it had in hand */
    uint32_t sent, failed;
    uint64_t sequence; /* of the event that queued it */
    uint64_t active;   /* of the one that sent it last, or told that it failed; 0: none did */
    uint32_t passed;   /* push_liveness: pushes since that did neither */
    uint64_t decided;  /* of its last decision; 0: none */
    bool yielded;      /* that decision took the server's row */
    bool kept;         /* and kept ours elsewhere */
    bool held;         /* that decision left it to a person: it is not sent */
    uint64_t changed;  /* bit for each cell that it sends another value of... */
    uint64_t lost;     /* ...because this one's is given up */
    bool survived;     /* until the scene of a crash is complete */
    bool recovered;    /* known from such a scene alone */
    sim_cells cells;   /* the row as it was when the operation was written last */
} sim_pending;

typedef struct sim_copy { /* by (host, table, id): what a device shows of a row */
    sim_line *line;
    sim_replica *replica;
    uint32_t host;
    uint32_t number;    /* from 0, in order of appearance */
    uint32_t base;      /* ordinal of the commit that it stands on; 0: none */
    uint32_t seen;      /* the highest that it ever stood on */
    uint32_t own;       /* the highest that its device pushed, and was told so */
    uint32_t shown;     /* the newest that a decision for its device's edits had in hand */
    uint64_t decided;   /* that decision */
    uint64_t sequence;  /* of the event that changed it last */
    sim_pending *first; /* by op */
    sim_cells cells;
    bool survived; /* until the scene of a crash is complete */
    bool had_row;  /* before that crash */
    bool changed;  /* by that crash: the row has other cells */
    bool lost;     /* a crash took it, and it has not come back */
    bool unknown;  /* what it shows came in a way that no event tells */
} sim_copy;

typedef struct sim_sending { /* a request that carries a row */
    uint64_t send;
    sim_copy *copy;
    int64_t op;
    uint64_t sequence;
    uint32_t seen;  /* what its pusher had seen of the row: by copy or by decision */
    uint32_t shown; /* by decision alone */
    uint64_t decided;
    uint64_t queued; /* the event that queued its operation */
    uint64_t asked;  /* hash of the version that it asks for; 0: unconditional */
    bool conditional, erases;
    uint64_t present; /* bit for each column that the request names */
    sim_cells cells;
} sim_sending;

typedef enum sim_missing_kind {
    SIM_MISSING_WRITE, /* an earlier write of the author whose later one is there */
    SIM_MISSING_READ,  /* what the author of a write that is there had read */
    SIM_MISSING_CAUSE  /* what led to it through others */
} sim_missing_kind;

typedef struct sim_missing { /* a pull ended, and this is not there */
    sim_missing_kind kind;
    const sim_commit *commit; /* which */
    const sim_commit *source; /* what is there */
} sim_missing;

typedef struct sim_moment { /* what the event at hand is about; NULL: nothing of the kind */
    sim_copy *copy;
    sim_line *line;
    sim_replica *replica; /* pulls: of the table */
    sim_pending *pending;
    const sim_sending *sending;
    const sim_commit *commit;      /* made (commit), applied (apply), shown (conflict) */
    uint32_t base_before;          /* apply: what the copy stood on */
    uint32_t edit_first, edit_end; /* edits that it made */
} sim_moment;

typedef struct sim_device_line { /* by host */
    sim_sending *sendings;       /* SIM_SENDING_COUNT of them; NULL: none yet */
    sim_pending *queue;
} sim_device_line;

typedef struct sim_lineage {
    sy_alloc alloc;
    const sim_trace *trace;
    sy_arena arena;
    sim_index tables;
    sim_columns *columns; /* asked for last */
    sim_copy **copies;    /* by number */
    size_t copy_capacity;
    sim_copy **slots; /* open addressing, by row and host; NULL: free */
    size_t slot_count;
    sim_edit *edits; /* [0] is nobody's */
    uint32_t edit_count;
    size_t edit_capacity;
    sim_device_line *devices;
    size_t device_count;
    sim_pending *spare;
    uint32_t line_count, copy_count, replica_count;
    sim_moment now;
    uint32_t lost[SIM_CELL_COUNT_MAX]; /* commit: edits that lost their cells by it */
    uint32_t lost_count;
    sim_missing missing[SIM_MISSING_COUNT_MAX]; /* pull_end */
    uint32_t missing_count;
    bool settling; /* users are done: settle began */
    bool failed;   /* out of memory: what follows is not to be trusted */
} sim_lineage;

#define SIM_LINEAGE_KIND_COUNT 21u
extern const sy_event_kind *const sim_lineage_kinds[SIM_LINEAGE_KIND_COUNT]; /* what it reads */

void sim_lineage_init(sim_lineage *lineage, sy_alloc alloc, const sim_trace *trace);
/* Memory ran out: what it says is not to be trusted. */
bool sim_lineage_failed(const sim_lineage *lineage);
void sim_lineage_deinit(sim_lineage *lineage);
void sim_lineage_read(void *self, const sim_event *event); /* self: a sim_lineage */

static inline const sim_edit *sim_edit_of(const sim_lineage *lineage, uint32_t tag)
{
    return &lineage->edits[tag];
}
static inline sim_cell sim_cell_at(const sim_cells *cells, uint32_t column)
{
    return column < cells->count ? cells->items[column] : (sim_cell){0};
}
/* A device's copy of a row; NULL: it never had one. */
const sim_copy *sim_lineage_find(sim_lineage *lineage, uint32_t host, sy_str table, sy_str id);
const sim_copy *sim_line_copy(const sim_lineage *lineage, const sim_line *line, uint32_t host);
/* What a device has of a table, made when it is not there; NULL: no memory. */
sim_replica *sim_lineage_replica(sim_lineage *lineage, uint32_t host, sy_str table);
/* A device's queue entries, by host_next. */
static inline sim_pending *sim_lineage_queue(const sim_lineage *lineage, uint32_t host)
{
    return host < lineage->device_count ? lineage->devices[host].queue : NULL;
}
/* Did whoever made `later` know `earlier`, an edit of the same cell? */
bool sim_edit_saw(const sim_lineage *lineage, uint32_t later, uint32_t earlier);
/* A delete of a row that the server never had: there was nothing for it to take. */
static inline bool sim_edit_is_moot(const sim_edit *edit)
{
    return edit->column == SIM_ALIVE && edit->hash == 0 && edit->line->newest == NULL;
}
/* The row's table, id, and a column's name ("" for SIM_ALIVE). */
static inline sy_str sim_line_table(const sim_line *line)
{
    return sim_record_a(&line->columns->record);
}
static inline sy_str sim_line_id(const sim_line *line)
{
    return line->id;
}
static inline sy_str sim_column_name(const sim_line *line, uint32_t column)
{
    return line->columns->names[column];
}
/* The cell number of each column of a schema: 0 for a system column and for those past
 * SIM_CELL_COUNT_MAX. For a table that the lineage has met. */
const uint8_t *sim_lineage_map(struct sim_lineage *lineage, sim_columns *columns,
                               const sy_schema *schema);
static inline uint64_t sim_cell_hash(const sy_value *value)
{
    return sy_value_missing(value) ? 0 : sy_value_hash(value, 0) | 1;
}
/* The commit of a row that has this version (its hash); NULL: none that is known. */
const sim_commit *sim_line_version(const sim_line *line, uint64_t version);
uint64_t sim_version_hash(sy_str version);

#endif
