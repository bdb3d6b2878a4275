/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong, since when, by how much, and what to do. The selected alert (the worst, until somebody moves) is told in
 * full, the others in a line each, and in full as far as there is room. */
#include "view/pane.h"

#include <string.h>

#include "base/timetext.h"

enum { BADGE_WIDTH = 7 }; /* marker cell and " CRIT " */

static int indent_of(int w)
{
    return w >= 44 ? BADGE_WIDTH + 1 : 2;
}

static int age_width(int w)
{
    return w >= 24 ? 5 : 0;
}

static int head_rows(const struct alert *x, int w)
{
    int room = w - BADGE_WIDTH - 1 - age_width(w);
    return text_rows(x->what, room) <= 1 ? 1 : 2;
}

static int todo_rows(const struct alert *x, int w)
{
    int rows = 0;
    for (int i = 0; i < ALERT_DO && x->todo[i]; i++)
        rows += text_rows(x->todo[i], w - indent_of(w) - 3);
    return rows;
}

static bool has_facts(const struct alert *x)
{
    return x->since_ms != NOT_KNOWN || x->value_text[0] || x->limit_text[0];
}

static int full_rows(const struct alert *x, int w)
{
    return head_rows(x, w) + has_facts(x) + text_rows(x->why, w - indent_of(w)) + todo_rows(x, w);
}

static void draw_age(const struct model *m, const struct alert *x, struct grid g, int y)
{
    char age[TIME_TEXT];
    if (x->since_ms != NOT_KNOWN && age_width(g.w) > 0)
        grid_text_right(g, g.w, y, STYLE_DIM, grid_age(g, age, m->now_ms, x->since_ms));
}

static void draw_head(const struct model *m, const struct alert *x, struct grid g, int y, int rows, bool selected)
{
    if (selected)
        grid_put(g, 0, y, STYLE_SELECT, GLYPH_POINT);
    int left = draw_badge(g, 1, y, x->severity) + 1, width = g.w - left - age_width(g.w);
    grid_wrap(g, left, y, width, rows, severity_style(x->severity), x->what);
    draw_age(m, x, g, y);
}

/* since 03:12 UTC . 0.41, limit < 0.50 */
static void draw_facts(const struct alert *x, struct grid g, int y)
{
    char clock[TIME_TEXT];
    int at = indent_of(g.w);
    if (x->since_ms != NOT_KNOWN) {
        at = grid_text(g, at, y, STYLE_DIM, "since ");
        at = grid_textf(g, at, y, STYLE_NORMAL, "%s",
                        g.w >= 60 ? time_minute(clock, x->since_ms) : time_clock(clock, x->since_ms));
    }
    if (x->since_ms != NOT_KNOWN && (x->value_text[0] || x->limit_text[0]))
        at = grid_text(g, at, y, STYLE_DIM, " ∙ ");
    at = grid_text(g, at, y, STYLE_STRONG, x->value_text);
    if (x->limit_text[0]) {
        at = grid_text(g, at, y, STYLE_DIM, x->value_text[0] ? ", limit " : "limit ");
        at = grid_text(g, at, y, STYLE_NORMAL, x->limit_text);
    }
    if (strcmp(x->state, "firing") != 0)
        grid_textf(g, at, y, STYLE_STALE, " ∙ %s", x->state);
}

static int draw_todo(const struct alert *x, struct grid g, int y, int room)
{
    int left = indent_of(g.w), used = 0;
    for (int i = 0; i < ALERT_DO && x->todo[i] && used < room; i++) {
        grid_put(g, left, y + used, STYLE_ACCENT, GLYPH_POINT);
        used += grid_wrap(g, left + 2, y + used, g.w - left - 2, room - used, STYLE_STRONG, x->todo[i]);
    }
    return used;
}

