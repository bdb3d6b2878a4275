/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/book.h"

#include "base/timetext.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VERSION = 1, SUM_DIGITS = 16 };
static const char head[] = "{\"sum\":\""; /* then the digits, then ", and the rest of the object */
static const uint64_t first_sum = UINT64_C(0xcbf29ce484222325); /* FNV-1a, 64 bits */

static uint64_t sum_of(uint64_t sum, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        sum = (sum ^ (unsigned char)text.at[i]) * UINT64_C(0x100000001b3);
    return sum;
}

/* ---- reading ---- */

struct reading {
    struct arena *a;
    struct book *book;
    struct book_room *to;
};

static void *room_for(struct arena *a, void *old, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return old;
    size_t more = *room ? *room * 2 : 16;
    void *new = arena_grow(a, old, count * size, more * size);
    *room = more;
    return new;
}

/* Where the row is, or belongs. */
static size_t place_of(const struct reading *r, const char *rule, const char *subject, bool *there)
{
    size_t i = 0;
    int order = 1;
    while (i < r->book->state.count && (order = incident_compare(rule, subject, &r->to->row[i])) > 0)
        i++;
    *there = i < r->book->state.count && order == 0;
    return i;
}

static void put_row(struct reading *r, const struct incident *i)
{
    bool there;
    struct incidents *s = &r->book->state;
    size_t at = place_of(r, i->rule, i->subject, &there);
    if (!there) {
        r->to->row = room_for(r->a, r->to->row, s->count, &r->to->rows, sizeof *r->to->row);
        memmove(r->to->row + at + 1, r->to->row + at, (s->count - at) * sizeof *r->to->row);
        s->count++;
    }
    r->to->row[at] = *i;
}

static bool take_rows(struct reading *r, const json_t *list)
{
    for (size_t k = 0; k < json_array_size(list); k++) {
        struct incident i;
        if (!incident_from_json(r->a, json_array_get(list, k), &i))
            return false;
        put_row(r, &i);
    }
    return true;
}

static bool take_gone(struct reading *r, const json_t *list)
{
    for (size_t k = 0; k < json_array_size(list); k++) {
        bool there = false;
        size_t at = 0;
        struct incidents *s = &r->book->state;
        const char *rule = json_text(r->a, json_array_get(list, k), "rule");
        const char *subject = json_text(r->a, json_array_get(list, k), "subject");
        if (rule != NULL && subject != NULL)
            at = place_of(r, rule, subject, &there);
        if (!there)
            return false;
        s->count--;
        memmove(r->to->row + at, r->to->row + at + 1, (s->count - at) * sizeof *r->to->row);
    }
    return true;
}

static bool take_silences(struct reading *r, const json_t *list)
{
    for (size_t k = 0; k < json_array_size(list); k++) {
        struct incidents *s = &r->book->state;
        r->to->silence = room_for(r->a, r->to->silence, s->silence_count, &r->to->silences, sizeof *r->to->silence);
        if (!silence_from_json(r->a, json_array_get(list, k), &r->to->silence[s->silence_count]))
            return false;
        s->silence_count++;
    }
    return true;
}

static void end_silence(struct reading *r, int64_t id)
{
    struct incidents *s = &r->book->state;
    size_t kept = 0;
    for (size_t i = 0; i < s->silence_count; i++)
        if (r->to->silence[i].id != id)
            r->to->silence[kept++] = r->to->silence[i];
    s->silence_count = kept;
}

static bool take_events(struct reading *r, const json_t *list)
{
    for (size_t k = 0; k < json_array_size(list); k++) {
        struct book *b = r->book;
        r->to->event = room_for(r->a, r->to->event, b->event_count, &r->to->events, sizeof *r->to->event);
        if (!incident_event_from_json(r->a, json_array_get(list, k), &r->to->event[b->event_count]))
            return false;
        b->event_count++;
    }
    return true;
}

static bool take_clock(struct reading *r, const json_t *o)
{
    struct incidents *s = &r->book->state;
    const char *boot_id = json_text(r->a, o, "boot");
    if (boot_id == NULL)
        return true; /* a line of events alone */
    s->boot_id = boot_id;
    s->clock = json_int(o, "clock");
    s->wall_ms = json_int(o, "wall");
    s->boot_ms = json_int(o, "up");
    s->next_number = json_int(o, "next_number");
    s->next_silence = json_int(o, "next_silence");
    return s->clock >= 0 && s->next_number > 0 && s->next_silence > 0;
}

static bool take_mail(struct reading *r, const json_t *o)
{
    int64_t before = json_int(o, "events_before");
    if (before > 0)
        r->book->events_before = before;
    return o == NULL || json_object_get(o, "mail") == NULL ||
           mail_from_json(r->a, json_child(o, "mail"), &r->book->mail);
}

