/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of state/davy/alerts.jsonl, without the file. A line is one change of the engine's state and the events that
 * came with it: whole or not at all. Each begins with the checksum of itself and of all lines before it, so nothing in the
 * middle can be changed, lost or put in unnoticed. Pure. */
#ifndef DAVY_MODEL_BOOK_H
#define DAVY_MODEL_BOOK_H

#include "model/incidents.h"
#include "model/mail.h"

enum book_health {
    BOOK_GOOD,
    BOOK_TORN,   /* the last line has no end: whoever wrote it never confirmed it */
    BOOK_DAMAGED /* a line is not what was written; the state is that of the lines before it */
};

struct book_room { /* what state and event point into, with room for more */
    struct incident *row;
    struct silence *silence;
    struct incident_event *event;
    size_t rows, silences, events;
};
struct book {
    struct incidents state;             /* a copy of it changes with the next book_add() */
    const struct incident_event *event; /* oldest first */
    size_t event_count;
    int64_t events_before; /* that the file has no more: event[0] is the book's event of this number, from 0 */
    struct mail mail;
    enum book_health health;
    size_t whole;  /* bytes of the lines that are good */
    unsigned line; /* the damaged one, from 1 */
    uint64_t sum;  /* of the last good line */
    struct book_room room;
};
/* Any bytes give a book. */
void book_read(struct arena *a, struct bytes text, struct book *out);
/* More lines of the same book; whole counts them too. */
void book_add(struct arena *a, struct bytes text, struct book *b);

/* The line that leads from one state to another, with its \n; sum: of the line before it, becomes its own. Empty when
 * nothing differs but the clock, and nothing happened. */
struct bytes book_line(struct arena *a, uint64_t *sum, const struct incidents *before, const struct incidents *after,
                       const struct incident_event *event, size_t event_count);
/* The line that makes the mail this one, and the clock that of now (NULL: it stays): letters wait by it, also where no
 * incident ever changed. */
struct bytes book_mail_line(struct arena *a, uint64_t *sum, const struct mail *after, const struct incidents *now);
/* A new book with the same state and mail, and its newest events; all that nobody was told of yet are among them. */
struct bytes book_short(struct arena *a, const struct book *b, size_t most_events);

#endif
