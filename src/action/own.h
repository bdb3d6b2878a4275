/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of davy's own in a rig: state/davy/. The folder is made 0700, the files 0600; what root makes in somebody's rig is
 * given to that somebody. Nothing but a plain file with one name is opened, and no folder that everybody may write to.
 * because: how each sentence ends, "without the audit log davy starts nothing". */
#ifndef DAVY_ACTION_OWN_H
#define DAVY_ACTION_OWN_H

#include "base/bytes.h"
#include "base/err.h"

/* Opens state/davy of the rig in dir, and makes what is missing. -1 with the sentence. */
int own_folder(const char *dir, const char *because, struct err *e);
/* Opens a file in it to read and append, or makes it; path: "state/davy/NAME". -1 with the sentence. */
int own_file(int folder, const char *path, const char *because, struct err *e);
/* The file becomes this, in one step and without waiting for the disk; whatever else is of that name goes. */
bool own_replace(int folder, const char *path, struct bytes text, const char *because, struct err *e);
/* The sentence of an errno. Returns -1, as what has no descriptor. */
int own_cannot(struct err *e, const char *path, const char *what, const char *because);

#endif
