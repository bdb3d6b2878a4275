/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stagelib/tracker.h"

#include <pthread.h>
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
    pthread_mutex_t lock; /* of all below but store, which is the thread's */
    pthread_cond_t wake, done;
    pthread_t thread;
    bool running, stop, writing, hurry, again; /* hurry: somebody waits; again: a moment's rest even so */
    struct stage_queue queue;
    uint64_t added, written, tries; /* events that came in, that are in the file; writes that were tried */
    int64_t not_before_ms;
    struct stage_event *last; /* what this process told last; NULL */
    const char **names;       /* ours; NULL: the usual ones */
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

/* Until there is something to write and it may be written. */
static void await_work(struct stage_tracker *t)
{
    while (!t->stop) {
        int64_t now = clock_ms();
        bool empty = davystage_queue_empty(&t->queue);
        if (!empty && ((t->hurry && !t->again) || now >= t->not_before_ms))
            return;
        struct timespec until = at_ms(t->not_before_ms);
        if (empty)
            pthread_cond_wait(&t->wake, &t->lock);
        else
            pthread_cond_timedwait(&t->wake, &t->lock, &until);
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
    struct stage_queue batch = t->queue;
    uint64_t upto = t->added;
    t->queue = (struct stage_queue){.first = NULL};
    t->writing = true;
    t->hurry = false;
    pthread_mutex_unlock(&t->lock);
    int64_t began = clock_ms();
    enum stage_wrote done = write_queue(t, &batch);
    int64_t now = clock_ms();
    pthread_mutex_lock(&t->lock);
    if (done == STAGE_WROTE)
        davystage_queue_clear(&batch);
    else
        davystage_queue_front(&t->queue, &batch);
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
    if (t->running || pthread_attr_init(&attributes) != 0)
        return t->running;
    pthread_attr_setstacksize(&attributes, STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    t->running = pthread_create(&t->thread, &attributes, work, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return t->running;
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
    pthread_cond_init(&t->wake, &attributes);
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
    pthread_cond_signal(&t->wake);
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
    free(t->last);
    pthread_cond_destroy(&t->wake);
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
    struct stage_event *copy = davystage_event(kind, number, message, username, NULL), *old;
    if (e == NULL || copy == NULL) {
        free(e);
        free(copy);
        davystage_tracker_tell(t, "no memory");
        return;
    }
    pthread_mutex_lock(&t->lock);
    old = t->last;
    t->last = copy;
    davystage_queue_add(&t->queue, e);
    t->added++;
    bool good = start_thread(t);
    if (t->queue.count == 1)
        pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->lock);
    free(old);
    if (!good)
        davystage_tracker_tell(t, "no thread can be started");
}

bool davystage_tracker_flush(struct stage_tracker *t, int timeout_ms)
{
    pthread_mutex_lock(&t->lock);
    uint64_t upto = t->added, tries = t->tries;
    struct timespec until = at_ms(clock_ms() + timeout_ms);
    int late = 0;
    /* Two tries: the first may have begun before we came. */
    while (late == 0 && t->running && t->written < upto && t->tries < tries + 2) {
        t->hurry = true;
        pthread_cond_signal(&t->wake);
        late = pthread_cond_timedwait(&t->done, &t->lock, &until);
    }
    bool good = t->written >= upto;
    pthread_mutex_unlock(&t->lock);
    return good;
}

static void from_event(const struct stage_tracker *t, const struct stage_event *e, struct stage_state_now *out)
{
    static const char *const status[] = {"running", "completed", "failed"};
    char room[32];
    *out =
        (struct stage_state_now){.number = e->number, .status = status[e->kind], .updated_at = (double)e->at_ms / 1000};
    snprintf(out->name, sizeof out->name, "%s", davystage_name(&t->store.writer.table, e->number, room));
    snprintf(out->message, sizeof out->message, "%s", e->message);
    snprintf(out->username, sizeof out->username, "%s", e->username);
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
    pthread_mutex_lock(&t->lock);
    bool told = t->last != NULL, found = told && t->last->kind != STAGE_RESET;
    if (found)
        from_event(t, t->last, out);
    pthread_mutex_unlock(&t->lock);
    return told ? found : from_file(t, out);
}
