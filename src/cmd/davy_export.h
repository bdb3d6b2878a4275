/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy export, shared by its files. */
#ifndef DAVY_CMD_DAVY_EXPORT_H
#define DAVY_CMD_DAVY_EXPORT_H

#include "sink/sink.h"

extern const struct sink sink_prometheus_rules; /* davy_export_rules.c: what is a matter of rules is no sink's */

#endif
