/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dashboard while it runs, shared by davy_dash.c (what is shown) and davy_events.c (what happens). */
#ifndef DAVY_CMD_DAVY_DASH_H
#define DAVY_CMD_DAVY_DASH_H

#include "action/errand.h"
#include "action/keymap.h"
#include "cmd/davy.h"
#include "cmd/davy_dress.h"
#include "cmd/davy_memory.h"
#include "sink/clip.h"
#include "sink/curses.h"

enum { BELL_MOST = 64 };
struct bell {                               /* of new critical alerts */
    uint64_t known[BELL_MOST];              /* those of the last model */
    size_t count;
    int64_t begun_ms, rung_ms;              /* loop clock; 0: not yet */
    bool due;
};

struct dash {
    const struct davy_options *options;
    struct loop *loop;
    struct rig *rig;
    struct curses *curses;
    struct ui ui;
    struct arena life, snapshot[2], frame;  /* whole run; models; the frame being drawn */
    int live;                               /* the snapshot that model is in */
    struct model *whole;                    /* the last one that was judged: in a snapshot */
    struct arena second;                    /* what model has of its own, where only the clock went on since */
    struct frame *shown;                    /* in frame; NULL */
    struct ui shown_ui;                     /* with which it was drawn whole */
    int64_t whole_ms;                       /* wall clock of the model that it was drawn of whole */
    struct model *model;
    uint64_t changes;                       /* rig_changes() of model: an older model must not be looked at */
    bool stale;                             /* a newer model would differ, or time went on */
    bool dirty;                             /* the screen must be drawn */
    int64_t searched_ms;                    /* loop clock: how far the search of tasks is was last shown */
    bool waits;                             /* for room in the terminal */
    bool stopped;                           /* suspended: not ours to draw on */
    struct keymap keymap;                   /* the keys in force */
    struct arena words;                     /* their names */
    const struct settings *settings;        /* of which they were made */
    bool mouse;                             /* what davy.toml said last: the key may say otherwise */
    struct bell bell;
    struct watch *heed;                     /* of state/davy; NULL: not yet, or it is polled */
    int heed_id;                            /* -1: the folder is not there yet */
    struct memory memory;                   /* the alert engine's */
    int64_t settings_ms;                    /* when those were read */
    struct arena question;                  /* of a question and its plan */
    struct errand *errand;                  /* the command started last; NULL */
    bool told_of_errand;                    /* that leaving does not end it */
    struct dress dress;                     /* the theme */
    bool repairing;                         /* somebody wrote over the screen: it will be drawn anew */
    int bundle_fd;                          /* what davy bundle says, while it runs; 0: it does not */
    struct chase *chase;                    /* davy_follow.c; NULL: not yet */
    int clock_fd;                           /* tells when the wall clock was set */
};

bool dash_events(struct dash *d, struct err *e);    /* hooks everything up to the loop, but */
bool dash_watch(struct dash *d, struct err *e);     /* the rig's files */
void dash_events_stop(struct dash *d);
void dash_settings(struct dash *d);             /* davy_settings.c: whatever follows from davy.toml, when it changed */
enum clip_way dash_way(void);                   /* between davy and the terminal, as the environment says */
void dash_copy(struct dash *d);
void dash_write(struct dash *d);                /* the file that ui.entry names */
/* davy_dress.c: the first looks; then what may change them. */
bool dash_dress(struct dash *d, struct looks *out, struct err *e);
void dash_dress_ask(struct dash *d);                /* whether the terminal is light, with the first frame */
void dash_dress_watch(struct dash *d);              /* from now on the theme's file is watched */
void dash_dress_settings(struct dash *d);           /* davy.toml may say something else */
void dash_dress_stop(struct dash *d);
void dash_theme(struct dash *d);                    /* the one that ui asks for */
void dash_ground(struct dash *d);                   /* the terminal may have said that it is light */
void dash_bell(struct dash *d);                 /* with each model */
void dash_draw(struct dash *d);
void lean(void);                                /* code and tables that are not needed just now leave memory */
void lean_memory(void);                         /* at the start */
void dash_lean(struct dash *d);                 /* the same after the start */
/* davy_tick.c: brings d->shown to this second where only the clock went on. false: it must be drawn whole. */
bool dash_tick(struct dash *d);
void dash_changed(void *ctx);                       /* of the rig */
void dash_after(void *ctx);                         /* of each turn */
void dash_obey(struct dash *d, enum order order);
void dash_leave(struct dash *d, int code);
void dash_suspend(struct dash *d);              /* the terminal is the shell's again before the stop */
void dash_continue(void *ctx, int signo);       /* SIGCONT */
bool dash_repair(struct dash *d, struct err *e);    /* davy_repair.c: others write over the screen */
void dash_repair_stop(struct dash *d);
void dash_wait_for_room(struct dash *d, bool wait); /* of the terminal */

void dash_follow(struct dash *d); /* davy_follow.c: with each model */
void dash_follow_stop(struct dash *d);
void dash_heed(struct dash *d); /* davy_heed.c: with each model after the first frame */
void dash_heed_stop(struct dash *d);
void dash_ack(struct dash *d); /* davy_care.c */
void dash_silence(struct dash *d);
void dash_bundle(struct dash *d);
/* davy_errand.c: a command that the user said yes to. */
void dash_errand(struct dash *d);
void dash_errand_look(struct dash *d);          /* with each model */
bool dash_errand_holds(struct dash *d);         /* asked to leave: not yet */

#endif
