/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the coordinator keeps: the journal, by which it comes back after kill -9, and the record, for who tests. */
#include "cmd/sim_coordinator.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { JOURNAL_BYTES = 1 << 30 };

static const char *text_of(const json_t *o, const char *name)
{
    const char *text = json_string_value(json_object_get(o, name));
    return text ? text : "";
}

static bool ask_again(struct office *o, struct bytes line)
{
    json_t *kept = json_read(line, "journal", NULL);
    struct coordinator_request r = {.now_ms = json_int(kept, "at"),
                                    .method = text_of(kept, "method"),
                                    .path = text_of(kept, "path"),
                                    .key = text_of(kept, "key"),
                                    .miner = text_of(kept, "miner"),
                                    .twist = text_of(kept, "twist"),
                                    .twist_number = json_int(kept, "number"),
                                    .body = json_raw(kept, "body")};
    struct coordinator_answer answer = {0};
    struct arena a = {0};
    bool good = json_is_object(kept);
    if (good)
        coordinator_ask(o->book, &r, &a, &answer);
    arena_release(&a);
    json_decref(kept);
    return good && answer.changed;
}

/* A last line without its end is what was being written when it died: nobody has got the answer. */
static bool replay(struct office *o, const char *path, struct err *e)
{
    struct arena a = {0};
    struct bytes rest, line, all;
    struct file_stat s;
    bool good = file_read(&a, path, JOURNAL_BYTES, &all, &s, e);
    int64_t number = 0;
    for (rest = all; good && bytes_line(&rest, &line);) {
        number++;
        good =
            ask_again(o, line) || err_set(e, "%.200s line %lld is no line of a coordinator's journal: use a new file",
                                          path, (long long)number);
    }
    if (good && rest.len > 0 && ftruncate(o->journal_fd, (off_t)(all.len - rest.len)) != 0)
        good = err_set(e, "%.200s cannot be cut: %s", path, strerror(errno));
    arena_release(&a);
    return good;
}

bool journal_open(struct office *o, const char *path, struct err *e)
{
    o->journal_fd = -1;
    if (!path)
        return true;
    o->journal_fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (o->journal_fd < 0)
        return err_set(e, "%.200s cannot be written: %s", path, strerror(errno));
    if (flock(o->journal_fd, LOCK_EX | LOCK_NB) != 0)
        return err_set(e, "%.200s is the journal of a coordinator that runs", path);
    return replay(o, path, e);
}

bool journal_keep(struct office *o, const struct coordinator_request *r, struct err *e)
{
    if (o->journal_fd < 0)
        return true;
    json_t *line = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:s%}", "at", (json_int_t)r->now_ms, "method",
                             r->method, "path", r->path, "key", r->key, "miner", r->miner, "twist", r->twist, "number",
                             (json_int_t)r->twist_number, "body", r->body.at ? r->body.at : "", r->body.len);
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    size_t len = text ? strlen(text) : 0;
    if (text)
        text[len] = '\n'; /* where its end was; written with its length */
    bool good = text && write(o->journal_fd, text, len + 1) == (ssize_t)(len + 1);
    free(text);
    json_decref(line);
    return good || err_set(e, "the journal cannot be written: %s", strerror(errno));
}

bool record_open(struct office *o, const char *path, struct err *e)
{
    if (!path)
        return true;
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    o->record = fd >= 0 ? fdopen(fd, "a") : NULL;
    return o->record || err_set(e, "%.200s cannot be written: %s", path, strerror(errno));
}

static enum MHD_Result one_header(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    json_object_set_new(ctx, name, json_string(value ? value : ""));
    return MHD_YES;
}

/* Text as it is, everything else by its size alone. */
static json_t *body_of(const struct talk *t)
{
    json_t *text = json_stringn(t->body ? t->body : "", t->len);
    return text ? text : json_null();
}

void record_put(struct talk *t)
{
    struct office *o = t->office;
    if (t->told || strncmp(t->path, "/__admin/", 9) == 0)
        return;
    t->told = true;
    json_t *headers = json_object();
    MHD_get_connection_values(t->line, MHD_HEADER_KIND, one_header, headers);
    json_t *line = json_pack("{s:I, s:s, s:s, s:s, s:i, s:s, s:I, s:o, s:o}", "at", (json_int_t)t->at_ms, "endpoint",
                             fault_endpoint(t->path), "method", t->method, "path", t->path, "status", t->answer.status,
                             "fault", t->rule ? fault_names[t->fault.act].name : "", "bytes", (json_int_t)t->len,
                             "headers", headers, "body", body_of(t));
    char **at = &o->log[o->logged++ % OFFICE_LOG];
    free(*at);
    *at = json_dumps(line, JSON_COMPACT);
    if (o->record && *at) {
        fprintf(o->record, "%s\n", *at);
        fflush(o->record);
    }
    json_decref(line);
}

struct bytes record_list(struct office *o, struct arena *a)
{
    const char *text = "[", *between = "";
    for (int64_t i = o->logged > OFFICE_LOG ? o->logged - OFFICE_LOG : 0; i < o->logged; i++, between = ",")
        text = arena_text(a, "%s%s%s", text, between, o->log[i % OFFICE_LOG] ? o->log[i % OFFICE_LOG] : "null");
    return bytes_of(arena_text(a, "%s]", text));
}
