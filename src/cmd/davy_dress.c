/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_dash.h"

#include "sink/ground.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

static void keep(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "");
}

static void on_watch(void *ctx, uint32_t events);

/* Where the file really is: a link in a folder of settings often leads elsewhere. */
static void look_for_it(struct dress *w)
{
    char real[PATH_MAX];
    w->file[0] = '\0';
    if (w->path[0] == '\0' || realpath(w->path, real) == NULL)
        return;
    char *slash = strrchr(real, '/');
    keep(w->file, sizeof w->file, slash + 1);
    *slash = '\0';
    keep(w->folder, sizeof w->folder, real[0] != '\0' ? real : "/");
}

/* One folder, and only while a file of it is worn. */
static void watch_it(struct dash *d)
{
    struct dress *w = &d->dress;
    look_for_it(w);
    if (w->watch != NULL && w->watch_id >= 0)
        watch_remove(w->watch, w->watch_id);
    w->watch_id = -1;
    if (w->file[0] == '\0' || !w->watching)
        return;
    if (w->watch == NULL) {
        struct err e;
        w->watch = watch_open(WATCH_RAW);
        if (watch_fd(w->watch) >= 0)
            loop_fd(d->loop, watch_fd(w->watch), EPOLLIN, on_watch, d, &e);
    }
    w->watch_id = watch_add(w->watch, w->folder, NULL);
}

static bool same(const struct theme *a, const struct theme *b)
{
    return a != NULL && memcmp(a->look, b->look, sizeof a->look) == 0 && a->ground == b->ground;
}

/* Puts on the theme of that name; the one before stays when that cannot be. */
static bool wear(struct dash *d, const char *name, struct err *e)
{
    struct dress *w = &d->dress;
    struct theme_file file;
    char wanted[sizeof w->name];
    keep(wanted, sizeof wanted, name); /* it may be the one that is overwritten here */
    arena_reset(&w->arena[!w->live]);
    if (!davy_theme(&w->arena[!w->live], d->options->dir, wanted, &file, e))
        return false;
    bool other = !same(w->theme, file.theme);
    if (other) {
        w->live = !w->live;
        w->theme = file.theme;
    }
    keep(w->name, sizeof w->name, wanted);
    keep(w->path, sizeof w->path, file.path);
    struct looks l = {w->theme, w->depth};
    if (other && d->curses != NULL)
        curses_dress(d->curses, &l);
    d->dirty = d->dirty || other;
    watch_it(d);
    return true;
}

static const char *unnamed(const struct dress *w)
{
    return w->light ? "daylight" : theme_lamp.name;
}

bool dash_dress(struct dash *d, struct looks *out, struct err *e)
{
    struct dress *w = &d->dress;
    const struct settings *s = rig_settings(d->rig);
    struct err why = {""};
    if (!davy_color(d->options, &w->depth, e))
        return false;
    w->watch_id = -1;
    ground_of_env(getenv("COLORFGBG"), &w->light);
    w->named = d->options->theme != NULL || s->theme != settings_default()->theme;
    keep(w->setting, sizeof w->setting, s->theme);
    keep(w->graph, sizeof w->graph, s->graph);
    if (d->options->theme != NULL && !wear(d, d->options->theme, e))
        return false;
    if (d->options->theme == NULL && !wear(d, w->named ? s->theme : unnamed(w), &why)) {
        wear(d, theme_lamp.name, NULL);
        if (w->named) /* else nobody asked for it */
            ui_say(&d->ui, "view.theme: %s", why.text);
    }
    *out = (struct looks){w->theme, w->depth};
    return true;
}

void dash_dress_watch(struct dash *d)
{
    d->dress.watching = d->options->watch == NULL || strcmp(d->options->watch, "poll") != 0;
    watch_it(d);
}

void dash_dress_stop(struct dash *d)
{
    struct dress *w = &d->dress;
    if (w->watch != NULL && watch_fd(w->watch) >= 0)
        loop_fd_remove(d->loop, watch_fd(w->watch));
    if (w->watch != NULL)
        watch_close(w->watch);
    arena_release(&w->arena[0]);
    arena_release(&w->arena[1]);
}

static void on_watch(void *ctx, uint32_t events)
{
    (void)events;
    struct dash *d = ctx;
    struct watch_event ev;
    struct err e = {""};
    bool changed = false;
    while (watch_next(d->dress.watch, &ev))
        changed |= ev.what == WATCH_OVERFLOW || (ev.what == WATCH_WRITTEN && strcmp(ev.name, d->dress.file) == 0);
    if (changed && !wear(d, d->dress.name, &e)) {
        ui_say(&d->ui, "%s; the colours stay", e.text);
        d->dirty = true;
    }
}

static void other_theme(struct dash *d, const struct settings *s)
{
    struct dress *w = &d->dress;
    struct err e = {""};
    keep(w->setting, sizeof w->setting, s->theme);
    w->named = s->theme != settings_default()->theme;
    if (wear(d, w->named ? s->theme : unnamed(w), &e))
        ui_say(&d->ui, "theme %s, as davy.toml says", w->name);
    else
        ui_say(&d->ui, "view.theme: %s", e.text);
}

void dash_dress_settings(struct dash *d)
{
    struct dress *w = &d->dress;
    const struct settings *s = rig_settings(d->rig);
    if (d->options->graph == NULL && strcmp(w->graph, s->graph) != 0)
        davy_graph(s->graph, &d->ui.graph, NULL);
    keep(w->graph, sizeof w->graph, s->graph);
    if (d->options->theme == NULL && strcmp(w->setting, s->theme) != 0)
        other_theme(d, s);
}

static void say_theme(struct dash *d)
{
    d->dress.named = true;
    ui_say(&d->ui, "theme %s: %s; theme = \"%s\" below [view] in davy.toml keeps it", d->dress.name,
           d->dress.theme->help, d->dress.name);
}

/* A theme that cannot be read is passed over; lamp can always be. */
static void next_theme(struct dash *d)
{
    struct arena a = {0};
    const char *const *all = davy_themes(&a, d->options->dir);
    size_t count = 0, at;
    while (all[count] != NULL)
        count++;
    for (at = 0; at < count && strcmp(all[at], d->dress.name) != 0;)
        at++;
    at = at < count ? at : count - 1;
    for (size_t i = 1; i <= count && !wear(d, all[(at + i) % count], NULL);)
        i++;
    arena_release(&a);
    say_theme(d);
}

void dash_theme(struct dash *d)
{
    struct err e = {""};
    if (d->ui.theme[0] == '\0')
        next_theme(d);
    else if (wear(d, d->ui.theme, &e))
        say_theme(d);
    else
        ui_say(&d->ui, "%s", e.text);
}

/* A light terminal without colours is fine with any theme. */
void dash_dress_ask(struct dash *d)
{
    const struct dress *w = &d->dress;
    bool light;
    if (!w->named && !ground_of_env(getenv("COLORFGBG"), &light) && curses_looks(d->curses).depth != COLOR_NONE)
        curses_ask_ground(d->curses);
}

void dash_ground(struct dash *d)
{
    struct dress *w = &d->dress;
    if (curses_ground(d->curses, &w->light) && !w->named && strcmp(w->name, unnamed(w)) != 0)
        wear(d, unnamed(w), NULL);
}
