/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_wallet.h"

#include "base/file.h"
#include "cmd/mine_password.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct locked { /* a run of locked bytes; .at NULL: none */
    uint8_t *at;
    size_t len;
};

bool mine_guard_secrets(struct err *e)
{
    struct rlimit none = {0, 0};
    if (sodium_init() < 0)
        return err_set(e, "libsodium does not start: is /dev/urandom there?");
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
        return err_set(e, "cannot forbid core dumps: %s", strerror(errno));
    return true;
}

const char *mine_wallet_path(struct arena *a, const char *directory, const char *name, const char *hotkey)
{
    const char *home = getenv("HOME");
    bool tilde = directory[0] == '~' && (directory[1] == '/' || !directory[1]) && home;
    return arena_text(a, "%s%s/%s/hotkeys/%s", tilde ? home : "", tilde ? directory + 1 : directory, name, hotkey);
}

static bool is_private(int fd, const char *path, struct err *e)
{
    struct stat s;
    if (fstat(fd, &s) != 0)
        return err_set(e, "%s: %s", path, strerror(errno));
    if (s.st_uid != geteuid() && s.st_uid != 0)
        return err_set(e, "%s belongs to another user: chown it to who runs davy-mine", path);
    if (s.st_mode & (S_IRWXG | S_IRWXO))
        return err_set(e, "%s holds a secret and others may read or write it: chmod 600 it", path);
    return true;
}

static bool read_all(int fd, struct locked *out)
{
    for (size_t at = 0; at < out->len;) {
        ssize_t n = read(fd, out->at + at, out->len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

static bool read_locked(const char *path, struct locked *out, struct err *e)
{
    struct file_stat s;
    int fd = file_open(path, &s, e);
    bool ok = fd >= 0 && is_private(fd, path, e);
    if (ok && (s.size <= 0 || s.size > WALLET_LARGEST))
        ok = err_set(e, "%s is no wallet file: it has %lld bytes", path, (long long)s.size);
    if (ok && !(out->at = sodium_malloc((size_t)s.size)))
        ok = err_set(e, "no locked memory for the wallet: raise ulimit -l");
    if (ok) {
        out->len = (size_t)s.size;
        ok = read_all(fd, out) || err_set(e, "%s changed while it was read: try again", path);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool decrypt(const char *path, struct locked *file, struct err *e)
{
    struct locked plain = {sodium_malloc(file->len), 0};
    size_t len = 0;
    uint8_t *password = mine_password(path, &len, e);
    bool ok = plain.at && password &&
              wallet_decrypt((struct bytes){(char *)file->at, file->len}, (struct bytes){(char *)password, len},
                             plain.at, &plain.len, e);
    sodium_free(password);
    if (!ok) {
        sodium_free(plain.at);
        return false;
    }
    sodium_free(file->at);
    *file = plain;
    return true;
}

static bool make_plain(const char *path, struct locked *file, struct err *e)
{
    enum wallet_kind kind = wallet_kind_of((struct bytes){(char *)file->at, file->len});
    if (kind == WALLET_LEGACY)
        return err_set(e, "%s is encrypted in an old way: open it once with btcli, which writes it anew", path);
    return kind == WALLET_PLAIN || decrypt(path, file, e);
}

struct wallet *mine_wallet_open(const char *path, struct err *e)
{
    struct locked file = {0};
    struct wallet *w = sodium_malloc(sizeof *w);
    bool ok = w || err_set(e, "no locked memory for the key: raise ulimit -l");
    ok = ok && read_locked(path, &file, e) && make_plain(path, &file, e) &&
         wallet_read((struct bytes){(char *)file.at, file.len}, path, w, e);
    sodium_free(file.at);
    if (ok)
        return w;
    sodium_free(w);
    return NULL;
}

bool mine_wallet_public(const char *path, uint8_t account[SR25519_KEY])
{
    struct arena a = {0};
    struct bytes text;
    struct file_stat s;
    struct wallet w;
    bool ok = file_read(&a, arena_text(&a, "%spub.txt", path), WALLET_LARGEST, &text, &s, NULL) &&
              wallet_read(text, path, &w, NULL);
    if (ok)
        memcpy(account, w.public_key, SR25519_KEY);
    arena_release(&a);
    return ok;
}

void mine_wallet_close(struct wallet *w)
{
    sodium_free(w);
}
