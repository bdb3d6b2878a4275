/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may be done to a history while davy looks at it, in 20,000 random scripts: each line is counted once, in its class.
 *
 * Promised: a complete line that was in the file at a look, or that still stands in the file, or in a file beside it that
 * had its name later than the one that was read last (NAME.1, NAME.2), or in a copy of that one, is counted exactly once.
 * A line that is not complete is not counted. After a restart the index says what was counted up to its place, if the
 * file is still the one it was made for; else what stands in the file is counted, and nothing more.
 * Not promised, because nobody can know (MAY below: counted once or not at all): lines that were written and destroyed
 * between two looks; lines in a file that was rotated away between two looks while the one read last, and all copies of
 * it, are gone from the folder, or its last 64 bytes were none or a hole.
 * Counted again, because it cannot be told from new: a file that is put back after another one had its name; a file that
 * lost its beginning; one that lost its end, and was longer than before at the next look. The scripts do none of these. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "source/source.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SCRIPTS = 20000,
    ACTS_MOST = 15,
    LINES = 1024,
    BODIES = 160,
    ROTATED = 5,
    NAMES = ROTATED + 1,
    HUGE_LINE = 3 << 20
};
enum kind { SCORED, PENDING, EXECUTED, MALFORMED, BLANK, KINDS };
enum fate { NEVER, MUST, MAY };

struct body { /* one file on the disk */
    int line[LINES];
    int64_t text_at[LINES], end[LINES]; /* text_at: also of a torn one behind the last */
    int count;
    int64_t size;
    int lineage; /* what it says: a copy has the same */
    bool torn;   /* ends within a line */
};
struct snapshot { /* what the index was made of */
    bool there;
    char *text;
    size_t len;
    uint8_t fate[LINES];
};
struct world {
    char dir[64], name[NAMES][128], temporary[128], index_path[128];
    struct body body[BODIES];
    int bodies, lineages, at[NAMES]; /* which body has the name; -1: none */
    uint8_t kind[LINES], fate[LINES];
    bool seen[LINES];
    int lines, acts;
    char *rest;    /* of a torn line, which its writer will add */
    int rest_line; /* -1: none */
    uint64_t seed;
    bool events, settled, on_disk;
    int64_t now_ms;
    struct source source;
    struct index index;
    int held, held_lineage; /* the body that was read last */
    bool held_tells;        /* it can be known by what it said */
    struct snapshot snapshot;
    char *text;
    char log[4096];
    size_t logged;
    unsigned long total, unknown, restarts, resumed;
};

static unsigned chance(struct world *w, unsigned n)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(w->seed >> 33) % n;
}

static void note(struct world *w, const char *what)
{
    int n = snprintf(w->log + w->logged, sizeof w->log - w->logged, " %s", what);
    if (n > 0 && w->logged + (size_t)n < sizeof w->log)
        w->logged += (size_t)n;
}

/* ---- files and what they say ---- */

static struct body *live(struct world *w)
{
    return w->at[0] >= 0 ? &w->body[w->at[0]] : NULL;
}

static int new_body(struct world *w)
{
    assert_true(w->bodies < BODIES);
    struct body *b = &w->body[w->bodies];
    b->count = 0;
    b->size = 0;
    b->torn = false;
    b->lineage = ++w->lineages;
    return w->bodies++;
}

static void put(const char *path, int flags, const char *at, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, at, len), (ssize_t)len);
    close(fd);
}

static char *whole(const char *path, size_t *len)
{
    struct stat s;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &s) == 0);
    char *text = malloc((size_t)s.st_size + 1);
    *len = (size_t)s.st_size;
    assert_int_equal(pread(fd, text, *len, 0), s.st_size);
    close(fd);
    return text;
}

