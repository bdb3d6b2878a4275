/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the program davy share. */
#ifndef DAVY_CMD_DAVY_H
#define DAVY_CMD_DAVY_H

#include "base/options.h"
#include "source/rig.h"
#include "view/theme.h"
#include "view/ui.h"

enum { DAVY_OK = 0, DAVY_UNKNOWN = 3 }; /* exit codes of interfaces.md */

struct davy_options {
    const char *dir, *config, *output, *theme, *graph, *keys, *watch, *color;
    bool once, ascii, no_color, read_only, help, plain, version;
    int64_t now_ms;
    int size[2];
};
extern const struct option_row davy_options[];
struct davy_command {
    const char *name, *usage, *help;
    const struct option_row *options;                                /* NULL: none of its own */
    int (*run)(const struct davy_options *o, int argc, char **argv); /* argv[0] is the command's name */
};
extern const struct davy_command davy_commands[]; /* alphabetical, .name == NULL at the end */
extern const struct option_row alerts_options[];
extern const struct option_row budget_options[], bundle_options[], check_options[], commit_options[], config_options[], demo_options[],
    doctor_options[], export_options[], history_options[], report_options[], restart_options[], stage_options[];

int davy_fail(const struct err *e); /* prints "davy: ..." and returns DAVY_UNKNOWN */
/* davy.c: what options, environment and settings make of the first look. */
bool davy_ui(const struct davy_options *o, const struct settings *s, struct ui *ui, struct err *e);
bool davy_rig_options(const struct davy_options *o, struct rig_options *out, struct err *e);
struct rig *davy_look(const struct davy_options *o, struct err *e);      /* one look at the rig; NULL with the sentence */
void davy_keep(const struct davy_options *o, struct rig_options *out); /* the history's index may be written */

int davy_once(const struct davy_options *o);
/* Until it is left, or for seconds (0: no limit). */
int davy_dashboard(const struct davy_options *o, double seconds);
int davy_plain(const struct davy_options *o, double seconds); /* the same, line by line */
int davy_alerts(const struct davy_options *o, int argc, char **argv);
int davy_demo(const struct davy_options *o, int argc, char **argv);
int davy_budget(const struct davy_options *o, int argc, char **argv);
int davy_bundle(const struct davy_options *o, int argc, char **argv);
int davy_check(const struct davy_options *o, int argc, char **argv);
int davy_commit(const struct davy_options *o, int argc, char **argv);
int davy_completion(const struct davy_options *o, int argc, char **argv);
int davy_doctor(const struct davy_options *o, int argc, char **argv);
int davy_export(const struct davy_options *o, int argc, char **argv);
int davy_help(const struct davy_options *o, int argc, char **argv);
int davy_history(const struct davy_options *o, int argc, char **argv);
int davy_report(const struct davy_options *o, int argc, char **argv);
int davy_restart(const struct davy_options *o, int argc, char **argv);
int davy_stage(const struct davy_options *o, int argc, char **argv);
int davy_run_command(struct davy_options *o, int argc, char **argv); /* argv[0] is its name */
/* davy_words.c: takes those options out of argv that all commands know and own does not; what is left of argc, or -1. */
int davy_words(struct davy_options *o, const struct option_row *own, int argc, char **argv, struct err *e);
/* davy_words.c: options and at most one word among them; NULL: none was said. */
bool davy_one_word(const struct option_row *own, int argc, char **argv, void *target, const char **word, struct err *e);
bool davy_no_command(struct err *e, const char *name); /* both return false */
bool davy_too_many(struct err *e, const char *command, const char *word);
int davy_manual(const struct davy_options *o, int argc, char **argv);
int davy_config(const struct davy_options *o, int argc, char **argv);
int davy_run_other(const char *name, char **argv); /* execs davy-NAME; returns only when there is none */

/* davy_look.c: what options, environment and settings ask for. AUTO: nobody said. */
bool davy_color(const struct davy_options *o, enum color_depth *out, struct err *e);
enum color_depth davy_color_of_env(void); /* for text that goes to a terminal by way of a pipe */
/* A theme that only davy.toml names need not be there: that is said on standard error, and lamp is taken. */
bool davy_looks(const struct davy_options *o, const struct settings *s, struct arena *a, struct looks *out,
                struct err *e);
bool davy_graph(const char *name, enum graph_form *form, struct err *e); /* NULL: form stays */
void davy_looks_manual(void);                                            /* a section of davy(1) */
/* davy_older.c: what the screen needs of the history's file and m does not have yet. false: nothing. */
bool davy_older_tasks(struct rig *r, struct model *m, const struct ui *ui);
/* Goes on with the search of ui's filter until the loop's clock says so. false: all was searched, or nothing is. */
bool davy_search(struct rig *r, struct model *m, int64_t until_ms);
void davy_jump(struct rig *r, const struct model *m, struct ui *ui); /* to the task of ui->jump_ms, or the one before */
/* davy_keys.c: "3,Enter,j" -> key codes; false with the sentence for an unknown name. */
bool davy_keys(const char *text, int *key, size_t most, size_t *count, struct err *e);
/* davy_crash.c: on SIGSEGV and the like the terminal is put back first. */
void davy_crash_guard(void);
/* davy_guard.c: a process that brings the terminal back when davy was killed. */
struct guard {
    pid_t pid;
    int line; /* a pipe: its end is davy's end */
};
void guard_start(struct guard *g);
void guard_end(struct guard *g);
/* davy_stderr.c: libraries print to stderr; while the screen is up that goes to memory, afterwards to where it belongs. */
struct stderr_guard {
    int saved, memory;
};
void stderr_catch(struct stderr_guard *g);
void stderr_release(struct stderr_guard *g);

#endif
