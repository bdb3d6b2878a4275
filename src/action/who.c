/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/who.h"

#include "base/file.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WHO_CELLS = 120, LOGIN_LIMIT = 32, USERS_LIMIT = 4 << 20 };

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

/* "name:password:uid:...": true when it is of that user. */
static bool is_of(struct bytes line, const char *uid, struct bytes *name)
{
    struct bytes field[3];
    for (size_t i = 0; i < 3; i++) {
        size_t end = bytes_find(line, ":");
        field[i] = (struct bytes){line.at, end};
        line = bytes_from(line, end + 1);
    }
    *name = field[0];
    return name->len > 0 && bytes_is(field[2], uid);
}

const char *who_name(struct arena *a, unsigned uid)
{
    struct arena scratch = {0};
    struct bytes text = {0}, line, name;
    struct file_stat s;
    char number[16];
    const char *out = NULL;
    snprintf(number, sizeof number, "%u", uid);
    file_read(&scratch, "/etc/passwd", USERS_LIMIT, &text, &s, NULL);
    while (out == NULL && bytes_line(&text, &line))
        out = is_of(line, number, &name) ? text_safe(a, name, WHO_CELLS) : NULL;
    arena_release(&scratch);
    return out != NULL ? out : arena_text(a, "%s", number);
}

struct who who_am_i(struct arena *a)
{
    return (struct who){
        .user = who_name(a, geteuid()),
        .sudo_user = from_environment(a, "SUDO_USER"),
        .login = login(a),
        .tty = terminal(a),
        .ssh = ssh_client(a),
    };
}

const char *who_text(struct arena *a)
{
    struct who w = who_am_i(a);
    return w.sudo_user != NULL ? arena_text(a, "%s as %s", w.sudo_user, w.user) : w.user;
}