/* A text of that kind, without its end, in w->text. */
static size_t compose(struct world *w, int line, enum kind kind)
{
    static const char *const blanks[] = {"", " ", "\t", "  "};
    char *at = w->text;
    switch (kind) {
    case SCORED:
    case PENDING:
        return (size_t)sprintf(
            at,
            "{\"timestamp\": %d, \"task_id\": \"t%d\", \"validator_score\": %s, \"tokens_spent\": %d, "
            "\"llm_used\": \"model-%d\", \"prompt_strategy\": \"direct\"}",
            1795305600 + line, line, kind == SCORED ? "0.5" : "null", line + 1, line % 3);
    case EXECUTED:
        return (size_t)sprintf(at, "{\"task_id\": \"e%d\", \"response\": \"a \\\"b\\\" \\u00e4\", \"llm\": \"x\"}",
                               line);
    case MALFORMED:
        return (size_t)sprintf(at, "line %d is no JSON", line);
    default:
        return (size_t)sprintf(at, "%s", blanks[line % 4]);
    }
}

static size_t inflate(struct world *w, int line)
{
    size_t filler = 100000 + chance(w, HUGE_LINE - 200000);
    size_t len = (size_t)sprintf(w->text, "{\"task_id\": \"e%d\", \"response\": \"", line);
    memset(w->text + len, 'x', filler);
    len += filler;
    w->kind[line] = len > (1 << 20) - 2 ? MALFORMED : EXECUTED;
    return len + (size_t)sprintf(w->text + len, "\"}");
}

static int new_line(struct world *w, bool first)
{
    static const enum kind kinds[] = {SCORED, SCORED, SCORED, SCORED, PENDING, EXECUTED, EXECUTED, MALFORMED, BLANK};
    assert_true(w->lines < LINES);
    w->kind[w->lines] = (uint8_t)kinds[chance(w, first ? 5 : 9)];
    w->fate[w->lines] = NEVER;
    w->seen[w->lines] = false;
    return w->lines++;
}

static void complete(struct world *w, struct body *b, int line)
{
    b->line[b->count] = line;
    b->end[b->count++] = b->size;
    b->torn = false;
    w->fate[line] = MUST;
}

static void forget_rest(struct world *w)
{
    free(w->rest);
    w->rest = NULL;
    w->rest_line = -1;
}

static void finish_torn(struct world *w, struct body *b)
{
    size_t len = strlen(w->rest);
    put(w->name[0], O_APPEND, w->rest, len);
    b->size += (int64_t)len;
    complete(w, b, w->rest_line);
    forget_rest(w);
}

/* The bytes in front of a line: a BOM, or the hole of a writer whose file was truncated under it. */
static size_t preface(struct world *w, const struct body *b, char *out)
{
    if (b->size == 0 && chance(w, 10) == 0)
        return memcpy(out, "\xef\xbb\xbf", 3), 3;
    if (b->size == 0 || b->torn || chance(w, 12) != 0)
        return 0;
    size_t len = 1 + chance(w, 100);
    memset(out, 0, len);
    return len;
}

static void write_line(struct world *w, struct body *b)
{
    char before[128];
    bool glued = b->torn;
    int line = new_line(w, b->size == 0);
    size_t lead = preface(w, b, before);
    size_t len = chance(w, 3000) == 0 ? inflate(w, line) : compose(w, line, w->kind[line]);
    size_t cut = w->kind[line] != BLANK && len < 1000 && chance(w, 6) == 0 ? 1 + chance(w, (unsigned)len - 1) : 0;
    len += (size_t)sprintf(w->text + len, chance(w, 8) == 0 ? "\r\n" : "\n");
    if (glued)
        w->kind[line] = MALFORMED;
    put(w->name[0], O_APPEND, before, lead);
    put(w->name[0], O_APPEND, w->text, cut ? cut : len);
    if (!glued)
        b->text_at[b->count] = b->size + (int64_t)lead;
    b->size += (int64_t)(lead + (cut ? cut : len));
    forget_rest(w);
    if (!cut) {
        complete(w, b, line);
        return;
    }
    b->torn = true;
    w->rest = strdup(w->text + cut);
    w->rest_line = line;
}

