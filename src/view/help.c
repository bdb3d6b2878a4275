/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help overlay: the keys from the action table, the panes from theirs, and what the marks mean. */
#include "base/utf8.h"
#include "view/pane.h"
#include "view/parts.h"

enum { HELP_WIDTH = 78 };

struct mark {
    const char *mark, *help;
};
static const struct mark typing[] = {
    {"Enter, Esc", "keeps or runs what is typed; leaves it as it was"},
    {"Backspace, ^W, ^U", "delete a character, a word, all"},
    {"Up, Down, Tab", "move in the list meanwhile; complete a command"},
};
static const struct mark marks[] = {
    {"CRIT WARN INFO OK", "severity, always in words too"},
    {"✓ ▸ ✗ ! ∙", "done, running, failed, stalled or overdue, not reached"},
    {"0.75 ▴ +2.1%", "up or ▾ down by at least 1 %, or ▸ level: today against yesterday, the last 10 tasks against the "
                     "50 before, 7 days against the 7 before"},
    {"━━━│━━▸──", "a budget: used; │ how far the month is; ▸ where it will end at this rate"},
    {"lasts 27d", "days until that budget is used up at this rate"},
    {"~4:35", "what a stage takes as a rule (m:ss)"},
    {"~7,500,012", "estimated: reckoned from the newest known block, no chain answers"},
    {"(3m old)", "the file was not written for longer than it should be"},
    {"▴ ▾ at an edge", "there is more: move on with the arrows"},
    {"n/a", "not known"},
};

/* The page while it is written: a heading waits for the first line below it that is wanted. */
struct help {
    struct flow *f;
    struct needle needle;
    const char *head;
    int hits, all;
};

static void head(struct help *h, const char *title)
{
    h->head = title;
}

static bool wanted(struct help *h, const char *left, const char *text)
{
    bool hit = needle_in(&h->needle, left) || needle_in(&h->needle, text);
    h->all++;
    h->hits += hit;
    if (hit && h->head)
        flow_head(h->f, h->head);
    h->head = hit ? NULL : h->head;
    return hit;
}

static void two_columns(struct help *h, int left_width, enum style style, const char *left, const char *text)
{
    struct flow *f = h->f;
    if (!wanted(h, left, text))
        return;
    int y = f->line - f->first, room = f->w - left_width - 4;
    if (room < 24) {
        grid_text_cut(flow_row(f), 1, 0, f->w - 1, style, left);
        flow_wrap(f, 3, STYLE_NORMAL, text);
        return;
    }
    if (y >= 0 && y < f->g.h)
        grid_text_cut(f->g, 1, y, left_width, style, left);
    flow_wrap(f, left_width + 3, STYLE_NORMAL, text);
}

static void keys(const struct ui *ui, struct help *h, int width, bool own)
{
    for (int i = 0; i < ui->hint_count; i++) {
        const struct key_hint *k = &ui->hint[i];
        if (key_works(k, panes[ui->focus]) && (k->where != WHERE_EVERYWHERE) == own)
            two_columns(h, width, STYLE_KEY, k->key, k->help);
    }
}

static struct help help_page(const struct ui *ui, struct flow *f)
{
    struct help h = {.f = f, .needle = needle_of(ui->filter[PANE_MAX])};
    int width = 8;
    for (int i = 0; i < ui->hint_count; i++)
        width = text_width(ui->hint[i].key) > width ? text_width(ui->hint[i].key) : width;
    head(&h, "This pane");
    two_columns(&h, width, STYLE_TITLE_FOCUS, panes[ui->focus]->title, panes[ui->focus]->help);
    keys(ui, &h, width, true);
    head(&h, "Keys everywhere");
    keys(ui, &h, width, false);
    head(&h, "While you type");
    for (size_t i = 0; i < sizeof typing / sizeof *typing; i++)
        two_columns(&h, 17, STYLE_KEY, typing[i].mark, typing[i].help);
    head(&h, "Panes");
    for (int i = 0; panes[i]; i++)
        two_columns(&h, 11, STYLE_TITLE, panes[i]->title, panes[i]->help);
    head(&h, "Marks");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        two_columns(&h, 17, STYLE_STRONG, marks[i].mark, marks[i].help);
    return h;
}

int view_help_rows(const struct ui *ui)
{
    struct flow count = {.w = ui->w - 4 > 1 ? ui->w - 4 : 1};
    help_page(ui, &count);
    return count.line;
}

static const char *title(struct arena *a, const struct ui *ui, const struct help *h)
{
    const char *filter = ui->filter[PANE_MAX];
    return filter[0] ? arena_text(a, "Help /%s %d of %d", filter, h->hits, h->all) : "Help";
}

void help_draw(const struct model *m, const struct ui *ui, struct grid screen)
{
    int w = screen.w > HELP_WIDTH + 4 ? HELP_WIDTH : screen.w;
    struct flow count = {.w = w - 4 > 1 ? w - 4 : 1};
    (void)m;
    struct help page = help_page(ui, &count);
    int h = count.line + 2 < screen.h - 2 ? count.line + 2 : screen.h > 8 ? screen.h - 2 : screen.h;
    struct grid box = grid_part(screen, (screen.w - w) / 2, (screen.h - h) / 2, w, h);
    grid_fill(box, 0, 0, w, h, STYLE_NORMAL, ' ');
    struct grid inside = frame_box(box, STYLE_FRAME_FOCUS, title(screen.frame->arena, ui, &page), STYLE_TITLE_FOCUS);
    int most = count.line > inside.h ? count.line - inside.h : 0,
        first = ui->help_scroll > most ? most : ui->help_scroll;
    struct flow f = {inside, inside.w, first < 0 ? 0 : first, 0};
    help_page(ui, &f);
    if (h > 2)
        grid_text_cut(box, 2, h - 1, w - 4, STYLE_DIM, w > 60 ? " Esc closes  / searches " : " Esc closes ");
    if (most > 0 && h > 2 && w > 34)
        grid_text_right(box, w - 2, h - 1, STYLE_DIM, f.first < most ? " ▾ more: PgDn " : " ▴ PgUp ");
}
