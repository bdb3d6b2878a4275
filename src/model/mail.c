/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/mail.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <string.h>

static const char *const kinds[LETTER_KINDS] = {
    [LETTER_DIGEST] = "digest", [LETTER_EDIT] = "edit",     [LETTER_NEW] = "new",
    [LETTER_REPLY] = "reply",   [LETTER_REPORT] = "report", [LETTER_TEST] = "test",
};
static const char *const runs[RUNS] = {
    [RUN_CLEAN] = "clean",     [RUN_DAILY] = "daily",   [RUN_HEARTBEAT] = "heartbeat",
    [RUN_MONTHLY] = "monthly", [RUN_WEEKLY] = "weekly",
};

const struct mail mail_none = {
    .seen = NOT_KNOWN,
    .next_id = 1,
    .sent = {NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN,
             NOT_KNOWN, NOT_KNOWN, NOT_KNOWN},
    .last = NOT_KNOWN,
    .failing = NOT_KNOWN,
    .run = {NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN},
};

const char *letter_kind_name(enum letter_kind k)
{
    return kinds[k];
}

const char *mail_run_name(enum mail_run r)
{
    return runs[r];
}

/* ---- writing ---- */

static void put_int(json_t *o, const char *key, int64_t v)
{
    if (v != NOT_KNOWN)
        json_object_set_new(o, key, json_integer(v));
}

static json_t *lines_of(const char *text)
{
    json_t *list = json_array();
    struct bytes rest = bytes_of(text);
    while (rest.len > 0) {
        size_t end = bytes_find(rest, "\n");
        json_array_append_new(list, json_stringn(rest.at, end));
        rest = bytes_from(rest, end + 1);
    }
    return list;
}

static json_t *letter_to_json(const struct letter *l)
{
    json_t *o = json_pack("{s:I, s:s, s:s, s:s, s:s, s:b, s:b}", "id", (json_int_t)l->id, "kind", kinds[l->kind],
                          "rule", l->rule, "subject", l->subject, "severity", severity_name(l->severity), "under_way",
                          l->under_way, "repeat", l->repeat);
    put_int(o, "number", l->number);
    put_int(o, "at", l->at_ms);
    put_int(o, "after", l->after);
    put_int(o, "digest", l->digest);
    put_int(o, "tries", l->tries);
    json_object_set_new(o, "text", lines_of(l->text));
    return o;
}

static json_t *thread_to_json(const struct thread *t)
{
    json_t *o = json_pack("{s:I, s:b}", "number", (json_int_t)t->number, "over", t->over);
    if (t->message != NULL)
        json_object_set_new(o, "message", json_string(t->message));
    put_int(o, "told", t->told);
    put_int(o, "pressed", t->pressed);
    return o;
}

static json_t *times_to_json(const struct mail *m)
{
    json_t *list = json_array();
    for (int i = 0; i < MAIL_RECENT; i++)
        if (m->sent[i] != NOT_KNOWN)
            json_array_append_new(list, json_integer(m->sent[i]));
    return list;
}

static json_t *runs_to_json(const struct mail *m)
{
    json_t *o = json_object();
    for (int i = 0; i < RUNS; i++)
        put_int(o, runs[i], m->run[i]);
    return o;
}

json_t *mail_to_json(const struct mail *m)
{
    json_t *o = json_object(), *letters = json_array(), *threads = json_array();
    put_int(o, "seen", m->seen);
    put_int(o, "next", m->next_id);
    put_int(o, "last", m->last);
    put_int(o, "after", m->after);
    put_int(o, "failing", m->failing);
    json_object_set_new(o, "refused", json_boolean(m->refused));
    put_int(o, "left_out", m->left_out);
    for (size_t i = 0; i < m->letters; i++)
        json_array_append_new(letters, letter_to_json(&m->letter[i]));
    for (size_t i = 0; i < m->threads; i++)
        json_array_append_new(threads, thread_to_json(&m->thread[i]));
    json_object_set_new(o, "letters", letters);
    json_object_set_new(o, "threads", threads);
    json_object_set_new(o, "sent", times_to_json(m));
    json_object_set_new(o, "runs", runs_to_json(m));
    return o;
}

bool mail_equal(const struct mail *a, const struct mail *b)
{
    json_t *x = mail_to_json(a), *y = mail_to_json(b);
    bool equal = json_equal(x, y) == 1;
    json_decref(x);
    json_decref(y);
    return equal;
}

