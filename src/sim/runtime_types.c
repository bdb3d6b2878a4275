/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types of the simulated runtime as scale-info writes them. */
#include "sim/runtime_private.h"

#include <stdlib.h>
#include <string.h>

enum { RAW_MOST = 128, ERAS = 255, MADE = RAW_MOST + 1 + 2 };
enum { COMPOSITE, VARIANT, SEQUENCE, ARRAY, TUPLE, PRIMITIVE, COMPACT };

static const char *data_words(struct arena *a)
{
    const char *words = "@pallet_commitments::types::Data enum None=0";
    for (int i = 0; i <= RAW_MOST; i++)
        words = arena_text(a, "%s Raw%d=%d :octets%d", words, i, i + 1, i);
    return arena_text(a,
                      "%s BlakeTwo256=130 :octets32 Sha256=131 :octets32 Keccak256=132 :octets32 ShaThree256=133 "
                      ":octets32 TimelockEncrypted=134 encrypted:bytes reveal_round:u64 ResetBondsFlag=135 BigRaw=136 "
                      ":bytes",
                      words);
}

static const char *era_words(struct arena *a)
{
    const char *words = "@sp_runtime::generic::era::Era enum Immortal=0";
    for (int i = 1; i <= ERAS; i++)
        words = arena_text(a, "%s Mortal%d=%d :u8", words, i, i);
    return words;
}

struct runtime_types runtime_all_types(struct arena *a)
{
    size_t count = 0;
    while (runtime_types[count].name)
        count++;
    struct runtime_type *at = arena_array(a, count + MADE, sizeof *at);
    memcpy(at, runtime_types, count * sizeof *at);
    for (int i = 0; i <= RAW_MOST; i++)
        at[count++] = (struct runtime_type){arena_text(a, "octets%d", i), arena_text(a, "array %d u8", i)};
    at[count++] = (struct runtime_type){"Data", data_words(a)};
    at[count++] = (struct runtime_type){"Era", era_words(a)};
    return (struct runtime_types){at, count};
}

static bool next_word(struct bytes *rest, struct bytes *word)
{
    *rest = bytes_trim(*rest);
    size_t len = bytes_find(*rest, " ");
    *word = (struct bytes){rest->at, len};
    *rest = bytes_from(*rest, len);
    return len > 0;
}

static int64_t number_of(struct bytes text)
{
    int64_t n = 0;
    bytes_i64(text, &n);
    return n;
}

void runtime_put_type_number(struct scale_out *o, const struct runtime_types *t, struct bytes name)
{
    for (size_t i = 0; i < t->count; i++)
        if (bytes_is(name, t->at[i].name)) {
            scale_put_compact(o, i);
            return;
        }
    abort(); /* a table names a type that is in none: found by the first test */
}

/* "name:type" */
static void put_named(struct scale_out *o, const struct runtime_types *t, struct bytes word, bool is_field)
{
    size_t colon = bytes_find(word, ":");
    struct bytes name = {word.at, colon};
    if (is_field && name.len)
        scale_put_uint(o, 1, 1);
    if (is_field && !name.len)
        scale_put_uint(o, 0, 1);
    else
        scale_put_vector(o, name);
    if (!is_field)
        scale_put_uint(o, 1, 1);
    runtime_put_type_number(o, t, bytes_from(word, colon + 1));
    if (is_field)
        scale_put_uint(o, 0, 2); /* no type name, no documentation */
}

static size_t leading_fields(struct bytes rest)
{
    struct bytes word;
    size_t n = 0;
    while (next_word(&rest, &word) && bytes_find(word, "=") == word.len)
        n++;
    return n;
}

static void put_fields(struct scale_out *o, const struct runtime_types *t, struct bytes *rest)
{
    struct bytes word;
    size_t n = leading_fields(*rest);
    scale_put_compact(o, n);
    while (n-- > 0 && next_word(rest, &word))
        put_named(o, t, word, true);
}

