/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The node's events: a JSON object a line, one write each. Keys, prompts and arguments never come here. */
#include "cmd/node_daemon.h"

#include "base/timetext.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MOST = 16 << 10 };

void node_log_open(struct node_daemon *d)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", d->config.log);
    char *slash = strrchr(folder, '/');
    if (slash && slash > folder) {
        *slash = '\0';
        mkdir(folder, 0755);
    }
    if (d->log_fd >= 0)
        close(d->log_fd);
    d->log_fd = open(d->config.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
}

static const char *stamp(char out[TIME_TEXT], int64_t ms)
{
    time_iso(out, ms);
    size_t n = strlen(out);
    snprintf(out + n - 1, TIME_TEXT - n + 1, ".%03dZ", (int)(ms % 1000));
    return out;
}

/* For the screen: "12:04:05 job.done 0123..." */
static void remember(struct node_daemon *d, const char *event, const char *job_id, const json_t *attrs)
{
    char at[TIME_TEXT];
    char *text = attrs && json_object_size(attrs) ? json_dumps(attrs, JSON_COMPACT) : NULL;
    memmove(d->event + 1, d->event, (NODE_EVENTS - 1) * sizeof *d->event);
    snprintf(d->event->text, sizeof d->event->text, "%s %s%s%.36s%s%.140s", time_clock_s(at, wall_now()), event,
             job_id ? " " : "", job_id ? job_id : "", text ? " " : "", text ? text : "");
    d->events += d->events < NODE_EVENTS;
    d->dirty = true;
    free(text);
}

void node_log(struct node_daemon *d, enum node_level level, const char *event, const char *job_id, json_t *attrs)
{
    static const char *const levels[] = {"info", "warning", "error"};
    char at[TIME_TEXT];
    remember(d, event, job_id, attrs);
    json_t *line = json_pack("{ss ss ss ss? ss so sI sf si}", "ts", stamp(at, wall_now()), "level", levels[level],
                             "node_id", d->id, "job_id", job_id, "event", event, "attrs", attrs ? attrs : json_object(),
                             "seq", (json_int_t)++d->log_seq, "mono", (double)loop_now() / 1000, "pid", (int)getpid());
    if (!job_id)
        json_object_del(line, "job_id");
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    size_t n = text ? strlen(text) : 0;
    if (text && n < LINE_MOST) {
        text[n] = '\n';                                          /* in the place of its end */
        if (d->log_fd >= 0 && write(d->log_fd, text, n + 1) < 0) /* a full disk: the line is lost, the jobs go on */
            d->log_seq++;
    }
    free(text);
    json_decref(line);
}
