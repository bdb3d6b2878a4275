/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sink "styles": the glyph plane, a line "---", the style plane. What golden screens compare. */
#include "sink/plane.h"
#include "sink/sink.h"

static bool styles_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks,
                         struct arena *a, struct err *e)
{
    (void)looks;
    const struct frame *f = plane_draw(m, ui, a);
    plane_glyphs(out, f);
    fputs("---\n", out);
    plane_styles(out, f);
    return plane_end(out, e);
}

const struct sink sink_styles = {
    .name = "styles",
    .help = "one frame as plain text, then the style of each cell as a letter",
    .write = styles_write,
};
