// SPDX-License-Identifier: GPL-2.0-or-later
// The same question to simdjson's strict reader (DOM), line by line: peer_simdjson FILE.
#include <simdjson.h>

#include <cstdio>
#include <cstring>

int main(int argc, char **argv)
{
    simdjson::padded_string file;
    if (argc < 2 || simdjson::padded_string::load(argv[1]).get(file))
        return 1;
    simdjson::dom::parser parser;
    long lines = 0, scored = 0;
    double sum = 0;
    const char *at = file.data(), *end = at + file.size();
    for (; at < end; lines++) {
        const char *stop = static_cast<const char *>(memchr(at, '\n', static_cast<size_t>(end - at)));
        stop = stop ? stop : end;
        simdjson::dom::element line;
        double score;
        /* false: the line is followed by more of the file, so it needs no padding of its own */
        if (!parser.parse(at, static_cast<size_t>(stop - at), false).get(line) && !line["validator_score"].get(score)) {
            scored++;
            sum += score;
        }
        at = stop + 1;
    }
    return std::printf("lines %ld scored %ld sum %.9f\n", lines, scored, sum) < 0;
}