/* In as many rows as there are: headline, facts and the first step come before the reason and the other steps. */
static void draw_full(const struct model *m, const struct alert *x, struct grid g, bool selected)
{
    int head = head_rows(x, g.w), facts = has_facts(x) && g.h >= 2, todo = todo_rows(x, g.w);
    if (head > 1 && g.h < 4)
        head = 1;
    int left = g.h - head - facts, why = text_rows(x->why, g.w - indent_of(g.w));
    int first = x->todo[0] ? text_rows(x->todo[0], g.w - indent_of(g.w) - 2) : 0;
    if (why > left - first)
        why = left - first > 0 ? left - first : 0;
    if (todo > left - why)
        todo = left - why;
    draw_head(m, x, g, 0, head, selected);
    if (facts)
        draw_facts(x, g, head);
    why = grid_wrap(g, indent_of(g.w), head + facts, g.w - indent_of(g.w), why, STYLE_NORMAL, x->why);
    draw_todo(x, g, head + facts + why, todo);
}

static void draw_line(const struct model *m, const struct alert *x, struct grid g, bool selected)
{
    if (selected)
        grid_put(g, 0, 0, STYLE_SELECT, GLYPH_POINT);
    int right = g.w - age_width(g.w), left = draw_badge(g, 1, 0, x->severity) + 1;
    if (g.w >= 70 && x->value_text[0]) {
        char text[80];
        int width = (int)strlen(x->value_text) + (int)strlen(x->limit_text);
        if (width < 40) {
            strcat(strcat(strcpy(text, x->value_text), x->limit_text[0] ? " " : ""), x->limit_text);
            grid_text_right(g, right, 0, STYLE_DIM, text);
            right -= width + 3;
        }
    }
    grid_text_cut(g, left, 0, right - left, severity_style(x->severity), x->what);
    draw_age(m, x, g, 0);
}

static void draw_well(const struct model *m, struct grid g)
{
    char age[TIME_TEXT];
    int64_t old = model_data_age_ms(m);
    int x = draw_badge(g, 0, 0, SEVERITY_OK);
    x = grid_text(g, x + 1, 0, STYLE_GOOD, "all is well");
    if (m->rule_count > 0)
        x = grid_textf(g, x, 0, STYLE_DIM, " ∙ %zu rules checked", m->rule_count);
    if (old != NOT_KNOWN)
        grid_textf(g, x, 0, STYLE_DIM, " ∙ data %s old", grid_age(g, age, m->now_ms, m->now_ms - old));
}

static int selected_of(const struct model *m, const struct ui *ui)
{
    int at = ui->cursor[pane_by_name("alerts")], last = (int)m->alert_count - 1;
    if (!pane_focused(ui, &pane_alerts) || at < 0)
        return 0;
    return at > last ? last : at;
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    int count = (int)m->alert_count, selected = selected_of(m, ui);
    if (count == 0) {
        draw_well(m, g);
        return;
    }
    int others = count - 1, kept = g.h > 3 ? (g.h - 3) / 2 : 0;
    int told = full_rows(&m->alert[selected], g.w), most = g.h - (others < kept ? others : kept);
    told = told > most ? most : told;
    int spare = g.h - told - others, first = selected - (g.h - told);
    first = spare >= 0 || first < 0 ? 0 : first;
    for (int i = first, y = 0; i < count && y < g.h; i++) {
        int full = full_rows(&m->alert[i], g.w), rows = i == selected ? told : full - 1 <= spare ? full : 1;
        struct grid part = grid_part(g, 0, y, g.w, rows);
        bool marked = i == selected && pane_focused(ui, &pane_alerts) && count > 1;
        if (i != selected && spare > 0)
            spare -= rows - 1;
        if (i == selected || rows > 1)
            draw_full(m, &m->alert[i], part, marked);
        else
            draw_line(m, &m->alert[i], part, marked);
        y += rows;
    }
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    if (m->alert_count == 0)
        return (struct pane_need){1, 1, 1};
    int full = full_rows(&m->alert[selected_of(m, ui)], w), others = (int)m->alert_count - 1, most = 0;
    for (size_t i = 0; i < m->alert_count && i < 20; i++)
        most += full_rows(&m->alert[i], w);
    int good = full + (others > 4 ? 4 : others);
    return (struct pane_need){full < 4 ? full : 4, good, most > good ? most : good};
}

static int rows(const struct model *m, const struct ui *ui)
{
    (void)ui;
    return (int)m->alert_count;
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    *s = severity_style(model_worst(m));
    if (m->alert_count == 0)
        return "all is well";
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
    .line = line,
};