static void append(struct world *w)
{
    if (w->at[0] < 0) {
        w->at[0] = new_body(w);
        put(w->name[0], O_EXCL, "", 0);
    }
    struct body *b = live(w);
    if (w->rest != NULL && b->torn && chance(w, 5) != 0)
        finish_torn(w, b);
    else
        write_line(w, b);
}

/* ---- davy ---- */

static void fetch_once(struct world *w)
{
    struct fetch_in in = {.wall_ms = 1795400000000, .loop_ms = w->now_ms, .budget = chance(w, 8) == 0 ? 1 : 1 << 20};
    w->source.dirty = true;
    source_fetch(&w->source, &in);
    w->settled = w->source.due_ms == INT64_MAX;
}

static int place_of(const struct world *w, int body)
{
    for (int k = 0; k < NAMES; k++)
        if (w->at[k] == body)
            return k;
    return -1;
}

static int place_of_copy(const struct world *w)
{
    for (int k = 1; k < NAMES && w->held_tells; k++)
        if (w->at[k] >= 0 && w->at[k] != w->held && w->body[w->at[k]].lineage == w->held_lineage)
            return k;
    return -1;
}

/* Which of the names up to that one are read: what came after the file that was read last, or after its copy. */
static int read_up_to(const struct world *w)
{
    if (w->held < 0)
        return 0;
    bool same = w->body[w->held].lineage == w->held_lineage;
    int place = place_of(w, w->held), copy = place_of_copy(w);
    if (place >= 0 && same)
        return place;
    if (copy > 0)
        return copy;
    return place > 0 ? place : 0;
}

static void reach(const struct world *w, const struct body *b, bool reached[LINES])
{
    (void)w;
    for (int i = 0; i < b->count; i++)
        reached[b->line[i]] = true;
}

/* Before a look: what was not seen and cannot be found any more is not known. */
static void give_up_lost(struct world *w)
{
    static bool reached[LINES];
    memset(reached, 0, sizeof reached);
    int last = read_up_to(w);
    for (int k = 0; k <= last; k++)
        if (w->at[k] >= 0)
            reach(w, &w->body[w->at[k]], reached);
    if (w->held >= 0 && (w->body[w->held].lineage == w->held_lineage || place_of_copy(w) < 0))
        reach(w, &w->body[w->held], reached);
    for (int i = 0; i < w->lines; i++)
        if (w->fate[i] == MUST && !w->seen[i] && !reached[i]) {
            w->fate[i] = MAY;
            w->unknown++;
            if (w->events)
                fail_msg("seed: a script with events loses line %d:%s", i, w->log);
        }
}

static void was_seen(struct world *w)
{
    for (int i = 0; i < w->lines; i++)
        w->seen[i] = w->fate[i] != NEVER;
    if (w->at[0] >= 0)
        w->held = w->at[0];
    if (w->held < 0)
        return;
    const struct body *b = &w->body[w->held];
    w->held_lineage = b->lineage;
    int64_t said = b->torn ? b->size : b->count > 0 ? b->end[b->count - 1] : 0;
    w->held_tells = b->size >= STREAM_TAIL && b->size - said < STREAM_TAIL;
}

static void look(struct world *w)
{
    note(w, "look");
    give_up_lost(w);
    for (int i = 0; i < 400; i++) {
        fetch_once(w);
        if (w->settled) {
            was_seen(w);
            return;
        }
        if (w->source.due_ms > w->now_ms)
            w->now_ms = w->source.due_ms;
    }
    fail_msg("never comes to rest:%s", w->log);
}

/* A look that nobody waits behind: what wants time stays open, and without events also what is due at once. */
static void glance(struct world *w)
{
    note(w, "glance");
    give_up_lost(w);
    do
        fetch_once(w);
    while (w->events && w->source.due_ms <= w->now_ms);
    if (w->settled)
        was_seen(w);
}

