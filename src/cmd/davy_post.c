/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_post.h"

#include "action/own.h"
#include "action/plan.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_place.h"
#include "model/night.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MORE_MS = 2000, AGAIN_MS = 100, SLOWLY_MS = 1000, WHY_CELLS = 160, DIGEST_MINUTE = 540 };
static const int64_t second_way_ms = 600000;
static const char lock_path[] = "state/davy/watch.lock", because[] = "without it nobody knows who sends";

bool office_wanted(const struct settings *s)
{
    return s->notify_chat != NULL || s->notify_argv != NULL;
}

bool office_open(struct office *o, struct loop *l, const char *dir, struct err *e)
{
    o->loop = o->child.loop = l;
    o->dir = dir;
    o->wake_ms = INT64_MAX;
    o->lock_fd = o->child.out = -1;
    o->folder = own_folder(dir, because, e);
    if (o->folder < 0)
        return false;
    o->lock_fd = own_file(o->folder, lock_path, because, e);
    if (o->lock_fd >= 0 && flock(o->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    o->busy = o->lock_fd >= 0 && errno == EWOULDBLOCK;
    if (o->busy)
        err_set(e, "another davy-watch (or davy check --notify) is at work in %.200s", dir);
    office_close(o);
    return false;
}

void office_close(struct office *o)
{
    child_stop(&o->child);
    if (o->lock_fd >= 0)
        close(o->lock_fd);
    if (o->folder >= 0)
        close(o->folder);
    o->lock_fd = o->folder = -1;
}

/* ---- policy ---- */

static int32_t utc_offset_s(int64_t wall_ms)
{
    time_t t = (time_t)(wall_ms / 1000);
    struct tm local;
    return localtime_r(&t, &local) != NULL ? (int32_t)local.tm_gmtoff : 0;
}

struct post_policy office_policy(const struct model *m)
{
    const struct settings *s = m->settings;
    struct night_hours quiet = {0, 0};
    int digest = DIGEST_MINUTE;
    if (s->notify_quiet != NULL)
        night_hours(s->notify_quiet, &quiet);
    night_minute(s->notify_digest, &digest);
    return (struct post_policy){.rig = m->rig_name,
                                .quiet_from = quiet.from_min,
                                .quiet_until = quiet.to_min,
                                .digest_at = digest,
                                .press_ms = s->notify_press_min * 60000,
                                .utc_offset_s = utc_offset_s(m->now_ms),
                                .alert = m->alert,
                                .alerts = m->alert_count};
}

static struct post_now office_now(const struct advance *v)
{
    return (struct post_now){v->book.state.clock, v->now.wall_ms};
}

bool office_add(struct advance *v, struct arena *a, enum letter_kind kind, const char *text, enum mail_run run,
                int64_t date, struct err *e)
{
    struct mail after = v->journal.book.mail;
    if (text != NULL)
        after = post_add(a, &after, kind, text, office_now(v));
    if (run != RUNS)
        after.run[run] = date;
    return journal_post(&v->journal, &after, &v->book.state, e);
}

/* ---- one letter as davy-notify takes it ---- */

static const struct thread *thread_of(const struct mail *m, int64_t number)
{
    for (size_t i = 0; i < m->threads; i++)
        if (m->thread[i].number == number)
            return &m->thread[i];
    return NULL;
}

/* What nobody acknowledges, and what does not get through the first way. */
static bool goes_second_way(const struct office *o, const struct settings *s, const struct mail *m,
                            const struct letter *l)
{
    const struct thread *t = thread_of(m, l->number);
    bool pressed = l->kind == LETTER_REPLY && l->severity == SEVERITY_CRITICAL && t != NULL && t->pressed > 0;
    bool fails = m->failing != NOT_KNOWN && o->clock - m->failing > second_way_ms && l->kind != LETTER_EDIT;
    return s->notify_chat == NULL || (s->notify_argv != NULL && (pressed || fails));
}

static json_t *telegram(struct office *o, struct arena *a, const struct settings *s)
{
    json_t *c = json_pack("{s:s, s:s, s:s}", "kind", "telegram", "chat", s->notify_chat, "api", s->notify_api);
    if (s->notify_token_file != NULL)
        json_object_set_new(c, "token_file", json_string(davy_place(a, o->dir, s->notify_token_file)));
    if (s->notify_ca_file != NULL)
        json_object_set_new(c, "ca_file", json_string(davy_place(a, o->dir, s->notify_ca_file)));
    return c;
}

/* Commands of a davy.toml that others may write are not run. */
static json_t *command(struct office *o, struct arena *a, const struct model *m, struct err *e)
{
    const char *const *word = m->settings->notify_argv;
    const char *wrong = plan_settings_wrong(a, m, o->dir);
    struct plan_file program = plan_program(a, o->dir, word[0]);
    wrong = wrong != NULL ? wrong : program.wrong;
    if (wrong != NULL) {
        err_set(e, "notify.command is not run: %s", text_safe(a, bytes_of(wrong), WHY_CELLS));
        return NULL;
    }
    json_t *argv = json_array();
    json_array_append_new(argv, json_string(program.path));
    for (size_t i = 1; word[i] != NULL; i++)
        json_array_append_new(argv, json_string(word[i]));
    return json_pack("{s:s, s:o}", "kind", "exec", "argv", argv);
}

static json_t *message(struct arena *a, const struct model *m, const struct mail *mail, const struct letter *l)
{
    const struct thread *t = thread_of(mail, l->number);
    json_t *o = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "id", (json_int_t)l->id, "kind",
                          letter_kind_name(l->kind), "rig", m->rig_name, "rule", l->rule, "subject", l->subject,
                          "severity", severity_name(l->severity), "text", post_text(a, l), "repeat", l->repeat,
                          "silent", l->severity < SEVERITY_WARNING);
    json_object_set_new(o, "at", json_from_int(l->at_ms));
    if (l->number > 0)
        json_object_set_new(o, "number", json_integer(l->number));
    if (t != NULL && t->message != NULL)
        json_object_set_new(o, l->kind == LETTER_EDIT ? "edit" : "reply_to", json_string(t->message));
    return o;
}

static const char *input_of(struct office *o, struct arena *a, const struct model *m, const struct mail *mail,
                            const struct letter *l, struct err *e)
{
    const struct settings *s = m->settings;
    json_t *channel = goes_second_way(o, s, mail, l) ? command(o, a, m, e) : telegram(o, a, s);
    if (channel == NULL)
        return NULL;
    json_t *root = json_pack("{s:I, s:o, s:o}", "limit_ms", (json_int_t)(s->notify_limit_s * 1000), "channel", channel,
                             "message", message(a, m, mail, l));
    size_t len = json_dumpb(root, NULL, 0, JSON_COMPACT);
    char *text = arena_alloc(a, len + 1);
    json_dumpb(root, text, len, JSON_COMPACT);
    json_decref(root);
    return text;
}

/* ---- its end ---- */

static void keep_end(void *ctx);

static enum post_end end_of(struct bytes name)
{
    static const char *const names[] = {[POST_ARRIVED] = "arrived",
                                        [POST_GONE] = "gone",
                                        [POST_LATER] = "later",
                                        [POST_REFUSED] = "refused",
                                        [POST_UNSURE] = "unsure"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (bytes_is(name, names[i]))
            return (enum post_end)i;
    return POST_UNSURE;
}

static void read_answer(struct office *o, struct child *c, int status)
{
    struct arena a = {0};
    json_t *root = json_read((struct bytes){c->text, c->len}, "davy-notify", NULL);
    bool usage = WIFEXITED(status) && WEXITSTATUS(status) == 3;
    int64_t wait_ms = json_int(root, "wait_ms");
    struct bytes id = json_raw(root, "message");
    const char *why = json_text(&a, root, "error");
    o->result = (struct post_result){.end = usage ? POST_REFUSED : end_of(json_raw(root, "end"))};
    o->result.wait_ms = wait_ms > 0 ? wait_ms : 0;
    if (id.len > 0 && id.len < sizeof o->message) {
        memcpy(o->message, id.at, id.len);
        o->message[id.len] = '\0';
        o->result.message = o->message;
    }
    if (o->result.end <= POST_GONE)
        o->wrong.text[0] = '\0';
    else
        err_set(&o->wrong, "%s", why != NULL ? why : c->late ? "davy-notify hung and was ended" : "davy-notify died");
    json_decref(root);
    arena_release(&a);
}

static void on_sent(void *ctx, struct child *c, int status)
{
    struct office *o = ctx;
    read_answer(o, c, status);
    o->ended = true;
    keep_end(o);
}

static void tell(struct office *o)
{
    bool good = o->result.end <= POST_GONE;
    o->arrived += good;
    o->failed += !good;
    if (o->note != NULL)
        o->note(o->ctx, good, good ? "" : o->wrong.text);
}

/* Until this works the letter is under way: what arrived must not be forgotten. */
static void keep_end(void *ctx)
{
    struct office *o = ctx;
    struct journal j;
    struct err e;
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    int64_t wall_ms = (int64_t)wall.tv_sec * 1000;
    if (!journal_open(&j, o->dir, wall_ms, &e)) {
        loop_timer(o->loop, loop_now() + (j.busy ? AGAIN_MS : SLOWLY_MS), keep_end, o);
        return;
    }
    struct post_now now = {o->clock + loop_now() - o->boot_ms, wall_ms};
    struct mail after = post_done(&j.arena, &j.book.mail, o->id, &o->result, now);
    bool kept = journal_post(&j, &after, NULL, &e);
    journal_close(&j);
    if (!kept) {
        loop_timer(o->loop, loop_now() + SLOWLY_MS, keep_end, o);
        return;
    }
    o->id = 0;
    o->ended = false;
    tell(o);
    o->done(o->ctx);
}

/* ---- its beginning ---- */

static void fail_at_once(struct office *o, const struct err *e)
{
    o->wrong = *e;
    o->result = (struct post_result){.end = POST_REFUSED};
    o->ended = true;
    loop_timer(o->loop, loop_now(), keep_end, o);
}

static void start_letter(struct office *o, struct arena *a, const struct model *m, const struct mail *mail,
                         const struct letter *l)
{
    struct err e;
    char path[4096];
    const char *argv[] = {davy_program(path, "davy-notify"), NULL};
    const char *input = input_of(o, a, m, mail, l, &e);
    o->id = l->id;
    o->child.fn = on_sent;
    o->child.ctx = o;
    int64_t limit_ms = m->settings->notify_limit_s * 1000 + MORE_MS;
    if (input == NULL || !child_start(&o->child, argv, environ, bytes_of(input), limit_ms, &e))
        fail_at_once(o, &e);
}

static void note_state(struct office *o, const struct mail *m)
{
    o->waiting = (int64_t)m->letters;
    o->failing_ms = m->failing != NOT_KNOWN ? o->clock - m->failing : 0;
}

bool office_step(struct office *o, struct advance *v, struct arena *a, const struct model *m, struct err *e)
{
    struct post_policy policy = office_policy(m);
    struct post_now now = office_now(v);
    int64_t wake;
    policy.hurry = o->hurry;
    o->clock = now.clock;
    o->boot_ms = v->now.boot_ms;
    o->wake_ms = INT64_MAX;
    if (!office_wanted(m->settings))
        return true;
    struct book book = v->book;
    book.mail = o->doubted || o->id != 0 ? v->journal.book.mail : post_doubt(a, &v->journal.book.mail);
    o->doubted = true;
    if (o->settings_ms != m->origin[DOC_SETTINGS].mtime_ms)
        book.mail = post_forgive(&book.mail);
    o->settings_ms = m->origin[DOC_SETTINGS].mtime_ms;
    struct mail after = post_take(a, &book, &policy, now);
    if (!journal_post(&v->journal, &after, &v->book.state, e))
        return false;
    note_state(o, &after);
    const struct letter *l = o->id == 0 ? post_pick(a, &after, &policy, now, &after, &wake) : NULL;
    if (o->id == 0 && l == NULL && wake != INT64_MAX)
        o->wake_ms = o->boot_ms + (wake - now.clock);
    if (l == NULL)
        return true;
    if (!journal_post(&v->journal, &after, &v->book.state, e))
        return false;
    start_letter(o, a, m, &after, l);
    return true;
}
