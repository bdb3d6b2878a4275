/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other colours, other charts. Where themes are only the owner of the screen knows. */
#include "action/moves.h"

#include <stdio.h>
#include <string.h>

static void order(struct act *act, const char *name)
{
    snprintf(act->ui->theme, sizeof act->ui->theme, "%s", name);
    act->order = ORDER_THEME;
}

void act_theme(struct act *act)
{
    order(act, "");
}

bool theme_with(struct act *act, const char *word)
{
    if (strlen(word) >= sizeof act->ui->theme)
        return false;
    order(act, word);
    return true;
}

static const char *const forms[] = {[GRAPH_BRAILLE] = "braille", [GRAPH_BLOCK] = "block", [GRAPH_ASCII] = "ascii"};
enum { FORMS = sizeof forms / sizeof forms[0] };

static void draw_as(struct ui *ui, int form)
{
    ui->graph = (enum graph_form)form;
    ui_say(ui, "charts of %s; graph = \"%s\" below [view] in davy.toml keeps it", forms[form], forms[form]);
}

void act_graph(struct act *act)
{
    draw_as(act->ui, ((int)act->ui->graph + 1) % FORMS);
}

bool graph_with(struct act *act, const char *word)
{
    for (int i = 0; i < FORMS; i++) {
        if (strcmp(forms[i], word) == 0) {
            draw_as(act->ui, i);
            return true;
        }
    }
    return false;
}
