/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-notify: sends one message and says how it went. */
#include "cmd/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_ARRIVED = 0, EXIT_NOT = 1, EXIT_UNSURE = 2, EXIT_USAGE = 3 };

static const struct {
    const char *name;
    int code;
} ends[] = {
    [NOTIFY_ARRIVED] = {"arrived", EXIT_ARRIVED}, [NOTIFY_GONE] = {"gone", EXIT_ARRIVED},
    [NOTIFY_LATER] = {"later", EXIT_NOT},         [NOTIFY_REFUSED] = {"refused", EXIT_NOT},
    [NOTIFY_UNSURE] = {"unsure", EXIT_UNSURE},
};

/* A core would hold the token. */
static void keep_secrets(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static int tell(const struct notify_answer *answer)
{
    json_t *o = json_pack("{s:s, s:o, s:I, s:o}", "end", ends[answer->end].name, "message",
                          json_from_text(answer->message), "wait_ms", (json_int_t)answer->wait_ms, "error",
                          answer->err.text[0] != '\0' ? json_string(answer->err.text) : json_null());
    char *line = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    bool told = line != NULL && puts(line) >= 0 && fflush(stdout) == 0;
    free(line);
    return told ? ends[answer->end].code : EXIT_USAGE;
}

static int fail(const struct err *e)
{
    fprintf(stderr, "davy-notify: %s\n", e->text);
    return EXIT_USAGE;
}

static int send_it(void)
{
    struct notify n = {.answer = {.end = NOTIFY_LATER}};
    struct err e = {""};
    bool good = notify_read(&n, &e) && (n.loop = loop_open(&e)) != NULL;
    if (good && n.argv[0] != NULL)
        notify_exec(&n);
    else if (good)
        notify_telegram(&n);
    int code = good ? tell(&n.answer) : fail(&e);
    loop_close(n.loop);
    json_decref(n.root);
    arena_release(&n.arena);
    return code;
}

int main(int argc, char **argv)
{
    struct err e;
    const char *word = argc > 1 ? argv[1] : NULL;
    keep_secrets();
    alarm(NOTIFY_MOST_MS / 1000 + 10); /* whatever hangs, be it the reading: this process ends */
    if (word == NULL)
        return send_it();
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        notify_help();
    else if (strcmp(word, "--version") == 0)
        puts("davy-notify " DAVY_VERSION);
    else if (strcmp(word, "manual") == 0)
        notify_manual();
    else {
        err_set(&e, "the message comes on standard input, and there are no options that send: davy-notify --help");
        return fail(&e);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_ARRIVED : EXIT_USAGE;
}
