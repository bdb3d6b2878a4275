/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/run.h"

#include "base/timetext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOG_MOST = 10 << 20, LOG_KEPT = 5 };

static void open_file(struct run_log *l)
{
    struct stat st;
    l->fd = open(l->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
    l->size = l->fd >= 0 && fstat(l->fd, &st) == 0 ? st.st_size : 0;
    if (l->fd < 0)
        run_say("%s: %s; the module's output is dropped", l->path, strerror(errno));
}

void run_log_open(struct run_log *l, const char *dir, const char *module)
{
    char folder[PATH_MAX];
    *l = (struct run_log){.fd = -1};
    snprintf(folder, sizeof folder, "%.3900s/logs", dir);
    mkdir(folder, 0755);
    snprintf(l->path, sizeof l->path, "%.3900s/logs/%.100s.log", dir, module);
    open_file(l);
}

/* NAME.log.4 -> NAME.log.5, ..., NAME.log -> NAME.log.1 */
static void rotate(struct run_log *l)
{
    char from[PATH_MAX + 16], to[PATH_MAX + 16];
    for (int i = LOG_KEPT - 1; i >= 0; i--) {
        snprintf(from, sizeof from, i > 0 ? "%s.%d" : "%s", l->path, i);
        snprintf(to, sizeof to, "%s.%d", l->path, i + 1);
        rename(from, to);
    }
    close(l->fd);
    open_file(l);
}

static void write_line(struct run_log *l, const char *line, size_t length)
{
    char at[TIME_TEXT], text[sizeof l->line + TIME_TEXT + 8];
    int n = snprintf(text, sizeof text, "%s %.*s\n", time_iso(at, wall_now()), (int)length, line);
    if (l->size > 0 && l->size + n > LOG_MOST && l->fd >= 0)
        rotate(l);
    if (l->fd >= 0 && write(l->fd, text, (size_t)n) == n) /* a full disk: the line is lost, the module goes on */
        l->size += n;
}

static void end_line(struct run_log *l)
{
    for (size_t i = 0; i < l->length; i++)
        if (l->line[i] == '\0') /* a C string from here on */
            l->line[i] = ' ';
    write_line(l, l->line, l->length);
    l->length = 0;
}

void run_log_put(struct run_log *l, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n' || l->length == sizeof l->line)
            end_line(l);
        if (bytes[i] != '\n')
            l->line[l->length++] = bytes[i];
    }
}

void run_log_say(struct run_log *l, const char *sentence)
{
    if (l->length > 0)
        end_line(l);
    char text[512];
    int n = snprintf(text, sizeof text, "-- davy-run: %s", sentence);
    write_line(l, text, n < (int)sizeof text ? (size_t)n : sizeof text - 1);
}

void run_log_close(struct run_log *l)
{
    if (l->length > 0)
        end_line(l);
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}
