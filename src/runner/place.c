/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, DEPTH = 32, FREE_LEAST = 1 << 20, SHA256_TEXT = 65 };

/* openat2() below folder, no links; -1 with errno. */
static int open_below(int folder, const char *path, int flags)
{
    unsigned all = (unsigned)(flags | O_CLOEXEC | O_NOFOLLOW | (flags & O_PATH ? 0 : O_NONBLOCK));
    struct open_how how = {.flags = all, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

static int folder_in(int at, const char *name)
{
    if (mkdirat(at, name, 0700) < 0 && errno != EEXIST)
        return -1;
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool place_open(const char *folder, struct place *out, struct err *e)
{
    *out = (struct place){.input = -1, .work = -1, .output = -1, .logs = -1};
    out->folder = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (out->folder < 0)
        return err_set(e, "the job's folder cannot be opened: %s", strerror(errno));
    out->input = folder_in(out->folder, "input");
    out->work = folder_in(out->folder, "work");
    out->output = folder_in(out->folder, "output");
    out->logs = folder_in(out->folder, "logs");
    int tmp = folder_in(out->work, "tmp");
    bool good = out->input >= 0 && out->work >= 0 && out->output >= 0 && out->logs >= 0 && tmp >= 0;
    int why = errno;
    if (tmp >= 0)
        close(tmp);
    if (!good)
        place_close(out);
    errno = why;
    return good || err_set(e, "the job's folders cannot be made: %s", strerror(why));
}

void place_close(struct place *p)
{
    int *const each[] = {&p->folder, &p->input, &p->work, &p->output, &p->logs};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        if (*each[i] >= 0)
            close(*each[i]);
        *each[i] = -1;
    }
}

/* ---- inputs ---- */

static int is_plain(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Calls fn for every name in a folder; false as soon as one is. */
static bool each_name(int folder, bool (*fn)(const struct place *, const char *, uid_t), const struct place *p,
                      uid_t uid)
{
    struct dirent **name;
    bool good = true;
    int count = scandirat(folder, ".", &name, is_plain, alphasort);
    for (int i = 0; i < count; i++) {
        good = good && fn(p, name[i]->d_name, uid);
        free(name[i]);
    }
    if (count >= 0)
        free(name);
    return good && count >= 0;
}

static bool copy_file(int from, int to)
{
    ssize_t n;
    while ((n = sendfile(to, from, NULL, 1 << 30)) > 0)
        ;
    return n == 0;
}

/* A copy, not a hard link: the job may change its work folder, and what was given to it stays what it was. */
static bool copy_input(const struct place *p, const char *name, uid_t uid)
{
    int from = openat(p->input, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int to = from < 0 ? -1 : openat(p->work, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool good = to >= 0 && copy_file(from, to) && (uid == (uid_t)-1 || fchown(to, uid, uid) == 0);
    int why = errno;
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    errno = why;
    return good;
}

bool place_link_inputs(const struct place *p, uid_t uid)
{
    return each_name(p->input, copy_input, p, uid);
}

bool place_give(const struct place *p, uid_t uid)
{
    int tmp = openat(p->work, "tmp", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool good = tmp >= 0 && fchown(p->work, uid, uid) == 0 && fchown(p->output, uid, uid) == 0 &&
                fchown(tmp, uid, uid) == 0 && fchmod(p->folder, 0711) == 0;
    if (tmp >= 0)
        close(tmp);
    return good;
}

/* ---- how much ---- */

/* Blocks, not sizes: a sparse file is as large as what is in it. */
static int64_t bytes_in(int folder, int depth)
{
    struct stat s;
    int64_t sum = 0;
    DIR *d = folder >= 0 ? fdopendir(folder) : NULL;
    if (!d && folder >= 0)
        close(folder);
    for (const struct dirent *entry; d && (entry = readdir(d));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(d), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        sum += (int64_t)s.st_blocks * 512 / (int64_t)(S_ISDIR(s.st_mode) ? 1 : s.st_nlink);
        if (S_ISDIR(s.st_mode) && depth < DEPTH)
            sum +=
                bytes_in(openat(dirfd(d), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), depth + 1);
    }
    if (d)
        closedir(d);
    return sum;
}

int64_t place_bytes(const struct place *p)
{
    static const char *const name[] = {"work", "output"};
    int64_t sum = 0;
    for (size_t i = 0; i < 2; i++)
        sum += bytes_in(openat(p->folder, name[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), 0);
    return sum;
}

bool place_is_full(const struct place *p)
{
    struct statvfs s;
    return fstatvfs(p->work, &s) == 0 && ((int64_t)s.f_bavail * (int64_t)s.f_frsize < FREE_LEAST || s.f_favail == 0);
}

/* ---- programs, arguments, artifacts ---- */

/* Of what is read from fd, at most `most` bytes; *bytes: how many. false: more, or it cannot be read (errno). */
static bool sha256_of(int fd, int64_t most, char out[SHA256_TEXT], int64_t *bytes)
{
    unsigned char chunk[CHUNK], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    ssize_t n;
    *bytes = 0;
    crypto_hash_sha256_init(&state);
    while ((n = read(fd, chunk, sizeof chunk)) > 0 && *bytes <= most) {
        crypto_hash_sha256_update(&state, chunk, (unsigned long long)n);
        *bytes += n;
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(out, SHA256_TEXT, hash, sizeof hash);
    errno = n < 0 ? errno : EFBIG;
    return n == 0 && *bytes <= most;
}

static bool is_trusted(int fd, const struct stat *s, bool must_run)
{
    return S_ISREG(s->st_mode) && (s->st_uid == 0 || s->st_uid == geteuid()) &&
           (s->st_mode & (S_IWGRP | S_IWOTH | S_ISUID | S_ISGID)) == 0 &&
           (!must_run || fgetxattr(fd, "security.capability", NULL, 0) < 0);
}

static bool is_same(int fd, const char *sha256)
{
    char got[SHA256_TEXT];
    int64_t bytes;
    return sha256_of(fd, INT64_MAX - CHUNK, got, &bytes) && strcmp(got, sha256) == 0 && lseek(fd, 0, SEEK_SET) == 0;
}

int place_open_program(const char *path, const char *sha256, bool must_run, enum node_code *code, struct err *e)
{
    const char *what = must_run ? "program" : "task's file";
    struct stat s;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    *code = E_EXEC;
    if (fd < 0 || fstat(fd, &s) < 0)
        err_set(e, "the %s cannot be opened: %s", what, strerror(errno));
    else if (*code = E_DENY, !is_trusted(fd, &s, must_run))
        err_set(e, "the %s must be a plain file of root or of the node's user, not setuid, that nobody else may write",
                what);
    else if (sha256 && !is_same(fd, sha256))
        err_set(e, "the %s is not the one that the list has the sha256 of", what);
    else if (*code = E_EXEC, must_run && (s.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
        err_set(e, "the %s is not executable", what);
    else
        return *code = E_NONE, fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool parent_is_there(const struct place *p, const char *path)
{
    char parent[256];
    const char *slash = strrchr(path, '/');
    if (!slash)
        return true;
    size_t len = (size_t)(slash - path);
    if (len >= sizeof parent)
        return false;
    memcpy(parent, path, len);
    parent[len] = '\0';
    int fd = open_below(p->work, parent, O_PATH | O_DIRECTORY);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static enum node_code check_word(const struct place *p, const char *word, enum launch_path_kind kind, size_t at,
                                 struct err *e)
{
    struct stat s = {0};
    int fd = open_below(p->work, word, O_PATH);
    int why = errno;
    bool is_file = fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
    if (fd >= 0)
        close(fd);
    if (kind == LAUNCH_IN ? is_file : fd < 0 && why == ENOENT && parent_is_there(p, word))
        return E_NONE;
    bool absent = fd < 0 && why == ENOENT;
    if (kind == LAUNCH_IN)
        err_set(
            e, absent ? "argument %zu names an input that is not there" : "argument %zu names no plain file of the job",
            at);
    else
        err_set(e, "argument %zu must name a new file in the workspace", at);
    return absent ? E_INVALID : E_DENY;
}

enum node_code place_check_words(const struct place *p, const struct launch *l, struct err *e)
{
    for (size_t i = 1; i < l->words; i++) {
        enum node_code code = l->kind[i] == LAUNCH_WORD ? E_NONE : check_word(p, l->argv[i], l->kind[i], i, e);
        if (code != E_NONE)
            return code;
    }
    return E_NONE;
}

/* A hard link of another file, a device, a FIFO: whoever made the job could not have read that, so neither do we. */
static enum node_code check_artifact(int fd, const struct job_artifact *wanted, struct checked *out, struct err *e)
{
    struct stat s;
    if (fstat(fd, &s) < 0 || !S_ISREG(s.st_mode) || s.st_nlink != 1) {
        err_set(e, "the artifact %.120s is no plain file", wanted->path);
        return E_OUTPUT_MISSING;
    }
    if (s.st_size <= wanted->most_bytes && sha256_of(fd, wanted->most_bytes, out->sha256, &out->bytes))
        return E_NONE;
    bool large = s.st_size > wanted->most_bytes || errno == EFBIG;
    err_set(e, large ? "the artifact %.120s is larger than it may be" : "the artifact %.120s cannot be read",
            wanted->path);
    return large ? E_OUTPUT_SIZE : E_DISK;
}

enum node_code place_artifact(const struct place *p, const struct job_artifact *wanted, struct checked *out,
                              struct err *e)
{
    int fd = open_below(p->output, wanted->path, O_RDONLY);
    out->where = "output";
    if (fd < 0 && errno == ENOENT) {
        fd = open_below(p->work, wanted->path, O_RDONLY);
        out->where = "work";
    }
    if (fd < 0) {
        err_set(e, "the artifact %.120s is not there, or no plain file", wanted->path);
        return E_OUTPUT_MISSING;
    }
    enum node_code code = check_artifact(fd, wanted, out, e);
    close(fd);
    return code;
}
