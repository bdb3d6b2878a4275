/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

#include "base/timetext.h"

/* Members of the interface, so not the words of the screen. LOG_NONE: continuations and unknown formats. */
static const char *const level_keys[LOG_LEVELS] = {
    [LOG_CRITICAL] = "critical", [LOG_DEBUG] = "debug",     [LOG_ERROR] = "error",     [LOG_INFO] = "info",
    [LOG_NONE] = "none",         [LOG_SUCCESS] = "success", [LOG_WARNING] = "warning",
};

static json_t *levels(const struct log *log)
{
    json_t *o = json_object();
    for (enum log_level l = LOG_NONE; l < LOG_LEVELS; l++) {
        json_t *c = json_object();
        put_count(c, "total", log->count[l]);
        put_int(c, "hour", log->last_hour[l]);
        put_int(c, "day", log->last_day[l]);
        put(o, level_keys[l], c);
    }
    return o;
}

static json_t *errors(const struct log *log)
{
    json_t *list = json_array();
    for (size_t i = 0; i < log->error_count; i++) {
        const struct log_line *l = &log->error[i];
        json_t *o = json_object();
        put_text(o, "level", level_keys[l->level]);
        put_int(o, "at", l->at_ms);
        put_text(o, "source", l->source ? l->source : "");
        put_text(o, "text", l->text ? l->text : "");
        put_count(o, "repeat", l->repeat);
        json_array_append_new(list, o);
    }
    return list;
}

static const char *const mark_keys[LOG_MARKS] = {
    [LOG_MARK_BUDGET_REFUSED] = "budget_refused",
    [LOG_MARK_INFERENCE_FAILED] = "inference_failed",
    [LOG_MARK_IPC_ERROR] = "ipc_error",
    [LOG_MARK_SAVE_FAILED] = "save_failed",
    [LOG_MARK_SHUTDOWN] = "shutdown",
    [LOG_MARK_START] = "start",
    [LOG_MARK_WALLET_ERROR] = "wallet_error",
    [LOG_MARK_WALLET_OK] = "wallet_ok",
};

static json_t *marks(const struct log *log)
{
    json_t *o = json_object();
    for (enum log_mark i = 0; i < LOG_MARKS; i++) {
        json_t *c = json_object();
        put_count(c, "count", log->mark[i].count);
        put_int(c, "last", log->mark[i].count ? log->mark[i].last_ms : NOT_KNOWN);
        put(o, mark_keys[i], c);
    }
    return o;
}

static json_t *status(const struct log *log)
{
    if (!log->status_line)
        return json_null();
    json_t *o = json_object();
    put_text(o, "text", log->status_line);
    put_int(o, "at", log->status_ms);
    put_text(o, "module1", log->module1);
    put_text(o, "module2", log->module2);
    put_text(o, "bittensor", log->bittensor);
    return o;
}

json_t *json_of_log(const struct model *m, struct arena *a)
{
    (void)a;
    const struct log *log = m->log;
    json_t *o = json_object();
    put_bool(o, "known", log->known);
    put_count(o, "lines", log->lines);
    put(o, "levels", levels(log));
    put_int(o, "last", log->last_ms);
    put_int(o, "ipc_errors_hour", log->ipc_errors_hour);
    put_bool(o, "wallet_broken", log->wallet_broken);
    put_text(o, "wallet_text", log->wallet_text);
    put_count(o, "restarts", log->restarts);
    put_count(o, "nul_runs", log->nul_runs);
    put(o, "marks", marks(log));
    put(o, "status", status(log));
    put(o, "errors", errors(log));
    return o;
}
