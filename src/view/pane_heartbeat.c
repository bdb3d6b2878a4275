/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The miner's health: the daemon, the heartbeat's checks and when each is due, the checklist. */
#include "view/pane.h"
#include "view/pieces.h"
#include "view/shown.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"

struct due_look {
    enum glyph glyph;
    enum style style;
};

static struct due_look look_of(enum due_state s)
{
    static const struct due_look looks[] = {
        [DUE_OK] = {GLYPH_YES, STYLE_GOOD},
        [DUE_DUE] = {GLYPH_POINT, STYLE_ACCENT},
        [DUE_OVERDUE] = {(enum glyph)'!', STYLE_WARN},
        [DUE_NEVER] = {GLYPH_DOT, STYLE_STALE},
        [DUE_FUTURE] = {(enum glyph)'!', STYLE_WARN},
        [DUE_NOTE] = {GLYPH_DOT, STYLE_DIM},
        [DUE_RAN] = {GLYPH_DOT, STYLE_NORMAL},
    };
    return looks[s];
}

/* "daemon UP 3h . pid 25217 . 41MB . wrote 3s ago" */
static void draw_daemon(const struct model *m, struct grid row)
{
    const struct daemon *d = m->daemon;
    char text[TIME_TEXT], size[NUM_TEXT];
    struct pieces p = {.count = 0};
    pieces_add(&p, 80, 0, STYLE_DIM, "daemon");
    pieces_add(&p, 100, 1, daemon_style(d), "%s", daemon_word(d));
    if (d->uptime_s != NOT_KNOWN)
        pieces_add(&p, 90, 1, STYLE_NORMAL, d->state == DAEMON_UP ? "%s" : "∙ started %s ago",
                   grid_age(row, text, m->now_ms, m->now_ms - d->uptime_s * 1000));
    if (d->pid != NOT_KNOWN)
        pieces_add(&p, 60, 1, STYLE_DIM, "∙ pid %lld", (long long)d->pid);
    if (d->rss_bytes != NOT_KNOWN)
        pieces_add(&p, 50, 1, STYLE_DIM, "∙ %sB", num_short(size, d->rss_bytes));
    if (d->beat_age_ms != NOT_KNOWN)
        pieces_add(&p, 70, 1, STYLE_DIM, "∙ wrote %s", grid_ago(row, text, m->now_ms, m->now_ms - d->beat_age_ms));
    pieces_draw(&p, row);
}

static void draw_check(const struct model *m, const struct hb_line *c, struct grid g, int y)
{
    struct due_look look = look_of(c->state);
    char age[TIME_TEXT], every[TIME_TEXT];
    grid_put(g, 2, y, look.style, look.glyph);
    int names = g.w >= 44 ? 22 : g.w - 4 - 14;
    grid_text_cut(g, 4, y, names, STYLE_NORMAL, c->name);
    if (c->at_ms != NOT_KNOWN)
        grid_textf(g, 5 + names, y, look.style, "%s", grid_ago(g, age, m->now_ms, c->at_ms));
    else
        grid_text_cut(g, 5 + names, y, g.w - 5 - names, look.style, c->note ? c->note : due_state_name(c->state));
    if (g.w >= 58 && c->at_ms != NOT_KNOWN) {
        int x = grid_textf(g, 36, y, look.style, "%s", due_state_name(c->state));
        if (c->interval_ms != NOT_KNOWN)
            grid_textf(g, x > 45 ? x + 1 : 45, y, STYLE_DIM, "every %s", age_text(every, c->interval_ms));
    }
}

static void draw_item(const struct checklist_item *i, struct grid g)
{
    grid_text(g, 2, 0, i->done ? STYLE_GOOD : STYLE_DIM, i->done ? "[x]" : "[ ]");
    grid_text_cut(g, 6, 0, g.w - 6, i->done ? STYLE_DIM : STYLE_NORMAL, i->text);
}

static void checklist_head(struct flow *f, const char *section)
{
    flow_row(f);
    struct grid g = flow_row(f);
    int x = grid_text(g, 0, 0, STYLE_TITLE, "Checklist");
    if (section[0])
        grid_textf(g, x, 0, STYLE_TITLE, ": %s", section);
}

