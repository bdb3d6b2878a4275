/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node status, jobs, cancel, retry, drain, resume, outbox: a word to the node that runs, over its control socket. */
#include "cmd/node_daemon.h"

#include "base/numtext.h"
#include "base/timetext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MOST = 8 << 20, LIMIT_S = 5 };

const struct option_row node_ask_options[] = {
    {"config", 0, "FILE", "the settings (davy.toml of the rig's folder)", OPTION_TEXT,
     offsetof(struct node_options, config)},
    {"directory", 'C', "DIR", "the rig's folder (where davy-node is started)", OPTION_TEXT,
     offsetof(struct node_options, dir)},
    {"output", 'o', "FORM", "text or json (text)", OPTION_TEXT, offsetof(struct node_options, output)},
    {.name = NULL},
};

static int dial(const char *root, struct err *e)
{
    char path[PATH_MAX + 16];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const struct timeval limit = {.tv_sec = LIMIT_S};
    snprintf(path, sizeof path, "%s/control", root);
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(at.sun_path, sizeof at.sun_path, "/proc/self/fd/%d/socket", folder);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    bool good = folder >= 0 && fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    if (!good)
        err_set(e, "no node runs in %.200s: start it with davy-node run", root);
    if (folder >= 0)
        close(folder);
    if (!good && fd >= 0)
        close(fd);
    return good ? fd : -1;
}

static json_t *hear(int fd, struct err *e)
{
    size_t n = 0;
    char *text = malloc(ANSWER_MOST);
    for (ssize_t k; text && n < ANSWER_MOST && (k = read(fd, text + n, ANSWER_MOST - n)) > 0;)
        n += (size_t)k;
    json_t *answer = text && n ? json_read((struct bytes){text, n}, "the node's answer", e) : NULL;
    if (!n)
        err_set(e, "the node does not answer");
    free(text);
    return answer;
}

/* What the node answered, or NULL with the sentence. */
static json_t *ask(const char *root, const char *cmd, const char *job, struct err *e)
{
    int fd = dial(root, e);
    if (fd < 0)
        return NULL;
    json_t *q = json_pack("{ss ss?}", "cmd", cmd, "job", job), *data = NULL;
    char *text = json_dumps(q, JSON_COMPACT);
    size_t n = strlen(text);
    text[n] = '\n';
    json_t *answer = send(fd, text, n + 1, MSG_NOSIGNAL) == (ssize_t)n + 1 ? hear(fd, e) : NULL;
    if (answer && json_is_true(json_object_get(answer, "ok")))
        data = json_incref(json_object_get(answer, "data"));
    else if (answer)
        err_set(e, "%.200s", json_string_value(json_object_get(answer, "error")));
    json_decref(answer);
    json_decref(q);
    free(text);
    close(fd);
    return data;
}

/* ---- as text ---- */

static const char *text_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "-";
}

static void put_jobs(const json_t *list)
{
    const json_t *j;
    char took[TIME_TEXT], limit[TIME_TEXT];
    size_t i;
    json_array_foreach(list, i, j)
    {
        int64_t began = json_int(j, "started_ms"), most = json_int(j, "limit_ms");
        printf("%-32s  %-10s  %-6s  %-16s  %s%s%s\n", text_of(j, "job_id"), text_of(j, "state"), text_of(j, "runner"),
               text_of(j, "command"),
               began == NOT_KNOWN ? text_of(j, "code") : duration_short(took, wall_now() - began),
               most == NOT_KNOWN ? "" : " of ", most == NOT_KNOWN ? "" : duration_short(limit, most));
    }
    if (!json_array_size(list))
        puts("no jobs");
}

static void put_status(const json_t *s)
{
    const json_t *c = json_object_get(s, "coordinator"), *q = json_object_get(s, "queue"), *one;
    const json_t *slots = json_object_get(s, "slots"), *e = json_object_get(s, "earnings");
    char up[TIME_TEXT];
    size_t i;
    printf("%s  %s  up %s  %s (%s)\n", text_of(s, "node_id"), text_of(s, "state"),
           duration_short(up, json_int(s, "uptime_s") * 1000), text_of(c, "url"),
           json_is_true(json_object_get(c, "registered")) ? "registered" : "not registered");
    for (int k = 0; k < 2; k++) {
        const char *name = k ? "gpu" : "cpu";
        const json_t *of = json_object_get(slots, name);
        printf("%s slots %lld of %lld   ", name, (long long)json_int(of, "used"), (long long)json_int(of, "total"));
    }
    printf("waiting %lld  retry %lld  outbox %lld  dead %lld\n", (long long)json_int(q, "pending"),
           (long long)json_int(q, "retry"), (long long)json_int(q, "outbox"), (long long)json_int(q, "dead"));
    printf("earned %s, unverified %s\n", text_of(e, "total"), text_of(e, "unverified"));
    json_array_foreach(json_object_get(s, "problems"), i, one) printf("problem: %s\n", json_string_value(one));
}

static void put_outbox(const json_t *list)
{
    const json_t *j;
    size_t i, n = 0;
    json_array_foreach(list, i, j)
    {
        const char *state = text_of(j, "state");
        if (strcmp(state, "UPLOADING") != 0 && strcmp(state, "COLLECT") != 0)
            continue;
        n++;
        char status[NUM_TEXT];
        int64_t last = json_int(j, "last_status");
        printf("%-32s  %-10s  %lld tries  last answer %s\n", text_of(j, "job_id"), state,
               (long long)json_int(j, "tries"), last == NOT_KNOWN ? "none" : num_group(status, last));
    }
    if (n == 0)
        puts("nothing waits");
}

static void put_word(const json_t *v)
{
    puts(json_string_value(v) ? json_string_value(v) : "done");
}

static const struct {
    const char *name, *cmd;
    bool job;
    void (*put)(const json_t *data);
} words[] = {
    {"cancel", "cancel", true, put_word},    {"drain", "drain", false, put_word},   {"jobs", "jobs", false, put_jobs},
    {"outbox", "jobs", false, put_outbox},   {"resume", "resume", false, put_word}, {"retry", "retry", true, put_word},
    {"status", "status", false, put_status},
};

int node_ask(const struct tool *t, int argc, char **argv)
{
    struct node_options o = {0};
    struct node_config c;
    struct err e;
    size_t w = 0;
    while (strcmp(words[w].name, argv[0]) != 0)
        w++;
    int n = tool_words(t, node_ask_options, argc, argv, words[w].job, &o, &e);
    bool json = o.output && strcmp(o.output, "json") == 0;
    if (n >= 0 && n < words[w].job)
        n = (err_set(&e, "say which job: davy-node %s JOB", words[w].name), -1);
    if (n >= 0 && o.output && !json && strcmp(o.output, "text") != 0)
        n = (err_set(&e, "-o is text or json"), -1);
    if (n < 0 || !node_config_read(&c, &o, &e))
        return tool_complain(t, &e);
    json_t *data = ask(c.root, words[w].cmd, words[w].job ? argv[1] : NULL, &e);
    node_config_close(&c);
    if (!data)
        return tool_failed(t, &e);
    if (json)
        return tool_print(t, data);
    words[w].put(data);
    json_decref(data);
    return TOOL_OK;
}
