/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_tar.h"

#include <string.h>

enum { BLOCK = 512, SUM_AT = 148, SUM_LEN = 8 };

struct field {
    size_t at, len;
};
static const struct field name_field = {0, 100}, mode_field = {100, 8}, uid_field = {108, 8}, gid_field = {116, 8},
                          size_field = {124, 12}, time_field = {136, 12}, user_field = {265, 32},
                          group_field = {297, 32};

static void put_text(char *block, struct field f, const char *text)
{
    size_t n = strlen(text);
    memcpy(block + f.at, text, n < f.len ? n : f.len - 1);
}

static void put_octal(char *block, struct field f, uint64_t v)
{
    for (size_t i = f.len - 1; i-- > 0; v /= 8)
        block[f.at + i] = (char)('0' + v % 8);
}

static void put_sum(char *block)
{
    unsigned sum = 0;
    memset(block + SUM_AT, ' ', SUM_LEN);
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned char)block[i];
    put_octal(block, (struct field){SUM_AT, SUM_LEN - 1}, sum);
    block[SUM_AT + SUM_LEN - 2] = '\0';
}

void tar_add(FILE *out, const char *name, struct bytes content, int64_t mtime_s)
{
    char block[BLOCK] = {0};
    put_text(block, name_field, name);
    put_octal(block, mode_field, 0600);
    put_octal(block, uid_field, 0);
    put_octal(block, gid_field, 0);
    put_octal(block, size_field, content.len);
    put_octal(block, time_field, (uint64_t)(mtime_s > 0 ? mtime_s : 0));
    block[156] = '0';
    memcpy(block + 257, "ustar\00000", 8);
    put_text(block, user_field, "root");
    put_text(block, group_field, "root");
    put_sum(block);
    fwrite(block, 1, BLOCK, out);
    if (content.len > 0)
        fwrite(content.at, 1, content.len, out);
    memset(block, 0, sizeof block);
    fwrite(block, 1, (BLOCK - content.len % BLOCK) % BLOCK, out);
}

void tar_end(FILE *out)
{
    static const char zeros[2 * BLOCK];
    fwrite(zeros, 1, sizeof zeros, out);
}
