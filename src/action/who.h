/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who sits at the keyboard, for the audit log. */
#ifndef DAVY_ACTION_WHO_H
#define DAVY_ACTION_WHO_H

#include "base/arena.h"

struct who {
    const char *user;      /* whose rights davy has: its name, or its number */
    const char *sudo_user; /* who called sudo; NULL */
    const char *login;     /* who logged in, as the kernel's audit knows it (number); NULL */
    const char *tty;       /* NULL: none */
    const char *ssh;       /* address of the ssh client; NULL */
};
struct who who_am_i(struct arena *a);
const char *who_text(struct arena *a); /* "root", "alice as root" */
/* As /etc/passwd has it, or the number: a name service would load code into davy. */
const char *who_name(struct arena *a, unsigned uid);

#endif
