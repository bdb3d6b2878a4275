/* SPDX-License-Identifier: GPL-2.0-or-later */
/* w: the screen as it is, into a file that somebody named. */
#include "cmd/davy_dash.h"

#include "base/file.h"
#include "base/numtext.h"
#include "base/utf8.h"
#include "sink/sink.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* By the ending of the name. */
static const struct sink *sink_of(const char *name)
{
    static const struct {
        const char *ending;
        const struct sink *sink;
    } table[] = {{".ansi", &sink_ansi}, {".json", &sink_json}, {".svg", &sink_svg}, {".txt", &sink_text}};
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].ending, ending) == 0)
            return table[i].sink;
    return NULL;
}

static const char *path_of(struct arena *a, const char *name)
{
    const char *home = getenv("HOME");
    bool at_home = strncmp(name, "~/", 2) == 0 && home != NULL;
    return at_home ? arena_text(a, "%s%s", home, name + 1) : name;
}

/* As it was before somebody began to type the name. */
static bool draw(struct dash *d, const struct sink *s, struct arena *a, struct bytes *out, struct err *e)
{
    struct ui ui = d->ui;
    struct looks looks = curses_looks(d->curses);
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);
    ui.mode = UI_KEYS;
    ui.message = NULL;
    bool drawn = file != NULL ? s->write(file, d->model, &ui, &looks, a, e)
                              : err_set(e, "no memory for the picture: %s", strerror(errno));
    if (file != NULL && fclose(file) != 0)
        drawn = err_set(e, "no memory for the picture: %s", strerror(errno));
    if (drawn)
        *out = (struct bytes){arena_copy(a, (struct bytes){text, len}), len};
    free(text);
    return drawn;
}

static mode_t mode_of_new_files(void)
{
    mode_t mask = umask(077);
    umask(mask);
    return 0666 & ~mask;
}

/* A link is not followed: it may lead to what nobody wants replaced by a picture. */
static bool may_replace(const struct stat *there, struct err *e)
{
    if (S_ISREG(there->st_mode))
        return true;
    return err_set(e, S_ISLNK(there->st_mode) ? "a link of that name is there, and stays" : "that is no file");
}

static bool put(struct dash *d, const char *path, struct arena *a, size_t *len, struct err *e)
{
    struct stat there;
    struct bytes content = {NULL, 0};
    const struct sink *s = sink_of(path);
    if (s == NULL)
        return err_set(e, "the name must end in .txt, .ansi, .svg or .json");
    bool exists = lstat(path, &there) == 0;
    if (exists && !may_replace(&there, e))
        return false;
    if (exists && d->ui.entry.pick == 0) {
        d->ui.entry.pick = 1;
        return err_set(e, "that file is there: Enter again replaces it");
    }
    if (!draw(d, s, a, &content, e))
        return false;
    *len = content.len;
    return exists ? file_replace(path, content, mode_of_new_files(), e)
                  : file_create(path, content, mode_of_new_files(), e);
}

void dash_write(struct dash *d)
{
    struct arena a = {0};
    struct err e = {""};
    size_t len;
    char whole[PATH_MAX], count[NUM_TEXT];
    const char *path = path_of(&a, d->ui.entry.text);
    if (put(d, path, &a, &len, &e)) {
        d->ui.mode = UI_KEYS;
        ui_say(&d->ui, "wrote %s bytes to %s", num_group(count, (int64_t)len),
               text_safe(&a, bytes_of(realpath(path, whole) != NULL ? whole : path), 120));
    } else {
        ui_say(&d->ui, "%s", e.text);
    }
    arena_release(&a);
}
