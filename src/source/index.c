/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/index.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLACES = 2 };
#define INDEX_MOST ((size_t)1 << 30)
#define HUGE_PAGE ((size_t)2 << 20)
#define PAGE ((size_t)4096)
#define INDEX_VERSION UINT64_C(0x6461767900000004)

/* In front of the marks, and those in front of what history_save() gave. */
struct head {
    uint64_t version;
    uint64_t path; /* of the history, hashed: another file's index is no index */
    int64_t offset;
    uint64_t head_len, tail_len;
    char head[STREAM_HEAD], tail[STREAM_TAIL];
    uint64_t marks;
    struct mark end;
};

_Static_assert(sizeof(struct head) % _Alignof(struct mark) == 0, "marks are read where they stand");

/* FNV-1a: short, and of paths only. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return hash;
}

static bool place(char out[PATH_MAX], const struct index *x, int which)
{
    int len = -1;
    if (which == 0)
        len = snprintf(out, PATH_MAX, "%s/state/davy/history.index", x->rig);
    else if (x->cache[0] != '\0')
        len = snprintf(out, PATH_MAX, "%s/davy/history-%016llx.index", x->cache, (unsigned long long)hash_of(x->rig));
    return len > 0 && len < PATH_MAX;
}

static bool has_at(int fd, int64_t at, const char *want, size_t len)
{
    char have[STREAM_HEAD];
    return len == 0 || (pread(fd, have, len, (off_t)at) == (ssize_t)len && memcmp(have, want, len) == 0);
}

static bool is_sane(const struct head *h, const struct stream *s)
{
    size_t all = h->offset > STREAM_HEAD ? STREAM_HEAD : (size_t)h->offset;
    return h->version == INDEX_VERSION && h->offset > 0 && h->head_len == all && h->tail_len <= STREAM_TAIL &&
           (int64_t)h->tail_len <= h->offset && h->tail_len > 0 && h->path == hash_of(s->path);
}

/* The history is the one that it was, with more behind it or nothing. */
static bool goes_on(const struct head *h, const char *path)
{
    struct file_stat stat;
    int fd = file_open(path, &stat, NULL);
    if (fd < 0)
        return false;
    bool same = stat.size >= h->offset && has_at(fd, 0, h->head, h->head_len) &&
                has_at(fd, h->offset - (int64_t)h->tail_len, h->tail, h->tail_len);
    close(fd);
    return same;
}

static void resume(struct stream *s, const struct head *h)
{
    s->started = true;
    s->offset = h->offset;
    s->head_len = (size_t)h->head_len;
    s->tail_len = (size_t)h->tail_len;
    memcpy(s->head, h->head, sizeof s->head);
    memcpy(s->tail, h->tail, sizeof s->tail);
}

/* Where the fold begins behind the marks; 0: they make no sense. */
static size_t load_marks(struct bytes in, const struct head *h, struct marks *m)
{
    struct bytes rest = bytes_from(in, sizeof *h);
    if (h->marks > rest.len / sizeof(struct mark) || h->end.offset > h->offset)
        return 0;
    bool good = marks_set(m, (const void *)rest.at, (size_t)h->marks, h->end);
    return good ? sizeof *h + (size_t)h->marks * sizeof(struct mark) : 0;
}

/* All of it will be written to: one call instead of a fault for each page. Only advice. */
static char *populated(char *at, size_t size)
{
    uintptr_t from = ((uintptr_t)at + PAGE - 1) & ~(uintptr_t)(PAGE - 1),
              end = ((uintptr_t)at + size) & ~(uintptr_t)(PAGE - 1);
    if (at != NULL && end > from)
        madvise((void *)from, end - from, MADV_POPULATE_WRITE);
    return at;
}

/* Of what a long history's start costs, half is the kernel's for making 20 MB of pages, one by one; so large ones are asked for,
 * but not for an index that would fill one only in part. */
static char *room_for(size_t size)
{
    size_t whole = (size | (HUGE_PAGE - 1)) + 1;
    if (size < 2 * HUGE_PAGE)
        return populated(malloc(size), size);
    char *at = aligned_alloc(HUGE_PAGE, whole);
    if (at != NULL)
        madvise(at, whole, MADV_HUGEPAGE);
    return at;
}