static void open_davy(struct world *w)
{
    static const struct history_rules rules = {.threshold = 0.6};
    w->index = (struct index){.write = true};
    snprintf(w->index.rig, sizeof w->index.rig, "%s", w->dir);
    source_init(&w->source, DOC_HISTORY, w->dir, "state/task-history.jsonl", NULL, 0);
    folded_rules(&w->source, &w->index, &rules);
    w->held = -1;
    w->held_tells = false;
}

static void close_davy(struct world *w)
{
    w->index.write = false;
    source_release(&w->source);
}

static ino_t index_number(const struct world *w)
{
    struct stat s;
    return stat(w->index_path, &s) == 0 ? s.st_ino : 0;
}

/* Only what a settled look left: a look that is under way is not saved by davy's quick exit either. */
static void save(struct world *w)
{
    if (!w->settled || w->source.stream.fd < 0)
        return;
    struct snapshot *s = &w->snapshot;
    ino_t before = index_number(w);
    index_save(&w->index, w->source.fold, &w->source.stream, &w->source.marks, 1);
    if (index_number(w) == before)
        return;
    s->there = true;
    free(s->text);
    uint64_t offset;
    history_drop(history_save(w->source.fold, &offset));
    s->len = (size_t)offset;
    s->text = malloc(s->len + 1);
    assert_int_equal(pread(w->source.stream.fd, s->text, s->len, 0), (ssize_t)s->len);
    for (int i = 0; i < LINES; i++)
        s->fate[i] = i < w->lines && w->seen[i] ? w->fate[i] : NEVER;
}

static bool goes_on(const struct world *w)
{
    size_t len;
    if (!w->snapshot.there || w->at[0] < 0)
        return false;
    char *text = whole(w->name[0], &len);
    bool same = len >= w->snapshot.len && memcmp(text, w->snapshot.text, w->snapshot.len) == 0;
    free(text);
    return same;
}

/* From now on that counts which the index knows, and what stands in the file behind its place. */
static void begin_anew(struct world *w)
{
    bool same = goes_on(w);
    w->resumed += same;
    for (int i = 0; i < w->lines; i++)
        w->fate[i] = same ? w->snapshot.fate[i] : NEVER;
    const struct body *b = live(w);
    for (int i = 0; b != NULL && i < b->count; i++)
        if (!same || b->end[i] > (int64_t)w->snapshot.len)
            w->fate[b->line[i]] = MUST;
}

/* ---- what is counted ---- */

static void check_records(struct world *w, const struct history *h)
{
    static uint8_t times[LINES];
    memset(times, 0, sizeof times);
    const struct record *r = history_records(h);
    for (size_t i = 0; i < history_record_count(h); i++) {
        assert_in_range(r[i].tokens, 1, w->lines);
        times[r[i].tokens - 1]++;
    }
    for (int i = 0; i < w->lines; i++) {
        bool record = w->kind[i] <= PENDING;
        int least = record && w->fate[i] == MUST, most = record && w->fate[i] != NEVER;
        if (times[i] < least || times[i] > most)
            fail_msg("line %d counts %d times, not %d to %d:%s", i, times[i], least, most, w->log);
    }
}

static void check(struct world *w)
{
    uint64_t least[KINDS] = {0}, most[KINDS] = {0}, all = 0;
    const struct history *h = w->source.fold;
    struct history_counts c = history_counts_at(h, INT64_MAX);
    const uint64_t have[] = {c.scored, c.pending, c.executed, c.malformed, c.blank};
    check_records(w, h);
    for (int i = 0; i < w->lines; i++) {
        least[w->kind[i]] += w->fate[i] == MUST;
        most[w->kind[i]] += w->fate[i] != NEVER;
    }
    for (int k = 0; k < KINDS; k++) {
        all += have[k];
        if (have[k] < least[k] || have[k] > most[k])
            fail_msg("class %d: %d lines, not %d to %d:%s", k, (int)have[k], (int)least[k], (int)most[k], w->log);
    }
    assert_int_equal(c.lines, all);
    assert_int_equal(c.duplicates, 0);
}

