/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy export: what is known of a rig, once, for programs. */
#include "cmd/davy_export.h"

#include "base/file.h"
#include "cmd/davy.h"
#include "cmd/davy_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { EXPORT_MODE = 0644 };

struct export_options {
    const char *file;
};
const struct option_row export_options[] = {
    {"output", 'o', "FILE", "replace FILE by it, instead of printing it", OPTION_TEXT,
     offsetof(struct export_options, file)},
    {.name = NULL},
};

static const struct sink *sink_of(const char *word)
{
    static const struct sink *const forms[] = {&sink_json, &sink_prometheus, &sink_prometheus_rules};
    for (size_t i = 0; word != NULL && i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(forms[i]->name, word) == 0)
            return forms[i];
    return NULL;
}

/* All of it is in memory before the file is touched: whoever reads it sees the old one or the new one. */
static bool write_to(const struct sink *s, const char *path, const struct model *m, struct arena *a, struct err *e)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    bool done = out != NULL ? s->write(out, m, NULL, NULL, a, e) : err_set(e, "no memory for the export");
    if (out != NULL && fclose(out) != 0)
        done = err_set(e, "no memory for the export");
    done = done && file_replace(path, (struct bytes){text, len}, EXPORT_MODE, e);
    free(text);
    return done;
}

static int export(const struct davy_options *o, const struct sink *s, const char *path)
{
    struct err e;
    struct arena a = {0};
    struct rig *r = davy_look(o, &e);
    if (r == NULL)
        return davy_fail(&e);
    struct model *m = davy_judged(r, &a);
    bool done = path != NULL ? write_to(s, path, m, &a, &e) : s->write(stdout, m, NULL, NULL, &a, &e);
    arena_release(&a);
    rig_close(r);
    return done ? DAVY_OK : davy_fail(&e);
}

int davy_export(const struct davy_options *o, int argc, char **argv)
{
    struct export_options mine = {.file = o->output};
    struct err e = {""};
    const char *word;
    if (!davy_one_word(export_options, argc, argv, &mine, &word, &e))
        return davy_fail(&e);
    const struct sink *s = sink_of(word);
    if (s == NULL)
        err_set(&e, "export: say json, prometheus or prometheus-rules; see davy export --help");
    else if (mine.file != NULL && *mine.file == '\0')
        err_set(&e, "export: -o wants the name of a file");
    return e.text[0] != '\0' ? davy_fail(&e) : export(o, s, mine.file);
}
