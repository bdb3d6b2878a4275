/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alert journal: any bytes give a book; what is taken is taken whole, can be read again to the same, and a line that is
 * appended to it, or the whole written anew, leads to the same state. */
#include "model/book.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static bool same_rows(const struct incidents *a, const struct incidents *b)
{
    bool same = a->count == b->count && a->silence_count == b->silence_count && a->next_number == b->next_number;
    for (size_t i = 0; same && i < a->count; i++) {
        json_t *x = incident_to_json(&a->row[i]), *y = incident_to_json(&b->row[i]);
        same = json_equal(x, y);
        json_decref(x);
        json_decref(y);
    }
    return same;
}

static void check_order(const struct incidents *s)
{
    for (size_t i = 1; i < s->count; i++)
        demand(incident_compare(s->row[i - 1].rule, s->row[i - 1].subject, &s->row[i]) < 0);
}

/* The good part alone is a good book. */
static void check_whole(struct arena *a, struct bytes text, const struct book *b)
{
    struct book again;
    demand(b->whole <= text.len);
    book_read(a, (struct bytes){text.at, b->whole}, &again);
    demand(again.health == BOOK_GOOD && again.whole == b->whole && again.sum == b->sum);
    demand(again.event_count == b->event_count && same_rows(&again.state, &b->state));
}

static void check_short(struct arena *a, const struct book *b)
{
    struct book again;
    struct bytes text = book_short(a, b, 10);
    book_read(a, text, &again);
    demand(again.health == BOOK_GOOD && again.whole == text.len);
    demand(again.event_count <= 100 && same_rows(&again.state, &b->state)); /* ten, and what nobody was told of */
    demand(mail_equal(&again.mail, &b->mail));
}

/* What is taken as a mail is the same after a while on disk. */
static void check_mail(struct arena *a, struct bytes text)
{
    struct mail m, again;
    json_t *o = json_read(text, "mail", NULL);
    if (o != NULL && mail_from_json(a, o, &m)) {
        json_t *back = mail_to_json(&m);
        demand(mail_from_json(a, back, &again) && mail_equal(&m, &again));
        json_decref(back);
    }
    json_decref(o);
}

/* Checksums are no guess of a fuzzer's: a good line is made of what the bytes say, and then spoilt at one place. */
static void check_spoilt(struct arena *a, const struct book *b, const uint8_t *data, size_t size)
{
    struct bytes text = book_short(a, b, 10);
    char *bad = arena_copy(a, text);
    struct book read;
    size_t at = ((size_t)data[0] << 8 | data[size - 1]) % (text.len > 0 ? text.len : 1);
    if (text.len == 0 || bad[at] == (char)data[size / 2])
        return;
    bad[at] = (char)data[size / 2];
    book_read(a, (struct bytes){bad, text.len}, &read);
    demand(read.health != BOOK_GOOD && read.whole < text.len);
}

static struct incidents made_of(struct arena *a, const uint8_t *data, size_t size)
{
    struct incidents s = incidents_none;
    struct incident *row = arena_array(a, size, sizeof *row);
    for (size_t i = 0; i < size && i < 20; i++)
        row[i] = (struct incident){.rule = arena_text(a, "rule_%02zu", i),
                                   .subject = arena_text(a, "%c", 'a' + data[i] % 26),
                                   .state = (enum incident_state)(1 + data[i] % 3),
                                   .severity = (enum severity)(1 + data[i] / 3 % 3),
                                   .number = data[i] % 3 == 0 ? 0 : (int64_t)i + 1,
                                   .what = "",
                                   .value_text = "",
                                   .limit_text = ""};
    s.row = row;
    s.count = size < 20 ? size : 20;
    s.next_number = 100;
    s.boot_id = "b";
    s.wall_ms = s.boot_ms = 1;
    return s;
}

static void check_made(struct arena *a, const uint8_t *data, size_t size)
{
    struct incidents state = made_of(a, data, size);
    struct book b, none;
    book_read(a, (struct bytes){"", 0}, &none);
    uint64_t sum = none.sum;
    struct bytes line = book_line(a, &sum, &none.state, &state, NULL, 0);
    book_read(a, line, &b);
    demand(b.health == BOOK_GOOD && b.sum == sum && b.state.count == state.count);
    check_short(a, &b);
    check_spoilt(a, &b, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes text = {(const char *)data, size};
    struct book b;
    book_read(&a, text, &b);
    check_order(&b.state);
    check_whole(&a, text, &b);
    check_short(&a, &b);
    check_mail(&a, text);
    if (size > 0)
        check_made(&a, data, size);
    arena_release(&a);
    return 0;
}
