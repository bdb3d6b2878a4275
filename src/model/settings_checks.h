/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables [check.NAME] and [process.NAME] of davy.toml: what davy check looks at beside the rig itself. */
#ifndef DAVY_MODEL_SETTINGS_CHECKS_H
#define DAVY_MODEL_SETTINGS_CHECKS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CHECKS_MOST = 16, CHECK_EVERY_S = 600, CHECK_LIMIT_S = 5, CHECK_LIMIT_MOST_S = 7, PROCESS_AFTER_S = 900 };

struct check_setting { /* a command of the owner's, as monitoring plugins are */
    const char *name;
    const char *const *argv; /* NULL at the end */
    int64_t every_s, limit_s;
};
struct process_setting { /* a process that must run */
    const char *name;
    const char *pid_file, *match; /* one of them, or both; NULL */
    int64_t after_s;              /* down so long: an alert; 0: not set, as alertThresholds say */
};
struct checks_setting {
    const struct check_setting *check;
    const struct process_setting *process;
    size_t checks, processes;
};

void settings_checks_example(FILE *out);
void settings_checks_manual(FILE *out);

#endif
