/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    const struct origin *o = &m->origin[DOC_CONFIG];
    const struct auction_doc *d = m->auction->status;
    const char *said = d && !d->stopped ? d->config_error : NULL; /* of its own tables only the miner knows */
    if (o->state != ORIGIN_INVALID && !said)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->what = "Auction configuration invalid";
    a->why =
        arena_text(f->arena, "%s; the auction miner reads it anew at each run, so its runs fail until it is right.",
                   o->state == ORIGIN_INVALID && o->error ? o->error
                   : said                                 ? said
                                                          : doc_name(m, DOC_CONFIG));
    finding_do(a, arena_text(f->arena, "correct %s at the place named", doc_name(m, DOC_CONFIG)));
}

const struct rule rule_config_invalid = {
    .name = "config_invalid",
    .help = "the auction miner's configuration is not valid",
    .judge = judge,
};
