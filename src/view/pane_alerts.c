/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong, since when, by how much, and what to do. The selected alert (the worst, until somebody moves) is told in
 * full, the others in a line each, and in full as far as there is room. */
#include "base/timetext.h"
#include "model/evidence.h"
#include "base/utf8.h"
#include "view/alert_page.h"
#include "view/alert_rows.h"
#include "view/alerts_pick.h"
#include "view/hits.h"
#include "view/pane.h"
#include "view/pieces.h"
#include "view/shown.h"

#include <stdio.h>
#include <string.h>

enum { WELL = 2 }; /* rows above the history of a rig on which all is well */

static void draw_well(const struct model *m, struct grid g)
{
    char age[TIME_TEXT];
    int64_t old = model_data_age_ms(m);
    if (old == NOT_KNOWN) {
        grid_text_cut(g, 0, 0, g.w, STYLE_STALE, "nothing is known yet");
        return;
    }
    struct pieces p = {.count = 0};
    pieces_add(&p, 100, 0, STYLE_GOOD, "all is well");
    if (m->rule_count > 0)
        pieces_add(&p, 60, 1, STYLE_DIM, "∙ %zu rules checked", m->rule_count);
    pieces_add(&p, 80, 1, STYLE_DIM, "∙ newest data %s", grid_ago(g, age, m->now_ms, m->now_ms - old));
    int x = draw_badge(g, 0, 0, SEVERITY_OK) + 1;
    pieces_draw(&p, grid_part(g, x, 0, g.w - x, 1));
}

/* Where the cursor is. Zoomed, an alert taller than the screen has a stop for each row that is hidden, so that every
 * word can be reached on any screen. */
struct stop {
    int alert, hidden; /* hidden: rows of it scrolled away */
};

static int stops_of(const struct alert *x, struct zoom_size size)
{
    int full = alert_full_rows(x, alert_width(size.w));
    return full > size.h ? 1 + full - size.h : 1;
}

static struct stop stop_of(const struct model *m, const struct ui *ui)
{
    int at = ui->cursor[pane_by_name("alerts")], last = (int)m->alert_count - 1;
    if (!pane_focused(ui, &pane_alerts) || at < 0)
        return (struct stop){0, 0};
    for (int i = 0; pane_zoomed(ui, &pane_alerts) && i < last; i++) {
        int stops = stops_of(&m->alert[i], zoom_size(ui));
        if (at - i < stops)
            return (struct stop){i, at - i};
        at -= stops - 1;
    }
    int over = at > last ? at - last : 0, stops = stops_of(&m->alert[last], zoom_size(ui));
    return (struct stop){at > last ? last : at, !pane_zoomed(ui, &pane_alerts) ? 0 : over < stops ? over : stops - 1};
}

/* The cursor of an alert's first row. */
static int first_stop(const struct model *m, const struct ui *ui, int alert)
{
    int stop = 0;
    for (int i = 0; i < alert; i++)
        stop += pane_zoomed(ui, &pane_alerts) ? stops_of(&m->alert[i], zoom_size(ui)) : 1;
    return stop;
}

/* What is above and below the selected one, as far as there is room: a line each, or all of it. */
static void draw_list(const struct model *m, const struct ui *ui, struct grid g, struct stop at)
{
    int count = (int)m->alert_count, others = count - 1, full = alert_full_rows(&m->alert[at.alert], g.w);
    int kept = g.h >= full ? g.h - full : g.h >= 6 && !ui->zoom ? 1 : 0, most = g.h - (others < kept ? others : kept);
    if (m->alert[at.alert].severity <= SEVERITY_INFO && !ui->zoom && g.h < full + others)
        full = 1; /* worth a line, not the room of others */
    int told = full > most ? most : full, spare = g.h - told - others, lines = g.h - told;
    int first = spare >= 0 ? 0 : at.alert - lines / 2, last = count - 1 - lines, i;
    first = first > last && spare < 0 ? last : first < 0 ? 0 : first;
    int y = 0;
    for (i = first; i < count && y < g.h; i++) {
        int whole = alert_full_rows(&m->alert[i], g.w), rows = i == at.alert ? told : whole - 1 <= spare ? whole : 1;
        struct grid part = grid_part(g, 0, y, g.w, rows);
        hits_note(part, HIT_ROW, first_stop(m, ui, i));
        bool marked = i == at.alert && pane_focused(ui, &pane_alerts) && count > 1;
        if (i != at.alert && spare > 0)
            spare -= rows - 1;
        if (i == at.alert || rows > 1)
            alert_draw_full(m, ui, &m->alert[i], part, 0, rows, marked);
        else
            alert_draw_line(m, &m->alert[i], part, marked);
        y += rows;
    }
    list_more(g, first > 0, i < count);
}

/* ---- one alone: all that is known of it ---- */

static bool is_open(const struct ui *ui)
{
    return ui->detail && pane_zoomed(ui, &pane_alerts);
}

const struct alert *alert_selected(const struct model *m, const struct ui *ui)
{
    struct picked picked;
    if (is_open(ui)) {
        for (size_t i = 0; i < m->alert_count; i++)
            if (strcmp(m->alert[i].rule, ui->opened.rule) == 0 && strcmp(m->alert[i].subject, ui->opened.subject) == 0)
                return &m->alert[i];
        return NULL;
    }
    const struct model *shown = alerts_pick(&picked, m, ui);
    if (shown->alert_count == 0)
        return NULL;
    int at = stop_of(shown, ui).alert;
    for (size_t i = 0; i < m->alert_count; i++)
        if (m->alert[i].rule == shown->alert[at].rule && m->alert[i].subject == shown->alert[at].subject)
            return &m->alert[i];
    return NULL;
}

