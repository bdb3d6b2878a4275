/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that have the right name and stand elsewhere. Looks two folders down and one up, at so many names at most; hidden
 * folders and links are left out. */
#include "cmd/davy_doctor.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MOST = 2, NAMES_MOST = 20000 };

struct search {
    struct near_miss *miss;
    size_t count;
    size_t root_len; /* of the rig's folder and its slash: what is cut off */
    int names;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* shown: the path as davy.toml would name it. */
static void note(const struct search *s, const char *path, const char *shown, const char *name, int depth)
{
    struct stat st;
    for (size_t i = 0; i < s->count; i++) {
        struct near_miss *m = &s->miss[i];
        bool better = m->found[0] == '\0' || depth < m->depth;
        if (!better || strcmp(base_name(m->wanted), name) != 0 || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
            continue;
        snprintf(m->found, sizeof m->found, "%s", shown);
        m->depth = depth;
    }
}

static bool is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void walk(struct search *s, const char *dir, int depth)
{
    char path[PATH_MAX];
    DIR *d = opendir(dir);
    for (const struct dirent *e; d != NULL && s->names < NAMES_MOST && (e = readdir(d)) != NULL;) {
        s->names++;
        if (e->d_name[0] == '.' || snprintf(path, sizeof path, "%s/%s", dir, e->d_name) >= (int)sizeof path)
            continue;
        note(s, path, path + s->root_len, e->d_name, depth);
        if (depth < DEPTH_MOST && is_folder(path))
            walk(s, path, depth + 1);
    }
    if (d != NULL)
        closedir(d);
}

/* DIR/../NAME and DIR/../PATH */
static void look_above(struct arena *a, const struct search *s, const char *dir)
{
    char path[PATH_MAX], up[PATH_MAX];
    snprintf(up, sizeof up, "%s", dir);
    char *slash = strrchr(up, '/');
    if (slash == NULL || slash[1] == '\0')
        return;
    *slash = '\0';
    for (size_t i = 0; i < s->count; i++) {
        const struct search one = {.miss = &s->miss[i], .count = 1};
        const char *wanted = s->miss[i].wanted, *const tails[] = {wanted, base_name(wanted)};
        for (size_t k = 0; k < 2 && wanted[0] != '/'; k++)
            if (snprintf(path, sizeof path, "%s/%s", up, tails[k]) < (int)sizeof path)
                note(&one, path, arena_text(a, "../%s", tails[k]), base_name(wanted), DEPTH_MOST + 1);
    }
}

void doctor_near(struct arena *a, const char *dir, struct near_miss *miss, size_t count)
{
    bool top = strcmp(dir, "/") == 0;
    struct search s = {.miss = miss, .count = count, .root_len = top ? 1 : strlen(dir) + 1};
    for (size_t i = 0; i < count; i++)
        miss[i].found[0] = '\0';
    walk(&s, top ? "" : dir, 0);
    look_above(a, &s, dir);
}
