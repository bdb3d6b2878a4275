/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/stream.h"

#include <unistd.h>

uint64_t stream_lines_before(const struct stream *s)
{
    char block[4096];
    uint64_t lines = 0;
    for (int64_t at = 0, left; (left = s->offset - at) > 0;) {
        ssize_t len = pread(s->fd, block, left < (int64_t)sizeof block ? (size_t)left : sizeof block, (off_t)at);
        if (len <= 0)
            break;
        for (ssize_t i = 0; i < len; i++)
            lines += block[i] == '\n';
        at += len;
    }
    return lines;
}
