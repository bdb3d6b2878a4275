/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check: what it says. Information is no alert; at night only what is critical is one. */
#include "cmd/davy_check.h"

#include "rule/rule.h"
#include "base/timetext.h"
#include "sink/json_members.h"

#include <math.h>
#include <string.h>

static bool is_unknown(const struct alert *x)
{
    return strcmp(x->state, "unknown") == 0;
}

/* Critical before warning before not known: what is known to be wrong must not hide behind what is not known. */
static int code_of(const struct check *c, const struct alert *list, size_t count)
{
    bool unknown = false, warning = false;
    for (size_t i = 0; i < count; i++) {
        const struct alert *x = &list[i];
        if (!check_is_told(c, x))
            continue;
        if (!is_unknown(x) && x->severity == SEVERITY_CRITICAL)
            return CHECK_CRITICAL;
        unknown = unknown || is_unknown(x);
        warning = warning || !is_unknown(x);
    }
    return warning ? CHECK_WARNING : unknown ? CHECK_UNKNOWN : CHECK_OK;
}

static int check_code(const struct check *c)
{
    return code_of(c, c->model->alert, c->model->alert_count);
}

static const char *mark_of(const struct alert *x)
{
    return is_unknown(x) ? "UNKN" : severity_mark(x->severity);
}

/* What else is to be known of an incident, in brackets; nothing of one that simply fires. */
static const char *flags_of(struct arena *a, const struct alert *x)
{
    const char *text = x->incident == NULL ? "" : incident_flags(a, x->incident);
    return *text == '\0' ? "" : arena_text(a, " (%s)", text);
}

/* ---- text ---- */

int check_text(struct check *c)
{
    const struct model *m = c->model;
    int code = check_code(c);
    puts(code == CHECK_OK ? "HEARTBEAT_OK" : "ALERTS:");
    for (size_t i = 0; i < m->alert_count; i++) {
        const struct alert *x = &m->alert[i];
        if (check_is_told(c, x))
            printf("  - [%s] %s%s%s%s\n", mark_of(x), x->what, flags_of(&c->arena, x), x->todo[0] != NULL ? ": " : "",
                   x->todo[0] != NULL ? x->todo[0] : "");
    }
    return code;
}

/* ---- one line for monitoring systems ---- */

/* 'label'=value[UOM];[warn];[crit];[min];[max]; a value that is not known is U. */
static void perf(const char *label, double v, const char *unit, const char *limits)
{
    if (isnan(v))
        printf(" %s=U", label);
    else
        printf(" %s=%.6g%s%s", label, v, unit, limits);
}

/* A blank, an equals sign or a quote would end a label: names of APIs may have them. */
static const char *label_of(struct arena *a, const char *prefix, const char *name)
{
    char *out = arena_text(a, "%s%s", prefix, name);
    for (char *p = out; *p != '\0'; p++)
        if (strchr(" ='\"|;,", *p) != NULL)
            *p = '_';
    return out;
}

static void perf_items(struct check *c)
{
    for (size_t i = 0; i < c->items; i++) {
        const struct check_item *x = &c->item[i];
        if (strcmp(x->kind, "disk") == 0 || strcmp(x->kind, "memory") == 0)
            perf(x->kind, x->value, "%", arena_text(&c->arena, ";%g;;0;100", x->limit));
    }
}

static void perf_budgets(struct check *c)
{
    enum { BUDGETS_MOST = 8 };
    const struct budgets *b = c->model->budgets;
    for (size_t i = 0, told = 0; i < b->count && told < BUDGETS_MOST; i++)
        if (!b->row[i].unbudgeted) {
            perf(label_of(&c->arena, "budget_", b->row[i].api), b->row[i].used_pct, "%", ";80;95;0");
            told++;
        }
}

/* The text must not hold the sign that ends it. */
static void put_plain(const char *text)
{
    for (; *text != '\0'; text++)
        putchar(*text == '|' ? '/' : *text);
}

static void brief_text(const struct check *c, int code)
{
    const struct model *m = c->model;
    size_t told = 0;
    for (size_t i = 0; i < m->alert_count; i++)
        told += check_is_told(c, &m->alert[i]);
    if (code == CHECK_OK) {
        printf("daemon %s, no alerts%s", daemon_state_name(m->daemon->state), c->night ? " (night)" : "");
        return;
    }
    for (size_t i = 0; i < m->alert_count; i++)
        if (check_is_told(c, &m->alert[i])) {
            put_plain(m->alert[i].what);
            break;
        }
    if (told > 1)
        printf(" (and %zu more)", told - 1);
}

int check_brief(struct check *c)
{
    static const char *const words[CHECK_CODES] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    const struct model *m = c->model;
    const struct scores *s = m->scores;
    int code = check_code(c);
    printf("DAVY %s: ", words[code]);
    brief_text(c, code);
    fputs(" |", stdout);
    perf("critical", (double)model_count(m, SEVERITY_CRITICAL), "", ";;;0");
    perf("warning", (double)model_count(m, SEVERITY_WARNING), "", ";;;0");
    perf("score_24h", s->h24.count > 0 ? s->h24.mean : (double)NAN, "", ";0.5:;;0;1");
    perf("success_24h", s->h24.count > 0 ? 100 * s->h24.success : (double)NAN, "%", ";50:;30:;0;100");
    perf("tasks_today", s->known ? (double)s->tasks_today : (double)NAN, "", ";;;0");
    perf_budgets(c);
    perf_items(c);
    putchar('\n');
    return code;
}

