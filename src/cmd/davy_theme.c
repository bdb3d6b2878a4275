/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where themes are: in the rig's folder, the user's, where davy is installed, and one inside davy. */
#include "cmd/davy_theme.h"

#include "base/file.h"
#include "base/utf8.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THEME_MOST = 256 * 1024, FOLDERS = 6, NAMES = 64, NAME_MOST = 64 };
static const char ending[] = ".toml";

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

static const char *users_folder(struct arena *a)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config != NULL && config[0] == '/')
        return arena_text(a, "%s/davy/themes", config);
    return home != NULL && home[0] == '/' ? arena_text(a, "%s/.config/davy/themes", home) : NULL;
}

/* The first one that has a theme of the name wins. The last ones: beside an installed davy that was moved, and those of
 * the source tree that davy was built in. */
static size_t folders(struct arena *a, const char *rig, const char *out[FOLDERS])
{
    static const char *const from_own[] = {"../share/davy/themes", "../themes", "../../themes"};
    const char *user = users_folder(a), *own = own_folder(a);
    size_t count = 0;
    out[count++] = arena_text(a, "%s/themes", rig != NULL ? rig : ".");
    if (user != NULL)
        out[count++] = user;
    out[count++] = DAVY_DATADIR "/themes";
    for (size_t i = 0; own != NULL && i < sizeof from_own / sizeof from_own[0]; i++)
        out[count++] = arena_text(a, "%s/%s", own, from_own[i]);
    return count;
}

static bool read_theme(struct arena *a, const char *path, struct theme_file *out, bool *there, struct err *e)
{
    struct bytes text;
    struct file_stat s;
    bool read = file_read(a, path, THEME_MOST, &text, &s, e);
    *there = s.exists;
    const char *slash = strrchr(path, '/');
    const char *name = text_safe(a, bytes_of(slash != NULL ? slash + 1 : path), 0);
    const struct theme *t = read ? theme_decode(a, text, name, e) : NULL;
    if (t != NULL)
        *out = (struct theme_file){t, path};
    return t != NULL;
}

static bool no_such(struct arena *a, const char *rig, const char *name, struct err *e)
{
    const char *const *all = davy_themes(a, rig);
    const char *list = all[0];
    for (size_t i = 1; all[i] != NULL && strlen(list) < 160; i++)
        list = arena_text(a, "%s, %s", list, all[i]);
    return err_set(e, "no theme is called '%s'; there are %s; a path with a / in it names a file",
                   text_safe(a, bytes_of(name), 40), list);
}

bool davy_theme(struct arena *a, const char *rig, const char *name, struct theme_file *out, struct err *e)
{
    const char *folder[FOLDERS];
    bool there = false, good = false;
    if (name == NULL || strcmp(name, theme_lamp.name) == 0) {
        *out = (struct theme_file){&theme_lamp, NULL};
        return true;
    }
    if (strchr(name, '/') != NULL)
        return read_theme(a, arena_copy(a, bytes_of(name)), out, &there, e);
    size_t count = folders(a, rig, folder);
    struct err miss = {""}; /* of a place where it is not; the next one may have it */
    for (size_t i = 0; !there && i < count; i++)
        good = read_theme(a, arena_text(a, "%s/%s%s", folder[i], name, ending), out, &there, &miss);
    if (there && !good && e != NULL)
        *e = miss;
    return there ? good : no_such(a, rig, name, e);
}

/* ---- all of them ---- */

struct names {
    const char *row[NAMES + 1];
    size_t count;
};

static void add(struct names *n, const char *name)
{
    size_t at = 1; /* lamp stays first */
    while (at < n->count && strcmp(n->row[at], name) < 0)
        at++;
    bool known = (at < n->count && strcmp(n->row[at], name) == 0) || strcmp(n->row[0], name) == 0;
    if (known || n->count == NAMES)
        return;
    memmove(n->row + at + 1, n->row + at, (n->count - at) * sizeof n->row[0]);
    n->row[at] = name;
    n->count++;
}

static void add_folder(struct arena *a, struct names *n, const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        size_t len = strlen(entry->d_name), tail = sizeof ending - 1;
        if (len <= tail || len - tail > NAME_MOST || strcmp(entry->d_name + len - tail, ending) != 0)
            continue;
        struct bytes name = {entry->d_name, len - tail};
        if (entry->d_name[0] != '.' && bytes_is(name, text_safe(a, name, 0))) /* else it could not be shown */
            add(n, arena_copy(a, name));
    }
    if (dir != NULL)
        closedir(dir);
}

const char *const *davy_themes(struct arena *a, const char *rig)
{
    const char *folder[FOLDERS];
    struct names *n = arena_alloc(a, sizeof *n);
    n->row[n->count++] = theme_lamp.name;
    size_t count = folders(a, rig, folder);
    for (size_t i = 0; i < count; i++)
        add_folder(a, n, folder[i]);
    return n->row;
}
