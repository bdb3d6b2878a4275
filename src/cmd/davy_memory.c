/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_memory.h"

#include "base/file.h"
#include "base/timetext.h"
#include "rule/remember.h"
#include "source/rig.h"

#include <string.h>
#include <unistd.h>

enum {
    BOOK_LIMIT = 64 << 20,
    WATCH_LIMIT = 4096,
    UPTIME_LIMIT = 64 << 10,
    STAT_LIMIT = 4096,
    BORN_FIELD = 22,
    COMM_FIELD = 2
};

/* ---- davy-watch ---- */

/* Field 22 of "pid (name) state ...": the name may hold anything, a closing parenthesis too. A zombie lives no more. */
static bool lives(struct arena *a, const struct watcher *w)
{
    struct bytes text, word = {NULL, 0};
    struct file_stat s;
    const char *path = arena_text(a, "/proc/%lld/stat", (long long)w->pid);
    if (w->pid == NOT_KNOWN || !file_read(a, path, STAT_LIMIT, &text, &s, NULL))
        return false;
    const char *end = strrchr(text.at, ')');
    if (end == NULL)
        return false;
    text = bytes_from(text, (size_t)(end - text.at) + 1);
    for (int field = COMM_FIELD; field < BORN_FIELD; field++) {
        text = bytes_trim(text);
        word = (struct bytes){text.at, bytes_find(text, " ")};
        text = bytes_from(text, word.len);
        if (field == COMM_FIELD && word.len == 1 && word.at[0] == 'Z')
            return false;
    }
    int64_t born;
    return bytes_i64(word, &born) && born == w->born;
}

struct watcher watcher_look(struct arena *a, const char *dir, int64_t now_ms)
{
    struct bytes text = {"", 0};
    struct file_stat s;
    file_read(a, arena_text(a, "%s/state/davy/watch.json", dir), WATCH_LIMIT, &text, &s, NULL);
    struct watcher w = watcher_of(text);
    w.state = watcher_judge(&w, lives(a, &w), now_ms);
    return w;
}

const struct uptime *uptime_look(struct arena *a, const char *dir)
{
    struct bytes text;
    struct file_stat s;
    struct uptime *u = arena_alloc(a, sizeof *u);
    const char *path = arena_text(a, "%s/state/davy/uptime.json", dir);
    json_t *root = file_read(a, path, UPTIME_LIMIT, &text, &s, NULL) ? json_read(text, "uptime.json", NULL) : NULL;
    bool good = root != NULL && uptime_from_json(root, u);
    json_decref(root);
    return good ? u : NULL;
}

/* ---- the journal ---- */

static bool differs(struct memory *k, const struct file_stat *s)
{
    int64_t ns = s->mtime_ms * 1000000 + s->mtime_ns_part;
    bool other = k->seen_size != s->size || k->seen_ns != ns || k->seen_file != s->ino;
    k->seen_size = s->size;
    k->seen_ns = ns;
    k->seen_file = s->ino;
    return other;
}

/* Whether it was written since the last look; then it is read. */
static bool look_at_book(struct memory *k, struct arena *a, const char *dir, bool once)
{
    struct arena *to = once ? a : &k->of_book;
    const char *path = arena_text(a, "%s/state/davy/alerts.jsonl", dir);
    struct bytes text;
    struct file_stat s = {.exists = false};
    int fd = file_open(path, &s, NULL);
    if (fd < 0)
        return false;
    close(fd);
    if (!differs(k, &s))
        return false;
    if (!once)
        arena_reset(to);
    k->book = (struct book){.state = incidents_none};
    if (!file_read(to, path, BOOK_LIMIT, &text, &s, NULL))
        return false;
    book_read(to, text, &k->book);
    return true;
}

/* ---- joining ---- */

static void remember(struct memory *k, const struct incidents *s)
{
    k->live = !k->live;
    arena_reset(&k->life[k->live]);
    k->state = incidents_copy(&k->life[k->live], s);
    k->stepped = true;
}

/* From the journal when somebody wrote it, who stepped the engine then; else from our own step before. */
static void step(struct memory *k, struct arena *a, const struct model *m, bool written)
{
    const struct incidents *before = written || !k->stepped ? &k->book.state : &k->state;
    struct incidents from = incidents_copy(a, k->seen_size == 0 && !k->stepped ? &incidents_none : before);
    struct engine_out out = advance_step(a, m, NULL, &from, advance_now(a, m->now_ms));
    remember(k, &out.state);
}

/* A number that only we gave is nobody else's: the next one who writes the journal may give it to another. */
static void forget_numbers(const struct memory *k, struct arena *a, struct incidents *s)
{
    struct incident *row = arena_array(a, s->count, sizeof *row);
    for (size_t i = 0; i < s->count; i++) {
        const struct incident *known = incident_find(&k->book.state, s->row[i].rule, s->row[i].subject);
        row[i] = s->row[i];
        if (known == NULL || known->number != row[i].number)
            row[i].number = 0;
    }
    s->row = row;
}

static void hang_in(struct memory *k, struct arena *a, struct model *m, const struct incidents *from)
{
    struct incidents *s = arena_alloc(a, sizeof *s);
    *s = incidents_copy(a, from);
    forget_numbers(k, a, s);
    alerts_remember(a, m, s);
    m->event = k->book.event;
    m->event_count = k->book.event_count;
}

void memory_join(struct memory *k, struct arena *a, struct model *m, const char *dir, bool once)
{
    struct watcher *w = arena_alloc(a, sizeof *w);
    bool written = look_at_book(k, a, dir, once);
    *w = watcher_look(a, dir, m->now_ms);
    m->watcher = w;
    if (once && k->seen_size == 0)
        return;
    if (w->state == WATCHER_RUNS && k->seen_size > 0) {
        hang_in(k, a, m, &k->book.state);
        return;
    }
    step(k, a, m, written);
    hang_in(k, a, m, &k->state);
}

void memory_close(struct memory *k)
{
    arena_release(&k->life[0]);
    arena_release(&k->life[1]);
    arena_release(&k->of_book);
}

struct model *davy_judged(struct rig *r, struct arena *a)
{
    struct memory k = {.book = {.state = incidents_none}};
    struct model *m = rig_model(r, a);
    rules_judge(a, m);
    m->uptime = uptime_look(a, rig_folder(r));
    memory_join(&k, a, m, rig_folder(r), true);
    memory_close(&k);
    return m;
}
