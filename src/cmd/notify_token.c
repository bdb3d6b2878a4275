/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bot's token: read where only its owner can, held in one buffer, never told. */
#include "cmd/notify.h"

#include "base/file.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAST_SECRET = 20 };
static const char variable[] = "DAVY_TELEGRAM_TOKEN", credential[] = "telegram.token";

/* 123456789:AA...: it becomes a part of an address, so nothing else may be in it. */
static bool is_token(struct bytes t)
{
    size_t colon = bytes_find(t, ":");
    if (colon == 0 || colon == t.len || t.len >= NOTIFY_TOKEN || t.len - colon - 1 < LEAST_SECRET)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        bool digit = t.at[i] >= '0' && t.at[i] <= '9';
        bool letter = (t.at[i] >= 'a' && t.at[i] <= 'z') || (t.at[i] >= 'A' && t.at[i] <= 'Z');
        bool other = letter || t.at[i] == '-' || t.at[i] == '_';
        if (i != colon && !digit && (i < colon || !other))
            return false;
    }
    return true;
}

static bool take(struct bytes raw, const char *from, char token[NOTIFY_TOKEN], struct err *e)
{
    struct bytes t = bytes_trim(raw);
    if (!is_token(t))
        return err_set(e, "%s holds no bot token: expected what @BotFather gave, 123456789:AA...", from);
    memcpy(token, t.at, t.len);
    token[t.len] = '\0';
    return true;
}

/* systemd gives its credentials to a group by an access list that shows as the group's right to read. */
static bool is_private(int fd, bool from_systemd)
{
    struct stat s;
    if (fstat(fd, &s) < 0)
        return false;
    mode_t allowed = from_systemd && s.st_uid == 0 ? 0077 & ~0040u : 0077;
    return (s.st_mode & allowed) == 0 && (s.st_uid == 0 || s.st_uid == geteuid());
}

static bool from_file(struct notify *n, const char *path, bool from_systemd, char token[NOTIFY_TOKEN], struct err *e)
{
    struct file_stat s;
    char text[NOTIFY_TOKEN * 2];
    const char *shown = text_safe(&n->arena, bytes_of(path), 120);
    int fd = file_open(path, &s, e);
    if (fd < 0)
        return err_set(e, "%s cannot be read%s: it should hold the bot's token", shown, s.exists ? "" : ": not there");
    bool closed = is_private(fd, from_systemd);
    ssize_t got = closed ? read(fd, text, sizeof text) : -1;
    close(fd);
    if (!closed)
        return err_set(e, "%s may be read by others: chmod 600 it, and make its owner the user of davy", shown);
    bool good = take((struct bytes){text, got > 0 ? (size_t)got : 0}, shown, token, e);
    explicit_bzero(text, sizeof text);
    return good;
}

bool notify_token(struct notify *n, char token[NOTIFY_TOKEN], struct err *e)
{
    const char *said = getenv(variable), *folder = getenv("CREDENTIALS_DIRECTORY");
    bool good = false;
    if (said != NULL)
        good = take(bytes_of(said), variable, token, e);
    else if (n->token_file != NULL)
        good = from_file(n, n->token_file, false, token, e);
    else if (folder != NULL)
        good = from_file(n, arena_text(&n->arena, "%s/%s", folder, credential), true, token, e);
    else
        err_set(e, "no bot token: name its file in davy.toml (notify.token_file), or set %s", variable);
    unsetenv(variable);
    return good;
}

static void blot(char *text, const char *word)
{
    size_t len = strlen(word);
    for (char *at = text; len > 0 && (at = strstr(at, word)) != NULL; at += len)
        memset(at, '.', len);
}

void notify_redact(char *text, const char *token)
{
    const char *colon = strchr(token, ':');
    blot(text, token);
    blot(text, colon != NULL ? colon + 1 : token);
}
