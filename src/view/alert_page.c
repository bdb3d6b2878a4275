/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/alert_page.h"

#include "base/timetext.h"
#include "model/evidence.h"
#include "model/incidents.h"
#include "model/watcher.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { HISTORY_MOST = 20, SPARK_HOURS = 72, NUMBER_TEXT = 24 };

/* ---- words ---- */

static void add(char out[ALERT_STATE], const char *text)
{
    size_t len = strlen(out);
    snprintf(out + len, ALERT_STATE - len, "%s%s", len > 0 ? ", " : "", text);
}

const char *alert_state(char out[ALERT_STATE], const struct alert *x)
{
    const struct incident *i = x->incident;
    char clock[TIME_TEXT], text[ALERT_STATE];
    out[0] = '\0';
    if (strcmp(x->state, "firing") != 0)
        add(out, x->state);
    if (i == NULL)
        return out;
    if (i->unknown && strcmp(x->state, "unknown") != 0)
        add(out, "no data now");
    if (i->flapping)
        add(out, "flapping");
    if (i->silenced)
        add(out, "silenced");
    if (i->ack.who != NULL) {
        snprintf(text, sizeof text, "acked until %s", time_clock(clock, i->ack.until_ms));
        add(out, text);
    }
    return out;
}

const char *alerts_note(struct arena *a, const struct model *m)
{
    char clock[TIME_TEXT];
    const struct incidents *s = m->incidents;
    const char *note = "";
    int64_t next = INT64_MAX;
    if (m->watcher != NULL)
        note = arena_text(a, " %s", watcher_text(m->watcher));
    for (size_t i = 0; s != NULL && i < s->silence_count; i++)
        next = s->silence[i].until_ms < next ? s->silence[i].until_ms : next;
    if (next == INT64_MAX)
        return note;
    return arena_text(a, "%s%s %zu silenced, next ends %s", note, *note ? "," : "", s->silence_count,
                      time_clock(clock, next));
}

/* ---- the page: drawn, and counted without a frame, so there is no arena ---- */

static void draw_flags(const struct incident *i, struct flow *f)
{
    char time[TIME_TEXT];
    const char *why = i->ack.why != NULL ? i->ack.why : "";
    if (i->unknown)
        flow_wrap(f, 0, STYLE_STALE, "Its data is not known now: nothing says that it is over.");
    if (i->flapping)
        flow_wrapf(f, 0, STYLE_ACCENT, "Flapping: %lld changes.", (long long)i->changes);
    if (i->silenced)
        flow_wrap(f, 0, STYLE_ACCENT, "Silenced: nobody is told of it.");
    if (i->ack.who != NULL)
        flow_wrapf(f, 0, STYLE_ACCENT, "Acknowledged by %s until %s%s%s", i->ack.who,
                   time_minute(time, i->ack.until_ms), *why != '\0' ? ": " : "", why);
}

static void draw_incident(const struct model *m, const struct alert *x, struct flow *f)
{
    const struct incident *i = x->incident;
    char time[TIME_TEXT], span[TIME_TEXT], head[ALERT_STATE];
    if (i == NULL)
        return;
    snprintf(head, sizeof head, i->number > 0 ? "Incident #%lld" : "Incident", (long long)i->number);
    flow_head(f, head);
    if (i->since_ms != NOT_KNOWN)
        flow_wrapf(f, 0, STYLE_NORMAL, "%s since %s, %s", x->state, time_minute(time, i->since_ms),
                   duration_short(span, m->now_ms > i->since_ms ? m->now_ms - i->since_ms : 0));
    draw_flags(i, f);
}

/* The mean scores of SPARK_HOURS hours. Other values the model does not have over time. */
static bool fill_values(const struct model *m, const struct alert *x, double value[SPARK_HOURS])
{
    bool of_scores = strncmp(x->rule, "score_", 6) == 0 || strcmp(x->rule, "success_rate") == 0;
    if (!of_scores || !m->scores->known || m->scores->hour == NULL)
        return false;
    for (int i = 0; i < SPARK_HOURS; i++) {
        const struct score_hour *h = &m->scores->hour[SCORE_HOURS - SPARK_HOURS + i];
        value[i] = h->count > 0 ? h->mean : (double)NAN;
    }
    return true;
}

bool alert_spark(const struct model *m, const struct ui *ui, const struct alert *x, struct grid row)
{
    double value[SPARK_HOURS];
    double limit = strcmp(x->rule, "score_avg") == 0 ? x->limit : (double)NAN;
    struct series s = {value, SPARK_HOURS, 0, 1, limit, STYLE_CHART, STYLE_BAD, graph_form(ui)};
    if (!fill_values(m, x, value))
        return false;
    if (row.w > 0)
        chart_spark(row, 0, 0, row.w < SPARK_HOURS ? row.w : SPARK_HOURS, &s);
    return true;
}

static void draw_spark(const struct model *m, const struct ui *ui, const struct alert *x, struct flow *f)
{
    if (!alert_spark(m, ui, x, (struct grid){.w = 0}))
        return;
    flow_head(f, "Mean score of each hour, 72 hours");
    alert_spark(m, ui, x, flow_row(f));
}

