/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/docs.h"

#include "base/timetext.h"
#include "model/auction.h"
#include "model/budgets.h"
#include "model/daemon.h"
#include "model/heartbeat.h"
#include "model/modules.h"
#include "model/scores.h"
#include "model/settings.h"
#include "model/stages.h"

const struct doc_row doc_rows[DOC_COUNT] = {
#define DOC(id, file_key, type, decoder, reading, most, stale_after)                                                   \
    [DOC_##id] = {.key = file_key, .decode = decoder, .how = reading, .limit = most, .stale_ms = stale_after},
#include "model/docs.def"
#undef DOC
};

void docs_set(struct docs *docs, enum doc_id id, const void *doc)
{
    switch (id) {
#define DOC(id, key, type, ...)                                                                                        \
    case DOC_##id:                                                                                                     \
        docs->type = doc;                                                                                              \
        break;
#include "model/docs.def"
#undef DOC
    case DOC_COUNT:
        break;
    }
}

bool origin_expected(enum doc_id id, const struct origin *o)
{
    return id != DOC_SETTINGS && (id != DOC_RUN || o->read_ms != NOT_KNOWN || o->state == ORIGIN_INVALID);
}

const char *origin_state_name(enum origin_state s)
{
    static const char *const names[] = {
        [ORIGIN_INVALID] = "invalid", [ORIGIN_MISSING] = "missing", [ORIGIN_OK] = "ok",
        [ORIGIN_STALE] = "stale",     [ORIGIN_WAITING] = "waiting",
    };
    return names[s];
}
