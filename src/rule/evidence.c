/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/evidence.h"

#include "base/utf8.h"
#include "rule/terms_rows.h"

#include <string.h>

enum { LINE_CELLS = 400, WORDS = 4 };

/* What the rule looks for in the log, and files that it reads besides those of its terms. */
static const struct look {
    const char *rule;
    unsigned also; /* bits of 1 << enum doc_id */
    const char *word[WORDS];
} looks[] = {
    {"daemon_down", 1u << DOC_PID | 1u << DOC_STATE | 1u << DOC_LOG, {NULL}},
    {"ipc_error", 0, {"ipc", "socket"}},
    {"loop_stuck", 0, {"step", "status", "|"}},
    {"module_down", 0, {"module"}},
    {"socket_lost", 1u << DOC_STATE, {"socket"}},
    {"stage_failed", 0, {"fail", "stage"}},
    {"stage_stale", 0, {"stage"}},
    {"two_writers", 1u << DOC_STATUS, {NULL}},
    {"wallet_error", 0, {"wallet"}},
};

static const struct look *look_of(const char *rule)
{
    static const struct look none = {"", 0, {NULL}};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (strcmp(looks[i].rule, rule) == 0)
            return &looks[i];
    return &none;
}

size_t evidence_docs(const char *rule, const char *subject, enum doc_id doc[EVIDENCE_FILES])
{
    unsigned set = look_of(rule)->also;
    size_t count = 0;
    for (size_t i = 0; i < terms_row_count; i++)
        if (strcmp(terms_rows[i].rule, rule) == 0)
            set |= terms_rows[i].all | terms_rows[i].any;
    for (enum doc_id id = 0; id < DOC_COUNT && count < EVIDENCE_FILES; id++)
        if (set & 1u << id || strcmp(doc_rows[id].key, subject) == 0)
            doc[count++] = id;
    return count;
}

/* ---- lines ---- */

static bool holds(struct bytes line, const char *const word[WORDS])
{
    for (int i = 0; i < WORDS && word[i] != NULL; i++)
        if (bytes_has_ci(line, word[i]))
            return true;
    return word[0] == NULL;
}

static void put(struct arena *a, struct evidence_file *out, int64_t number, struct bytes line)
{
    if (out->lines == EVIDENCE_LINES) {
        memmove(out->line, out->line + 1, sizeof out->line - sizeof *out->line);
        out->lines--;
    }
    out->line[out->lines++] = (struct evidence_line){number, text_safe(a, line, LINE_CELLS)};
}

static int64_t count_lines(struct bytes text)
{
    struct bytes line;
    int64_t count = 0;
    while (bytes_line(&text, &line))
        count++;
    return count;
}

/* The newest that hold a word; when none does, the newest. */
static void pick_newest(struct arena *a, const char *const word[WORDS], struct bytes text, bool whole,
                        struct evidence_file *out)
{
    static const char *const any[WORDS] = {NULL};
    int64_t number = whole ? 0 : -count_lines(text) - 1;
    struct bytes rest = text, line;
    for (bool first = !whole; bytes_line(&rest, &line); first = false) {
        number++;
        if (!first && line.len > 0 && holds(line, word))
            put(a, out, number, line);
    }
    if (out->lines == 0 && word[0] != NULL)
        pick_newest(a, any, text, whole, out);
}

/* From the first line that names the subject on; without one, the beginning. */
static void pick_from(struct arena *a, const char *subject, struct bytes text, struct evidence_file *out)
{
    const char *word[WORDS] = {*subject != '\0' ? subject : NULL};
    struct bytes rest = text, line;
    bool begun = false;
    for (int64_t number = 1; out->lines < EVIDENCE_LINES && bytes_line(&rest, &line); number++) {
        begun = begun || holds(line, word);
        if (begun)
            put(a, out, number, line);
    }
    if (!begun && word[0] != NULL)
        pick_from(a, "", text, out);
}

void evidence_pick(struct arena *a, const char *rule, const char *subject, enum doc_id doc, struct bytes text,
                   bool whole, struct evidence_file *out)
{
    static const char *const any[WORDS] = {NULL};
    bool of_file = strcmp(doc_rows[doc].key, subject) == 0;
    if (doc_rows[doc].how != READ_STREAM)
        pick_from(a, of_file ? "" : subject, text, out);
    else
        pick_newest(a, doc == DOC_LOG ? look_of(rule)->word : any, text, whole, out);
}
