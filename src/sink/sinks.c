/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/sink.h"

#include <string.h>

const struct sink *const sinks[] = {
    &sink_ansi, &sink_json, &sink_styles, &sink_svg, &sink_text, &sink_tmux, NULL,
};

const struct sink *sink_by_name(const char *name)
{
    for (size_t i = 0; name && sinks[i]; i++) {
        if (strcmp(sinks[i]->name, name) == 0)
            return sinks[i];
    }
    return NULL;
}
