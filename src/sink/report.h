/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report as text, Markdown or JSON. */
#ifndef DAVY_SINK_REPORT_H
#define DAVY_SINK_REPORT_H

#include "base/err.h"
#include "view/report.h"

#include <stdio.h>

struct report_sink {
    const char *name;
    void (*write)(FILE *out, const struct report *r, bool ascii); /* ascii: 7-bit characters only */
};
const struct report_sink *report_sink_by_name(const char *name); /* NULL: none of this name */

#endif
