/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/report.h"

#include "base/utf8.h"
#include "sink/json_members.h"

#include <math.h>
#include <string.h>

enum { REPORT_VERSION = 1 };

/* ---- words ---- */

/* Arrows have words; what else is not of 7 bits stands for itself no more. */
static void put_ascii(FILE *out, const char *text)
{
    static const struct {
        char32_t c;
        const char *word;
    } words[] = {{0x2191, "up"}, {0x2192, "about"}, {0x2193, "down"}};
    for (struct bytes rest = bytes_of(text); rest.len > 0;) {
        char32_t c = utf8_next(&rest);
        const char *word = NULL;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            word = words[i].c == c ? words[i].word : word;
        if (word)
            fputs(word, out);
        else
            fputc(c < 0x80 ? (int)c : '?', out);
    }
}

static void put_words(FILE *out, const char *text, bool ascii)
{
    if (ascii)
        put_ascii(out, text);
    else
        fputs(text, out);
}

/* An emoji and a blank; nothing where there is none or it cannot be shown. */
static void put_mark(FILE *out, const char *mark, bool ascii)
{
    if (*mark && !ascii)
        fprintf(out, "%s ", mark);
}

/* ---- text ---- */

static bool new_section(const struct report *r, size_t i)
{
    const char *section = r->line[i].section;
    return section && (i == 0 || r->line[i - 1].section != section);
}

static void text_line(FILE *out, const struct report_line *l, bool ascii)
{
    fputs(l->section ? "  " : "", out);
    put_mark(out, l->mark, ascii);
    put_words(out, l->label, ascii);
    fputs(": ", out);
    put_words(out, l->text, ascii);
    fputc('\n', out);
}

static void text_advice(FILE *out, const struct report *r, bool ascii)
{
    fputc('\n', out);
    put_mark(out, "\U0001F4A1", ascii);
    fputs(r->advice_count == 1 ? "RECOMMENDATION: " : "RECOMMENDATIONS:", out);
    for (size_t i = 0; i < r->advice_count; i++) {
        fputs(r->advice_count == 1 ? "" : "\n  - ", out);
        put_words(out, r->advice[i].text, ascii);
    }
    fputc('\n', out);
}

static void write_text(FILE *out, const struct report *r, bool ascii)
{
    put_mark(out, r->mark, ascii);
    fprintf(out, "%s\n\n", r->title);
    for (size_t i = 0; i < r->count; i++) {
        if (new_section(r, i))
            fprintf(out, "\n%s\n", r->line[i].section);
        text_line(out, &r->line[i], ascii);
    }
    if (r->end) {
        fputc('\n', out);
        put_words(out, r->end, ascii);
        fputc('\n', out);
    } else
        text_advice(out, r, ascii);
    if (r->focus) {
        put_mark(out, "\U0001F52D", ascii);
        fputs("NEXT WEEK: ", out);
        put_words(out, r->focus, ascii);
        fputc('\n', out);
    }
}

/* ---- Markdown ---- */

/* What would be markup is escaped: names come from files. */
static void put_marked(FILE *out, const char *text, bool ascii)
{
    char one[2] = "";
    for (const char *c = text; *c; c++) {
        size_t len = strcspn(c, "\\`*_[]<>#|&");
        if (len == 0) {
            one[0] = *c;
            fprintf(out, "\\%s", one);
            continue;
        }
        struct arena a = {0};
        put_words(out, arena_copy(&a, (struct bytes){c, len}), ascii);
        arena_release(&a);
        c += len - 1;
    }
}

static void write_markdown(FILE *out, const struct report *r, bool ascii)
{
    fputs("# ", out);
    put_mark(out, r->mark, ascii);
    fprintf(out, "%s\n\n", r->title);
    for (size_t i = 0; i < r->count; i++) {
        const struct report_line *l = &r->line[i];
        if (new_section(r, i))
            fprintf(out, "\n## %s\n\n", l->section);
        fputs("- ", out);
        put_mark(out, l->mark, ascii);
        fputs("**", out);
        put_marked(out, l->label, ascii);
        fputs(":** ", out);
        put_marked(out, l->text, ascii);
        fputc('\n', out);
    }
    fputs("\n## Recommendations\n\n", out);
    for (size_t i = 0; i < r->advice_count; i++) {
        fputs("- ", out);
        put_marked(out, r->advice[i].text, ascii);
        fputc('\n', out);
    }
    if (r->focus) {
        fputs("\n## Next week\n\n", out);
        put_marked(out, r->focus, ascii);
        fputc('\n', out);
    }
}

/* ---- JSON ---- */

static json_t *json_of_line(const struct report_line *l)
{
    json_t *o = json_object(), *numbers = json_object();
    put_text(o, "section", l->section);
    put_text(o, "key", l->key);
    put_text(o, "label", l->label);
    put_text(o, "text", l->text);
    for (size_t i = 0; i < l->numbers; i++) {
        const struct report_number *n = &l->number[i];
        if (isnan(n->value))
            put_int(numbers, n->key, n->count);
        else
            put_num(numbers, n->key, n->value);
    }
    put(o, "numbers", numbers);
    return o;
}

static json_t *json_of_report(const struct report *r)
{
    json_t *o = json_object(), *lines = json_array(), *advice = json_array();
    for (size_t i = 0; i < r->count; i++)
        json_array_append_new(lines, json_of_line(&r->line[i]));
    for (size_t i = 0; i < r->advice_count; i++)
        json_array_append_new(advice, json_pack("{s:s, s:s}", "rule", r->advice[i].rule, "text", r->advice[i].text));
    put_int(o, "version", REPORT_VERSION);
    put_text(o, "report", report_kind_name(r->kind));
    put_int(o, "now", r->model->now_ms);
    put_text(o, "rig", r->model->rig_name);
    put_text(o, "title", r->title);
    put_text(o, "worst", severity_name(model_worst(r->model)));
    put_bool(o, "calm", r->calm);
    put(o, "lines", lines);
    put(o, "recommendations", advice);
    put_text(o, "focus", r->focus);
    return o;
}

static void write_json(FILE *out, const struct report *r, bool ascii)
{
    json_t *o = json_of_report(r);
    json_dumpf(o, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17) | (ascii ? JSON_ENSURE_ASCII : 0));
    fputc('\n', out);
    json_decref(o);
}

const struct report_sink *report_sink_by_name(const char *name)
{
    static const struct report_sink table[] = {
        {"json", write_json},
        {"markdown", write_markdown},
        {"text", write_text},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}
