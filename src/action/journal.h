/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state/davy/alerts.jsonl: the alert engine's memory on disk. Whoever changes it holds the lock state/davy/alerts.lock for
 * that moment; whoever only looks reads the file without one. A change is on the disk (fsync) before it is confirmed.
 *
 * A last line without its end was never confirmed: it is cut off. Anything else that is not what was written puts the whole
 * file aside as alerts.jsonl.damaged-TIME; the incidents of the lines before the damage are kept, acks and silences are not:
 * rather told once too often than not at all. */
#ifndef DAVY_ACTION_JOURNAL_H
#define DAVY_ACTION_JOURNAL_H

#include "model/book.h"

#include <sys/types.h>

struct journal {
    int folder, lock_fd, fd; /* -1: closed */
    bool unsure;             /* whether the folder's entry is on the disk */
    bool busy;               /* it was not opened because somebody else changes it right now: try again */
    struct arena arena;
    struct book book; /* its state is the newest confirmed one */
    off_t size;
    size_t shorten_at; /* bytes from which on it is written anew with the newest events only */
    struct err notice; /* what was found wrong with the file and repaired; "" */
};

bool journal_open(struct journal *j, const char *dir, int64_t now_ms, struct err *e);
/* Puts what became of book.state, and the events that came with it, on the disk. false: nothing is confirmed, and book.state
 * is the one before. after may live in any arena. */
bool journal_commit(struct journal *j, const struct incidents *after, const struct incident_event *event, size_t count,
                    struct err *e);
/* The same with book.mail: letters are on the disk before anybody sends them. now: the state with the clock of now; NULL:
 * not known here. */
bool journal_post(struct journal *j, const struct mail *after, const struct incidents *now, struct err *e);
void journal_close(struct journal *j);

#endif
