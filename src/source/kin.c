/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/kin.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NUMBER_MOST = 5 }; /* digits: .1 to .99999 count the files, what is longer is a date */

/* What stands behind the name: a separator, digits, and single separators between digits. */
static bool is_suffix(const char *at)
{
    if (strchr(".-", *at) == NULL || *at == '\0')
        return false;
    for (bool digit = false; *++at != '\0';) {
        bool now = *at >= '0' && *at <= '9';
        if (!now && (!digit || strchr(".-_", *at) == NULL || at[1] == '\0'))
            return false;
        digit = now;
    }
    return at[-1] >= '0' && at[-1] <= '9';
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool is_number(const char *suffix)
{
    size_t len = strlen(++suffix);
    return len <= NUMBER_MOST && strspn(suffix, "0123456789") == len;
}

/* a has its name since later than b, as far as the names say. base: how long the common part is. */
static bool is_named_later(const struct kin *a, const struct kin *b, size_t base)
{
    const char *x = name_of(a->path) + base, *y = name_of(b->path) + base;
    if (is_number(x) && is_number(y))
        return atoi(x + 1) < atoi(y + 1);
    return !is_number(x) && !is_number(y) && strcmp(x, y) > 0;
}

static bool is_later(const struct kin *a, const struct kin *b, size_t base)
{
    return a->mtime_ns != b->mtime_ns ? a->mtime_ns > b->mtime_ns : is_named_later(a, b, base);
}

static bool look_at(const char *path, const char *name, struct kin *out)
{
    struct stat s;
    int folder = (int)(name_of(path) - path);
    int len = snprintf(out->path, sizeof out->path, "%.*s%s", folder, path, name);
    if (len >= (int)sizeof out->path || lstat(out->path, &s) != 0 || !S_ISREG(s.st_mode))
        return false;
    out->dev = s.st_dev;
    out->ino = s.st_ino;
    out->size = s.st_size;
    out->mtime_ns = (int64_t)s.st_mtim.tv_sec * 1000000000 + s.st_mtim.tv_nsec;
    return true;
}

static DIR *open_folder(const char *path)
{
    char folder[PATH_MAX];
    int len = (int)(name_of(path) - path);
    snprintf(folder, sizeof folder, "%.*s", len, path);
    return opendir(len > 0 ? folder : ".");
}

/* The next one in the folder, in no order. */
static bool walk(DIR *dir, const char *path, struct kin *out)
{
    const char *base = name_of(path);
    size_t len = strlen(base);
    for (struct dirent *d = readdir(dir); d != NULL; d = readdir(dir))
        if (strncmp(d->d_name, base, len) == 0 && is_suffix(d->d_name + len) && look_at(path, d->d_name, out))
            return true;
    return false;
}

bool kin_find(const char *path, kin_is_fn *is, void *ctx, struct kin *out)
{
    DIR *dir = open_folder(path);
    struct kin one;
    bool found = false;
    while (dir != NULL && walk(dir, path, &one))
        if ((!found || is_later(&one, out, strlen(name_of(path)))) && is(ctx, &one)) {
            *out = one;
            found = true;
        }
    if (dir != NULL)
        closedir(dir);
    return found;
}

bool kin_next(const char *path, const struct kin *after, struct kin *out)
{
    DIR *dir = open_folder(path);
    size_t base = strlen(name_of(path));
    struct kin one;
    bool found = false;
    while (dir != NULL && walk(dir, path, &one))
        if (is_later(&one, after, base) && (!found || is_later(out, &one, base))) {
            *out = one;
            found = true;
        }
    if (dir != NULL)
        closedir(dir);
    return found;
}
