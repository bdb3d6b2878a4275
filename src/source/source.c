/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/source.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { BACKOFF_FIRST_MS = 500, BACKOFF_LAST_MS = 8000 };

static void join(char out[PATH_MAX], const char *dir, const char *path)
{
    if (path[0] == '/')
        snprintf(out, PATH_MAX, "%s", path);
    else
        snprintf(out, PATH_MAX, "%s%s%s", dir, strcmp(dir, "/") == 0 ? "" : "/", path);
}

static void add_place(struct source *s, const char *dir, const char *path)
{
    char full[PATH_MAX];
    join(full, dir, path);
    struct place *p = &s->place[s->place_count];
    place_init(p, full);
    size_t tail = strlen(path), all = strlen(p->path);
    s->shown[s->place_count++] = tail <= all ? p->path + (all - tail) : p->path;
}

void source_init(struct source *s, enum doc_id id, const char *dir, const char *path, const char *second,
                 int32_t local_offset_s)
{
    *s = (struct source){.id = id, .due_ms = INT64_MAX, .failing_ms = NOT_KNOWN, .dirty = true};
    add_place(s, dir, path);
    if (second != NULL)
        add_place(s, dir, second);
    s->origin = (struct origin){.key = doc_rows[id].key,
                                .path = s->shown[0],
                                .state = ORIGIN_MISSING,
                                .read_ms = NOT_KNOWN,
                                .mtime_ms = NOT_KNOWN};
    if (doc_rows[id].how == READ_STREAM)
        folded_init(s, local_offset_s);
}

void source_release(struct source *s)
{
    if (doc_rows[s->id].how == READ_STREAM)
        folded_release(s);
    arena_release(&s->arena[0]);
    arena_release(&s->arena[1]);
    s->doc = NULL;
}

bool source_is_at(const struct source *s, const char *dir, const char *path, const char *second)
{
    char full[PATH_MAX];
    join(full, dir, path);
    if (strcmp(full, s->place[0].path) != 0 || (s->place_count == 2) != (second != NULL))
        return false;
    if (second == NULL)
        return true;
    join(full, dir, second);
    return strcmp(full, s->place[1].path) == 0;
}

bool source_state(struct source *s, enum origin_state state, const char *error)
{
    if (error == NULL)
        error = "";
    bool same = s->origin.state == state && strcmp(s->error.text, error) == 0;
    s->origin.state = state;
    if (!same)
        snprintf(s->error.text, sizeof s->error.text, "%s", error);
    s->origin.error = s->error.text[0] != '\0' ? s->error.text : NULL;
    return !same;
}

static bool folder_exists(const char *path)
{
    char dir[PATH_MAX];
    struct stat s;
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        return true;
    memcpy(dir, path, (size_t)(slash - path));
    dir[slash - path] = '\0';
    return stat(dir, &s) == 0 && S_ISDIR(s.st_mode);
}

bool source_absent(struct source *s)
{
    s->failing_ms = NOT_KNOWN;
    s->backoff_ms = 0;
    return source_state(s, folder_exists(s->place[s->chosen].path) ? ORIGIN_MISSING : ORIGIN_WAITING, NULL);
}

/* Not readable at all: no descriptors left, a bad disk, the wrong kind of file. Asked again less and less often; after
 * that the slow look at all files finds a change. */
bool source_unreadable(struct source *s, const struct fetch_in *in, const struct err *why)
{
    s->backoff_ms = s->backoff_ms == 0 ? BACKOFF_FIRST_MS : s->backoff_ms * 2;
    if (s->backoff_ms <= BACKOFF_LAST_MS)
        s->due_ms = in->loop_ms + s->backoff_ms;
    return source_state(s, ORIGIN_INVALID, why->text);
}

/* Of two files of the same meaning the newer one speaks. */
static void choose(struct source *s)
{
    for (int i = 0; i < s->place_count; i++)
        s->place[i].seen = place_look(&s->place[i]);
    const struct place_look *a = &s->place[0].seen, *b = &s->place[1].seen;
    bool second = s->place_count == 2 && b->exists && (!a->exists || b->mtime_ns > a->mtime_ns);
    s->chosen = second ? 1 : 0;
    s->origin.path = s->shown[s->chosen];
}

bool source_postponed(struct source *s, int64_t loop_ms)
{
    const struct place *p = &s->place[s->chosen];
    if (doc_rows[s->id].how == READ_STREAM || !p->writing || loop_ms >= p->writing_ms + PLACE_OPEN_MS)
        return false;
    s->dirty = false;
    s->due_ms = p->writing_ms + PLACE_OPEN_MS;
    return true;
}

bool source_fetch(struct source *s, const struct fetch_in *in)
{
    if (s->dirty) /* something happened: the file may not even be readable any more */
        s->young.doc = NULL;
    s->dirty = false;
    s->due_ms = INT64_MAX;
    const char *path = s->origin.path;
    choose(s);
    bool differs = doc_rows[s->id].how == READ_STREAM ? folded_fetch(s, in) : whole_fetch(s, in);
    return differs || s->origin.path != path;
}
