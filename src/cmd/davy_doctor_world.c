/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How changes are noticed, the machine's clock, davy's own folder, and davy itself. */
#include "cmd/davy_doctor.h"

#include "base/file.h"
#include "base/timetext.h"
#include "sink/curses_about.h"

#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <utf8proc.h>

static const char FIRST_SANE[] = "2024-01-01T00:00:00Z";
enum { FUTURE_MS = 60000, INSTANCES_FEW = 64, WATCHES_FEW = 4096 };

/* ---- changes ---- */

static int64_t limit_of(struct doctor *d, const char *name)
{
    struct bytes text;
    struct file_stat s;
    int64_t v = NOT_KNOWN;
    if (file_read(&d->arena, arena_text(&d->arena, "/proc/sys/fs/inotify/%s", name), 64, &text, &s, NULL))
        bytes_i64(bytes_trim(text), &v);
    return v;
}

static const char *number(struct doctor *d, int64_t v)
{
    return v == NOT_KNOWN ? "not known" : arena_text(&d->arena, "%lld", (long long)v);
}

static void limits(struct doctor *d)
{
    int64_t instances = limit_of(d, "max_user_instances"), watches = limit_of(d, "max_user_watches");
    bool few = (instances != NOT_KNOWN && instances < INSTANCES_FEW) || (watches != NOT_KNOWN && watches < WATCHES_FEW);
    doctor_say(d, few ? MARK_NOTE : MARK_OK, "limits of inotify",
               few ? "sysctl fs.inotify.max_user_instances=128 fs.inotify.max_user_watches=65536" : NULL,
               "%s instances a user (davy needs one), %s watches (davy needs fewer than 12)", number(d, instances),
               number(d, watches));
}

void doctor_noticing(struct doctor *d)
{
    struct rig_options options = {.backend = WATCH_AUTO};
    struct err why = {""};
    davy_rig_options(d->options, &options, NULL);
    struct watch *w = watch_open(options.backend);
    d->section = "Changes";
    if (options.backend == WATCH_POLL)
        doctor_say(d, MARK_OK, "noticed by", NULL, "looking every 2 s, as --watch or DAVY_WATCH says");
    else if (watch_polling(w))
        doctor_say(d, MARK_NOTE, "noticed by", "sysctl fs.inotify.max_user_instances=128, or end what holds so many",
                   "%s", watch_notice(w));
    else if (d->dir[0] != '\0' && watch_add(w, d->dir, &why) < 0)
        doctor_say(d, MARK_NOTE, "noticed by", "davy on the machine that has the disk sees changes at once",
                   "looking every 2 s (%s)", why.text);
    else
        doctor_say(d, MARK_OK, "noticed by", NULL, "inotify: a change is on the screen at once");
    watch_close(w);
    limits(d);
}

/* ---- the machine ---- */

static void files_of_the_future(struct doctor *d, int64_t now)
{
    for (int i = 0; d->model != NULL && i < DOC_COUNT; i++) {
        const struct origin *o = &d->model->origin[i];
        if (o->mtime_ms == NOT_KNOWN || o->mtime_ms <= now + FUTURE_MS)
            continue;
        doctor_say(d, MARK_PROBLEM, "clock", "compare the clocks of this machine and of the one that writes the file",
                   "%s was written %s in the future", doctor_safe(d, o->path), doctor_span(d, o->mtime_ms - now));
        return;
    }
}

static void clock_of(struct doctor *d)
{
    struct timex t = {.modes = 0};
    char text[TIME_TEXT];
    int64_t now = wall_now(), sane = 0;
    time_parse(bytes_of(FIRST_SANE), 0, &sane);
    int state = adjtimex(&t);
    if (now < sane)
        doctor_say(d, MARK_PROBLEM, "clock", "set the clock: timedatectl set-ntp true", "it says %s",
                   time_iso(text, now));
    else if (state == TIME_ERROR)
        doctor_say(d, MARK_NOTE, "clock", "timedatectl set-ntp true, or install chrony",
                   "%s, not synchronised as far as the kernel knows; the auction countdown needs a right clock",
                   time_iso(text, now));
    else
        doctor_say(d, MARK_OK, "clock", NULL, "%s%s", time_iso(text, now), state >= 0 ? ", synchronised" : "");
    files_of_the_future(d, now);
}

/* The folder, or the nearest one above that is there: where it would be made. */
static bool may_write(struct doctor *d, const char **at)
{
    static const char *const steps[] = {"state/davy", "state", "."};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct stat s;
        *at = arena_text(&d->arena, "%s/%s", d->dir, steps[i]);
        if (stat(*at, &s) == 0)
            return S_ISDIR(s.st_mode) && faccessat(AT_FDCWD, *at, W_OK | X_OK, AT_EACCESS) == 0;
    }
    return false;
}

static void own_folder(struct doctor *d)
{
    const char *at = "";
    if (d->dir[0] == '\0')
        return;
    if (may_write(d, &at))
        doctor_say(d, MARK_OK, "state/davy", NULL, "davy's own files can be written (the log of restarts and commits)");
    else
        doctor_say(d, MARK_NOTE, "state/davy",
                   "run davy as the user of the rig, if you want to restart or commit from it",
                   "%s cannot be written, so no action can be logged, and none will be run", doctor_safe(d, at));
}

void doctor_machine(struct doctor *d)
{
    d->section = "Machine";
    clock_of(d);
    own_folder(d);
}

void doctor_program(struct doctor *d)
{
    struct utsname u = {.release = "?"};
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    uname(&u);
    d->section = "Program";
    doctor_say(d, MARK_OK, "davy", NULL, "%s, %s", DAVY_VERSION, doctor_safe(d, path));
    doctor_say(d, MARK_OK, "libraries", NULL, "%s, jansson %s, utf8proc %s, glibc %s, Linux %s", curses_library(),
               JANSSON_VERSION, utf8proc_version(), gnu_get_libc_version(), u.release);
}
