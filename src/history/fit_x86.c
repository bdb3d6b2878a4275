/* SPDX-License-Identifier: GPL-2.0-or-later */
/* On x86-64; elsewhere fit_other.c stands here (CMakeLists.txt). */
#include "history/fit_avx2.h"

guess_fit_fn *fit_best(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? fit_avx2 : fit_plain;
}
