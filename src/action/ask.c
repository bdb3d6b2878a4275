/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/ask.h"

#include "action/errand.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/key.h"
#include "view/output.h"

#include <stdio.h>
#include <string.h>

/* A Yes that comes sooner than this after the question was not meant for it: keys were mashed, or pasted. */
enum { READ_MS = 300 };

static const char *restart_means(enum daemon_state state)
{
    static const char *const words[] = {
        [DAEMON_UP] = "The daemon stops and starts again: the task it works on is lost, and its log may begin anew.",
        [DAEMON_STALE] = "The daemon has gone silent: it is stopped, and a new one is started.",
        [DAEMON_HUNG] = "The daemon hangs: it is stopped, and a new one is started.",
        [DAEMON_UNKNOWN] = "Whether a daemon runs is not known: it is stopped if it does, and a new one is started.",
        [DAEMON_IMPOSTOR] = "No daemon runs, and another program has its pid: a new one is started.",
        [DAEMON_DOWN] = "The daemon is down: what is left of it is cleared away, and a new one is started.",
        [DAEMON_STOPPED] = "The daemon was stopped: a new one is started.",
        [DAEMON_NEVER] = "No daemon ever ran here: one is started.",
    };
    return words[state];
}

const char *ask_consequence(struct arena *a, enum plan_kind kind, const struct model *m)
{
    if (kind == PLAN_RESTART)
        return restart_means(m->daemon->state);
    if (m->auction->uncommitted)
        return arena_text(a, "What the configuration says now is published: %s. It takes the place of the last bid.",
                          m->auction->config->commitment);
    if (m->auction->netuid == NOT_KNOWN)
        return "The bid is published on the chain again, although nothing changed, and takes the place of the last "
               "one.";
    return arena_text(a,
                      "The bid for subnet %lld is published on the chain again, although nothing changed, and takes "
                      "the place of the last one.",
                      (long long)m->auction->netuid);
}

static const char *late(enum plan_kind kind)
{
    return kind == PLAN_RESTART
               ? "The window closes within a minute: a miner that is down then may miss it."
               : "The window closes within a minute: a commitment that lands later counts for the next.";
}

/* "a\nb" -> a, b */
static void split(struct arena *a, const char *text, const char *line[ASK_LINES])
{
    struct bytes rest = bytes_of(text);
    for (int i = 0; i < ASK_LINES && rest.len > 0; i++) {
        size_t len = bytes_find(rest, "\n");
        line[i] = text_safe(a, (struct bytes){rest.at, len}, 0);
        rest = bytes_from(rest, len + 1);
    }
}

static struct ask question(struct act *act, const struct plan *p)
{
    struct arena *a = act->arena;
    const struct model *m = act->model;
    struct ask q = {
        .plan = p,
        .title = p->kind == PLAN_RESTART ? "Restart the daemon?" : "Force a commitment?",
        .host = arena_text(a, "%s, rig %s", m->host, m->rig_name),
        .folder = text_safe(a, bytes_of(p->folder), 0),
        .from = p->from,
        .unit = p->unit,
        .note = p->note,
        .commands = p->steps,
        .why = p->why ? text_safe(a, bytes_of(p->why), 0) : NULL,
        .consequence = ask_consequence(a, p->kind, m),
        .late = late(p->kind),
        .opened_ms = act->at_ms,
    };
    for (int i = 0; i < p->steps; i++)
        q.command[i] = plan_text(a, p->step[i].argv);
    if (!p->known)
        split(a, p->set, q.set);
    else
        q.limit = errand_limit(a, p->kind, act->dir, m->now_ms);
    return q;
}

static void open_question(struct act *act, enum plan_kind kind)
{
    struct ui *ui = act->ui;
    if (act->model == NULL || act->arena == NULL)
        return;
    if (ui->read_only)
        ui->message = "read-only: nothing can be started";
    else if (ui->output != NULL && ui->output->phase != OUTPUT_DONE)
        ui_say(ui, "one command at a time: %s is not done yet; o shows it", ui->output->command[ui->output->step]);
    else if (ui->paused)
        ui->message = "the picture is held, and may be old: p lets it go on first";
    else {
        ui->ask = question(act, plan_find(act->arena, kind, act->model, act->dir));
        ui->mode = UI_ASK;
    }
}

