/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables [rule.ID] of davy.toml. */
#include "model/settings_rules.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "model/alert.h"
#include "model/settings_read.h"

#include <math.h>
#include <string.h>

enum { RULE_CELLS = 40, MOST_S = 7 * 86400 };

static bool put_off(struct rule_setting *to, const json_t *v, size_t offset)
{
    (void)offset;
    to->off = json_is_false(v);
    return json_is_boolean(v);
}

static bool put_limit(struct rule_setting *to, const json_t *v, size_t offset)
{
    if (!json_is_number(v))
        return false;
    *(double *)((char *)to + offset) = json_number_value(v);
    return true;
}

static bool put_seconds(struct rule_setting *to, const json_t *v, size_t offset)
{
    if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > MOST_S)
        return false;
    *(int64_t *)((char *)to + offset) = json_integer_value(v);
    return true;
}

static bool put_severity(struct rule_setting *to, const json_t *v, size_t offset)
{
    (void)offset;
    for (enum severity s = SEVERITY_INFO; json_is_string(v) && s <= SEVERITY_CRITICAL; s++)
        if (strcmp(json_string_value(v), severity_name(s)) == 0)
            return to->severity = (int)s, true;
    return false;
}

struct member {
    const char *key, *wants;
    bool (*put)(struct rule_setting *to, const json_t *v, size_t offset);
    size_t offset;
};
static const char number[] = "a number", seconds[] = "whole seconds, 604800 (7 days) at most";
static const struct member members[] = {
    {"clear_critical", number, put_limit, offsetof(struct rule_setting, clear_critical)},
    {"clear_for_s", seconds, put_seconds, offsetof(struct rule_setting, clear_for_s)},
    {"clear_warning", number, put_limit, offsetof(struct rule_setting, clear_warning)},
    {"critical", number, put_limit, offsetof(struct rule_setting, critical)},
    {"enabled", "true or false", put_off, 0},
    {"for_s", seconds, put_seconds, offsetof(struct rule_setting, for_s)},
    {"severity", "\"info\", \"warning\" or \"critical\"", put_severity, 0},
    {"warning", number, put_limit, offsetof(struct rule_setting, warning)},
};

static void read_member(struct reader *r, struct rule_setting *to, const char *path, const char *key, const json_t *v)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(members[i].key, key) != 0)
            continue;
        if (!members[i].put(to, v, members[i].offset))
            settings_say(r, path, arena_text(r->a, "%s must be %s", path, members[i].wants));
        return;
    }
    settings_say(r, path,
                 arena_text(r->a,
                            "%s is no setting; a rule has enabled, warning, critical, clear_warning, clear_critical, "
                            "for_s, clear_for_s, severity",
                            path));
}

static void read_rule(struct reader *r, struct rule_setting *to, const char *name, const json_t *table)
{
    const char *rule = text_safe(r->a, bytes_of(name), RULE_CELLS), *key;
    json_t *v;
    *to = (struct rule_setting){.rule = rule,
                                .warning = NAN,
                                .critical = NAN,
                                .clear_warning = NAN,
                                .clear_critical = NAN,
                                .for_s = NOT_KNOWN,
                                .clear_for_s = NOT_KNOWN};
    if (!json_is_object(table)) {
        settings_say(r, "rule", arena_text(r->a, "rule.%s must be a table: [rule.%s]", rule, rule));
        return;
    }
    json_object_foreach((json_t *)table, key, v)
    {
        const char *safe = text_safe(r->a, bytes_of(key), RULE_CELLS);
        read_member(r, to, arena_text(r->a, "rule.%s.%s", rule, safe), safe, v);
    }
}

void settings_read_rules(struct reader *r, const json_t *tables)
{
    struct rule_setting *row = arena_array(r->a, json_object_size(tables), sizeof *row);
    const char *name;
    json_t *table;
    json_object_foreach((json_t *)tables, name, table) read_rule(r, &row[r->to->rules.count++], name, table);
    r->to->rules.row = row;
}

const struct rule_setting *rule_setting_of(const struct rules_setting *s, const char *rule)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->row[i].rule, rule) == 0)
            return &s->row[i];
    return NULL;
}