static bool take_object(struct reading *r, const json_t *o)
{
    const json_t *ended = json_list(o, "unsilenced");
    if (json_int(o, "version") != VERSION || !take_clock(r, o) || !take_mail(r, o))
        return false;
    for (size_t k = 0; k < json_array_size(ended); k++)
        end_silence(r, json_integer_value(json_array_get(ended, k)));
    return take_gone(r, json_list(o, "gone")) && take_rows(r, json_list(o, "rows")) &&
           take_silences(r, json_list(o, "silences")) && take_events(r, json_list(o, "events"));
}

static bool sum_is_right(struct bytes line, uint64_t *sum)
{
    char want[SUM_DIGITS + 1];
    struct bytes rest = line;
    if (!bytes_cut(&rest, head) || rest.len < SUM_DIGITS)
        return false;
    struct bytes body = bytes_from(rest, SUM_DIGITS);
    uint64_t mine = sum_of(*sum, body);
    snprintf(want, sizeof want, "%016" PRIx64, mine);
    if (memcmp(rest.at, want, SUM_DIGITS) != 0)
        return false;
    *sum = mine;
    return true;
}

/* A line with the right sum that says something else than a davy would write: nothing is left of it, and nothing of the
 * state, which it may have changed by half; only the numbers go on. */
static void forget(struct book *b)
{
    int64_t number = b->state.next_number, silence = b->state.next_silence;
    b->state = incidents_none;
    b->state.next_number = number > 0 ? number : 1;
    b->state.next_silence = silence > 0 ? silence : 1;
    b->events_before += (int64_t)b->event_count;
    b->event_count = 0;
}

static bool take_line(struct reading *r, struct bytes line)
{
    uint64_t sum = r->book->sum;
    if (!sum_is_right(line, &sum))
        return false;
    json_t *o = json_read(line, "alerts.jsonl", NULL);
    bool good = o != NULL && take_object(r, o);
    json_decref(o);
    if (good)
        r->book->sum = sum;
    else
        forget(r->book);
    return good;
}

static void read_lines(struct reading *r, struct bytes text)
{
    struct book *b = r->book;
    struct bytes rest = text, line;
    size_t before = b->whole;
    for (unsigned number = 1; bytes_line(&rest, &line); number++) {
        if (!take_line(r, line)) {
            b->health = BOOK_DAMAGED;
            b->line = number;
            break;
        }
        b->whole = before + text.len - rest.len;
    }
    if (b->health == BOOK_GOOD && rest.len > 0)
        b->health = BOOK_TORN;
    b->state.row = r->to->row;
    b->state.silence = r->to->silence;
    b->event = r->to->event;
}

void book_add(struct arena *a, struct bytes text, struct book *b)
{
    struct reading r = {.a = a, .book = b, .to = &b->room};
    read_lines(&r, text);
}

void book_read(struct arena *a, struct bytes text, struct book *out)
{
    *out = (struct book){.state = incidents_none, .mail = mail_none, .sum = first_sum};
    book_add(a, text, out);
}

/* ---- writing ---- */

static struct bytes finish(struct arena *a, json_t *o, uint64_t *sum)
{
    size_t size = json_dumpb(o, NULL, 0, JSON_COMPACT);
    char *text = arena_alloc(a, size + 1);
    json_dumpb(o, text, size, JSON_COMPACT);
    json_decref(o);
    /* text is {"version":1...}: the sum goes in front of the first key. */
    const char *body = arena_text(a, "\",%s", text + 1);
    *sum = sum_of(*sum, bytes_of(body));
    return bytes_of(arena_text(a, "%s%016" PRIx64 "%s\n", head, *sum, body));
}

static bool same(const struct incident *a, const struct incident *b)
{
    json_t *x = incident_to_json(a), *y = incident_to_json(b);
    bool equal = json_equal(x, y) == 1;
    json_decref(x);
    json_decref(y);
    return equal;
}

static json_t *rows_between(const struct incidents *before, const struct incidents *after)
{
    json_t *list = json_array();
    for (size_t i = 0; i < after->count; i++) {
        const struct incident *was = incident_find(before, after->row[i].rule, after->row[i].subject);
        if (was == NULL || !same(was, &after->row[i]))
            json_array_append_new(list, incident_to_json(&after->row[i]));
    }
    return list;
}

static json_t *rows_gone(const struct incidents *before, const struct incidents *after)
{
    json_t *list = json_array();
    for (size_t i = 0; i < before->count; i++) {
        const struct incident *was = &before->row[i];
        if (incident_find(after, was->rule, was->subject) == NULL)
            json_array_append_new(list, json_pack("{s:s, s:s}", "rule", was->rule, "subject", was->subject));
    }
    return list;
}

