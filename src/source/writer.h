/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether somebody has a file open for writing right now. */
#ifndef DAVY_SOURCE_WRITER_H
#define DAVY_SOURCE_WRITER_H

enum writer { WRITER_NONE, WRITER_BUSY, WRITER_UNKNOWN };
/* WRITER_UNKNOWN: only the file's owner may ask, and not every file system answers. Costs the writer nothing: what is
 * asked for is given back at once. */
enum writer writer_of(const char *path);

#endif
