/* SPDX-License-Identifier: GPL-2.0-or-later */
/* a and s of the dashboard: a step of the alert engine under the journal's lock, and what somebody said, on the disk before
 * it is confirmed. */
#include "action/spawn.h"
#include "action/who.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_dash.h"
#include "history/moment.h"
#include "rule/care.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_CELLS = 200, BUNDLE_TEXT = 1024 };
static const int64_t OWN_MS = 120000; /* how long a restart of the operator's own is no alarm */

struct said {
    struct arena arena;
    struct advance engine;
    struct engine_out out;
    struct care care;
};

/* "2h ordered more": a first word that is a time to come is until when. */
static void take(struct said *s, const char *text, int64_t now_ms)
{
    struct moment m;
    struct err e;
    struct bytes all = bytes_trim(bytes_of(text)), word = {all.at, bytes_find(all, " ")};
    const char *first = arena_copy(&s->arena, word);
    s->care = (struct care){.who = who_text(&s->arena), .until_ms = NOT_KNOWN};
    if (*first >= '0' && *first <= '9' && moment_parse(first, now_ms, &m, &e)) {
        s->care.until_ms = m.ago ? now_ms + (now_ms - m.ms) : m.ms;
        all = bytes_trim(bytes_from(all, word.len));
    }
    s->care.why = all.len > 0 ? text_safe(&s->arena, all, TEXT_CELLS) : NULL;
}

static bool begin(struct dash *d, struct said *s, struct err *e)
{
    if (d->options->now_ms != NOT_KNOWN)
        return err_set(e, "the clock stands still (--now): nothing is written");
    return advance(&s->engine, &s->arena, rig_folder(d->rig), d->model, NULL, e);
}

static bool ack(struct dash *d, struct said *s, struct err *e)
{
    const struct incidents *now = &s->engine.book.state;
    const struct incident *i = incident_find(now, d->ui.opened.rule, d->ui.opened.subject);
    if (i == NULL || i->number == 0)
        return err_set(e, "%s is over", d->ui.opened.rule);
    return care_ack(&s->arena, now, i->number, &s->care, &s->out, e);
}

static bool silence(struct dash *d, struct said *s, struct err *e)
{
    const struct opened *o = &d->ui.opened;
    if (s->care.why == NULL)
        return err_set(e, "a reason is needed, behind how long: 2h new disk");
    return care_silence(&s->arena, &s->engine.book.state, o->rule, o->subject, &s->care, &s->out, e);
}

static void obey(struct dash *d, bool (*what)(struct dash *d, struct said *s, struct err *e), const char *name,
                 const char *done)
{
    struct said s = {.care = {NULL, NULL, NOT_KNOWN}};
    struct err e;
    take(&s, d->ui.entry.text, d->model->now_ms);
    if (begin(d, &s, &e) && what(d, &s, &e) && advance_commit(&s.engine, &s.out, &e)) {
        d->ui.mode = UI_KEYS;
        care_note(rig_folder(d->rig), d->model, name, s.out.event);
        ui_say(&d->ui, "%s%s%s is %s", d->ui.opened.rule, *d->ui.opened.subject ? "/" : "", d->ui.opened.subject, done);
        d->stale = true;
    } else {
        ui_say(&d->ui, "%s", e.text);
    }
    advance_close(&s.engine);
    arena_release(&s.arena);
}

void dash_ack(struct dash *d)
{
    obey(d, ack, "acknowledge", "acknowledged");
}

void dash_silence(struct dash *d)
{
    obey(d, silence, "silence", "silenced");
}

/* An operator who restarts the daemon knows that it is down for a moment. What cannot be noted is no reason not to. The audit log
 * has the restart itself: a line for what follows from it would be one too many. */
void davy_own_work(const char *dir, const struct model *m, enum plan_kind kind)
{
    struct said s = {.care = {NULL, NULL, NOT_KNOWN}};
    struct err e;
    s.care =
        (struct care){who_text(&s.arena), arena_text(&s.arena, "%s by hand", plan_kind_name(kind)), m->now_ms + OWN_MS};
    if (advance(&s.engine, &s.arena, dir, m, NULL, &e) &&
        care_silence(&s.arena, &s.engine.book.state, "daemon_down", NULL, &s.care, &s.out, &e))
        advance_commit(&s.engine, &s.out, &e);
    advance_close(&s.engine);
    arena_release(&s.arena);
}

/* ---- e ---- */

/* It takes a moment (davy doctor asks programs): a process of its own, whose one line is the answer. */
static void on_bundle(void *ctx, pid_t pid, int status)
{
    struct dash *d = ctx;
    char text[BUNDLE_TEXT];
    struct arena a = {0};
    (void)pid;
    ssize_t got = pread(d->bundle_fd, text, sizeof text, 0);
    bool done = WIFEXITED(status) && WEXITSTATUS(status) == DAVY_OK;
    struct bytes said = {text, got > 0 ? (size_t)got : 0};
    ui_say(&d->ui, "%s%s", done ? "wrote " : "", text_safe(&a, bytes_trim(said), TEXT_CELLS));
    close(d->bundle_fd);
    d->bundle_fd = 0;
    d->dirty = true;
    arena_release(&a);
}

void dash_bundle(struct dash *d)
{
    struct err e;
    pid_t pid = 0;
    const char *config = d->options->config, *dir = rig_folder(d->rig);
    const char *argv[] = {"davy", "-C", dir, "bundle", config != NULL ? "--config" : NULL, config, NULL};
    struct plan_step step = {"/proc/self/exe", argv};
    if (d->bundle_fd > 0)
        return;
    d->bundle_fd = memfd_create("bundle", MFD_CLOEXEC);
    if (d->bundle_fd > 0 && spawn_step(&step, ".", d->bundle_fd, &pid, &e) &&
        loop_child(d->loop, pid, on_bundle, d, &e))
        d->ui.message = "writing a support bundle ...";
    else
        ui_say(&d->ui, "the bundle cannot be written: %s", e.text);
}