/* ---- reading ---- */

static int64_t count_of(const json_t *o, const char *key)
{
    int64_t v = json_int(o, key);
    return v < 0 ? 0 : v;
}

static bool kind_of(const json_t *o, enum letter_kind *out)
{
    struct bytes name = json_raw(o, "kind");
    for (unsigned i = 0; i < LETTER_KINDS; i++)
        if (bytes_is(name, kinds[i]))
            return *out = (enum letter_kind)i, true;
    return false;
}

static bool severity_of(const json_t *o, enum severity *out)
{
    struct bytes name = json_raw(o, "severity");
    for (unsigned i = 0; i <= SEVERITY_CRITICAL; i++)
        if (bytes_is(name, severity_name((enum severity)i)))
            return *out = (enum severity)i, true;
    return false;
}

static const char *text_of(struct arena *a, const json_t *list)
{
    const char *text = "";
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        const char *line = text_safe(a, (struct bytes){json_string_value(v), json_string_length(v)}, 0);
        text = i == 0 ? line : arena_text(a, "%s\n%s", text, line);
    }
    return text;
}

static bool letter_from_json(struct arena *a, const json_t *o, struct letter *out)
{
    *out = (struct letter){.id = json_int(o, "id"),
                           .number = count_of(o, "number"),
                           .rule = json_text(a, o, "rule"),
                           .subject = json_text(a, o, "subject"),
                           .at_ms = json_int(o, "at"),
                           .after = count_of(o, "after"),
                           .digest = json_int(o, "digest"),
                           .under_way = json_is_true(json_object_get(o, "under_way")),
                           .repeat = json_is_true(json_object_get(o, "repeat")),
                           .tries = count_of(o, "tries"),
                           .text = text_of(a, json_list(o, "text"))};
    return out->id > 0 && out->rule != NULL && out->subject != NULL && kind_of(o, &out->kind) &&
           severity_of(o, &out->severity);
}

static bool thread_from_json(struct arena *a, const json_t *o, struct thread *out)
{
    *out = (struct thread){.number = json_int(o, "number"),
                           .message = json_text(a, o, "message"),
                           .told = count_of(o, "told"),
                           .pressed = count_of(o, "pressed"),
                           .over = json_is_true(json_object_get(o, "over"))};
    return out->number > 0;
}

static bool take_letters(struct arena *a, const json_t *list, struct mail *m)
{
    struct letter *to = arena_array(a, json_array_size(list), sizeof *to);
    int64_t before = 0;
    m->letter = to;
    for (m->letters = 0; m->letters < json_array_size(list); m->letters++, before = to++->id)
        if (!letter_from_json(a, json_array_get(list, m->letters), to) || to->id <= before || to->id >= m->next_id)
            return false;
    return true;
}

static bool take_threads(struct arena *a, const json_t *list, struct mail *m)
{
    struct thread *to = arena_array(a, json_array_size(list), sizeof *to);
    int64_t before = 0;
    m->thread = to;
    for (m->threads = 0; m->threads < json_array_size(list); m->threads++, before = to++->number)
        if (!thread_from_json(a, json_array_get(list, m->threads), to) || to->number <= before)
            return false;
    return true;
}

static bool take_times(const json_t *list, struct mail *m)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && count <= MAIL_RECENT; i++)
        m->sent[MAIL_RECENT - count + i] = json_integer_value(json_array_get(list, i));
    return count <= MAIL_RECENT;
}

bool mail_from_json(struct arena *a, const json_t *o, struct mail *out)
{
    struct mail m = mail_none;
    const json_t *dates = json_child(o, "runs");
    m.seen = json_int(o, "seen");
    m.next_id = json_int(o, "next");
    m.last = json_int(o, "last");
    m.after = count_of(o, "after");
    m.failing = json_int(o, "failing");
    m.refused = json_is_true(json_object_get(o, "refused"));
    m.left_out = count_of(o, "left_out");
    for (int i = 0; i < RUNS; i++)
        m.run[i] = json_int(dates, runs[i]);
    if (m.next_id <= 0 || !take_letters(a, json_list(o, "letters"), &m) ||
        !take_threads(a, json_list(o, "threads"), &m) || !take_times(json_list(o, "sent"), &m))
        return false;
    *out = m;
    return true;
}
