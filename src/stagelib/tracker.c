/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stagelib/tracker.h"

#include "stagelib/inbox.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A write takes a part of the time of the one thing that matters, mining: at most a tenth of a core, at most 50 a second. */
enum { REST_MS = 20, AGAIN_MS = 30, TROUBLE_MS = 5000, SHARE = 10, STOP_MS = 50, STACK = 512 << 10 };

#define STAGE(name) name,
static const char *const usual_names[] = {
#include "stage/names.def"
};
#undef STAGE

struct stage_tracker {
    pid_t pid;
    atomic_flag told;
    void (*tell)(void *ctx, const char *sentence);
    void *ctx;
    struct stage_inbox inbox;
    sem_t wake;
    _Atomic bool asked;   /* the thread was waked and has not found the inbox empty since */
    _Atomic bool started; /* or being so */
    pthread_mutex_t lock; /* of all below but store and queue, which are the thread's; never held for long */
    pthread_cond_t done;
    pthread_t thread;
    bool running, stop, writing, hurry, again; /* hurry: somebody waits; again: a moment's rest even so */
    struct stage_queue queue;                  /* taken from the inbox */
    uint64_t written, tries;                   /* events that are in the file; writes that were tried */
    int64_t not_before_ms;
    const char **names; /* ours; NULL: the usual ones */
    char *mode;
    struct stage_store store;
};