/* ---- what is done to files ---- */

static void empty(struct world *w, struct body *b)
{
    b->count = 0;
    b->size = 0;
    b->torn = false;
    b->lineage = ++w->lineages;
    if (chance(w, 2) == 0) /* its writer may come back with the rest of its line: a line of its own, and no JSON */
        forget_rest(w);
    else if (w->rest != NULL)
        w->kind[w->rest_line] = MALFORMED;
}

static void move_names(struct world *w)
{
    if (w->at[ROTATED] >= 0 && !w->settled) /* a look that is under way may stand in the one that goes */
        look(w);
    if (w->at[ROTATED] >= 0)
        unlink(w->name[ROTATED]);
    for (int k = ROTATED; k > 1; k--) {
        if (w->at[k - 1] >= 0)
            rename(w->name[k - 1], w->name[k]);
        w->at[k] = w->at[k - 1];
    }
    w->at[1] = -1;
}

static void write_rest_as_a_line(struct world *w)
{
    if (w->rest == NULL || w->at[0] < 0 || live(w)->torn)
        return;
    live(w)->text_at[live(w)->count] = live(w)->size;
    finish_torn(w, live(w));
}

/* What would be destroyed unseen cannot be known; it is not worth more than a part of the scripts. */
static void look_first(struct world *w)
{
    if (!w->events && chance(w, 16) != 0)
        look(w);
}

static void act_append(struct world *w)
{
    note(w, "append");
    for (unsigned n = 1 + chance(w, 4); n > 0; n--)
        append(w);
}

static void act_rotate(struct world *w)
{
    if (w->at[0] < 0)
        return;
    note(w, "rotate");
    move_names(w);
    rename(w->name[0], w->name[1]);
    w->at[1] = w->at[0];
    w->at[0] = -1;
    forget_rest(w);
    if (chance(w, 3) == 0) { /* as logrotate's "create" */
        w->at[0] = new_body(w);
        put(w->name[0], O_EXCL, "", 0);
    }
}

static void act_truncate(struct world *w)
{
    if (w->at[0] < 0)
        return;
    look_first(w);
    note(w, "truncate");
    assert_int_equal(truncate(w->name[0], 0), 0);
    empty(w, live(w));
    write_rest_as_a_line(w);
}

/* A writer that did not open for appending goes on where it was. */
static void act_truncate_under_a_writer(struct world *w)
{
    struct body *b = live(w);
    if (b == NULL || b->size == 0 || b->torn)
        return;
    look_first(w);
    note(w, "hole");
    int64_t size = b->size;
    int line = new_line(w, true);
    size_t len = compose(w, line, w->kind[line]);
    w->text[len++] = '\n';
    int fd = open(w->name[0], O_WRONLY | O_CLOEXEC);
    assert_true(ftruncate(fd, 0) == 0 && pwrite(fd, w->text, len, size) == (ssize_t)len);
    close(fd);
    empty(w, b);
    forget_rest(w);
    b->size = size + (int64_t)len;
    b->text_at[0] = size;
    complete(w, b, line);
}

static void act_copytruncate(struct world *w)
{
    size_t len;
    struct body *b = live(w);
    if (b == NULL || w->bodies + 1 >= BODIES)
        return;
    note(w, "copytruncate");
    move_names(w);
    char *text = whole(w->name[0], &len);
    put(w->name[1], O_EXCL, text, len);
    free(text);
    int copy = new_body(w);
    w->body[copy] = *b;
    w->at[1] = copy;
    assert_int_equal(truncate(w->name[0], 0), 0);
    empty(w, b);
    write_rest_as_a_line(w);
    for (unsigned n = chance(w, 2) * chance(w, 20); n > 0; n--) /* past its old end at once */
        append(w);
}

