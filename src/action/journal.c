/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/journal.h"

#include "action/own.h"
#include "base/timetext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHORTEN_AT = 1 << 20, LIMIT = 64 << 20, KEPT_EVENTS = 1000, NAME = 96 };
static const char path[] = "state/davy/alerts.jsonl", lock_path[] = "state/davy/alerts.lock",
                  new_path[] = "state/davy/alerts.jsonl.new", because[] = "without it davy cannot remember alerts";

static const char *name_of(const char *of_path)
{
    return strrchr(of_path, '/') + 1;
}

static bool cannot(struct err *e, const char *what)
{
    own_cannot(e, path, what, because);
    return false;
}

/* ---- bytes ---- */

static bool write_all(int fd, struct bytes text)
{
    while (text.len > 0) {
        ssize_t put = write(fd, text.at, text.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            errno = put == 0 ? ENOSPC : errno;
            return false;
        }
        text = bytes_from(text, (size_t)put);
    }
    return true;
}

static bool read_all(struct journal *j, struct bytes *out, struct err *e)
{
    struct stat s;
    if (fstat(j->fd, &s) < 0)
        return cannot(e, "read");
    if (s.st_size > LIMIT)
        return err_set(e, "%s is larger than davy ever makes it: move it away", path);
    char *text = arena_alloc(&j->arena, (size_t)s.st_size + 1);
    size_t got = 0;
    while (got < (size_t)s.st_size) {
        ssize_t n = pread(j->fd, text + got, (size_t)s.st_size - got, (off_t)got);
        if (n < 0 && errno != EINTR)
            return cannot(e, "read");
        if (n == 0)
            break;
        got += n > 0 ? (size_t)n : 0;
    }
    *out = (struct bytes){text, got};
    return true;
}

/* ---- the whole file anew ---- */

/* A file of davy's own, with this in it and on the disk. What an earlier davy left of that name is nobody's. */
static int make_file(int folder, const char *of_path, struct bytes text, struct err *e)
{
    unlinkat(folder, name_of(of_path), 0);
    int fd = own_file(folder, of_path, because, e);
    if (fd < 0)
        return -1;
    if (write_all(fd, text) && fsync(fd) == 0)
        return fd;
    own_cannot(e, of_path, "written", because);
    close(fd);
    unlinkat(folder, name_of(of_path), 0);
    return -1;
}

/* Until this works, nothing that is written into a new file is sure to be found again. */
static bool sync_folder(struct journal *j)
{
    j->unsure = fsync(j->folder) < 0;
    return !j->unsure;
}

static bool replace(struct journal *j, struct bytes text, struct err *e)
{
    int fd = make_file(j->folder, new_path, text, e);
    if (fd < 0)
        return false;
    if (renameat(j->folder, name_of(new_path), j->folder, name_of(path)) < 0) {
        cannot(e, "replaced");
        close(fd);
        return false;
    }
    close(j->fd);
    j->fd = fd;
    j->size = (off_t)text.len;
    return true;
}

/* What the disk has now is read again: sums and state begin anew with it. */
static bool shorten(struct journal *j, struct err *e)
{
    struct bytes text = book_short(&j->arena, &j->book, KEPT_EVENTS);
    if (!replace(j, text, e))
        return false;
    book_read(&j->arena, text, &j->book);
    j->shorten_at = text.len * 2 > SHORTEN_AT ? text.len * 2 : SHORTEN_AT;
    return sync_folder(j) || cannot(e, "replaced");
}

/* ---- damage ---- */

static void forget_quiet(struct journal *j)
{
    struct incidents *s = &j->book.state;
    struct incident *row = arena_array(&j->arena, s->count, sizeof *row);
    for (size_t i = 0; i < s->count; i++) {
        row[i] = s->row[i];
        row[i].ack = (struct ack){0};
        row[i].silenced = false;
    }
    s->row = row;
    s->silence_count = 0;
}

/* A line that says what became of them may be among those that were damaged. */
static void doubt_letters(struct journal *j)
{
    struct mail *m = &j->book.mail;
    struct letter *letter = arena_array(&j->arena, m->letters, sizeof *letter);
    for (size_t i = 0; i < m->letters; i++) {
        letter[i] = m->letter[i];
        letter[i].repeat = letter[i].kind != LETTER_EDIT;
    }
    m->letter = letter;
}

