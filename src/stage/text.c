/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stage lines of a log. The glyph in front may be missing or mojibake, messages may hold " - " and " for ", so only
 * the ASCII word "Stage", the number and the names of the table are trusted. */
#include "stage/stage.h"

#include <string.h>

enum { MAX_NUMBER = 9999 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Reads digits; false: none, or more than any stage will ever have. */
static bool cut_number(struct bytes *rest, int *number)
{
    int n = 0;
    size_t i = 0;
    for (; i < rest->len && is_digit(rest->at[i]) && n <= MAX_NUMBER; i++)
        n = n * 10 + (rest->at[i] - '0');
    if (i == 0 || n > MAX_NUMBER)
        return false;
    *rest = bytes_from(*rest, i);
    *number = n;
    return true;
}

/* Moves line behind "Stage N". */
static bool find_stage(struct bytes *line, int *number)
{
    struct bytes rest = *line;
    for (;;) {
        size_t at = bytes_find(rest, "Stage ");
        if (at >= rest.len)
            return false;
        bool inside_word = at > 0 && is_word(rest.at[at - 1]);
        rest = bytes_from(rest, at + strlen("Stage "));
        struct bytes behind = rest;
        if (!inside_word && cut_number(&behind, number)) {
            *line = behind;
            return true;
        }
    }
}

static bool cut_event(struct bytes *rest, enum stage_status *status)
{
    if (bytes_cut(rest, " Complete - "))
        *status = STAGE_STATUS_DONE;
    else if (bytes_cut(rest, " Failed - "))
        *status = STAGE_STATUS_FAILED;
    else if (bytes_cut(rest, " - "))
        *status = STAGE_STATUS_RUNNING;
    else
        return false;
    return true;
}

static bool ends_name(struct bytes rest)
{
    return rest.len == 0 || rest.at[0] == ':' || bytes_starts(rest, " for ") || bytes_starts(rest, " - ") ||
           bytes_trim(rest).len == 0;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The longest name of the table, or everything up to the first separator. */
static struct bytes cut_name(struct bytes *rest)
{
    size_t len = 0;
    for (int i = 0; i < STAGE_COUNT; i++) {
        size_t n = strlen(stage_name(i));
        if (n > len && bytes_starts(*rest, stage_name(i)) && ends_name(bytes_from(*rest, n)))
            len = n;
    }
    if (len == 0)
        len = smaller(bytes_find(*rest, ": "), smaller(bytes_find(*rest, " for "), bytes_find(*rest, " - ")));
    struct bytes name = {rest->at, len};
    *rest = bytes_from(*rest, len);
    return bytes_trim(name);
}

/* Where the user name ends: a failure's " - Error: " is the surest mark, a user name may hold " - ". */
static const char *user_end(struct bytes rest, enum stage_status status)
{
    if (status == STAGE_STATUS_RUNNING)
        return ": ";
    if (status == STAGE_STATUS_FAILED && bytes_find(rest, " - Error: ") < rest.len)
        return " - Error: ";
    return " - ";
}

static struct bytes cut_user(struct bytes *rest, enum stage_status status)
{
    if (!bytes_cut(rest, " for "))
        return (struct bytes){rest->at, 0};
    size_t len = bytes_find(*rest, user_end(*rest, status));
    struct bytes user = {rest->at, len};
    *rest = bytes_from(*rest, len);
    return bytes_trim(user);
}

bool stage_text_parse(struct bytes line, struct stage_text *out)
{
    struct stage_text t = {0};
    if (!find_stage(&line, &t.number) || !cut_event(&line, &t.status))
        return false;
    t.name = cut_name(&line);
    t.username = cut_user(&line, t.status);
    if (!bytes_cut(&line, " - "))
        bytes_cut(&line, ":");
    t.message = bytes_trim(line);
    if (t.status == STAGE_STATUS_FAILED && bytes_cut(&t.message, "Error:"))
        t.message = bytes_trim(t.message);
    if (t.name.len == 0)
        return false;
    *out = t;
    return true;
}
