/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the simulated rig, for each other and for rig.c. An actor does what falls due at at_ms and returns when it
 * wants to act next. Document writers order the whole document as it is then. */
#ifndef DAVY_SIM_ACTORS_H
#define DAVY_SIM_ACTORS_H

#include "sim/rig.h"

typedef int64_t sim_act_fn(struct sim *s, int64_t at_ms, struct sim_orders *out);
sim_act_fn arrivals_act, blocks_act, checks_act, metrics_act, owner_act, pipeline_act, status_line_act, tasks_act,
    tearer_act, trouble_act, waiting_act;
sim_act_fn trouble_episodes, trouble_glut, trouble_gone, trouble_second, trouble_wallet,
    trouble_writers; /* of scenarios */

/* emit.c: where lines and documents go. emit_document() gives the order, or NULL when that file is not written now */
int64_t pace_ms(const struct sim *s, double usual_s); /* a usual duration at the present pace; at least 1 ms */
int64_t stamp(const struct sim *s, int64_t at_ms);    /* as the writers' clock says it */
bool filling(const struct sim *s);
void emit_line(struct sim *s, struct sim_orders *out, enum sim_file file, struct bytes line);
struct sim_order *emit_document(struct sim *s, struct sim_orders *out, enum sim_act act, enum sim_file file,
                                struct bytes text);
void emit_log(struct sim *s, struct sim_orders *out, int64_t at_ms, const char *logger, const char *level,
              const char *format, ...) __attribute__((format(printf, 6, 7)));

/* llms.c: what the rig may ask */
struct sim_llm {
    const char *name, *type, *model;
    int64_t allowance, daily_limit;    /* 0: not in the budget file */
    double cost_per_1k, skill, weight; /* skill: mean score it earns */
};
extern const struct sim_llm sim_llms[SIM_LLMS]; /* in the budget file's order */

/* Writers of whole documents, as the files are at at_ms. */
typedef void sim_write_fn(struct sim *s, int64_t at_ms, struct sim_orders *out);
sim_write_fn checks_document, ledger_document, market_config, market_document, metrics_document, pipeline_document;
sim_write_fn checklist_document, modules_document, start_script, stop_script, toml_document; /* files.c */
sim_write_fn wallet_heals, tear_for_good;                                                    /* trouble.c, tearer.c */

void tasks_open(struct sim *s, int64_t at_ms);
void tasks_old(struct sim *s, int64_t until_ms, struct sim_orders *out); /* history long ago */
void ledger_open(struct sim *s, int64_t at_ms);
bool ledger_allows(const struct sim *s, int llm, int64_t tokens);
void ledger_spend(struct sim *s, int llm, int64_t tokens, int64_t at_ms, struct sim_orders *out);
void ledger_override(struct sim *s); /* as the scenario wants it */
struct bytes ledger_text(const struct sim *s, int64_t at_ms, struct arena *a);
void pipeline_open(struct sim *s);
/* One more event in the file and its history, by whichever program; the miner goes on as it was. */
void pipeline_interject(struct sim *s, const struct sim_stage_event *e, int64_t pid, int64_t at_ms,
                        struct sim_orders *out);
struct bytes pipeline_text(const struct sim *s, struct arena *a);
void market_open(struct sim *s, int64_t at_ms);
void market_settle(struct sim *s, int64_t now_ms); /* as the scenario wants it */
void checks_open(struct sim *s, int64_t at_ms);
void checks_settle(struct sim *s, int64_t now_ms); /* as the scenario wants it */
/* The whole life of a task in a moment: executed, paid for, scored. */
void task_now(struct sim *s, int llm, int64_t tokens, int64_t at_ms, struct sim_orders *out);

#endif
