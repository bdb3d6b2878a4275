/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole documents. Writers truncate and write in place, so a look can fall between the two: an empty or torn document
 * that was written just now is looked at again after 20, 50 and 150 ms before anything is said about it. */
#include "source/source.h"

#include "base/file.h"

#include <string.h>

enum { JUST_NOW_MS = 2000 };

static const int64_t again_after_ms[] = {20, 70, 220};

/* false: it has been unusable for long enough to say so. */
static bool try_again(struct source *s, const struct fetch_in *in)
{
    if (s->failing_ms == NOT_KNOWN)
        s->failing_ms = in->loop_ms;
    for (size_t i = 0; i < sizeof again_after_ms / sizeof again_after_ms[0]; i++) {
        if (in->loop_ms < s->failing_ms + again_after_ms[i]) {
            s->due_ms = s->failing_ms + again_after_ms[i];
            return true;
        }
    }
    return false;
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
    source_state(s, ORIGIN_OK, NULL);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

bool whole_fetch(struct source *s, const struct fetch_in *in)
{
    const struct doc_row *row = &doc_rows[s->id];
    const char *path = s->place[s->chosen].path;
    struct arena *idle = &s->arena[!s->live];
    struct decode_in decode = {.name = base_name(path), .before = s->doc, .local_offset_s = in->local_offset_s};
    struct file_stat stat = {0};
    struct err why = {""};
    arena_reset(idle);
    if (!file_read(idle, path, row->limit, &decode.bytes, &stat, &why))
        return stat.exists ? source_unreadable(s, in, &why) : source_absent(s);
    decode.mtime_ms = stat.mtime_ms;
    bool fresh = just_written(&stat, in);
    if (decode.bytes.len == 0 && fresh && try_again(s, in))
        return false;
    const void *doc = row->decode(idle, &decode, &why);
    if (doc == NULL)
        return !(fresh && try_again(s, in)) && source_state(s, ORIGIN_INVALID, why.text);
    accept(s, doc, &stat, in);
    return true;
}
