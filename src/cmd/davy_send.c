/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_send.h"

#include "cmd/davy_post.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_MS = 15000, LEAST_MS = 500 };
static const char nobody[] = "nobody is there to be told: set notify.chat or notify.command in davy.toml";

struct sending {
    struct office office;
    struct loop *loop;
    struct arena arena;
    const char *dir;
    const struct model *model;
    int64_t until_ms;
    bool test, failed, broken; /* test: until the test's letter is gone; failed: a letter did not go out */
    struct err err;
};

static bool has_test(const struct mail *m)
{
    for (size_t i = 0; i < m->letters; i++)
        if (m->letter[i].kind == LETTER_TEST)
            return true;
    return false;
}

/* Whether there is anything to wait for. */
static bool goes_on(const struct sending *s, const struct advance *v)
{
    if (s->office.id != 0)
        return true;
    bool wanted = !s->failed && (!s->test || has_test(&v->journal.book.mail));
    return wanted && s->office.wake_ms < s->until_ms - LEAST_MS;
}

static void step(void *ctx)
{
    struct sending *s = ctx;
    struct advance v = {.now = {.boot_id = NULL}};
    bool goes = loop_now() < s->until_ms - LEAST_MS || s->test;
    s->broken = goes && (!advance(&v, &s->arena, s->dir, s->model, NULL, &s->err) ||
                         !office_step(&s->office, &v, &s->arena, s->model, &s->err));
    goes = goes && !s->broken && goes_on(s, &v);
    advance_close(&v);
    if (!goes)
        loop_stop(s->loop, 0);
    else if (s->office.id == 0)
        loop_timer(s->loop, s->office.wake_ms, step, s);
}

static void on_done(void *ctx)
{
    struct sending *s = ctx;
    s->failed |= s->office.wrong.text[0] != '\0';
    loop_timer(s->loop, loop_now(), step, s);
}

static void on_late(void *ctx)
{
    struct sending *s = ctx;
    loop_stop(s->loop, 0);
}

static bool run(struct sending *s, struct sent *out, struct err *e)
{
    signal(SIGPIPE, SIG_IGN);
    s->loop = loop_open(e);
    s->office = (struct office){.folder = -1, .lock_fd = -1, .hurry = true, .done = on_done, .ctx = s};
    bool opened = s->loop != NULL && office_open(&s->office, s->loop, s->dir, e);
    if (opened) {
        loop_timer(s->loop, loop_now(), step, s);
        loop_timer(s->loop, s->until_ms, on_late, s);
        loop_run(s->loop);
    }
    *out = (struct sent){s->office.busy, s->office.arrived, s->office.failed, s->office.waiting, s->office.wrong};
    if (s->broken)
        *e = s->err;
    office_close(&s->office);
    loop_close(s->loop);
    arena_release(&s->arena);
    return opened ? !s->broken : s->office.busy;
}

bool send_what_is_new(const char *dir, const struct model *m, int64_t until_ms, struct sent *out, struct err *e)
{
    struct sending *s = calloc(1, sizeof *s);
    if (s == NULL || !office_wanted(m->settings)) {
        free(s);
        return err_set(e, nobody);
    }
    s->dir = dir;
    s->model = m;
    s->until_ms = until_ms;
    bool done = run(s, out, e);
    free(s);
    return done;
}

static bool queue_test(const char *dir, const struct model *m, struct err *e)
{
    struct arena a = {0};
    struct advance v = {.now = {.boot_id = NULL}};
    const char *text =
        arena_text(&a, "TEST %s: this is a test message of davy; alerts of this rig arrive here", m->rig_name);
    bool done = advance(&v, &a, dir, m, NULL, e) && office_add(&v, &a, LETTER_TEST, text, RUNS, 0, e);
    advance_close(&v);
    arena_release(&a);
    return done;
}

bool send_test(const char *dir, const struct model *m, bool *handed, struct err *e)
{
    struct sent sent = {0};
    if (!office_wanted(m->settings))
        return err_set(e, nobody);
    struct sending *s = calloc(1, sizeof *s);
    if (s == NULL || !queue_test(dir, m, e)) {
        free(s);
        return false;
    }
    s->dir = dir;
    s->model = m;
    s->test = true;
    s->until_ms = loop_now() + TEST_MS + m->settings->notify_limit_s * 1000;
    bool done = run(s, &sent, e);
    free(s);
    *handed = sent.busy;
    if (done && !sent.busy && sent.wrong.text[0] != '\0')
        *e = sent.wrong;
    else if (done && !sent.busy && sent.arrived == 0)
        return err_set(e, "no message went out in time; davy-watch sends it when it can");
    return done && (sent.busy || sent.wrong.text[0] == '\0');
}
