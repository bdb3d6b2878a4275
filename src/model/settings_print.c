/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The example and the manual, from the same rows as the parser. */
#include "model/settings.h"

#include "base/timetext.h"
#include "base/troff.h"
#include "base/wrap.h"
#include "model/settings_rows.h"

#include <string.h>

static const char *key_in_table(const struct setting_row *row)
{
    size_t len = setting_table_length(row);
    return len ? row->key + len + 1 : row->key;
}

static void open_table(FILE *out, const struct setting_row *row)
{
    size_t len = setting_table_length(row);
    if (len && (row == setting_rows || !setting_same_table(row, row - 1)))
        fprintf(out, "\n[%.*s]\n", (int)len, row->key);
}

/* Of [modules.NAME], which davy-run reads (src/cmd/run_config.c) and davy lets be. */
static const struct {
    const char *key, *example, *help;
} module_keys[] = {
    {"command", "[\"python3\", \"main.py\", \"--sequential\"]",
     "What runs; there is no shell in between. It must be there."},
    {"direct", "[\"python3\", \"main.py\", \"--twitter\", \"{user}\"]",
     "What runs instead with davy-run --direct USER: {user} in a word is USER. With --force-fresh that word stands "
     "behind it."},
    {"folder", "\"Miners\"", "Where: below the rig's folder, or absolute. Left out: the rig's folder."},
    {"environment", "{ PYTHONUNBUFFERED = \"1\" }",
     "More variables of its environment. No place for secrets: everybody may read a davy.toml."},
    {"user", "\"miner\"", "As whom. Left out: as davy-run itself."},
    {"grace_s", "10", "Seconds between asking it to end and ending it, 0 to 600."},
};
enum { MODULE_KEYS = sizeof module_keys / sizeof *module_keys };

static void modules_example(FILE *out)
{
    fputc('\n', out);
    wrap_comment(out,
                 "A module of the miner that davy-run keeps running; any number of them, each with a name of its own.");
    fputs("#[modules.scraper]\n", out);
    for (size_t i = 0; i < MODULE_KEYS; i++) {
        wrap_comment(out, module_keys[i].help);
        fprintf(out, "#%s = %s\n", module_keys[i].key, module_keys[i].example);
    }
}

static void modules_manual(FILE *out)
{
    fputs(
        ".SH MODULES\nA table \\fB[modules.NAME]\\fR is a module of the miner that\n.BR davy\\-run (1)\nkeeps running. "
        "NAME is of letters, digits, \\- and _.\n",
        out);
    for (size_t i = 0; i < MODULE_KEYS; i++) {
        fputs(".TP\n\\fBmodules.NAME.", out);
        troff_text(out, module_keys[i].key);
        fputs("\\fR\n", out);
        troff_text(out, module_keys[i].help);
        fputs(" Example: ", out);
        troff_text(out, module_keys[i].example);
        fputs(".\n", out);
    }
}

void settings_example(FILE *out)
{
    wrap_comment(out, "davy.toml: put it into the rig's folder. Every line below is what davy does without it (or an "
                      "example, where it says \"left out\"): take the # away from what you change.");
    fputc('\n', out);
    for (size_t i = 0; i < setting_row_count; i++) {
        const struct setting_row *row = &setting_rows[i];
        open_table(out, row);
        wrap_comment(out, row->help);
        fprintf(out, "#%s = %s\n", key_in_table(row), row->example);
    }
    settings_checks_example(out);
    modules_example(out);
}

/* Has no value unless somebody sets one. */
static bool is_left_out(const struct setting_row *row)
{
    const char *at = (const char *)settings_default() + row->offset;
    if (row->kind == SETTING_ARGV)
        return !*(const char *const *const *)at;
    if (row->kind == SETTING_NAME || row->kind == SETTING_PATH)
        return !*(const char *const *)at;
    return (row->kind == SETTING_INT || row->kind == SETTING_TIME) && *(const int64_t *)at == NOT_KNOWN;
}

static void limits(FILE *out, const struct setting_row *row)
{
    if (row->kind == SETTING_INT || row->kind == SETTING_NUMBER)
        fprintf(out, " From %.15g to %.15g.", row->least, row->most);
    fputs(is_left_out(row) ? " Example: " : " Default: ", out);
    troff_text(out, row->example);
    fputs(".\n", out);
}

static void manual_row(FILE *out, const struct setting_row *row)
{
    fputs(".TP\n\\fB", out);
    troff_text(out, row->key);
    fputs("\\fR\n", out);
    troff_text(out, row->help);
    limits(out, row);
}

void settings_manual(FILE *out, void (*more)(FILE *out))
{
    fputs(".TH DAVY.TOML 5 \"\" \"davy " DAVY_VERSION "\"\n"
          ".SH NAME\ndavy.toml \\- settings of one rig\n"
          ".SH DESCRIPTION\n"
          "A TOML file in the rig's folder that\n.BR davy (1)\nreads, and reads again when it changes. Every key may "
          "be left\n"
          "out. A key that is not listed here, or a value of the wrong kind, is an error that names the line; davy "
          "then goes\n"
          "on with the settings before; davy config \\-\\-check tells all of them, davy config \\-\\-example "
          "prints a file to begin\nwith. A key such as \\fBrig.name\\fR is the key \\fBname\\fR in the table "
          "\\fB[rig]\\fR.\n"
          ".SH KEYS\n",
          out);
    for (size_t i = 0; i < setting_row_count; i++)
        manual_row(out, &setting_rows[i]);
    settings_checks_manual(out);
    modules_manual(out);
    if (more)
        more(out);
    fputs(".SH EXAMPLE\n.nf\n[rig]\nname = \"rig\\-1\"\n\n[scores]\nsuccess_threshold = 0.7\n.fi\n"
          ".SH SEE ALSO\n.BR davy (1)\n",
          out);
}
