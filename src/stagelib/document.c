/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stagelib/document.h"

#include "stagelib/text.h"

#include <stdio.h>
#include <string.h>

enum { DURATIONS_MOST = 20, ACCOUNTS_MOST = 16, ACCOUNT_MOST = 10 };

static const char *const status_of[STAGE_KINDS] = {"running", "completed", "failed"};
static const char *const total_of[STAGE_KINDS] = {"started", "completed", "failed"};

const char *davystage_name(const struct stage_table *t, int number, char room[32])
{
    if (number >= 0 && number < t->count)
        return t->names[number];
    snprintf(room, 32, "Stage %d", number);
    return room;
}

bool davystage_ours(const json_t *root)
{
    static const char *const keys[] = {"current_stage", "stage_history", "stage_name", "stage", "stage_number"};
    if (!json_is_object(root))
        return false;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (json_object_get(root, keys[i]) != NULL)
            return true;
    return json_object_size(root) == 0;
}

/* The member of that name and type, made when it is not there or of another type. Borrowed; NULL: no memory. */
static json_t *member(json_t *o, const char *key, json_t *made)
{
    json_t *old = json_object_get(o, key);
    if (old != NULL && made != NULL && json_typeof(old) == json_typeof(made)) {
        json_decref(made);
        return old;
    }
    return json_object_set_new(o, key, made) == 0 ? made : NULL;
}

static bool count_up(json_t *o, const char *key, uint64_t by)
{
    return json_object_set_new(o, key, json_integer(json_integer_value(json_object_get(o, key)) + (json_int_t)by)) == 0;
}

static bool is_start_of(const json_t *event, const struct stage_event *e, const json_t *username)
{
    const char *status = json_string_value(json_object_get(event, "status"));
    return json_integer_value(json_object_get(event, "stage_number")) == e->number && status != NULL &&
           strcmp(status, status_of[STAGE_START]) == 0 && json_equal(json_object_get(event, "username"), username);
}

/* When the stage that e ends began: its newest start with no end in between. -1: nobody told. */
static double start_of(const json_t *history, const struct stage_event *e, const json_t *username)
{
    for (size_t i = json_array_size(history); i > 0; i--) {
        const json_t *event = json_array_get(history, i - 1);
        if (is_start_of(event, e, username))
            return json_number_value(json_object_get(event, "updated_at"));
        if (json_integer_value(json_object_get(event, "stage_number")) == e->number &&
            json_equal(json_object_get(event, "username"), username))
            return -1;
    }
    return -1;
}

static json_t *event_json(const struct stage_event *e, const struct stage_writer *w, double started, json_int_t seq)
{
    char room[32];
    return json_pack("{s:I, s:i, s:o, s:s, s:o, s:o, s:o, s:f, s:f, s:I}", "seq", seq, "stage_number", e->number,
                     "stage_name", davystage_text(davystage_name(&w->table, e->number, room)), "status",
                     status_of[e->kind], "message", davystage_text(e->message), "username", davystage_text(e->username),
                     "details", davystage_details(e->details), "started_at", started, "updated_at",
                     (double)e->at_ms / 1000, "pid", (json_int_t)w->pid);
}

/* By time: another process may have written something newer meanwhile. */
static bool insert(json_t *history, json_t *event)
{
    double at = json_number_value(json_object_get(event, "updated_at"));
    size_t i = json_array_size(history);
    while (i > 0 && json_number_value(json_object_get(json_array_get(history, i - 1), "updated_at")) > at)
        i--;
    if (json_array_insert_new(history, i, event) != 0)
        return false;
    while (json_array_size(history) > STAGE_EVENTS_MOST)
        json_array_remove(history, 0);
    return true;
}

static json_t *totals_of(json_t *root, const struct stage_writer *w, int number)
{
    char key[16], room[32];
    snprintf(key, sizeof key, "%d", number);
    json_t *all = member(root, "stage_totals", json_object());
    json_t *one = all != NULL ? member(all, key, json_object()) : NULL;
    if (one == NULL)
        return NULL;
    bool good = json_object_set_new(one, "stage_name", davystage_text(davystage_name(&w->table, number, room))) == 0;
    return good && member(one, "durations", json_array()) != NULL ? one : NULL;
}

static bool append(json_t *list, double seconds, size_t most)
{
    if (list == NULL || json_array_append_new(list, json_real(seconds)) != 0)
        return false;
    while (json_array_size(list) > most)
        json_array_remove(list, 0);
    return true;
}

