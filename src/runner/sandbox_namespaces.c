/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Root makes namespaces; everybody else makes them inside a user namespace of his own, in which he stays who he is. */
#include "runner/sandbox.h"

#include "runner/procfs.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static bool enter_user_namespace(bool *lost)
{
    char uid[64], gid[64];
    snprintf(uid, sizeof uid, "%u %u 1\n", (unsigned)geteuid(), (unsigned)geteuid());
    snprintf(gid, sizeof gid, "%u %u 1\n", (unsigned)getegid(), (unsigned)getegid());
    if (unshare(CLONE_NEWUSER) < 0)
        return false;
    *lost = !procfs_put("/proc/self/setgroups", "deny") || !procfs_put("/proc/self/uid_map", uid) ||
            !procfs_put("/proc/self/gid_map", gid);
    return !*lost;
}

/* Not when the job lives there: it would hide itself. */
static bool bind_tmp(const struct launch *l)
{
    char own[4096];
    snprintf(own, sizeof own, "%s/work/tmp", l->folder);
    return strncmp(l->folder, "/tmp/", 5) != 0 && mount(own, "/tmp", NULL, MS_BIND, NULL) == 0;
}

static bool mount_shm(void)
{
    return mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=256m,mode=1777") == 0;
}

void sandbox_namespaces(const struct launch *l, struct sandbox_namespaces *out)
{
    *out = (struct sandbox_namespaces){0};
    if (geteuid() != 0 && !enter_user_namespace(&out->lost))
        return;
    out->mount = unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    out->ipc = unshare(CLONE_NEWIPC) == 0;
    out->network = !l->network && unshare(CLONE_NEWNET) == 0;
    out->tmp = out->mount && bind_tmp(l);
    out->shm = out->mount && mount_shm();
}