/* What it hides, by the rows of the engine. */
static void draw_hidden(const struct model *m, const struct alert *x, struct flow *f)
{
    const struct incidents *s = m->incidents;
    bool any = false;
    for (size_t k = 0; s != NULL && strcmp(x->rule, "daemon_down") == 0 && k < s->count; k++) {
        const struct incident *i = &s->row[k];
        if (!i->hidden)
            continue;
        if (!any)
            flow_head(f, "It hides");
        any = true;
        flow_wrapf(f, 0, STYLE_NORMAL, "%s%s%s: %s", i->rule, *i->subject ? "/" : "", i->subject, i->what);
    }
}

static void draw_file(const struct evidence_file *e, struct flow *f)
{
    flow_wrap(f, 0, STYLE_ACCENT, e->path);
    if (e->error != NULL)
        flow_wrap(f, 2, STYLE_STALE, e->error);
    for (size_t i = 0; i < e->lines; i++) {
        struct grid row = flow_row(f);
        int at = grid_textf(row, 2, 0, STYLE_DIM, "%6lld ", (long long)e->line[i].number);
        grid_text_cut(row, at, 0, row.w - at, STYLE_NORMAL, e->line[i].text);
    }
}

static bool is_of(const struct evidence *e, const struct alert *x)
{
    return e != NULL && strcmp(e->rule, x->rule) == 0 && strcmp(e->subject, x->subject) == 0;
}

static void draw_evidence(const struct model *m, const struct alert *x, struct flow *f)
{
    const struct evidence *e = is_of(m->evidence, x) ? m->evidence : NULL;
    if (e != NULL && e->files > 0)
        flow_head(f, "Evidence");
    for (size_t i = 0; e != NULL && i < e->files; i++)
        draw_file(&e->file[i], f);
}

static void draw_runbook(const struct ui *ui, const struct alert *x, struct flow *f)
{
    flow_head(f, "What to do");
    int n = 1;
    for (int i = 0; i < ALERT_DO && x->todo[i] != NULL; i++)
        flow_wrapf(f, 0, STYLE_STRONG, "%d. %s", n++, x->todo[i]);
    if (ui->read_only)
        flow_wrap(f, 0, STYLE_DIM, "(read-only: nothing can be started, acknowledged or silenced here)");
    else
        flow_wrapf(f, 0, STYLE_NORMAL,
                   "%d. a acknowledges it, s silences it for a while, r restarts the daemon, e writes "
                   "a support bundle",
                   n);
}

static void draw_actions(const struct model *m, const struct alert *x, struct flow *f)
{
    const struct evidence *e = is_of(m->evidence, x) ? m->evidence : NULL;
    if (e == NULL)
        return;
    flow_head(f, "Last actions");
    if (e->actions == 0)
        flow_wrap(f, 0, STYLE_DIM, "none is known (state/davy/audit.jsonl)");
    for (size_t i = 0; i < e->actions; i++)
        flow_wrap(f, 0, STYLE_NORMAL, e->action[i]);
}

static bool is_about(const struct incident_event *e, const struct alert *x)
{
    return strcmp(e->rule, x->rule) == 0 && (e->subject == NULL || strcmp(e->subject, x->subject) == 0);
}

static void draw_event(const struct incident_event *e, bool named, struct flow *f)
{
    char time[TIME_TEXT], number[NUMBER_TEXT] = "";
    if (e->number > 0)
        snprintf(number, sizeof number, " #%lld", (long long)e->number);
    const char *subject = named && e->subject != NULL ? e->subject : "";
    flow_wrapf(f, 0, STYLE_NORMAL, "%s  %s%s%s%s%s%s %s%s%s%s%s", time_minute(time, e->at_ms), named ? e->rule : "",
               *subject ? "/" : "", subject, named ? " " : "", incident_event_name(e->kind), number,
               e->severity > SEVERITY_OK ? severity_name(e->severity) : "", e->who ? " by " : "", e->who ? e->who : "",
               e->why ? ": " : "", e->why ? e->why : "");
}

/* x NULL: of all. */
static void draw_history(const struct model *m, const struct alert *x, struct flow *f)
{
    int shown = 0;
    for (size_t i = m->event_count; i-- > 0 && shown < HISTORY_MOST;) {
        const struct incident_event *e = &m->event[i];
        if (x != NULL && !is_about(e, x))
            continue;
        if (shown++ == 0)
            flow_head(f, x != NULL ? "History" : "Incidents, newest first");
        draw_event(e, x == NULL, f);
    }
}

void alerts_history(const struct model *m, const struct ui *ui, struct flow *f)
{
    (void)ui;
    draw_history(m, NULL, f);
}

void alert_page(const struct model *m, const struct ui *ui, const struct alert *x, struct flow *f)
{
    draw_incident(m, x, f);
    draw_spark(m, ui, x, f);
    draw_hidden(m, x, f);
    draw_runbook(ui, x, f);
    draw_evidence(m, x, f);
    draw_actions(m, x, f);
    draw_history(m, x, f);
    draw_history(m, NULL, f);
}

/* What was open is over: nothing but its past is left. */
void alert_page_over(const struct model *m, const struct ui *ui, struct flow *f)
{
    const struct alert x = {.rule = ui->opened.rule, .subject = ui->opened.subject};
    flow_wrapf(f, 0, STYLE_GOOD, "%s%s%s is no alert any more.", x.rule, *x.subject ? "/" : "", x.subject);
    draw_history(m, &x, f);
    draw_history(m, NULL, f);
}
