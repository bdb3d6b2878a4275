/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DAVY_QUEUE_NAME_H
#define DAVY_QUEUE_NAME_H

#include "queue/queue.h"

/* The id of "ID.kind"; "" for any other name. */
void queue_name(char id[QUEUE_ID + 1], const char *name, const char *kind);

#endif
