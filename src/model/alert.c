/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/alert.h"

static const char *const names[] = {
    [SEVERITY_OK] = "ok",
    [SEVERITY_INFO] = "info",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_CRITICAL] = "critical",
};
static const char *const marks[] = {
    [SEVERITY_OK] = "OK",
    [SEVERITY_INFO] = "INFO",
    [SEVERITY_WARNING] = "WARN",
    [SEVERITY_CRITICAL] = "CRIT",
};

const char *severity_name(enum severity s)
{
    return names[s];
}

const char *severity_mark(enum severity s)
{
    return marks[s];
}
