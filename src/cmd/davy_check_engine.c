/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check over time: what is found now, held against what the journal remembers. Without davy-watch nobody looks again
 * before the next davy check, which may be half an hour away: then what is pending counts as well, for "it must hold for 30
 * seconds" cannot be waited for. With davy-watch it fires by itself in time, and counts when it does. */
#include "base/timetext.h"
#include "cmd/davy_check.h"
#include "cmd/davy_memory.h"
#include "rule/remember.h"
#include "rule/rule.h"

#include <string.h>

/* With --now nothing is kept: looking back must not turn the clock of the others back. */
bool check_may_write(const struct check *c)
{
    return !c->options->read_only && c->options->now_ms == NOT_KNOWN && c->mine->explain == NULL &&
           check_knows(c->model);
}

static struct sample sample_of(const struct check *c, const struct check_item *i)
{
    static const enum severity severities[CHECK_CODES] = {
        [CHECK_WARNING] = SEVERITY_WARNING,
        [CHECK_CRITICAL] = SEVERITY_CRITICAL,
    };
    (void)c;
    return (struct sample){.rule = i->kind,
                           .subject = i->name,
                           .enter = severities[i->code],
                           .hold = severities[i->code],
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
    c->watcher = watcher_look(&c->arena, rig_folder(c->rig), c->model->now_ms);
    c->model->watcher = &c->watcher;
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
