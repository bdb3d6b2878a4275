/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stagelib/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* 16 digits: a time with its milliseconds comes out as it was. */
enum { DUMP = JSON_COMPACT | JSON_REAL_PRECISION(16), FILE_MOST = 8 << 20, TORN_MOST = 5, LOCK_TRIES = 20 };

static bool complain(char why[STORE_WHY], const char *what, const char *file)
{
    snprintf(why, STORE_WHY, "%s %.160s: %s", what, file, strerror(errno));
    return false;
}

/* ---- places ---- */

static const char *base_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash != NULL ? slash + 1 : file;
}

static bool beside(char out[PATH_MAX], const char *file, const char *before, const char *behind)
{
    int folder = (int)(base_of(file) - file);
    int n = snprintf(out, PATH_MAX, "%.*s%s%s%s", folder, file, before, base_of(file), behind);
    return n > 0 && n < PATH_MAX;
}

/* The file need not be there, its folder must. A link is followed: rename() would put a file in its place. */
bool davystage_store_open(struct stage_store *s, const char *file, char why[STORE_WHY])
{
    char folder[PATH_MAX], real[PATH_MAX];
    file = file != NULL ? file : getenv("DAVY_STAGE_FILE");
    file = file != NULL && *file != '\0' ? file : "miner_status.json";
    if (realpath(file, real) != NULL)
        return snprintf(s->file, PATH_MAX, "%s", real) < PATH_MAX;
    if (snprintf(folder, sizeof folder, "%.*s", (int)(base_of(file) - file), file) >= PATH_MAX ||
        *base_of(file) == '\0') {
        errno = *base_of(file) == '\0' ? EISDIR : ENAMETOOLONG;
        return complain(why, "cannot use", file);
    }
    if (realpath(*folder != '\0' ? folder : ".", real) == NULL)
        return complain(why, "no folder for", file);
    if (snprintf(s->file, PATH_MAX, "%s/%s", real, base_of(file)) < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return complain(why, "cannot use", file);
}

void davystage_store_close(struct stage_store *s)
{
    json_decref(s->root);
    s->root = NULL;
}

/* ---- the lock ---- */

static bool same_file(int fd, const char *path)
{
    struct stat a, b;
    return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* A child of fork() inherits the open file, and with it the lock: a parent that is killed then would leave it to a child that
 * knows nothing of it. So a child closes what is on this list. The mutex is held for an open() and a close() only, and by
 * fork(): a number is on the list exactly as long as it is that file. The entries are on the stacks of the writers, which
 * the child has too. */
struct held {
    int fd;
    struct held *next;
};
static pthread_mutex_t held_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct held *held_list;

static void before_fork(void)
{
    pthread_mutex_lock(&held_mutex);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&held_mutex);
}

static void in_child(void)
{
    for (const struct held *h = held_list; h != NULL; h = h->next)
        close(h->fd);
    held_list = NULL;
    pthread_mutex_unlock(&held_mutex);
}

static void heed_forks(void)
{
    pthread_atfork(before_fork, after_fork, in_child);
}

static void close_lock(struct held *h)
{
    int error = errno;
    pthread_mutex_lock(&held_mutex);
    struct held **at = &held_list;
    while (*at != NULL && *at != h)
        at = &(*at)->next;
    if (*at == h)
        *at = h->next;
    close(h->fd);
    pthread_mutex_unlock(&held_mutex);
    errno = error;
}

/* Opened anew for each write. Somebody may delete the file while we wait for its lock: then that lock is nobody's. */
static bool open_lock(struct held *h, const char *path)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int bad = 0;
    pthread_once(&once, heed_forks);
    pthread_mutex_lock(&held_mutex);
    h->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    h->next = held_list;
    held_list = h->fd >= 0 ? h : held_list;
    pthread_mutex_unlock(&held_mutex);
    while (h->fd >= 0 && (bad = flock(h->fd, LOCK_EX)) != 0 && errno == EINTR)
        continue;
    if (h->fd >= 0 && bad != 0)
        close_lock(h);
    return h->fd >= 0 && bad == 0;
}

static bool take_lock(struct held *h, const struct stage_store *s, char why[STORE_WHY])
{
    char path[PATH_MAX];
    bool fits = beside(path, s->file, "", ".lock");
    errno = ENAMETOOLONG;
    for (int i = 0; fits && i < LOCK_TRIES; i++) {
        if (!open_lock(h, path))
            return complain(why, "cannot lock", path);
        if (same_file(h->fd, path))
            return true;
        close_lock(h);
        errno = EAGAIN;
    }
    return complain(why, "cannot lock", s->file);
}

/* ---- reading ---- */

static json_t *parse(int fd)
{
    FILE *in = fdopen(fd, "r");
    if (in == NULL) {
        close(fd);
        return NULL;
    }
    json_t *root = json_loadf(in, JSON_DECODE_ANY, NULL);
    fclose(in);
    return root;
}

