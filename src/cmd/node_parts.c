/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a result, for the dialect that takes them. */
#include "cmd/node_daemon.h"

#include "base/file.h"
#include "base/json.h"
#include "node/message.h"

#include <sodium.h>
#include <string.h>

enum { FILES_MOST = 64, FILES_BYTES = 64 << 20 };

static bool read_one(struct node_daemon *d, const char *id, struct arena *a, const json_t *told,
                     struct message_file *out)
{
    const char *path = json_text(a, told, "path"), *type = json_text(a, told, "type");
    struct file_stat s;
    struct err e;
    if (!path || strstr(path, "..") || strpbrk(path, "\"\r\n"))
        return false;
    *out = (struct message_file){.name = path,
                                 .type = type && !strpbrk(type, "\"\r\n") ? type : "application/octet-stream"};
    const char *tries[] = {"output", "work"};
    for (size_t i = 0; i < 2; i++)
        if (file_read(a, node_store_path(a, d, id, arena_text(a, "%s/%s", tries[i], path)), FILES_BYTES, &out->content,
                      &s, &e))
            return true;
    return false;
}

struct bytes node_parts(struct node_daemon *d, int job, struct arena *a, const char **type)
{
    const json_t *report = d->job[job].report, *one;
    struct message_file *file = arena_array(a, FILES_MOST, sizeof *file);
    size_t files = 0, i;
    unsigned char random[16];
    char boundary[2 * sizeof random + 1];
    json_array_foreach(json_list(report, "artifacts"), i, one)
    {
        if (files < FILES_MOST && read_one(d, d->agent.job[job].id, a, one, &file[files]))
            files++;
    }
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(boundary, sizeof boundary, random, sizeof random);
    *type = arena_text(a, "multipart/form-data; boundary=%s", boundary);
    return message_multipart(a, report, file, files, boundary);
}
