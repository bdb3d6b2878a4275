/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of a miner as JSON: never an error, whatever is in them. */
#ifndef DAVY_STAGELIB_TEXT_H
#define DAVY_STAGELIB_TEXT_H

#include <jansson.h>

json_t *davystage_text(const char *text);    /* bad UTF-8 becomes U+FFFD; NULL: no memory */
json_t *davystage_details(const char *text); /* the JSON that it is, or a text; {} when empty */

#endif