static bool put_aside(struct journal *j, struct bytes text, int64_t now_ms, struct err *e)
{
    char aside[NAME], time[TIME_TEXT];
    time_iso(time, now_ms);
    for (char *c = time; *c != '\0'; c++)
        *c = *c == ':' ? '-' : *c;
    snprintf(aside, sizeof aside, "%s.damaged-%s", path, time);
    int fd = make_file(j->folder, aside, text, e);
    if (fd < 0)
        return false;
    close(fd);
    forget_quiet(j);
    doubt_letters(j);
    unsigned line = j->book.line;
    if (!shorten(j, e))
        return false;
    err_set(&j->notice, "%s line %u was damaged: the file is kept as %s; acks and silences must be made again", path,
            line, name_of(aside));
    return true;
}

static bool cut_off(struct journal *j, struct err *e)
{
    if (ftruncate(j->fd, (off_t)j->book.whole) < 0 || fsync(j->fd) < 0)
        return cannot(e, "written");
    j->size = (off_t)j->book.whole;
    return true;
}

/* ---- opening ---- */

static bool read_book(struct journal *j, int64_t now_ms, struct err *e)
{
    struct bytes text;
    if (!read_all(j, &text, e))
        return false;
    book_read(&j->arena, text, &j->book);
    j->size = (off_t)text.len;
    j->shorten_at = SHORTEN_AT;
    j->unsure = text.len == 0; /* it was made just now */
    if (j->book.health == BOOK_TORN)
        return cut_off(j, e);
    return j->book.health == BOOK_GOOD || put_aside(j, text, now_ms, e);
}

static bool lock(struct journal *j, struct err *e)
{
    j->lock_fd = own_file(j->folder, lock_path, because, e);
    if (j->lock_fd < 0)
        return false;
    if (flock(j->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    j->busy = errno == EWOULDBLOCK;
    return err_set(e, "another davy is changing %s right now: try again", path);
}

bool journal_open(struct journal *j, const char *dir, int64_t now_ms, struct err *e)
{
    *j = (struct journal){.folder = own_folder(dir, because, e), .lock_fd = -1, .fd = -1};
    if (j->folder >= 0 && lock(j, e)) {
        j->fd = own_file(j->folder, path, because, e);
        if (j->fd >= 0 && read_book(j, now_ms, e))
            return true;
    }
    journal_close(j);
    return false;
}

void journal_close(struct journal *j)
{
    for (int i = 0, fd[] = {j->fd, j->lock_fd, j->folder}; i < 3; i++)
        if (fd[i] >= 0)
            close(fd[i]);
    arena_release(&j->arena);
    j->folder = j->lock_fd = j->fd = -1;
}

/* ---- a change ---- */

/* After a failure there must be nothing of the line, or the next one would follow upon half of it. */
static bool take_back(struct journal *j, struct err *e)
{
    cannot(e, "written");
    if (ftruncate(j->fd, j->size) < 0 || fsync(j->fd) < 0)
        err_set(e, "%s cannot be written, and what is half written not be taken back; look at the disk", path);
    return false;
}

static void accept(struct journal *j, struct bytes line)
{
    book_add(&j->arena, line, &j->book); /* as the next davy will read it: what was confirmed is what it sees */
    j->size += (off_t)line.len;
}

static bool put_line(struct journal *j, struct bytes line, struct err *e)
{
    struct err ignored;
    if (!write_all(j->fd, line) || fsync(j->fd) < 0 || (j->unsure && !sync_folder(j)))
        return take_back(j, e);
    accept(j, line);
    if ((size_t)j->size >= j->shorten_at && !shorten(j, &ignored))
        j->shorten_at = (size_t)j->size * 2; /* what was told is confirmed already; later then */
    return true;
}

bool journal_commit(struct journal *j, const struct incidents *after, const struct incident_event *event, size_t count,
                    struct err *e)
{
    uint64_t sum = j->book.sum;
    struct bytes line = book_line(&j->arena, &sum, &j->book.state, after, event, count);
    return line.len == 0 || put_line(j, line, e);
}

bool journal_post(struct journal *j, const struct mail *after, const struct incidents *now, struct err *e)
{
    uint64_t sum = j->book.sum;
    return mail_equal(&j->book.mail, after) || put_line(j, book_mail_line(&j->arena, &sum, after, now), e);
}
