/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/ss58.h"

#include "chain/hash.h"

#include <string.h>

enum { CHECK_BYTES = 2, RAW_MAX = 2 + ACCOUNT_BYTES + CHECK_BYTES, ONE_BYTE_PREFIXES = 64 };
static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

static void checksum(uint8_t out[CHECK_BYTES], const uint8_t *raw, size_t len)
{
    uint8_t text[7 + RAW_MAX], hash[64];
    memcpy(text, "SS58PRE", 7);
    memcpy(text + 7, raw, len);
    blake2b(hash, sizeof hash, (struct bytes){(const char *)text, 7 + len});
    memcpy(out, hash, CHECK_BYTES);
}

static size_t put_prefix(uint8_t *raw, unsigned prefix)
{
    if (prefix < ONE_BYTE_PREFIXES) {
        raw[0] = (uint8_t)prefix;
        return 1;
    }
    raw[0] = (uint8_t)((prefix & 0xfc) >> 2 | 0x40);
    raw[1] = (uint8_t)(prefix >> 8 | (prefix & 3) << 6);
    return 2;
}

/* Divides the big-endian number by 58 in place; the remainder is the next digit from the right. */
static unsigned divide(uint8_t *number, size_t len)
{
    unsigned rest = 0;
    for (size_t i = 0; i < len; i++) {
        rest = rest << 8 | number[i];
        number[i] = (uint8_t)(rest / 58);
        rest %= 58;
    }
    return rest;
}

static bool is_zero(const uint8_t *number, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (number[i])
            return false;
    return true;
}

static const char *base58(char out[SS58_TEXT], uint8_t *raw, size_t len)
{
    char digits[SS58_TEXT];
    size_t zeros = 0, count = 0;
    while (zeros < len && raw[zeros] == 0)
        zeros++;
    while (!is_zero(raw, len))
        digits[count++] = alphabet[divide(raw, len)];
    memset(out, alphabet[0], zeros);
    for (size_t i = 0; i < count; i++)
        out[zeros + i] = digits[count - 1 - i];
    out[zeros + count] = 0;
    return out;
}

const char *ss58_encode(char out[SS58_TEXT], const uint8_t account[ACCOUNT_BYTES], unsigned prefix)
{
    uint8_t raw[RAW_MAX];
    size_t len = put_prefix(raw, prefix);
    memcpy(raw + len, account, ACCOUNT_BYTES);
    checksum(raw + len + ACCOUNT_BYTES, raw, len + ACCOUNT_BYTES);
    return base58(out, raw, len + ACCOUNT_BYTES + CHECK_BYTES);
}

/* number = number * 58 + digit; false when it does not fit. */
static bool multiply(uint8_t number[RAW_MAX], unsigned digit)
{
    unsigned carry = digit;
    for (size_t i = RAW_MAX; i-- > 0;) {
        carry += 58u * number[i];
        number[i] = (uint8_t)carry;
        carry >>= 8;
    }
    return carry == 0;
}

/* The bytes that the text stands for, and how many: leading ones are leading zero bytes. 0: not base58, or too long. */
static size_t unbase58(uint8_t raw[RAW_MAX], struct bytes text)
{
    uint8_t number[RAW_MAX] = {0};
    size_t zeros = 0, skip = 0;
    while (zeros < text.len && text.at[zeros] == alphabet[0])
        zeros++;
    for (size_t i = 0; i < text.len; i++) {
        const char *digit = text.at[i] ? strchr(alphabet, text.at[i]) : NULL;
        if (!digit || !multiply(number, (unsigned)(digit - alphabet)))
            return 0;
    }
    while (skip < RAW_MAX && number[skip] == 0)
        skip++;
    size_t len = zeros + RAW_MAX - skip;
    if (len > RAW_MAX)
        return 0;
    memset(raw, 0, zeros);
    memcpy(raw + zeros, number + skip, RAW_MAX - skip);
    return len;
}

static bool right_checksum(const uint8_t *raw, size_t len)
{
    uint8_t check[CHECK_BYTES];
    checksum(check, raw, len - CHECK_BYTES);
    return memcmp(check, raw + len - CHECK_BYTES, CHECK_BYTES) == 0;
}

bool ss58_decode(struct bytes text, uint8_t account[ACCOUNT_BYTES], unsigned *prefix, struct err *e)
{
    uint8_t raw[RAW_MAX];
    size_t len = text.len < SS58_TEXT ? unbase58(raw, text) : 0;
    if (len == 0)
        return err_set(e, "this is no SS58 address: 46 to 50 letters and digits without 0, O, I and l are expected");
    size_t head = raw[0] < ONE_BYTE_PREFIXES ? 1 : 2;
    if (raw[0] > 127 || len != head + ACCOUNT_BYTES + CHECK_BYTES)
        return err_set(e, "this SS58 address is not that of an account of 32 bytes: copy all of it");
    if (!right_checksum(raw, len))
        return err_set(e, "this SS58 address has a wrong checksum: a letter is missing or different");
    unsigned number = head == 1 ? raw[0] : (raw[0] & 0x3fu) << 2 | raw[1] >> 6 | (raw[1] & 0x3fu) << 8;
    if (head == 2 && number < ONE_BYTE_PREFIXES)
        return err_set(e, "this SS58 address writes a small network number with two bytes: it is not canonical");
    memcpy(account, raw + head, ACCOUNT_BYTES);
    if (prefix)
        *prefix = number;
    return true;
}
