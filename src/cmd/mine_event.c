/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_event.h"

#include "base/timetext.h"
#include "cmd/mine_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SHORT_HOTKEY = 16, NS_PER_US = 1000, TIME_DIGITS = 19 };

/* Numbers as Python writes them: the shortest text that reads back as the same. */
static void put_value(FILE *out, struct arena *a, const json_t *value)
{
    char *text = NULL;
    if (json_is_real(value)) {
        fputs(mine_real(a, json_real_value(value)), out);
        return;
    }
    text = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    fputs(text ? text : "null", out);
    free(text);
}

static void put_time(FILE *out)
{
    struct timespec now;
    char text[TIME_TEXT];
    clock_gettime(CLOCK_REALTIME, &now);
    time_iso(text, (int64_t)now.tv_sec * 1000);
    fprintf(out, "\"timestamp\": \"%.*s", TIME_DIGITS, text);
    if (now.tv_nsec >= NS_PER_US)
        fprintf(out, ".%06ld", now.tv_nsec / NS_PER_US);
    fputs("Z\"", out);
}

void mine_event(int fd, enum mine_level level, const char *event, json_t *fields)
{
    static const char *const words[] = {"info", "warning", "error", "error"};
    struct arena a = {0};
    char *line = NULL;
    size_t len = 0;
    const char *key;
    json_t *value, *name = json_string(event);
    FILE *out = fd >= 0 ? open_memstream(&line, &len) : NULL;
    if (out) {
        fputc('{', out);
        json_object_foreach(fields, key, value)
        {
            fprintf(out, "\"%s\": ", key);
            put_value(out, &a, value);
            fputs(", ", out);
        }
        if (level == MINE_EXCEPTION)
            fputs("\"exc_info\": true, ", out);
        fputs("\"event\": ", out);
        put_value(out, &a, name);
        fputs(", ", out);
        put_time(out);
        fprintf(out, ", \"level\": \"%s\"}\n", words[level]);
        if (fclose(out) == 0 && write(fd, line, len) < 0)
            line[0] = 0; /* nobody reads it: there is nobody to tell */
    }
    free(line);
    json_decref(name);
    json_decref(fields);
    arena_release(&a);
}

const char *mine_short(struct arena *a, const char *hotkey)
{
    return arena_text(a, "%.*s", SHORT_HOTKEY, hotkey);
}