static void act_cut(struct world *w)
{
    struct body *b = live(w);
    if (b == NULL || b->size < 5)
        return;
    look(w);
    note(w, "cut");
    int64_t size = 4 + chance(w, (unsigned)b->size - 4); /* a part of a BOM would be another story */
    int before = b->count;
    while (b->count > 0 && b->end[b->count - 1] > size + 2) /* a whole line without its end would be one again */
        b->count--;
    if (b->count > 0 && b->end[b->count - 1] > size)
        size = b->end[b->count - 1];
    int64_t end = b->count > 0 ? b->end[b->count - 1] : 0;
    if (size > end && b->count < before && w->kind[b->line[b->count]] == BLANK)
        size = end; /* no more than blanks before the next line */
    assert_int_equal(truncate(w->name[0], size), 0);
    b->size = size;
    b->torn = size > end && size > b->text_at[b->count];
    b->lineage = ++w->lineages;
    forget_rest(w);
    look(w);
}

static void act_delete(struct world *w)
{
    if (w->at[0] < 0)
        return;
    look_first(w);
    note(w, "delete");
    unlink(w->name[0]);
    w->at[0] = -1;
    forget_rest(w);
}

static void act_replace(struct world *w)
{
    size_t len;
    if (w->at[0] < 0)
        return;
    note(w, "replace");
    char *text = whole(w->name[0], &len);
    put(w->temporary, O_TRUNC, text, len);
    free(text);
    int copy = new_body(w);
    w->body[copy] = *live(w);
    w->at[0] = copy;
    rename(w->temporary, w->name[0]);
    if (chance(w, 2) == 0)
        append(w);
}

static void act_rewrite(struct world *w)
{
    size_t len;
    if (w->at[0] < 0)
        return;
    note(w, "rewrite");
    char *text = whole(w->name[0], &len);
    size_t first = chance(w, (unsigned)len + 1);
    put(w->name[0], O_TRUNC, text, first);
    bool watched = w->settled && first < len && chance(w, 2) == 0;
    if (watched) /* a look into the middle of it */
        fetch_once(w);
    put(w->name[0], O_APPEND, text + first, len - first);
    free(text);
    if (watched)
        look(w);
}

static void act_rewrite_with_other_lines(struct world *w)
{
    act_truncate(w);
    act_append(w);
}

static void act_save(struct world *w)
{
    note(w, "save");
    save(w);
}

static void act_restart(struct world *w)
{
    if (w->events || chance(w, 2) == 0) {
        look(w);
        check(w);
    }
    bool quit = chance(w, 2) == 0, drop = chance(w, 4) == 0;
    note(w, quit ? "quit" : "kill");
    if (quit)
        save(w);
    close_davy(w);
    if (drop) {
        note(w, "drop");
        unlink(w->index_path);
        w->snapshot.there = false;
    }
    begin_anew(w);
    open_davy(w);
    w->restarts++;
    look(w);
}

typedef void act_fn(struct world *w);

static act_fn *choose(struct world *w)
{
    static act_fn *const acts[] = {
        act_append,
        act_append,
        act_append,
        act_append,
        act_append,
        act_append,
        act_append,
        act_rotate,
        act_rotate,
        act_rotate,
        act_truncate,
        act_delete,
        act_cut,
        act_copytruncate,
        act_replace,
        act_rewrite,
        act_save,
        act_restart,
        act_restart,
        act_append,
        act_truncate_under_a_writer,
        act_copytruncate,
        act_rewrite_with_other_lines,
    };
    return acts[chance(w, sizeof acts / sizeof *acts)];
}

/* ---- scripts ---- */

