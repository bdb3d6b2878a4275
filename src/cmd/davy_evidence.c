/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies behind the alert that somebody opened: the ends of the files that its rule reads, and of the audit log. */
#include "cmd/davy_evidence.h"

#include "base/file.h"
#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "rule/evidence.h"
#include "view/view.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { TAIL = 256 << 10, TEXT_CELLS = 160 };

/* The last TAIL bytes. */
static bool read_tail(struct arena *a, const char *path, struct bytes *out, bool *whole, struct err *e)
{
    struct file_stat s;
    int fd = file_open(path, &s, e);
    if (fd < 0)
        return s.exists ? false : err_set(e, "the file is not there");
    off_t from = s.size > TAIL ? s.size - TAIL : 0;
    char *text = arena_alloc(a, TAIL + 1);
    size_t got = 0;
    for (ssize_t n = 1; n > 0 && got<TAIL; got += n> 0 ? (size_t)n : 0)
        do
            n = pread(fd, text + got, TAIL - got, from + (off_t)got);
        while (n < 0 && errno == EINTR);
    close(fd);
    *out = (struct bytes){text, got};
    *whole = from == 0;
    return true;
}

static const char *path_of(struct arena *a, const struct model *m, const char *dir, enum doc_id id)
{
    const char *path = m->origin[id].path;
    return *path == '/' ? path : arena_text(a, "%s/%s", dir, path);
}

static void look_into(struct arena *a, const struct model *m, const char *dir, enum doc_id id, struct evidence *v)
{
    struct evidence_file *f = &v->file[v->files++];
    struct bytes text;
    struct err e;
    bool whole;
    f->path = m->origin[id].path;
    if (read_tail(a, path_of(a, m, dir, id), &text, &whole, &e))
        evidence_pick(a, v->rule, v->subject, id, text, whole, f);
    else
        f->error = arena_text(a, "%s", e.text);
}

/* ---- what people did ---- */

static const char *result_of(struct arena *a, const json_t *o)
{
    const char *health = json_text(a, o, "health_text"), *error = json_text(a, o, "error");
    int64_t code = json_int(o, "exit");
    if (error != NULL)
        return error;
    return arena_text(a, "exit %lld%s%s", (long long)code, health != NULL ? ", " : "", health != NULL ? health : "");
}

static const char *action_of(struct arena *a, const json_t *o)
{
    char time[TIME_TEXT];
    const char *event = json_text(a, o, "event"), *action = json_text(a, o, "action"), *user = json_text(a, o, "user"),
               *text = json_text(a, o, "text");
    int64_t at = json_int(o, "begun");
    at = at != NOT_KNOWN ? at : json_int(o, "at");
    if (event == NULL || action == NULL || at == NOT_KNOWN || strcmp(event, "begun") == 0)
        return NULL;
    return text_safe(a,
                     bytes_of(arena_text(a, "%s  %s by %s: %s", time_minute(time, at), action,
                                         user != NULL ? user : "somebody", text != NULL ? text : result_of(a, o))),
                     TEXT_CELLS);
}

static void take_action(struct evidence *v, const char *text)
{
    memmove(v->action + 1, v->action, sizeof v->action - sizeof *v->action);
    v->action[0] = text;
    v->actions += v->actions < EVIDENCE_ACTIONS;
}

static void look_at_actions(struct arena *a, const char *dir, struct evidence *v)
{
    struct bytes text, line;
    bool whole;
    if (!read_tail(a, arena_text(a, "%s/state/davy/audit.jsonl", dir), &text, &whole, NULL))
        return;
    while (bytes_line(&text, &line)) {
        json_t *o = json_read(line, "audit.jsonl", NULL);
        const char *said = json_is_object(o) ? action_of(a, o) : NULL;
        if (said != NULL)
            take_action(v, said);
        json_decref(o);
    }
}

bool davy_evidence(struct arena *a, struct model *m, const struct ui *ui, const char *dir)
{
    enum doc_id doc[EVIDENCE_FILES];
    const struct alert *x = view_wants_evidence(m, ui);
    if (x == NULL)
        return false;
    struct evidence *v = arena_alloc(a, sizeof *v);
    *v = (struct evidence){.rule = x->rule, .subject = x->subject};
    size_t count = evidence_docs(x->rule, x->subject, doc);
    for (size_t i = 0; i < count; i++)
        look_into(a, m, dir, doc[i], v);
    look_at_actions(a, dir, v);
    m->evidence = v;
    return true;
}
