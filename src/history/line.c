/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/line.h"

#include "history/grow.h"

#include <string.h>

static const char *const key_names[LINE_KEYS] = {
    [LINE_LLM] = "llm",
    [LINE_LLM_USED] = "llm_used",
    [LINE_STRATEGY] = "prompt_strategy",
    [LINE_SUBNET] = "subnet_id",
    [LINE_TAO] = "tao_earned",
    [LINE_TASK_ID] = "task_id",
    [LINE_TIMESTAMP] = "timestamp",
    [LINE_TOKENS] = "tokens_spent",
    [LINE_SCORE] = "validator_score",
};

static enum line_key key_of(struct bytes name)
{
    int k = 0;
    while (k < LINE_KEYS && !bytes_is(name, key_names[k]))
        k++;
    return (enum line_key)k;
}

static bool read_scalar(struct scan *s, char first, struct line_value *out)
{
    switch (first) {
    case '"':
        out->kind = LINE_TEXT;
        return scan_text(s, &out->text);
    case 'n':
        out->kind = LINE_ABSENT;
        return scan_word(s, "null");
    case 't':
        out->kind = LINE_OTHER;
        return scan_word(s, "true");
    case 'f':
        out->kind = LINE_OTHER;
        return scan_word(s, "false");
    default:
        out->kind = LINE_NUMBER;
        return scan_number(s, &out->number);
    }
}

bool line_value_read(struct scan *s, enum line_key key, struct line_value *out)
{
    char first = scan_peek(s);
    const char *from = s->at;
    if (first == '{' || first == '[') {
        out->kind = LINE_OTHER;
        return scan_skip(s);
    }
    if (!read_scalar(s, first, out))
        return false;
    scan_mark(s, from, key);
    return true;
}

static bool member(struct scan *s, struct line *out)
{
    struct bytes name;
    if (scan_peek(s) != '"')
        return scan_fail(s, s->at == s->end ? "the line is torn" : "a name in quotes is missing");
    if (!scan_text(s, &name))
        return false;
    if (!scan_take(s, ':'))
        return scan_fail(s, s->at == s->end ? "the line is torn" : "a colon is missing");
    enum line_key key = key_of(name);
    if (key == LINE_KEYS)
        return scan_skip(s);
    out->times[key]++;
    return line_value_read(s, key, &out->value[key]);
}

static bool members(struct scan *s, struct line *out)
{
    if (scan_take(s, '}'))
        return true;
    do {
        if (!member(s, out))
            return false;
    } while (scan_take(s, ','));
    if (scan_take(s, '}'))
        return true;
    return scan_fail(s, s->at == s->end ? "the line is torn" : "a comma is missing");
}

static bool object(struct scan *s, struct line *out)
{
    if (!scan_take(s, '{'))
        return scan_fail(s, "it is not a JSON object");
    s->depth = 1;
    if (!members(s, out))
        return false;
    scan_peek(s);
    return s->at == s->end || scan_fail(s, "something stands behind the object");
}

bool line_parse(struct bytes in, struct line *out)
{
    struct scan s = {.at = in.at, .end = in.at + in.len, .room = &out->room, .marks = &out->marks};
    line_begin(out);
    memset(out->times, 0, sizeof out->times);
    out->marks.count = 0;
    if (object(&s, out))
        return true;
    out->why = s.why;
    return false;
}

void line_release(struct line *l)
{
    grow_free(l->room.at);
    l->room = (struct scan_room){0};
}
