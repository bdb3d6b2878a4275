/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy config: a davy.toml to begin with, and what is wrong with one. */
#include "cmd/davy.h"

#include "base/file.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "cmd/davy_keymap.h"
#include "cmd/davy_theme.h"

#include <string.h>

enum { MOST = 1 << 20 };

struct config_options {
    bool example, check;
};
const struct option_row config_options[] = {
    {"check", 0, NULL, "say what is wrong with FILE (the rig's davy.toml)", OPTION_FLAG,
     offsetof(struct config_options, check)},
    {"example", 0, NULL, "print every setting with its default, as comments", OPTION_FLAG,
     offsetof(struct config_options, example)},
    {.name = NULL},
};

static const char *file_of(struct arena *a, const struct davy_options *o)
{
    if (o->config != NULL)
        return o->config;
    return o->dir == NULL ? "davy.toml" : arena_text(a, "%s/davy.toml", o->dir);
}

/* Of the davy.toml: the rig's, so its themes are there too. */
static const char *folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? "." : arena_copy(a, (struct bytes){path, (size_t)(slash - path)});
}

static int say(const struct settings_fault *fault, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "davy: %s\n", fault[i].text);
    return DAVY_UNKNOWN;
}

/* The last thing that may be wrong with a file that can be read. */
static int check_theme(const struct davy_options *o, const struct decode_in *in, struct arena *a, const char *path)
{
    const struct settings *s = settings_decode(a, in, NULL);
    struct theme_file file;
    struct err why, e;
    if (s != NULL && !davy_theme(a, o->dir != NULL ? o->dir : folder_of(a, path), s->theme, &file, &why)) {
        err_set(&e, "%.100s line %u: view.theme: %s", in->name, toml_line(in->bytes, "view.theme"), why.text);
        return davy_fail(&e);
    }
    printf("%s: ok\n", in->name);
    return DAVY_OK;
}

static int check(const struct davy_options *o, const char *path, struct arena *a)
{
    struct settings_fault fault[SETTINGS_FAULTS];
    struct file_stat stat;
    struct err e;
    path = path != NULL ? path : file_of(a, o);
    const char *shown = text_safe(a, bytes_of(path), 0);
    struct decode_in in = {.name = shown, .check = davy_check_keys};
    if (!file_read(a, path, MOST, &in.bytes, &stat, &e)) {
        if (!stat.exists)
            err_set(&e, "%.200s is not there: davy runs on its defaults, which davy config --example prints", shown);
        return davy_fail(&e);
    }
    size_t count = settings_check(a, &in, fault);
    if (count > 0)
        return say(fault, count);
    return check_theme(o, &in, a, path);
}

int davy_config(const struct davy_options *o, int argc, char **argv)
{
    struct config_options mine = {0};
    struct err e = {""};
    struct arena a = {0};
    int words = options_parse(config_options, argc, argv, &mine, &e);
    if (words >= 0 && mine.check == mine.example)
        err_set(&e, "config: say --example or --check; see davy config --help");
    else if (words >= 0 && words + mine.check < argc)
        davy_too_many(&e, "config", argv[words + mine.check]);
    if (e.text[0] != '\0')
        return davy_fail(&e);
    int code = DAVY_OK;
    if (mine.example) {
        settings_example(stdout);
        davy_keys_example();
    } else
        code = check(o, words < argc ? argv[words] : NULL, &a);
    arena_release(&a);
    return code;
}
