/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of davy-sim, and what they share. */
#ifndef DAVY_CMD_SIM_H
#define DAVY_CMD_SIM_H

#include "base/options.h"
#include "sim/orders.h"

#include <stdio.h>
#include <sys/types.h>

enum { SIM_OK = 0, SIM_USAGE = 3 };

struct sim_command {
    const char *name, *usage, *help;
    const struct option_row *options;    /* NULL: none */
    int (*run)(int argc, char **argv);   /* argv[0] is the command's name; the exit code */
    void (*more)(FILE *out, bool troff); /* what else the help and the manual tell; NULL */
    const char *example[4];              /* command lines; NULL at the end */
};
extern const struct sim_command sim_commands[]; /* alphabetical; .name == NULL at the end */
int sim_help(const char *name);                 /* NULL: of davy-sim itself */
int sim_unknown(const char *name);              /* prints that there is no such command and returns SIM_USAGE */
int sim_manual(int argc, char **argv);
int sim_rig(int argc, char **argv);
int sim_daemon(int argc, char **argv);
int sim_chain(int argc, char **argv);
extern const struct option_row sim_chain_options[];
void sim_chain_more(FILE *out, bool troff); /* the faults and the methods for tests */
int sim_telegram(int argc, char **argv);
int sim_coordinator(int argc, char **argv);
extern const struct option_row sim_coordinator_options[];
void sim_coordinator_more(FILE *out, bool troff); /* the faults */
extern const struct option_row sim_telegram_options[];
void sim_telegram_more(FILE *out, bool troff); /* the faults */
extern const struct option_row sim_rig_options[], sim_daemon_options[];
void sim_rig_more(FILE *out, bool troff); /* the scenarios */
/* Dies with its parent, also when that is gone already. The parent says who it is: to us a process 1 that adopted us looks the
 * same as a dashboard that is process 1 of its container. 0: not tied. */
void sim_tie(int64_t parent);
int sim_complain(const struct err *e); /* prints "davy-sim: ..." and returns SIM_USAGE */
int32_t sim_utc_offset_s(void);        /* of the local zone, now: log lines are local time */
/* `WORD... [options] WORD...`: options anywhere; the other words are moved to the front of argv, their number returned, -1
 * with the sentence. */
int sim_words(const struct option_row *rows, int argc, char **argv, void *target, struct err *e);

/* sim_write.c: orders on files, relative to the rig's folder */
bool sim_write(int dir_fd, const struct sim_order *order, struct err *e);
bool sim_write_text(int dir_fd, enum sim_act act, enum sim_file file, struct bytes text, struct err *e);
bool sim_age(int dir_fd, enum sim_file file, int64_t age_ms, struct err *e); /* sets its time back */

/* sim_stages.c: through libdavystage. dir stays the caller's; stage_close() ends it. */
bool sim_stages_open(char dir[4096], struct err *e);
void sim_stages_tell(const struct sim_told *told);

/* sim_folder.c: whose folder it is. The mark is a locked file that holds the pid of the davy-sim which feeds the folder. */
int sim_folder_open(const char *dir, char path[4096],
                    struct err *e);                              /* creates it; refuses a folder with others' files */
int sim_folder_lock(int dir_fd, const char *dir, struct err *e); /* descriptor to keep; -1: somebody feeds it already */
pid_t sim_folder_owner(int dir_fd);                              /* of the living davy-sim rig; 0: none */

#endif
