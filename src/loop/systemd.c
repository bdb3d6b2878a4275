/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "loop/systemd.h"

#include "base/bytes.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool systemd_tell(const char *text, struct err *e)
{
    const char *name = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (name == NULL || (*name != '/' && *name != '@') || strlen(name) >= sizeof to.sun_path)
        return true;
    memcpy(to.sun_path, name, strlen(name));
    if (*name == '@')
        to.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set(e, "systemd cannot be told: %s", strerror(errno));
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    bool told = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, length) >= 0;
    if (!told)
        err_set(e, "systemd cannot be told: %s", strerror(errno));
    close(fd);
    return told;
}

int64_t systemd_watchdog_ms(void)
{
    const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    int64_t value, mine;
    bool meant = pid == NULL || (bytes_i64(bytes_of(pid), &mine) && mine == getpid());
    return us != NULL && meant && bytes_i64(bytes_of(us), &value) && value > 0 ? value / 1000 : 0;
}