/* ---- JSON ---- */

static json_t *json_of_item(const struct check_item *i)
{
    static const char *const states[CHECK_CODES] = {"ok", "warning", "critical", "unknown"};
    json_t *o = json_object();
    put_text(o, "kind", i->kind);
    put_text(o, "name", i->name);
    put_text(o, "state", states[i->code]);
    put_text(o, "text", i->text);
    put_bool(o, "ran", i->ran);
    put_int(o, "at", i->at_ms);
    put_num(o, "value", i->value);
    put_num(o, "limit", i->limit);
    return o;
}

int check_json(struct check *c)
{
    static const char *const words[CHECK_CODES] = {"ok", "warning", "critical", "unknown"};
    int code = check_code(c);
    json_t *o = json_object(), *items = json_array(), *due = json_array();
    for (size_t i = 0; i < c->items; i++)
        json_array_append_new(items, json_of_item(&c->item[i]));
    for (size_t i = 0; i < c->groups; i++)
        if (c->group[i].due)
            json_array_append_new(due, json_string(c->group[i].name));
    put_int(o, "version", 1);
    put_int(o, "now", c->model->now_ms);
    put_text(o, "rig", c->model->rig_name);
    put_text(o, "status", words[code]);
    put_int(o, "exit", code);
    put_bool(o, "night", c->night);
    put_text(o, "not_kept", c->not_kept);
    put_text(o, "not_advanced", c->not_advanced);
    put(o, "ran", due);
    put(o, "checks", items);
    put(o, "alerts", json_of_alerts(c->model, &c->arena));
    put(o, "silences", json_of_silences(c->model, &c->arena));
    put(o, "watch", json_of_watcher(c->model, &c->arena));
    put(o, "heartbeat", json_of_heartbeat(c->model, &c->arena));
    json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(o);
    return code;
}

/* ---- one rule ---- */

static void explain_alert(struct arena *a, const struct alert *x)
{
    printf("\n[%s] %s%s\n  %s\n", mark_of(x), x->what, flags_of(a, x), x->why);
    if (x->value_text[0] != '\0' && x->limit_text[0] != '\0')
        printf("  value: %s, limit: %s\n", x->value_text, x->limit_text);
    for (size_t i = 0; i < ALERT_DO && x->todo[i] != NULL; i++)
        printf("  to do: %s\n", x->todo[i]);
}

static const char *span(struct arena *a, int64_t ms)
{
    char text[TIME_TEXT];
    return arena_text(a, "%s", duration_short(text, ms));
}

/* On which terms it fires, and what of its incidents the engine still counts. */
static void explain_terms(struct check *c)
{
    struct arena *a = &c->arena;
    const struct incidents *s = c->model->incidents;
    const struct terms *terms;
    size_t count = terms_of(a, c->model->settings, &terms);
    for (size_t i = 0; i < count; i++) {
        const struct terms *t = &terms[i];
        if (strcmp(t->rule, c->mine->explain) != 0)
            continue;
        puts("");
        if (t->off)
            puts("It is switched off in davy.toml.");
        printf("It fires when its condition held for %s, and is over when it did not for %s.\n", span(a, t->for_ms),
               span(a, t->clear_ms));
        if (t->because[0] != NULL)
            printf("It is not told of while %s is critical, from which it follows.\n", t->because[0]);
    }
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->row[i].rule, c->mine->explain) == 0)
            printf("incident %s%s%s: %s%s\n", *s->row[i].subject ? s->row[i].subject : "",
                   *s->row[i].subject ? " " : "",
                   s->row[i].number > 0 ? arena_text(a, "#%lld", (long long)s->row[i].number) : "without a number yet",
                   incident_state_name(s->row[i].state),
                   s->row[i].since_ms == NOT_KNOWN
                       ? ""
                       : arena_text(a, " for %s", span(a, c->model->now_ms - s->row[i].since_ms)));
}

/* The code is that of this rule alone, at day as at night. */
int check_explain(struct check *c)
{
    const struct model *m = c->model;
    struct alert *mine = arena_array(&c->arena, m->alert_count, sizeof *mine);
    size_t count = 0;
    for (const struct rule *const *r = rules; *r != NULL; r++)
        if (strcmp((*r)->name, c->mine->explain) == 0)
            printf("%s: %s\n", (*r)->name, (*r)->help);
    for (size_t i = 0; i < m->alert_count; i++)
        if (strcmp(m->alert[i].rule, c->mine->explain) == 0) {
            explain_alert(&c->arena, &m->alert[i]);
            mine[count++] = m->alert[i];
        }
    if (count == 0)
        puts(check_knows(c->model) ? "\nIt has nothing to say now."
                                   : "\nNothing is known of this rig: it cannot say anything.");
    explain_terms(c);
    c->night = false;
    return count == 0 && !check_knows(c->model) ? CHECK_UNKNOWN : code_of(c, mine, count);
}
