/* SPDX-License-Identifier: GPL-2.0-or-later */
/* multipart/form-data: a result of the dialect that takes files. */
#include "base/json.h"
#include "node/message.h"

#include <string.h>

struct form {
    char *at; /* NULL: only counts */
    size_t length;
};

static void put(struct form *f, struct bytes text)
{
    if (f->at && text.len)
        memcpy(f->at + f->length, text.at, text.len);
    f->length += text.len;
}

static void put_head(struct arena *a, struct form *f, const char *boundary, const char *name,
                     const struct message_file *file)
{
    put(f, bytes_of(arena_text(a, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, name)));
    if (file)
        put(f, bytes_of(arena_text(a, "; filename=\"%s\"\r\nContent-Type: %s", file->name, file->type)));
    put(f, bytes_of("\r\n\r\n"));
}

static void put_all(struct arena *a, struct form *f, const json_t *report, const struct message_file *file,
                    size_t files, const char *boundary)
{
    put_head(a, f, boundary, "job_id", NULL);
    put(f, json_raw(report, "job_id"));
    put(f, bytes_of("\r\n"));
    put_head(a, f, boundary, "metadata", NULL);
    put(f, message_report(a, JOB_NODES_V1, report, false));
    put(f, bytes_of("\r\n"));
    for (size_t i = 0; i < files; i++) {
        put_head(a, f, boundary, "artifact", &file[i]);
        put(f, file[i].content);
        put(f, bytes_of("\r\n"));
    }
    put(f, bytes_of(arena_text(a, "--%s--\r\n", boundary)));
}

struct bytes message_multipart(struct arena *a, const json_t *report, const struct message_file *file, size_t files,
                               const char *boundary)
{
    struct form f = {NULL, 0};
    put_all(a, &f, report, file, files, boundary);
    f = (struct form){arena_alloc(a, f.length + 1), 0};
    put_all(a, &f, report, file, files, boundary);
    return (struct bytes){f.at, f.length};
}
