/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where things are: programs of the family, files of a rig. */
#ifndef DAVY_CMD_DAVY_PLACE_H
#define DAVY_CMD_DAVY_PLACE_H

#include "base/arena.h"

/* Where a program of the family is: beside this one, else the bare name for PATH. */
const char *davy_program(char out[4096], const char *name);
/* A path of davy.toml: relative to the rig's folder, or absolute. */
const char *davy_place(struct arena *a, const char *dir, const char *path);

#endif
