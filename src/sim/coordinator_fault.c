/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/coordinator_fault.h"

#include <string.h>

const struct fault_name fault_names[FAULTS] = {
    [FAULT_STATUS] = {"status", "code", "answers with that status; nothing is booked", 503},
    [FAULT_LIMIT] = {"limit", "seconds", "429 with Retry-After; nothing is booked", 2},
    [FAULT_REDIRECT] = {"redirect", NULL, "302 to another name of this host; nothing is booked", 0},
    [FAULT_EMPTY] = {"empty", NULL, "200 without a body; nothing is booked", 0},
    [FAULT_NULL] = {"null", NULL, "200 with null; nothing is booked", 0},
    [FAULT_REFUSE] = {"refuse", "ms", "closes all lines and refuses new ones for so long", 1000},
    [FAULT_BEFORE] = {"close-before", NULL, "closes the line before the request was read", 0},
    [FAULT_AFTER] = {"close-after", NULL, "books it, and closes the line instead of an answer", 0},
    [FAULT_DELAY] = {"delay", "ms", "waits before anything is booked", 1000},
    [FAULT_PARTIAL] = {"partial", "bytes", "books it, and closes the line behind so many bytes", 8},
    [FAULT_LENGTH] = {"length", "bytes", "books it; Content-Length promises so many more", 7},
    [FAULT_CHUNKED] = {"chunked", NULL, "books it; the chunks have no end", 0},
    [FAULT_GARBAGE] = {"garbage", NULL, "books it; the answer is no JSON", 0},
    [FAULT_DEEP] = {"deep", "levels", "books it; the answer is arrays in arrays", 100},
    [FAULT_HUGE] = {"huge", "MiB", "books it; the answer is that large", 16},
    [FAULT_DRIP] = {"drip", "ms", "books it; a byte of the answer each so many ms", 1000},
    [FAULT_DUPLICATE] = {"duplicate", NULL, "poll: the job that was given out last, once more", 0},
    [FAULT_BAD_ID] = {"bad-id", "which", "poll: a job whose id must not become a path", 0},
    [FAULT_UNSIGNED] = {"unsigned", NULL, "result: books it, answers without a receipt", 0},
    [FAULT_FORGED] = {"forged", NULL, "result: books it, the receipt's price is another one", 0},
    [FAULT_OTHER_JOB] = {"other-job", NULL, "result: books it, the receipt is of another job", 0},
};

static struct bytes word(struct bytes *rest)
{
    *rest = bytes_trim(*rest);
    struct bytes out = {rest->at, bytes_find(*rest, " ")};
    *rest = bytes_trim(bytes_from(*rest, out.len));
    return out;
}

static bool read_share(struct bytes text, struct fault *out)
{
    int64_t percent;
    text.len--;
    if (!bytes_i64(text, &percent) || percent < 0 || percent > 100)
        return false;
    out->share = (double)percent / 100;
    return true;
}

/* all | N | N- | N-M | P% */
static bool read_when(struct bytes text, struct fault *out)
{
    out->from = 1, out->to = INT64_MAX, out->share = 1;
    if (bytes_is(text, "all"))
        return true;
    if (text.len > 0 && text.at[text.len - 1] == '%')
        return read_share(text, out);
    size_t dash = bytes_find(text, "-");
    struct bytes to = bytes_from(text, dash + 1);
    if (!bytes_i64((struct bytes){text.at, dash}, &out->from) || out->from < 1)
        return false;
    if (dash == text.len)
        out->to = out->from;
    return to.len == 0 || (bytes_i64(to, &out->to) && out->to >= out->from);
}

static bool read_act(struct bytes text, struct fault *out)
{
    for (int i = 0; i < FAULTS; i++)
        if (bytes_is(text, fault_names[i].name)) {
            out->act = (enum fault_act)i;
            out->number = fault_names[i].usual;
            return true;
        }
    return false;
}

static bool is_endpoint(struct bytes text)
{
    static const char *const known[] = {"any",  "register", "heartbeat", "poll",     "result",
                                        "fail", "artifact", "ack",       "progress", NULL};
    for (const char *const *k = known; *k; k++)
        if (bytes_is(text, *k))
            return true;
    return false;
}

bool fault_read(struct bytes line, struct fault *out, struct err *e)
{
    struct bytes rest = line, where = word(&rest), when = word(&rest), act = word(&rest), number = word(&rest);
    *out = (struct fault){.share = 1};
    if (!is_endpoint(where))
        return err_set(e,
                       "fault: expected any, register, heartbeat, poll, result, fail, artifact, ack or progress first");
    memcpy(out->endpoint, where.at, where.len);
    if (!read_when(when, out))
        return err_set(e, "fault: expected all, N, N-, N-M or P%% behind the request's name");
    if (!read_act(act, out))
        return err_set(e, "fault: no such thing can go wrong: davy-sim coordinator --help lists what can");
    if (number.len > 0 && !bytes_i64(number, &out->number))
        return err_set(e, "fault: expected a whole number last");
    return rest.len == 0 || err_set(e, "fault: expected nothing behind the number");
}

const char *fault_endpoint(const char *path)
{
    static const struct {
        const char *end, *name;
    } ends[] = {{"/register", "register"}, {"/heartbeat", "heartbeat"}, {"/poll", "poll"},          {"/pull", "poll"},
                {"/result", "result"},     {"/fail", "fail"},           {"/artifacts", "artifact"}, {"/ack", "ack"},
                {"/progress", "progress"}};
    size_t len = strlen(path);
    bool node = strncmp(path, "/v1/miners/", 11) == 0 || strncmp(path, "/api/v1/", 8) == 0;
    for (size_t i = 0; node && i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i].end);
        if (len > n && strcmp(path + len - n, ends[i].end) == 0)
            return ends[i].name;
    }
    return "";
}

const struct fault *fault_pick(const struct fault *rule, size_t rules, const char *endpoint, int64_t nth, double chance)
{
    for (size_t i = 0; *endpoint && i < rules; i++) {
        const struct fault *f = &rule[i];
        bool here = strcmp(f->endpoint, "any") == 0 || strcmp(f->endpoint, endpoint) == 0;
        if (here && nth >= f->from && nth <= f->to && chance < f->share)
            return f;
    }
    return NULL;
}
