/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/lists.h"

#include "node/yaml.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MOST = 256 };
static const char python_tasks[] = "python-tasks.yaml";

struct entry {
    struct allow list;
    const char *file;
    bool twice;
};
struct lists {
    struct arena a;
    int folder;
    struct entry *entry; /* FILES_MOST */
    size_t count;
    struct tasks tasks;
    const char *problem[FILES_MOST + 1];
    size_t problems;
};

static void complain(struct lists *l, const char *text)
{
    if (l->problems < FILES_MOST)
        l->problem[l->problems++] = arena_copy(&l->a, bytes_of(text));
}

/* Only root, or who runs this program, may say what jobs may run. */
static bool is_trusted(const struct stat *s)
{
    return (s->st_uid == 0 || s->st_uid == geteuid()) && (s->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool read_all(struct arena *a, int fd, struct bytes *out)
{
    char *text = arena_alloc(a, YAML_BYTES + 1);
    size_t len = 0;
    for (ssize_t n = 1; n > 0 && len<YAML_BYTES; len += n> 0 ? (size_t)n : 0)
        n = read(fd, text + len, YAML_BYTES - len);
    *out = (struct bytes){text, len};
    return len < YAML_BYTES;
}

static bool read_file(struct lists *l, struct arena *a, const char *name, struct bytes *out, struct err *e)
{
    struct stat s;
    int fd = openat(l->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, "%.100s: %s", name,
                       errno == ELOOP ? "is a link: put the file itself there" : strerror(errno));
    bool good =
        (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && is_trusted(&s)) ||
        err_set(e, "%.100s: must be a file of root or of this user that nobody else may write: chmod go-w", name);
    good = good && (read_all(a, fd, out) || err_set(e, "%.100s: larger than 1 MiB", name));
    close(fd);
    return good;
}

static bool add_command(struct lists *l, const char *name, struct bytes in, struct err *e)
{
    struct entry *new = &l->entry[l->count];
    *new = (struct entry){.file = arena_copy(&l->a, bytes_of(name))};
    if (!allow_read(&l->a, in, name, &new->list, e))
        return false;
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->entry[i].list.name, new->list.name) == 0)
            new->twice = l->entry[i].twice = true;
    l->count++;
    return !new->twice || err_set(e, "%.100s: %.64s has another list too: neither is used", name, new->list.name);
}

static void add(struct lists *l, const char *name)
{
    struct arena scratch = {0};
    struct bytes in;
    struct err e;
    bool good = read_file(l, &scratch, name, &in, &e);
    if (good && strcmp(name, python_tasks) == 0)
        good = task_read(&l->a, in, name, &l->tasks, &e);
    else if (good)
        good = add_command(l, name, in, &e);
    if (!good)
        complain(l, e.text);
    arena_release(&scratch);
}

static int is_list(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && strcmp(dot, ".yaml") == 0;
}

/* In the order of their names, so that the answer is the same on every file system. */
static void add_all(struct lists *l)
{
    struct dirent **name;
    int count = scandirat(l->folder, ".", &name, is_list, alphasort);
    for (int i = 0; i < count; i++) {
        if (i < FILES_MOST)
            add(l, name[i]->d_name);
        free(name[i]);
    }
    if (count > FILES_MOST)
        complain(l, "more than 256 lists: the rest is not used");
    if (count >= 0)
        free(name);
}

struct lists *lists_open(const char *folder, struct err *e)
{
    struct stat s;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &s) < 0 || !is_trusted(&s)) {
        err_set(e, "%.200s: %s", folder,
                fd < 0 ? strerror(errno)
                       : "must belong to root or to this user, and nobody else may write there: chmod go-w");
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct lists *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    l->folder = fd;
    l->entry = arena_array(&l->a, FILES_MOST, sizeof *l->entry);
    add_all(l);
    close(fd);
    return l;
}

void lists_close(struct lists *l)
{
    if (!l)
        return;
    arena_release(&l->a);
    free(l);
}

const struct allow *lists_command(const struct lists *l, const char *name)
{
    for (size_t i = 0; l && i < l->count; i++)
        if (!l->entry[i].twice && strcmp(l->entry[i].list.name, name) == 0)
            return &l->entry[i].list;
    return NULL;
}

const struct task *lists_task(const struct lists *l, const char *name)
{
    for (size_t i = 0; l && i < l->tasks.count; i++)
        if (strcmp(l->tasks.at[i].name, name) == 0)
            return &l->tasks.at[i];
    return NULL;
}

size_t lists_count(const struct lists *l)
{
    return l ? l->count : 0;
}

const struct allow *lists_at(const struct lists *l, size_t i)
{
    return l->entry[i].twice ? NULL : &l->entry[i].list;
}

size_t lists_tasks(const struct lists *l)
{
    return l ? l->tasks.count : 0;
}

const struct task *lists_task_at(const struct lists *l, size_t i)
{
    return &l->tasks.at[i];
}

const char *lists_problem(const struct lists *l, size_t i)
{
    return l ? l->problem[i] : NULL;
}
