/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/who.h"

#include "base/file.h"
#include "base/utf8.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

enum { WHO_CELLS = 120, LOGIN_LIMIT = 32 };

static const char *from_environment(struct arena *a, const char *name)
{
    const char *value = getenv(name);
    return value && *value ? text_safe(a, bytes_of(value), WHO_CELLS) : NULL;
}

/* "10.0.0.7 51234 22": the first word. */
static const char *ssh_client(struct arena *a)
{
    const char *value = getenv("SSH_CONNECTION");
    struct bytes text = bytes_of(value ? value : getenv("SSH_CLIENT"));
    text.len = bytes_find(text, " ");
    return text.len > 0 ? text_safe(a, text, WHO_CELLS) : NULL;
}

static const char *login(struct arena *a)
{
    struct bytes text;
    struct file_stat s;
    if (!file_read(a, "/proc/self/loginuid", LOGIN_LIMIT, &text, &s, NULL) || bytes_is(text, "4294967295"))
        return NULL;
    return text_safe(a, bytes_trim(text), WHO_CELLS);
}

static const char *terminal(struct arena *a)
{
    char name[256];
    for (int fd = 0; fd < 3; fd++)
        if (ttyname_r(fd, name, sizeof name) == 0)
            return text_safe(a, bytes_of(name), WHO_CELLS);
    return NULL;
}

struct who who_am_i(struct arena *a)
{
    struct passwd *p = getpwuid(geteuid());
    return (struct who){
        .user = p ? text_safe(a, bytes_of(p->pw_name), WHO_CELLS) : arena_text(a, "%u", (unsigned)geteuid()),
        .sudo_user = from_environment(a, "SUDO_USER"),
        .login = login(a),
        .tty = terminal(a),
        .ssh = ssh_client(a),
    };
}
