/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alert engine as a filter: timelines in, states and events out, one line a step. Whenever a step says restart, the
 * state is forgotten and read again from the journal's text, as a davy that was started anew would do.
 *
 *   R rule for_ms clear_ms min_samples off cause,cause|-   one line a rule
 *   S wall_ms boot_ms boot_id restart blind,blind,...      a step begins
 *   X rule subject|. enter hold unknown stamp              a sample of it, in order
 *   A number until_ms|-   Q rule subject|.|* until_ms|-   U id     what people do after it
 *   E                                                      it is made
 *   Z                                                      the timeline ends */
#include "base/timetext.h"
#include "model/book.h"
#include "rule/care.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, WORD = 40 };

struct line {
    struct arena arena; /* of the timeline */
    struct incidents state;
    struct terms terms[MOST];
    bool blind[MOST];
    size_t terms_count;
    struct sample sample[MOST];
    size_t sample_count;
    char op[MOST][200];
    size_t ops;
    struct engine_now now;
    bool restart;
    char *journal;
    size_t size;
    uint64_t sum;
};

static void begin(struct line *l)
{
    struct book empty;
    arena_reset(&l->arena);
    book_read(&l->arena, (struct bytes){"", 0}, &empty);
    l->state = incidents_none;
    l->sum = empty.sum;
    l->size = 0;
    l->terms_count = 0;
}

static const char *word(struct line *l, const char *w)
{
    return strcmp(w, ".") == 0 ? "" : strcmp(w, "*") == 0 ? NULL : arena_text(&l->arena, "%s", w);
}

static void add_terms(struct line *l, const char *text)
{
    char rule[WORD], causes[WORD * 3];
    long long wait, clear, least;
    int off;
    if (sscanf(text, "R %39s %lld %lld %lld %d %119s", rule, &wait, &clear, &least, &off, causes) != 6)
        abort();
    struct terms *t = &l->terms[l->terms_count++];
    *t = (struct terms){word(l, rule), wait, clear, least, {NULL}, off};
    int n = 0;
    for (char *c = strtok(causes, ","); c != NULL && strcmp(c, "-") != 0; c = strtok(NULL, ","))
        t->because[n++] = word(l, c);
}

static void begin_step(struct line *l, const char *text)
{
    char id[WORD], blind[MOST * 2];
    long long wall, boot;
    int restart;
    if (sscanf(text, "S %lld %lld %39s %d %127s", &wall, &boot, id, &restart, blind) != 5)
        abort();
    l->now = (struct engine_now){wall, boot, word(l, id)};
    l->restart = restart;
    for (size_t i = 0; i < l->terms_count; i++)
        l->blind[i] = blind[2 * i] == '1';
    l->sample_count = l->ops = 0;
}

static void add_sample(struct line *l, const char *text)
{
    char rule[WORD], subject[WORD];
    int enter, hold, unknown;
    long long stamp;
    if (sscanf(text, "X %39s %39s %d %d %d %lld", rule, subject, &enter, &hold, &unknown, &stamp) != 6)
        abort();
    l->sample[l->sample_count++] = (struct sample){.rule = word(l, rule),
                                                   .subject = word(l, subject),
                                                   .enter = (enum severity)enter,
                                                   .hold = (enum severity)hold,
                                                   .unknown = unknown,
                                                   .stamp = stamp,
                                                   .what = "x",
                                                   .value_text = "",
                                                   .limit_text = ""};
}

/* The journal grows, and the state is the new one. */
static void accept(struct line *l, const struct engine_out *out)
{
    struct bytes add = book_line(&l->arena, &l->sum, &l->state, &out->state, out->event, out->event_count);
    l->journal = realloc(l->journal, l->size + add.len + 1);
    if (add.len > 0)
        memcpy(l->journal + l->size, add.at, add.len);
    l->size += add.len;
    l->state = out->state;
}

