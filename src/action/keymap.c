/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/keymap.h"

#include "action/key_name.h"
#include "base/near.h"
#include "view/grid.h"
#include "view/key.h"

#include <stdio.h>
#include <string.h>

static struct binding *row_of(struct keymap *k, int key)
{
    for (size_t i = 0; i < k->count; i++)
        if (k->row[i].key == key)
            return &k->row[i];
    return NULL;
}

const struct action *keymap_find(const struct keymap *k, int key)
{
    for (size_t i = 0; i < k->count; i++)
        if (k->row[i].key == key)
            return k->row[i].action;
    return NULL;
}

static const struct action *action_by_id(struct bytes id)
{
    for (const struct action *a = actions; a->run != NULL; a++)
        if (bytes_is(id, a->id))
            return a;
    return NULL;
}

/* One line of [keys] while it is looked at. */
struct line {
    const struct key_setting *set;
    settings_say_fn *say;
    void *ctx;
};

__attribute__((format(printf, 2, 3))) static void complain(const struct line *l, const char *format, ...)
{
    char key[64], text[320];
    va_list list;
    va_start(list, format);
    snprintf(key, sizeof key, "keys.%s", l->set->action);
    if (l->say != NULL && text_format(text, sizeof text, format, list))
        l->say(l->ctx, key, text);
    va_end(list);
}

static void taken(const struct line *l, const struct binding *there, const char *key)
{
    const char *id = there->action->id;
    if (there->by != NULL)
        complain(l, "keys.%s: the key %s is already that of keys.%s in line %u", l->set->action, key, id,
                 there->by->line);
    else
        complain(l, "keys.%s: the key %s is that of %s; give keys.%s another one, too", l->set->action, key, id, id);
}

static void add(struct keymap *k, int key, const struct action *action, const struct key_setting *by)
{
    if (k->count < KEYMAP_MOST)
        k->row[k->count++] = (struct binding){key, action, by};
}

static void bind_one(struct keymap *k, const struct line *l, const struct action *action, const char *name)
{
    int key = key_by_name(bytes_of(name));
    const struct binding *there = row_of(k, key);
    if (key == 0 || key >= K_MOUSE)
        complain(l, "keys.%s: no key is called \"%s\"; a key is one character, or a name as Tab, F5, ^X",
                 l->set->action, name);
    else if (there == NULL)
        add(k, key, action, l->set);
    else if (there->action != action)
        taken(l, there, name);
}

static void unknown(const struct line *l)
{
    const char *name = l->set->action;
    for (const struct action *a = actions; a->run != NULL; a++) {
        if (near_enough(bytes_of(name), bytes_of(a->id))) {
            complain(l, "keys.%s: no action is called so; did you mean keys.%s?", name, a->id);
            return;
        }
    }
    complain(l, "keys.%s: no action is called so; davy config --example lists all", name);
}

static const struct key_setting *setting_of(const struct settings *s, const struct action *a)
{
    for (size_t i = 0; s != NULL && i < s->key_count; i++)
        if (strcmp(s->key[i].action, a->id) == 0)
            return &s->key[i];
    return NULL;
}

/* Those that nobody changed come first: whoever takes a key of theirs is told. ^C leaves, whatever the file says. */
static void bind_table(struct keymap *k, const struct settings *s)
{
    for (const struct action *a = actions; a->run != NULL; a++) {
        bool changed = setting_of(s, a) != NULL;
        for (int digit = '1'; digit <= '9' && a->digits; digit++)
            add(k, digit, a, NULL);
        for (int i = 0; i < ACTION_KEYS && a->key[i] != 0; i++)
            if (!changed || a->key[i] == K_CTRL_C)
                add(k, a->key[i], a, NULL);
    }
}

static void bind_setting(struct keymap *k, const struct line *l)
{
    const struct action *a = action_by_id(bytes_of(l->set->action));
    if (a == NULL)
        unknown(l);
    else if (a->digits)
        complain(l, "keys.%s: its keys are the digits and stay so", a->id);
    for (size_t i = 0; a != NULL && !a->digits && i < l->set->count; i++)
        bind_one(k, l, a, l->set->name[i]);
}

void keymap_make(struct keymap *out, const struct settings *s, settings_say_fn *say, void *ctx)
{
    out->count = 0;
    bind_table(out, s);
    for (size_t i = 0; s != NULL && i < s->key_count; i++)
        bind_setting(out, &(struct line){&s->key[i], say, ctx});
}

/* Those of davy.toml first: the footer has room for one. */
const char *keymap_keys(struct arena *a, const struct keymap *k, const struct action *action)
{
    const char *text = "";
    char name[KEY_NAME];
    if (action->digits)
        return "1-9";
    for (int own = 1; own >= 0; own--)
        for (size_t i = 0; i < k->count; i++)
            if (k->row[i].action == action && (k->row[i].by != NULL) == own)
                text = arena_text(a, "%s%s%s", text, text[0] != '\0' ? ", " : "", key_name(name, k->row[i].key));
    return text;
}