static const struct silence *silence_find(const struct incidents *s, int64_t id)
{
    for (size_t i = 0; i < s->silence_count; i++)
        if (s->silence[i].id == id)
            return &s->silence[i];
    return NULL;
}

static json_t *silences_between(const struct incidents *before, const struct incidents *after)
{
    json_t *list = json_array();
    for (size_t i = 0; i < after->silence_count; i++)
        if (silence_find(before, after->silence[i].id) == NULL)
            json_array_append_new(list, silence_to_json(&after->silence[i]));
    return list;
}

static json_t *silences_gone(const struct incidents *before, const struct incidents *after)
{
    json_t *list = json_array();
    for (size_t i = 0; i < before->silence_count; i++)
        if (silence_find(after, before->silence[i].id) == NULL)
            json_array_append_new(list, json_integer(before->silence[i].id));
    return list;
}

/* Empty lists are left out; true when it was not empty. */
static bool put_list(json_t *o, const char *key, json_t *list)
{
    bool any = json_array_size(list) > 0;
    if (any)
        json_object_set_new(o, key, list);
    else
        json_decref(list);
    return any;
}

static json_t *object(void)
{
    json_t *o = json_object();
    json_object_set_new(o, "version", json_integer(VERSION));
    return o;
}

static json_t *events_of(const struct incident_event *event, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, incident_event_to_json(&event[i]));
    return list;
}

static void put_clock(json_t *o, const struct incidents *s)
{
    json_object_set_new(o, "boot", json_from_text(s->boot_id));
    json_object_set_new(o, "clock", json_from_int(s->clock));
    json_object_set_new(o, "wall", json_from_int(s->wall_ms));
    json_object_set_new(o, "up", json_from_int(s->boot_ms));
    json_object_set_new(o, "next_number", json_from_int(s->next_number));
    json_object_set_new(o, "next_silence", json_from_int(s->next_silence));
}

struct bytes book_line(struct arena *a, uint64_t *sum, const struct incidents *before, const struct incidents *after,
                       const struct incident_event *event, size_t event_count)
{
    json_t *o = object();
    put_clock(o, after);
    bool any = put_list(o, "gone", rows_gone(before, after));
    any |= put_list(o, "rows", rows_between(before, after));
    any |= put_list(o, "unsilenced", silences_gone(before, after));
    any |= put_list(o, "silences", silences_between(before, after));
    any |= put_list(o, "events", events_of(event, event_count));
    if (any)
        return finish(a, o, sum);
    json_decref(o);
    return (struct bytes){NULL, 0};
}

struct bytes book_mail_line(struct arena *a, uint64_t *sum, const struct mail *after, const struct incidents *now)
{
    json_t *o = object();
    if (now != NULL)
        put_clock(o, now);
    json_object_set_new(o, "mail", mail_to_json(after));
    return finish(a, o, sum);
}

/* The first event that a new book keeps. What nobody was told of yet is kept, within reason. */
static size_t first_kept(const struct book *b, size_t most_events)
{
    size_t from = b->event_count > most_events ? b->event_count - most_events : 0;
    int64_t unseen = b->mail.seen == NOT_KNOWN ? INT64_MAX : b->mail.seen - b->events_before;
    size_t least = b->event_count > most_events * 10 ? b->event_count - most_events * 10 : 0;
    return unseen >= (int64_t)from ? from : unseen > (int64_t)least ? (size_t)unseen : least;
}

static struct bytes join(struct arena *a, struct bytes x, struct bytes y)
{
    char *text = arena_grow(a, x.at, x.len, x.len + y.len + 1);
    memcpy(text + x.len, y.at, y.len);
    return (struct bytes){text, x.len + y.len};
}

struct bytes book_short(struct arena *a, const struct book *b, size_t most_events)
{
    uint64_t sum = first_sum;
    size_t from = first_kept(b, most_events);
    json_t *o = object(), *events = object();
    put_clock(o, &b->state);
    put_list(o, "rows", rows_between(&incidents_none, &b->state));
    put_list(o, "silences", silences_between(&incidents_none, &b->state));
    json_object_set_new(o, "events_before", json_integer(b->events_before + (int64_t)from));
    if (!mail_equal(&b->mail, &mail_none))
        json_object_set_new(o, "mail", mail_to_json(&b->mail));
    struct bytes state = finish(a, o, &sum);
    if (put_list(events, "events", events_of(b->event + from, b->event_count - from)))
        return join(a, state, finish(a, events, &sum));
    json_decref(events);
    return state;
}
