/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of the miner: one JSON object a line, with the names and fields of auction.md 7. */
#ifndef DAVY_CMD_MINE_EVENT_H
#define DAVY_CMD_MINE_EVENT_H

#include "base/json.h"

enum mine_level { MINE_INFO, MINE_WARNING, MINE_ERROR, MINE_EXCEPTION /* "error", with "exc_info": true */ };
/* One write() to fd (-1: nobody wants to know). fields is an object, told first and forgotten; NULL: none. */
void mine_event(int fd, enum mine_level level, const char *event, json_t *fields);
/* The first 16 characters of an address, as the log has them: in the arena. */
const char *mine_short(struct arena *a, const char *hotkey);

#endif
