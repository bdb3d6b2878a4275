/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files beside the followed one that had its name before, or were copied from it: NAME.1, NAME.2, NAME-20261122. What
 * was written between two looks may stand in one of them. Later ones were written to later (mtime); of the same moment, as
 * coarse clocks have it, the lower number or the later date is the later one. */
#ifndef DAVY_SOURCE_KIN_H
#define DAVY_SOURCE_KIN_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct kin {
    char path[PATH_MAX];
    uint64_t dev, ino;
    int64_t size, mtime_ns;
};
typedef bool kin_is_fn(void *ctx, const struct kin *k);

/* The latest one of which is() holds. */
bool kin_find(const char *path, kin_is_fn *is, void *ctx, struct kin *out);
/* The one that came next after that one. */
bool kin_next(const char *path, const struct kin *after, struct kin *out);

#endif
