/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/place.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void place_init(struct place *p, const char *path)
{
    *p = (struct place){.id = -1};
    snprintf(p->path, sizeof p->path, "%s", path);
}

/* Cuts the last name off path and gives it; "/" stays "/". */
static const char *cut_name(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    char *name = slash + 1;
    if (slash == path)
        memmove(name + 1, name, strlen(name) + 1), *name++ = '\0';
    else
        *slash = '\0';
    return name;
}

static bool is_folder(const char *path, struct stat *s)
{
    return stat(path, s) == 0 && S_ISDIR(s->st_mode);
}

/* The deepest existing folder on the way to the file. dir gets it, p the name that is waited for there. */
static bool nearest(struct place *p, char dir[PATH_MAX + 1], struct stat *s)
{
    snprintf(dir, PATH_MAX, "%s", p->path);
    p->whole = true;
    for (const char *name = cut_name(dir); name != NULL && *name != '\0'; name = cut_name(dir)) {
        snprintf(p->waits_for, sizeof p->waits_for, "%.255s", name);
        if (is_folder(dir, s))
            return true;
        p->whole = false;
    }
    return false;
}

static bool is_link(const char *path)
{
    struct stat s;
    return lstat(path, &s) == 0 && S_ISLNK(s.st_mode);
}

static bool has_link_above(const struct place *p)
{
    char dir[PATH_MAX];
    memcpy(dir, p->path, sizeof dir);
    for (char *slash = strrchr(dir, '/'); slash != NULL && slash > dir; slash = strrchr(dir, '/')) {
        *slash = '\0';
        if (is_link(dir))
            return true;
    }
    return false;
}

static bool settle_once(struct place *p, struct watch *w)
{
    char dir[PATH_MAX + 1];
    struct stat s = {0};
    struct err why = {"a link"};
    if (!nearest(p, dir, &s)) {
        p->id = -1;
        return true;
    }
    p->id = watch_add(w, dir, &why);
    snprintf(p->why_polled, sizeof p->why_polled, "%.63s", why.text);
    p->dev = s.st_dev;
    p->ino = s.st_ino;
    return !place_moved(p);
}

bool place_settle(struct place *p, struct watch *w)
{
    int before = p->id;
    bool whole = p->whole;
    /* The next folder may appear between the look and the watch: look once more behind the watch. */
    for (int tries = 0; tries < 16 && !settle_once(p, w); tries++)
        ;
    if (p->id != before)
        p->writing = false; /* the event that it was closed went the way of the folder */
    p->link = is_link(p->path);
    p->link_above = has_link_above(p);
    return p->id != before || p->whole != whole;
}

void place_note(struct place *p, enum watch_what what, int64_t loop_ms)
{
    if (what != WATCH_MODIFIED) {
        p->writing = p->writing && (what == WATCH_CREATED || what == WATCH_RIGHTS);
        return;
    }
    p->changes++;
    if (!p->writing || loop_ms >= p->writing_ms + PLACE_OPEN_MS)
        p->writing_ms = loop_ms;
    p->writing = true;
}

bool place_moved(const struct place *p)
{
    char dir[PATH_MAX + 1];
    struct stat s = {0};
    struct place now = {.id = -1};
    memcpy(now.path, p->path, sizeof now.path);
    return !nearest(&now, dir, &s) || s.st_dev != p->dev || s.st_ino != p->ino;
}

bool place_polled(const struct place *p)
{
    return p->id < 0 || p->link;
}

struct place_look place_look(const struct place *p)
{
    struct stat s;
    if (stat(p->path, &s) < 0)
        return (struct place_look){0};
    return (struct place_look){.exists = true,
                               .dev = s.st_dev,
                               .ino = s.st_ino,
                               .size = s.st_size,
                               .mtime_ns = (int64_t)s.st_mtim.tv_sec * 1000000000 + s.st_mtim.tv_nsec};
}

bool place_same(const struct place_look *a, const struct place_look *b)
{
    return a->exists == b->exists && a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
           a->mtime_ns == b->mtime_ns;
}

bool place_changed(const struct place *p)
{
    struct place_look now = place_look(p);
    return !place_same(&now, &p->seen);
}
