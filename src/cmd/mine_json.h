/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON as the commands of davy-mine take and give them. Sentences name the member. */
#ifndef DAVY_CMD_MINE_JSON_H
#define DAVY_CMD_MINE_JSON_H

#include "auction/bids.h"
#include "base/json.h"

/* 10^-18 parts as a decimal string, or as an integer. */
bool mine_fp18(struct arena *a, const json_t *value, const char *what, struct fp18 *out, struct err *e);
bool mine_rao(const json_t *value, const char *what, uint64_t *out, struct err *e);
bool mine_number(const json_t *o, const char *key, double usual, double *out, struct err *e); /* usual: NAN for none */
/* The shortest text that reads back as v: 664.2, 100.0. For a finite v. */
const char *mine_real(struct arena *a, double v);

#endif
