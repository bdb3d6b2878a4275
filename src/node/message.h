/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said to a coordinator, in either dialect, and where. A report is one JSON object whatever the dialect: the outbox
 * keeps it, and it becomes a request when it is sent:
 * {"v":1,"job_id":S,"key":S,"ok":B,"result":{},"code":S,"message":S,"metrics":{},"artifacts":[{"path","type"}]}. */
#ifndef DAVY_NODE_MESSAGE_H
#define DAVY_NODE_MESSAGE_H

#include "node/job.h"
#include "node/react.h"

enum { MESSAGE_OUTPUT = 64 << 10, MESSAGE_TEXT = 2000, MESSAGE_CANCELS = 32 };

/* The address of a call. base may end in a slash, and in /v1 for MINERS_V1. report: of CALL_REPORT; else NULL. */
const char *message_url(struct arena *a, const char *base, enum job_dialect d, enum node_call call,
                        const json_t *report);

struct message_node {
    const char *id, *region; /* NULL: none */
    int concurrency, wait_s;
};
struct message_beat {
    size_t inflight;
    const char *status;     /* of the state's row */
    const json_t *metadata; /* NULL: the least body */
};
struct bytes message_register(struct arena *a, enum job_dialect d, const struct message_node *n,
                              const json_t *capabilities);
struct bytes message_heartbeat(struct arena *a, enum job_dialect d, const struct message_node *n,
                               const struct message_beat *b);
struct bytes message_poll(struct arena *a, enum job_dialect d, const struct message_node *n);
/* least: without all that is not needed, and what is large in the result cut short (.truncated says so). */
struct bytes message_report(struct arena *a, enum job_dialect d, const json_t *report, bool least);

/* multipart/form-data of a result of NODES_V1: its fields, then the files. boundary occurs in none of them. */
struct message_file {
    const char *name, *type;
    struct bytes content;
};
struct bytes message_multipart(struct arena *a, const json_t *report, const struct message_file *file, size_t files,
                               const char *boundary);

json_t *message_report_make(const char *job_id, int attempt, enum node_code code, const char *why, json_t *result,
                            json_t *metrics); /* takes result and metrics, which may be NULL */

/* What a heartbeat's answer asks for, where the coordinator can. */
struct message_wish {
    const char *cancel[MESSAGE_CANCELS];
    size_t cancels;
    bool drain;
};
void message_wish_of(struct arena *a, const json_t *answer, struct message_wish *out);
/* The text of a JSON value in the arena; .at NULL: it has none. */
struct bytes message_text(struct arena *a, const json_t *value);

#endif
