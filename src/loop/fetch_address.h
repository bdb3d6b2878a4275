/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses are of the Internet at large. Private to fetch.c. */
#ifndef DAVY_LOOP_FETCH_ADDRESS_H
#define DAVY_LOOP_FETCH_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* false: this machine, a private, link-local, shared, documentation or multicast network, or no Internet address at all; also
 * when such an IPv4 address is hidden in an IPv6 one. */
bool fetch_is_public(const struct sockaddr *address);

#endif
