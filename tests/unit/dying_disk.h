/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk that fails and a process that dies, at any call: the linker puts these in front of write(), fsync(), ftruncate() and
 * renameat(). And a rig's folder to do it in. */
#ifndef DAVY_TESTS_DYING_DISK_H
#define DAVY_TESTS_DYING_DISK_H

/* ---- a disk that fails, a process that dies ---- */

enum how { NOTHING, DIES_BEFORE, DIES_AFTER, DIES_HALF, FAILS, FAILS_HALF, HOWS };
static struct {
    enum how how;
    int calls;  /* until it happens; counts down */
    bool jumps; /* dying is leaving everything as it is at that call, which a kill does too, and ten times as fast */
    jmp_buf death;
} trouble;

static void die_if(bool dies)
{
    if (dies && trouble.jumps)
        longjmp(trouble.death, 1);
    if (dies)
        kill(getpid(), SIGKILL);
}

static enum how now_happens(void)
{
    if (trouble.how == NOTHING || --trouble.calls != 0)
        return NOTHING;
    die_if(trouble.how == DIES_BEFORE);
    return trouble.how;
}

static int failed(void)
{
    errno = ENOSPC;
    return -1;
}

ssize_t __real_write(int fd, const void *at, size_t len);
ssize_t __wrap_write(int fd, const void *at, size_t len);
ssize_t __wrap_write(int fd, const void *at, size_t len)
{
    enum how how = now_happens();
    if (how == FAILS)
        return failed();
    bool half = how == DIES_HALF || how == FAILS_HALF;
    ssize_t put = __real_write(fd, at, half ? len / 2 : len);
    die_if(how == DIES_AFTER || how == DIES_HALF);
    if (how == FAILS_HALF) {
        trouble.how = FAILS; /* and no byte more */
        trouble.calls = 1;
    }
    return put;
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    enum how how = now_happens();
    int done = how == FAILS || how == FAILS_HALF ? failed() : __real_fsync(fd);
    die_if(how == DIES_AFTER || how == DIES_HALF);
    return done;
}

int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size)
{
    enum how how = now_happens();
    int done = how == FAILS || how == FAILS_HALF ? failed() : __real_ftruncate(fd, size);
    die_if(how == DIES_AFTER || how == DIES_HALF);
    return done;
}

int __real_renameat(int from, const char *old, int to, const char *new);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __wrap_renameat(int from, const char *old, int to, const char *new)
{
    enum how how = now_happens();
    int done = how == FAILS || how == FAILS_HALF ? failed() : __real_renameat(from, old, to, new);
    die_if(how == DIES_AFTER || how == DIES_HALF);
    return done;
}

/* ---- a rig's folder ---- */

struct folder {
    char dir[64], file[256];
};

static int make_folder(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    bool memory = access("/dev/shm", W_OK) == 0; /* thousands of fsync() */
    snprintf(f->dir, sizeof f->dir, "%s/davy-journal-XXXXXX", memory ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->file, sizeof f->file, "%s/state/davy/alerts.jsonl", f->dir);
    *state = f;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int done = system(command);
    free(f);
    return done;
}

#endif
