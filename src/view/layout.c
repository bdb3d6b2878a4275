/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/layout.h"

#include "view/pane.h"

#include <string.h>

enum { BANDS = 5, COLUMNS = 3, STACK = 8 };

struct band {           /* columns side by side, each a stack of panes */
    int share[COLUMNS]; /* of the width; 0: no such column */
    const struct pane *pane[COLUMNS][STACK];
};
struct plan {
    int least_w;
    struct band band[BANDS];
};

/* Widest first. */
static const struct plan plans[] = {
    {160,
     {{{1}, {{&pane_alerts}}},
      {{1}, {{&pane_stages}}},
      {{1, 1, 1}, {{&pane_scores}, {&pane_budgets, &pane_auction}, {&pane_tasks}}},
      {{2, 1}, {{&pane_log}, {&pane_heartbeat}}}}},
    {100,
     {{{1}, {{&pane_alerts}}},
      {{1}, {{&pane_stages}}},
      {{1, 1}, {{&pane_scores, &pane_tasks}, {&pane_budgets, &pane_auction, &pane_heartbeat}}},
      {{1}, {{&pane_log}}}}},
    {72,
     {{{1}, {{&pane_alerts}}},
      {{1}, {{&pane_stages}}},
      {{1, 1}, {{&pane_scores, &pane_tasks}, {&pane_budgets, &pane_auction}}},
      {{1}, {{&pane_log, &pane_heartbeat}}}}},
    {0,
     {{{1},
       {{&pane_alerts, &pane_stages, &pane_auction, &pane_scores, &pane_budgets, &pane_tasks, &pane_log,
         &pane_heartbeat}}}}},
};

struct work { /* while the heights are found */
    const struct plan *plan;
    struct layout *out;
    struct pane_need need[PANE_MAX];
    int order[PANE_MAX], count; /* panes, the most important first */
    int frame, room;
};

bool layout_is_boxed(int w, int h)
{
    return w >= 100 && h >= 34;
}

int layout_side_cells(bool boxed)
{
    return boxed ? 4 : 2;
}

int layout_frame_rows(bool boxed)
{
    return boxed ? 2 : 1;
}

static int stack_rows(const struct layout *l, const struct pane *const *stack)
{
    int rows = 0;
    for (int i = 0; i < STACK && stack[i]; i++)
        rows += l->slot[pane_by_name(stack[i]->name)].h;
    return rows;
}

static int band_rows(const struct layout *l, const struct band *b)
{
    int most = 0;
    for (int c = 0; c < COLUMNS; c++) {
        int rows = stack_rows(l, b->pane[c]);
        most = rows > most ? rows : most;
    }
    return most;
}

static int plan_rows(const struct work *k)
{
    int rows = 0;
    for (int b = 0; b < BANDS; b++)
        rows += band_rows(k->out, &k->plan->band[b]);
    return rows;
}

/* Gives a pane that form and height if everything still fits. */
static bool try_slot(struct work *k, int pane, enum slot_form form, int h)
{
    struct slot *s = &k->out->slot[pane], before = *s;
    s->form = form;
    s->h = h;
    if (plan_rows(k) <= k->room)
        return true;
    *s = before;
    return false;
}

static void set_widths(struct work *k, const struct band *b, int w)
{
    int total = b->share[0] + b->share[1] + b->share[2], gap = k->out->boxed ? 0 : 2, from = 0, before = 0;
    for (int c = 0; c < COLUMNS && b->share[c] > 0; c++) {
        before += b->share[c];
        int to = c + 1 < COLUMNS && b->share[c + 1] > 0 ? before * (w + gap) / total : w + gap;
        for (int i = 0; i < STACK && b->pane[c][i]; i++) {
            struct slot *s = &k->out->slot[pane_by_name(b->pane[c][i]->name)];
            s->x = from;
            s->w = to - gap - from;
        }
        from = to;
    }
}

/* The focused pane stands right behind the alerts. */
static int rank(const struct ui *ui, int pane)
{
    int own = panes[pane]->importance;
    return ui->focus == pane && own < 95 ? 95 : own;
}

static void set_order(struct work *k, const struct ui *ui)
{
    for (int i = 0; panes[i]; i++) {
        int at = k->count++;
        for (; at > 0 && rank(ui, k->order[at - 1]) < rank(ui, i); at--)
            k->order[at] = k->order[at - 1];
        k->order[at] = i;
    }
}

