/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A ustar archive in memory: plain files below one folder. */
#ifndef DAVY_CMD_DAVY_TAR_H
#define DAVY_CMD_DAVY_TAR_H

#include "base/arena.h"

#include <stdio.h>

/* name: "davy-bundle/doctor.txt", shorter than 100 bytes. */
void tar_add(FILE *out, const char *name, struct bytes content, int64_t mtime_s);
void tar_end(FILE *out);

#endif
