/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The password of an encrypted wallet file, as the reference's tools keep it: in the variable BT_PW_ and the file's path in
 * capitals, / and . as _; base64 of the password XORed with the variable's own name. That is no protection, only a habit. */
#ifndef DAVY_CMD_MINE_PASSWORD_H
#define DAVY_CMD_MINE_PASSWORD_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* In locked memory: sodium_free(). The variable is wiped, so that no child inherits it. NULL with the sentence. */
uint8_t *mine_password(const char *path, size_t *len, struct err *e);

#endif
