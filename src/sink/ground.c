/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/ground.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 4, LIGHT_FROM = 500 };

/* Thousandths of the most that so many digits can say; -1: no digits. */
static int channel(const char **at)
{
    int value = 0, most = 0, count = 0;
    for (; count < DIGITS; count++, (*at)++) {
        const char *digits = "0123456789abcdef",
                   *digit = strchr(digits, **at >= 'A' && **at <= 'F' ? **at | 0x20 : **at);
        if (**at == '\0' || digit == NULL)
            break;
        value = value * 16 + (int)(digit - digits);
        most = most * 16 + 15;
    }
    return count > 0 ? value * 1000 / most : -1;
}

bool ground_of_answer(const char *text, bool *light)
{
    static const int weight[3] = {299, 587, 114};
    const char *at = strncmp(text, "rgb:", 4) == 0 ? text + 4 : strncmp(text, "rgba:", 5) == 0 ? text + 5 : NULL;
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        int part = at != NULL ? channel(&at) : -1;
        if (part < 0 || (i < 2 && *at++ != '/'))
            return false;
        sum += part * weight[i];
    }
    *light = sum / 1000 >= LIGHT_FROM;
    return true;
}

bool ground_of_env(const char *text, bool *light)
{
    const char *last = text != NULL ? strrchr(text, ';') : NULL;
    char *end = NULL;
    long index = last != NULL ? strtol(last + 1, &end, 10) : -1;
    if (last == NULL || end == last + 1 || *end != '\0' || index < 0 || index > 15)
        return false;
    *light = index == 7 || index > 8;
    return true;
}
