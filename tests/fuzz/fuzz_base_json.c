/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tolerant JSON reader against jansson alone: what jansson takes is mended to the same bytes and read to the same
 * value; what only the mender makes readable is JSON afterwards, and nothing of its strings has changed but what no
 * parser takes. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_mend.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static size_t depth_of(const json_t *v)
{
    size_t most = 0, i;
    const char *key;
    json_t *child;
    json_array_foreach(v, i, child) most = depth_of(child) > most ? depth_of(child) : most;
    json_object_foreach((json_t *)v, key, child) most = depth_of(child) > most ? depth_of(child) : most;
    return most + (json_is_array(v) || json_is_object(v));
}

/* The next string of a text, quotes included; an empty run when there is none. */
static struct bytes next_string(struct bytes *rest)
{
    size_t i = bytes_find(*rest, "\""), start = i;
    for (i++; i < rest->len && rest->at[i] != '"'; i++)
        i += rest->at[i] == '\\';
    size_t end = i < rest->len ? i + 1 : rest->len;
    struct bytes string = start < rest->len ? (struct bytes){rest->at + start, end - start} : (struct bytes){0};
    *rest = bytes_from(*rest, end);
    return string;
}

static bool needs_mending(struct bytes string)
{
    if (bytes_find(string, "\\u") < string.len)
        return true;
    for (struct bytes rest = string; rest.len;) {
        size_t before = rest.len;
        if (utf8_next(&rest) == 0xfffd && before - rest.len == 1)
            return true;
    }
    return false;
}

static void check_strings(struct bytes in, struct bytes mended)
{
    while (in.len && mended.len) {
        struct bytes was = next_string(&in), is = next_string(&mended);
        demand(needs_mending(was) || bytes_equal(was, is));
    }
    demand(bytes_find(in, "\"") == in.len && bytes_find(mended, "\"") == mended.len);
}

static size_t count_lines(struct bytes in)
{
    size_t count = 0;
    for (size_t i = 0; i < in.len; i++)
        count += in.at[i] == '\n';
    return count;
}

static void check_sentence(const struct err *e)
{
    struct arena a = {0};
    demand(e->text[0] != '\0');
    demand(strcmp(text_safe(&a, bytes_of(e->text), 0), e->text) == 0);
    arena_release(&a);
}

static void check_read(struct bytes in, const json_t *strict)
{
    struct err e = {""};
    json_t *root = json_read(in, "x.json", &e);
    demand(root || e.text[0]);
    if (!root)
        check_sentence(&e);
    if (root)
        demand(depth_of(root) <= 64);
    if (root && strict)
        demand(json_equal(root, strict));
    if (strict && !root)
        demand(memchr(in.at, '\0', in.len) || depth_of(strict) > 64 || bytes_starts(in, "\xef\xbb\xbf"));
    json_decref(root);
}

/* What is set apart makes the same tree when it is put back. */
static void check_apart(struct bytes in)
{
    static const char *const keys[] = {"a", "b", NULL};
    struct json_apart x = {.keys = keys};
    struct err e = {""};
    json_t *root = json_read_apart(in, "x.json", &x, &e), *whole = json_read(in, "x.json", &e), *value;
    json_t *list = (json_t *)(uintptr_t)x.list;
    while (list && (value = json_apart_next(&x)))
        json_array_append_new(list, value);
    demand(!list || x.bad || (whole && json_equal(root, whole) && x.count == json_array_size(list)));
    demand(list || json_equal(root, whole) || (!root && !whole));
    json_decref(root);
    json_decref(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes in = {(const char *)data, size};
    struct bytes mended = json_mend(&a, in), again = json_mend(&a, mended);
    json_t *strict = json_loadb(in.at ? in.at : "", in.len, JSON_ALLOW_NUL, NULL);
    if (strict && !memchr(in.at, '\0', in.len))
        demand(bytes_equal(in, mended));
    demand(bytes_equal(mended, again));
    demand(count_lines(in) == count_lines(mended));
    check_strings(in, mended);
    check_read(in, strict);
    check_apart(in);
    json_decref(strict);
    arena_release(&a);
    return 0;
}
