/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters: whatever is typed is a filter or a sentence with a column. `not (x)` says the opposite of x, `(x) and (x)` and
 * `(x) or (x)` the same, and so does x when it is read again; answering takes no memory and changes nothing. */
#include "history/where.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 4 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static const struct record records[ROWS] = {
    {.score = 0.5, .tokens = 1000, .tao = 0.25, .subnet = 19, .id_hash = 1, .kind = RECORD_SCORED},
    {.score = NAN, .tokens = 0, .tao = NAN, .subnet = -1, .kind = RECORD_PENDING},
    {.score = NAN, .tokens = INT64_MAX, .tao = -1, .subnet = 65535, .id_hash = 2, .kind = RECORD_INVALID},
    {.score = 1, .tokens = 5, .tao = 1e300, .subnet = 0, .id_hash = UINT64_MAX, .kind = RECORD_SYNTHETIC},
};
static const struct where_row rows[ROWS] = {
    {&records[0], "gemini-pro", "direct", "task-1"},
    {&records[1], "", "", NULL},
    {&records[2], "\xc3\xb6l",
     "Gr\xc3\xb6\xc3\x9f"
     "e",
     ""},
    {&records[3], "a", "unknown", "test_1"},
};

static unsigned answers(const struct where *w)
{
    unsigned out = 0;
    for (unsigned i = 0; i < ROWS; i++)
        out |= (unsigned)where_holds(w, &rows[i]) << i;
    return out;
}

static void check_wrapped(struct arena *a, const char *wrapped, unsigned want)
{
    struct err e = {""};
    const struct where *w = where_parse(a, wrapped, &e);
    if (w != NULL)
        demand(answers(w) == want);
    else /* too long or too deep now, nothing else */
        demand(strlen(wrapped) > WHERE_MOST || strstr(e.text, "too ") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1);
    memcpy(text, data, size);
    struct arena a = {0};
    struct err e = {""};
    const struct where *w = where_parse(&a, text, &e);
    if (w == NULL) {
        demand(strncmp(e.text, "column ", 7) == 0);
    } else {
        unsigned all = (1u << ROWS) - 1, mine = answers(w);
        demand(e.text[0] == '\0' && strlen(text) <= WHERE_MOST);
        check_wrapped(&a, text, mine);
        check_wrapped(&a, arena_text(&a, "not (%s)", text), ~mine & all);
        check_wrapped(&a, arena_text(&a, "(%s) and (%s)", text, text), mine);
        check_wrapped(&a, arena_text(&a, "(%s)or(%s)", text, text), mine);
        where_asks(w, "id", '~');
    }
    arena_release(&a);
    free(text);
    return 0;
}
