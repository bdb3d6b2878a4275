/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "queue/name.h"

#include <string.h>

void queue_name(char id[QUEUE_ID + 1], const char *name, const char *kind)
{
    const char *dot = strrchr(name, '.');
    size_t len = dot ? (size_t)(dot - name) : 0;
    id[0] = '\0';
    if (len > 0 && len <= QUEUE_ID && *name != '.' && strcmp(dot + 1, kind) == 0) {
        memcpy(id, name, len);
        id[len] = '\0';
    }
}