static struct bytes read_whole(const char *path)
{
    struct file_stat stat;
    int fd = file_open(path, &stat, NULL);
    bool good = fd >= 0 && stat.size > 0 && (size_t)stat.size < INDEX_MOST;
    char *at = good ? room_for((size_t)stat.size) : NULL;
    size_t len = 0;
    for (ssize_t n = 1; at != NULL && n > 0 && len<(size_t)stat.size; len += n> 0 ? (size_t)n : 0)
        n = read(fd, at + len, (size_t)stat.size - len);
    if (fd >= 0)
        close(fd);
    return (struct bytes){at, len};
}

static bool load_from(const char *path, struct history *h, struct stream *s, struct marks *m)
{
    struct bytes in = read_whole(path);
    struct head head;
    bool good = in.len > sizeof head;
    if (good) {
        memcpy(&head, in.at, sizeof head);
        size_t at = is_sane(&head, s) && goes_on(&head, s->path) ? load_marks(in, &head, m) : 0;
        good = at > 0 && history_load(h, bytes_from(in, at));
    }
    if (good)
        resume(s, &head);
    else
        marks_release(m);
    free((void *)(uintptr_t)in.at);
    return good;
}

void index_load(struct index *x, struct history *h, struct stream *s, struct marks *m)
{
    char path[PATH_MAX];
    bool loaded = false;
    x->tried = true;
    for (int i = 0; i < PLACES && x->rig[0] != '\0' && !loaded; i++)
        loaded = place(path, x, i) && load_from(path, h, s, m);
    x->offset = loaded ? s->offset : 0;
}

/* What root makes in somebody's rig is that somebody's. */
static void give_away(const char *folder, const char *parent)
{
    struct stat s;
    if (geteuid() != 0 || stat(parent, &s) != 0 || s.st_uid == 0 || lchown(folder, s.st_uid, s.st_gid) == 0)
        return;
    rmdir(folder); /* better none than one that its owner cannot use */
}

/* Our own folder is made; the one above it, the rig's or the user's, must be there. */
static bool folder_for(const char *path)
{
    char folder[PATH_MAX], parent[PATH_MAX];
    struct stat s;
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(folder, '/') - folder), folder);
    if (mkdir(folder, 0700) == 0)
        give_away(folder, parent);
    return lstat(folder, &s) == 0 && S_ISDIR(s.st_mode) && !(s.st_mode & S_IWOTH);
}

static bool take_marks(struct head *h, const struct stream *s)
{
    size_t head = h->offset > STREAM_HEAD ? STREAM_HEAD : (size_t)h->offset;
    size_t tail = h->offset > STREAM_TAIL ? STREAM_TAIL : (size_t)h->offset;
    h->path = hash_of(s->path);
    h->head_len = head;
    h->tail_len = tail;
    return pread(s->fd, h->head, head, 0) == (ssize_t)head &&
           pread(s->fd, h->tail, tail, (off_t)(h->offset - (int64_t)tail)) == (ssize_t)tail;
}

static void save_to(struct index *x, struct bytes saved, struct head *h, const struct marks *m)
{
    char path[PATH_MAX];
    size_t marks = m->count * sizeof *m->mark, len = sizeof *h + marks + saved.len;
    char *all = malloc(len);
    if (all == NULL)
        return;
    x->size = (int64_t)len;
    h->marks = m->count;
    h->end = m->end;
    memcpy(all, h, sizeof *h);
    if (marks > 0)
        memcpy(all + sizeof *h, m->mark, marks);
    memcpy(all + sizeof *h + marks, saved.at, saved.len);
    bool done = false;
    for (int i = 0; i < PLACES && !done; i++)
        done = place(path, x, i) && folder_for(path) && file_keep(path, (struct bytes){all, len}, 0600, NULL);
    free(all);
}

/* What was read is still there: otherwise the marks would be those of a file that nobody has read yet. */
static bool is_as_read(const struct stream *s)
{
    return has_at(s->fd, 0, s->head, s->head_len) &&
           has_at(s->fd, s->offset - (int64_t)s->tail_len, s->tail, s->tail_len);
}

void index_save(struct index *x, const struct history *h, const struct stream *s, const struct marks *m, int64_t worth)
{
    if (!x->write || x->rig[0] == '\0' || s->fd < 0 || s->offset - x->offset < worth)
        return;
    uint64_t offset;
    struct head head = {.version = INDEX_VERSION};
    struct bytes saved = history_save(h, &offset);
    head.offset = (int64_t)offset;
    if (head.offset > 0 && head.offset <= s->offset && take_marks(&head, s) && is_as_read(s))
        save_to(x, saved, &head, m);
    history_drop(saved);
    x->offset = s->offset; /* also when it could not be written: not tried again and again */
}
