/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of davy stage share. */
#ifndef DAVY_CMD_DAVY_STAGE_H
#define DAVY_CMD_DAVY_STAGE_H

#include "base/json.h"
#include "cmd/davy.h"
#include "stage/stage.h"

enum { STAGE_WORDS = 3 };
struct stage_job {
    const struct davy_options *options;
    const char *file, *user, *details, *mode, *output;
    bool follow, journal;
    int64_t status_s;              /* between two status lines; 0: none */
    const char *word[STAGE_WORDS]; /* behind "stage": start 3 "text" */
    int words;
    char **command; /* behind "--"; NULL: none */
    struct arena arena;
    const char *path; /* of the status file */
    bool troubled;    /* the library said what is wrong */
};

/* davy_stage_file.c */
const char *stage_job_path(struct stage_job *j);            /* --file, $DAVY_STAGE_FILE, davy.toml, the usual place */
json_t *stage_job_read(struct stage_job *j, struct err *e); /* the caller's; NULL with the sentence */
/* How the rig's davy-run runs them, "watchdog" or "direct"; NULL: there is none. */
const char *stage_job_mode(struct stage_job *j, struct arena *a);
/* "Module 1: Running | Module 2: Stopped" of the rig's davy-run, in the order of its file; "" when there is none. */
const char *stage_job_modules(struct stage_job *j, struct arena *a);
struct stage_told { /* an event of the file, of any writer */
    struct stage_text text;
    const char *status;        /* verbatim */
    int64_t at_ms, started_ms; /* NOT_KNOWN */
    int64_t seq;               /* NOT_KNOWN: of another writer than davy */
};
struct stage_told stage_told_of(struct arena *a, const json_t *event);

/* Each does one word. */
int stage_job_run(struct stage_job *j);
int stage_job_log(struct stage_job *j);
int stage_job_show(struct stage_job *j);
bool stage_job_number(struct stage_job *j, int *number, struct err *e); /* of the stage: the second word */
/* davy_stage.c: opens libdavystage on the file. false: it cannot be used, which was said. */
bool stage_job_open(struct stage_job *j);
int stage_job_close(struct stage_job *j); /* waits until it is written; DAVY_OK whatever happened: miners go on */

#endif
