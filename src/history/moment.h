/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A moment as people type it: 2026-11-22, 2026-11-22T04:48[:51[.5]][Z|+10:00], an epoch number in seconds or milliseconds,
 * now, today, yesterday, or how long ago: 30m, 24h, 7d, 2w, 1d12h. All UTC unless a zone is said. */
#ifndef DAVY_HISTORY_MOMENT_H
#define DAVY_HISTORY_MOMENT_H

#include "base/bytes.h"
#include "base/err.h"

struct moment {
    int64_t ms;
    /* It counts back from now. As in all windows of davy, (now - 24 h, now]: such a moment itself still belongs to what lies
     * before it, while "from 04:00 on" begins with 04:00. */
    bool ago;
};
/* false with the sentence, which does not say what the moment was for. */
bool moment_parse(const char *text, int64_t now_ms, struct moment *out, struct err *e);

#endif
