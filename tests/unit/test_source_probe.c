/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The probe on a procfs made of plain files, and on the real one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/timetext.h"
#include "source/probe.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct yard {
    char dir[64];
    struct arena a;
};

static void put(const struct yard *y, const char *name, const char *text, size_t len)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", y->dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), (ssize_t)len);
    close(fd);
}

static void open_yard(struct yard *y)
{
    char path[256];
    *y = (struct yard){.dir = "/tmp/davy-proc-XXXXXX"};
    assert_non_null(mkdtemp(y->dir));
    snprintf(path, sizeof path, "%s/42", y->dir);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/net", y->dir);
    mkdir(path, 0700);
    put(y, "stat", "cpu 1 2 3\nbtime 1700000000\nprocesses 9\n", 40);
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s;
    (void)type;
    (void)walk;
    return remove(path);
}

static void close_yard(struct yard *y)
{
    arena_release(&y->a);
    nftw(y->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* utime 250 ticks, stime 50, start 12345 ticks after boot. */
static void put_process(const struct yard *y, const char *name, char state, const char *cmdline, size_t len)
{
    char text[256];
    int n = snprintf(text, sizeof text,
                     "42 (%s) %c 1 42 42 0 -1 4194304 1 0 0 0 250 50 0 0 20 0 1 0 12345 1000 300 0\n", name, state);
    put(y, "42/stat", text, (size_t)n);
    put(y, "42/statm", "1000 300 100 1 0 50 0\n", 22);
    put(y, "42/cmdline", cmdline, len);
}

static const char python[] = "python3\0-u\0src/miner_daemon.py\0";

static void a_process_is_read_as_proc_says(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    put_process(&y, "python3", 'S', python, sizeof python - 1);
    struct process p = process_look(&y.a, y.dir, 42, "miner_daemon.py");
    int64_t tick_ms = 1000 / sysconf(_SC_CLK_TCK);
    assert_int_equal(p.state, PROBE_ALIVE);
    assert_string_equal(p.cmdline, "python3 -u src/miner_daemon.py");
    assert_true(p.is_daemon);
    assert_int_equal(p.start_ms, 1700000000000 + 12345 * tick_ms);
    assert_int_equal(p.cpu_ms, 300 * tick_ms);
    assert_int_equal(p.rss_bytes, 300 * sysconf(_SC_PAGESIZE));
    close_yard(&y);
}

static void a_name_with_blanks_and_brackets_shifts_no_field(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    put_process(&y, "a) Z (b", 'S', python, sizeof python - 1);
    struct process p = process_look(&y.a, y.dir, 42, "miner_daemon.py");
    assert_int_equal(p.state, PROBE_ALIVE);
    assert_true(p.start_ms > 1700000000000);
    close_yard(&y);
}

static void a_zombie_is_no_daemon(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    put_process(&y, "python3", 'Z', "", 0);
    struct process p = process_look(&y.a, y.dir, 42, "miner_daemon.py");
    assert_int_equal(p.state, PROBE_ZOMBIE);
    assert_false(p.is_daemon);
    assert_string_equal(p.cmdline, "");
    close_yard(&y);
}

static void another_programs_pid_is_an_impostor(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    put_process(&y, "nginx", 'S', "nginx: \033[31mworker\0", 20);
    struct process p = process_look(&y.a, y.dir, 42, "miner_daemon.py");
    assert_int_equal(p.state, PROBE_ALIVE);
    assert_false(p.is_daemon);
    assert_null(strchr(p.cmdline, '\033')); /* anybody can write his own command line */
    close_yard(&y);
}

static void gone_and_torn_processes_are_told_apart(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    assert_int_equal(process_look(&y.a, y.dir, 43, "x").state, PROBE_GONE);
    put(&y, "42/stat", "42 (x) S 1", 10);
    assert_int_equal(process_look(&y.a, y.dir, 42, "x").state, PROBE_HIDDEN); /* there, but it says nothing */
    close_yard(&y);
}

static void real_processes_are_seen_without_a_signal(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_int_equal(process_look(&a, "/proc", getpid(), "test_source_probe").state, PROBE_ALIVE);
    assert_true(process_look(&a, "/proc", getpid(), "test_source_probe").is_daemon);
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    siginfo_t info;
    waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
    assert_int_equal(process_look(&a, "/proc", child, "x").state, PROBE_ZOMBIE);
    waitpid(child, NULL, 0);
    assert_int_equal(process_look(&a, "/proc", child, "x").state, PROBE_GONE);
    assert_int_equal(process_look(&a, "/proc", 99999999999, "x").state, PROBE_GONE);
    arena_release(&a);
}

static const char unix_head[] = "Num       RefCount Protocol Flags    Type St Inode Path\n";

static enum socket_state socket_of(struct yard *y, const char *lines, const char *path, int64_t *backlog)
{
    char text[2048];
    int n = snprintf(text, sizeof text, "%s%s", unix_head, lines);
    put(y, "net/unix", text, (size_t)n);
    return socket_look(&y->a, y->dir, path, path, 0, backlog);
}

static void bind_at(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    close(fd);
}

static void the_socket_table_tells_listening_stale_unlinked_and_absent(void **state)
{
    (void)state;
    struct yard y;
    int64_t backlog;
    char path[128], lines[1024];
    open_yard(&y);
    snprintf(path, sizeof path, "%s/the socket.sock", y.dir);
    snprintf(lines, sizeof lines,
             "0000000000000000: 00000002 00000000 00010000 0001 01 11111 %s\n"
             "0000000000000000: 00000002 00000000 00000000 0001 02 11112 %s\n"
             "0000000000000000: 00000003 00000000 00000000 0001 03 11113 %s\n"
             "0000000000000000: 00000002 00000000 00010000 0001 01 11114 %s.other\n",
             path, path, path, path);
    assert_int_equal(socket_of(&y, lines, path, &backlog), SOCKET_UNLINKED);
    assert_int_equal(backlog, 1);
    assert_int_equal(socket_of(&y, "", path, &backlog), SOCKET_ABSENT);
    bind_at(path);
    assert_int_equal(socket_of(&y, lines, path, &backlog), SOCKET_LISTENING);
    assert_int_equal(socket_of(&y, "", path, &backlog), SOCKET_STALE);
    assert_int_equal(backlog, 0);
    close_yard(&y);
}

static void what_cannot_be_known_about_a_socket_is_unknown(void **state)
{
    (void)state;
    struct yard y;
    int64_t backlog;
    char longest[200];
    open_yard(&y);
    assert_int_equal(socket_look(&y.a, y.dir, "/tmp/s", "/tmp/s", 0, &backlog), SOCKET_UNKNOWN); /* no table */
    assert_int_equal(socket_of(&y, "", NULL, &backlog), SOCKET_UNKNOWN);
    assert_int_equal(socket_of(&y, "", "relative.sock", &backlog), SOCKET_UNKNOWN);
    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    longest[199] = '\0';
    assert_int_equal(socket_of(&y, "", longest, &backlog), SOCKET_UNKNOWN);
    assert_int_equal(
        socket_of(&y, "garbage\n\n: : : :\nzz: 1 2 zz zz zz 9 /tmp/nowhere.sock\n", "/tmp/nowhere.sock", &backlog),
        SOCKET_ABSENT);
    close_yard(&y);
}

static void a_daemon_in_another_network_namespace_leaves_its_socket_unknown(void **state)
{
    (void)state;
    struct yard y;
    int64_t backlog;
    char path[128], link[256];
    open_yard(&y);
    put(&y, "net/unix", unix_head, sizeof unix_head - 1);
    snprintf(path, sizeof path, "%s/s", y.dir);
    bind_at(path);
    snprintf(link, sizeof link, "%s/self", y.dir);
    mkdir(link, 0700);
    strcat(link, "/ns");
    mkdir(link, 0700);
    strcat(link, "/net");
    assert_int_equal(symlink("net:[1]", link), 0);
    snprintf(link, sizeof link, "%s/42/ns", y.dir);
    mkdir(link, 0700);
    strcat(link, "/net");
    assert_int_equal(symlink("net:[1]", link), 0);
    assert_int_equal(socket_look(&y.a, y.dir, path, path, 42, &backlog), SOCKET_STALE);
    unlink(link);
    assert_int_equal(symlink("net:[2]", link), 0);
    assert_int_equal(socket_look(&y.a, y.dir, path, path, 42, &backlog), SOCKET_UNKNOWN);
    assert_int_equal(socket_look(&y.a, y.dir, path, path, 0, &backlog), SOCKET_STALE); /* nobody lives elsewhere */
    close_yard(&y);
}

static void only_what_matters_counts_as_a_difference(void **state)
{
    (void)state;
    struct yard y;
    struct probe probe = {0};
    struct settings settings = *settings_default();
    struct pid_doc pid = {.pid = 42};
    struct docs docs = {.pid_doc = &pid};
    open_yard(&y);
    settings.proc = y.dir;
    put_process(&y, "python3", 'S', python, sizeof python - 1);
    assert_true(probe_look(&probe, &settings, &docs, 1000));
    assert_int_equal(probe_alive_pid(&probe), 42);
    put(&y, "42/statm", "1000 999 100 1 0 50 0\n", 22); /* memory grows all the time */
    assert_false(probe_look(&probe, &settings, &docs, 2000));
    assert_int_equal(probe.doc->by_pidfile.rss_bytes, 999 * sysconf(_SC_PAGESIZE));
    put_process(&y, "python3", 'Z', "", 0);
    assert_true(probe_look(&probe, &settings, &docs, 3000));
    assert_int_equal(probe_alive_pid(&probe), 0);
    settings.proc = "/nonexistent";
    assert_true(probe_look(&probe, &settings, &docs, 4000));
    assert_false(probe.doc->proc_readable);
    assert_non_null(strstr(probe.doc->error, "/nonexistent"));
    probe_release(&probe);
    close_yard(&y);
}

static void pid_file_and_state_file_may_name_two_processes(void **state)
{
    (void)state;
    struct yard y;
    struct probe probe = {0};
    struct settings settings = *settings_default();
    struct pid_doc pid = {.pid = 7};
    struct state_doc in_state = {.daemon_pid = 42};
    struct docs docs = {.pid_doc = &pid, .state_doc = &in_state};
    open_yard(&y);
    settings.proc = y.dir;
    put_process(&y, "python3", 'S', python, sizeof python - 1);
    probe_look(&probe, &settings, &docs, 1000);
    assert_int_equal(probe.doc->by_pidfile.state, PROBE_GONE);
    assert_int_equal(probe.doc->by_state.pid, 42);
    assert_true(probe.doc->by_state.is_daemon);
    in_state.daemon_pid = -1; /* kill(-1) is a classic */
    probe_look(&probe, &settings, &docs, 1000);
    assert_int_equal(probe.doc->by_state.pid, 0);
    probe_release(&probe);
    close_yard(&y);
}

static void paths_of_the_settings_begin_in_the_rigs_folder(void **state)
{
    (void)state;
    struct yard y;
    struct probe probe = {0};
    struct settings settings = *settings_default();
    struct pid_doc pid = {.pid = 42};
    struct docs docs = {.pid_doc = &pid};
    char parent[64], path[128], line[256];
    open_yard(&y);
    snprintf(parent, sizeof parent, "%s", y.dir);
    *strrchr(parent, '/') = '\0';
    probe.dir = parent;
    settings.proc = strrchr(y.dir, '/') + 1;
    snprintf(path, sizeof path, "%s/s.sock", settings.proc);
    settings.socket = path;
    put_process(&y, "python3", 'S', python, sizeof python - 1);
    int n = snprintf(line, sizeof line, "%s0000000000000000: 00000002 00000000 00010000 0001 01 1 %s/%s\n", unix_head,
                     parent, path);
    put(&y, "net/unix", line, (size_t)n);
    probe_look(&probe, &settings, &docs, 1000);
    assert_true(probe.doc->proc_readable);
    assert_true(probe.doc->by_pidfile.is_daemon);
    assert_int_equal(probe.doc->socket, SOCKET_UNLINKED);
    assert_string_equal(probe.doc->socket_path, path);
    n = snprintf(line, sizeof line, "%s0000000000000000: 00000002 00000000 00010000 0001 01 1 %s\n", unix_head, path);
    put(&y, "net/unix", line, (size_t)n); /* bound by the daemon with the name relative to its folder */
    probe_look(&probe, &settings, &docs, 2000);
    assert_int_equal(probe.doc->socket, SOCKET_UNLINKED);
    probe_release(&probe);
    close_yard(&y);
}

static void a_process_without_words_is_named_as_ps_names_it(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    put_process(&y, "kworker/0:1 (x)", 'S', "", 0);
    struct process p = process_look(&y.a, y.dir, 42, "miner_daemon.py");
    assert_int_equal(p.state, PROBE_ALIVE);
    assert_false(p.is_daemon);
    assert_string_equal(p.cmdline, "[kworker/0:1 (x)]");
    close_yard(&y);
}

static void a_file_in_the_sockets_place_is_no_socket(void **state)
{
    (void)state;
    struct yard y;
    int64_t backlog;
    char path[128];
    open_yard(&y);
    snprintf(path, sizeof path, "%s/s.sock", y.dir);
    put(&y, "s.sock", "x", 1);
    assert_int_equal(socket_of(&y, "", path, &backlog), SOCKET_NOT_ONE);
    close_yard(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_is_read_as_proc_says),
        cmocka_unit_test(a_name_with_blanks_and_brackets_shifts_no_field),
        cmocka_unit_test(a_zombie_is_no_daemon),
        cmocka_unit_test(another_programs_pid_is_an_impostor),
        cmocka_unit_test(gone_and_torn_processes_are_told_apart),
        cmocka_unit_test(real_processes_are_seen_without_a_signal),
        cmocka_unit_test(the_socket_table_tells_listening_stale_unlinked_and_absent),
        cmocka_unit_test(what_cannot_be_known_about_a_socket_is_unknown),
        cmocka_unit_test(a_daemon_in_another_network_namespace_leaves_its_socket_unknown),
        cmocka_unit_test(only_what_matters_counts_as_a_difference),
        cmocka_unit_test(pid_file_and_state_file_may_name_two_processes),
        cmocka_unit_test(paths_of_the_settings_begin_in_the_rigs_folder),
        cmocka_unit_test(a_process_without_words_is_named_as_ps_names_it),
        cmocka_unit_test(a_file_in_the_sockets_place_is_no_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
