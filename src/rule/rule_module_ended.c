/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy-run cannot keep running. One that ended once is started again within seconds, which its terms leave time for. */
#include "rule/finding.h"

#include "base/timetext.h"

static const char *last_words(const struct module *x)
{
    return x->last_exit ? x->last_exit : "no exit known";
}

static void judge_module(const struct model *m, struct findings *f, const struct module *x)
{
    bool loops = x->life == MODULE_LOOPS;
    if (!loops && x->life != MODULE_PAUSED)
        return;
    struct alert *a = finding_add(f, loops ? SEVERITY_CRITICAL : SEVERITY_WARNING, x->name);
    a->since_ms = x->since_ms;
    a->value_text = x->state;
    a->limit_text = "running";
    a->what = arena_text(f->arena, "%s: %s, %s", x->name, loops ? "crash loop" : "ended", last_words(x));
    a->why = arena_text(
        f->arena, "%s of davy-run: %s ended (%s)%s%s, restarts so far: %lld.", doc_name(m, DOC_RUN), x->name,
        last_words(x), loops ? ", three ends within ten minutes" : "",
        x->next_ms == NOT_KNOWN ? "" : arena_text(f->arena, "; started again at %s", text_minute(f->arena, x->next_ms)),
        x->restarts == NOT_KNOWN ? 0 : (long long)x->restarts);
    if (x->log)
        finding_do(a, arena_text(f->arena, "tail -n 50 %s", path_word(f->arena, x->log)));
    finding_do(a, "mended? restart davy-run, which does not wait for the pause: systemctl restart davy-run");
}

static void judge_supervisor(const struct model *m, struct findings *f)
{
    struct alert *a = finding_add(f, SEVERITY_CRITICAL, "davy-run");
    a->value_text = "gone";
    a->limit_text = "running";
    a->what = "davy-run is gone: nobody starts its modules again";
    a->why = arena_text(f->arena, "%s names process %lld, which is no davy-run any more; %s not told to stop.",
                        doc_name(m, DOC_RUN), (long long)m->modules->pid,
                        m->modules->count == 1 ? "its module was" : "its modules were");
    finding_do(a, "systemctl start davy-run");
    finding_do(a, arena_text(f->arena, "or by hand: davy-run -C %s", path_word(f->arena, m->rig_dir)));
}

static void judge(const struct model *m, struct findings *f)
{
    if (m->modules->known && m->modules->supervisor == SUPERVISOR_GONE) {
        judge_supervisor(m, f);
        return;
    }
    for (size_t i = 0; i < m->modules->count; i++)
        judge_module(m, f, &m->modules->one[i]);
}

const struct rule rule_module_ended = {
    .name = "module_ended",
    .help = "davy-run waits before it starts a module again (warning), a module is in a crash loop or davy-run is gone "
            "(critical)",
    .judge = judge,
};
