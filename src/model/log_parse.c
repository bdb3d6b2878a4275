/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/log_parse.h"

#include "base/timetext.h"

#include <string.h>

enum { TIME_LENGTH = 19, FRACTION_MAX = 9, ALERTS_MAX = 24 };

struct level_word {
    const char *word;
    enum log_level level;
};
static const struct level_word level_words[] = {
    {"CRITICAL", LOG_CRITICAL}, {"DEBUG", LOG_DEBUG},     {"ERROR", LOG_ERROR},     {"EVENT", LOG_INFO},
    {"FATAL", LOG_CRITICAL},    {"INFO", LOG_INFO},       {"SUCCESS", LOG_SUCCESS}, {"TRACE", LOG_DEBUG},
    {"WARN", LOG_WARNING},      {"WARNING", LOG_WARNING},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static enum log_level level_of(struct bytes word)
{
    for (size_t i = 0; i < sizeof level_words / sizeof level_words[0]; i++)
        if (word.len > 0 && word.at[0] == *level_words[i].word && bytes_is(word, level_words[i].word))
            return level_words[i].level;
    return LOG_NONE;
}

/* ---- what is around a line ---------------------------------------------------------------------------------------- */

/* Length of the CSI sequence at the beginning, 0: none. */
static size_t csi_length(struct bytes at)
{
    size_t i = 2;
    if (at.len < 3 || at.at[0] != '\x1b' || at.at[1] != '[')
        return 0;
    while (i < at.len && at.at[i] >= 0x20 && at.at[i] <= 0x3f)
        i++;
    return i < at.len && at.at[i] >= 0x40 && at.at[i] <= 0x7e ? i + 1 : 0;
}

struct bytes log_strip(struct bytes line, char *out)
{
    size_t n = 0;
    while (line.len > 0) {
        size_t skip = csi_length(line);
        if (skip == 0)
            out[n++] = line.at[0];
        line = bytes_from(line, skip ? skip : 1);
    }
    return (struct bytes){out, n};
}

struct bytes log_strip_pm2(struct bytes line)
{
    size_t i = 0;
    while (i < line.len && is_digit(line.at[i]))
        i++;
    if (i == 0 || i == line.len || line.at[i] != '|')
        return line;
    struct bytes rest = bytes_from(line, i + 1);
    size_t end = bytes_find(rest, "|");
    rest = bytes_from(rest, end + 1);
    return bytes_cut(&rest, " ") ? rest : line;
}

/* ---- pieces ------------------------------------------------------------------------------------------------------- */

/* "2026-11-22 04:48:26" with an optional fraction behind a comma or a dot. */
static bool cut_time(struct bytes *rest, int32_t offset_s, int64_t *at_ms)
{
    static const char shape[] = "dddd-dd-dd dd:dd:dd";
    if (rest->len < TIME_LENGTH)
        return false;
    for (size_t i = 0; i < TIME_LENGTH; i++) {
        char c = rest->at[i];
        if (shape[i] == 'd' ? !is_digit(c) : c != shape[i] && !(shape[i] == ' ' && c == 'T'))
            return false;
    }
    size_t n = TIME_LENGTH;
    if (n + 1 < rest->len && (rest->at[n] == ',' || rest->at[n] == '.') && is_digit(rest->at[n + 1])) {
        n++;
        while (n < rest->len && is_digit(rest->at[n]) && n <= TIME_LENGTH + FRACTION_MAX)
            n++;
    }
    if (!time_parse((struct bytes){rest->at, n}, offset_s, at_ms))
        return false;
    *rest = bytes_from(*rest, n);
    return true;
}

static void cut_blanks(struct bytes *rest)
{
    while (rest->len > 0 && rest->at[0] == ' ')
        *rest = bytes_from(*rest, 1);
}

/* Everything up to the separator, which is dropped; false when it is not there. */
static bool cut_until(struct bytes *rest, const char *separator, struct bytes *piece)
{
    size_t end = bytes_find(*rest, separator);
    if (end == rest->len)
        return false;
    *piece = (struct bytes){rest->at, end};
    *rest = bytes_from(*rest, end + strlen(separator));
    return true;
}

/* "module:function:123" */
static bool is_location(struct bytes text)
{
    size_t colons = 0, digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c != ':' && !is_word(c) && !strchr(".<>/-", c))
            return false;
        digits = c == ':' ? 0 : is_digit(c) ? digits + 1 : text.len;
        colons += c == ':';
    }
    return colons == 2 && digits > 0 && digits < text.len;
}