static void print_events(const struct engine_out *out)
{
    for (size_t i = 0; i < out->event_count; i++) {
        const struct incident_event *e = &out->event[i];
        printf(" %s:%s/%s:%lld:%d:%d", incident_event_name(e->kind), e->rule, e->subject ? e->subject : "*",
               (long long)e->number, e->severity, e->told);
    }
}

static int64_t shown(int64_t v)
{
    return v == NOT_KNOWN ? -1 : v;
}

static void print_row(const struct incident *i)
{
    printf(" %s/%s=%s,%d,%d,%d%d%d%d,%lld,%lld,%lld,%lld,%lld,%lld:%lld:%lld,%lld,%lld,%lld", i->rule, i->subject,
           incident_state_name(i->state), i->severity, i->told, i->unknown, i->hidden, i->silenced, i->flapping,
           (long long)i->number, (long long)shown(i->since_ms), (long long)shown(i->from), (long long)i->done,
           (long long)i->samples, (long long)shown(i->tell[0]), (long long)shown(i->tell[1]),
           (long long)shown(i->tell[2]), (long long)shown(i->changed), (long long)i->changes,
           (long long)(i->ack.who ? i->ack.until : -1));
}

static int64_t until_of(const char *text)
{
    return *text == '-' ? NOT_KNOWN : strtoll(text, NULL, 10);
}

static void operate(struct line *l, const char *text)
{
    char one[WORD] = "", two[WORD] = "", three[WORD] = "";
    struct engine_out out = {.state = l->state};
    struct err e;
    struct care c = {.who = "somebody", .why = "why", .until_ms = NOT_KNOWN};
    sscanf(text + 1, " %39s %39s %39s", one, two, three);
    bool done = false;
    if (*text == 'A') {
        c.until_ms = until_of(two);
        done = care_ack(&l->arena, &l->state, strtoll(one, NULL, 10), &c, &out, &e);
    } else if (*text == 'Q') {
        c.until_ms = until_of(three);
        done = care_silence(&l->arena, &l->state, word(l, one), word(l, two), &c, &out, &e);
    } else {
        done = care_unsilence(&l->arena, &l->state, strtoll(one, NULL, 10), &c, &out, &e);
    }
    printf(" %c%d", *text, done);
    if (done)
        accept(l, &out);
}

static void make_step(struct line *l)
{
    struct book book;
    if (l->restart) {
        book_read(&l->arena, (struct bytes){l->journal, l->size}, &book);
        l->state = book.state;
        if (book.health != BOOK_GOOD || book.whole != l->size)
            abort();
    }
    struct engine_in in = {l->terms, l->blind, l->terms_count, l->sample, l->sample_count, l->now};
    struct engine_out out = engine_step(&l->arena, &l->state, &in);
    print_events(&out);
    accept(l, &out);
    for (size_t i = 0; i < l->ops; i++)
        operate(l, l->op[i]);
    printf(" |%lld", (long long)l->state.clock);
    for (size_t i = 0; i < l->state.count; i++)
        print_row(&l->state.row[i]);
    for (size_t i = 0; i < l->state.silence_count; i++)
        printf(" S%lld:%lld", (long long)l->state.silence[i].id, (long long)l->state.silence[i].until);
    putchar('\n');
}

int main(void)
{
    struct line l = {.journal = NULL};
    char *text = NULL;
    size_t room = 0;
    begin(&l);
    while (getline(&text, &room, stdin) > 0) {
        if (*text == 'R')
            add_terms(&l, text);
        else if (*text == 'S')
            begin_step(&l, text);
        else if (*text == 'X')
            add_sample(&l, text);
        else if (*text == 'E')
            make_step(&l);
        else if (*text == 'Z')
            begin(&l);
        else
            snprintf(l.op[l.ops++], sizeof l.op[0], "%s", text);
    }
    free(text);
    free(l.journal);
    arena_release(&l.arena);
    return 0;
}
