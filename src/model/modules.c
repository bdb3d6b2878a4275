/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/modules.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "model/daemon.h"

#include <string.h>

enum { MODULES_MOST = 64, NAME_CELLS = 48, WORD_CELLS = 80 };

/* ---- the document ---- */

static enum module_life life_of(const char *word)
{
    static const struct {
        const char *word;
        enum module_life life;
    } words[] = {
        {"running", MODULE_UP}, {"waiting", MODULE_PAUSED}, {"crash loop", MODULE_LOOPS}, {"stopping", MODULE_ENDING}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0)
            return words[i].life;
    return MODULE_OTHER;
}

static int64_t positive(const json_t *o, const char *key)
{
    int64_t v = json_int(o, key);
    return v > 0 ? v : NOT_KNOWN;
}

static const char *text_of(struct arena *a, const json_t *o, const char *key, size_t cells)
{
    const char *text = json_text(a, o, key);
    return text ? text_safe(a, bytes_of(text), cells) : NULL;
}

static struct module read_module(struct arena *a, const char *name, const json_t *o)
{
    const char *state = text_of(a, o, "state", WORD_CELLS);
    int64_t restarts = json_int(o, "restarts");
    struct module m = {
        .name = text_safe(a, bytes_of(name), NAME_CELLS),
        .state = state ? state : "unknown",
        .pid = positive(o, "pid"),
        .since_ms = positive(o, "since_ms"),
        .uptime_ms = NOT_KNOWN,
        .next_ms = positive(o, "next_ms"),
        .restarts = restarts >= 0 ? restarts : NOT_KNOWN,
        .last_exit = text_of(a, o, "last_exit", WORD_CELLS),
        .log = text_of(a, o, "log", 0),
    };
    m.life = life_of(m.state);
    return m;
}

const void *run_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    json_t *root = json_read(in->bytes, in->name, e);
    if (!root)
        return NULL;
    const json_t *all = json_child(root, "modules");
    size_t n = json_object_size(all) < MODULES_MOST ? json_object_size(all) : MODULES_MOST;
    struct run_doc *doc = NULL;
    if (!all) {
        err_set(e, "%s is not the state of a davy-run: it has no \"modules\"", in->name);
    } else {
        struct module *module = arena_array(a, n, sizeof *module);
        doc = arena_alloc(a, sizeof *doc);
        *doc = (struct run_doc){positive(root, "pid"), text_of(a, root, "mode", WORD_CELLS),
                                positive(root, "updated_at_ms"), module, 0};
        const char *name;
        json_t *o;
        json_object_foreach((json_t *)all, name, o)
        {
            if (doc->count < n)
                module[doc->count++] = read_module(a, name, o);
        }
    }
    json_decref(root);
    return doc;
}

/* ---- the part ---- */

static enum supervisor_life supervisor_of(const struct process_doc *p, int64_t pid)
{
    if (!p || !p->proc_readable || pid == NOT_KNOWN || p->by_run.pid != pid || p->by_run.state == PROBE_HIDDEN)
        return SUPERVISOR_UNKNOWN;
    return p->by_run.state == PROBE_ALIVE && p->by_run.is_daemon ? SUPERVISOR_UP : SUPERVISOR_GONE;
}

const struct modules *modules_at(struct arena *a, const struct docs *docs, const struct origin *origins, int64_t now_ms)
{
    struct modules *out = arena_alloc(a, sizeof *out);
    const struct run_doc *doc = docs->run_doc;
    const struct origin *o = &origins[DOC_RUN];
    *out = (struct modules){.pid = NOT_KNOWN, .updated_ms = NOT_KNOWN};
    if (!doc || doc->count == 0 || o->state == ORIGIN_MISSING || o->state == ORIGIN_WAITING)
        return out;
    struct module *one = arena_array(a, doc->count, sizeof *one);
    memcpy(one, doc->module, doc->count * sizeof *one);
    *out = (struct modules){
        true, supervisor_of(docs->process_doc, doc->pid), doc->pid, doc->mode, doc->updated_ms, one, doc->count};
    for (size_t i = 0; i < doc->count; i++) {
        struct module *m = &one[i];
        bool runs = m->life == MODULE_UP && m->since_ms != NOT_KNOWN && out->supervisor != SUPERVISOR_GONE;
        m->uptime_ms = !runs ? NOT_KNOWN : now_ms > m->since_ms ? now_ms - m->since_ms : 0;
    }
    return out;
}
