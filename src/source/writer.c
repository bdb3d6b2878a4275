/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel grants a read lease only while nobody has the file open for writing; that is all the lease is taken for. It
 * is held for about a microsecond. Should somebody open the file in it, he waits for that long, and the signal that tells
 * us so is one that is ignored unless a program asks for it. */
#include "source/writer.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static enum writer ask(int fd)
{
    fcntl(fd, F_SETSIG, SIGURG);
    if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(fd, F_SETLEASE, F_UNLCK);
        return WRITER_NONE;
    }
    return errno == EAGAIN ? WRITER_BUSY : WRITER_UNKNOWN;
}

enum writer writer_of(const char *path)
{
    struct file_stat stat;
    int fd = file_open(path, &stat, NULL);
    if (fd < 0)
        return WRITER_UNKNOWN;
    enum writer w = ask(fd);
    close(fd);
    return w;
}
