/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer on its way out, and what faults do to it. */
#include "cmd/sim_coordinator.h"

#include <string.h>

bool talk_is(const struct talk *t, enum fault_act act)
{
    return t->rule && t->fault.act == act;
}

static struct bytes filled(struct arena *a, size_t len, char with)
{
    char *at = arena_alloc(a, len + 1);
    memset(at, with, len);
    return (struct bytes){at, len};
}

/* Another body of the same answer. */
static void spoil(struct talk *t)
{
    static const char garbage[] = "\x01\xff\xfe{\"status\": ok,, <html>\0";
    size_t number = t->fault.number > 0 && t->fault.number < 4096 ? (size_t)t->fault.number : 1;
    if (talk_is(t, FAULT_GARBAGE))
        t->answer.body = (struct bytes){garbage, sizeof garbage};
    else if (talk_is(t, FAULT_DEEP))
        t->answer.body = filled(&t->arena, number, '[');
    else if (talk_is(t, FAULT_HUGE))
        t->answer.body = filled(&t->arena, number << 20, ' ');
    else
        return;
    t->answer.status = 200;
}

/* A piece of the body, of an answer that is cut or drips. */
static ssize_t more(void *ctx, uint64_t at, char *out, size_t room)
{
    struct talk *t = ctx;
    size_t end = t->answer.body.len, left = at < end ? end - (size_t)at : 0;
    if (talk_is(t, FAULT_PARTIAL) && (int64_t)at >= t->fault.number)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (left == 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t take = talk_is(t, FAULT_DRIP)      ? 1
                  : talk_is(t, FAULT_PARTIAL) ? (size_t)(t->fault.number - (int64_t)at)
                                              : left;
    take = take < left ? take : left;
    take = take < room ? take : room;
    if (talk_is(t, FAULT_DRIP) && loop_now() < t->due_ms) {
        talk_sleep(t, t->due_ms - loop_now());
        return 0;
    }
    t->due_ms = loop_now() + t->fault.number;
    memcpy(out, t->answer.body.at + at, take);
    return (ssize_t)take;
}

static struct MHD_Response *response_of(struct talk *t)
{
    char text[24];
    struct bytes body = t->answer.body;
    if (talk_is(t, FAULT_PARTIAL) || talk_is(t, FAULT_DRIP))
        return MHD_create_response_from_callback(body.len, 4096, more, t, NULL);
    if (talk_is(t, FAULT_CHUNKED))
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, more, t, NULL);
    struct MHD_Response *r =
        MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.at, MHD_RESPMEM_MUST_COPY);
    if (!talk_is(t, FAULT_LENGTH))
        return r;
    snprintf(text, sizeof text, "%lld", (long long)body.len + (long long)t->fault.number);
    MHD_set_response_options(r, MHD_RF_INSANITY_HEADER_CONTENT_LENGTH, MHD_RO_END);
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH, text);
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
    return r;
}

static void add_headers(const struct talk *t, struct MHD_Response *r)
{
    char text[96];
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE,
                            t->answer.text ? "text/plain; charset=utf-8" : "application/json");
    snprintf(text, sizeof text, "%lld", (long long)t->fault.number);
    if (talk_is(t, FAULT_LIMIT))
        MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, text);
    snprintf(text, sizeof text, "http://localhost:%d/elsewhere", t->office->port);
    if (talk_is(t, FAULT_REDIRECT))
        MHD_add_response_header(r, MHD_HTTP_HEADER_LOCATION, text);
}

enum MHD_Result talk_reply(struct talk *t)
{
    spoil(t);
    record_put(t);
    if (talk_is(t, FAULT_AFTER) || talk_is(t, FAULT_REFUSE))
        return MHD_NO;
    struct MHD_Response *r = response_of(t);
    add_headers(t, r);
    enum MHD_Result done = MHD_queue_response(t->line, (unsigned)t->answer.status, r);
    MHD_destroy_response(r);
    return done;
}