void act_restart(struct act *act)
{
    open_question(act, PLAN_RESTART);
}

void act_commit(struct act *act)
{
    open_question(act, PLAN_COMMIT);
}

/* ---- the answer ---- */

static void say_no(struct act *act)
{
    act->ui->mode = UI_KEYS;
    act->ui->message = act->ui->ask.commands > 0 ? "nothing was started" : NULL;
}

static void say_yes(struct act *act)
{
    struct ask *q = &act->ui->ask;
    if (act->at_ms - q->opened_ms < READ_MS)
        q->hint = "too quick to have been read";
    else if (ask_fits(act->model, act->ui)) {
        act->ui->mode = UI_KEYS;
        act->order = ORDER_ERRAND;
    }
}

/* Above the limit Yes is a word. */
static bool typed_key(struct act *act)
{
    struct ask *q = &act->ui->ask;
    size_t len = strlen(q->typed);
    bool whole = strcmp(q->typed, ask_word) == 0;
    if (act->key == K_ENTER && whole)
        say_yes(act);
    else if (act->key == K_ENTER)
        say_no(act);
    else if (act->key == K_BACKSPACE && len > 0)
        q->typed[len - 1] = '\0';
    else if (!whole && act->key == ask_word[len])
        q->typed[len] = ask_word[len];
    else
        return false;
    return true;
}

static bool button_key(struct act *act)
{
    struct ask *q = &act->ui->ask;
    if (act->key == 'y')
        say_yes(act);
    else if (act->key == K_ENTER && q->yes)
        say_yes(act);
    else if (act->key == K_ENTER || act->key == 'n')
        say_no(act);
    else if (act->key == K_TAB || act->key == K_BACKTAB || act->key == K_LEFT || act->key == K_RIGHT)
        q->yes = !q->yes;
    else
        return false;
    return true;
}

bool ask_key(struct act *act)
{
    const struct ask *q = &act->ui->ask;
    if (act->key == K_ESC || act->key == K_CTRL_C || (q->commands == 0 && act->key == K_ENTER)) {
        say_no(act);
        return true;
    }
    if (act->key == K_CTRL_L || act->key == K_CTRL_Z) {
        act->order = act->key == K_CTRL_L ? ORDER_REPAINT : ORDER_SUSPEND;
        return true;
    }
    return q->commands > 0 && (q->limit ? typed_key(act) : button_key(act));
}

/* ---- the output ---- */

void act_output(struct act *act)
{
    act->ui->output_scroll = 0;
    if (act->ui->output != NULL)
        act->ui->mode = UI_OUTPUT;
    else
        act->ui->message = "nothing was started yet; r and c do";
}

static void leave_output(struct act *act)
{
    act->ui->mode = UI_KEYS;
    if (act->ui->output != NULL && act->ui->output->phase != OUTPUT_DONE)
        act->ui->message = "it goes on; o shows it again";
}

static bool scroll(struct ui *ui, int key)
{
    static const struct {
        int key, other, by;
    } table[] = {{K_UP, 'k', 1},     {K_DOWN, 'j', -1},    {K_PGUP, 'b', 10},
                 {K_PGDN, ' ', -10}, {K_HOME, 'g', 10000}, {K_END, 'G', -10000}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (key != table[i].key && key != table[i].other)
            continue;
        int most = output_most(ui), at = ui->output_scroll + table[i].by;
        ui->output_scroll = at > most ? most : at;
        if (ui->output_scroll < 0)
            ui->output_scroll = 0;
        return true;
    }
    return false;
}

bool output_key(struct act *act)
{
    if (act->key == K_ESC || act->key == 'q' || act->key == 'o' || act->key == K_CTRL_C)
        leave_output(act);
    else if (act->key == K_CTRL_L || act->key == K_CTRL_Z)
        act->order = act->key == K_CTRL_L ? ORDER_REPAINT : ORDER_SUSPEND;
    else
        return scroll(act->ui, act->key);
    return true;
}
