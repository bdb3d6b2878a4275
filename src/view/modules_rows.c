/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/modules_rows.h"

#include "base/timetext.h"
#include "view/pieces.h"

enum { NAMES = 22, WIDE = 72 };

static enum style style_of(enum module_life l)
{
    static const uint8_t styles[] = {
        [MODULE_UP] = STYLE_GOOD,     [MODULE_PAUSED] = STYLE_WARN, [MODULE_LOOPS] = STYLE_BAD,
        [MODULE_ENDING] = STYLE_WARN, [MODULE_OTHER] = STYLE_STALE,
    };
    return styles[l];
}

static enum glyph glyph_of(enum module_life l)
{
    return l == MODULE_UP ? GLYPH_YES : l == MODULE_LOOPS ? GLYPH_NO : GLYPH_DOT;
}

/* Nobody looks after them: what the file says of each is of then. */
static bool is_gone(const struct modules *s)
{
    return s->supervisor == SUPERVISOR_GONE;
}

/* "up 2h", "crash loop, again in 4:10" */
static void state_pieces(const struct model *m, const struct module *x, struct grid row, struct pieces *p, int rank)
{
    char text[TIME_TEXT];
    bool gone = is_gone(m->modules);
    enum style s = gone ? STYLE_STALE : style_of(x->life);
    if (x->life == MODULE_UP && x->uptime_ms != NOT_KNOWN)
        pieces_add(p, rank, 1, s, "up %s", grid_age(row, text, m->now_ms, m->now_ms - x->uptime_ms));
    else
        pieces_add(p, rank, 1, s, "%s", gone && x->life == MODULE_UP ? "was running" : x->state);
    if (x->next_ms > m->now_ms && !gone)
        pieces_add(p, rank - 1, 0, STYLE_DIM, ", again in %s", grid_countdown(row, text, m->now_ms, x->next_ms));
}

/* What is wrong stays when the row is too short for all. */
void modules_line(const struct model *m, struct grid row)
{
    const struct modules *s = m->modules;
    struct pieces p = {.count = 0};
    pieces_add(&p, 100, 0, STYLE_DIM, s->count == 1 ? "  module" : "  modules");
    if (is_gone(s))
        pieces_add(&p, 99, 1, STYLE_BAD, "davy-run is gone");
    for (size_t i = 0; i < s->count && p.count + 3 <= PIECES; i++) {
        const struct module *x = &s->one[i];
        int rank = x->life == MODULE_LOOPS ? 90 : x->life == MODULE_UP ? 50 : 70;
        pieces_add(&p, rank, 1, STYLE_NORMAL, i > 0 ? "∙ %s" : "%s", x->name);
        state_pieces(m, x, row, &p, rank);
    }
    pieces_draw(&p, row);
}

static void module_row(const struct model *m, const struct module *x, struct grid row)
{
    struct pieces p = {.count = 0};
    bool gone = is_gone(m->modules);
    grid_put(row, 2, 0, gone ? STYLE_STALE : style_of(x->life), gone ? GLYPH_DOT : glyph_of(x->life));
    grid_text_cut(row, 4, 0, NAMES, STYLE_NORMAL, x->name);
    state_pieces(m, x, row, &p, 90);
    if (x->pid != NOT_KNOWN)
        pieces_add(&p, 60, 1, STYLE_DIM, "∙ pid %lld", (long long)x->pid);
    if (x->restarts != NOT_KNOWN)
        pieces_add(&p, 70, 1, x->restarts > 0 ? STYLE_NORMAL : STYLE_DIM, "∙ %lld restart%s", (long long)x->restarts,
                   x->restarts == 1 ? "" : "s");
    if (x->last_exit)
        pieces_add(&p, 80, 1, STYLE_DIM, "∙ last exit: %s", x->last_exit);
    int at = row.w >= WIDE ? 4 + NAMES : 4 + NAMES / 2;
    pieces_draw(&p, grid_part(row, at, 0, row.w - at, 1));
}

void modules_rows(const struct model *m, struct flow *f)
{
    const struct modules *s = m->modules;
    if (!s->known)
        return;
    flow_head(f,
              is_gone(s) ? "Modules: davy-run is gone, nobody starts them again" : "Modules, kept running by davy-run");
    for (size_t i = 0; i < s->count; i++)
        module_row(m, &s->one[i], flow_row(f));
}
