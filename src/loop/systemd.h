/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What systemd is told by a service of Type=notify, without its library: a datagram to NOTIFY_SOCKET. */
#ifndef DAVY_LOOP_SYSTEMD_H
#define DAVY_LOOP_SYSTEMD_H

#include "base/err.h"

#include <stdint.h>

/* "READY=1", "WATCHDOG=1", ... Nothing where nobody listens; false with the sentence when it could not be told. */
bool systemd_tell(const char *text, struct err *e);
int64_t systemd_watchdog_ms(void); /* how often it wants to hear WATCHDOG=1, at the latest; 0: never */

#endif
