/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One process as procfs shows it. */
#include "source/probe.h"

#include "base/file.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROC_LIMIT = 64 * 1024, STAT_STATE = 3, STAT_UTIME = 14, STAT_STIME = 15, STAT_START = 22, STAT_FIELDS = 23 };

/* The file's bytes, empty when it cannot be read. */
static struct bytes proc_read(struct arena *a, const char *root, int64_t pid, const char *name)
{
    struct bytes out = {"", 0};
    struct file_stat stat;
    const char *path =
        pid > 0 ? arena_text(a, "%s/%lld/%s", root, (long long)pid, name) : arena_text(a, "%s/%s", root, name);
    file_read(a, path, PROC_LIMIT, &out, &stat, NULL);
    return out;
}

static struct bytes next_word(struct bytes *rest)
{
    *rest = bytes_trim(*rest);
    size_t len = bytes_find(*rest, " ");
    struct bytes word = {rest->at, len};
    *rest = bytes_from(*rest, len);
    return word;
}

/* Fields of /proc/PID/stat by their number in proc(5). The command's name may hold blanks and brackets, so counting
 * starts behind the last one. */
static size_t stat_fields(struct bytes stat, struct bytes field[STAT_FIELDS])
{
    size_t close = stat.len;
    while (close > 0 && stat.at[close - 1] != ')')
        close--;
    struct bytes rest = bytes_from(stat, close);
    size_t n = STAT_STATE;
    for (; close > 0 && n < STAT_FIELDS && rest.len > 0; n++)
        field[n] = next_word(&rest);
    return close > 0 ? n : 0;
}

static int64_t number(struct bytes word)
{
    int64_t value;
    return bytes_i64(word, &value) && value >= 0 ? value : NOT_KNOWN;
}

static int64_t ticks_ms(int64_t ticks)
{
    long per_second = sysconf(_SC_CLK_TCK);
    if (ticks == NOT_KNOWN || per_second <= 0 || ticks > INT64_MAX / 1000)
        return NOT_KNOWN;
    return ticks * 1000 / per_second;
}

static int64_t boot_ms(struct arena *a, const char *root)
{
    struct bytes rest = proc_read(a, root, 0, "stat"), line;
    while (bytes_line(&rest, &line))
        if (bytes_cut(&line, "btime ")) {
            int64_t s = number(bytes_trim(line));
            return s == NOT_KNOWN || s > INT64_MAX / 1000 ? NOT_KNOWN : s * 1000;
        }
    return NOT_KNOWN;
}

static const char *command_line(struct arena *a, const char *root, int64_t pid)
{
    struct bytes raw = proc_read(a, root, pid, "cmdline");
    char *text = arena_alloc(a, raw.len + 1);
    for (size_t i = 0; i < raw.len; i++)
        text[i] = raw.at[i] == '\0' ? ' ' : raw.at[i];
    return text_safe(a, bytes_trim((struct bytes){text, raw.len}), 0);
}

/* What ps shows for a process without words, a thread of the kernel: its name in brackets. */
static const char *bracketed(struct arena *a, struct bytes stat)
{
    size_t open = bytes_find(stat, "("), close = stat.len;
    while (close > open && stat.at[close - 1] != ')')
        close--;
    struct bytes name = bytes_from(stat, open + 1);
    name.len = close > open + 1 ? close - open - 2 : 0;
    return arena_text(a, "[%s]", text_safe(a, name, 0));
}

static int64_t resident_bytes(struct arena *a, const char *root, int64_t pid)
{
    struct bytes rest = proc_read(a, root, pid, "statm");
    next_word(&rest);
    int64_t pages = number(next_word(&rest));
    return pages == NOT_KNOWN || pages > INT64_MAX / 65536 ? NOT_KNOWN : pages * sysconf(_SC_PAGESIZE);
}

static void fill(struct arena *a, struct process *p, const char *root, struct bytes stat, const char *match)
{
    struct bytes field[STAT_FIELDS] = {{0}};
    if (stat_fields(stat, field) <= STAT_START) {
        p->state = PROBE_HIDDEN;
        return;
    }
    bool dead = bytes_is(field[STAT_STATE], "Z") || bytes_is(field[STAT_STATE], "X");
    p->state = dead ? PROBE_ZOMBIE : PROBE_ALIVE;
    int64_t start = ticks_ms(number(field[STAT_START])), boot = boot_ms(a, root);
    int64_t user = ticks_ms(number(field[STAT_UTIME])), kernel = ticks_ms(number(field[STAT_STIME]));
    p->start_ms = start == NOT_KNOWN || boot == NOT_KNOWN ? NOT_KNOWN : boot + start;
    p->cpu_ms = user == NOT_KNOWN || kernel == NOT_KNOWN ? NOT_KNOWN : user + kernel;
    p->rss_bytes = resident_bytes(a, root, p->pid);
    p->cmdline = dead ? "" : command_line(a, root, p->pid);
    if (!dead && *p->cmdline == '\0')
        p->cmdline = bracketed(a, stat);
    p->is_daemon = !dead && *match != '\0' && strstr(p->cmdline, match) != NULL;
}

/* With hidepid=2 other users' processes are not in /proc, though they run. A pidfd tells the difference without a signal;
 * it knows our own pids only, so another procfs is believed as it is. */
static enum probe_state unseen(const char *root, int64_t pid)
{
    if (strcmp(root, "/proc") != 0 || pid > INT32_MAX)
        return PROBE_GONE;
    int fd = pidfd_open((pid_t)pid, 0);
    if (fd < 0)
        return errno == ESRCH || errno == EINVAL || errno == ENOENT ? PROBE_GONE : PROBE_HIDDEN;
    close(fd);
    return PROBE_HIDDEN;
}

struct process process_look(struct arena *a, const char *root, int64_t pid, const char *daemon_match)
{
    struct process p = {.pid = pid,
                        .state = PROBE_HIDDEN,
                        .cmdline = "",
                        .start_ms = NOT_KNOWN,
                        .cpu_ms = NOT_KNOWN,
                        .rss_bytes = NOT_KNOWN};
    struct stat st;
    const char *dir = arena_text(a, "%s/%lld", root, (long long)pid);
    if (stat(dir, &st) < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        p.state = unseen(root, pid);
        return p;
    }
    struct bytes text = proc_read(a, root, pid, "stat");
    if (text.len > 0)
        fill(a, &p, root, text, daemon_match);
    else if (stat(dir, &st) < 0)
        p.state = PROBE_GONE; /* it ended between the two looks */
    return p;
}
