/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy.h"

#include "base/file.h"

#include <string.h>
#include <unistd.h>

enum { THEME_MOST = 256 * 1024 };

static const struct theme *read_theme(struct arena *a, const char *path, bool *there, struct err *e)
{
    struct bytes text;
    struct file_stat s;
    bool read = file_read(a, path, THEME_MOST, &text, &s, e);
    *there = s.exists;
    const char *slash = strrchr(path, '/');
    return read ? theme_decode(a, text, slash != NULL ? slash + 1 : path, e) : NULL;
}

static const char *own_folder(struct arena *a)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return arena_copy(a, bytes_of(path));
}

/* Installed ones, those beside an installed davy that was moved, and those of the source tree that davy was built in. */
static const struct theme *search(struct arena *a, const char *name, struct err *e)
{
    static const char *const from_own[] = {"../share/davy/themes", "../themes", "../../themes"};
    const char *own = own_folder(a);
    bool there = false;
    struct err miss = {""}; /* of a place where it is not; the next one may have it */
    const struct theme *t = read_theme(a, arena_text(a, "%s/themes/%s.toml", DAVY_DATADIR, name), &there, &miss);
    for (size_t i = 0; !there && own != NULL && i < sizeof from_own / sizeof from_own[0]; i++)
        t = read_theme(a, arena_text(a, "%s/%s/%s.toml", own, from_own[i], name), &there, &miss);
    if (there && !t)
        *e = miss;
    if (!there)
        err_set(e, "no theme is called '%.40s': name one of %s/themes, or a file", name, DAVY_DATADIR);
    return t;
}

const struct theme *davy_theme(struct arena *a, const char *name, struct err *e)
{
    bool there;
    if (name == NULL || strcmp(name, theme_lamp.name) == 0)
        return &theme_lamp;
    if (strchr(name, '/') != NULL)
        return read_theme(a, name, &there, e);
    return search(a, name, e);
}
