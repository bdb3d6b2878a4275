/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"

#include "base/json_mend.h"
#include "base/json_quick.h"
#include "base/utf8.h"

#include <string.h>

enum { ERROR_CELLS = 160 };

static size_t line_of(struct bytes in, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset && i < in.len; i++)
        line += in.at[i] == '\n';
    return line;
}

/* Windows' editors and PowerShell's ">" write it. */
static bool is_not_utf16(struct bytes in, const char *name, struct err *e)
{
    if (!bytes_starts(in, "\xff\xfe") && !bytes_starts(in, "\xfe\xff"))
        return true;
    return err_set(e, "%s is UTF-16; save it as UTF-8", name);
}

/* jansson 2.14 skips a raw NUL behind a number, and Python or a full disk never means one. */
static bool has_no_nul(struct bytes in, const char *name, struct err *e)
{
    const char *nul = in.len ? memchr(in.at, '\0', in.len) : NULL;
    if (!nul)
        return true;
    if (in.at[in.len - 1] == '\0')
        return err_set(e, "%s ends in NUL bytes (half-written?)", name);
    return err_set(e, "%s line %zu: a NUL byte in the text (not JSON, or not UTF-8)", name,
                   line_of(in, (size_t)(nul - in.at)));
}

/* Before parsing, because jansson would go on to 2048 levels, and every reader after it recurses too. */
static bool is_shallow(struct bytes in, const char *name, struct err *e)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.at[i];
        if (c == '"')
            quoted = !quoted;
        else if (quoted)
            i += c == '\\';
        else if ((c == '[' || c == '{') && ++depth > JSON_DEPTH)
            return err_set(e, "%s line %zu: nested more than %d deep", name, line_of(in, i), JSON_DEPTH);
        else if ((c == ']' || c == '}') && depth)
            depth--;
    }
    return true;
}

/* jansson's sentence quotes the text around the fault, so it passes the gate too. */
static void tell(struct bytes in, const char *name, const json_error_t *error, struct err *e)
{
    struct arena scratch = {0};
    int line = error->line > 0 ? error->line : 1;
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        err_set(e, "%s line %zu: the file ends too early (half-written?)", name, line_of(in, in.len));
        break;
    case json_error_end_of_input_expected:
        err_set(e, "%s line %d: more text behind the end of the document", name, line);
        break;
    default:
        err_set(e, "%s line %d: %s", name, line, text_safe(&scratch, bytes_of(error->text), ERROR_CELLS));
        break;
    }
    arena_release(&scratch);
}

static json_t *parse(struct bytes in, const char *name, struct err *e)
{
    json_error_t error;
    json_t *root = json_loadb(in.at, in.len, JSON_ALLOW_NUL, &error);
    if (root)
        return root;
    struct arena scratch = {0};
    struct bytes mended = json_mend(&scratch, in);
    root = json_loadb(mended.at, mended.len, JSON_ALLOW_NUL, &error);
    if (!root)
        tell(mended, name, &error, e);
    arena_release(&scratch);
    return root;
}

static json_t *read_slowly(struct bytes in, const char *name, struct err *e)
{
    if (!is_not_utf16(in, name, e) || !has_no_nul(in, name, e) || !is_shallow(in, name, e))
        return NULL;
    if (!bytes_trim(in).len) {
        err_set(e, "%s is empty", name);
        return NULL;
    }
    return parse(in, name, e);
}

json_t *json_read_apart(struct bytes in, const char *name, struct json_apart *x, struct err *e)
{
    bytes_cut(&in, "\xef\xbb\xbf");
    json_t *root = json_quick(in, x);
    if (!root && x)
        *x = (struct json_apart){.keys = x->keys};
    return root ? root : read_slowly(in, name, e);
}

json_t *json_read(struct bytes in, const char *name, struct err *e)
{
    return json_read_apart(in, name, NULL, e);
}
