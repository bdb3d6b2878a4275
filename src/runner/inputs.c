/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a job wants: the node fetches them, never the job, and only from where its owner allows. */
#include "runner/place.h"
#include "runner/runner_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { REDIRECTS = 3, MOST_MB = 1024, LIMIT_MS = 600000 };

/* ---- may it be asked? ---- */

static bool host_fits(struct bytes host, const char *pattern)
{
    if (strncmp(pattern, "*.", 2) != 0)
        return host.len == strlen(pattern) && strncasecmp(host.at, pattern, host.len) == 0;
    size_t len = strlen(pattern + 1);
    return host.len > len && strncasecmp(host.at + host.len - len, pattern + 1, len) == 0;
}

/* Whatever stands before the path; a name with a password in it is nobody's. */
static struct bytes host_of(const char *url)
{
    const char *at = strstr(url, "://");
    at = at ? at + 3 : url;
    size_t len = strcspn(at, "/?#\\");
    struct bytes host = {at, len};
    if (memchr(at, '@', len) || !len)
        return (struct bytes){at, 0};
    if (*at == '[')
        return (struct bytes){at, strcspn(at, "]") + 1};
    host.len = strcspn(at, ":/?#\\");
    return host;
}

static bool is_allowed(const struct runner_wanted *w, const char *url)
{
    struct bytes host = host_of(url);
    bool scheme = strncmp(url, "https://", 8) == 0 || (w->plain && strncmp(url, "http://", 7) == 0);
    for (size_t i = 0; scheme && host.len && i < w->host_count; i++)
        if (host_fits(host, w->hosts[i]))
            return true;
    return false;
}

/* ---- fetching ---- */

static bool on_part(void *ctx, int status, struct bytes piece)
{
    struct runner_wanted *w = &((struct runner *)ctx)->wanted;
    w->got += (int64_t)piece.len;
    if (status != 200)
        return w->got < 1 << 16; /* of an error nobody wants to see more */
    crypto_hash_sha256_update(&w->hash, (const unsigned char *)piece.at, piece.len);
    return w->got <= w->most && write(w->file, piece.at, piece.len) == (ssize_t)piece.len;
}

static void close_file(struct runner_wanted *w)
{
    if (w->file >= 0)
        close(w->file);
    w->file = -1;
}

static bool is_same(struct runner_wanted *w)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char got[sizeof hash * 2 + 1];
    crypto_hash_sha256_final(&w->hash, hash);
    sodium_bin2hex(got, sizeof got, hash, sizeof hash);
    const char *wanted = w->input[w->at].sha256;
    return !wanted || strcasecmp(got, wanted) == 0;
}

static void ask(struct runner *r, const char *url);

static void on_answer(void *ctx, const struct fetch_answer *answer)
{
    struct runner *r = ctx;
    struct runner_wanted *w = &r->wanted;
    char why[200];
    w->fetch = NULL;
    if (answer->arrived && answer->redirect && w->redirects++ < REDIRECTS) {
        ask(r, answer->redirect);
        return;
    }
    if (w->got > w->most)
        snprintf(why, sizeof why, "input %zu is larger than %lld MB", w->at + 1, (long long)(w->most >> 20));
    else if (!answer->arrived)
        snprintf(why, sizeof why, "input %zu could not be fetched", w->at + 1);
    else if (answer->status != 200)
        snprintf(why, sizeof why, "input %zu could not be fetched: HTTP %d", w->at + 1, answer->status);
    else if (!is_same(w))
        snprintf(why, sizeof why, "input %zu is not what its sha256 says", w->at + 1);
    else {
        w->at++;
        inputs_fetch(r);
        return;
    }
    runner_finish(r, E_INPUT, why);
}

static void ask(struct runner *r, const char *url)
{
    struct runner_wanted *w = &r->wanted;
    struct err e;
    char why[100];
    struct fetch_request q = {
        .url = url, .limit_ms = LIMIT_MS, .part = on_part, .plain = w->plain, .public_only = !w->private_ok};
    w->got = 0;
    crypto_hash_sha256_init(&w->hash);
    if (!is_allowed(w, url)) {
        snprintf(why, sizeof why, "input %zu is at an address that is not allowed here", w->at + 1);
        runner_finish(r, E_DENY, why);
    } else if (!(w->fetch = fetch_start(r->fetcher, &q, on_answer, r, &e))) {
        snprintf(why, sizeof why, "input %zu has an address that cannot be asked", w->at + 1);
        runner_finish(r, E_INPUT, why);
    }
}

/* The next one that is not here yet. */
void inputs_fetch(struct runner *r)
{
    struct runner_wanted *w = &r->wanted;
    close_file(w);
    while (w->at < w->count && !w->input[w->at].url)
        w->at++;
    if (w->at == w->count) {
        runner_go_on(r);
        return;
    }
    w->redirects = 0;
    w->file = openat(w->folder, w->input[w->at].name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (w->file < 0)
        runner_finish(r, E_DISK, "an input cannot be written");
    else
        ask(r, w->input[w->at].url);
}

/* ---- all of them ---- */

static bool write_inline(int folder, const struct job_input *in, struct err *e)
{
    int fd = openat(folder, in->name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, in->text.at, in->text.len) == (ssize_t)in->text.len;
    if (fd >= 0)
        close(fd);
    return good || err_set(e, "an input cannot be written: %s", strerror(errno));
}

static const char *kept(struct arena *a, const char *text)
{
    return text ? arena_copy(a, bytes_of(text)) : NULL;
}

static void copy_wanted(struct runner *r, const struct runner_options *o, const struct job *job)
{
    struct runner_wanted *w = &r->wanted;
    struct job_input *in = arena_array(&r->a, job->inputs + 1, sizeof *in);
    const char **host = arena_array(&r->a, o->inputs.host_count + 1, sizeof *host);
    for (size_t i = 0; i < job->inputs; i++)
        in[i] = (struct job_input){.name = kept(&r->a, job->input[i].name),
                                   .url = kept(&r->a, job->input[i].url),
                                   .sha256 = kept(&r->a, job->input[i].sha256)};
    for (size_t i = 0; i < o->inputs.host_count; i++)
        host[i] = kept(&r->a, o->inputs.hosts[i]);
    w->input = in;
    w->count = job->inputs;
    w->hosts = host;
    w->host_count = o->inputs.host_count;
    w->plain = o->inputs.plain;
    w->private_ok = o->inputs.private_ok;
    w->most = (o->inputs.most_mb > 0 ? o->inputs.most_mb : MOST_MB) << 20;
}

bool inputs_begin(struct runner *r, const struct runner_options *o, const struct job *job, const char *folder,
                  struct err *e)
{
    struct place place;
    bool good = true;
    if (!place_open(folder, &place, e))
        return false;
    copy_wanted(r, o, job);
    for (size_t i = 0; good && i < job->inputs; i++)
        good = job->input[i].url || write_inline(place.input, &job->input[i], e);
    r->wanted.folder = good ? fcntl(place.input, F_DUPFD_CLOEXEC, 0) : -1;
    place_close(&place);
    return good;
}

void inputs_close(struct runner *r)
{
    struct runner_wanted *w = &r->wanted;
    fetch_cancel(w->fetch);
    w->fetch = NULL;
    close_file(w);
    if (w->folder >= 0)
        close(w->folder);
    w->folder = -1;
}