static void clear(struct world *w)
{
    for (int k = 0; k < NAMES; k++) {
        unlink(w->name[k]);
        w->at[k] = -1;
    }
    unlink(w->index_path);
    free(w->snapshot.text);
    w->snapshot.text = NULL;
    w->snapshot.there = false;
    forget_rest(w);
    w->lines = w->bodies = w->lineages = 0;
    w->logged = 0;
    w->settled = false;
    w->now_ms = 1000;
}

static void run_script(struct world *w, unsigned seed, bool events)
{
    w->seed = seed * 2654435761u + 1;
    w->events = events;
    chance(w, 2);
    clear(w);
    open_davy(w);
    char title[32];
    snprintf(title, sizeof title, "seed %u:", seed);
    note(w, title);
    if (chance(w, 8) != 0) {
        act_append(w);
        look(w);
    }
    for (int acts = 4 + (int)chance(w, ACTS_MOST); acts > 0; acts--) {
        choose(w)(w);
        if (events || chance(w, 4) == 0)
            (chance(w, 2) == 0 ? glance : look)(w);
        if (events && w->lines > 900)
            break;
    }
    look(w);
    check(w);
    w->total += (unsigned long)w->lines;
    close_davy(w);
}

static void lay_out(struct world *w, const char *base)
{
    char folder[96];
    snprintf(w->dir, sizeof w->dir, "%s/davy-scripts-XXXXXX", base);
    assert_non_null(mkdtemp(w->dir));
    snprintf(folder, sizeof folder, "%s/state", w->dir);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (int k = 0; k < NAMES; k++) {
        int n = snprintf(w->name[k], sizeof w->name[k], "%s/task-history.jsonl", folder);
        if (k > 0)
            snprintf(w->name[k] + n, sizeof w->name[k] - (size_t)n, ".%d", k);
    }
    snprintf(w->temporary, sizeof w->temporary, "%s/new", folder);
    snprintf(w->index_path, sizeof w->index_path, "%s/davy/history.index", folder);
}

static void remove_all(struct world *w)
{
    char path[128];
    clear(w);
    snprintf(path, sizeof path, "%s/state/davy", w->dir);
    rmdir(path);
    snprintf(path, sizeof path, "%s/state", w->dir);
    rmdir(path);
    rmdir(w->dir);
}

/* Memory, where there is some for files; a real disk for a part of them, because only there inode numbers come back. */
static void run_scripts(const char *base, unsigned first, unsigned count, bool events)
{
    struct world *w = calloc(1, sizeof *w);
    w->text = malloc(HUGE_LINE + 1000);
    w->rest_line = -1;
    lay_out(w, base);
    for (unsigned seed = first; seed < first + count; seed++)
        run_script(w, seed, events);
    print_message("%u scripts: %lu lines, %lu nobody can know, %lu restarts, %lu of them from the index\n", count,
                  w->total, w->unknown, w->restarts, w->resumed);
    assert_true(w->total > count && w->restarts > count / 4 && w->resumed > count / 32);
    assert_true(w->unknown < w->total / 12 && (!events || w->unknown == 0));
    remove_all(w);
    free(w->text);
    free(w);
}

static const char *memory(void)
{
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

static void with_events_every_line_is_counted_once_whatever_is_done_to_its_file(void **state)
{
    (void)state;
    run_scripts(memory(), 1, SCRIPTS / 2 - 500, true);
}

static void with_looks_now_and_then_only_that_is_missing_which_nobody_can_know(void **state)
{
    (void)state;
    run_scripts(memory(), SCRIPTS, SCRIPTS / 2 - 500, false);
}

static void where_inode_numbers_come_back_it_is_the_same(void **state)
{
    (void)state;
    run_scripts("/tmp", 2 * SCRIPTS, 500, true);
    run_scripts("/tmp", 3 * SCRIPTS, 500, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_events_every_line_is_counted_once_whatever_is_done_to_its_file),
        cmocka_unit_test(with_looks_now_and_then_only_that_is_missing_which_nobody_can_know),
        cmocka_unit_test(where_inode_numbers_come_back_it_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