/* Alerts first: what is wrong must be readable before anything else has a place, but never takes the whole screen. */
static void open_alerts(struct work *k, const struct model *m)
{
    int alerts = pane_by_name("alerts"), share = k->room * 6 / 10 > 3 ? k->room * 6 / 10 : 3;
    int least = k->need[alerts].least + k->frame;
    if (m->alert_count > 0)
        try_slot(k, alerts, SLOT_OPEN, least < share ? least : share);
}

static void show_lines(struct work *k)
{
    for (int i = 0; i < k->count; i++) {
        if (k->out->slot[k->order[i]].form == SLOT_HIDDEN)
            try_slot(k, k->order[i], SLOT_LINE, 1);
    }
}

/* Opens panes of that importance and lets them grow until each says all it has to say. */
static void open_tier(struct work *k, int least_rank, const struct ui *ui)
{
    for (int i = 0; i < k->count && rank(ui, k->order[i]) >= least_rank; i++) {
        int p = k->order[i];
        if (k->out->slot[p].form == SLOT_LINE)
            try_slot(k, p, SLOT_OPEN, k->need[p].least + k->frame);
    }
    for (int i = 0; i < k->count && rank(ui, k->order[i]) >= least_rank; i++) {
        struct slot *s = &k->out->slot[k->order[i]];
        while (s->form == SLOT_OPEN && s->h < k->need[k->order[i]].good + k->frame &&
               try_slot(k, k->order[i], SLOT_OPEN, s->h + 1))
            ;
    }
}

/* In turns, so that no pane takes all. */
static void grow_most(struct work *k)
{
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < k->count; i++) {
            struct slot *s = &k->out->slot[k->order[i]];
            if (s->form == SLOT_OPEN && s->h < k->need[k->order[i]].most + k->frame)
                more |= try_slot(k, k->order[i], SLOT_OPEN, s->h + 1);
        }
    }
}

/* The pane of a stack that can use spare rows best: the last that wants more, else the last open one. */
static struct slot *spare_taker(struct work *k, const struct pane *const *stack)
{
    struct slot *taker = NULL;
    bool wants = false;
    for (int i = 0; i < STACK && stack[i]; i++) {
        int p = pane_by_name(stack[i]->name);
        struct slot *s = &k->out->slot[p];
        bool more = s->h < k->need[p].most + k->frame;
        if (s->form == SLOT_OPEN && (more || !wants)) {
            taker = s;
            wants = more;
        }
    }
    return taker;
}

/* No holes: what is left over goes to the last band, and columns of a band end together. */
static void fill(struct work *k)
{
    int spare = k->room - plan_rows(k);
    for (int b = BANDS - 1; b >= 0; b--) {
        const struct band *band = &k->plan->band[b];
        int rows = band_rows(k->out, band);
        bool used = false;
        for (int c = 0; c < COLUMNS; c++) {
            struct slot *s = spare_taker(k, band->pane[c]);
            if (s) {
                s->h += rows + spare - stack_rows(k->out, band->pane[c]);
                used = true;
            }
        }
        if (used)
            spare = 0;
    }
}

static void set_places(struct work *k)
{
    int y = 0;
    for (int b = 0; b < BANDS; b++) {
        const struct band *band = &k->plan->band[b];
        for (int c = 0; c < COLUMNS; c++) {
            int at = y;
            for (int i = 0; i < STACK && band->pane[c][i]; i++) {
                struct slot *s = &k->out->slot[pane_by_name(band->pane[c][i]->name)];
                s->y = at;
                at += s->h;
            }
        }
        y += band_rows(k->out, band);
    }
}

void layout_make(struct layout *out, const struct model *m, const struct ui *ui, int w, int h)
{
    struct work k = {.plan = plans, .out = out, .room = h};
    memset(out, 0, sizeof *out);
    out->boxed = layout_is_boxed(ui->w, ui->h);
    k.frame = layout_frame_rows(out->boxed);
    while (w < k.plan->least_w)
        k.plan++;
    for (int b = 0; b < BANDS; b++) {
        if (k.plan->band[b].share[0] > 0)
            set_widths(&k, &k.plan->band[b], w);
    }
    for (int i = 0; panes[i]; i++)
        k.need[i] = panes[i]->need(m, ui, out->slot[i].w - layout_side_cells(out->boxed));
    set_order(&k, ui);
    open_alerts(&k, m);
    show_lines(&k);
    open_tier(&k, 70, ui);
    open_tier(&k, 0, ui);
    grow_most(&k);
    fill(&k);
    set_places(&k);
}
