/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/receipt.h"

#include "node/canonical.h"
#include "node/money.h"

#include <sodium.h>
#include <string.h>

bool receipt_decode(struct bytes text, uint8_t *out, size_t bytes)
{
    uint8_t got[RECEIPT_SIGNATURE];
    size_t len = 0;
    const char *end = NULL;
    if (bytes > sizeof got || !text.len ||
        sodium_base642bin(got, bytes, text.at, text.len, NULL, &len, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) !=
            0)
        return false;
    if (len != bytes || end != text.at + text.len)
        return false;
    memcpy(out, got, bytes);
    return true;
}

char *receipt_encode(struct arena *a, const uint8_t *in, size_t bytes)
{
    size_t room = sodium_base64_encoded_len(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return sodium_bin2base64(arena_alloc(a, room), room, in, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void receipt_sha256(char out[65], struct bytes in)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)in.at, in.len);
    sodium_bin2hex(out, 65, hash, sizeof hash);
}

struct bytes receipt_canonical(struct arena *a, const struct tree *root)
{
    static const char *const unsigned_members[] = {"signature", "attestations", NULL};
    return canonical(a, root, unsigned_members);
}

static bool signs(const uint8_t *signature, struct bytes text, const uint8_t *key)
{
    return crypto_sign_verify_detached(signature, (const uint8_t *)text.at, text.len, key) == 0;
}

static bool signs_hash(const uint8_t *signature, struct bytes text, const uint8_t *key)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)text.at, text.len);
    return signs(signature, (struct bytes){(const char *)hash, sizeof hash}, key);
}

static bool pinned(const struct receipt_trust *trust, const uint8_t *key)
{
    for (size_t i = 0; i < trust->keys; i++)
        if (memcmp(trust->key[i], key, RECEIPT_KEY) == 0)
            return true;
    return false;
}

static const char *signature_fault(struct arena *a, const struct tree *root, const struct receipt_trust *trust,
                                   struct receipt *out)
{
    uint8_t signature[RECEIPT_SIGNATURE];
    const struct tree *told = tree_get(root, "signature");
    if (!told || told->kind != TREE_OBJECT)
        return "no_signature";
    if (!tree_is(told, "alg", "Ed25519"))
        return "algorithm";
    if (!receipt_decode(tree_text(told, "key_id"), out->key, RECEIPT_KEY) || !pinned(trust, out->key))
        return "unknown_key";
    struct bytes text = receipt_canonical(a, root);
    bool good = receipt_decode(tree_text(told, "sig"), signature, RECEIPT_SIGNATURE) &&
                (signs(signature, text, out->key) || (trust->accept_prehash && signs_hash(signature, text, out->key)));
    return good ? NULL : "bad_signature";
}

static bool scaled(const struct tree *root, const char *key, int places, int64_t *out)
{
    const struct tree *found = tree_get(root, key);
    return found && found->kind == TREE_NUMBER && money_scaled(found->text, places, out);
}

static const char *price_fault(const struct tree *root, struct receipt *out)
{
    int64_t units_ms, price_micro;
    out->priced = scaled(root, "price", 6, &out->price_micro);
    if (!out->priced)
        return "no_price";
    if (out->price_micro < 0 || (scaled(root, "units", 3, &units_ms) && units_ms < 0))
        return "negative";
    if (!scaled(root, "units", 3, &units_ms) || !scaled(root, "unit_price", 6, &price_micro) || price_micro < 0)
        return NULL; /* the receipt's form lets them be absent */
    int64_t off = out->price_micro - money_price_micro(units_ms, price_micro);
    return off < -1 || off > 1 ? "price_mismatch" : NULL;
}

static const char *owner_fault(const struct tree *root, const struct receipt_trust *trust)
{
    if (trust->job_id && !tree_is(root, "job_id", trust->job_id))
        return "other_job";
    return trust->provider && !tree_is(root, "provider", trust->provider) ? "other_provider" : NULL;
}

static const char *time_fault(const struct tree *root, struct receipt *out)
{
    int64_t started;
    if (!tree_integer(root, "completed_at", &out->completed_at_s))
        return NULL;
    return tree_integer(root, "started_at", &started) && started > out->completed_at_s ? "time_order" : NULL;
}

static void name(char out[RECEIPT_ID + 1], struct bytes text)
{
    size_t len = text.len < RECEIPT_ID ? text.len : RECEIPT_ID;
    if (len)
        memcpy(out, text.at, len);
    out[len] = '\0';
}

static const char *first(const char *a, const char *b)
{
    return a ? a : b;
}

bool receipt_read(struct arena *a, struct bytes in, const struct receipt_trust *trust, struct receipt *out,
                  struct err *e)
{
    const struct tree *root = tree_read(a, in, "receipt", e);
    if (!root || root->kind != TREE_OBJECT)
        return root ? err_set(e, "receipt: expected an object") : false;
    *out = (struct receipt){0};
    name(out->id, tree_text(root, "receipt_id"));
    name(out->job_id, tree_text(root, "job_id"));
    const char *signature = signature_fault(a, root, trust, out), *owner = owner_fault(root, trust);
    const char *price = price_fault(root, out), *when = time_fault(root, out);
    out->reason = first(first(signature, owner), first(price, when));
    out->verified = !out->reason;
    return true;
}
