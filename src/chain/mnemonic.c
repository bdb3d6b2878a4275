/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/mnemonic.h"

#include <sodium.h>
#include <string.h>

enum { WORD_BITS = 11, WORDS_LEAST = 12, WORDS_MOST = 24, STRETCHES = 2048 };

static int by_word(const void *word, const void *row)
{
    return strcmp(word, row);
}

static int number_of(struct bytes word)
{
    char text[MNEMONIC_WORD + 1] = {0};
    if (word.len == 0 || word.len > MNEMONIC_WORD)
        return -1;
    memcpy(text, word.at, word.len);
    const char *found = bsearch(text, mnemonic_words, MNEMONIC_WORDS, sizeof *mnemonic_words, by_word);
    sodium_memzero(text, sizeof text);
    return found ? (int)((size_t)(found - mnemonic_words[0]) / sizeof *mnemonic_words) : -1;
}

static bool next_word(struct bytes *phrase, struct bytes *word)
{
    while (phrase->len && (phrase->at[0] == ' ' || phrase->at[0] == '\n'))
        *phrase = bytes_from(*phrase, 1);
    size_t len = 0;
    while (len < phrase->len && phrase->at[len] != ' ' && phrase->at[len] != '\n')
        len++;
    *word = (struct bytes){phrase->at, len};
    *phrase = bytes_from(*phrase, len);
    return len > 0;
}

static void put_bits(uint8_t *bits, size_t word, int number)
{
    for (size_t i = 0; i < WORD_BITS; i++)
        if (number >> (WORD_BITS - 1 - i) & 1)
            bits[(word * WORD_BITS + i) / 8] |= (uint8_t)(0x80 >> (word * WORD_BITS + i) % 8);
}

/* How many words; 0: one is none, or there are too many. */
static size_t read_words(struct bytes phrase, uint8_t bits[ENTROPY_MOST + 1])
{
    struct bytes word;
    size_t words = 0;
    for (; next_word(&phrase, &word); words++) {
        int number = number_of(word);
        if (number < 0 || words == WORDS_MOST)
            return 0;
        put_bits(bits, words, number);
    }
    return words;
}

/* A bit of SHA-256 for every 32 bits of entropy. */
static bool right_checksum(const uint8_t *bits, size_t bytes)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    uint8_t mask = (uint8_t)(0xff << (8 - bytes / 4));
    crypto_hash_sha256(hash, bits, bytes);
    bool ok = ((hash[0] ^ bits[bytes]) & mask) == 0;
    sodium_memzero(hash, sizeof hash);
    return ok;
}

size_t mnemonic_entropy(struct bytes phrase, uint8_t entropy[ENTROPY_MOST])
{
    uint8_t bits[ENTROPY_MOST + 1] = {0};
    size_t words = read_words(phrase, bits), bytes = words / 3 * 4;
    bool ok = words >= WORDS_LEAST && words % 3 == 0 && right_checksum(bits, bytes);
    if (ok)
        memcpy(entropy, bits, bytes);
    sodium_memzero(bits, sizeof bits);
    return ok ? bytes : 0;
}

static void hmac(uint8_t out[crypto_auth_hmacsha512_BYTES], const uint8_t *key, size_t key_bytes, struct bytes message)
{
    crypto_auth_hmacsha512_state state;
    crypto_auth_hmacsha512_init(&state, key, key_bytes);
    crypto_auth_hmacsha512_update(&state, (const uint8_t *)message.at, message.len);
    crypto_auth_hmacsha512_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

/* PBKDF2-HMAC-SHA512, first block only: more is not needed. */
static void stretch(uint8_t out[crypto_auth_hmacsha512_BYTES], const uint8_t *entropy, size_t bytes)
{
    uint8_t turn[crypto_auth_hmacsha512_BYTES];
    hmac(turn, entropy, bytes, (struct bytes){"mnemonic\0\0\0\1", 12});
    memcpy(out, turn, sizeof turn);
    for (int i = 1; i < STRETCHES; i++) {
        hmac(turn, entropy, bytes, (struct bytes){(const char *)turn, sizeof turn});
        for (size_t k = 0; k < sizeof turn; k++)
            out[k] ^= turn[k];
    }
    sodium_memzero(turn, sizeof turn);
}

bool mnemonic_seed(struct bytes phrase, uint8_t seed[SR25519_SEED], struct err *e)
{
    uint8_t entropy[ENTROPY_MOST], wide[crypto_auth_hmacsha512_BYTES];
    size_t bytes = mnemonic_entropy(phrase, entropy);
    if (bytes == 0)
        return err_set(e, "this is no secret phrase: 12 to 24 English words with a right checksum are expected");
    stretch(wide, entropy, bytes);
    memcpy(seed, wide, SR25519_SEED);
    sodium_memzero(entropy, sizeof entropy);
    sodium_memzero(wide, sizeof wide);
    return true;
}