static size_t variants_in(struct bytes rest)
{
    struct bytes word;
    size_t n = 0;
    while (next_word(&rest, &word))
        n += bytes_find(word, "=") < word.len;
    return n;
}

static void put_variants(struct scale_out *o, const struct runtime_types *t, struct bytes rest)
{
    struct bytes word;
    scale_put_compact(o, variants_in(rest));
    while (next_word(&rest, &word)) {
        size_t equals = bytes_find(word, "=");
        scale_put_vector(o, (struct bytes){word.at, equals});
        put_fields(o, t, &rest);
        scale_put_uint(o, (uint64_t)number_of(bytes_from(word, equals + 1)), 1);
        scale_put_compact(o, 0);
    }
}

static void put_tuple(struct scale_out *o, const struct runtime_types *t, struct bytes rest)
{
    struct bytes word;
    scale_put_compact(o, leading_fields(rest));
    while (next_word(&rest, &word))
        runtime_put_type_number(o, t, word);
}

static void put_struct(struct scale_out *o, const struct runtime_types *t, struct bytes rest)
{
    put_fields(o, t, &rest);
}

static void put_one(struct scale_out *o, const struct runtime_types *t, struct bytes rest)
{
    runtime_put_type_number(o, t, bytes_trim(rest));
}

static void put_array(struct scale_out *o, const struct runtime_types *t, struct bytes rest)
{
    struct bytes word;
    next_word(&rest, &word);
    scale_put_uint(o, (uint64_t)number_of(word), 4);
    put_one(o, t, rest);
}

static void put_primitive(struct scale_out *o, const struct runtime_types *t, struct bytes rest)
{
    (void)t;
    scale_put_uint(o, (uint64_t)number_of(bytes_trim(rest)), 1);
}

static const struct {
    const char *word;
    uint8_t kind;
    void (*put)(struct scale_out *o, const struct runtime_types *t, struct bytes rest);
} kinds[] = {{"array", ARRAY, put_array},        {"compact", COMPACT, put_one}, {"enum", VARIANT, put_variants},
             {"prim", PRIMITIVE, put_primitive}, {"seq", SEQUENCE, put_one},    {"struct", COMPOSITE, put_struct},
             {"tuple", TUPLE, put_tuple}};

static void put_params(struct scale_out *o, const struct runtime_types *t, struct bytes *rest)
{
    struct bytes look = *rest, word;
    size_t n = 0;
    while (next_word(&look, &word) && word.at[0] == '<')
        n++;
    scale_put_compact(o, n);
    while (n-- > 0 && next_word(rest, &word))
        put_named(o, t, bytes_from(word, 1), false);
}

/* "@some::path::Name" in front, or none */
static void put_path(struct scale_out *o, struct bytes *rest)
{
    struct bytes word = {"", 0};
    if (bytes_starts(*rest, "@"))
        next_word(rest, &word);
    struct bytes left = bytes_from(word, 1);
    size_t parts = left.len != 0;
    for (size_t at; (at = bytes_find(left, "::")) < left.len; left = bytes_from(left, at + 2))
        parts++;
    scale_put_compact(o, parts);
    for (left = bytes_from(word, 1); parts-- > 0; left = bytes_from(left, bytes_find(left, "::") + 2))
        scale_put_vector(o, (struct bytes){left.at, bytes_find(left, "::")});
}

static void put_type(struct scale_out *o, const struct runtime_types *t, const struct runtime_type *type)
{
    struct bytes rest = bytes_of(type->words), word;
    put_path(o, &rest);
    put_params(o, t, &rest);
    next_word(&rest, &word);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!bytes_is(word, kinds[i].word))
            continue;
        scale_put_uint(o, kinds[i].kind, 1);
        kinds[i].put(o, t, rest);
    }
    scale_put_compact(o, 0);
}

void runtime_put_types(struct scale_out *o, const struct runtime_types *t)
{
    scale_put_compact(o, t->count);
    for (size_t i = 0; i < t->count; i++) {
        scale_put_compact(o, i);
        put_type(o, t, &t->at[i]);
    }
}
