/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other colours. Where themes are only the owner of the screen knows. */
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
