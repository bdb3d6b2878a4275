/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/yaml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct yaml_reader {
    yaml_parser_t parser;
    const char *name;
    struct err *e;
    int depth;
};

static json_t *wrong(struct yaml_reader *r, size_t line, const char *what)
{
    err_set(r->e, "%.100s line %zu: %.120s", r->name, line + 1, what);
    return NULL;
}

/* The next event; false with the sentence. The caller deletes it. */
static bool next(struct yaml_reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return true;
    return wrong(r, r->parser.problem_mark.line, r->parser.problem ? r->parser.problem : "not YAML") != NULL;
}

static json_t *number(const char *text)
{
    char *end = NULL;
    int64_t whole;
    if (bytes_i64(bytes_of(text), &whole))
        return json_integer(whole);
    if (!strpbrk(text, "0123456789") || strspn(text, "0123456789+-.eE") != strlen(text))
        return NULL;
    double v = strtod(text, &end);
    return *end == '\0' && isfinite(v) ? json_real(v) : NULL;
}

static json_t *plain(const char *text)
{
    if (*text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0)
        return json_null();
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return json_boolean(*text == 't');
    json_t *v = number(text);
    return v ? v : json_string(text);
}

static json_t *scalar(struct yaml_reader *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    if (event->data.scalar.anchor || event->data.scalar.tag)
        return wrong(r, event->start_mark.line, "anchors and tags are not read here");
    if (strlen(text) != event->data.scalar.length)
        return wrong(r, event->start_mark.line, "a text with a NUL in it");
    json_t *v = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? plain(text) : json_string(text);
    return v ? v : wrong(r, event->start_mark.line, "text that is not UTF-8");
}

static json_t *value(struct yaml_reader *r, const yaml_event_t *event);

static json_t *next_value(struct yaml_reader *r)
{
    yaml_event_t event;
    if (!next(r, &event))
        return NULL;
    json_t *v = value(r, &event);
    yaml_event_delete(&event);
    return v;
}

static json_t *sequence(struct yaml_reader *r)
{
    json_t *list = json_array();
    yaml_event_t event;
    while (list && next(r, &event)) {
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        json_t *one = end ? NULL : value(r, &event);
        yaml_event_delete(&event);
        if (end)
            return list;
        if (!one || json_array_append_new(list, one) < 0)
            break;
    }
    json_decref(list);
    return NULL;
}

static bool member(struct yaml_reader *r, json_t *map, const yaml_event_t *key)
{
    if (key->type != YAML_SCALAR_EVENT)
        return wrong(r, key->start_mark.line, "a key must be one word") != NULL;
    const char *name = (const char *)key->data.scalar.value;
    if (json_object_get(map, name))
        return wrong(r, key->start_mark.line, "a key that stands there twice") != NULL;
    json_t *v = next_value(r);
    if (!v)
        return false;
    return json_object_set_new(map, name, v) == 0 || wrong(r, key->start_mark.line, "a key that is not UTF-8") != NULL;
}

static json_t *mapping(struct yaml_reader *r)
{
    json_t *map = json_object();
    yaml_event_t event;
    while (map && next(r, &event)) {
        bool end = event.type == YAML_MAPPING_END_EVENT;
        bool good = end || member(r, map, &event);
        yaml_event_delete(&event);
        if (end)
            return map;
        if (!good)
            break;
    }
    json_decref(map);
    return NULL;
}

static bool named(const yaml_event_t *event)
{
    return event->type == YAML_SEQUENCE_START_EVENT
               ? event->data.sequence_start.anchor || event->data.sequence_start.tag
               : event->data.mapping_start.anchor || event->data.mapping_start.tag;
}

static json_t *inner(struct yaml_reader *r, const yaml_event_t *event)
{
    if (named(event))
        return wrong(r, event->start_mark.line, "anchors and tags are not read here");
    if (++r->depth > YAML_DEPTH)
        return wrong(r, event->start_mark.line, "nested too deep");
    json_t *v = event->type == YAML_SEQUENCE_START_EVENT ? sequence(r) : mapping(r);
    r->depth--;
    return v;
}

static json_t *value(struct yaml_reader *r, const yaml_event_t *event)
{
    if (event->type == YAML_SCALAR_EVENT)
        return scalar(r, event);
    if (event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT)
        return inner(r, event);
    return wrong(r, event->start_mark.line,
                 event->type == YAML_ALIAS_EVENT ? "aliases are not read here" : "expected a value");
}

/* The next event must be of this type. */
static bool expect(struct yaml_reader *r, yaml_event_type_t type, const char *what)
{
    yaml_event_t event;
    if (!next(r, &event))
        return false;
    bool good = event.type == type || wrong(r, event.start_mark.line, what);
    yaml_event_delete(&event);
    return good;
}

static json_t *document(struct yaml_reader *r)
{
    yaml_event_t event;
    if (!expect(r, YAML_STREAM_START_EVENT, "not YAML") || !next(r, &event))
        return NULL;
    bool empty = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    if (empty)
        return json_null();
    json_t *v = next_value(r);
    if (v && expect(r, YAML_DOCUMENT_END_EVENT, "expected the end") &&
        expect(r, YAML_STREAM_END_EVENT, "more than one document"))
        return v;
    json_decref(v);
    return NULL;
}

json_t *yaml_tree(struct bytes in, const char *name, struct err *e)
{
    struct yaml_reader r = {.name = name, .e = e};
    if (in.len > YAML_BYTES)
        return wrong(&r, 0, "larger than 1 MiB");
    if (!yaml_parser_initialize(&r.parser))
        return wrong(&r, 0, "no memory to read it");
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)in.at, in.len);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    json_t *v = document(&r);
    yaml_parser_delete(&r.parser);
    return v;
}
