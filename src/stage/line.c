/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other way of text.c: the miner's own words for an event, glyph by glyph. */
#include "stage/stage.h"

/* U+2699 U+FE0F and two blanks, as the miner writes it; the others have one. */
#define STAGE_GEAR "\xE2\x9A\x99\xEF\xB8\x8F  "
#define STAGE_TICK "\xE2\x9C\x85 "
#define STAGE_CROSS "\xE2\x9D\x8C "
#define STAGE_CHART "\xF0\x9F\x93\x88 "

static const char *of_user(struct arena *a, struct bytes username)
{
    return username.len > 0 ? arena_text(a, " for %.*s", (int)username.len, username.at) : "";
}

const char *stage_text_line(struct arena *a, const struct stage_text *t)
{
    const char *user = of_user(a, t->username);
    int name = (int)t->name.len, message = (int)t->message.len;
    if (t->status == STAGE_STATUS_DONE)
        return arena_text(a, STAGE_TICK "Stage %d Complete - %.*s%s - %.*s", t->number, name, t->name.at, user, message,
                          t->message.at);
    if (t->status == STAGE_STATUS_FAILED)
        return arena_text(a, STAGE_CROSS "Stage %d Failed - %.*s%s - Error: %.*s", t->number, name, t->name.at, user,
                          message, t->message.at);
    return arena_text(a, STAGE_GEAR "Stage %d - %.*s%s: %.*s", t->number, name, t->name.at, user, message,
                      t->message.at);
}

static const char *join(struct arena *a, const char *text, const char *part)
{
    return *text != '\0' && *part != '\0' ? arena_text(a, "%s | %s", text, part) : *text != '\0' ? text : part;
}

const char *stage_status_line(struct arena *a, const char *mode, const char *modules, const struct stage_text *now,
                              const char *status)
{
    const char *text = join(a, mode != NULL ? arena_text(a, "Mode: %s", mode) : "", modules);
    if (now != NULL) {
        const char *part = arena_text(a, "Stage: %.*s - %s", (int)now->name.len, now->name.at, status);
        if (now->username.len > 0)
            part = arena_text(a, "%s (%.*s)", part, (int)now->username.len, now->username.at);
        text = join(a, text, part);
    }
    return arena_text(a, STAGE_CHART "Miner Status: %s", *text != '\0' ? text : "no stage yet");
}
