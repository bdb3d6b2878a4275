/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

/* Each test gets an empty folder of its own and stands in it. */
struct room {
    char folder[64];
    struct arena a;
    struct file_stat s;
    struct err e;
    struct bytes out;
};

static int enter(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    assert_non_null(r);
    strcpy(r->folder, "/tmp/davy-test-XXXXXX");
    *state = r;
    return mkdtemp(r->folder) && chdir(r->folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    struct room *r = *state;
    DIR *d = opendir(".");
    for (struct dirent *f; d && (f = readdir(d));)
        if (unlink(f->d_name))
            rmdir(f->d_name);
    closedir(d);
    arena_release(&r->a);
    int result = chdir("/") || rmdir(r->folder);
    free(r);
    return result;
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int count_files(void)
{
    int count = 0;
    DIR *d = opendir(".");
    for (struct dirent *f; (f = readdir(d));)
        count += f->d_name[0] != '.' || strlen(f->d_name) > 2;
    closedir(d);
    return count;
}

static void a_file_is_read_whole_and_terminated(void **state)
{
    struct room *r = *state;
    put("x.json", "{\"a\": 1}\n");
    assert_true(file_read(&r->a, "x.json", 9, &r->out, &r->s, &r->e));
    assert_int_equal(r->out.len, 9);
    assert_string_equal(r->out.at, "{\"a\": 1}\n");
    struct stat st;
    assert_int_equal(stat("x.json", &st), 0);
    assert_true(r->s.exists && r->s.size == 9 && r->s.dev == st.st_dev && r->s.ino == st.st_ino);
    assert_true(r->s.mtime_ms == st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000);
    assert_true(r->s.mtime_ns_part == st.st_mtim.tv_nsec % 1000000);
}

static void files_that_say_size_0_are_read_to_their_end(void **state)
{
    struct room *r = *state;
    assert_true(file_read(&r->a, "/proc/self/maps", 4 << 20, &r->out, &r->s, &r->e));
    assert_int_equal(r->s.size, 0);
    assert_in_range(r->out.len, 100, 4 << 20);
    assert_int_equal(r->out.at[r->out.len], 0);
}

static void too_much_is_an_error_and_leaves_the_output_alone(void **state)
{
    struct room *r = *state;
    put("x.json", "0123456789");
    assert_false(file_read(&r->a, "x.json", 9, &r->out, &r->s, &r->e));
    assert_string_equal(r->e.text, "x.json is larger than 9 bytes; davy does not read that much of it");
    assert_null(r->out.at);
    assert_false(file_read(&r->a, "/proc/self/maps", 100, &r->out, &r->s, &r->e));
    assert_null(r->out.at);
}

static void check_refused(struct room *r, const char *path, const char *sentence, bool exists)
{
    memset(&r->s, 0xff, sizeof r->s);
    assert_int_equal(file_open(path, &r->s, &r->e), -1);
    assert_string_equal(r->e.text, sentence);
    assert_int_equal(r->s.exists, exists);
}

static void what_is_no_file_is_never_opened(void **state)
{
    struct room *r = *state;
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "sock"};
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(mkfifo("miner.pid", 0600), 0);
    assert_int_equal(mkdir("folder", 0700), 0);
    check_refused(r, "miner.pid", "miner.pid is a FIFO, not a file; davy will not open it", true);
    check_refused(r, "folder", "folder is a folder, not a file; davy will not open it", true);
    check_refused(r, "sock", "sock is a socket, not a file; davy will not open it", true);
    check_refused(r, "/dev/null", "null is a character device, not a file; davy will not open it", true);
    check_refused(r, "./absent.json", "absent.json is not there", false);
    check_refused(r, "absent/x.json", "x.json is not there", false);
    close(s);
}

static void own_links_are_followed_but_not_to_strange_places(void **state)
{
    struct room *r = *state;
    put("target", "text");
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(symlink("round", "round"), 0);
    assert_int_equal(symlink("/dev/zero", "device"), 0);
    assert_true(file_read(&r->a, "link", 100, &r->out, &r->s, &r->e));
    assert_true(bytes_is(r->out, "text") && r->s.size == 4);
    check_refused(r, "dangling", "dangling is a link that leads nowhere (No such file or directory)", true);
    check_refused(r, "round/file", "file cannot be read: Too many levels of symbolic links",
                  true); /* not "is not there" */
    check_refused(r, "round", "round is a link that leads nowhere (Too many levels of symbolic links)", true);
    check_refused(r, "device", "device is a character device, not a file; davy will not open it", true);
}

static void a_link_of_somebody_else_is_not_followed(void **state)
{
    struct room *r = *state;
    if (geteuid() != 0)
        skip();
    put("target", "text");
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(lchown("link", 12345, 12345), 0);
    check_refused(r, "link", "link is a symbolic link of user 12345; davy follows only links of root and its own",
                  true);
    assert_false(file_replace("link", bytes_of("evil"), 0644, &r->e));
    assert_true(file_read(&r->a, "target", 100, &r->out, &r->s, &r->e) && bytes_is(r->out, "text"));
}

static void names_in_sentences_are_safe(void **state)
{
    struct room *r = *state;
    check_refused(r, "a\x1b[31mb\n", "ab  is not there", false);
}

static void a_replaced_file_is_new_and_nothing_else_is_left(void **state)
{
    struct room *r = *state;
    assert_true(file_replace("x.json", bytes_of("one"), 0640, &r->e));
    struct stat before, after;
    assert_int_equal(stat("x.json", &before), 0);
    assert_int_equal(before.st_mode & 07777, 0640);
    int old = open("x.json", O_RDONLY | O_CLOEXEC);
    assert_int_equal(chmod("x.json", 0604), 0);
    assert_true(file_replace("./x.json", bytes_of("two!"), 0640, &r->e));
    assert_int_equal(stat("x.json", &after), 0);
    assert_int_equal(after.st_mode & 07777, 0604);
    assert_true(before.st_ino != after.st_ino);
    char seen[8] = "";
    assert_int_equal(read(old, seen, sizeof seen), 3);
    assert_string_equal(seen, "one");
    close(old);
    assert_true(file_read(&r->a, "x.json", 100, &r->out, &r->s, &r->e) && bytes_is(r->out, "two!"));
    assert_int_equal(count_files(), 1);
}

static void replacing_through_a_link_writes_its_target(void **state)
{
    struct room *r = *state;
    assert_int_equal(mkdir("deep", 0700), 0);
    put("deep/target", "old");
    assert_int_equal(symlink("deep/target", "link"), 0);
    assert_true(file_replace("link", bytes_of("new"), 0600, &r->e));
    struct stat st;
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_true(file_read(&r->a, "deep/target", 100, &r->out, &r->s, &r->e) && bytes_is(r->out, "new"));
    unlink("deep/target");
}

static void holds(const char *path, const char *want)
{
    char text[100] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_int_equal(fread(text, 1, sizeof text - 1, f), strlen(want));
    fclose(f);
    assert_string_equal(text, want);
}

static void a_made_file_is_new_and_never_takes_a_place(void **state)
{
    struct room *r = *state;
    assert_true(file_create("fresh", bytes_of("one"), 0640, &r->e));
    holds("fresh", "one");
    assert_false(file_create("fresh", bytes_of("two"), 0640, &r->e));
    holds("fresh", "one");
    assert_int_equal(symlink("nowhere", "link"), 0);
    assert_false(file_create("link", bytes_of("two"), 0640, &r->e));
    assert_int_equal(access("nowhere", F_OK), -1);
    assert_int_equal(symlink("fresh", "link2"), 0);
    assert_false(file_create("link2", bytes_of("two"), 0640, &r->e));
    holds("fresh", "one");
    assert_false(file_create("absent/x", bytes_of("x"), 0600, &r->e));
}

static void a_failed_replacement_leaves_everything_as_it_was(void **state)
{
    struct room *r = *state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_false(file_replace("folder", bytes_of("x"), 0600, &r->e));
    assert_non_null(strstr(r->e.text, "folder cannot be"));
    assert_int_equal(count_files(), 1);
    assert_false(file_replace("absent/x", bytes_of("x"), 0600, &r->e));
    assert_string_equal(r->e.text, "x cannot be written: No such file or directory");
    put("full", "old");
    assert_false(file_replace("/dev/full", bytes_of("x"), 0600, &r->e));
    assert_int_equal(count_files(), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_read_whole_and_terminated, enter, leave),
        cmocka_unit_test_setup_teardown(files_that_say_size_0_are_read_to_their_end, enter, leave),
        cmocka_unit_test_setup_teardown(too_much_is_an_error_and_leaves_the_output_alone, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_never_opened, enter, leave),
        cmocka_unit_test_setup_teardown(own_links_are_followed_but_not_to_strange_places, enter, leave),
        cmocka_unit_test_setup_teardown(a_link_of_somebody_else_is_not_followed, enter, leave),
        cmocka_unit_test_setup_teardown(names_in_sentences_are_safe, enter, leave),
        cmocka_unit_test_setup_teardown(a_replaced_file_is_new_and_nothing_else_is_left, enter, leave),
        cmocka_unit_test_setup_teardown(replacing_through_a_link_writes_its_target, enter, leave),
        cmocka_unit_test_setup_teardown(a_made_file_is_new_and_never_takes_a_place, enter, leave),
        cmocka_unit_test_setup_teardown(a_failed_replacement_leaves_everything_as_it_was, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
