/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/allow.h"

#include "base/utf8.h"

#include <regex.h>
#include <string.h>

static bool is_text(struct bytes token)
{
    struct bytes rest = token;
    while (rest.len) {
        size_t before = rest.len;
        char32_t c = utf8_next(&rest);
        if (c < ' ' || (c >= 0x7f && c < 0xa0) || (c == 0xfffd && before - rest.len == 1))
            return false;
    }
    return true;
}

static bool has_scheme(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-";
    return text[strspn(text, letters)] == ':' && *text != ':';
}

static bool climbs(const char *path)
{
    for (const char *p = path; p; p = strchr(p, '/')) {
        p += *p == '/';
        if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || !p[2]))
            return true;
    }
    return false;
}

/* What an expression may never take, however wide it is: options, addresses, protocols, paths out of the workspace. */
static bool is_harmless(const char *text)
{
    return *text != '-' && *text != '/' && !strstr(text, "://") && !has_scheme(text) && !climbs(text);
}

static bool fits_expression(const char *pattern, const char *text)
{
    regex_t compiled;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool fits = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return fits;
}

static bool is_one_of(const struct allow_item *item, const char *text)
{
    for (size_t i = 0; i < item->one_of_count; i++)
        if (strcmp(item->one_of[i], text) == 0)
            return true;
    return false;
}

static bool in_range(const struct allow_item *item, const char *text)
{
    int64_t v;
    return bytes_i64(bytes_of(text), &v) && v >= item->min && v <= item->max;
}

static bool item_takes(const struct allow_item *item, struct bytes token)
{
    char text[ALLOW_TOKEN_BYTES + 1];
    memcpy(text, token.at, token.len);
    text[token.len] = '\0';
    switch (item->kind) {
    case ALLOW_LITERAL:
        return strcmp(item->text, text) == 0;
    case ALLOW_INT:
        return in_range(item, text);
    case ALLOW_ENUM:
        return is_one_of(item, text);
    case ALLOW_REGEX:
    case ALLOW_PATH_IN:
    case ALLOW_PATH_OUT:
        return is_harmless(text) && fits_expression(item->text, text);
    }
    return false;
}

static bool rule_takes(const struct allow_rule *rule, const struct bytes *token, size_t left)
{
    if (rule->items > left)
        return false;
    for (size_t i = 0; i < rule->items; i++)
        if (!item_takes(&rule->item[i], token[i]))
            return false;
    return true;
}

/* The first rule with uses left that takes what begins here; list->rules: none. */
static size_t find(const struct allow *list, const int *used, const struct bytes *token, size_t left)
{
    size_t i = 0;
    while (i < list->rules && (used[i] >= list->rule[i].most || !rule_takes(&list->rule[i], token, left)))
        i++;
    return i;
}

static bool check_tokens(const struct allow *list, const struct bytes *token, size_t tokens, struct err *e)
{
    int64_t total = 0;
    if (tokens > ALLOW_TOKENS)
        return err_set(e, "more than %d arguments", ALLOW_TOKENS);
    for (size_t i = 0; i < tokens; i++) {
        if (token[i].len > ALLOW_TOKEN_BYTES || !is_text(token[i]))
            return err_set(e, "argument %zu is too long or not plain text", i + 1);
        total += (int64_t)token[i].len;
    }
    return total <= list->args_bytes ||
           err_set(e, "the arguments are longer than %lld bytes", (long long)list->args_bytes);
}

static bool check_required(const struct allow *list, const int *used, struct err *e)
{
    for (size_t i = 0; i < list->rules; i++)
        if (list->rule[i].required && !used[i])
            return err_set(e, "rule %zu of %.64s is required, and no argument is of it", i + 1, list->name);
    return true;
}

bool allow_argv(const struct allow *list, const struct bytes *token, size_t tokens, struct allow_place *place,
                struct err *e)
{
    int used[ALLOW_TOKENS] = {0};
    if (list->rules > ALLOW_TOKENS || !check_tokens(list, token, tokens, e))
        return false;
    for (size_t at = 0; at < tokens;) {
        size_t rule = find(list, used, token + at, tokens - at);
        if (rule == list->rules)
            return err_set(e, "no rule of %.64s takes argument %zu", list->name, at + 1);
        used[rule]++;
        for (size_t i = 0; i < list->rule[rule].items; i++, at++)
            if (place)
                place[at] = (struct allow_place){rule, i};
    }
    return check_required(list, used, e);
}
