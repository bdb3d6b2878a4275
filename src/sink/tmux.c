/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sink "tmux": one line for status-right. Only the word of the worst severity is coloured: the rest keeps the colours of
 * the user's own status line. In tmux text '#' begins markup, so it is doubled. */
#include "sink/plane.h"
#include "sink/sink.h"

#include <string.h>

static const char *const colours[] = {
    [SEVERITY_CRITICAL] = "#[fg=colour231,bg=colour160,bold]",
    [SEVERITY_INFO] = "#[fg=colour39]",
    [SEVERITY_OK] = "#[fg=colour71]",
    [SEVERITY_WARNING] = "#[fg=colour214,bold]",
};

static void put_plain(FILE *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '#')
            fputc('#', out);
        fputc(text[i], out);
    }
}

static bool tmux_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks,
                       struct arena *a, struct err *e)
{
    (void)ui;
    enum severity worst = model_worst(m);
    const char *line = view_line(a, m), *mark = severity_mark(worst);
    const char *at = looks->depth == COLOR_NONE ? NULL : strstr(line, mark);
    if (at) {
        put_plain(out, line, (size_t)(at - line));
        fputs(colours[worst], out);
        put_plain(out, mark, strlen(mark));
        fputs("#[default]", out);
        line = at + strlen(mark);
    }
    put_plain(out, line, strlen(line));
    fputc('\n', out);
    return plane_end(out, e);
}

const struct sink sink_tmux = {
    .name = "tmux",
    .help = "one line for tmux's status-right: worst severity, score, stage, countdown",
    .write = tmux_write,
};
