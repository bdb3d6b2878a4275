/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keys are called: in davy.toml, in --keys, in footer and help. */
#ifndef DAVY_ACTION_KEY_NAME_H
#define DAVY_ACTION_KEY_NAME_H

#include "base/bytes.h"

enum { KEY_NAME = 24 };
const char *key_name(char out[KEY_NAME], int key); /* "Tab", "^L", "F10", "j" */
/* Also Ctrl-X, and Click@X:Y, WheelUp@X:Y, WheelDown@X:Y with cells counted from 0. 0: no key is called so. */
int key_by_name(struct bytes name);

#endif
