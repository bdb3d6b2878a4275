/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_route.h"

#include "base/file.h"
#include "cmd/mine.h"
#include "cmd/mine_child.h"
#include "cmd/mine_route_write.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { FILE_MOST = 1 << 20, MS = 1000 };
#define POOLS_USUAL "/root/src/proxy/pools.toml"

const char *mine_env(const char *name)
{
    return getenv(name);
}

static const char *pools_path(const struct mine_config *c)
{
    return c->pools[0] != 0 ? c->pools : POOLS_USUAL;
}

static bool is_there(const char *path)
{
    struct file_stat s;
    struct err e;
    struct arena a = {0};
    struct bytes text;
    bool there = file_read(&a, path, FILE_MOST, &text, &s, &e) || s.exists;
    arena_release(&a);
    return there;
}

/* auto: where a pools.toml is named and there, it is that proxy; else the other. */
static const char *mode_of(const struct mine_config *c)
{
    if (strcmp(c->routing, "auto") != 0)
        return c->routing;
    return c->pools[0] != 0 && is_there(c->pools) ? "ihp" : "braiins";
}

/* The file; state ROUTE_NO_FILE where there is none. */
static bool read_file(struct arena *a, struct mine_routed *out, struct bytes *text, struct err *e)
{
    struct file_stat s;
    if (file_read(a, out->path, FILE_MOST, text, &s, e))
        return true;
    if (!s.exists) {
        out->state = ROUTE_NO_FILE;
        e->text[0] = 0;
    }
    return false;
}

static bool write_file(const struct mine_config *c, const struct mine_routed *out, struct bytes text,
                       const char *signal_path, struct err *e)
{
    return out->state != ROUTE_UPDATED || (mine_rewrite(out->path, text, c->in_place, e) && mine_touch(signal_path, e));
}

static bool route_ihp(struct arena *a, const struct mine_config *c, const struct bid_results *mine,
                      struct mine_routed *out, struct err *e)
{
    struct bytes text;
    struct pools_change change;
    out->path = pools_path(c);
    out->target = pools_target(a, bids_ph(a, mine, true));
    if (!read_file(a, out, &text, e))
        return out->state == ROUTE_NO_FILE;
    if (!pools_update(a, text, out->path, c->pool_name, out->target, &change, e))
        return false;
    out->state = change.state;
    out->matched = change.matched;
    return write_file(c, out, change.text, c->pools_signal, e);
}

static bool route_braiins(struct arena *a, const struct mine_config *c, const struct bid_results *mine,
                          struct mine_routed *out, struct err *e)
{
    struct bytes text;
    out->path = c->profile;
    if (!read_file(a, out, &text, e))
        return out->state == ROUTE_NO_FILE;
    if (!braiins_update(a, text, out->path, bids_ph(a, mine, true), bids_ph(a, mine, false), &out->braiins, e))
        return false;
    out->state = out->braiins.state;
    return write_file(c, out, out->braiins.text, c->profile_signal, e);
}

/* ---- the hook ----------------------------------------------------------------------------------------------------- */

static bool run_hook(struct arena *a, const struct mine_config *c, const json_t *result, struct err *e)
{
    char *text = json_dumps(result, 0);
    int status = 0;
    if (text == NULL)
        return err_set(e, "the result cannot be told to exec");
    const struct mine_child child = {.argv = (char *const *)(uintptr_t)c->exec,
                                     .input = bytes_of(arena_text(a, "%s\n", text)),
                                     .limit_ms = c->exec_limit_s * MS,
                                     .own_group = true};
    free(text);
    if (!mine_child_run(&child, &status, e))
        return false;
    if (WIFSIGNALED(status))
        return err_set(e, "%.80s ended by signal %d", c->exec[0], WTERMSIG(status));
    return WEXITSTATUS(status) == 0 || err_set(e, "%.80s ended with exit code %d", c->exec[0], WEXITSTATUS(status));
}

void mine_route_result(struct arena *a, const struct mine_config *c, const struct bid_results *mine,
                       const json_t *result, struct mine_routed *out)
{
    struct err e = {.text = ""};
    struct mine_routed r = {.mode = mode_of(c), .state = ROUTE_NO_FILE};
    bool ok = true;
    if (strcmp(r.mode, "ihp") == 0)
        ok = route_ihp(a, c, mine, &r, &e);
    else if (strcmp(r.mode, "braiins") == 0)
        ok = route_braiins(a, c, mine, &r, &e);
    r.trouble = ok ? NULL : arena_text(a, "%s", e.text);
    if (c->exec[0] != NULL) {
        r.hooked = run_hook(a, c, result, &e);
        r.hook_trouble = r.hooked ? NULL : arena_text(a, "%s", e.text);
    }
    *out = r;
}

/* ---- davy-mine route: the same for a result that somebody gives ---------------------------------------------------- */

static int tell(const struct mine_config *c, const struct mine_routed *r)
{
    bool filed = strcmp(r->mode, "none") != 0;
    json_t *o = json_pack("{ss ss? ss? sI}", "mode", r->mode, "path", r->path, "target", r->target, "matched",
                          (json_int_t)r->matched);
    json_object_set_new(o, "state", !filed || r->trouble ? json_null() : json_string(route_state_names[r->state]));
    if (strcmp(r->mode, "braiins") == 0 && (r->state == ROUTE_UPDATED || r->state == ROUTE_SAME))
        json_object_set_new(
            o, "weights",
            json_pack("{sI sI}", "luxor", (json_int_t)r->braiins.luxor, "default", (json_int_t)r->braiins.usual));
    json_object_set_new(o, "exec", c->exec[0] ? json_boolean(r->hooked) : json_null());
    const char *const troubles[] = {r->trouble, r->hook_trouble};
    for (size_t i = 0; i < 2; i++)
        if (troubles[i])
            fprintf(stderr, "davy-mine: %s\n", troubles[i]);
    int code = mine_print(o);
    return r->trouble || r->hook_trouble ? MINE_FAILED : code;
}

static int route(struct arena *a, const char *path, struct err *e)
{
    struct bytes toml;
    struct file_stat s;
    struct bid_results mine;
    struct mine_routed routed;
    const struct mine_config *c = NULL;
    if (file_read(a, path, FILE_MOST, &toml, &s, e))
        c = mine_config_parse(a, toml, path, mine_env, e);
    if (!c)
        return mine_failed(e);
    json_t *result = mine_read_object(a, e);
    if (!result || !auction_result_bids(a, result, &mine, e)) {
        json_decref(result);
        return mine_complain(e);
    }
    mine_route_result(a, c, &mine, result, &routed);
    json_decref(result);
    return tell(c, &routed);
}

int mine_route(int argc, char **argv)
{
    struct err e;
    struct arena a = {0};
    int words = mine_words(NULL, argc, argv, 1, NULL, &e);
    if (words < 0)
        return mine_complain(&e);
    int code = route(&a, words > 0 ? argv[1] : "config.toml", &e);
    arena_release(&a);
    return code;
}
