/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy history needs of a rig: its settings, its prices, and where its history is. Nothing else of it is read. */
#include "cmd/davy_history.h"

#include "base/file.h"
#include "base/utf8.h"
#include "cmd/davy_keymap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DOC_MOST = 1 << 20 };

static bool find_dir(struct history_job *j, struct err *e)
{
    const char *dir = j->options->dir != NULL ? j->options->dir : ".";
    struct stat s;
    if (realpath(dir, j->dir) == NULL || stat(j->dir, &s) < 0)
        return err_set(e, "%.200s: %s; -C wants the folder of a rig", text_safe(&j->arena, bytes_of(dir), 0),
                       strerror(errno));
    return S_ISDIR(s.st_mode) ||
           err_set(e, "%.200s is not a folder; -C wants the folder of a rig", text_safe(&j->arena, bytes_of(dir), 0));
}

static const char *in_rig(struct history_job *j, const char *path)
{
    return path[0] == '/' ? path : arena_text(&j->arena, "%s/%s", j->dir, path);
}

/* Without a davy.toml the defaults hold; with one that is wrong nobody knows which file is meant. */
static bool read_settings(struct history_job *j, struct err *e)
{
    const char *config = j->options->config, *path = config != NULL ? config : in_rig(j, "davy.toml");
    struct decode_in in = {.name = text_safe(&j->arena, bytes_of(config != NULL ? config : "davy.toml"), 0),
                           .check = davy_check_keys};
    struct file_stat s;
    j->settings = settings_default();
    if (!file_read(&j->arena, path, DOC_MOST, &in.bytes, &s, e))
        return config == NULL && !s.exists;
    j->settings = settings_decode(&j->arena, &in, e);
    return j->settings != NULL;
}

static const char *path_of(const struct history_job *j, enum doc_id id)
{
    const char *path = j->settings->path[id];
    return path != NULL ? path : settings_default()->path[id];
}

/* Prices that cannot be read are not known; the sums are right without them. */
static void read_prices(struct history_job *j)
{
    struct decode_in in = {.name = text_safe(&j->arena, bytes_of(path_of(j, DOC_BUDGETS)), 0)};
    struct file_stat s;
    struct err e;
    if (file_read(&j->arena, in_rig(j, path_of(j, DOC_BUDGETS)), DOC_MOST, &in.bytes, &s, &e))
        j->budgets = budgets_decode(&j->arena, &in, &e);
    else if (!s.exists)
        return;
    if (j->budgets == NULL)
        fprintf(stderr, "davy: costs are not known: %s\n", e.text);
}

bool history_find(struct history_job *j, struct err *e)
{
    if (!find_dir(j, e) || !read_settings(j, e))
        return false;
    const char *slash = strrchr(j->dir, '/'), *path = path_of(j, DOC_HISTORY);
    j->rig_name = j->settings->rig_name != NULL ? j->settings->rig_name
                                                : text_safe(&j->arena, bytes_of(slash[1] ? slash + 1 : "/"), 0);
    j->shown = text_safe(&j->arena, bytes_of(path), 0);
    j->path = in_rig(j, path);
    read_prices(j);
    return true;
}
