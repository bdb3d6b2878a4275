/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/tree.h"

#include <string.h>

const struct tree *tree_get(const struct tree *o, const char *key)
{
    const struct tree *found = NULL;
    if (!o || o->kind != TREE_OBJECT)
        return NULL;
    for (const struct tree *member = o->first; member; member = member->next)
        if (bytes_is(member->key, key))
            found = member;
    return found;
}

struct bytes tree_text(const struct tree *o, const char *key)
{
    const struct tree *found = tree_get(o, key);
    return found && found->kind == TREE_TEXT ? found->text : (struct bytes){0};
}

bool tree_is(const struct tree *o, const char *key, const char *text)
{
    const struct tree *found = tree_get(o, key);
    return found && found->kind == TREE_TEXT && bytes_is(found->text, text);
}

bool tree_integer(const struct tree *o, const char *key, int64_t *value)
{
    const struct tree *found = tree_get(o, key);
    return found && found->kind == TREE_NUMBER && bytes_i64(found->text, value);
}
