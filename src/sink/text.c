/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sink "text": one frame as plain UTF-8 lines. */
#include "sink/plane.h"
#include "sink/sink.h"

static bool text_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks,
                       struct arena *a, struct err *e)
{
    (void)looks;
    plane_glyphs(out, plane_draw(m, ui, a));
    return plane_end(out, e);
}

const struct sink sink_text = {
    .name = "text",
    .help = "one frame of the screen as plain text",
    .write = text_write,
};
