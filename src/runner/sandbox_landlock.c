/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ABI_REFER = 2, ABI_TRUNCATE = 3 };
static const uint64_t files_only =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE;
static const uint64_t reading = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t using = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
static const uint64_t first_abi = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* everything that ABI 1 knows */
static const uint64_t truncating = 1 << 14;                               /* ABI 3 */

/* Whatever of it is not there is left out. /proc shows nothing of processes outside: Landlock keeps those apart by itself. */
static const char *const system_folders[] = {
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/opt",
    "/proc",
    "/sys/bus",
    "/sys/class",
    "/sys/devices",
    "/sys/module",
    "/etc/ImageMagick-6",
    "/etc/OpenCL",
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/fonts",
    "/etc/group",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/magic",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/ssl",
    "/etc/timezone",
    "/etc/vulkan",
};
static const char *const network_files[] = {"/etc/gai.conf",       "/etc/host.conf",   "/etc/hosts",
                                            "/etc/protocols",      "/etc/resolv.conf", "/etc/services",
                                            "/run/systemd/resolve"};
static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
static const char *const gpu_devices[] = {"/dev/dri", "/dev/kfd"};

struct rules {
    int fd;
    uint64_t handled;
};

static bool add_fd(const struct rules *r, int fd, uint64_t access)
{
    struct stat s;
    struct landlock_path_beneath_attr rule = {.parent_fd = fd, .allowed_access = access & r->handled};
    if (fstat(fd, &s) == 0 && !S_ISDIR(s.st_mode))
        rule.allowed_access &= files_only | (r->handled & truncating);
    return syscall(SYS_landlock_add_rule, r->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

static void add_path(const struct rules *r, const char *path, uint64_t access)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    add_fd(r, fd, access);
    close(fd);
}

static void add_paths(const struct rules *r, const char *const *path, size_t count, uint64_t access)
{
    for (size_t i = 0; i < count; i++)
        add_path(r, path[i], access);
}

static void add_gpu(const struct rules *r)
{
    static const char *const name[] = {"ctl", "-uvm", "-uvm-tools", "-modeset", "-caps"};
    char path[64];
    add_paths(r, gpu_devices, sizeof gpu_devices / sizeof *gpu_devices, using | LANDLOCK_ACCESS_FS_READ_DIR);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        snprintf(path, sizeof path, "/dev/nvidia%s", name[i]);
        add_path(r, path, using | LANDLOCK_ACCESS_FS_READ_DIR);
    }
    for (int i = 0; i < 16; i++) {
        snprintf(path, sizeof path, "/dev/nvidia%d", i);
        add_path(r, path, using);
    }
}

static void add_own(const struct rules *r, const struct launch *l, const struct sandbox_namespaces *n)
{
    static const char *const writable[] = {"work", "output"};
    char path[4096];
    uint64_t all = r->handled & ~(uint64_t)(LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK);
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", l->folder, writable[i]);
        add_path(r, path, all);
    }
    if (n->tmp)
        add_path(r, "/tmp", all);
    if (n->shm)
        add_path(r, "/dev/shm", all);
    for (const char *const *p = l->readable; *p; p++)
        add_path(r, *p, reading);
}

static bool open_rules(struct rules *r, int *abi)
{
    *abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (*abi < 1)
        return false;
    r->handled =
        first_abi | (*abi >= ABI_REFER ? LANDLOCK_ACCESS_FS_REFER : 0) | (*abi >= ABI_TRUNCATE ? truncating : 0);
    struct landlock_ruleset_attr attr = {.handled_access_fs = r->handled};
    r->fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    return r->fd >= 0;
}

int sandbox_landlock(const struct launch *l, int program, int task, const struct sandbox_namespaces *n)
{
    struct rules r;
    int abi;
    if (!open_rules(&r, &abi))
        return 0;
    add_paths(&r, system_folders, sizeof system_folders / sizeof *system_folders, reading);
    add_paths(&r, devices, sizeof devices / sizeof *devices, using);
    if (l->network)
        add_paths(&r, network_files, sizeof network_files / sizeof *network_files, reading);
    if (l->gpu)
        add_gpu(&r);
    add_own(&r, l, n);
    add_fd(&r, program, reading);
    if (task >= 0)
        add_fd(&r, task, reading);
    bool good = syscall(SYS_landlock_restrict_self, r.fd, 0) == 0;
    close(r.fd);
    return good ? abi : 0;
}
