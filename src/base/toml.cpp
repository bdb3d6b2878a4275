/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fence around toml++: nothing of C++ leaves this file, no exception either. Header only, with libstdc++ linked into the
 * program: the shared libraries of the two cost every start 1 ms and 0.7 MB. NDEBUG is set for this file in every build,
 * because the header's assertions end the program on some broken files. */
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <sstream>
#include <string>
#include <string_view>

#include <toml++/toml.h>

extern "C" {
#include "base/toml.h"
#include "base/toml_hint.h"
#include "base/utf8.h"
}

namespace
{

enum { ERROR_CELLS = 160 };

json_t *convert(const toml::node &node);

json_t *convert_string(const std::string &text)
{
    return json_stringn(text.data(), text.size());
}

template <typename T> json_t *convert_date(const T &date)
{
    std::ostringstream out;
    out << date;
    return convert_string(out.str());
}

json_t *convert_table(const toml::table &table)
{
    json_t *object = json_object();
    for (auto &&[key, value] : table)
        json_object_setn_new(object, key.data(), key.length(), convert(value));
    return object;
}

json_t *convert_array(const toml::array &array)
{
    json_t *list = json_array();
    for (auto &&value : array)
        json_array_append_new(list, convert(value));
    return list;
}

json_t *convert_number(double number)
{
    return std::isfinite(number) ? json_real(number) : json_null();
}

/* toml++ itself stops at 256 levels. */
json_t *convert(const toml::node &node)
{
    if (auto table = node.as_table())
        return convert_table(*table);
    if (auto array = node.as_array())
        return convert_array(*array);
    if (auto text = node.as_string())
        return convert_string(text->get());
    if (auto integer = node.as_integer())
        return json_integer(integer->get());
    if (auto number = node.as_floating_point())
        return convert_number(number->get());
    if (auto truth = node.as_boolean())
        return json_boolean(truth->get());
    if (auto date = node.as_date())
        return convert_date(date->get());
    if (auto time = node.as_time())
        return convert_date(time->get());
    if (auto moment = node.as_date_time())
        return convert_date(moment->get());
    return json_null();
}

std::string_view view_of(struct bytes in)
{
    return in.len ? std::string_view(in.at, in.len) : std::string_view();
}

/* The description and the key quote the file, so they pass the gate. */
void tell(struct err *e, struct bytes in, const char *name, const toml::parse_error &fault)
{
    struct arena scratch = {nullptr};
    const auto at = fault.source().begin;
    const std::string_view what = fault.description();
    const char *said = text_safe(&scratch, {what.data(), what.size()}, ERROR_CELLS);
    err_set(e, "%s line %u column %u: %s", name, unsigned(at.line), unsigned(at.column),
            toml_sentence(&scratch, in, unsigned(at.line), said));
    arena_release(&scratch);
}

} // namespace

extern "C" json_t *toml_read(struct bytes in, const char *name, struct err *e)
{
    try {
        return convert_table(toml::parse(view_of(in)));
    } catch (const toml::parse_error &fault) {
        tell(e, in, name, fault);
    } catch (const std::exception &) {
        err_set(e, "%s cannot be read as TOML", name);
    } catch (...) {
        err_set(e, "%s cannot be read as TOML", name);
    }
    return nullptr;
}

extern "C" unsigned toml_line(struct bytes in, const char *path)
{
    try {
        const toml::table root = toml::parse(view_of(in));
        const toml::node *node = &root;
        for (std::string_view rest = path; node && !rest.empty();) {
            const size_t dot = rest.find('.');
            const toml::table *table = node->as_table();
            node = table ? table->get(rest.substr(0, dot)) : nullptr;
            rest = dot == rest.npos ? std::string_view() : rest.substr(dot + 1);
        }
        return node ? unsigned(node->source().begin.line) : 0;
    } catch (...) {
        return 0;
    }
}
