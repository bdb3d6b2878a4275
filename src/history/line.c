/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/line.h"

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

static enum line_key key_of(const struct scan_text *name)
{
    struct bytes text = {name->at, name->len};
    int k = 0;
    while (k < LINE_KEYS && (name->cut || !bytes_is(text, key_names[k])))
        k++;
    return (enum line_key)k;
}

static bool read_value(struct scan *s, struct line_value *out)
{
    switch (scan_peek(s)) {
    case '"':
        out->kind = LINE_TEXT;
        return scan_text(s, &out->text);
    case 'n':
        out->kind = LINE_ABSENT;
        return scan_word(s, "null");
    case '{':
    case '[':
    case 't':
    case 'f':
        out->kind = LINE_OTHER;
        return scan_skip(s);
    default:
        out->kind = LINE_NUMBER;
        return scan_number(s, &out->number);
    }
}

static bool member(struct scan *s, struct line *out)
{
    struct scan_text name;
    if (scan_peek(s) != '"')
        return scan_fail(s, s->at == s->end ? "the line is torn" : "a name in quotes is missing");
    if (!scan_text(s, &name))
        return false;
    if (!scan_take(s, ':'))
        return scan_fail(s, s->at == s->end ? "the line is torn" : "a colon is missing");
    enum line_key key = key_of(&name);
    return key == LINE_KEYS ? scan_skip(s) : read_value(s, &out->value[key]);
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
    struct scan s = {.at = in.at, .end = in.at + in.len};
    for (int k = 0; k < LINE_KEYS; k++)
        out->value[k].kind = LINE_ABSENT;
    out->why = NULL;
    if (object(&s, out))
        return true;
    out->why = s.why;
    return false;
}
