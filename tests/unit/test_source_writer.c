/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/writer.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>
#include <setjmp.h>
#include <cmocka.h>

struct desk {
    char path[64];
    int fd;
};

static struct desk a_file(int how)
{
    struct desk d = {.path = "/tmp/davy-writer-XXXXXX"};
    close(mkstemp(d.path));
    d.fd = open(d.path, how | O_CLOEXEC);
    assert_true(d.fd >= 0);
    return d;
}

static void clear(struct desk *d)
{
    close(d->fd);
    unlink(d->path);
}

static void who_only_reads_is_no_writer(void **state)
{
    (void)state;
    struct desk d = a_file(O_RDONLY);
    assert_int_equal(writer_of(d.path), WRITER_NONE);
    clear(&d);
}

static void a_writer_is_seen_until_he_closes(void **state)
{
    (void)state;
    struct desk d = a_file(O_WRONLY);
    assert_int_equal(writer_of(d.path), WRITER_BUSY);
    close(d.fd);
    assert_int_equal(writer_of(d.path), WRITER_NONE);
    d.fd = open(d.path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(d.fd >= 0); /* what was asked for is given back: nobody has to wait for us */
    clear(&d);
}

static void what_cannot_be_opened_is_not_known(void **state)
{
    (void)state;
    struct desk d = a_file(O_RDONLY);
    clear(&d);
    assert_int_equal(writer_of(d.path), WRITER_UNKNOWN);
    assert_int_equal(mkfifo(d.path, 0600), 0);
    assert_int_equal(writer_of(d.path), WRITER_UNKNOWN);
    unlink(d.path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_only_reads_is_no_writer),
        cmocka_unit_test(a_writer_is_seen_until_he_closes),
        cmocka_unit_test(what_cannot_be_opened_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