/* Its name, not its row: rows move while one reads. The cursor scrolls then, and comes back. */
static bool open_it(const struct model *m, struct ui *ui)
{
    const struct alert *x = alert_selected(m, ui);
    int *cursor = &ui->cursor[pane_by_name("alerts")];
    if (x == NULL)
        return false;
    snprintf(ui->opened.rule, sizeof ui->opened.rule, "%s", x->rule);
    snprintf(ui->opened.subject, sizeof ui->opened.subject, "%s", x->subject);
    ui->opened.cursor = *cursor;
    *cursor = 0;
    return true;
}

const struct alert *view_wants_evidence(const struct model *m, const struct ui *ui)
{
    const struct alert *x = is_open(ui) ? alert_selected(m, ui) : NULL;
    bool have = x != NULL && m->evidence != NULL && strcmp(m->evidence->rule, x->rule) == 0 &&
                strcmp(m->evidence->subject, x->subject) == 0;
    return have ? NULL : x;
}

static void page(const struct model *m, const struct ui *ui, struct flow *f)
{
    const struct alert *x = alert_selected(m, ui);
    if (x == NULL) {
        alert_page_over(m, ui, f);
        return;
    }
    struct alert head = *x;
    head.todo[0] = NULL; /* they stand below, with numbers */
    int full = alert_full_rows(&head, f->w), y = f->line - f->first;
    if (f->g.frame != NULL)
        alert_draw_full(m, ui, &head, f->g, y, full, false);
    f->line += full;
    alert_page(m, ui, x, f);
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    g = grid_part(g, 0, 0, alert_width(g.w), g.h);
    if (is_open(ui)) {
        struct flow f = flow_of(g, ui, &pane_alerts, flow_count(m, ui, page));
        page(m, ui, &f);
        return;
    }
    if (m->alert_count == 0) {
        draw_well(m, g);
        if (pane_zoomed(ui, &pane_alerts) && g.h > WELL) {
            struct flow f =
                flow_of(grid_part(g, 0, WELL, g.w, g.h - WELL), ui, &pane_alerts, flow_count(m, ui, alerts_history));
            alerts_history(m, ui, &f);
        }
        return;
    }
    struct picked picked;
    m = alerts_pick(&picked, m, ui);
    if (m->alert_count == 0) {
        draw_none(g, ui, &pane_alerts, "alert");
        return;
    }
    struct stop at = stop_of(m, ui);
    int full = alert_full_rows(&m->alert[at.alert], g.w);
    if (pane_zoomed(ui, &pane_alerts) && full > g.h) {
        alert_draw_full(m, ui, &m->alert[at.alert], g, -at.hidden, full, m->alert_count > 1);
        if (full - at.hidden > g.h)
            grid_put(g, g.w - 1, g.h - 1, STYLE_SELECT, GLYPH_DOWN);
    } else {
        draw_list(m, ui, g, at);
    }
}

/* All alerts told in full. */
static int all_rows(const struct model *m, int w)
{
    int rows = 0;
    for (size_t i = 0; i < m->alert_count && i < 20; i++)
        rows += alert_full_rows(&m->alert[i], w);
    return rows;
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    int count = (int)m->alert_count;
    w = alert_width(w);
    if (count == 0)
        return (struct pane_need){1, 1, 1};
    if (model_worst(m) <= SEVERITY_INFO)
        return (struct pane_need){1, count > 2 ? 2 : count, ui->h >= 50 ? all_rows(m, w) : count};
    int full = alert_full_rows(&m->alert[0], w), most = all_rows(m, w),
        lines = ui->w < 100 || ui->h < 34 ? 1
                : ui->h < 50              ? 2
                                          : 4;
    int good = full + (count - 1 > lines ? lines : count - 1);
    int least = alert_head_rows(&m->alert[0], w) + alert_fact_rows(&m->alert[0], w) + 1;
    least = least < 4 ? 4 : least;
    return (struct pane_need){full < least ? full : least, good, most > good ? most : good};
}

static int rows(const struct model *m, const struct ui *ui)
{
    struct picked picked;
    int rows = 0;
    if (is_open(ui))
        return flow_stops(ui, flow_count(m, ui, page), 0);
    if (m->alert_count == 0 && pane_zoomed(ui, &pane_alerts))
        return flow_stops(ui, flow_count(m, ui, alerts_history), WELL);
    m = alerts_pick(&picked, m, ui);
    for (size_t i = 0; i < m->alert_count; i++)
        rows += pane_zoomed(ui, &pane_alerts) ? stops_of(&m->alert[i], zoom_size(ui)) : 1;
    return rows;
}

/* The selected one, for who wants to hand it on. */
static const char *copy(struct arena *a, const struct model *m, const struct ui *ui)
{
    struct picked picked;
    m = alerts_pick(&picked, m, ui);
    return m->alert_count == 0 ? NULL : alert_text(a, &m->alert[stop_of(m, ui).alert]);
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    *s = severity_style(model_worst(m));
    if (m->alert_count == 0)
        return model_data_age_ms(m) == NOT_KNOWN ? "nothing is known yet" : "all is well";
    const struct alert *x = &m->alert[0];
    if (m->alert_count == 1)
        return arena_text(a, "%s %s", severity_mark(x->severity), x->what);
    return arena_text(a, "%s %s (+%zu)", severity_mark(x->severity), x->what, m->alert_count - 1);
}

const struct pane pane_alerts = {
    .name = "alerts",
    .title = "Alerts",
    .help = "what is wrong, since when, value against limit, and what to do; the selected one in full",
    .importance = 100,
    .need = need,
    .draw = draw,
    .rows = rows,
    .list = alerts_list,
    .copy = copy,
    .line = line,
    .open = open_it,
};
