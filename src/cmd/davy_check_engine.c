/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check over time: what is found now, held against what the journal remembers. Without davy-watch nobody looks again
 * before the next davy check, which may be half an hour away: then what is pending counts as well, for "it must hold for 30
 * seconds" cannot be waited for. With davy-watch it fires by itself in time, and counts when it does. */
#include "base/timetext.h"
#include "cmd/davy_check.h"
#include "rule/remember.h"
#include "rule/rule.h"

#include <string.h>

static const int64_t unknown_ms = 900000; /* as long as a process may be down */

/* With --now nothing is kept: looking back must not turn the clock of the others back. */
bool check_may_write(const struct check *c)
{
    return !c->options->read_only && c->options->now_ms == NOT_KNOWN && c->mine->explain == NULL &&
           check_knows(c->model);
}

/* What cannot be told is no alert at once: a command that fails once may answer the next time. When it lasts, somebody should
 * be told, for nobody is watching what it watched. It never clears anything. */
static enum severity blind_for_long(struct check *c, const struct check_item *i)
{
    bool blind = i->code == CHECK_UNKNOWN;
    int64_t since = check_since(c, arena_text(&c->arena, "%s/%s", i->kind, i->name), blind);
    return blind && c->model->now_ms - since >= unknown_ms ? SEVERITY_WARNING : SEVERITY_OK;
}

static struct sample sample_of(struct check *c, const struct check_item *i)
{
    static const enum severity severities[CHECK_CODES] = {
        [CHECK_WARNING] = SEVERITY_WARNING,
        [CHECK_CRITICAL] = SEVERITY_CRITICAL,
    };
    enum severity seen = severities[i->code], blind = blind_for_long(c, i);
    enum severity now = seen > blind ? seen : blind;
    return (struct sample){.rule = i->kind,
                           .subject = i->name,
                           .enter = now,
                           .hold = now,
                           .unknown = i->code == CHECK_UNKNOWN,
                           .what = i->what,
                           .value_text = "",
                           .limit_text = ""};
}

static void step(struct check *c)
{
    struct err e;
    struct sample *sample = arena_array(&c->arena, c->items, sizeof *sample);
    struct advance_also also = {.sample = sample, .count = c->items, .looked = true, .hurried = true};
    const char *dir = rig_folder(c->rig);
    for (size_t i = 0; i < c->items; i++)
        sample[i] = sample_of(c, &c->item[i]);
    if (check_may_write(c)) {
        if (advance(&c->engine, &c->arena, dir, c->model, &also, &e))
            return;
        c->not_advanced = arena_text(&c->arena, "%s", e.text);
        fprintf(stderr, "davy: %s; the alerts are those of a look that nobody will remember\n", e.text);
        advance_close(&c->engine);
    }
    advance_in_memory(&c->engine, &c->arena, dir, c->model, &also);
}

void check_engine(struct check *c)
{
    step(c);
    if (c->engine.journal.notice.text[0] != '\0')
        fprintf(stderr, "davy: %s\n", c->engine.journal.notice.text);
    alerts_remember(&c->arena, c->model, &c->engine.book.state);
}

static bool is_cared_for(const struct incident *i)
{
    return i != NULL && (i->silenced || i->ack.who != NULL);
}

bool check_is_told(const struct check *c, const struct alert *x)
{
    if (x->severity < (c->night ? SEVERITY_CRITICAL : SEVERITY_WARNING))
        return false;
    if (c->mine->respect_silence && is_cared_for(x->incident))
        return false;
    return c->watcher.state != WATCHER_RUNS || x->incident == NULL || x->incident->state != INCIDENT_PENDING;
}