static void page(const struct model *m, const struct ui *ui, struct flow *f)
{
    const struct heartbeat *h = m->heartbeat;
    const char *section = "";
    struct shown shown;
    shown_of(&shown, m, ui, &pane_heartbeat);
    draw_daemon(m, flow_row(f));
    flow_wrap(f, 2, STYLE_DIM, m->daemon->why ? m->daemon->why : "");
    if (m->log->wallet_text)
        flow_wrap(f, 2, m->log->wallet_broken ? STYLE_BAD : STYLE_DIM, m->log->wallet_text);
    if (h->check_count > 0)
        flow_head(f, "Checks, and when each was made");
    for (int i = 0; i < shown.count; i++) {
        const struct hb_line *check = &h->check[shown_row(&shown, i)];
        draw_check(m, check, flow_row(f), 0);
        if (check->milliseconds)
            flow_wrap(f, 4, STYLE_WARN, "written in milliseconds: its reader would never find it due again");
    }
    if (h->threshold_count > 0)
        flow_head(f, "Thresholds");
    for (size_t i = 0; i < h->threshold_count; i++)
        flow_wrapf(f, 2, STYLE_NORMAL, "%s %g", h->threshold[i].name, h->threshold[i].value);
    for (size_t i = 0; h->checklist && i < h->checklist->count; i++) {
        const struct checklist_item *item = &h->checklist->item[i];
        const char *here = item->section ? item->section : "";
        if (i == 0 || !bytes_is(bytes_of(here), section))
            checklist_head(f, here);
        section = here;
        draw_item(item, flow_row(f));
    }
}

static void draw_open(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct heartbeat *h = m->heartbeat;
    draw_daemon(m, grid_part(g, 0, 0, g.w, 1));
    g = grid_part(g, 0, 1, g.w, g.h - 1);
    if (!h->known) {
        draw_waiting(g, m, DOC_HBSTATE);
        return;
    }
    if (h->check_count == 0)
        grid_text_cut(g, 0, 0, g.w, STYLE_STALE,
                      h->empty_file ? "the heartbeat's state is empty and will not heal by itself" : "no check yet");
    struct shown shown;
    shown_of(&shown, m, ui, &pane_heartbeat);
    if (shown.count == 0 && !shown.every)
        draw_none(g, ui, &pane_heartbeat, "check");
    struct list l = list_view(ui, &pane_heartbeat, shown.count, g.h);
    for (int y = 0, i = l.first; y < g.h && i < shown.count; y++, i++) {
        list_mark(g, y, &l, i);
        draw_check(m, &h->check[shown_row(&shown, i)], g, y);
    }
    list_more(g, l.first > 0, l.first + g.h < shown.count);
    int y = shown.count > 0 ? shown.count : 1;
    for (size_t i = 0; h->checklist && y < g.h && i < h->checklist->count; i++, y++)
        draw_item(&h->checklist->item[i], grid_part(g, 0, y, g.w, 1));
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    if (pane_zoomed(ui, &pane_heartbeat)) {
        struct flow f = flow_of(g, ui, &pane_heartbeat, flow_count(m, ui, page));
        page(m, ui, &f);
    } else {
        draw_open(m, ui, g);
    }
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    const struct heartbeat *h = m->heartbeat;
    (void)ui;
    (void)w;
    int checks = h->known && h->check_count > 0 ? (int)h->check_count : 1;
    int items = h->checklist ? (int)h->checklist->count : 0;
    return (struct pane_need){1, 1 + (checks > 4 ? 4 : checks), 1 + checks + items};
}

static int list(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most)
{
    const struct heartbeat *h = m->heartbeat;
    int count = 0;
    (void)ui;
    for (size_t i = 0; i < h->check_count; i++) {
        const struct hb_line *c = &h->check[i];
        if (!needle_in(n, c->name) && !needle_in(n, due_state_name(c->state)) && !needle_in(n, c->note ? c->note : ""))
            continue;
        if (count < most)
            row[count] = (int16_t)i;
        count++;
    }
    return count;
}

static int rows(const struct model *m, const struct ui *ui)
{
    struct needle n = needle_of(shown_filter(ui, &pane_heartbeat));
    return pane_zoomed(ui, &pane_heartbeat) ? flow_stops(ui, flow_count(m, ui, page), 0) : list(m, ui, &n, NULL, 0);
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    const struct heartbeat *h = m->heartbeat;
    char age[TIME_TEXT];
    *s = daemon_style(m->daemon) == STYLE_GOOD ? STYLE_NORMAL : daemon_style(m->daemon);
    const char *state = daemon_word(m->daemon);
    if (!h->known || h->last_ms == NOT_KNOWN)
        return arena_text(a, "daemon %s", state);
    if (h->overdue_count > 0 && *s == STYLE_NORMAL)
        *s = STYLE_WARN;
    return arena_text(a, "daemon %s ∙ check %s%s", state,
                      grid_ago((struct grid){.frame = NULL}, age, m->now_ms, h->last_ms),
                      h->overdue_count > 0 ? ", overdue" : "");
}

const struct pane pane_heartbeat = {
    .name = "heartbeat",
    .title = "Heartbeat",
    .help = "the daemon, the heartbeat's checks and when they are due; zoomed: why, thresholds, the checklist",
    .importance = 40,
    .doc = {DOC_STATE, DOC_HBSTATE},
    .doc_count = 2,
    .need = need,
    .draw = draw,
    .rows = rows,
    .list = list,
    .line = line,
};
