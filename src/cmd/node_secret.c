/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The node's key: read where only its owner can, never told. */
#include "cmd/node_daemon.h"

#include "base/file.h"
#include "cmd/davy_place.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAST_KEY = 4 };
static const char variable[] = "DAVY_NODE_KEY";

/* It becomes a part of a header: a line of printable letters. */
static bool take(struct bytes raw, const char *from, char key[NODE_KEY], struct err *e)
{
    struct bytes t = bytes_trim(raw);
    bool good = t.len >= LEAST_KEY && t.len < NODE_KEY;
    for (size_t i = 0; good && i < t.len; i++)
        good = t.at[i] > ' ' && t.at[i] < 0x7f;
    if (!good)
        return err_set(e, "%.120s holds no key: expected one line without blanks, %d letters at least", from,
                       LEAST_KEY);
    memcpy(key, t.at, t.len);
    key[t.len] = '\0';
    return true;
}

/* systemd gives its credentials to a group by an access list that shows as the group's right to read. */
static bool is_private(int fd, bool from_systemd)
{
    struct stat s;
    mode_t others = from_systemd ? 0037 : 0077;
    return fstat(fd, &s) == 0 && (s.st_mode & others) == 0 && (s.st_uid == 0 || s.st_uid == geteuid());
}

static bool from_file(const char *path, bool from_systemd, char key[NODE_KEY], struct err *e)
{
    struct file_stat s;
    char text[NODE_KEY * 2];
    int fd = file_open(path, &s, e);
    if (fd < 0)
        return err_set(e, "%.150s cannot be read%s: it should hold the node's key", path,
                       s.exists ? "" : ": not there");
    bool closed = is_private(fd, from_systemd);
    ssize_t got = closed ? read(fd, text, sizeof text) : -1;
    close(fd);
    if (!closed)
        return err_set(e, "%.150s may be read by others: chmod 600 it, and make its owner the node's user", path);
    bool good = take((struct bytes){text, got > 0 ? (size_t)got : 0}, path, key, e);
    explicit_bzero(text, sizeof text);
    return good;
}

bool node_secret(const struct node_config *c, char key[NODE_KEY], struct err *e)
{
    struct arena a = {0};
    char *said = getenv(variable);
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    bool good = false;
    if (said)
        good = take(bytes_of(said), variable, key, e);
    else if (c->is->key_file)
        good = from_file(davy_place(&a, c->dir, c->is->key_file), false, key, e);
    else if (folder)
        good = from_file(arena_text(&a, "%s/node.key", folder), true, key, e);
    else if (*key) /* it came in the environment, which was cleared */
        good = true;
    else
        err_set(e, "no key: name its file in davy.toml (node.key_file), or set %s", variable);
    if (said) {
        explicit_bzero(said, strlen(said));
        unsetenv(variable);
    }
    arena_release(&a);
    return good;
}
