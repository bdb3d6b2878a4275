/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state/miner.pid and state/miner-state.json (rig-files.md 1.1, 1.2). */
#include "model/daemon.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"

enum {
    MAX_DIGITS = 10,
    MAX_PID = 1 << 22, /* the largest pid_max a 64-bit Linux has */
    QUOTE_CELLS = 20,
    EPOCH_NOT_UPTIME = 1000000000, /* the writer puts the time of day into uptime_seconds */
};

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct bytes trim(struct bytes text)
{
    while (text.len > 0 && blank(text.at[0]))
        text = bytes_from(text, 1);
    while (text.len > 0 && blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

static bool pid_text(struct bytes text, int64_t *pid)
{
    *pid = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *pid = *pid * 10 + (text.at[i] - '0');
    }
    return text.len > 0 && *pid > 1 && *pid <= MAX_PID;
}

const void *pid_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    struct bytes text = trim(in->bytes);
    int64_t pid = 0;
    if (text.len == 0) {
        err_set(e, "%s is empty: expected the daemon's process id", in->name);
        return NULL;
    }
    if (text.len > MAX_DIGITS || !pid_text(text, &pid)) {
        err_set(e, "%s: expected one process id, found \"%s\"", in->name, text_safe(a, text, QUOTE_CELLS));
        return NULL;
    }
    struct pid_doc *doc = arena_alloc(a, sizeof *doc);
    *doc = (struct pid_doc){pid, in->mtime_ms};
    return doc;
}

static int64_t not_negative(int64_t v)
{
    return v < 0 ? NOT_KNOWN : v;
}

/* The epoch is taken just before the file is written, so the file's own time is the better one: where both are of the same
 * second, and where the epoch is later, which only a wrong clock makes. An older one tells of a file that was copied. */
static int64_t beat_of(int64_t epoch_ms, int64_t mtime_ms)
{
    return epoch_ms > mtime_ms - 1000 ? mtime_ms : epoch_ms;
}

static void read_beat(const json_t *root, const struct decode_in *in, struct state_doc *doc)
{
    double uptime = json_num(root, "uptime_seconds");
    doc->beat_ms = in->mtime_ms;
    doc->uptime_s = NOT_KNOWN;
    int64_t epoch_ms;
    if (uptime > EPOCH_NOT_UPTIME && time_from_number(uptime, &epoch_ms))
        doc->beat_ms = beat_of(epoch_ms, in->mtime_ms);
    else if (uptime >= 0 && uptime <= EPOCH_NOT_UPTIME)
        doc->uptime_s = (int64_t)uptime;
}

static struct state_doc *read_state(struct arena *a, const json_t *root, const struct decode_in *in)
{
    struct state_doc *doc = arena_alloc(a, sizeof *doc);
    int64_t pid = json_int(root, "daemon_pid");
    doc->status = json_text(a, root, "status");
    doc->daemon_pid = pid > 1 && pid <= MAX_PID ? pid : NOT_KNOWN;
    doc->socket_path = json_text(a, root, "socket_path");
    doc->last_task_ms = json_time(root, "last_task_received", 0);
    doc->tasks_processed = not_negative(json_int(root, "tasks_processed"));
    read_beat(root, in, doc);
    return doc;
}

const void *state_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    json_t *root = json_read(in->bytes, in->name, e);
    if (!root)
        return NULL;
    struct state_doc *doc = NULL;
    if (json_object_get(root, "status") || json_object_get(root, "daemon_pid"))
        doc = read_state(a, root, in);
    else
        err_set(e, "%s is not a miner's state file: it has neither \"status\" nor \"daemon_pid\"", in->name);
    json_decref(root);
    return doc;
}
