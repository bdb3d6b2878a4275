/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DAVY_HISTORY_FIT_AVX2_H
#define DAVY_HISTORY_FIT_AVX2_H

#include "history/fit.h"

guess_fit_fn fit_avx2; /* only where there is AVX2 and BMI2 */

#endif
