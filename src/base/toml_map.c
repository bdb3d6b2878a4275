/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/toml_map.h"

#include "base/utf8.h"

#include <string.h>

enum { TEXT_MOST = 1 << 20, DEPTH_MOST = 64, PATH_MOST = 4096, HEX = 16 };

struct array { /* of tables */
    const char *path;
    size_t count;
};
struct reader {
    struct arena *arena;
    struct bytes text;
    size_t at;
    int depth;
    bool lost; /* cannot follow */
    struct toml_map map;
    size_t place_room, table_room;
    struct array *array;
    size_t arrays, array_room;
};

static void read_value(struct reader *r, const char *path);

/* ---- characters --------------------------------------------------------------------------------------------------- */

static char peek(const struct reader *r)
{
    return r->at < r->text.len ? r->text.at[r->at] : 0;
}

static bool ended(const struct reader *r)
{
    return r->lost || r->at >= r->text.len;
}

static bool ahead(const struct reader *r, const char *what)
{
    return bytes_starts(bytes_from(r->text, r->at), what);
}

static void skip_blanks(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t')
        r->at++;
}

static void skip_line(struct reader *r)
{
    while (!ended(r) && peek(r) != '\n')
        r->at++;
    if (!ended(r))
        r->at++;
}

/* Blanks, line ends and comments. */
static void skip_space(struct reader *r)
{
    for (;;) {
        skip_blanks(r);
        if (peek(r) == '#')
            skip_line(r);
        else if (peek(r) == '\n' || peek(r) == '\r')
            r->at++;
        else
            return;
    }
}

/* ---- lists -------------------------------------------------------------------------------------------------------- */

static void *with_room(struct arena *a, void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    size_t more = *room > 0 ? *room * 2 : 16;
    list = arena_grow(a, list, count * size, more * size);
    *room = more;
    return list;
}

static size_t add_table(struct reader *r, struct toml_table t)
{
    r->map.table = with_room(r->arena, r->map.table, r->map.tables, &r->table_room, sizeof t);
    r->map.table[r->map.tables] = t;
    return r->map.tables++;
}

static size_t add_place(struct reader *r, struct toml_place p)
{
    r->map.place = with_room(r->arena, r->map.place, r->map.places, &r->place_room, sizeof p);
    r->map.place[r->map.places] = p;
    return r->map.places++;
}

static struct array *array_at(struct reader *r, const char *path)
{
    for (size_t i = 0; i < r->arrays; i++)
        if (strcmp(r->array[i].path, path) == 0)
            return &r->array[i];
    return NULL;
}

static const char *join(struct reader *r, const char *path, const char *key)
{
    r->lost = r->lost || strlen(path) + strlen(key) > PATH_MOST;
    return r->lost ? path : arena_text(r->arena, "%s%s" TOML_SEP, path, key);
}

static const char *join_number(struct reader *r, const char *path, size_t n)
{
    return join(r, path, arena_text(r->arena, "%zu", n));
}

/* ---- strings and keys --------------------------------------------------------------------------------------------- */

/* Behind the closing quotes of a text that begins here. */
static void skip_string(struct reader *r)
{
    char quote = peek(r);
    const char triple[] = {quote, quote, quote, 0}, *closing = ahead(r, triple) ? triple : triple + 2;
    r->at += strlen(closing);
    while (!ended(r) && !ahead(r, closing))
        r->at += quote == '"' && peek(r) == '\\' ? 2 : 1;
    r->at += strlen(closing);
    for (int more = 0; closing == triple && more < 2 && peek(r) == quote; more++)
        r->at++; /* quotes may stand right before the closing three */
    r->lost = r->lost || r->at > r->text.len;
}

static size_t put_hex(struct bytes digits, char out[4])
{
    static const char hex[] = "0123456789abcdef";
    uint32_t c = 0;
    for (size_t i = 0; i < digits.len; i++) {
        const char *at = memchr(hex, digits.at[i] | 0x20, HEX);
        c = c * HEX + (at ? (uint32_t)(at - hex) : 0);
    }
    return utf8_put(out, c);
}

/* \n, \", \u00e9 ... at text.at[*i]; what it stands for goes to out. */
static size_t put_escape(struct bytes text, size_t *i, char out[4])
{
    static const char from[] = "btnfre", to[] = "\b\t\n\f\r\x1b";
    char c = *i + 1 < text.len ? text.at[*i + 1] : 0;
    const char *known = c ? strchr(from, c) : NULL;
    size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : c == 'x' ? 2 : 0;
    *i += 2 + digits;
    if (digits > 0 && *i <= text.len)
        return put_hex((struct bytes){text.at + *i - digits, digits}, out);
    out[0] = known ? to[known - from] : c;
    return 1;
}

static const char *decode_basic(struct reader *r, struct bytes text)
{
    char *out = arena_alloc(r->arena, text.len * 2 + 5);
    size_t n = 0;
    for (size_t i = 0; i < text.len;) {
        if (text.at[i] == '\\')
            n += put_escape(text, &i, out + n);
        else
            out[n++] = text.at[i++];
    }
    return out;
}

static const char *read_quoted_key(struct reader *r)
{
    size_t begin = r->at + 1;
    bool basic = peek(r) == '"';
    skip_string(r);
    if (r->lost || r->at < begin + 1)
        return "";
    struct bytes inside = {r->text.at + begin, r->at - begin - 1};
    return basic ? decode_basic(r, inside) : arena_copy(r->arena, inside);
}

