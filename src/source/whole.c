/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole documents. Writers truncate and write in place, so a look can fall between the two: an empty or torn document
 * that was written just now, or one that changed while it was read, is looked at again soon before anything is said about
 * it; while its writer is at it, for some seconds. */
#include "source/source.h"

#include "base/file.h"
#include "source/writer.h"

#include <string.h>

enum { JUST_NOW_MS = 2000, CHANGING_MS = 5000, CHANGING_STEP_MS = 50 };

static const int64_t again_after_ms[] = {3, 20, 70, 220};

/* false: it has been unusable for long enough to say so. */
static bool try_again(struct source *s, const struct fetch_in *in, bool changing)
{
    if (s->failing_ms == NOT_KNOWN)
        s->failing_ms = in->loop_ms;
    int64_t waited = in->loop_ms - s->failing_ms;
    for (size_t i = 0; i < sizeof again_after_ms / sizeof again_after_ms[0]; i++) {
        if (waited < again_after_ms[i]) {
            s->due_ms = s->failing_ms + again_after_ms[i];
            return true;
        }
    }
    s->due_ms = in->loop_ms + CHANGING_STEP_MS;
    return changing && waited < CHANGING_MS;
}

static bool just_written(const struct file_stat *stat, const struct fetch_in *in)
{
    return in->wall_ms - stat->mtime_ms < JUST_NOW_MS;
}

static void accept(struct source *s, const void *doc, const struct file_stat *stat, const struct fetch_in *in)
{
    s->live = !s->live;
    s->doc = doc;
    s->failing_ms = NOT_KNOWN;
    s->backoff_ms = 0;
    s->origin.read_ms = in->wall_ms;
    s->origin.mtime_ms = stat->mtime_ms;
    s->dev = stat->dev;
    s->ino = stat->ino;
    source_state(s, ORIGIN_OK, NULL);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Nobody wrote to it since it looked like that. */
static bool is_steady(const struct place *p, uint64_t changes, const struct fetch_in *in)
{
    if (in->take_events != NULL)
        in->take_events(in->ctx);
    return p->changes == changes && !place_changed(p);
}

/* Renamed into its place it was whole before it came there. */
static bool is_young(const struct source *s, const struct file_stat *stat, const struct fetch_in *in)
{
    bool replaced = s->doc != NULL && (stat->ino != s->ino || stat->dev != s->dev);
    return !replaced && just_written(stat, in);
}

/* The kernel tells of a write after it has copied the bytes. Whoever reads between the two, because the writer lost its
 * processor there (to us, as often as not), has half of a document, no event and, within a tick of the kernel's clock, the
 * same time of change. But then the writer still has the file open. */
static bool is_proven(const struct source *s, const struct file_stat *stat, const struct fetch_in *in)
{
    return !is_young(s, stat, in) || writer_of(s->place[s->chosen].path) == WRITER_NONE;
}

/* Where nobody knows, or the writer never closes it, it is believed when nothing happened to it until the next look. */
static bool wait_for_proof(struct source *s, const void *doc, const struct file_stat *stat, const struct fetch_in *in)
{
    const struct place *p = &s->place[s->chosen];
    if (!try_again(s, in, true))
        return false;
    s->young = (struct young){.doc = doc, .stat = *stat, .look = p->seen, .changes = p->changes, .due_ms = s->due_ms};
    return true;
}

static bool grew_up(const struct source *s, const struct fetch_in *in)
{
    const struct place *p = &s->place[s->chosen];
    return in->loop_ms >= s->young.due_ms && place_same(&p->seen, &s->young.look) && is_steady(p, s->young.changes, in);
}

/* doc NULL: unusable. */
static bool judge(struct source *s, const void *doc, const struct file_stat *stat, bool steady,
                  const struct fetch_in *in, const struct err *why)
{
    const struct place *p = &s->place[s->chosen];
    bool torn = doc == NULL && just_written(stat, in), changing = !steady || p->seen.mtime_ns != s->failing_mtime_ns;
    s->failing_mtime_ns = p->seen.mtime_ns;
    if ((torn || !steady) && try_again(s, in, changing))
        return false;
    s->due_ms = INT64_MAX;
    if (doc == NULL)
        return source_state(s, ORIGIN_INVALID, why->text);
    accept(s, doc, stat, in);
    return true;
}

static bool read_anew(struct source *s, const struct fetch_in *in)
{
    const struct doc_row *row = &doc_rows[s->id];
    const struct place *p = &s->place[s->chosen];
    struct arena *idle = &s->arena[!s->live];
    struct decode_in decode = {.name = base_name(p->path), .local_offset_s = in->local_offset_s};
    decode.check = row->how == READ_SETTINGS ? in->check : NULL;
    struct file_stat stat = {0};
    struct err why = {""};
    uint64_t changes = p->changes;
    arena_reset(idle);
    if (!file_read(idle, p->path, row->limit, &decode.bytes, &stat, &why))
        return stat.exists ? source_unreadable(s, in, &why) : source_absent(s);
    decode.mtime_ms = stat.mtime_ms;
    bool proven = is_proven(s, &stat, in); /* before the events are taken: see there */
    bool steady = is_steady(p, changes, in);
    const void *doc = row->decode(idle, &decode, &why);
    if (doc != NULL && steady && !proven && wait_for_proof(s, doc, &stat, in))
        return false;
    return judge(s, doc, &stat, steady, in, &why);
}

bool whole_fetch(struct source *s, const struct fetch_in *in)
{
    struct young young = s->young;
    bool grown = young.doc != NULL && grew_up(s, in);
    s->young.doc = NULL;
    if (!grown)
        return read_anew(s, in);
    accept(s, young.doc, &young.stat, in);
    return true;
}
