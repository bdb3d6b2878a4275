/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-notify: one message out, one line about it back. Shared by its files. */
#ifndef DAVY_CMD_NOTIFY_H
#define DAVY_CMD_NOTIFY_H

#include "base/json.h"
#include "loop/loop.h"

enum { NOTIFY_LIMIT_MS = 8000, NOTIFY_MOST_MS = 60000, NOTIFY_WORDS = 64, NOTIFY_TOKEN = 128 };
static const size_t NOTIFY_INPUT = 48 << 10; /* less than a pipe takes at once */

enum notify_end { NOTIFY_ARRIVED, NOTIFY_GONE, NOTIFY_LATER, NOTIFY_REFUSED, NOTIFY_UNSURE };

struct notify_answer {
    enum notify_end end;
    const char *message; /* the channel's name of what was made; NULL */
    int64_t wait_ms;     /* the channel asked for so long; 0 */
    struct err err;
};

struct notify { /* what came on standard input; all texts safe, and alive until the end */
    struct arena arena;
    struct loop *loop;
    json_t *root;
    const json_t *message;
    const char *text;            /* of the message; lines */
    const char *edit, *reply_to; /* message ids, digits; NULL */
    const char *chat, *token_file, *ca_file, *api;
    const char *argv[NOTIFY_WORDS + 1]; /* of exec */
    bool silent;
    int64_t limit_ms;
    struct notify_answer answer;
};

/* notify_message.c: false with the sentence. */
bool notify_read(struct notify *n, struct err *e);
/* notify_token.c: from the environment, from the file, from systemd; never in a sentence. */
bool notify_token(struct notify *n, char token[NOTIFY_TOKEN], struct err *e);
void notify_redact(char *text,
                   const char *token); /* the token, whole or its secret half, becomes dots of the same length */
/* notify_telegram.c, notify_exec.c: leave the answer in n->answer and return when it is there. */
void notify_telegram(struct notify *n);
void notify_exec(struct notify *n);
/* notify_help.c */
void notify_help(void);
void notify_manual(void);

#endif