static void cut_location(struct log_parsed *p, const char *separator)
{
    struct bytes rest = p->text, place;
    if (cut_until(&rest, separator, &place) && is_location(bytes_trim(place))) {
        p->source = bytes_trim(place);
        p->text = rest;
    }
}

/* ---- families ----------------------------------------------------------------------------------------------------- */

/* " - NAME - LEVEL - TEXT": Python's logging. */
static bool python_line(struct bytes rest, struct log_parsed *p)
{
    struct bytes level;
    if (!bytes_cut(&rest, " - ") || !cut_until(&rest, " - ", &p->source) || !cut_until(&rest, " - ", &level))
        return false;
    p->level = level_of(level);
    p->text = rest;
    return p->level != LOG_NONE;
}

/* " |  LEVEL  | TEXT": bt.logging, loguru, events; the first two may put a place before the text. */
static bool pipe_line(struct bytes rest, struct log_parsed *p)
{
    struct bytes level;
    cut_blanks(&rest);
    if (!bytes_cut(&rest, "|") || !cut_until(&rest, "|", &level))
        return false;
    bytes_cut(&rest, " ");
    p->level = level_of(bytes_trim(level));
    p->text = rest;
    cut_location(p, " | ");
    cut_location(p, " - ");
    return p->level != LOG_NONE;
}

/* "[LEVEL] TEXT" */
static bool bracket_line(struct bytes rest, struct log_parsed *p)
{
    struct bytes level;
    if (!bytes_cut(&rest, "[") || !cut_until(&rest, "] ", &level))
        return false;
    p->level = level_of(level);
    p->text = rest;
    return p->level != LOG_NONE;
}

/* "[DATE TIME] RESTARTING: ..." of the bot monitor */
static bool monitor_line(struct bytes rest, int32_t offset_s, struct log_parsed *p)
{
    if (!bytes_cut(&rest, "[") || !cut_time(&rest, offset_s, &p->at_ms) || !bytes_cut(&rest, "] "))
        return false;
    bool restarting = bytes_starts(rest, "RESTARTING:");
    p->level = restarting ? LOG_WARNING : LOG_INFO;
    p->text = rest;
    return restarting || bytes_starts(rest, "STATUS CHECK COMPLETE");
}

/* "HEARTBEAT_OK", or "ALERTS:" behind a sign that may be mojibake. */
static bool heartbeat_line(struct bytes rest, struct log_parsed *p)
{
    bool fine = bytes_is(bytes_trim(rest), "HEARTBEAT_OK");
    size_t at = bytes_find(rest, "ALERTS:");
    bool alerts = at < rest.len && at < ALERTS_MAX && bytes_trim(bytes_from(rest, at + strlen("ALERTS:"))).len == 0;
    p->level = alerts ? LOG_WARNING : LOG_INFO;
    p->text = rest;
    return fine || alerts;
}

struct log_parsed log_parse(struct bytes line, int32_t local_offset_s)
{
    const struct log_parsed none = {.at_ms = NOT_KNOWN, .source = {line.at, 0}, .text = line};
    struct log_parsed p = none;
    struct bytes rest = line;
    p.matched = true;
    if (cut_time(&rest, local_offset_s, &p.at_ms)) {
        if (python_line(rest, &p) || pipe_line(rest, &p))
            return p;
    } else if (bracket_line(line, &p) || monitor_line(line, local_offset_s, &p) || heartbeat_line(line, &p)) {
        return p;
    }
    return none;
}

/* ---- the status line ---------------------------------------------------------------------------------------------- */

static struct bytes part_of(struct bytes text, const char *label)
{
    struct bytes rest = bytes_from(text, bytes_find(text, label));
    if (!bytes_cut(&rest, label))
        return (struct bytes){text.at, 0};
    return bytes_trim((struct bytes){rest.at, bytes_find(rest, "|")});
}

bool log_status_parse(struct bytes text, struct status_parts *out)
{
    static const char start[] = "Miner Status: ";
    struct bytes rest = bytes_from(text, bytes_find(text, start));
    if (!bytes_cut(&rest, start))
        return false;
    out->all = bytes_trim(rest);
    /* Names of users stand behind "Stage: ", and may hold anything. */
    struct bytes known = {rest.at, bytes_find(rest, "| Stage: ")};
    out->bittensor = part_of(known, "Bittensor: ");
    out->module1 = part_of(known, "Module 1: ");
    out->module2 = part_of(known, "Module 2: ");
    return true;
}