/* The account that was told last stands last, so the first one is who is forgotten. */
static bool add_to_account(json_t *one, const char *username, double seconds)
{
    json_t *all = member(one, "accounts", json_object());
    json_t *old = json_object_get(all, username);
    json_t *list = json_is_array(old) ? json_incref(old) : json_array();
    json_object_del(all, username);
    if (all == NULL || !append(list, seconds, ACCOUNT_MOST) || json_object_set_new(all, username, list) != 0)
        return false;
    while (json_object_size(all) > ACCOUNTS_MOST)
        json_object_del(all, json_object_iter_key(json_object_iter(all)));
    return true;
}

static bool add_duration(json_t *root, const struct stage_writer *w, int number, const json_t *username, double seconds)
{
    json_t *one = totals_of(root, w, number);
    bool named = json_string_length(username) > 0;
    return append(json_object_get(one, "durations"), seconds, DURATIONS_MOST) &&
           (!named || add_to_account(one, json_string_value(username), seconds));
}

/* Milliseconds, so that the sum of two times has no tail of digits. */
static double between(double from, double to)
{
    long long ms = (long long)((to - from) * 1000 + 0.5);
    return ms > 0 ? (double)ms / 1000 : 0;
}

/* The newest event is the current one; one from the future (the clock was set back) is not newer. */
static bool make_current(json_t *root, json_t *event, double now)
{
    const json_t *old = json_object_get(root, "current_stage");
    double was = json_number_value(json_object_get(old, "updated_at"));
    if (was > json_number_value(json_object_get(event, "updated_at")) && was <= now)
        return true;
    return json_object_set(root, "current_stage", event) == 0;
}

static bool add(json_t *root, json_t *history, const struct stage_event *e, const struct stage_writer *w,
                json_int_t seq, double now)
{
    double at = (double)e->at_ms / 1000, started = at;
    if (e->kind == STAGE_RESET)
        return json_object_set_new(root, "current_stage", json_null()) == 0;
    if (e->kind != STAGE_START) {
        json_t *username = davystage_text(e->username);
        double began = start_of(history, e, username);
        bool timed = began >= 0 && e->kind == STAGE_COMPLETE && e->number >= 0 && e->number < STAGE_TABLE_MOST;
        bool noted = !timed || add_duration(root, w, e->number, username, between(began, at));
        json_decref(username);
        if (!noted)
            return false;
        started = began >= 0 ? began : at;
    }
    json_t *event = event_json(e, w, started, seq);
    if (event == NULL)
        return false;
    bool good = make_current(root, event, now);
    return insert(history, event) && good;
}

static bool add_tallies(json_t *root, const struct stage_queue *q, const struct stage_writer *w)
{
    for (int i = 0; i < STAGE_TABLE_MOST; i++) {
        const uint64_t *tally = q->tally[i];
        if (tally[STAGE_START] + tally[STAGE_COMPLETE] + tally[STAGE_FAILED] == 0)
            continue;
        json_t *one = totals_of(root, w, i);
        for (int kind = 0; kind < STAGE_KINDS; kind++)
            if (one == NULL || !count_up(one, total_of[kind], tally[kind]))
                return false;
    }
    return count_up(root, "events", q->total);
}

static bool stamp(json_t *root, const struct stage_writer *w, double now)
{
    if (w->mode != NULL && json_object_set_new(root, "mode", davystage_text(w->mode)) != 0)
        return false;
    return json_object_set_new(root, "version", json_integer(1)) == 0 &&
           json_object_set_new(root, "pid", json_integer(w->pid)) == 0 &&
           json_object_set_new(root, "updated_at", json_real(now)) == 0;
}

bool davystage_merge(json_t *root, const struct stage_queue *q, const struct stage_writer *w, int64_t now_ms)
{
    json_t *history = member(root, "stage_history", json_array());
    double now = (double)now_ms / 1000;
    if (history == NULL || !add_tallies(root, q, w) || !stamp(root, w, now))
        return false;
    json_int_t seq = json_integer_value(json_object_get(root, "events"));
    for (const struct stage_event *e = q->first; e != NULL; e = e->next)
        seq -= e->kind != STAGE_RESET;
    for (const struct stage_event *e = q->first; e != NULL; e = e->next)
        if (!add(root, history, e, w, e->kind != STAGE_RESET ? ++seq : seq, now))
            return false;
    return json_object_get(root, "current_stage") != NULL ||
           json_object_set_new(root, "current_stage", json_null()) == 0;
}
