/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A receipt as the real coordinator makes it: amounts are doubles, rounded as Python rounds, and the miner's own price is
 * believed. Signed over its canonical text. */
#include "node/receipt.h"

#include "node/canonical.h"
#include "sim/coordinator_private.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bytes quoted(struct arena *a, const char *text)
{
    json_t *value = json_string(text ? text : "");
    struct bytes out = json_bytes(a, value);
    json_decref(value);
    return out;
}

/* The first of "metrics.units"-like names that is there. */
struct billing {
    const json_t *result, *metrics;
};
static bool first_number(const struct billing *b, const char *const *names, double *out)
{
    for (; *names; names++) {
        const json_t *from = **names == 'm' ? b->metrics : b->result;
        const json_t *v = json_object_get(from, *names + 2);
        if (json_is_number(v)) {
            *out = json_number_value(v);
            return true;
        }
    }
    return false;
}

static double rounded(double v)
{
    char text[400];
    snprintf(text, sizeof text, "%.6f", v);
    return strtod(text, NULL);
}

struct bill {
    double units, unit_price, price;
    const char *unit_type;
};
/* The names are m.NAME of the metrics and r.NAME of the result. */
static struct bill bill_of(const struct billing *b, int64_t waited_ms)
{
    static const char *const units[] = {"m.units", "r.units", NULL},
                             *const prices[] = {"m.unit_price", "r.unit_price", NULL},
                             *const totals[] = {"m.price", "r.price", "m.aitbc_earned", "r.aitbc_earned", "m.cost",
                                                "r.cost",  NULL},
                             *const lasted[] = {"m.duration_ms", NULL};
    struct bill out = {.unit_price = 0.02};
    double duration_ms = (double)waited_ms;
    first_number(b, lasted, &duration_ms);
    if (!first_number(b, units, &out.units))
        out.units = duration_ms / 1000;
    first_number(b, prices, &out.unit_price);
    if (!first_number(b, totals, &out.price))
        out.price = rounded(out.units * out.unit_price);
    const json_t *type = json_object_get(b->metrics, "unit_type");
    out.unit_type = json_is_string(type) ? json_string_value(type) : "gpu_seconds";
    return out;
}

static const char *or_empty(struct arena *a, struct bytes object)
{
    return object.at ? arena_copy(a, object) : "{}";
}

static const char *body_of(struct coordinator_call *k, const struct book_job *j, const struct bill *b,
                           struct bytes result, struct bytes metrics)
{
    char units[REPR_TEXT], unit_price[REPR_TEXT], price[REPR_TEXT];
    repr(units, b->units), repr(unit_price, b->unit_price), repr(price, b->price);
    struct coordinator *c = k->c;
    const char *id = book_id(c, k->a, "receipt", ++c->signed_receipts);
    return arena_text(
        k->a,
        "\"version\":\"1.0\",\"receipt_id\":\"%s\",\"job_id\":%s,\"provider\":%s,\"client\":%s,\"status\":"
        "\"COMPLETED\","
        "\"units\":%s,\"unit_type\":%s,\"unit_price\":%s,\"price\":%s,\"started_at\":%lld,\"completed_at\":%lld,"
        "\"metadata\":{\"job_payload\":%s,\"job_constraints\":%s,\"result\":%s,\"metrics\":%s}",
        id, quoted(k->a, j->id).at, quoted(k->a, k->who).at, quoted(k->a, j->client).at, units,
        quoted(k->a, b->unit_type).at, unit_price, price, (long long)(j->requested_ms / 1000),
        (long long)(k->r->now_ms / 1000), or_empty(k->a, j->payload), or_empty(k->a, j->constraints),
        or_empty(k->a, result), or_empty(k->a, metrics));
}

static struct bytes sealed(struct coordinator_call *k, const char *body)
{
    uint8_t key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
    const struct tree *root = tree_read(k->a, bytes_of(arena_text(k->a, "{%s}", body)), "receipt", NULL);
    if (!root)
        return (struct bytes){0};
    struct bytes text = receipt_canonical(k->a, root);
    crypto_sign_seed_keypair(key, secret, k->c->o.seed);
    crypto_sign_detached(sig, NULL, (const uint8_t *)text.at, text.len, secret);
    sodium_memzero(secret, sizeof secret);
    return bytes_of(arena_text(k->a, "{%s,\"signature\":{\"alg\":\"Ed25519\",\"key_id\":\"%s\",\"sig\":\"%s\"}}", body,
                               receipt_encode(k->a, key, sizeof key), receipt_encode(k->a, sig, sizeof sig)));
}

struct bytes receipt_make(struct coordinator_call *k, struct book_job *j, struct bytes result, struct bytes metrics)
{
    if (!k->c->o.seed)
        return (struct bytes){0};
    json_t *r = json_read(result, "result", NULL), *m = json_read(metrics, "metrics", NULL);
    struct bill b = bill_of(&(struct billing){r, m}, k->r->now_ms - j->requested_ms);
    struct bytes out = sealed(k, body_of(k, j, &b, result, metrics));
    json_decref(r);
    json_decref(m);
    return out;
}

/* Text with the first `from` in it replaced. */
static struct bytes replaced(struct arena *a, struct bytes text, const char *from, const char *to)
{
    size_t at = bytes_find(text, from);
    if (at == text.len)
        return text;
    struct bytes behind = bytes_from(text, at + strlen(from));
    return bytes_of(arena_text(a, "%.*s%s%.*s", (int)at, text.at, to, (int)behind.len, behind.at));
}

/* What a fault makes of a receipt on its way out; the book has the good one. */
struct bytes receipt_twisted(struct coordinator_call *k, struct bytes receipt)
{
    if (!receipt.at || strcmp(k->r->twist, "unsigned") == 0)
        return (struct bytes){0};
    if (strcmp(k->r->twist, "forged") == 0)
        return replaced(k->a, receipt, "\"price\":", "\"price\":1");
    if (strcmp(k->r->twist, "other-job") == 0)
        return replaced(k->a, receipt, "\"job_id\":\"", "\"job_id\":\"f");
    return receipt;
}
