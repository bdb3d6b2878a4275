/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of what is denied, not of what is allowed: the tools that jobs run are arbitrary, and the latter would break some of
 * them on every update of libc. What is denied makes kernel objects or reaches into other processes. */
#include "runner/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { FILTER_MOST = 256, X32 = 0x40000000 };
static const int denied[] = {
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_setns,
    SYS_unshare,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_fsmount,
    SYS_fsconfig,
    SYS_fspick,
    SYS_mount_setattr,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_pidfd_getfd,
    SYS_kexec_load,
    SYS_kexec_file_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_quotactl,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_syslog,
};
static const uint32_t namespaces =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

struct filter {
    struct sock_filter at[FILTER_MOST];
    unsigned short count;
};

static void add(struct filter *f, unsigned code, uint32_t k, int yes, int no)
{
    f->at[f->count++] = (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
}

static void load(struct filter *f, size_t at)
{
    add(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)at, 0, 0);
}

static void give(struct filter *f, uint32_t what)
{
    add(f, BPF_RET | BPF_K, what, 0, 0);
}

static size_t argument(int number)
{
    return offsetof(struct seccomp_data, args) + (size_t)number * sizeof(uint64_t); /* its low half: little-endian */
}

/* With the number of the call loaded: what, if it is this call. */
static void when_call(struct filter *f, int call, uint32_t what)
{
    add(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
    give(f, what);
}

/* Kernel and program agree about the numbers of calls; x32 has others. */
static void add_architecture(struct filter *f, uint32_t arch)
{
    load(f, offsetof(struct seccomp_data, arch));
    add(f, BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0);
    give(f, SECCOMP_RET_KILL_PROCESS);
    load(f, offsetof(struct seccomp_data, nr));
    add(f, BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
    give(f, SECCOMP_RET_KILL_PROCESS);
}

static void add_calls(struct filter *f)
{
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
        when_call(f, denied[i], SECCOMP_RET_ERRNO | EPERM);
    when_call(f, SYS_clone3,
              SECCOMP_RET_ERRNO | ENOSYS); /* its flags are out of reach of a filter: libc takes clone() */
}

/* Calls with one bad value of one argument. */
static void add_values(struct filter *f)
{
    add(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    load(f, argument(0));
    add(f, BPF_JMP | BPF_JSET | BPF_K, namespaces, 0, 1);
    give(f, SECCOMP_RET_ERRNO | EPERM);
    give(f, SECCOMP_RET_ALLOW);
    add(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 4);
    load(f, argument(1));
    add(f, BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 0, 1);
    give(f, SECCOMP_RET_ERRNO | EPERM);
    give(f, SECCOMP_RET_ALLOW);
}

/* Of sockets: local ones. Those of the Internet are heard, where the kernel can; all others are odd and denied anyway. */
static void add_sockets(struct filter *f, bool network, uint32_t heard)
{
    add(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 7);
    load(f, argument(0));
    add(f, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 4, 0);
    add(f, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0);
    add(f, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
    give(f, SECCOMP_RET_ERRNO | EACCES);
    give(f, network ? SECCOMP_RET_ALLOW : heard);
    give(f, SECCOMP_RET_ALLOW);
    give(f, SECCOMP_RET_ALLOW);
}

static uint32_t architecture(void)
{
    static const struct {
        const char *machine;
        uint32_t arch;
    } known[] = {{"x86_64", AUDIT_ARCH_X86_64}, {"aarch64", AUDIT_ARCH_AARCH64}, {"riscv64", AUDIT_ARCH_RISCV64}};
    struct utsname u;
    if (uname(&u) == 0)
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (strcmp(u.machine, known[i].machine) == 0)
                return known[i].arch;
    return 0;
}

static long install(bool network, uint32_t heard, unsigned flags)
{
    struct filter f = {.count = 0};
    uint32_t arch = architecture();
    if (!arch)
        return -1;
    add_architecture(&f, arch);
    add_calls(&f);
    add_values(&f);
    add_sockets(&f, network, heard);
    struct sock_fprog program = {f.count, f.at};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

bool sandbox_seccomp(bool network, int *listener)
{
    *listener = -1;
    if (!network) {
        long fd = install(network, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
        if (fd >= 0)
            return *listener = (int)fd, true;
    }
    return install(network, SECCOMP_RET_ERRNO | EACCES, 0) == 0;
}

bool sandbox_seccomp_answer(int listener)
{
    struct seccomp_notif asked;
    memset(&asked, 0, sizeof asked);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0)
        return false;
    struct seccomp_notif_resp answer = {.id = asked.id, .error = -EACCES};
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    return true;
}