static int open_regular(const char *path, struct stat *st)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_size <= FILE_MOST)
        return fd;
    close(fd);
    errno = EINVAL;
    return -1;
}

json_t *davystage_store_read(const struct stage_store *s)
{
    struct stat st;
    int fd = open_regular(s->file, &st);
    return fd >= 0 ? parse(fd) : NULL;
}

static void start_anew(struct stage_store *s)
{
    s->root = json_object();
    s->torn = 0;
}

/* What is no JSON for a while was left so by somebody who was killed: it is put aside. */
static enum stage_wrote torn(struct stage_store *s)
{
    char aside[PATH_MAX];
    if (++s->torn < TORN_MOST)
        return STAGE_AGAIN;
    if (beside(aside, s->file, "", ".broken"))
        rename(s->file, aside);
    start_anew(s);
    return STAGE_WROTE;
}

static enum stage_wrote judge(struct stage_store *s, json_t *root, char why[STORE_WHY])
{
    if (root == NULL)
        return torn(s);
    if (json_is_null(root)) {
        json_decref(root);
        start_anew(s);
        return STAGE_WROTE;
    }
    if (!davystage_ours(root)) {
        json_decref(root);
        snprintf(why, STORE_WHY, "%.160s is of another program: no stage in it", s->file);
        return STAGE_TROUBLE;
    }
    s->root = root;
    s->torn = 0;
    return STAGE_WROTE;
}

static enum stage_wrote load(struct stage_store *s, char why[STORE_WHY])
{
    struct stat st;
    int fd = open_regular(s->file, &st);
    bool known = fd >= 0 && s->root != NULL && st.st_dev == s->dev && st.st_ino == s->ino &&
                 st.st_mtim.tv_sec == s->mtime.tv_sec && st.st_mtim.tv_nsec == s->mtime.tv_nsec;
    if (known) {
        close(fd);
        return STAGE_WROTE;
    }
    int error = errno;
    davystage_store_close(s);
    errno = error;
    if (fd < 0 && errno != ENOENT) {
        complain(why, "cannot read", s->file);
        return STAGE_TROUBLE;
    }
    if (fd < 0 || st.st_size == 0) {
        if (fd >= 0)
            close(fd);
        start_anew(s);
        return STAGE_WROTE;
    }
    return judge(s, parse(fd), why);
}

/* ---- writing ---- */

/* Temporary files of killed writers: nobody else writes while we hold the lock. */
static void sweep(struct stage_store *s)
{
    char folder[PATH_MAX], start[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", (int)(base_of(s->file) - s->file), s->file);
    snprintf(start, sizeof start, ".%.200s.new-", base_of(s->file));
    DIR *dir = s->swept ? NULL : opendir(folder);
    s->swept = true;
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        if (strncmp(entry->d_name, start, strlen(start)) == 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir != NULL)
        closedir(dir);
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno != EINTR)
            return false;
        text += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* No fsync(): after a power cut the miner is gone too, and a disk that waits would delay everybody who shares the file. */
static bool write_new(const char *path, const char *text, struct stage_store *s)
{
    struct stat st;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return false;
    bool good = write_all(fd, text, strlen(text)) && write_all(fd, "\n", 1) && fstat(fd, &st) == 0;
    good = close(fd) == 0 && good;
    if (good) {
        s->dev = st.st_dev;
        s->ino = st.st_ino;
        s->mtime = st.st_mtim;
    }
    return good;
}

static bool replace(struct stage_store *s, const char *text, char why[STORE_WHY])
{
    char path[PATH_MAX], end[32];
    snprintf(end, sizeof end, ".new-%ld", s->writer.pid);
    if (!beside(path, s->file, ".", end)) {
        errno = ENAMETOOLONG;
        return complain(why, "cannot write", s->file);
    }
    unlink(path);
    if (write_new(path, text, s) && rename(path, s->file) == 0)
        return true;
    complain(why, "cannot write", s->file);
    unlink(path);
    return false;
}

static enum stage_wrote add(struct stage_store *s, const struct stage_queue *q, char why[STORE_WHY])
{
    char *text = davystage_merge(s->root, q, &s->writer, davystage_wall_ms()) ? json_dumps(s->root, DUMP) : NULL;
    if (text == NULL)
        snprintf(why, STORE_WHY, "no memory for %.160s", s->file);
    bool good = text != NULL && replace(s, text, why);
    free(text);
    if (!good)
        davystage_store_close(s); /* it holds what the file does not */
    return good ? STAGE_WROTE : STAGE_TROUBLE;
}

enum stage_wrote davystage_store_write(struct stage_store *s, const struct stage_queue *q, char why[STORE_WHY])
{
    struct held lock;
    if (!take_lock(&lock, s, why))
        return STAGE_TROUBLE;
    sweep(s);
    enum stage_wrote done = load(s, why);
    if (done == STAGE_WROTE)
        done = add(s, q, why);
    flock(lock.fd, LOCK_UN);
    close_lock(&lock);
    return done;
}
