/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file_name.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { NAME_CELLS = 60 };

const char *file_name(char out[FILE_NAME], const char *path)
{
    struct arena scratch = {0};
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    snprintf(out, FILE_NAME, "%s", text_safe(&scratch, bytes_of(name), NAME_CELLS));
    arena_release(&scratch);
    return out;
}
