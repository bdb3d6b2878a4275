/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a proxy: written so that it never reads half of one, and a mark that tells it to read again. */
#ifndef DAVY_CMD_MINE_ROUTE_WRITE_H
#define DAVY_CMD_MINE_ROUTE_WRITE_H

#include "base/bytes.h"
#include "base/err.h"

/* Replaces the file that path leads to (through links), keeping its mode and owner; in_place: writes into it instead. */
bool mine_rewrite(const char *path, struct bytes text, bool in_place, struct err *e);
/* Makes path, and its folder, where they are not; else only its time is now. */
bool mine_touch(const char *path, struct err *e);

#endif
