/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's Unix socket, seen from outside: /proc/net/unix says who listens, the file system whether the path is there. */
#include "source/probe.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UNIX_LIMIT = 16 << 20, UNIX_COLUMNS = 7, SUN_PATH_MOST = 107, ACCEPTS = 0x10000, STATE_LISTENING = 1 };

struct unix_line {
    unsigned flags, type, state;
    struct bytes path;
};

static bool hex(struct bytes word, unsigned *value)
{
    *value = 0;
    for (size_t i = 0; i < word.len; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = memchr(digits, word.at[i] | ('A' <= word.at[i] && word.at[i] <= 'F' ? 0x20 : 0), 16);
        if (digit == NULL || word.len > 8)
            return false;
        *value = *value << 4 | (unsigned)(digit - digits);
    }
    return word.len > 0;
}

/* Num RefCount Protocol Flags Type St Inode Path; the path may hold blanks. */
static bool unix_line_parse(struct bytes line, struct unix_line *out)
{
    struct bytes word[UNIX_COLUMNS];
    for (int i = 0; i < UNIX_COLUMNS; i++) {
        while (line.len > 0 && line.at[0] == ' ')
            line = bytes_from(line, 1);
        size_t len = bytes_find(line, " ");
        word[i] = (struct bytes){line.at, len};
        line = bytes_from(line, len);
    }
    out->path = bytes_from(line, 1);
    return out->path.len > 0 && hex(word[3], &out->flags) && hex(word[4], &out->type) && hex(word[5], &out->state);
}

static bool listens(const struct unix_line *l)
{
    return (l->flags & ACCEPTS) != 0 && l->type == 1 && l->state == STATE_LISTENING;
}

static int64_t count(struct bytes table, const char *bound, const char *path, bool *listening)
{
    struct bytes line;
    struct unix_line l;
    int64_t waiting = 0;
    while (bytes_line(&table, &line)) {
        if (!unix_line_parse(line, &l) || (!bytes_is(l.path, path) && !bytes_is(l.path, bound)))
            continue;
        if (listens(&l))
            *listening = true;
        else if (l.flags == 0 && l.state == 2) /* connecting: nobody accepted it yet */
            waiting++;
    }
    return waiting;
}

/* /proc/net/unix shows our network namespace only; the daemon may live in another one and yet share the file system. */
static bool elsewhere(struct arena *a, const char *root, int64_t pid)
{
    char ours[64], theirs[64];
    ssize_t n = readlink(arena_text(a, "%s/self/ns/net", root), ours, sizeof ours);
    if (pid <= 1 || n <= 0)
        return false;
    ssize_t m = readlink(arena_text(a, "%s/%lld/ns/net", root, (long long)pid), theirs, sizeof theirs);
    return m != n || memcmp(ours, theirs, (size_t)n) != 0;
}

static enum socket_state without_listener(struct arena *a, const char *root, bool inode, int64_t daemon_pid)
{
    if (inode && elsewhere(a, root, daemon_pid))
        return SOCKET_UNKNOWN;
    return inode ? SOCKET_STALE : SOCKET_ABSENT;
}

enum socket_state socket_look(struct arena *a, const char *root, const char *bound, const char *path,
                              int64_t daemon_pid, int64_t *backlog)
{
    struct bytes table;
    struct file_stat stat;
    struct stat st;
    *backlog = 0;
    if (path == NULL || path[0] != '/' || strlen(bound) > SUN_PATH_MOST)
        return SOCKET_UNKNOWN;
    if (!file_read(a, arena_text(a, "%s/net/unix", root), UNIX_LIMIT, &table, &stat, NULL))
        return SOCKET_UNKNOWN;
    bool there = lstat(path, &st) == 0, inode = there && S_ISSOCK(st.st_mode), listening = false;
    *backlog = count(table, bound, path, &listening);
    if (listening)
        return inode ? SOCKET_LISTENING : SOCKET_UNLINKED;
    return there && !inode ? SOCKET_NOT_ONE : without_listener(a, root, inode, daemon_pid);
}
