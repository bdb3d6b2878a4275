/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy stage show: where the miner is, and how often and how long each stage ran. */
#include "cmd/davy_stage.h"

#include "base/timetext.h"
#include "cmd/davy_table.h"
#include "loop/loop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_CELLS = 80, NUMBER = 24, DURATIONS_MOST = 20 };

static void print_now(struct stage_job *j, const json_t *root)
{
    const json_t *now = json_child(root, "current_stage");
    char age[TIME_TEXT];
    if (now == NULL) {
        puts("no stage yet");
        return;
    }
    struct stage_told t = stage_told_of(&j->arena, now);
    printf("%d %s: %s", t.text.number, t.text.name.at, t.status);
    if (t.text.username.len > 0)
        printf(" for %s", t.text.username.at);
    if (t.at_ms != NOT_KNOWN)
        printf(", since %s", duration_short(age, wall_now() > t.at_ms ? wall_now() - t.at_ms : 0));
    printf("\n%s%s%s", t.text.message.len > 0 ? "  " : "", t.text.message.at, t.text.message.len > 0 ? "\n" : "");
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of the last durations; NULL: none is known. */
static const char *typical(struct arena *a, const json_t *list)
{
    double value[DURATIONS_MOST];
    char text[TIME_TEXT];
    size_t n = 0, i;
    const json_t *v;
    json_array_foreach((json_t *)list, i, v)
    {
        if (n < DURATIONS_MOST && json_is_number(v))
            value[n++] = json_number_value(v);
    }
    if (n == 0)
        return NULL;
    qsort(value, n, sizeof value[0], by_size);
    double middle = n % 2 == 1 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
    return middle < 1e12 ? arena_text(a, "%s", duration_short(text, (int64_t)llround(middle * 1000))) : NULL;
}

static const char *count_of(struct arena *a, const json_t *one, const char *key)
{
    int64_t n = json_int(one, key);
    return n != NOT_KNOWN ? arena_text(a, "%lld", (long long)n) : NULL;
}

static void print_totals(struct stage_job *j, const json_t *totals)
{
    static const struct table_column columns[] = {
        {.title = "stage", .right = true},   {.title = "name"},
        {.title = "started", .right = true}, {.title = "completed", .right = true},
        {.title = "failed", .right = true},  {.title = "typical", .right = true}};
    struct table t = {.column = columns, .count = 6, .most = LINE_CELLS};
    const char *(*cell)[6] = arena_array(&j->arena, json_object_size(totals) + 1, sizeof *cell);
    size_t rows = 0;
    const char *key;
    json_t *one;
    json_object_foreach((json_t *)totals, key, one)
    {
        const char *row[6] = {arena_copy(&j->arena, bytes_of(key)), json_text(&j->arena, one, "stage_name"),
                              count_of(&j->arena, one, "started"),  count_of(&j->arena, one, "completed"),
                              count_of(&j->arena, one, "failed"),   typical(&j->arena, json_list(one, "durations"))};
        memcpy(cell[rows], row, sizeof row);
        table_see(&t, cell[rows++]);
    }
    table_fit(&t);
    if (rows > 0)
        table_head(&t);
    for (size_t i = 0; i < rows; i++)
        table_row(&t, &j->arena, cell[i]);
}

int stage_job_show(struct stage_job *j)
{
    struct err e;
    json_t *root = stage_job_read(j, &e);
    if (root == NULL)
        return davy_fail(&e);
    if (j->output != NULL && strcmp(j->output, "json") == 0) {
        json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(16));
        putchar('\n');
    } else {
        print_now(j, root);
        print_totals(j, json_child(root, "stage_totals"));
    }
    json_decref(root);
    return DAVY_OK;
}
