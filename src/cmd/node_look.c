/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node probe and config: what the node would say and do, without a coordinator. */
#include "cmd/node_daemon.h"

#include <stdlib.h>
#include <string.h>

struct look {
    struct loop *loop;
    json_t *can;
    const struct node_config *config;
    const char *state;
};

static void on_probe(void *ctx, const struct probe *p)
{
    struct look *l = ctx;
    struct probe_offer o = node_offer(l->config, l->config->is->id ? l->config->is->id : p->host);
    l->can = probe_capabilities(p, &o);
    json_object_set_new(l->can, "gpu_state", json_string(p->gpu_state));
    loop_stop(l->loop, 0);
}

static void look(struct look *l, struct err *e)
{
    struct fetcher *f = fetcher_open(l->loop, &(struct fetcher_options){.proxy = NULL}, e);
    struct node_eye *eye = f ? node_eye_open(l->loop, f, l->config) : NULL;
    if (eye && node_eye_look(eye, on_probe, l) && !l->can)
        loop_run(l->loop);
    node_eye_close(eye);
    fetcher_close(f);
}

int node_probe(const struct tool *t, int argc, char **argv)
{
    struct node_options o = {0};
    struct node_config c;
    struct err e;
    int n = tool_words(t, node_ask_options, argc, argv, 0, &o, &e);
    if (n < 0 || !node_config_read(&c, &o, &e))
        return tool_complain(t, &e);
    struct look l = {.loop = loop_open(&e), .config = &c};
    if (l.loop)
        look(&l, &e);
    if (l.loop)
        loop_close(l.loop);
    node_config_close(&c);
    return l.can ? tool_print(t, l.can) : tool_failed(t, &e);
}

/* ---- config check ---- */

static int say(const struct node_config *c, const char *key_why)
{
    printf("davy.toml   %s\ncoordinator %s (%s)\nworkspace   %s\nkey         %s\npinned keys %zu%s\n", c->file,
           c->is->url, c->is->dialect, c->root, key_why ? key_why : "there", c->keys,
           c->keys ? "" : ": no receipt will be believed");
    size_t n = 0;
    for (; c->command[n]; n++)
        printf("command     %s\n", c->command[n]);
    for (size_t i = 0; c->task[i]; i++)
        printf("task        %s\n", c->task[i]);
    if (*c->bad_list)
        printf("allow-lists %s\n", c->bad_list);
    return key_why ? TOOL_FAILED : TOOL_OK;
}

int node_config(const struct tool *t, int argc, char **argv)
{
    struct node_options o = {0};
    struct node_config c;
    struct err e, key_why;
    char key[NODE_KEY] = "";
    int n = tool_words(t, node_ask_options, argc, argv, 1, &o, &e);
    if (n >= 0 && (n < 1 || strcmp(argv[1], "check") != 0))
        n = (err_set(&e, "say config check: davy-node config --help"), -1);
    if (n < 0)
        return tool_complain(t, &e);
    if (!node_config_read(&c, &o, &e))
        return tool_failed(t, &e);
    if (!node_config_complete(&c, &e)) {
        node_config_close(&c);
        return tool_failed(t, &e);
    }
    bool there = node_secret(&c, key, &key_why);
    explicit_bzero(key, sizeof key);
    int code = say(&c, there ? NULL : key_why.text);
    node_config_close(&c);
    return code;
}
