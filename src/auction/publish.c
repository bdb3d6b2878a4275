/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/publish.h"

#include "auction/window.h"
#include "base/timetext.h"

static int64_t age_of(const struct publish_facts *f)
{
    if (!f->known || f->record.at == NULL || f->head == NOT_KNOWN || f->record_block == NOT_KNOWN)
        return NOT_KNOWN;
    int64_t blocks = f->head - f->record_block;
    return blocks > 0 ? blocks * BLOCK_SECONDS : 0;
}

static enum publish_why reason(const struct publish_facts *f, const struct publish_advice *a)
{
    if (f->force)
        return PUBLISH_FORCED;
    if (f->workers <= 0)
        return PUBLISH_NOTHING;
    if (!a->same)
        return PUBLISH_CHANGED;
    return a->stale ? PUBLISH_STALE : PUBLISH_UNCHANGED;
}

struct publish_advice publish_decide(const struct publish_facts *f)
{
    struct publish_advice a = {.age_s = age_of(f)};
    a.same = f->known && f->record.at != NULL && bytes_is(f->record, f->text);
    a.stale = a.age_s != NOT_KNOWN && a.age_s >= COMMITMENT_RENEW_S;
    a.why = reason(f, &a);
    a.publish = a.why >= PUBLISH_CHANGED;
    return a;
}
