/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command in davy.toml: ["program", "argument", ...]. Never one text: nobody here would take it apart as a shell does. */
#include "base/utf8.h"
#include "model/settings_read.h"

enum { WORDS_MOST = 64 };

/* As with paths: what the gate would change is refused, so that the command can be shown exactly. */
static const char *word_of(struct arena *a, const json_t *v, bool may_be_empty)
{
    struct bytes raw = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v) || (raw.len == 0 && !may_be_empty))
        return NULL;
    const char *safe = text_safe(a, raw, 0);
    return bytes_is(raw, safe) ? safe : NULL;
}

bool settings_put_argv(const struct reader *r, const struct setting_row *row, const json_t *v, void *to)
{
    size_t count = json_array_size(v);
    (void)row;
    if (!json_is_array(v) || count < 1 || count > WORDS_MOST)
        return false;
    const char **word = arena_array(r->a, count + 1, sizeof *word);
    for (size_t i = 0; i < count; i++)
        if (!(word[i] = word_of(r->a, json_array_get(v, i), i > 0)))
            return false;
    *(const char *const **)to = word;
    return true;
}
