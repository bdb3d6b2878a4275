/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/stage_totals.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "model/stage_runs.h"

enum { NAME_CELLS = 80, ACCOUNTS_MOST = 64 };
static const double LONGEST_S = 1e9;

/* Seconds in a list, at most the newest STAGE_SAMPLES of them. */
static struct stage_usual usual_of(const json_t *list)
{
    int64_t ms[STAGE_SAMPLES];
    size_t n = 0, size = json_array_size(list);
    for (size_t i = size > STAGE_SAMPLES ? size - STAGE_SAMPLES : 0; i < size; i++) {
        const json_t *v = json_array_get(list, i);
        double s = json_number_value(v);
        if (json_is_number(v) && s >= 0 && s < LONGEST_S)
            ms[n++] = (int64_t)(s * 1000 + 0.5);
    }
    return (struct stage_usual){"", stage_median_ms(ms, n), n};
}

/* Whoever was told last stands last in the file. */
static void read_accounts(struct arena *a, const json_t *all, struct stage_total *t)
{
    size_t n = json_object_size(all), skip = n > ACCOUNTS_MOST ? n - ACCOUNTS_MOST : 0, i = 0;
    struct stage_usual *account = arena_array(a, n - skip, sizeof *account);
    const char *username;
    json_t *list;
    json_object_foreach((json_t *)all, username, list)
    {
        struct stage_usual u = usual_of(list);
        if (i++ < skip || u.samples == 0)
            continue;
        u.username = text_safe(a, bytes_of(username), NAME_CELLS);
        account[t->account_count++] = u;
    }
    for (i = 0; i < t->account_count / 2; i++) {
        struct stage_usual u = account[i];
        account[i] = account[t->account_count - 1 - i];
        account[t->account_count - 1 - i] = u;
    }
    t->account = account;
}

static size_t count_of(const json_t *o, const char *key)
{
    int64_t n = json_int(o, key);
    return n > 0 ? (size_t)n : 0;
}

void stage_totals_read(struct arena *a, const json_t *root, struct stage_total total[STAGE_COUNT])
{
    const json_t *all = json_child(root, "stage_totals");
    for (int i = 0; i < STAGE_COUNT; i++) {
        const json_t *one = json_child(all, (char[]){(char)('0' + i), '\0'});
        total[i] = (struct stage_total){.completions = count_of(one, "completed"), .failures = count_of(one, "failed")};
        total[i].of_all = usual_of(json_object_get(one, "durations"));
        read_accounts(a, json_child(one, "accounts"), &total[i]);
    }
}
