/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The message on standard input. */
#include "cmd/notify.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { UNITS = 4096, DIGITS = 18 };

static bool read_input(struct notify *n, struct bytes *out, struct err *e)
{
    char *text = arena_alloc(&n->arena, NOTIFY_INPUT + 1);
    size_t len = 0;
    while (len <= NOTIFY_INPUT) {
        ssize_t got = read(0, text + len, NOTIFY_INPUT + 1 - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(e, "standard input cannot be read: %s", strerror(errno));
        if (got == 0)
            break;
        len += (size_t)got;
    }
    *out = (struct bytes){text, len};
    return len <= NOTIFY_INPUT || err_set(e, "the message on standard input is larger than %zu bytes", NOTIFY_INPUT);
}

/* Line by line through the gate, and not more than Telegram takes: UTF-16 units. */
static const char *safe_lines(struct arena *a, struct bytes raw)
{
    char *out = arena_alloc(a, raw.len * 4 + 4);
    size_t len = 0, units = 0;
    for (bool first = true; raw.len > 0; first = false) {
        size_t end = bytes_find(raw, "\n");
        struct bytes line = bytes_of(text_safe(a, (struct bytes){raw.at, end}, 0));
        raw = bytes_from(raw, end + 1);
        if (!first && units++ < UNITS)
            out[len++] = '\n';
        while (line.len > 0) {
            char32_t c = utf8_next(&line);
            units += c > 0xffff ? 2 : 1;
            if (units > UNITS)
                return out;
            len += utf8_put(out + len, c);
        }
    }
    return out;
}

/* Telegram's ids of messages: they become numbers of JSON. */
static bool message_id(struct notify *n, const char *key, const char **out, struct err *e)
{
    struct bytes id = json_raw(n->message, key);
    int64_t value;
    if (id.at == NULL)
        return true;
    if (id.len > DIGITS || !bytes_i64(id, &value))
        return err_set(e, "message.%s: expected the number of a message, as text", key);
    *out = arena_copy(&n->arena, id);
    return true;
}

static bool take_argv(struct notify *n, const json_t *channel, struct err *e)
{
    const json_t *argv = json_list(channel, "argv");
    size_t count = json_array_size(argv);
    if (count == 0 || count > NOTIFY_WORDS)
        return err_set(e, "channel.argv: expected a program and at most %d arguments", NOTIFY_WORDS - 1);
    for (size_t i = 0; i < count; i++) {
        n->argv[i] = json_string_value(json_array_get(argv, i));
        if (n->argv[i] == NULL || n->argv[i][0] == '\0')
            return err_set(e, "channel.argv: expected texts only");
    }
    return true;
}

static const char *word(struct notify *n, const json_t *o, const char *key)
{
    struct bytes text = json_raw(o, key);
    return text.len > 0 ? arena_copy(&n->arena, text) : NULL;
}

static bool take_telegram(struct notify *n, const json_t *channel, struct err *e)
{
    const json_t *chat = json_object_get(channel, "chat");
    n->chat = json_is_integer(chat) ? arena_text(&n->arena, "%lld", (long long)json_integer_value(chat))
                                    : word(n, channel, "chat");
    n->token_file = word(n, channel, "token_file");
    n->ca_file = word(n, channel, "ca_file");
    n->api = word(n, channel, "api");
    if (n->api == NULL)
        n->api = "https://api.telegram.org";
    return n->chat != NULL || err_set(e, "channel.chat: expected the number or @name of a chat");
}

static bool take_channel(struct notify *n, struct err *e)
{
    const json_t *channel = json_child(n->root, "channel");
    struct bytes kind = json_raw(channel, "kind");
    if (bytes_is(kind, "exec"))
        return take_argv(n, channel, e);
    if (bytes_is(kind, "telegram"))
        return take_telegram(n, channel, e);
    return err_set(e, "channel.kind: expected telegram or exec");
}

bool notify_read(struct notify *n, struct err *e)
{
    struct bytes in;
    if (!read_input(n, &in, e))
        return false;
    n->root = json_read(in, "standard input", e);
    n->message = json_child(n->root, "message");
    int64_t limit = json_int(n->root, "limit_ms");
    n->limit_ms = limit > 0 && limit <= NOTIFY_MOST_MS ? limit : NOTIFY_LIMIT_MS;
    n->silent = json_is_true(json_object_get(n->message, "silent"));
    if (n->root == NULL)
        return false;
    struct bytes text = json_raw(n->message, "text");
    if (bytes_trim(text).len == 0)
        return err_set(e, "message.text: expected the text to send");
    n->text = safe_lines(&n->arena, text);
    return message_id(n, "edit", &n->edit, e) && message_id(n, "reply_to", &n->reply_to, e) && take_channel(n, e);
}
