/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy-node works with: [node] of davy.toml, the allow-lists, the pinned keys. */
#include "cmd/node_daemon.h"

#include "base/file.h"
#include "cmd/davy_place.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TOML_BYTES = 1 << 20 };

static bool pin(struct node_config *c, const char *text, struct err *e)
{
    size_t n = 0;
    bool hex = strlen(text) == 2 * RECEIPT_KEY &&
               sodium_hex2bin(c->key[c->keys], RECEIPT_KEY, text, 2 * RECEIPT_KEY, NULL, &n, NULL) == 0;
    if (c->keys == NODE_KEYS || (!hex && !receipt_decode(bytes_of(text), c->key[c->keys], RECEIPT_KEY)))
        return err_set(e, "node.coordinator_keys: '%.60s' is no public key (64 hexadecimal digits, or 43 of base64url)",
                       text);
    c->keys++;
    return true;
}

/* A folder of lists that is not to be trusted, or not there, allows nothing. */
static void open_lists(struct node_config *c)
{
    struct err e;
    c->lists = lists_open(davy_place(&c->a, c->dir, c->is->allowlist), &e);
    const char *first = c->lists ? lists_problem(c->lists, 0) : e.text;
    snprintf(c->bad_list, sizeof c->bad_list, "%.190s", first ? first : "");
    size_t n = lists_count(c->lists), t = lists_tasks(c->lists);
    const char **command = arena_array(&c->a, n + 1, sizeof *command), **task = arena_array(&c->a, t + 1, sizeof *task);
    for (size_t i = 0; i < n; i++)
        command[i] = lists_at(c->lists, i)->name;
    for (size_t i = 0; i < t; i++)
        task[i] = lists_task_at(c->lists, i)->name;
    c->command = command;
    c->task = task;
}

static bool settings_of(struct node_config *c, bool needed, struct err *e)
{
    struct decode_in in = {.name = c->file};
    struct file_stat s;
    if (!file_read(&c->a, c->file, TOML_BYTES, &in.bytes, &s, e)) {
        if (s.exists || needed)
            return false;
        c->is = &settings_default()->node; /* a rig without a davy.toml is one with none of its settings */
        return true;
    }
    const struct settings *all = settings_decode(&c->a, &in, e);
    c->is = all ? &all->node : NULL;
    return all != NULL;
}

static bool sense(struct node_config *c, struct err *e)
{
    bool two = strcmp(c->is->dialect, "nodes-v1") == 0;
    if (!two && strcmp(c->is->dialect, "miners-v1") != 0)
        return err_set(e, "node.dialect must be \"miners-v1\" or \"nodes-v1\"");
    if (c->is->id && !job_id_is_good(bytes_of(c->is->id)))
        return err_set(e, "node.id must be of letters, digits, '.', '_' and '-', and begin with a letter or digit");
    c->dialect = two ? JOB_NODES_V1 : JOB_MINERS_V1;
    for (size_t i = 0; c->is->keys && c->is->keys[i]; i++)
        if (!pin(c, c->is->keys[i], e))
            return false;
    return true;
}

static bool place(const struct node_config *c, const char *path, char out[PATH_MAX], struct err *e)
{
    int n = *path == '/' ? snprintf(out, PATH_MAX, "%s", path) : snprintf(out, PATH_MAX, "%s/%s", c->dir, path);
    return (n > 0 && n < PATH_MAX - 300) || err_set(e, "%.100s: the path is too long", path);
}

bool node_config_read(struct node_config *c, const struct node_options *o, struct err *e)
{
    *c = (struct node_config){.is = NULL};
    if (!realpath(o->dir ? o->dir : ".", c->dir))
        return err_set(e, "%.200s: %s", o->dir ? o->dir : ".", strerror(errno));
    if (!place(c, o->config ? o->config : "davy.toml", c->file, e) || !settings_of(c, o->config != NULL, e) ||
        !sense(c, e) || !place(c, c->is->workspace, c->root, e) || !place(c, c->is->status, c->status, e) ||
        !place(c, c->is->log, c->log, e)) {
        arena_release(&c->a);
        return false;
    }
    open_lists(c);
    return true;
}

bool node_config_complete(const struct node_config *c, struct err *e)
{
    return c->is->url || err_set(e, "%.200s has no node.url: which coordinator shall the node work for?", c->file);
}

void node_config_close(struct node_config *c)
{
    lists_close(c->lists);
    c->lists = NULL;
    arena_release(&c->a);
}
