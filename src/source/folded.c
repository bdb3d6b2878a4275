/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams and what they are folded into: the task history and the log. */
#include "source/source.h"

#include "history/cut.h"
#include "model/log.h"

/* The index is written once there is that much new: while davy runs, and when it leaves. */
enum { LOG_TAIL = 1 << 20, LOG_BACKLOG = 16 << 20, INDEX_WHILE = 8 << 20, INDEX_LAST = 256 << 10 };

static void history_row(void *ctx, uint64_t line, struct bytes task_id)
{
    (void)task_id;
    struct source *s = ctx;
    marks_row(&s->marks, line);
}

static void history_block(void *ctx, struct bytes block)
{
    struct source *s = ctx;
    s->fed++;
    history_feed(s->fold, block);
    marks_block(&s->marks, block, s->stream.offset);
}

static void history_glanced(void *ctx, struct glance *glance)
{
    struct source *s = ctx;
    s->fed++;
    history_feed_glance(s->fold, glance);
    marks_block(&s->marks, glance->block, s->stream.offset);
}

/* Rotated or truncated: what was counted stays counted, only the torn last line is lost. */
static void history_gap(void *ctx, const char *why)
{
    (void)why;
    struct source *s = ctx;
    s->fed++;
    history_cut(s->fold, (uint64_t)s->stream.offset, stream_lines_before(&s->stream));
    marks_cut(&s->marks, s->stream.offset);
    s->gaps++;
    if (s->index != NULL)
        s->index->offset = s->stream.offset; /* what it was worth was another file's */
}

static void log_block(void *ctx, struct bytes block)
{
    struct source *s = ctx;
    s->fed++;
    logfold_feed(s->fold, block);
}

static void log_gap(void *ctx, const char *why)
{
    struct source *s = ctx;
    s->fed++;
    logfold_break(s->fold, why);
}

void folded_init(struct source *s, int32_t local_offset_s)
{
    bool log = s->id == DOC_LOG;
    struct stream_rules rules = log ? (struct stream_rules){LOG_TAIL, LOG_BACKLOG} : (struct stream_rules){0, 0};
    struct stream_sink sink = {s, log ? log_block : history_block, log ? NULL : history_glanced, log ? log_gap : history_gap};
    s->fold = log ? (void *)logfold_new(local_offset_s) : (void *)history_new(NULL);
    stream_init(&s->stream, s->place[0].path, rules, sink);
}

void folded_rules(struct source *s, struct index *index, const struct history_rules *rules)
{
    history_free(s->fold);
    s->fold = history_new(rules);
    history_texts(s->fold, history_row, s);
    s->index = index;
}

void folded_release(struct source *s)
{
    if (s->index != NULL) /* of what was not read to its end yet, too: the next start goes on there */
        index_save(s->index, s->fold, &s->stream, &s->marks, INDEX_LAST);
    ahead_release(&s->ahead);
    marks_release(&s->marks);
    stream_release(&s->stream);
    if (s->id == DOC_LOG)
        logfold_free(s->fold);
    else
        history_free(s->fold);
    s->fold = NULL;
}

/* No more is written than read, however long the history is. */
static int64_t worth_while(const struct index *x)
{
    return x->size > INDEX_WHILE ? x->size : INDEX_WHILE;
}

static bool read_to_end(struct source *s, const struct fetch_in *in)
{
    bool first = !s->caught_up;
    s->caught_up = true;
    ahead_release(&s->ahead);
    if (s->index != NULL)
        index_save(s->index, s->fold, &s->stream, &s->marks, worth_while(s->index));
    s->doc = s->fold;
    s->backoff_ms = 0;
    s->origin.read_ms = in->wall_ms;
    s->origin.mtime_ms = s->place[0].seen.mtime_ns / 1000000;
    return source_state(s, ORIGIN_OK, NULL) || first;
}

static int source_percent(const struct source *s)
{
    int64_t size = s->place[s->chosen].seen.size;
    return size > 0 ? (int)((double)s->stream.offset * 100 / (double)size) : 0;
}

/* Before a stream was read to its end once, nobody looks at its fold: only how far it is can be seen. */
static bool is_further(struct source *s)
{
    int before = s->percent;
    s->percent = source_percent(s);
    return s->percent != before;
}

bool folded_fetch(struct source *s, const struct fetch_in *in)
{
    struct err why = {""};
    uint64_t fed = s->fed;
    bool differs = false;
    if (s->index != NULL && !s->index->tried)
        index_load(s->index, s->fold, &s->stream, &s->marks);
    if (s->id == DOC_HISTORY)
        history_texts(s->fold, history_row, s); /* a load that failed forgot it */
    switch (stream_step(&s->stream, in->loop_ms, in->budget, &why)) {
    case STREAM_IDLE:
        differs = read_to_end(s, in);
        break;
    case STREAM_MORE:
        s->due_ms = in->loop_ms;
        if (s->id == DOC_HISTORY && !s->caught_up)
            ahead_look(&s->ahead, &s->stream, s->place[0].seen.size, in->loop_ms);
        return s->caught_up ? s->fed != fed : is_further(s);
    case STREAM_WAIT:
        s->due_ms = s->stream.doubt_ms;
        break;
    case STREAM_MISSING:
        differs = source_absent(s);
        break;
    case STREAM_FAILED:
        differs = source_unreadable(s, in, &why);
        break;
    }
    return differs || s->fed != fed;
}
