/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that is known about a rig at one moment: parts + origins + alerts + now. Built in one arena from the documents, never
 * changed after that; views, rules and sinks read nothing else. */
#ifndef DAVY_MODEL_MODEL_H
#define DAVY_MODEL_MODEL_H

#include "model/alert.h"
#include "model/auction.h"
#include "model/budgets.h"
#include "model/daemon.h"
#include "model/heartbeat.h"
#include "model/log.h"
#include "model/modules.h"
#include "model/scores.h"
#include "model/settings.h"
#include "model/stages.h"
#include "model/task_page.h"

struct model {
    int64_t now_ms;                     /* the only clock that pure code sees */
    const char *rig_name, *rig_dir, *host;
    const struct settings *settings;
#define PART(type, ...) const struct type *type;
#include "model/parts.def"
#undef PART
    struct origin origin[DOC_COUNT];
    const struct task_page *page;       /* of older tasks, where somebody looks; NULL */
    const struct task_find *find;       /* what the filter of the tasks finds; NULL */
    const struct task_record *record;   /* of the task that somebody opened; NULL */
    const char *notice;                 /* about davy itself: "polling (inotify: no instances)"; NULL */
    const struct alert *alert;          /* worst first; set by rules_judge() */
    size_t alert_count;
    const struct alert *seen;           /* what the rules saw before the engine joined it; NULL: alert is that */
    size_t seen_count;
    size_t rule_count;                  /* rules that were judged; 0 before rules_judge() */
    const struct incidents *incidents;  /* what the alert engine remembers; set by alerts_remember(); NULL: nobody asked it */
    const struct incident_event *event; /* what became of them, oldest first: of the journal */
    size_t event_count;
    const struct uptime *uptime;        /* what davy-watch sampled; NULL: nobody looked, or there is nothing */
    const struct watcher *watcher;      /* davy-watch; NULL: nobody looked for it */
    const struct evidence *evidence;    /* of the alert that somebody opened; NULL */
};

struct model_in {                       /* what a source hands over */
    int64_t now_ms;
    const char *rig_name, *rig_dir, *host, *notice;
    const struct docs *docs;
    const struct origin *origin;        /* DOC_COUNT of them */
    const struct task_page *page;       /* NULL */
    const struct task_find *find;       /* NULL */
    const struct task_record *record;   /* NULL */
    const struct auction_told *told;    /* NULL */
    const struct scores *scores;        /* of the same documents, a moment ago; NULL: they are made now */
};
/* Never fails: what is not known is said so in each part. The model has no alerts yet. */
struct model *model_build(struct arena *a, const struct model_in *in);

/* The age of the freshest data: what was last written of all that was read well. A miner that writes nothing any more lets
 * it grow, however often davy looks. NOT_KNOWN when nothing was ever read. */
int64_t model_data_age_ms(const struct model *m);
enum severity model_worst(const struct model *m);
size_t model_count(const struct model *m, enum severity s);

#endif
