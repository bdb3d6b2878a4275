/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internal to the part "log": one line of any of the families of rig-files.md 2.5. */
#ifndef DAVY_MODEL_LOG_PARSE_H
#define DAVY_MODEL_LOG_PARSE_H

#include "model/log.h"

struct log_parsed {
    bool matched; /* of a known family; else text is the whole line */
    enum log_level level;
    int64_t at_ms;             /* NOT_KNOWN */
    struct bytes source, text; /* slices of the line */
};
struct log_parsed log_parse(struct bytes line, int32_t local_offset_s);
/* Copies line to out (room for line.len bytes) without CSI sequences; returns what is left of it. */
struct bytes log_strip(struct bytes line, char *out);
/* Drops what pm2 puts in front: "0|miner  | ". */
struct bytes log_strip_pm2(struct bytes line);

/* "Miner Status: Mode: watchdog | Module 1: Running | ...": slices, empty when a part is missing. */
struct status_parts {
    struct bytes all, bittensor, module1, module2;
};
bool log_status_parse(struct bytes text, struct status_parts *out);

/* The mark of a line, or LOG_MARKS when it is none of those worth counting. */
enum log_mark log_mark_of(struct log_parsed line);

#endif
