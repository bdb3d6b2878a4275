/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user looks at: changed by actions only, read by the view. */
#ifndef DAVY_VIEW_UI_H
#define DAVY_VIEW_UI_H

#include "view/ask.h"

#include <stdbool.h>
#include <stdint.h>

enum graph_form { GRAPH_BRAILLE, GRAPH_BLOCK, GRAPH_ASCII };
enum { PANE_MAX = 12, ENTRY_MOST = 96 };

/* Who gets the keys: the table of actions, a line that is being typed, a question that waits for its
 * answer, or the output of a command. */
enum ui_mode { UI_KEYS, UI_FILTER, UI_PALETTE, UI_WRITE, UI_ASK, UI_OUTPUT, UI_ACK, UI_SILENCE, UI_MODE_COUNT };
struct entry {
    char text[ENTRY_MOST];   /* UTF-8 */
    char before[ENTRY_MOST]; /* what it was when the line was opened */
    int pick;                /* which of the proposals is marked */
};

/* Where a key has something to do; a pane tells by its members. */
enum key_where { WHERE_EVERYWHERE, WHERE_ROWS, WHERE_FILTER, WHERE_RANGE, WHERE_ALERTS };
/* One line of the key table, for footer and help overlay; the action table makes them (the view cannot include it). */
struct key_hint {
    const char *key;   /* "Tab", "g", "PgUp" */
    const char *name;  /* one or two words for the footer */
    const char *help;  /* one line for the overlay */
    bool footer;       /* shown in the footer */
    const char *takes; /* what may stand behind it in the palette; NULL */
    const char *id;    /* its stable name: in [keys] of davy.toml and in the palette */
    uint8_t where;     /* enum key_where: the panes in which it does something */
    uint8_t rank;      /* of the footer: higher stays longer when cells are few */
};

struct opened { /* an alert with a page, or a line, of its own */
    char rule[48], subject[ENTRY_MOST];
    int cursor;     /* the row to go back to */
};
struct ui {
    int w, h;                            /* of the screen */
    int focus;                           /* index into panes[] */
    bool zoom;                           /* the focused pane alone, in detail */
    bool help, paused, read_only, ascii; /* ascii: only 7-bit characters are drawn */
    int help_scroll;
    bool mouse; /* its reports are wanted */
    enum graph_form graph;
    char theme[64];       /* asked for by name; "": the next one */
    int cursor[PANE_MAX]; /* selected row of each pane */
    int range;            /* enum score_range: the time that is asked for */
    int64_t jump_ms;      /* of ORDER_JUMP */
    bool detail;          /* detail of the selected row */
    int detail_above;     /* rows of it that are scrolled away */
    struct opened opened; /* of the alerts */
    uint64_t missed;      /* changes that came while paused */
    enum ui_mode mode;
    struct entry entry; /* of UI_FILTER, UI_PALETTE, UI_WRITE, UI_ACK, UI_SILENCE */
    char filter[PANE_MAX + 1]
               [ENTRY_MOST];     /* what the list of each pane is narrowed to, the last one: the help; "": all */
    char said[2 * ENTRY_MOST];   /* what message may point at: see ui_say */
    struct ask ask;              /* of UI_ASK */
    const struct output *output; /* of UI_OUTPUT; NULL: nothing was started yet */
    int output_scroll;           /* lines above the newest */
    const struct key_hint *hint;
    int hint_count;
    const char *message; /* one line of feedback in the footer; NULL */
};
/* A message in words of its own. */
void ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
