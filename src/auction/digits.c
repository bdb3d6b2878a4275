/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/digits.h"

#include <string.h>

static const char *trimmed(const char *digits)
{
    while (*digits == '0' && digits[1] != 0)
        digits++;
    return digits;
}

const char *digits_multiply(struct arena *a, const char *x, const char *y)
{
    size_t nx = strlen(x), ny = strlen(y);
    char *out = arena_alloc(a, nx + ny + 1);
    memset(out, '0', nx + ny);
    for (size_t i = nx; i-- > 0;) {
        int carry = 0;
        for (size_t j = ny; j-- > 0;) {
            int sum = (x[i] - '0') * (y[j] - '0') + (out[i + j + 1] - '0') + carry;
            out[i + j + 1] = (char)('0' + sum % 10);
            carry = sum / 10;
        }
        out[i] = (char)('0' + carry);
    }
    return trimmed(out);
}

static bool is_less(const char *x, const char *y)
{
    size_t nx = strlen(x), ny = strlen(y);
    return nx != ny ? nx < ny : strcmp(x, y) < 0;
}

/* rest -= y, in place; rest is not less. */
static void subtract(char *rest, const char *y)
{
    size_t nr = strlen(rest), ny = strlen(y);
    int borrow = 0;
    for (size_t i = 1; i <= nr; i++) {
        int digit = rest[nr - i] - '0' - borrow - (i <= ny ? y[ny - i] - '0' : 0);
        borrow = digit < 0;
        rest[nr - i] = (char)('0' + digit + (borrow ? 10 : 0));
    }
    const char *begin = trimmed(rest);
    memmove(rest, begin, strlen(begin) + 1);
}

const char *digits_divide(struct arena *a, const char *x, const char *y)
{
    size_t n = strlen(x);
    char *out = arena_alloc(a, n + 1), *rest = arena_alloc(a, strlen(y) + 3);
    strncpy(rest, "0", 2);
    for (size_t i = 0; i < n; i++) {
        size_t len = strcmp(rest, "0") == 0 ? 0 : strlen(rest);
        rest[len] = x[i];
        rest[len + 1] = 0;
        for (out[i] = '0'; !is_less(rest, y); out[i]++)
            subtract(rest, y);
    }
    return trimmed(out);
}

const char *digits_shift(struct arena *a, const char *x, int places)
{
    size_t n = strlen(x), by = (size_t)(places < 0 ? -places : places);
    if (places < 0)
        return by < n ? arena_copy(a, (struct bytes){x, n - by}) : "0";
    char *out = arena_alloc(a, n + by + 1);
    memcpy(out, x, n);
    memset(out + n, '0', by);
    return trimmed(out);
}
