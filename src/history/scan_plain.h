/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The innermost loop of the history reader, in a header so that it is compiled into both of its users. */
#ifndef DAVY_HISTORY_SCAN_PLAIN_H
#define DAVY_HISTORY_SCAN_PLAIN_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SCAN_VECTOR = 16 };
typedef unsigned char scan_vector __attribute__((vector_size(SCAN_VECTOR)));

/* Bytes of a text that stand for themselves and are no part of a longer character. */
static inline bool scan_is_plain(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 0x20 && u < 0x80 && u != '"' && u != '\\';
}

static inline bool scan_is_hex(char c)
{
    unsigned char u = (unsigned char)c, letter = u | 0x20;
    return (u >= '0' && u <= '9') || (letter >= 'a' && letter <= 'f');
}

/* What the byte behind a backslash stands for; 0: nothing, or \\u. */
static inline char scan_short_escape(char c)
{
    static const char means[256] = {
        ['"'] = '"', ['/'] = '/', ['\\'] = '\\', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
    };
    return means[(unsigned char)c];
}

/* The first byte that is not plain, sixteen at a time; whatever vectors the machine has, the compiler takes them. */
static inline const char *scan_plain_end(const char *at, const char *end)
{
    for (; end - at >= SCAN_VECTOR; at += SCAN_VECTOR) {
        scan_vector v;
        uint64_t hit[2];
        memcpy(&v, at, SCAN_VECTOR);
        v = (scan_vector)((v == '"') | (v == '\\') | (v < 0x20) | (v > 0x7f));
        memcpy(hit, &v, SCAN_VECTOR);
        if (hit[0] != 0)
            return at + (__builtin_ctzll(le64toh(hit[0])) >> 3);
        if (hit[1] != 0)
            return at + 8 + (__builtin_ctzll(le64toh(hit[1])) >> 3);
    }
    while (at < end && scan_is_plain(*at))
        at++;
    return at;
}

#endif
