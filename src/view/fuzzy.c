/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/finder.h"

#include "base/needle.h"

#include <string.h>

enum { LETTERS = 24, NAME = 32, NONE = -1000, WORD_START = 12, NEXT_TO = 8, FIRST = 4, EACH = 1 };

/* best[i][k]: letters 0..i are placed, the last of them on k; from[i][k]: where the one before it went. */
struct table {
    int best[LETTERS][NAME];
    signed char from[LETTERS][NAME];
};

static bool starts_word(const char *name, int k)
{
    return k == 0 || name[k - 1] == '-' || name[k - 1] == ' ';
}

static int worth(const char *name, int k)
{
    return EACH + (starts_word(name, k) ? WORD_START : 0) + (k == 0 ? FIRST : 0);
}

static bool same_letter(char a, char b)
{
    return needle_fold((unsigned char)a) == needle_fold((unsigned char)b);
}

/* Row i from the row before; before is the best of those that end left of k, with a gap. */
static void fill(struct table *t, const char *name, int count, int i, char letter)
{
    int before = i == 0 ? 0 : NONE, at = -1;
    for (int k = 0; k < count; k++) {
        if (i > 0 && k >= 2 && t->best[i - 1][k - 2] > before) {
            before = t->best[i - 1][k - 2];
            at = k - 2;
        }
        int next = i > 0 && k >= 1 ? t->best[i - 1][k - 1] + NEXT_TO : NONE;
        int most = next > before ? next : before;
        bool fits = same_letter(name[k], letter) && most > NONE / 2;
        t->best[i][k] = fits ? most + worth(name, k) : NONE;
        t->from[i][k] = (signed char)(next > before ? k - 1 : at);
    }
}

static uint32_t marks(const struct table *t, int last, int k)
{
    uint32_t mark = 0;
    for (int i = last; i >= 0 && k >= 0; k = t->from[i--][k])
        mark |= UINT32_C(1) << k;
    return mark;
}

int fuzzy_score(const char *name, const char *letters, size_t len, uint32_t *mark)
{
    struct table t;
    int count = (int)strlen(name), end = 0, last = (int)len - 1;
    if (mark != NULL)
        *mark = 0;
    if (len == 0 || len > LETTERS || count == 0 || count > NAME)
        return len == 0 ? 0 : -1;
    for (int i = 0; i <= last; i++)
        fill(&t, name, count, i, letters[i]);
    for (int k = 1; k < count; k++)
        end = t.best[last][k] > t.best[last][end] ? k : end;
    if (t.best[last][end] <= NONE / 2)
        return -1;
    if (mark != NULL)
        *mark = marks(&t, last, end);
    return t.best[last][end];
}
