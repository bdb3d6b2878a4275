/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rows of actions.c run; nobody else needs these. */
#ifndef DAVY_ACTION_MOVES_H
#define DAVY_ACTION_MOVES_H

#include "action/action.h"

void move_focus_next(struct act *act);
void move_focus_back(struct act *act);
void move_focus_number(struct act *act); /* act->key is '1'..'9' */
void move_zoom(struct act *act);
void move_back(struct act *act);
void move_down(struct act *act);
void move_up(struct act *act);
void move_page_down(struct act *act);
void move_page_up(struct act *act);
void move_top(struct act *act);
void move_end(struct act *act);
void act_pause(struct act *act);
void act_help(struct act *act);
void act_quit(struct act *act);
void act_repaint(struct act *act);
void act_suspend(struct act *act);
void act_theme(struct act *act); /* theme.c */
bool theme_with(struct act *act, const char *word);
void act_graph(struct act *act);
bool graph_with(struct act *act, const char *word);
/* range.c */
void act_range_shorter(struct act *act);
void act_range_longer(struct act *act);
void act_range(struct act *act);
bool range_with(struct act *act, const char *word);
bool focus_with(struct act *act, const char *word); /* a pane by its name, or how that begins */
void move_focus_to(struct act *act, int pane, int row);
/* mouse.c */
void act_mouse(struct act *act);
bool mouse_key(struct act *act); /* the key is a report of the mouse */
/* palette.c */
void act_palette(struct act *act);
bool palette_key(struct act *act); /* of UI_PALETTE */
/* write.c */
void act_copy(struct act *act);
void act_write(struct act *act);
bool write_key(struct act *act); /* of UI_WRITE */
/* care.c: rows of actions.c, and of UI_ACK and UI_SILENCE. */
void act_ack(struct act *act);
void act_silence(struct act *act);
void act_bundle(struct act *act);
bool ack_key(struct act *act);
bool silence_key(struct act *act);
/* filter.c */
void act_filter(struct act *act);
void act_next_match(struct act *act);
void act_previous_match(struct act *act);
bool filter_clear(struct ui *ui);             /* false: there was none */
bool filter_key(struct act *act);             /* of UI_FILTER */
/* jump.c: @TIME instead of a filter, in the list of tasks. */
bool jump_is_typed(const struct ui *ui);
void jump_to_typed(struct act *act);
void act_at(struct act *act);
bool at_with(struct act *act, const char *word);
void move_down_by(struct act *act, int rows); /* negative: up */

#endif
