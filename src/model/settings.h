/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy.toml: where the rig's files are, its name, thresholds. One table of rows (settings.c) gives parser, defaults,
 * error sentences, the printed example and the manual. Const once read. */
#ifndef DAVY_MODEL_SETTINGS_H
#define DAVY_MODEL_SETTINGS_H

#include "model/docs.h"
#include "model/settings_checks.h"
#include "model/settings_rules.h"

#include <stdio.h>

/* [keys]: which keys an action has instead of its own. Who knows the actions looks at it (decode_in.check). */
enum { KEY_NAMES = 4 };
struct key_setting {
    const char *action, *name[KEY_NAMES];
    size_t count;                       /* 0: none at all */
    unsigned line;
};

/* [node]: what davy-node works with. */
struct node_settings {
    const char *url, *dialect, *id, *key_file, *ca_file, *region, *price; /* url NULL: there is none */
    double heartbeat_s, poll_s, probe_s, retry_s, drain_s;
    int64_t wait_s, cpu_slots, gpu_slots, pending, attempts, expire_s, runtime_s, memory_mb, disk_low_mb, keep_h;
    bool report_shutdown, noop;
    const char *workspace, *status, *log, *listen, *redis, *allowlist, *tasks, *python, *ollama, *nvidia_smi; /* tasks, ollama: NULL */
    const char *const *keys;            /* NULL: none */
};

struct settings {
    const char *rig_name;               /* rig.name; NULL: the folder's name */
    const char *rig_host;               /* rig.host: shown for the machine; NULL: its own name (containers have odd ones) */
    const char *path[DOC_COUNT];        /* relative to the rig's folder, or absolute */
    const char *status_second;          /* the second place of miner_status.json: Miners/miner_status.json */
    const char *proc;                   /* daemon.proc: the procfs to look at, "/proc" */
    const char *daemon_match;           /* daemon.match: text that the daemon's command line contains, "miner_daemon.py" */
    const char *socket;                 /* daemon.socket: overrides the state file's socket_path; NULL */
    const char *theme;                  /* view.theme */
    const char *graph;                  /* view.graph: "braille", "block" or "ascii" */
    bool follow;                        /* auction.follow */
    bool mouse;                         /* view.mouse */
    unsigned notify;                    /* view.notify: bits of notify_names */
    double success_threshold;           /* scores.success_threshold, 0.6: success is score > this */
    bool count_synthetic;               /* scores.count_synthetic, false: test_N rows stay out of the KPIs */
    int64_t reset_day;                  /* budgets.reset_day, when the file does not say; 1 */
    int64_t heartbeat_due_s;            /* heartbeat.due_s, 7200: the bittensor check of rig-files.md 4.2 #14 */
    int64_t heartbeat_overdue_s;        /* heartbeat.overdue_s, 15000 (4 h + 10 min) */
    const char *active;                 /* heartbeat.active: hours of the day (UTC), "08:00-22:00"; NULL: all */
    double disk_percent, memory_percent;/* heartbeat.disk_percent, memory_percent: used more than this is a warning */
    struct checks_setting own;          /* [check.NAME], [process.NAME] */
    int64_t netuid;                     /* auction.netuid; NOT_KNOWN: from config.toml */
    int64_t tempo;                      /* auction.tempo, 360 */
    double block_time_s;                /* auction.block_time_s, 12 */
    const char *const *restart_argv, *const *commit_argv; /* actions.restart, actions.commit; NULL: what is found here */
    const char *restart_dir, *commit_dir; /* where they run; NULL: in the rig's folder */
    int64_t restart_limit_s, commit_limit_s; /* then TERM, then KILL */
    const struct key_setting *key;      /* [keys], in the order of the file */
    size_t key_count;
    const char *notify_chat, *notify_token_file, *notify_api, *notify_ca_file; /* notify.chat NULL: no Telegram */
    const char *const *notify_argv;     /* notify.command; NULL: none */
    const char *notify_quiet, *notify_digest;   /* "22:00-08:00", NULL: none; "09:00" */
    int64_t notify_press_min, notify_limit_s;
    int64_t watch_every_s, watch_check_s, watch_heartbeat_s, watch_log_days;
    const char *watch_daily, *watch_weekly;     /* "09:00" or "off" */
    bool watch_monthly_reset;
    const char *watch_metrics;          /* NULL: none */
    struct rules_setting rules;         /* [rule.ID] */
    struct node_settings node;
    int64_t known_block, known_block_ms;/* auction.known_block / known_block_at: an anchor for the estimate; NOT_KNOWN */
};

extern const char *const notify_names[];    /* bit 0 of settings.notify is the first one; NULL at the end */
const struct settings *settings_default(void);
decode_fn settings_decode;              /* document: struct settings, defaults filled in */
/* All that is wrong with a davy.toml, sentence by sentence in the order of its lines; their number. */
enum { SETTINGS_FAULTS = 32 };
struct settings_fault {
    unsigned line;                      /* 0: of the whole file, or within the text */
    const char *text;
};
size_t settings_check(struct arena *a, const struct decode_in *in, struct settings_fault fault[SETTINGS_FAULTS]);
void settings_example(FILE *out);       /* a commented davy.toml with every row */
/* troff; more prints sections of its own behind the keys; NULL */
void settings_manual(FILE *out, void (*more)(FILE *out));

#endif
