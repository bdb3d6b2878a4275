/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HEARTBEAT.md (rig-files.md 6.2): bullets outside fences, grouped by the header above them. Shown, never run. */
#include "model/heartbeat.h"

#include "base/utf8.h"

#include <string.h>

enum { ITEM_CELLS = 300, MAX_ITEMS = 1000 };

struct reading {
    struct arena *arena;
    struct checklist_item *item;
    size_t count, room;
    const char *section;
    bool fenced, content;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "## Text": true with the text, which may be empty. "#TODO" is no header. */
static bool cut_header(struct bytes *line)
{
    struct bytes rest = *line;
    while (bytes_cut(&rest, "#"))
        continue;
    if (rest.len == line->len || (rest.len > 0 && !blank(rest.at[0])))
        return false;
    *line = bytes_trim(rest);
    return true;
}

static bool cut_bullet(struct bytes *line)
{
    struct bytes rest = *line;
    if (!bytes_cut(&rest, "-") && !bytes_cut(&rest, "*") && !bytes_cut(&rest, "+"))
        return false;
    if (rest.len > 0 && !blank(rest.at[0]))
        return false;
    *line = bytes_trim(rest);
    return true;
}

static bool cut_box(struct bytes *text, bool *done)
{
    bool ticked = bytes_starts(*text, "[x]") || bytes_starts(*text, "[X]");
    if (!ticked && !bytes_starts(*text, "[ ]") && !bytes_starts(*text, "[]"))
        return false;
    *text = bytes_trim(bytes_from(*text, bytes_starts(*text, "[]") ? 2 : 3));
    *done = ticked;
    return true;
}

/* An empty bullet counts as nothing also without the blank: "-[]". */
static bool is_empty_bullet(struct bytes line)
{
    bool done;
    if (!bytes_cut(&line, "-") && !bytes_cut(&line, "*") && !bytes_cut(&line, "+"))
        return false;
    line = bytes_trim(line);
    cut_box(&line, &done);
    return line.len == 0;
}

/* "[x](address)" is a link with a short name, "[x] text" a box: a blank follows it. */
static bool has_box(struct bytes text)
{
    bool done;
    struct bytes rest = text;
    if (!cut_box(&rest, &done))
        return false;
    size_t at = bytes_starts(text, "[]") ? 2 : 3;
    return at >= text.len || blank(text.at[at]);
}

static void add_item(struct reading *r, struct bytes text)
{
    bool done = false;
    if (has_box(text))
        cut_box(&text, &done);
    if (text.len == 0 || r->count == MAX_ITEMS)
        return;
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 16;
        r->item = arena_grow(r->arena, r->item, r->room * sizeof *r->item, room * sizeof *r->item);
        r->room = room;
    }
    r->item[r->count++] = (struct checklist_item){r->section, text_safe(r->arena, text, ITEM_CELLS), done};
}

static void take_line(struct reading *r, struct bytes line)
{
    line = bytes_trim(line);
    struct bytes rest = line;
    if (bytes_starts(line, "```"))
        r->fenced = !r->fenced;
    else if (!r->fenced && cut_header(&rest)) {
        r->section = text_safe(r->arena, rest, ITEM_CELLS);
        return;
    } else if (!r->fenced && cut_bullet(&rest))
        add_item(r, rest);
    r->content = r->content || (line.len > 0 && !is_empty_bullet(line));
}

const void *checklist_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    (void)e;
    struct reading r = {.arena = a, .section = ""};
    struct bytes rest = in->bytes, line;
    bytes_cut(&rest, "\xef\xbb\xbf");
    while (bytes_line(&rest, &line))
        take_line(&r, line);
    take_line(&r, rest);
    struct checklist_doc *doc = arena_alloc(a, sizeof *doc);
    *doc = (struct checklist_doc){!r.content, r.item, r.count};
    return doc;
}
