/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_table.h"

#include "base/utf8.h"
#include "view/glyph.h"

#include <stdio.h>
#include <string.h>

enum { GAP = 2, CUT_LEAST = 8 };

static const char *shown(const char *cell)
{
    return cell != NULL ? cell : "n/a";
}

void table_see(struct table *t, const char *const *cell)
{
    for (int i = 0; i < t->count; i++) {
        int width = text_width(shown(cell[i]));
        t->known[i] = t->known[i] || cell[i] != NULL;
        t->width[i] = width > t->width[i] ? width : t->width[i];
    }
}

static int total(const struct table *t)
{
    int sum = -GAP;
    for (int i = 0; i < t->count; i++)
        sum += t->hidden[i] ? 0 : t->width[i] + GAP;
    return sum;
}

/* The column that can leave, or -1. */
static int least(const struct table *t)
{
    int found = -1;
    for (int i = 0; i < t->count; i++)
        if (!t->hidden[i] && t->column[i].leaves > (found < 0 ? 0 : t->column[found].leaves))
            found = i;
    return found;
}

/* The widest column that can be cut, or -1. */
static int widest(const struct table *t)
{
    int found = -1;
    for (int i = 0; i < t->count; i++)
        if (t->column[i].cut && t->width[i] > (found < 0 ? CUT_LEAST : t->width[found]))
            found = i;
    return found;
}

void table_fit(struct table *t)
{
    int i;
    for (i = 0; i < t->count; i++) {
        int title = (int)strlen(t->column[i].title);
        t->width[i] = title > t->width[i] ? title : t->width[i];
        t->hidden[i] = !t->known[i] && t->column[i].leaves > 0;
    }
    while (t->most > 0 && total(t) > t->most && (i = least(t)) >= 0)
        t->hidden[i] = true;
    while (t->most > 0 && total(t) > t->most && (i = widest(t)) >= 0)
        t->width[i]--;
}

static void put_char(const struct table *t, char32_t c)
{
    char utf8[4];
    if (c >= 0x80 && t->ascii)
        c = glyph_ascii(c);
    fwrite(utf8, 1, utf8_put(utf8, c), stdout);
}

/* As it is, but 7-bit where it must be. */
static void put_text(const struct table *t, const char *text)
{
    if (!t->ascii)
        fputs(text, stdout);
    for (struct bytes rest = bytes_of(text); t->ascii && rest.len > 0;)
        put_char(t, utf8_next(&rest));
}

static int last_shown(const struct table *t)
{
    int i = t->count - 1;
    while (i > 0 && t->hidden[i])
        i--;
    return i;
}

/* What no width was made for may be wider: it moves the rest of its line. No blanks at the end of a line. */
static void put_cell(const struct table *t, int i, const char *text)
{
    int blanks = t->width[i] - text_width(text);
    bool right = t->column[i].right, last = i == last_shown(t);
    printf("%*s", right && blanks > 0 ? blanks : 0, "");
    put_text(t, text);
    if (last)
        putchar('\n');
    else
        printf("%*s", GAP + (!right && blanks > 0 ? blanks : 0), "");
}

void table_head(const struct table *t)
{
    for (int i = 0; i < t->count; i++)
        if (!t->hidden[i])
            put_cell(t, i, t->column[i].title);
}

void table_row(const struct table *t, struct arena *scratch, const char *const *cell)
{
    for (int i = 0; i < t->count; i++) {
        const char *text = shown(cell[i]);
        bool cut = t->most > 0 && t->column[i].cut && text_width(text) > t->width[i];
        if (!t->hidden[i])
            put_cell(t, i, cut ? text_safe(scratch, bytes_of(text), (size_t)t->width[i]) : text);
    }
}

void table_rule(const struct table *t)
{
    for (int i = total(t); i > 0; i--)
        put_char(t, GLYPH_LINE);
    putchar('\n');
}
