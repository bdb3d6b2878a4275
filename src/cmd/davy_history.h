/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of davy history share. */
#ifndef DAVY_CMD_DAVY_HISTORY_H
#define DAVY_CMD_DAVY_HISTORY_H

#include "cmd/davy.h"
#include "history/texts.h"
#include "history/where.h"
#include "model/sums.h"

struct history_job;
/* One way of printing. Rows come in the order in which they are printed; tasks or groups, never both. */
struct history_form {
    const char *name;
    void (*begin)(struct history_job *j);
    void (*task)(struct history_job *j, const struct where_row *row);
    void (*group)(struct history_job *j, const struct sums_row *rows, size_t count);
    void (*end)(struct history_job *j, const struct sums_row *total);
};
extern const struct history_form history_csv, history_json, history_text;

struct history_kept { /* with --limit */
    struct record record;
    char *id; /* malloc */
};
struct history_job {
    const struct davy_options *options;
    const char *by_name, *where_text; /* NULL: not said */
    const struct where *where;
    const struct history_form *form;
    enum sums_by by; /* SUMS_ALL: task by task */
    int64_t now_ms;
    int64_t since_ms, until_ms; /* as said; NOT_KNOWN */
    int64_t after_ms, last_ms;  /* after < t <= last */
    int64_t limit;              /* NOT_KNOWN */
    bool synthetic, wants_ids;  /* self-tests count; ids are wanted as text */
    char dir[PATH_MAX];
    const char *path;             /* of the history */
    const char *rig_name, *shown; /* the history as the settings say it, safe */
    const struct settings *settings;
    const struct budgets_doc *budgets; /* NULL */
    struct arena arena, scratch;       /* scratch: of one row */
    struct history *history;
    struct history_counts counts; /* of the whole file, at now */
    struct texts ids;
    struct sums *sums;
    struct history_kept *kept; /* a ring of limit rows; room of them */
    size_t kept_room;
    uint64_t found;            /* records that fit */
    uint64_t rows;             /* printed */
    bool inside;               /* the object or line that is being printed has a member already */
    struct history_page *page; /* of davy_history_text.c */
};

/* davy_history_rig.c: where the rig's files are and what its settings say. */
bool history_find(struct history_job *j, struct err *e);
/* davy_history_read.c: all of the file through j->history; with a bar on standard error when that takes long. */
bool history_read(struct history_job *j, struct err *e);

const char *history_kind(const struct record *r); /* "scored", ... */
bool history_by_time(const struct history_job *j);

/* davy_history_members.c: the same members for every form. */
struct history_writer {
    void (*number)(struct history_job *j, const char *name, const char *digits); /* "": not known */
    void (*text)(struct history_job *j, const char *name, const char *text);     /* NULL: not known */
    void (*time)(struct history_job *j, const char *name, int64_t ms);           /* NOT_KNOWN */
    void (*flag)(struct history_job *j, const char *name, bool v);
};
void history_put_whole(struct history_job *j, const struct history_writer *w, const char *name, int64_t v);
void history_put_task(struct history_job *j, const struct history_writer *w, const struct where_row *row);
void history_put_sums(struct history_job *j, const struct history_writer *w, const struct sums_row *row);
void history_put_group(struct history_job *j, const struct history_writer *w, const struct sums_row *row);

#endif
