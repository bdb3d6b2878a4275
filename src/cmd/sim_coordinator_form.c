/* SPDX-License-Identifier: GPL-2.0-or-later */
/* multipart/form-data as the pure coordinator takes it: texts, and of files their names, sizes and sums. */
#include "cmd/sim_coordinator.h"

#include <sodium.h>
#include <strings.h>
#include <string.h>

struct form {
    json_t *out, *file; /* file: that which is being read; NULL */
    crypto_hash_sha256_state sum;
    uint64_t bytes;
    const char *filename;
    char name[128];
};

static void end_file(struct form *f)
{
    unsigned char raw[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof raw + 1];
    if (!f->file)
        return;
    crypto_hash_sha256_final(&f->sum, raw);
    sodium_bin2hex(hex, sizeof hex, raw, sizeof raw);
    json_object_set_new(f->file, "bytes", json_integer((json_int_t)f->bytes));
    json_object_set_new(f->file, "sha256", json_string(hex));
    f->file = NULL;
}

static void begin_file(struct form *f, const char *name, const char *filename, const char *type)
{
    end_file(f);
    f->bytes = 0;
    crypto_hash_sha256_init(&f->sum);
    json_t *list = json_object_get(f->out, "files");
    f->file = json_pack("{s:s, s:s, s:s}", "name", name, "filename", filename, "type", type ? type : "");
    json_array_append_new(list, f->file);
    f->file = json_array_get(list, json_array_size(list) - 1);
}

/* A text may come in pieces. */
static void more_text(struct form *f, const char *name, const char *data, size_t size)
{
    const char *old = json_string_value(json_object_get(f->out, name));
    size_t before = old ? strlen(old) : 0;
    struct arena a = {0};
    char *all = arena_alloc(&a, before + size + 1);
    memcpy(all, old ? old : "", before);
    memcpy(all + before, data ? data : "", size);
    json_object_set_new(f->out, name, json_stringn(all, before + size));
    arena_release(&a);
}

static enum MHD_Result one_piece(void *ctx, enum MHD_ValueKind kind, const char *name, const char *filename,
                                 const char *type, const char *encoding, const char *data, uint64_t offset, size_t size)
{
    (void)kind, (void)encoding;
    struct form *f = ctx;
    if (!filename) {
        end_file(f);
        more_text(f, name, data, size);
        return MHD_YES;
    }
    if (offset == 0)
        begin_file(f, name, filename, type);
    if (f->file)
        crypto_hash_sha256_update(&f->sum, (const unsigned char *)(data ? data : ""), size);
    f->bytes += size;
    return MHD_YES;
}

struct bytes talk_form(struct talk *t)
{
    enum { PIECE = 64 << 10 };
    const char *type = MHD_lookup_connection_value(t->line, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
    if (!type || strncasecmp(type, "multipart/form-data", 19) != 0)
        return (struct bytes){0};
    struct form f = {.out = json_pack("{s:[]}", "files")};
    struct MHD_PostProcessor *reader = MHD_create_post_processor(t->line, PIECE, one_piece, &f);
    if (reader && t->len > 0)
        MHD_post_process(reader, t->body, t->len);
    if (reader)
        MHD_destroy_post_processor(reader);
    end_file(&f);
    size_t len = json_dumpb(f.out, NULL, 0, JSON_COMPACT);
    char *at = arena_alloc(&t->arena, len + 1);
    json_dumpb(f.out, at, len, JSON_COMPACT);
    json_decref(f.out);
    return (struct bytes){at, len};
}
