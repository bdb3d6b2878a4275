/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stages of the simulated miner, told through libdavystage as a real one tells them. */
#include "cmd/sim.h"

#include "stagelib/davy_stage.h"

#include <limits.h>
#include <sys/stat.h>

/* Its folder may have been removed: then nobody looks any more. */
static void complain(void *ctx, const char *sentence)
{
    struct stat s;
    if (stat(ctx, &s) == 0)
        fprintf(stderr, "davy-sim: %s\n", sentence);
}

bool sim_stages_open(char dir[4096], struct err *e)
{
    char file[PATH_MAX];
    int n = snprintf(file, sizeof file, "%s/%s", dir, sim_path(SIM_STATUS));
    struct stage_options o = {.file = file, .mode = "watchdog", .tell = complain, .ctx = dir};
    return (n > 0 && n < PATH_MAX && stage_open(&o) == 0) || err_set(e, "%.200s: its stages cannot be told", dir);
}

void sim_stages_tell(const struct sim_told *t)
{
    static void (*const tell[])(int number, const char *message, const char *username, const char *details) = {
        [SIM_STARTED] = stage_start, [SIM_COMPLETED] = stage_complete, [SIM_FAILED] = stage_failed};
    tell[t->what](t->number, t->message, t->username, NULL);
}
