/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one line of the log adds to the fold. */
#include "model/logfold.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <string.h>

enum { TEXT_CELLS = 512, STOP_TWICE_MS = 5000 /* each stop is logged twice */, MINUTE_MS = 60000 };

/* ---- texts into slots --------------------------------------------------------------------------------------------- */

static bool is_plain(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < 0x20 || text.at[i] > 0x7e)
            return false;
    return true;
}

/* Whole characters only. */
static size_t cut_length(const char *text, size_t room)
{
    size_t n = strnlen(text, room);
    if (n < room)
        return n;
    n = room - 1;
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void store(struct logfold *f, char *out, size_t room, struct bytes text)
{
    text = bytes_trim(text);
    if (text.len < room && is_plain(text)) {
        if (text.len > 0)
            memcpy(out, text.at, text.len);
        out[text.len] = 0;
        return;
    }
    const char *safe = text_safe(&f->scratch, text, TEXT_CELLS);
    size_t n = cut_length(safe, room);
    memcpy(out, safe, n);
    out[n] = 0;
}

static void settle(struct logfold *f, struct log_slot *slot)
{
    char text[FOLD_TEXT];
    if (!slot->raw)
        return;
    size_t margin = strspn(slot->text, " ");
    memset(text, ' ', margin);
    store(f, text + margin, sizeof text - margin, bytes_of(slot->text + margin));
    logfold_text(slot, text);
    slot->raw = false;
    arena_reset(&f->scratch);
}

void logfold_settle(struct logfold *f)
{
    for (size_t i = 0; i < LOG_LINES; i++)
        settle(f, &f->line[i]);
    for (size_t i = 0; i < LOG_ERRORS; i++)
        settle(f, &f->error[i]);
}

/* A continuation keeps its indentation, which is what makes a traceback readable. */
static void fill(struct logfold *f, struct log_slot *slot, const struct log_parsed *p)
{
    char text[FOLD_TEXT];
    struct bytes line = bytes_trim(p->text);
    *slot = (struct log_slot){.level = p->level, .at_ms = p->at_ms, .repeat = 1, .text = slot->text};
    slot->continuation = !p->matched && f->line_total > 1;
    store(f, slot->source, sizeof slot->source, p->source);
    size_t margin = p->matched ? 0 : (size_t)(line.at - p->text.at);
    if (margin > FOLD_WORD)
        margin = FOLD_WORD;
    memset(text, ' ', margin);
    slot->raw = line.len > 0 && line.len < sizeof text - margin;
    if (slot->raw)
        memcpy(text + margin, line.at, line.len), text[margin + line.len] = 0;
    else
        store(f, text + margin, sizeof text - margin, p->text);
    logfold_text(slot, text);
}

/* ---- counters ----------------------------------------------------------------------------------------------------- */

static void count_time(struct logfold *f, const struct log_parsed *p)
{
    if (p->at_ms == NOT_KNOWN)
        return;
    int64_t minute = p->at_ms / MINUTE_MS;
    if (minute < 0)
        return;
    struct minute_slot *slot = &f->minute[minute % FOLD_MINUTES];
    if (slot->minute != minute)
        *slot = (struct minute_slot){.minute = minute};
    slot->count[p->level]++;
    f->last_ms = p->at_ms;
}

/* A line without a time happened when the last one with a time did. */
static int64_t time_of(const struct logfold *f, const struct log_parsed *p)
{
    return p->at_ms != NOT_KNOWN ? p->at_ms : f->last_ms;
}

static bool is_same_stop(const struct log_mark_count *m, int64_t at_ms)
{
    return at_ms != NOT_KNOWN && m->last_ms != NOT_KNOWN && at_ms - m->last_ms <= STOP_TWICE_MS && at_ms >= m->last_ms;
}

static void count_mark(struct logfold *f, const struct log_parsed *p)
{
    enum log_mark mark = log_mark_of(*p);
    int64_t at = time_of(f, p);
    if (mark == LOG_MARKS)
        return;
    struct log_mark_count *m = &f->mark[mark];
    if (mark == LOG_MARK_SHUTDOWN && is_same_stop(m, at))
        return;
    *m = (struct log_mark_count){m->count + 1, at};
    if (mark == LOG_MARK_IPC_ERROR)
        f->ipc[f->ipc_total++ % FOLD_IPC] = at;
    if (mark == LOG_MARK_WALLET_ERROR || mark == LOG_MARK_WALLET_OK) {
        f->wallet_broken = mark == LOG_MARK_WALLET_ERROR;
        store(f, f->wallet_text, sizeof f->wallet_text, p->text);
    }
}

/* ---- stages and the status line ----------------------------------------------------------------------------------- */

static void note_stage(struct logfold *f, const struct log_parsed *p)
{
    struct stage_text t;
    if (!stage_text_parse(p->text, &t))
        return;
    struct stage_slot *slot = &f->stage[f->stage_total++ % FOLD_STAGES];
    slot->number = t.number < STAGE_COUNT ? t.number : -1;
    slot->status = t.status;
    slot->at_ms = p->at_ms;
    store(f, slot->name, sizeof slot->name, t.name);
    store(f, slot->username, sizeof slot->username, t.username);
    store(f, slot->message, sizeof slot->message, t.message);
}

static void note_status(struct logfold *f, const struct log_parsed *p)
{
    struct status_parts s;
    if (!log_status_parse(p->text, &s))
        return;
    f->status_ms = time_of(f, p);
    store(f, f->status_line, sizeof f->status_line, s.all);
    store(f, f->bittensor, sizeof f->bittensor, s.bittensor);
    store(f, f->module1, sizeof f->module1, s.module1);
    store(f, f->module2, sizeof f->module2, s.module2);
}

static struct bytes plain_line(struct logfold *f, struct bytes line)
{
    if (memchr(line.at, '\x1b', line.len))
        line = log_strip(line, f->plain);
    return log_strip_pm2(line);
}

void logfold_line(struct logfold *f, struct bytes line)
{
    struct log_parsed p = log_parse(plain_line(f, line), f->local_offset_s);
    struct log_slot *slot = &f->line[f->line_total++ % LOG_LINES];
    fill(f, slot, &p);
    f->count[p.level]++;
    f->error_is_last = p.level >= LOG_ERROR;
    if (f->error_is_last)
        logfold_copy(&f->error[f->error_total++ % LOG_ERRORS], slot);
    count_time(f, &p);
    count_mark(f, &p);
    note_stage(f, &p);
    note_status(f, &p);
    arena_reset(&f->scratch);
}
