/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/wallet.h"

#include "chain/hex.h"
#include "chain/mnemonic.h"
#include "chain/ss58.h"

#include <sodium.h>
#include <string.h>

enum member { ACCOUNT_ID, PUBLIC_KEY, PRIVATE_KEY, PHRASE, SEED, ADDRESS, MEMBERS };
static const char *const names[MEMBERS] = {"accountId",    "publicKey",  "privateKey",
                                           "secretPhrase", "secretSeed", "ss58Address"};

static void blanks(struct bytes *in)
{
    while (in->len && (in->at[0] == ' ' || in->at[0] == '\n' || in->at[0] == '\r' || in->at[0] == '\t'))
        *in = bytes_from(*in, 1);
}

static bool cut(struct bytes *in, const char *what)
{
    blanks(in);
    return bytes_cut(in, what);
}

/* A text without escapes: none of the members ever needs one. */
static bool read_text(struct bytes *in, struct bytes *out)
{
    if (!cut(in, "\""))
        return false;
    size_t len = 0;
    while (len < in->len && in->at[len] != '"' && in->at[len] != '\\' && (uint8_t)in->at[len] >= ' ')
        len++;
    *out = (struct bytes){in->at, len};
    *in = bytes_from(*in, len);
    return cut(in, "\"");
}

static bool read_member(struct bytes *in, struct bytes found[MEMBERS])
{
    struct bytes name, value = {"", 0};
    if (!read_text(in, &name) || !cut(in, ":"))
        return false;
    if (!cut(in, "null") && !read_text(in, &value))
        return false;
    for (size_t i = 0; i < MEMBERS; i++)
        if (bytes_is(name, names[i]))
            found[i] = value;
    return true;
}

static bool read_members(struct bytes in, struct bytes found[MEMBERS])
{
    bool more = cut(&in, "{");
    if (!more)
        return false;
    if (!cut(&in, "}"))
        do {
            if (!read_member(&in, found))
                return false;
            more = cut(&in, ",");
            if (!more && !cut(&in, "}"))
                return false;
        } while (more);
    blanks(&in);
    return in.len == 0;
}

static bool has(struct bytes member)
{
    return member.len > 0;
}

/* The public key that the file names, by its members that are not secret; they must say the same. */
static bool named_key(const struct bytes found[MEMBERS], const char *name, uint8_t key[SR25519_KEY], bool *any,
                      struct err *e)
{
    static const enum member hex[] = {ACCOUNT_ID, PUBLIC_KEY};
    uint8_t one[SR25519_KEY];
    *any = false;
    for (size_t i = 0; i < 3; i++) {
        struct bytes text = found[i < 2 ? hex[i] : ADDRESS];
        if (!has(text))
            continue;
        if (!(i < 2 ? hex_fixed(text, one, sizeof one) : ss58_decode(text, one, NULL, NULL)))
            return err_set(e, "%s: its %s is damaged", name, names[i < 2 ? hex[i] : ADDRESS]);
        if (*any && memcmp(one, key, sizeof one) != 0)
            return err_set(e, "%s: its public key and its address are those of different accounts", name);
        memcpy(key, one, sizeof one);
        *any = true;
    }
    return true;
}

static bool from_seed(struct bytes text, const uint8_t *public_key, struct sr25519 *key)
{
    uint8_t seed[SR25519_SEED];
    bool ok = hex_fixed(text, seed, sizeof seed);
    if (ok)
        sr25519_from_seed(key, seed);
    sodium_memzero(seed, sizeof seed);
    return ok && (!public_key || memcmp(key->public_key, public_key, SR25519_KEY) == 0);
}

static bool from_private(struct bytes text, const uint8_t *public_key, struct sr25519 *key)
{
    uint8_t expanded[SR25519_EXPANDED];
    bool ok = hex_fixed(text, expanded, sizeof expanded) && sr25519_from_expanded(key, expanded, public_key);
    sodium_memzero(expanded, sizeof expanded);
    return ok;
}

static bool from_phrase(struct bytes text, const uint8_t *public_key, struct sr25519 *key)
{
    uint8_t seed[SR25519_SEED];
    bool ok = mnemonic_seed(text, seed, NULL);
    if (ok)
        sr25519_from_seed(key, seed);
    sodium_memzero(seed, sizeof seed);
    return ok && (!public_key || memcmp(key->public_key, public_key, SR25519_KEY) == 0);
}

static const struct {
    enum member member;
    bool (*take)(struct bytes text, const uint8_t *public_key, struct sr25519 *key);
} secrets[] = {{SEED, from_seed}, {PRIVATE_KEY, from_private}, {PHRASE, from_phrase}};

/* A file with a secret that fits nothing it says is damaged: another of its secrets might be right, and might be not. */
static bool take_secret(const struct bytes found[MEMBERS], const char *name, bool named, struct wallet *w,
                        struct err *e)
{
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        if (!has(found[secrets[i].member]))
            continue;
        w->can_sign = secrets[i].take(found[secrets[i].member], named ? w->public_key : NULL, &w->key);
        if (!w->can_sign)
            return err_set(e, "%s: its %s is damaged, or is not that of its address", name, names[secrets[i].member]);
        memcpy(w->public_key, w->key.public_key, SR25519_KEY);
        return true;
    }
    return named || err_set(e, "%s: no secretSeed, privateKey, secretPhrase or ss58Address in it", name);
}

bool wallet_read(struct bytes json, const char *name, struct wallet *out, struct err *e)
{
    struct bytes found[MEMBERS] = {{0}};
    struct wallet w = {0};
    bool named = false;
    if (!read_members(json, found))
        return err_set(e, "%s: this is no wallet file: a JSON object of texts is expected", name);
    bool ok = named_key(found, name, w.public_key, &named, e) && take_secret(found, name, named, &w, e);
    if (ok)
        *out = w;
    sodium_memzero(&w, sizeof w);
    return ok;
}
