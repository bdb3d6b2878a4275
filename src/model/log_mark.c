/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines worth counting, recognised by their ASCII words: the glyphs in front arrive as mojibake too. */
#include "model/log_parse.h"

struct phrase {
    const char *text;
    enum log_mark mark;
};
static const struct phrase phrases[] = {
    {"Budget too low, skipping task", LOG_MARK_BUDGET_REFUSED},
    {"Content Recommendation Miner started", LOG_MARK_START},
    {"Failed to get balance: ", LOG_MARK_WALLET_ERROR},
    {"Failed to get wallet balance: ", LOG_MARK_WALLET_ERROR},
    {"Failed to save state: ", LOG_MARK_SAVE_FAILED},
    {"Failed to setup IPC socket: ", LOG_MARK_IPC_ERROR},
    {"Failed to start MCP server: ", LOG_MARK_WALLET_ERROR},
    {"Failed to start wallet MCP server", LOG_MARK_WALLET_ERROR},
    {"IPC socket setup failed", LOG_MARK_IPC_ERROR},
    {"Inference failed for task", LOG_MARK_INFERENCE_FAILED},
    {"Insufficient budget for ", LOG_MARK_BUDGET_REFUSED},
    {"MINER DAEMON STARTED", LOG_MARK_START},
    {"Received shutdown signal", LOG_MARK_SHUTDOWN},
};

static bool says_any(struct bytes text, const char *const *words)
{
    for (; *words; words++)
        if (bytes_has_ci(text, *words))
            return true;
    return false;
}

/* No exact wording of a success is known: a good line of the wallet's logger, or about the wallet, that says so. */
static bool is_wallet_success(struct log_parsed line)
{
    static const char *const good[] = {"started", "ready", "connected", "initialized", "balance:", NULL};
    static const char *const bad[] = {"fail", "error", "not ", "unable", NULL};
    if (line.level != LOG_INFO && line.level != LOG_SUCCESS)
        return false;
    if (!bytes_is(line.source, "wallet_manager") && !bytes_has_ci(line.text, "wallet"))
        return false;
    return says_any(line.text, good) && !says_any(line.text, bad);
}

/* The first phrase of the table that the text holds. Each begins with a capital from B to R, and a line has few of
 * these. */
static size_t phrase_in(struct bytes text)
{
    enum { COUNT = sizeof phrases / sizeof phrases[0] };
    size_t first = COUNT;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.at[at];
        if (c < 'B' || c > 'R')
            continue;
        for (size_t i = 0; i < first; i++)
            if (phrases[i].text[0] == c && bytes_starts(bytes_from(text, at), phrases[i].text))
                first = i;
    }
    return first;
}

enum log_mark log_mark_of(struct log_parsed line)
{
    size_t i = phrase_in(line.text);
    if (i < sizeof phrases / sizeof phrases[0])
        return phrases[i].mark;
    return is_wallet_success(line) ? LOG_MARK_WALLET_OK : LOG_MARKS;
}