static const char *read_bare_key(struct reader *r)
{
    size_t begin = r->at;
    while (!ended(r) && !strchr(" \t.=]\r\n#,}", peek(r)))
        r->at++;
    r->lost = r->lost || r->at == begin;
    return arena_copy(r->arena, (struct bytes){r->text.at + begin, r->at - begin});
}

/* One part of a dotted key, and the dot behind it; false: it was the last. */
static bool read_key_part(struct reader *r, const char **part)
{
    skip_blanks(r);
    *part = peek(r) == '"' || peek(r) == '\'' ? read_quoted_key(r) : read_bare_key(r);
    skip_blanks(r);
    bool more = !r->lost && peek(r) == '.';
    r->at += more;
    return more;
}

/* ---- values ------------------------------------------------------------------------------------------------------- */

static void read_array(struct reader *r, const char *path)
{
    r->at++;
    for (size_t n = 0; !r->lost; n++) {
        skip_space(r);
        if (peek(r) == ']' || ended(r))
            break;
        read_value(r, join_number(r, path, n));
        skip_space(r);
        r->at += peek(r) == ',';
    }
    r->lost = r->lost || ended(r);
    r->at++;
}

/* key = value; its number. */
static size_t read_entry(struct reader *r, const char *path, size_t table)
{
    const char *part;
    struct toml_place p = {.table = table, .key = r->at};
    bool more = true;
    while (more && !r->lost) {
        more = read_key_part(r, &part);
        path = join(r, path, part);
    }
    r->lost = r->lost || peek(r) != '=';
    r->at++;
    skip_blanks(r);
    p.value = r->at;
    p.path = path;
    size_t number = add_place(r, p);
    if (!r->lost)
        read_value(r, path);
    r->map.place[number].end = r->at;
    return number;
}

static void read_inline(struct reader *r, const char *path)
{
    size_t table = add_table(r, (struct toml_table){path, ++r->at, true}), comma = 0;
    while (!r->lost) {
        skip_space(r);
        if (peek(r) == '}' || ended(r))
            break;
        size_t place = read_entry(r, path, table);
        r->map.place[place].comma_before = comma;
        skip_space(r);
        comma = peek(r) == ',' ? r->at : 0;
        r->map.place[place].comma_after = comma;
        r->at += comma > 0;
    }
    r->lost = r->lost || ended(r);
    r->at++;
}

static void read_bare_value(struct reader *r)
{
    size_t begin = r->at;
    while (!ended(r) && !strchr(",]}#\r\n", peek(r)))
        r->at++;
    while (r->at > begin && (r->text.at[r->at - 1] == ' ' || r->text.at[r->at - 1] == '\t'))
        r->at--;
    r->lost = r->lost || r->at == begin;
}

static void read_value(struct reader *r, const char *path)
{
    r->lost = r->lost || r->depth >= DEPTH_MOST || ended(r);
    if (r->lost)
        return;
    r->depth++;
    if (peek(r) == '"' || peek(r) == '\'')
        skip_string(r);
    else if (peek(r) == '[')
        read_array(r, path);
    else if (peek(r) == '{')
        read_inline(r, path);
    else
        read_bare_value(r);
    r->depth--;
}

/* ---- headers ------------------------------------------------------------------------------------------------------ */

/* The next table of the array at path. */
static const char *next_of_array(struct reader *r, const char *path)
{
    struct array *known = array_at(r, path);
    if (known)
        return join_number(r, path, known->count++);
    r->array = with_room(r->arena, r->array, r->arrays, &r->array_room, sizeof *r->array);
    r->array[r->arrays++] = (struct array){path, 1};
    return join_number(r, path, 0);
}

/* [a.b] or [[a.b]]; a part on the way that is an array of tables means its newest one. */
static size_t read_header(struct reader *r)
{
    const char *path = "", *part;
    bool of_array = ahead(r, "[["), more = true;
    r->at += of_array ? 2 : 1;
    while (more && !r->lost) {
        more = read_key_part(r, &part);
        path = join(r, path, part);
        const struct array *on_the_way = more ? array_at(r, path) : NULL;
        if (on_the_way)
            path = join_number(r, path, on_the_way->count - 1);
    }
    if (of_array && !r->lost)
        path = next_of_array(r, path);
    r->lost = r->lost || peek(r) != ']';
    skip_line(r);
    return add_table(r, (struct toml_table){path, r->at, false});
}

bool toml_map_make(struct arena *a, struct bytes text, struct toml_map *out, struct err *e)
{
    struct reader r = {.arena = a, .text = text};
    if (text.len > TEXT_MOST)
        return err_set(e, "it is larger than 1 MiB");
    bytes_cut(&text, "\xef\xbb\xbf");
    r.at = r.text.len - text.len;
    size_t table = add_table(&r, (struct toml_table){"", r.at, false});
    for (skip_space(&r); !ended(&r); skip_space(&r)) {
        if (peek(&r) == '[')
            table = read_header(&r);
        else
            read_entry(&r, r.map.table[table].path, table);
    }
    if (r.lost)
        return err_set(e, "it cannot be changed without touching the rest of it");
    *out = r.map;
    return true;
}
