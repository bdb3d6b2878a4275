/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The innermost loop of the history reader, once for each kind of machine. fit_loop.h has the loop, a fit_*.c what its machine
 * does best: comparing bytes and finding where a text stops. All of them take the same lines and give the same values; what none
 * of them takes is the strict parser's. */
#ifndef DAVY_HISTORY_FIT_H
#define DAVY_HISTORY_FIT_H

#include "history/guess.h"

guess_fit_fn *fit_best(void); /* that this processor can run */
guess_fit_fn fit_plain;       /* that any processor can run: the reference */

#endif
