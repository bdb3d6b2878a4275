/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sinks: where a frame or a model goes when it is not the screen. One row per -o NAME. */
#ifndef DAVY_SINK_SINK_H
#define DAVY_SINK_SINK_H

#include "model/model.h"
#include "view/theme.h"
#include "view/view.h"

#include <stdio.h>

struct sink {
    const char *name, *help;
    /* looks: for those that write colours. */
    bool (*write)(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks, struct arena *a,
                  struct err *e);
};
extern const struct sink sink_ansi, sink_json, sink_styles, sink_svg, sink_text, sink_tmux;
extern const struct sink sink_prometheus; /* of davy export; no frame */
extern const struct sink *const sinks[]; /* alphabetical, NULL at the end */
const struct sink *sink_by_name(const char *name);

#endif
