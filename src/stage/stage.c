/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage/stage.h"

#include <string.h>
#include <strings.h>

#define STAGE(name) name,
static const char *const stage_names[STAGE_COUNT] = {
#include "stage/names.def"
};
#undef STAGE

/* The words that miners write for a status; the API names its events start, complete and failed. */
struct status_word {
    const char *word;
    enum stage_status status;
};
static const struct status_word status_words[] = {
    {"active", STAGE_STATUS_RUNNING},  {"complete", STAGE_STATUS_DONE},   {"completed", STAGE_STATUS_DONE},
    {"done", STAGE_STATUS_DONE},       {"error", STAGE_STATUS_FAILED},    {"failed", STAGE_STATUS_FAILED},
    {"failure", STAGE_STATUS_FAILED},  {"idle", STAGE_STATUS_WAITING},    {"in_progress", STAGE_STATUS_RUNNING},
    {"pending", STAGE_STATUS_WAITING}, {"running", STAGE_STATUS_RUNNING}, {"start", STAGE_STATUS_RUNNING},
    {"started", STAGE_STATUS_RUNNING}, {"success", STAGE_STATUS_DONE},    {"waiting", STAGE_STATUS_WAITING},
};

static bool same_word(struct bytes a, const char *word)
{
    return a.len == strlen(word) && a.len > 0 && strncasecmp(a.at, word, a.len) == 0;
}

const char *stage_name(int number)
{
    return number >= 0 && number < STAGE_COUNT ? stage_names[number] : NULL;
}

int stage_by_name(struct bytes name)
{
    for (int i = 0; i < STAGE_COUNT; i++)
        if (same_word(bytes_trim(name), stage_names[i]))
            return i;
    return -1;
}

enum stage_status stage_status_of(struct bytes word)
{
    for (size_t i = 0; i < sizeof status_words / sizeof status_words[0]; i++)
        if (same_word(bytes_trim(word), status_words[i].word))
            return status_words[i].status;
    return STAGE_STATUS_OTHER;
}