static int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct timespec at_ms(int64_t ms)
{
    return (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
}

/* ---- the thread ---- */

static bool has_none(struct stage_tracker *t)
{
    return davystage_queue_empty(&t->queue) && atomic_load(&t->inbox.count) == t->written;
}

/* The lock is given back meanwhile. until: NULL is for ever. */
static void sleep_until(struct stage_tracker *t, const struct timespec *until)
{
    pthread_mutex_unlock(&t->lock);
    if (until != NULL)
        sem_clockwait(&t->wake, CLOCK_MONOTONIC, until);
    else
        sem_wait(&t->wake);
    pthread_mutex_lock(&t->lock);
}

/* Until there is something to write and it may be written. Callers wake it when it found nothing, so that a flood of events
 * costs one call of the kernel. */
static void await_work(struct stage_tracker *t)
{
    while (!t->stop) {
        bool none = has_none(t);
        if (!none && ((t->hurry && !t->again) || clock_ms() >= t->not_before_ms))
            return;
        struct timespec until = at_ms(t->not_before_ms);
        if (none)
            atomic_store(&t->asked, false);
        if (!none || has_none(t)) /* somebody may have come before asked was false */
            sleep_until(t, none ? NULL : &until);
    }
}

static int64_t rest_ms(enum stage_wrote done, int64_t took_ms)
{
    if (done != STAGE_WROTE)
        return done == STAGE_AGAIN ? AGAIN_MS : TROUBLE_MS;
    return took_ms * SHARE > REST_MS ? took_ms * SHARE : REST_MS;
}

static enum stage_wrote write_queue(struct stage_tracker *t, const struct stage_queue *q)
{
    char why[STORE_WHY] = "";
    enum stage_wrote done = davystage_store_write(&t->store, q, why);
    if (done == STAGE_TROUBLE)
        davystage_tracker_tell(t, why);
    return done;
}

/* The lock is given back meanwhile. */
static void write_batch(struct stage_tracker *t)
{
    t->writing = true;
    t->hurry = false;
    pthread_mutex_unlock(&t->lock);
    uint64_t upto = davystage_inbox_take(&t->inbox, &t->queue);
    int64_t began = clock_ms();
    enum stage_wrote done = write_queue(t, &t->queue);
    int64_t now = clock_ms();
    pthread_mutex_lock(&t->lock);
    if (done == STAGE_WROTE)
        davystage_queue_clear(&t->queue);
    t->writing = false;
    t->again = done == STAGE_AGAIN;
    t->written = done == STAGE_WROTE ? upto : t->written;
    t->tries += done != STAGE_AGAIN;
    t->not_before_ms = now + rest_ms(done, now - began);
    pthread_cond_broadcast(&t->done);
}

static void *work(void *arg)
{
    struct stage_tracker *t = arg;
    pthread_mutex_lock(&t->lock);
    for (;;) {
        await_work(t);
        if (t->stop)
            break;
        write_batch(t);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* Signals are the miner's. */
static bool start_thread(struct stage_tracker *t)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    if (atomic_load(&t->started) || atomic_exchange(&t->started, true))
        return true;
    if (pthread_attr_init(&attributes) != 0)
        return atomic_store(&t->started, false), false;
    pthread_mutex_lock(&t->lock);
    pthread_attr_setstacksize(&attributes, STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    t->running = pthread_create(&t->thread, &attributes, work, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    bool running = t->running;
    pthread_mutex_unlock(&t->lock);
    atomic_store(&t->started, running);
    return running;
}

/* ---- its life ---- */

static void say(void *ctx, const char *sentence)
{
    (void)ctx;
    dprintf(STDERR_FILENO, "davy_stage: %s\n", sentence);
}

static bool copy_table(struct stage_tracker *t, const struct stage_options *o)
{
    t->store.writer.table = (struct stage_table){usual_names, (int)(sizeof usual_names / sizeof usual_names[0])};
    if (o->names == NULL)
        return true;
    if (o->count < 1 || o->count > STAGE_TABLE_MOST)
        return false;
    t->names = calloc((size_t)o->count, sizeof *t->names);
    t->store.writer.table = (struct stage_table){t->names, o->count};
    for (int i = 0; t->names != NULL && i < o->count; i++)
        if (o->names[i] == NULL || (t->names[i] = strndup(o->names[i], STAGE_USER_MOST)) == NULL)
            return false;
    return t->names != NULL;
}

static bool set_up(struct stage_tracker *t, const struct stage_options *o)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&t->lock, NULL);
    sem_init(&t->wake, 0, 0);
    davystage_inbox_open(&t->inbox);
    pthread_cond_init(&t->done, &attributes);
    pthread_condattr_destroy(&attributes);
    t->pid = getpid();
    t->tell = o->tell != NULL ? o->tell : say;
    t->ctx = o->ctx;
    t->mode = o->mode != NULL ? strndup(o->mode, STAGE_USER_MOST) : NULL;
    t->store.writer.mode = t->mode;
    t->store.writer.pid = t->pid;
    return copy_table(t, o) && (o->mode == NULL || t->mode != NULL);
}

struct stage_tracker *davystage_tracker_new(const struct stage_options *o)
{
    static const struct stage_options usual = {.file = NULL};
    char why[STORE_WHY] = "";
    struct stage_tracker *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    if (!set_up(t, o != NULL ? o : &usual)) {
        davystage_tracker_free(t);
        return NULL;
    }
    if (!davystage_store_open(&t->store, o != NULL ? o->file : NULL, why)) {
        t->store.file[0] = '\0';
        davystage_tracker_tell(t, why);
    }
    return t;
}

/* False: it waits for a lock that somebody does not give back. It ends when it gets that. */
static bool stop_thread(struct stage_tracker *t)
{
    pthread_mutex_lock(&t->lock);
    struct timespec until = at_ms(clock_ms() + STOP_MS);
    bool running = t->running;
    t->stop = true;
    sem_post(&t->wake);
    while (t->writing && pthread_cond_timedwait(&t->done, &t->lock, &until) == 0)
        continue;
    bool stuck = t->writing;
    pthread_mutex_unlock(&t->lock);
    if (running && !stuck)
        pthread_join(t->thread, NULL);
    return !stuck;
}

void davystage_tracker_free(struct stage_tracker *t)
{
    if (!stop_thread(t)) /* it still needs all of this */
        return;
    davystage_queue_clear(&t->queue);
    davystage_store_close(&t->store);
    for (int i = 0; t->names != NULL && i < t->store.writer.table.count; i++)
        free((char *)(uintptr_t)t->names[i]);
    free(t->names);
    free(t->mode);
    davystage_inbox_close(&t->inbox);
    sem_destroy(&t->wake);
    pthread_cond_destroy(&t->done);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

bool davystage_tracker_mine(const struct stage_tracker *t)
{
    return t->pid == getpid();
}

void davystage_tracker_tell(struct stage_tracker *t, const char *sentence)
{
    char text[STORE_WHY + 80];
    if (atomic_flag_test_and_set(&t->told))
        return;
    snprintf(text, sizeof text, "%s; stages are not tracked while that is so", sentence);
    t->tell(t->ctx, text);
}

/* ---- for callers ---- */

void davystage_tracker_add(struct stage_tracker *t, enum stage_kind kind, int number, const char *message,
                           const char *username, const char *details)
{
    if (t->store.file[0] == '\0') /* it was said */
        return;
    struct stage_event *e = davystage_event(kind, number, message, username, details);
    struct stage_event *copy = davystage_event(kind, number, message, username, NULL);
    if (e == NULL || copy == NULL) {
        free(e);
        free(copy);
        davystage_tracker_tell(t, "no memory");
        return;
    }
    davystage_inbox_put(&t->inbox, e, copy);
    if (!atomic_load(&t->asked) && !atomic_exchange(&t->asked, true))
        sem_post(&t->wake);
    if (!start_thread(t))
        davystage_tracker_tell(t, "no thread can be started");
}

bool davystage_tracker_flush(struct stage_tracker *t, int timeout_ms)
{
    pthread_mutex_lock(&t->lock);
    uint64_t upto = atomic_load(&t->inbox.count), tries = t->tries;
    struct timespec until = at_ms(clock_ms() + timeout_ms);
    int late = 0;
    /* Two tries: the first may have begun before we came. */
    while (late == 0 && t->running && t->written < upto && t->tries < tries + 2) {
        t->hurry = true;
        sem_post(&t->wake);
        late = pthread_cond_timedwait(&t->done, &t->lock, &until);
    }
    bool good = t->written >= upto;
    pthread_mutex_unlock(&t->lock);
    return good;
}

struct wanted {
    const struct stage_tracker *tracker;
    struct stage_state_now *out;
    bool found; /* false: it was a reset */
};

static void from_event(void *ctx, const struct stage_event *e)
{
    static const char *const status[] = {"running", "completed", "failed"};
    struct wanted *w = ctx;
    char room[32];
    if (e->kind == STAGE_RESET)
        return;
    w->found = true;
    *w->out =
        (struct stage_state_now){.number = e->number, .status = status[e->kind], .updated_at = (double)e->at_ms / 1000};
    snprintf(w->out->name, sizeof w->out->name, "%s", davystage_name(&w->tracker->store.writer.table, e->number, room));
    snprintf(w->out->message, sizeof w->out->message, "%s", e->message);
    snprintf(w->out->username, sizeof w->out->username, "%s", e->username);
}

static void put(char *room, size_t size, const json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));
    snprintf(room, size, "%s", text != NULL ? text : "");
}

static bool from_file(const struct stage_tracker *t, struct stage_state_now *out)
{
    json_t *root = davystage_store_read(&t->store);
    const json_t *event = json_object_get(root, "current_stage");
    const char *status = json_string_value(json_object_get(event, "status"));
    if (status != NULL) {
        *out = (struct stage_state_now){.number = (int)json_integer_value(json_object_get(event, "stage_number")),
                                        .updated_at = json_number_value(json_object_get(event, "updated_at"))};
        out->status = strcmp(status, "completed") == 0 ? "completed"
                      : strcmp(status, "failed") == 0  ? "failed"
                                                       : "running";
        put(out->name, sizeof out->name, event, "stage_name");
        put(out->message, sizeof out->message, event, "message");
        put(out->username, sizeof out->username, event, "username");
    }
    json_decref(root);
    return status != NULL;
}

bool davystage_tracker_last(struct stage_tracker *t, struct stage_state_now *out)
{
    struct wanted w = {t, out, false};
    return davystage_inbox_last(&t->inbox, from_event, &w) ? w.found : from_file(t, out);
}
