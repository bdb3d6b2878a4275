/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/cgroup.h"
#include "runner/launch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a folder that looks like version 2: files are there before, because no kernel makes them ---- */

struct fake {
    char root[64], self[96];
};

static void put(const struct fake *f, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", f->root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const char *get(const struct fake *f, const char *name, char out[256])
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", f->root, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t n = fread(out, 1, 255, file);
    out[n] = '\0';
    fclose(file);
    return out;
}

static void folder(const struct fake *f, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", f->root, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void make_fake(struct fake *f, const char *controllers)
{
    static const char *const group[] = {"node", "node/supervisor", "node/jobs", "node/jobs/davy-1-x"};
    static const char *const file[] = {"cgroup.procs",    "cgroup.subtree_control", "cgroup.kill", "memory.max",
                                       "memory.swap.max", "memory.oom.group",       "pids.max",    "cpu.max"};
    char name[128];
    strcpy(f->root, "/tmp/davy-cgroup-XXXXXX");
    assert_non_null(mkdtemp(f->root));
    snprintf(f->self, sizeof f->self, "%s/self", f->root);
    put(f, "self", "0::/node/supervisor\n");
    put(f, "cgroup.controllers", "memory pids cpu\n");
    for (size_t i = 0; i < 4; i++) {
        folder(f, group[i]);
        for (size_t k = 0; k < sizeof file / sizeof *file; k++) {
            snprintf(name, sizeof name, "%s/%s", group[i], file[k]);
            put(f, name, "");
        }
        snprintf(name, sizeof name, "%s/cgroup.controllers", group[i]);
        put(f, name, controllers);
    }
}

static void drop_fake(const struct fake *f)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", f->root);
    assert_int_equal(system(command), 0);
}

static void version_2_moves_the_node_into_a_leaf_and_limits_jobs_beside_it(void **state)
{
    (void)state;
    struct fake f;
    struct cgroup_place p;
    struct err e;
    char text[256];
    make_fake(&f, "cpu memory pids\n");
    cgroup_probe(f.root, f.self, &p);
    assert_int_equal(p.kind, CGROUP_V2);
    assert_string_equal(p.why, "");
    assert_string_equal(get(&f, "node/supervisor/cgroup.procs", text), "0");
    assert_true(cgroup_make(&p, "davy-1-x", &(struct cgroup_limits){64 << 20, 30, 150}, &e));
    assert_string_equal(get(&f, "node/jobs/davy-1-x/memory.max", text), "67108864");
    assert_string_equal(get(&f, "node/jobs/davy-1-x/memory.swap.max", text), "0");
    assert_string_equal(get(&f, "node/jobs/davy-1-x/pids.max", text), "30");
    assert_string_equal(get(&f, "node/jobs/davy-1-x/cpu.max", text), "150000 100000");
    assert_true(cgroup_join(&p, "davy-1-x"));
    assert_string_equal(get(&f, "node/jobs/davy-1-x/cgroup.procs", text), "0");
    put(&f, "node/jobs/davy-1-x/cgroup.procs", "");
    assert_int_equal(cgroup_kill(&p, "davy-1-x", 9), 0);
    assert_string_equal(get(&f, "node/jobs/davy-1-x/cgroup.kill", text), "1");
    assert_false(cgroup_remove(&p, "davy-1-x")); /* of files, which a kernel's would not be */
    drop_fake(&f);
}

static void what_version_2_used_is_read_back(void **state)
{
    (void)state;
    struct fake f;
    struct cgroup_place p;
    struct cgroup_use use;
    make_fake(&f, "cpu memory pids\n");
    cgroup_probe(f.root, f.self, &p);
    cgroup_use(&p, "davy-1-x", &use);
    assert_int_equal(use.oom_kills, -1);
    put(&f, "node/jobs/davy-1-x/memory.peak", "4096\n");
    put(&f, "node/jobs/davy-1-x/memory.events", "low 0\noom 2\noom_kill 1\noom_group_kill 3\n");
    put(&f, "node/jobs/davy-1-x/cpu.stat", "usage_usec 5500\nuser_usec 1\n");
    put(&f, "node/jobs/davy-1-x/pids.events", "max 7\n");
    cgroup_use(&p, "davy-1-x", &use);
    assert_int_equal(use.peak_bytes, 4096);
    assert_int_equal(use.oom_kills, 1);
    assert_int_equal(use.cpu_ms, 5);
    assert_int_equal(use.pids_denied, 7);
    drop_fake(&f);
}

static void a_tree_that_was_not_handed_on_to_us_is_none(void **state)
{
    (void)state;
    struct fake f;
    struct cgroup_place p;
    make_fake(&f, "hugetlb\n");
    cgroup_probe(f.root, f.self, &p);
    assert_int_equal(p.kind, CGROUP_NONE);
    assert_non_null(strstr(p.why, "memory, pids, cpu, kill"));
    cgroup_probe("/nowhere", f.self, &p);
    assert_int_equal(p.kind, CGROUP_NONE);
    assert_true(cgroup_make(&p, "davy-1-x", &(struct cgroup_limits){1, 1, 1}, NULL));
    assert_int_equal(cgroup_kill(&p, "davy-1-x", 9), 0);
    drop_fake(&f);
}

/* ---- what is handed over ---- */

static void what_is_to_be_run_is_read_as_it_was_told(void **state)
{
    (void)state;
    static const char *const argv[] = {"x", "-i", "a\n\"b", NULL}, *const env[] = {"A=1", NULL}, *const none[] = {NULL};
    static const enum launch_path_kind kind[] = {LAUNCH_WORD, LAUNCH_WORD, LAUNCH_IN};
    static const int64_t ok[] = {0, 3};
    static const struct job_artifact artifact[] = {{"a/b", "text/plain", 77}};
    const struct launch l = {.id = "j",
                             .folder = "/f",
                             .program = "/bin/x",
                             .argv = argv,
                             .kind = kind,
                             .words = 3,
                             .env = env,
                             .readable = none,
                             .mark = "A=1",
                             .group = "davy-0-j",
                             .ok_exit = ok,
                             .ok_exits = 2,
                             .artifact = artifact,
                             .artifacts = 1,
                             .network = true,
                             .uid = -1,
                             .limits = {.mem_mb = 5},
                             .cgroup = {.kind = CGROUP_V1, .path = {[CGROUP_PIDS] = "/p"}}};
    struct arena a = {0};
    struct launch got;
    json_t *o = launch_json(&l);
    assert_true(launch_read(&a, o, &got));
    assert_int_equal(got.words, 3);
    assert_string_equal(got.argv[2], argv[2]);
    assert_int_equal(got.kind[2], LAUNCH_IN);
    assert_null(got.argv[3]);
    assert_null(got.task);
    assert_int_equal(got.uid, -1);
    assert_int_equal(got.ok_exit[1], 3);
    assert_int_equal(got.artifact[0].most_bytes, 77);
    assert_true(got.network && !got.gpu);
    assert_int_equal(got.limits.mem_mb, 5);
    assert_string_equal(got.cgroup.path[CGROUP_PIDS], "/p");
    json_object_del(o, "program");
    assert_false(launch_read(&a, o, &got));
    json_decref(o);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_2_moves_the_node_into_a_leaf_and_limits_jobs_beside_it),
        cmocka_unit_test(what_version_2_used_is_read_back),
        cmocka_unit_test(a_tree_that_was_not_handed_on_to_us_is_none),
        cmocka_unit_test(what_is_to_be_run_is_read_as_it_was_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
