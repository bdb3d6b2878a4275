/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a sentence calls a file: the last part of its path, as safe text. Private to base/. */
#ifndef DAVY_BASE_FILE_NAME_H
#define DAVY_BASE_FILE_NAME_H

enum { FILE_NAME = 256 };
const char *file_name(char out[FILE_NAME], const char *path);

#endif
